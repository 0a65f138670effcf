"""What a history tells of the stages between money and a result, by name: impressions, clicks, results.

Platforms tell hours and regions without results, and other breakdowns without clicks: each stage is summed from the rows
that tell both of its figures, by dimension, and where tables tell of the same money from one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.columns.kinds import CLICK
from mediaplan.response.packing import grouped

Array = NDArray[np.float64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]

PRICE, CLICKED, CONVERTED = "price", "clicked", "converted"
"""Impressions for money, clicks for impressions, results for clicks."""

SPENT, BROUGHT = "spent", "brought"
"""Money by itself, and results for money."""


@dataclass(frozen=True, eq=False)
class Stage:
    """Sums of one stage over the rows of each name and week, n of them.

    Attributes:
        name: Of the stage.
        kind: Of result, where it is results that came; otherwise empty.
        dimension: Whose names.
        code: Shape (n,), the name.
        came: Shape (n,), impressions, clicks, results or money.
        of: Shape (n,), money in major units, impressions or clicks, > 0.
    """

    name: str
    kind: str
    dimension: str
    code: Codes
    came: Array
    of: Array

    def total(self, size: int) -> Array:
        """Shape (size,), what came by name; names beyond `size` are left out."""
        known = self.code < size
        summed: Array = np.bincount(self.code[known], self.came[known], size).astype(np.float64)
        return summed


@dataclass(frozen=True, eq=False)
class Figures:
    """Rows of all tables, n of them.

    Attributes:
        codes: By dimension shape (n,), -1 = not broken down.
        source: Shape (n,), the table of each.
        group: Shape (n,), which money it is: tables of one group tell of the same.
        week: Shape (n,).
        spend, impressions, clicks: Shape (n,), NaN = not told.
        results: By kind, shape (n,), NaN = not told.
    """

    codes: Mapping[str, Codes]
    source: Codes
    group: Codes
    week: Array
    spend: Array
    impressions: Array
    clicks: Array
    results: Mapping[str, Array]


def stages_of(told: Figures) -> tuple[Stage, ...]:
    """All stages of all dimensions that some rows tell both figures of."""
    return tuple(
        Stage(name, kind, dimension, *_summed(told, mine, code, came, of))
        for name, kind, came, of in _pairs(told)
        for dimension, code in told.codes.items()
        if (mine := _once(told, (code >= 0) & (of > 0) & ~np.isnan(came))).any()
    )


def _pairs(told: Figures) -> Iterator[tuple[str, str, Array, Array]]:
    """Name and kind of each stage, and the two columns that it is the ratio of."""
    yield PRICE, "", told.impressions, told.spend
    yield CLICKED, "", told.clicks, told.impressions
    yield SPENT, "", told.spend, told.spend
    for kind, count in told.results.items():
        yield BROUGHT, kind, count, told.spend
        if kind != CLICK:
            yield CONVERTED, kind, count, told.clicks


def _once(told: Figures, rows: Mask) -> Mask:
    """Of each money the rows of the first table that has any."""
    mine = np.zeros(len(rows), dtype=bool)
    for group in np.unique(told.group[rows]):
        here = rows & (told.group == group)
        mine |= here & (told.source == told.source[here].min())
    return mine


def _summed(told: Figures, mine: Mask, code: Codes, came: Array, of: Array) -> tuple[Codes, Array, Array]:
    """Code and sums of each name and week, over the rows of `mine`."""
    codes = code[mine]
    groups = grouped([codes, told.week[mine]])
    return codes[groups.one], groups.total(came[mine]), groups.total(of[mine])
