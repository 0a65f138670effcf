"""The same rows in several exports: a table given twice, and exports that overlap, of which the newer one counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import Problem
from mediaplan.history.records.retelling import Retold
from mediaplan.history.records.views import View, money
from mediaplan.words import Sentence

NEAR = 0.05
"""Relative difference up to which two figures are taken for the same one, told at another time."""

MOSTLY = 0.5
"""Share of the rows of the same dates and names that must agree where they are the same money."""

_SETTLED = ("spend", "impressions", "clicks")
"""Figures that hardly change once a day is over; results do, they arrive late."""


@dataclass(frozen=True, eq=False)
class Renewed:
    """Views of which each row counts once.

    Attributes:
        views: In the order in which they were given, without the rows that newer ones tell again.
        warnings: What deserves a word.
        retold: What the older exports had said of rows that newer ones tell again.
    """

    views: list[View]
    warnings: tuple[Sentence, ...]
    retold: tuple[Retold, ...]


def repeated(views: Sequence[View]) -> list[Problem]:
    """A fault for every source that is the same as one before it."""
    if len(views) < 2:
        return []  # what it says is not worth working out
    problems = []
    first: dict[object, View] = {}
    for view in views:
        said: list[object] = [(view.rows.shape, frozenset(view.rows), view.digest)]
        if view.content:
            said.append(view.content)
        twin = next((first[what] for what in said if what in first), None)
        if twin is not None:
            problems.append(
                Problem(
                    Sentence("this holds exactly what “{other}” holds.", other=twin.name),
                    Sentence("Give it once, or the same money would count twice."),
                    file=view.name,
                )
            )
        for what in said:
            first.setdefault(what, view)
    return problems


def refreshed(views: Sequence[View], currency: str) -> Renewed:
    """The views without the rows that a newer one tells again: results arrive late, and exports overlap.

    Rows of the same dates and names in two tables of the same breakdown are the same money where at least half of
    them agree on money, impressions and clicks, up to `NEAR`; where they don't, they are added up and a warning says
    so. The newer is the one that ends later, of two that end together the later named.
    """
    order = sorted(range(len(views)), key=lambda at: (views[at].last, at), reverse=True)
    meeting = _meeting(views)
    kept: dict[int, View] = {}
    warnings: list[Sentence] = []
    retold: list[Retold] = []
    for at in order:
        view = views[at]
        for newer in sorted(meeting[at] & kept.keys()):
            again = _told_again(view, kept[newer])
            if again.any() and not _agree(view, kept[newer]):
                warnings.append(_added_up(view, kept[newer], int(again.sum())))
            elif again.any():
                warnings.append(_replaced(view, kept[newer], again, currency))
                view = replace(view, rows=view.rows[~again].reset_index(drop=True), content=b"")
        if len(view.rows):
            kept[at] = view
        if len(view.rows) < len(views[at].rows):
            later = [views[newer] for newer in order[: order.index(at)] if newer in meeting[at]]
            retold += _retold(views[at], later)
    return Renewed([kept[at] for at in sorted(kept)], tuple(warnings), tuple(retold))


def _retold(view: View, newer: Sequence[View]) -> list[Retold]:
    """What a view had said of rows that newer ones, the newest first, tell again: beside the one after it."""
    for other in reversed(newer):
        again = _told_again(view, other)
        if again.any() and _agree(view, other) and (grown := Retold.of(view, other, again)) is not None:
            return [grown]
    return []


def _meeting(views: Sequence[View]) -> list[set[int]]:
    """For each view those that have rows of the same dates and names: of a thousand exports only few have."""
    if len(views) < 2:
        return [set() for _ in views]
    owners = np.repeat(np.arange(len(views)), [len(view.rows) for view in views])
    keys = np.concatenate([view.keys for view in views])
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(np.diff(keys[order]) == 0)
    together: dict[int, set[int]] = {}
    for at in same.tolist():
        together.setdefault(int(keys[order[at]]), set()).update(owners[order[at : at + 2]].tolist())
    found: list[set[int]] = [set() for _ in views]
    for group in {frozenset(each) for each in together.values()}:
        for at in group:
            found[at] |= group - {at}
    return found


def _told_again(view: View, newer: View) -> NDArray[np.bool_]:
    """Shape (rows,), whether each row of a view has the dates and names of a newer one's."""
    if not len(view.rows) or view.breakdown != newer.breakdown:
        return np.zeros(len(view.rows), dtype=bool)
    return np.isin(view.keys, newer.keys)


def _agree(view: View, newer: View) -> bool:
    """Whether most rows with the same dates and names have nearly the same figures."""
    figures = [f for f in _SETTLED if view.rows[f].notna().any() and newer.rows[f].notna().any()]
    old, new = (each.rows[figures].groupby(each.keys).sum() for each in (view, newer))
    both = old.index.intersection(new.index)
    one, other = old.loc[both].to_numpy(), new.loc[both].to_numpy()
    paid = (one[:, 0] > 0) | (other[:, 0] > 0)
    near = (np.abs(one - other) <= NEAR * np.maximum(one, other)).all(axis=1)
    return not paid.any() or float(near[paid].mean()) >= MOSTLY


def _added_up(view: View, newer: View, count: int) -> Sentence:
    return Sentence(
        "“{older}” and “{newer}” have rows of the same dates and names with other figures (rows: {count}): they were added "
        "up. If they ran in different places, say where: a column “channel”, or {example} in [[columns]].",
        older=view.name,
        newer=newer.name,
        count=count,
        example='channel = { is = "tiktok" }',
    )


def _replaced(view: View, newer: View, again: NDArray[np.bool_], currency: str) -> Sentence:
    told = np.isin(newer.keys, view.keys[again])
    return Sentence(
        "“{older}” and “{newer}” tell of the same dates and names (rows: {count}): the newer “{newer}” counts there "
        "with {after}, instead of {before}.",
        older=view.name,
        newer=newer.name,
        count=int(again.sum()),
        before=money(float(view.rows["spend"].to_numpy()[again].sum()), currency),
        after=money(float(newer.rows["spend"].to_numpy()[told].sum()), currency),
    )
