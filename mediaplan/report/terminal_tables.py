"""Several plans on a terminal: briefs side by side, and the best plans over budgets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mediaplan.money import Money
from mediaplan.planning.answer.comparing import Alternative
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.replanning.explanations import Explanation
from mediaplan.planning.replanning.frontier import Frontier, Point
from mediaplan.planning.replanning.near_ties import NearTies
from mediaplan.report.figures import UNDEFINED, Figures, alike, figures_of
from mediaplan.report.layout import paragraph
from mediaplan.report.steering import clean
from mediaplan.words import Sentence, Words

WIDEST = 120
"""Columns used at the most."""
BAR = 16
MOVES = 3
"""Names of a dimension whose change between two plans is said."""


def show_alternatives(alternatives: Sequence[Alternative], words: Words, console: Console) -> None:
    """Print briefs side by side, then why some have no plan.

    Args:
        alternatives: In the order in which they are shown.
        words: In which language.
        console: Where.
    """
    heads = ("budget", "spent", "results", "interval", "cost per result", "lines")
    table = _table(words.text("plan"), [words.say(HEADS[head]) for head in heads])
    for each in alternatives:
        cells = _cells(each.answer, words) if isinstance(each.answer, Plan) else [UNDEFINED] * len(heads)
        table.add_row(Text(clean(each.name)), *cells)
    width = min(console.width, WIDEST)
    console.print(table, width=width)
    for each in alternatives:
        if not isinstance(each.answer, Plan):
            console.print(Text(f"\n{clean(each.name)}", style="bold"))
            for said in each.answer.worded(words).splitlines():
                console.print(paragraph(said, width, indent="  "))


def _cells(plan: Plan, words: Words) -> list[str]:
    figures, totals = figures_of(plan, words), plan.totals
    return [
        figures.budget(plan),
        figures.money(plan.spent),
        figures.count(totals.results.mean),
        figures.span(totals.results),
        figures.cost(totals.cpr.mean),
        words.number(len(plan.lines_planned)),
    ]


def show_frontier(frontier: Frontier, words: Words, console: Console) -> None:
    """Print the best plans over budgets on one screen, and where to stop.

    Args:
        frontier: At least one plan.
        words: In which language.
        console: Where; a budget without a plan says so in its row.
    """
    width = min(console.width, WIDEST)
    plan = frontier.plans[0]
    figures = figures_of(plan, words)
    value = plan.brief.goal.by_value
    heads = [words.text("value") if value else words.text("results"), "", *_costs_said(words, value=value)]
    table = _table(words.text("budget"), heads)
    most = max(point.gain for point in frontier.points if point.plan is not None)
    digits = alike(point.gain for point in frontier.points)
    stop = frontier.stop
    for point in frontier.points:
        table.add_row(
            Text(figures.money(point.budget), style="bold" if point is stop else ""),
            *_point(point, figures, most, digits),
        )
    console.print(Text(clean(plan.name), style="bold"))
    console.print(table, width=width)
    console.print()
    console.print(paragraph(words.say(frontier.sentence()), width))


def _costs_said(words: Words, *, value: bool) -> tuple[str, str]:
    if value:
        return words.text("value per unit of money"), words.text("of the next money")
    return words.text("cost per result"), words.text("cost of the next one")


def _point(point: Point, figures: Figures, most: float, digits: int) -> list[str | Text]:
    if point.plan is None:
        return [UNDEFINED, Text(figures.words.text("no plan"), style="dim"), UNDEFINED, UNDEFINED]
    value = point.plan.brief.goal.by_value
    cost = partial(_per_money, figures) if value else figures.cost
    bar = Text("━" * round(BAR * point.gain / most) if most > 0 else "", style="cyan")
    return [
        figures.count(point.gain, digits),
        bar,
        cost(point.average_cost),
        cost(point.next_cost),
    ]


def _per_money(figures: Figures, cost: float) -> str:
    """What a unit of money brings where a unit of value costs that; a dash where it is undefined."""
    return figures.count(1.0 / cost) if cost > 0 else UNDEFINED


def show_explanation(explanation: Explanation, words: Words, console: Console) -> None:
    """Print why a plan is as it is.

    Args:
        explanation: What to say.
        words: In which language.
        console: Where.
    """
    width = min(console.width, WIDEST)
    said = [
        (Sentence("What each rule costs"), [each.sentence() for each in explanation.rules]),
        (Sentence("What more money buys"), [explanation.next_money()]),
        (Sentence("Posts left out"), [each.sentence() for each in explanation.left_out]),
    ]
    for head, sentences in said:
        if sentences:
            console.print(Text(words.say(head), style="bold"))
        for sentence in sentences:
            console.print(paragraph(words.say(sentence), width, indent="    ", label="  •"))


def show_near_ties(found: NearTies, words: Words, console: Console) -> None:
    """Print plans that are practically as good as the best one: what each gives less and more to, by dimension.

    Args:
        found: What to say.
        words: In which language.
        console: Where.
    """
    width = min(console.width, WIDEST)
    console.print(paragraph(words.say(found.sentence()), width))
    for number, tie in enumerate(found.ties, start=1):
        head = words.text("Another plan, {number}: {said}", number=number, said=tie.sentence())
        console.print(Text(f"\n{head}", style="bold"))
        for said in moves_between(found.full, tie.plan):
            console.print(paragraph(words.say(said), width, indent="    ", label="  •"))


def moves_between(best: Plan, other: Plan) -> Iterator[Sentence]:
    """What most changes between two plans in each dimension: the two largest moves away and to."""
    for dimension in ("channel", "audience", "slot", "post"):
        before, after = best.totals.by[dimension], other.totals.by[dimension]
        change = {
            name: (after[name].amount.minor if name in after else 0)
            - (before[name].amount.minor if name in before else 0)
            for name in dict.fromkeys([*before, *after])
        }
        for name in sorted(change, key=lambda name: -abs(change[name]))[:MOVES]:
            money = Money(abs(change[name]), best.brief.currency)
            if change[name] < 0:
                yield Sentence("“{name}”: {money} less", name=name, money=money)
            elif change[name] > 0:
                yield Sentence("“{name}”: {money} more", name=name, money=money)


def _table(first: str, heads: Iterable[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", collapse_padding=True)
    table.add_column(first, overflow="fold")
    for head in heads:
        table.add_column(head, justify="right" if head else "left", no_wrap=not head)
    return table


HEADS = {
    "budget": Sentence("budget"),
    "spent": Sentence("spent"),
    "results": Sentence("results"),
    "interval": Sentence("interval"),
    "cost per result": Sentence("cost per result"),
    "lines": Sentence("lines"),
}
