"""Looking back on a terminal: one screen, readable without colour and through a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from mediaplan.report.backtest_words import (
    EXPLAINED,
    LIMITS,
    choice_rows,
    honesty,
    measure_name,
    period,
    price_head,
    verdict,
    week_rows,
)
from mediaplan.report.figures import Figures
from mediaplan.report.layout import Grid, paragraph
from mediaplan.report.steering import clean
from mediaplan.report.terminal import WIDEST
from mediaplan.response.looking_back.backtest import Backtest, Judgement
from mediaplan.response.looking_back.honesty import LEVELS
from mediaplan.words import Percent, Words


def show(backtest: Backtest, words: Words, console: Console) -> None:
    """Print what looking back tells.

    Args:
        backtest: What to show.
        words: In which language.
        console: Where.
    """
    width = min(console.width, WIDEST)
    for block in _blocks(backtest, Figures(words, backtest.currency), width):
        console.print(block, width=width)


def _blocks(backtest: Backtest, figures: Figures, width: int) -> Iterator[RenderableType]:
    words = figures.words
    yield Text(words.text("Looking back: {period}", period=period(backtest, figures)), style="bold")
    yield paragraph(words.say(EXPLAINED), width, style="dim")
    for judgement in backtest.judgements:
        yield from _judged(judgement, figures, width)
    yield Text("\n" + words.text("What this can’t tell"), style="bold")
    for limit in LIMITS:
        yield paragraph(words.say(limit), width, indent="    ", label="  •", style="dim")
    for warning in backtest.warnings:
        yield paragraph(words.say(warning), width, indent="    ", label="  !")


def _judged(judgement: Judgement, figures: Figures, width: int) -> Iterator[RenderableType]:
    words = figures.words
    name = clean(words.say(measure_name(judgement)))
    yield Text("\n" + words.text("{measure}: would it have chosen better?", measure=name), style="bold")
    yield paragraph(words.say(verdict(judgement)), width, indent="  ")
    heads = (
        words.text("best quarter"),
        words.text("best half"),
        words.text("mediaplan against it"),
        "",
    )
    yield from _table(price_head(judgement, words), heads, choice_rows(judgement, figures))
    yield Text("\n" + words.text("{measure}: are its intervals honest?", measure=name), style="bold")
    level = Percent(LEVELS[1])
    heads = (
        words.text("expected"),
        words.text("{level} interval", level=level),
        words.text("came"),
        "",
    )
    yield from _table(words.text("week"), heads, week_rows(judgement, figures))
    yield paragraph(" ".join(words.say(sentence) for sentence in honesty(judgement)), width, indent="  ")


def _table(first: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[RenderableType]:
    grid = Grid(heads, [row[1:] for row in rows])
    yield grid.row(Padding(Text(first, style="dim"), (0, 0, 0, 2)), heads, style="dim")
    for row in rows:
        yield grid.row(Padding(row[0], (0, 0, 0, 2)), row[1:])
