"""The plan on a terminal: what matters first, within 80 columns, readable without colour and through a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mediaplan.history.columns.kinds import kind_said
from mediaplan.planning.answer.contents import PlannedLine
from mediaplan.planning.answer.plans import Plan
from mediaplan.report.bearing import held_back
from mediaplan.report.figures import Figures, alike, figures_of, goal_sentence
from mediaplan.report.layout import Grid, paragraph
from mediaplan.report.steering import clean
from mediaplan.report.tables import SHOWN, PartRow, biggest_first, parts, rule_rows, units_bought
from mediaplan.words import Percent, Sentence, Words

MOST_LINES = 25
"""Lines shown; of more, the count is said."""

MOST_REASONS = 8
"""Lines that say why they are there; a screen of reasons would bury the figures."""

MOST_PARTS = 8
"""Names of one dimension shown."""

WIDEST = 120
"""Columns used at the most: longer lines are hard to follow."""

BAR = 16
HEADINGS = {
    "channel": Sentence("By channel"),
    "audience": Sentence("By audience"),
    "slot": Sentence("By slot"),
    "post": Sentence("By post"),
}


def show(plan: Plan, words: Words, console: Console) -> None:
    """Print the plan.

    Args:
        plan: What to show.
        words: In which language.
        console: Where; its width counts up to `WIDEST`.
    """
    width = min(console.width, WIDEST)
    for block in _blocks(plan, words, width):
        console.print(block, width=width)


def _blocks(plan: Plan, words: Words, width: int) -> Iterator[RenderableType]:
    figures = figures_of(plan, words)
    yield from _head(plan, figures, width)
    if plan.lines_planned:
        yield from _parts(plan, figures)
        yield from _lines(plan, figures, width)
    else:
        yield _title(words.text("No line receives money."))
    yield from _rules(plan, words, width)
    yield from _notes(plan, words, width)


def _head(plan: Plan, figures: Figures, width: int) -> Iterator[RenderableType]:
    words, flight = figures.words, plan.brief.flight
    yield Text(clean(plan.name), style="bold")
    yield Text(
        f"{figures.period(flight)} · {words.text('{days} {days:day|days}', days=flight.days)}\n", style="dim"
    )
    facts = [(words.say(name), figure, notes) for name, figure, notes in _facts(plan, figures)]
    widest = max(len(name) for name, _, _ in facts)
    for name, figure, notes in facts:
        said = " · ".join(part for part in (figure, *notes) if part)
        line = paragraph(said, width, indent=" " * (widest + 5), label=f"  {name.ljust(widest)}  ")
        line.stylize("not bold dim", 0, widest + 4)
        line.stylize("bold" if notes else "", widest + 5, widest + 5 + len(figure))
        yield line


def _facts(plan: Plan, figures: Figures) -> Iterator[tuple[Sentence, str, Sequence[str]]]:
    """Name, figure, what stands behind it."""
    words, totals = figures.words, plan.totals
    level = Percent(plan.brief.level)
    yield Sentence("Spend"), figures.money(plan.spent), _costs(plan, words)
    left = figures.left(plan)
    if left is not None and plan.unspent_reason is not None:
        yield Sentence("Left over"), left, [words.say(plan.unspent_reason)]
    span = words.text("{level} interval: {span}", level=level, span=figures.span(totals.results))
    yield (
        Sentence("Results"),
        figures.count(totals.results.mean),
        [span, words.say([kind_said(kind) for kind in plan.kinds])],
    )
    yield Sentence("Cost per result"), figures.cost(totals.cpr.mean), [figures.cost_span(totals.cpr)]
    if plan.brief.goal.word == "most value":
        span = words.text("{level} interval: {span}", level=level, span=figures.span(totals.value))
        yield Sentence("Value"), figures.count(totals.value.mean), [span]
    yield Sentence("Goal"), words.say(goal_sentence(plan)), []
    if plan.tests is not None:
        yield Sentence("Learning"), words.say(plan.tests.sentence()), []
    yield Sentence("Proof"), words.say(plan.certificate.sentence()), []


def _costs(plan: Plan, words: Words) -> list[str]:
    said = [] if plan.brief.budget is None else [words.text("of {budget}", budget=plan.brief.budget)]
    if plan.fee.minor:
        said.append(words.text("fee {fee}", fee=plan.fee))
    if plan.tax.minor:
        said.append(words.text("tax {tax}", tax=plan.tax))
    return said


def _parts(plan: Plan, figures: Figures) -> Iterator[RenderableType]:
    words = figures.words
    groups = [(dimension, rows) for dimension in SHOWN[:3] if len(rows := parts(plan, dimension)) > 1]
    if not groups:
        return
    columns = [row for _, rows in groups for row in rows]
    digits = alike(row.results.mean for row in columns)
    cells = [_part(row, figures, digits) for row in columns]
    heads = (figures.sign, words.text("share"), words.text("results"), words.text("cost per result"))
    grid = Grid(heads, cells)
    yield Text()
    yield grid.row(Text(words.text("Where the money goes"), style="bold"), heads, style="dim")
    for dimension, rows in groups:
        yield Text(words.say(HEADINGS[dimension]), style="dim")
        for row in rows[:MOST_PARTS]:
            filled = round(BAR * row.amount.minor / max(rows[0].amount.minor, 1))
            name = Table.grid(expand=True)
            name.add_column(ratio=1, overflow="fold")
            name.add_column(width=BAR)
            name.add_row(Padding(clean(row.name), (0, 0, 0, 2)), Text("━" * filled, style="cyan"))
            yield grid.row(name, _part(row, figures, digits))
        if (left := len(rows) - MOST_PARTS) > 0:
            yield Text("  " + words.text("… and {count} more.", count=left), style="dim")


def _part(row: PartRow, figures: Figures, digits: int) -> tuple[str, ...]:
    results = figures.count(row.results.mean, digits)
    return figures.bare(row.amount.minor), figures.share(row.share), results, figures.bare_cost(row.cpr.mean)


def _lines(plan: Plan, figures: Figures, width: int) -> Iterator[RenderableType]:
    words, lines = figures.words, biggest_first(plan)[:MOST_LINES]
    digits = alike(line.results.mean for line in lines)
    cells = [
        (
            figures.bare(line.amount.minor),
            f"{figures.count(line.results.mean, digits)} ({figures.span(line.results)})",
            figures.bare_cost(line.cpr.mean),
        )
        for line in lines
    ]
    heads = (figures.sign, words.text("results"), words.text("cost per result"))
    grid = Grid(heads, cells)
    yield Text()
    yield grid.row(
        Text(words.text("Lines: {count}", count=len(plan.lines_planned)), style="bold"), heads, style="dim"
    )
    for place, (line, row) in enumerate(zip(lines, cells, strict=True)):
        yield grid.row(Padding(_what(line, plan, figures), (0, 0, 0, 2)), row)
        if place < MOST_REASONS:
            yield paragraph(words.say(line.why_and_doubt), width, indent="    ", style="dim")
    if (left := len(plan.lines_planned) - MOST_LINES) > 0:
        yield Text(
            "  " + words.text("… and {count} more lines with less money each.", count=left), style="dim"
        )


def _what(line: PlannedLine, plan: Plan, figures: Figures) -> Text:
    names = [clean(name) for name in (line.post, line.channel, line.audience, line.slot) if name is not None]
    if plan.brief.split != "none":
        names.append(figures.dates(line.start, line.days))
    what = Text(" × ".join(names) or figures.words.text("all lines"))
    if (units := units_bought(line)) is not None:
        what.append(f" · {figures.words.text('{count} {count:unit|units}', count=units)}")
    if line.test:
        what.append(f" [{figures.words.text('to learn')}]", style="yellow")
    return what


def _rules(plan: Plan, words: Words, width: int) -> Iterator[RenderableType]:
    rows = rule_rows(plan)
    if rows:
        yield _title(words.text("What limits the plan"))
    for row in rows:
        said = f"{words.say(row.rule)} ({row.why})" if row.why else words.say(row.rule)
        yield paragraph(said, width, indent="  ", style="bold" if row.binding else "")
        yield paragraph(words.say(row.bearing), width, indent="    ", style="" if row.binding else "dim")


def _notes(plan: Plan, words: Words, width: int) -> Iterator[RenderableType]:
    if plan.held:
        yield _title(words.text("Posts on hold or ended"))
    for held in plan.held:
        said = words.say(held_back(plan, held))
        yield paragraph(said, width, indent="    ", label=f"  {clean(held.post)} ")
    if plan.warnings:
        yield _title(words.text("Please note"))
    for warning in plan.warnings:
        yield paragraph(words.say(warning), width, indent="    ", label="  •")


def _title(text: str) -> Text:
    return Text("\n" + text, style="bold")
