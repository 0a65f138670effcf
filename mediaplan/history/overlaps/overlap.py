"""Several tables about the same money: recognised by days, names and totals, and never added up.

In the river this stands between the rows of each source and the one History that they become: each money stands once in
its rows, and the tables that tell of it again stand beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import Problem
from mediaplan.history.overlaps.stacks import Stack, meet, stacked
from mediaplan.history.records.records import RESULT_PREFIX
from mediaplan.history.records.views import View, money
from mediaplan.words import Sentence

EXACT = 1e-3
"""Relative difference up to which two totals of spend are the same to the eye."""

NEAR = 0.05
"""Relative difference up to which two totals of spend are taken for the same money without a doubt."""

HALF = 0.5
"""Share of the days of the shorter table from which two tables speak of the same days, and of the larger total from which
the smaller may still be the same money."""

CLICKS = RESULT_PREFIX + "click"


@dataclass(frozen=True, eq=False)
class Distinct:
    """Views in which each money stands once, and those that tell of it again.

    Attributes:
        kept: To be added up.
        others: Never to be added up, by group those first that tell most.
        warnings: How several views are used.
        problems: What can't be told apart.
    """

    kept: tuple[View, ...]
    others: tuple[View, ...]
    warnings: tuple[Sentence, ...]
    problems: tuple[Problem, ...]


def distinct(views: Sequence[View], currency: str) -> Distinct:
    """Tell the same money from other money.

    Of views of the same money the one that tells most gives the totals: most kinds of result, then most dimensions, then
    most rows. Days that it does not cover are taken from the next. The column `group` says what is the same money.
    """
    if len(views) < 2:
        return Distinct(tuple(views), (), (), ())
    stacks = stacked(views)
    groups, warnings, problems = _grouped(stacks, currency)
    if all(len(group) == 1 for group in groups):
        return Distinct(tuple(views), (), tuple(warnings), tuple(problems))
    kept: list[View] = []
    others: list[View] = []
    groups = [sorted(group, key=lambda stack: stack.whole.rank, reverse=True) for group in groups]
    for number, group in enumerate(sorted(groups, key=lambda group: group[0].whole.rank, reverse=True)):
        once, again = _told_once(group, number)
        kept += once
        others += again
        if len(group) > 1:
            warnings.append(_one_money(group, currency))
    return Distinct(tuple(kept), tuple(others), tuple(warnings), tuple(problems))


def _grouped(
    stacks: Sequence[Stack], currency: str
) -> tuple[list[list[Stack]], list[Sentence], list[Problem]]:
    """Stacks of the same money together, and what deserves a word."""
    home = list(range(len(stacks)))
    warnings: list[Sentence] = []
    problems: list[Problem] = []
    for at, stack in enumerate(stacks):
        for before, other in enumerate(stacks[:at]):
            if _apart(stack, other):
                continue
            verdict = _Compared.of(stack, other)
            if verdict.same:
                home = [home[before] if place == home[at] else place for place in home]
            elif verdict.mostly:
                problems.append(_doubtful(stack, other, verdict, currency))
            else:
                warnings.append(_brushing(stack, other, verdict))
            if verdict.same and not verdict.near:
                warnings.append(_other_totals(stack, other, verdict, currency))
    groups = [
        [stack for stack, place in zip(stacks, home, strict=True) if place == one]
        for one in dict.fromkeys(home)
    ]
    return groups, warnings, problems


def _told_once(group: Sequence[Stack], number: int) -> tuple[list[View], list[View]]:
    """The rows of each stack on days that none before it covers, and the rest."""
    counts = {column for stack in group for column in stack.whole.counted} - {CLICKS}
    covered: frozenset[int] = frozenset()
    kept, others = [], []
    for stack in group:
        rows = stack.whole.rows.assign(group=number)
        if counts and stack.whole.counted == (CLICKS,):
            rows = rows.drop(columns=CLICKS)
        again = _within(rows, covered)
        covered |= stack.whole.dates
        kept.append(View(stack.whole.name, rows[~again].reset_index(drop=True), b""))
        others.append(View(stack.whole.name, rows[again].reset_index(drop=True), b""))
    return [view for view in kept if len(view.rows)], [view for view in others if len(view.rows)]


def _within(rows: pd.DataFrame, covered: frozenset[int]) -> NDArray[np.bool_]:
    """Shape (rows,), whether most of each row's days are covered."""
    if not covered:
        return np.zeros(len(rows), dtype=bool)
    first = ((rows["date"].dt.normalize() - pd.Timestamp(0)) // pd.Timedelta(days=1)).to_numpy()
    days = rows["days"].to_numpy()
    low, high = min(covered), max(covered) + 1
    known = np.zeros(high - low + 2)
    known[np.array(sorted(covered)) - low + 1] = 1.0
    total = np.cumsum(known)
    begin, end = (np.clip(day - low, 0, high - low) for day in (first, first + days))
    inside: NDArray[np.bool_] = 2.0 * (total[end] - total[begin]) > days
    return inside


def _may_be_one(one: View, other: View) -> bool:
    """Whether two views may be of one account: by platform and campaigns where both tell, else by their names.

    Age files and ad files of one account call nothing by the same name.
    """
    if one.platform and other.platform:
        if one.platform != other.platform:
            return False
        return bool(one.campaigns & other.campaigns) or not (one.campaigns and other.campaigns)
    return meet(one, other)


def _apart(one: Stack, other: Stack) -> bool:
    """Whether two stacks certainly speak of different money: other days, other names, or rows that continue."""
    if min(one.whole.total, other.whole.total) <= 0 or one.whole.dates.isdisjoint(other.whole.dates):
        return True
    return not _may_be_one(one.whole, other.whole)


@dataclass(frozen=True)
class _Compared:
    """What two stacks say of the days that both cover.

    Attributes:
        days: How many.
        mine, theirs: Money of these days, major units.
        mostly: Whether they are at least half of the shorter one's days.
        near: Whether the money is nearly the same.
        same: Whether it is taken for the same money.
    """

    days: int
    mine: float
    theirs: float
    mostly: bool
    near: bool
    same: bool

    @classmethod
    def of(cls, one: Stack, other: Stack) -> _Compared:
        """Compare day by day; few common days convince only where their money is exactly the same."""
        common = sorted(one.whole.dates & other.whole.dates)
        mine, theirs = (float(stack.whole.daily.loc[common].sum()) for stack in (one, other))
        less, more = sorted((mine, theirs))
        mostly = len(common) >= HALF * min(len(one.whole.dates), len(other.whole.dates))
        near = more > 0 and more - less <= (NEAR if mostly else EXACT) * more
        same = near or (mostly and more > 0 and less >= HALF * more)
        return cls(len(common), mine, theirs, mostly, near, same)


def _one_money(group: Sequence[Stack], currency: str) -> Sentence:
    totals = [stack.whole.total for stack in group]
    files = tuple(sorted(name for stack in group for name in stack.names))
    if max(totals) - min(totals) <= EXACT * max(totals):
        return Sentence(
            "{files} break down the same money ({total}) in different ways: each money was counted once, as “{kept}” tells it; "
            "the others teach what their own breakdowns differ in.",
            files=files,
            kept=group[0].names,
            total=money(group[0].whole.total, currency),
        )
    said = {name: stack.whole.total for stack in group for name in stack.names}
    return Sentence(
        "{files} break down the same money in different ways ({totals}): each money was counted once, as “{kept}” tells it; "
        "the others teach what their own breakdowns differ in. If they are different money, name their channels.",
        files=files,
        totals=tuple(money(said[name], currency) for name in files),
        kept=group[0].names,
    )


def _other_totals(stack: Stack, other: Stack, seen: _Compared, currency: str) -> Sentence:
    return Sentence(
        "On the days that both cover, {files} tell of {mine} and {others} of {theirs}: they were taken for the same money, "
        "of which one misses a part. If it is not the same, say where each ran: a column “channel”, or {example} in "
        "[[columns]].",
        files=stack.names,
        mine=money(seen.mine, currency),
        others=other.names,
        theirs=money(seen.theirs, currency),
        example='channel = { is = "tiktok" }',
    )


def _doubtful(stack: Stack, other: Stack, seen: _Compared, currency: str) -> Problem:
    return Problem(
        Sentence(
            "this and {others} speak of the same days (common days: {days}) in different breakdowns, with other totals "
            "({mine} and {theirs}): it can't be told whether they are the same money.",
            others=other.names,
            days=seen.days,
            mine=money(seen.mine, currency),
            theirs=money(seen.theirs, currency),
        ),
        Sentence(
            "If it is the same money, give one of them, or export both for the same days. If not, say where each ran: "
            "a column “channel”, or {example} in [[columns]].",
            example='channel = { is = "tiktok" }',
        ),
        file=", ".join(stack.names),
    )


def _brushing(stack: Stack, other: Stack, seen: _Compared) -> Sentence:
    return Sentence(
        "{files} and {others} speak of some of the same days (common days: {days}) in different breakdowns and were added "
        "up: if money stands in both, it counts twice.",
        files=stack.names,
        others=other.names,
        days=seen.days,
    )
