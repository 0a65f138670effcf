"""Several tables about the same money: recognised by days, names and totals, and never added up.

In the river this stands between the rows of each source and the one History that they become.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from mediaplan.errors import Problem
from mediaplan.history.records import belongs
from mediaplan.history.views import View, money
from mediaplan.words import Sentence

EXACT = 1e-3
"""Relative difference up to which two totals of spend are the same to the eye."""

NEAR = 0.05
"""Relative difference up to which two totals of spend are taken for the same money."""

MOSTLY = 0.5
"""Share of the days of the shorter table from which two tables speak of the same days."""


def distinct(
    views: Sequence[View], currency: str
) -> tuple[list[View], tuple[Sentence, ...], tuple[Problem, ...]]:
    """The views that are to be added up, each money once; what deserves a word; what can't be told apart.

    Of views of the same money the one with the finest breakdown is kept: most dimensions, then most rows.
    """
    stacks = _stacked(views)
    groups: list[list[_Stack]] = []
    problems: list[Problem] = []
    warnings: list[Sentence] = []
    for stack in stacks:
        homes = []
        for group in groups:
            for other in group:
                if _same_money(stack, other):
                    homes.append(group)
                elif _apart(stack, other):
                    continue
                elif _common(stack, other) >= MOSTLY:
                    problems.append(_doubtful(stack, other, currency))
                else:
                    warnings.append(_brushing(stack, other))
        if homes:
            homes[0].append(stack)
        else:
            groups.append([stack])
    kept: list[View] = []
    for group in groups:
        best = max(group, key=lambda stack: (len(stack.whole.breakdown), len(stack.whole.rows)))
        kept += best.views
        if len(group) > 1:
            warnings.append(_one_money(group, best, currency))
    return [view for view in views if any(view is one for one in kept)], tuple(warnings), tuple(problems)


@dataclass(frozen=True, eq=False)
class _Stack:
    """Views that continue each other: same breakdown, same names, other days or other rows."""

    views: tuple[View, ...]
    whole: View

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(view.name for view in self.views)


def _stacked(views: Sequence[View]) -> list[_Stack]:
    stacks: list[_Stack] = []
    for view in views:
        home = next((at for at, stack in enumerate(stacks) if _continues(view, stack.whole)), None)
        if home is None:
            stacks.append(_Stack((view,), view))
        else:
            mine = (*stacks[home].views, view)
            rows = pd.concat([each.rows for each in mine], ignore_index=True)
            campaigns = frozenset().union(*(each.campaigns for each in mine))
            stacks[home] = _Stack(mine, replace(view, rows=rows, content=b"", campaigns=campaigns))
    return stacks


def _continues(view: View, other: View) -> bool:
    """Whether a view adds to another what that does not hold yet."""
    if view.breakdown != other.breakdown or view.grain != other.grain or not _meet(view, other):
        return False
    if view.grain == 1 or not view.dates & other.dates:
        return True
    return bool(view.rows["date"].isin(other.rows["date"]).any())


def _may_be_one(one: View, other: View) -> bool:
    """Whether two views may be of one account: by platform and campaigns where both tell, else by their names.

    Age files and ad files of one account call nothing by the same name.
    """
    if one.platform and other.platform:
        if one.platform != other.platform:
            return False
        return bool(one.campaigns & other.campaigns) or not (one.campaigns and other.campaigns)
    return _meet(one, other)


def _meet(one: View, other: View) -> bool:
    """Whether two views have names in common in every dimension that both break down."""
    return all(_share(one, other, d) for d in (one.breakdown & other.breakdown) - {"hour"})


def _share(one: View, other: View, dimension: str) -> bool:
    mine, others = (set(view.rows[dimension].dropna().unique()) for view in (one, other))
    if mine & others or dimension != "channel":
        return bool(mine & others)
    return any(belongs(a, b) or belongs(b, a) for a in mine for b in others)


def _common(one: _Stack, other: _Stack) -> float:
    """Days that both speak of, as a share of the shorter's."""
    mine, others = one.whole.dates, other.whole.dates
    return len(mine & others) / min(len(mine), len(others))


def _apart(one: _Stack, other: _Stack) -> bool:
    """Whether two stacks certainly speak of different money: other days, other names, or rows that continue."""
    if min(one.whole.total, other.whole.total) <= 0 or not one.whole.dates & other.whole.dates:
        return True
    return not _may_be_one(one.whole, other.whole)


def _same_money(one: _Stack, other: _Stack) -> bool:
    """Whether two stacks differ in breakdown only: mostly the same days, nearly the same total, names in common."""
    spend, again = one.whole.total, other.whole.total
    near = abs(spend - again) <= NEAR * max(spend, again)
    return near and not _apart(one, other) and _common(one, other) >= MOSTLY


def _one_money(group: Sequence[_Stack], best: _Stack, currency: str) -> Sentence:
    totals = [stack.whole.total for stack in group]
    files = tuple(name for stack in group for name in stack.names)
    if max(totals) - min(totals) <= EXACT * max(totals):
        return Sentence(
            "{files} break down the same money in different ways: they were not added up, "
            "and “{kept}”, the finest, teaches what money buys.",
            files=files,
            kept=best.names,
        )
    return Sentence(
        "{files} break down nearly the same money ({totals}) in different ways: they were not added up, "
        "and “{kept}”, the finest, teaches what money buys. If they are different money, name their channels.",
        files=files,
        totals=tuple(money(total, currency) for total in totals),
        kept=best.names,
    )


def _doubtful(stack: _Stack, other: _Stack, currency: str) -> Problem:
    return Problem(
        Sentence(
            "this and {others} speak of the same days (common days: {days}) in different breakdowns, with other totals "
            "({mine} and {theirs}): it can't be told whether they are the same money.",
            others=other.names,
            days=len(stack.whole.dates & other.whole.dates),
            mine=money(stack.whole.total, currency),
            theirs=money(other.whole.total, currency),
        ),
        Sentence(
            "If it is the same money, give one of them, or export both for the same days. If not, say where each ran: "
            "a column “channel”, or {example} in [[columns]].",
            example='channel = { is = "tiktok" }',
        ),
        file=", ".join(stack.names),
    )


def _brushing(stack: _Stack, other: _Stack) -> Sentence:
    return Sentence(
        "{files} and {others} speak of some of the same days (common days: {days}) in different breakdowns and were added "
        "up: if money stands in both, it counts twice.",
        files=stack.names,
        others=other.names,
        days=len(stack.whole.dates & other.whole.dates),
    )
