"""A Diagnosis on a terminal: what stands out in sentences, the figures under each other below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from mediaplan.report.diagnosis_rows import (
    factor_heads,
    factor_row,
    full_heads,
    full_row,
    funnel_heads,
    funnel_row,
)
from mediaplan.report.diagnosis_words import (
    ATTRIBUTED,
    FUNNEL_SAID,
    HEADINGS,
    course,
    explained,
    how_full,
    kind_title,
    lesson_said,
    organic_said,
    vanity_said,
    what_stands_out,
    which_posts,
)
from mediaplan.report.figures import Figures
from mediaplan.report.layout import Grid, paragraph
from mediaplan.report.steering import clean
from mediaplan.report.terminal import WIDEST
from mediaplan.response.diagnosis.diagnoses import Diagnosis, Factor, Findings
from mediaplan.words import Sentence, Words

MOST_NAMES = 8
"""Names of one dimension shown; of more, the best and the worst."""

MOST_POSTS = 15


def show(diagnosis: Diagnosis, words: Words, console: Console) -> None:
    """Print what a history tells.

    Args:
        diagnosis: What to show.
        words: In which language.
        console: Where.
    """
    width = min(console.width, WIDEST)
    for block in _blocks(diagnosis, Figures(words, diagnosis.currency), width):
        console.print(block, width=width)


def _blocks(diagnosis: Diagnosis, figures: Figures, width: int) -> Iterator[RenderableType]:
    words = figures.words
    yield paragraph(words.say(explained(diagnosis)), width, style="dim")
    yield paragraph(words.say(ATTRIBUTED), width, style="dim")
    for findings in diagnosis.findings:
        yield Text("\n" + clean(words.say(kind_title(findings))), style="bold")
        yield from _factors(findings, figures, width)
        yield from _full(findings, figures, width)
        yield from _funnels(findings, figures, width)
        yield from _said(words.text("Over time"), course(findings), words, width)
        vanity = [vanity_said(each, findings.kind) for each in findings.vanity]
        yield from _said(words.text("Likes and clicks beside results"), vanity, words, width)
        lessons = [lesson_said(lesson) for lesson in findings.lessons]
        yield from _said(words.text("What to learn next"), lessons, words, width)
    yield from _said(words.text("Please note"), diagnosis.warnings, words, width)


def _factors(findings: Findings, figures: Figures, width: int) -> Iterator[RenderableType]:
    """Each dimension, posts last, all figures under each other."""
    words, heads = figures.words, factor_heads(figures.words)
    posts = findings.posts[:MOST_POSTS]
    shown = [*(f for effects in findings.effects for f in _ends(effects.factors)), *(p.factor for p in posts)]
    if not shown:
        return
    grid = Grid(heads, [factor_row(factor, figures) for factor in shown])
    for effects in findings.effects:
        yield _head(grid, words.say(HEADINGS[effects.dimension]), heads)
        for factor in _ends(effects.factors):
            yield _row(grid, factor.name, factor_row(factor, figures))
        yield from _small(what_stands_out(effects), words, width)
    if not posts:
        return
    yield _head(grid, words.say(HEADINGS["post"]), heads)
    for post in posts:
        yield _row(grid, post.factor.name, factor_row(post.factor, figures))
        if organic := organic_said(post):
            said = " · ".join(words.say(each) for each in organic)
            yield paragraph(said, width, indent="    ", style="dim")
    if (left := len(findings.posts) - MOST_POSTS) > 0:
        yield Text("  " + words.text("… and {count} more.", count=left), style="dim")
    yield from _small(which_posts(findings), words, width)


def _ends(factors: Sequence[Factor]) -> Sequence[Factor]:
    if len(factors) <= MOST_NAMES:
        return factors
    return (*factors[: MOST_NAMES // 2], *factors[-(MOST_NAMES // 2) :])


def _full(findings: Findings, figures: Figures, width: int) -> Iterator[RenderableType]:
    words = figures.words
    full = findings.pools or findings.lines
    if not full:
        return
    shown = full[:MOST_NAMES]
    heads = full_heads(words)
    grid = Grid(heads, [full_row(each, figures) for each in shown])
    yield _head(grid, words.text("How full the lines are"), heads)
    for each in shown:
        yield _row(grid, each.label, full_row(each, figures))
    yield from _small(how_full(findings), words, width)


def _funnels(findings: Findings, figures: Figures, width: int) -> Iterator[RenderableType]:
    """Prices and rates of each dimension, all figures under each other."""
    shown = [(funnel.dimension, funnel.names[:MOST_NAMES]) for funnel in findings.funnels]
    if not shown:
        return
    words, heads = figures.words, funnel_heads(figures.words)
    rows = [
        (name, [" ".join(cell) for cell in funnel_row(name, figures)]) for _, names in shown for name in names
    ]
    grid = Grid(heads, [row for _, row in rows])
    yield Text("\n" + words.text("From money to results"), style="bold")
    yield from _small([FUNNEL_SAID], words, width)
    for dimension, names in shown:
        yield _head(grid, words.say(HEADINGS[dimension]), heads)
        for name, row in rows:
            if name in names:
                yield _row(grid, name.name, row)


def _head(grid: Grid, title: str, heads: Sequence[str]) -> RenderableType:
    return Group(Text(), grid.row(Text(title, style="bold"), heads, style="dim"))


def _row(grid: Grid, name: str, row: Sequence[str]) -> RenderableType:
    return grid.row(Padding(clean(name), (0, 0, 0, 2)), row)


def _small(sentences: Iterable[Sentence], words: Words, width: int) -> Iterator[RenderableType]:
    for sentence in sentences:
        yield paragraph(words.say(sentence), width, indent="  ", style="dim")


def _said(title: str, sentences: Iterable[Sentence], words: Words, width: int) -> Iterator[RenderableType]:
    said = [words.say(sentence) for sentence in sentences]
    if said:
        yield Text("\n" + title, style="bold")
    for text in said:
        yield paragraph(text, width, indent="    ", label="  •")
