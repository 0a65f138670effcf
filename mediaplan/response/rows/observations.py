"""The rows of a history, summed by line and week: what the model is fitted to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.packing import packed
from mediaplan.response.rows.cases import Codes
from mediaplan.slots import Slots

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Observations:
    """One for each line and week in which it had money, sorted by line and week; n of them.

    Summing makes a table by day and the same table by week tell the same story.

    Attributes:
        codes: For each dimension shape (n,), -1 = not broken down.
        day: Shape (n,), middle of the days, days since 1970-01-01.
        days: Shape (n,), calendar days that the money ran over.
        spend: Shape (n,), major units, > 0.
        counts: Shape (n,), results counted.
        exposure: Shape (n,), money whose results are counted by now: `spend` where none are still to come.
        week: Shape (n,), number of its week.
    """

    codes: Mapping[str, Codes]
    day: Array
    days: Array
    spend: Array
    counts: Array
    exposure: Array
    week: Array

    def __len__(self) -> int:
        return len(self.spend)

    def take(self, chosen: NDArray[np.bool_]) -> Observations:
        """Only the chosen ones."""
        columns = (self.day, self.days, self.spend, self.counts, self.exposure, self.week)
        return Observations(
            {d: code[chosen] for d, code in self.codes.items()}, *(each[chosen] for each in columns)
        )


def days_since_epoch(moments: pd.Series) -> Array:
    """Days since 1970-01-01 of the start of each day."""
    whole = (moments.dt.normalize() - pd.Timestamp(0)) // pd.Timedelta(days=1)
    days: Array = whole.to_numpy(dtype=np.float64)
    return days


def calendar_days(start: Array, days: Array, slot: Codes, names: tuple[str, ...], slots: Slots) -> Array:
    """Days that count for saturation: a slot of two weekdays works off a week's money on each of them faster.

    A row over `days` dates of which r are the slot's, of its w weekdays, counts as 7 · r / w days, so that a week
    counts 7 however it is cut.

    Args:
        start: Shape (n,), first day, days since 1970-01-01.
        days: Shape (n,), dates, ≥ 1.
        slot: Shape (n,), index into `names`, -1 = none.
        names: Of slots.
        slots: What is known of them.
    """
    counted = days.astype(np.float64)
    for code, name in enumerate(names):
        weekdays = slots.named[name].days if name in slots.named else frozenset(range(7))
        if len(weekdays) < 7:
            mine = slot == code
            runs = np.maximum(_dates(start[mine], days[mine], weekdays), 1.0)
            counted[mine] = 7.0 * runs / len(weekdays)
    return counted


def _dates(start: Array, days: Array, weekdays: frozenset[int]) -> Array:
    """How many of `days` dates from `start` on fall on those weekdays."""
    first = (start.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    weeks, rest = np.divmod(days.astype(np.int64), 7)
    table = np.array([[sum((f + i) % 7 in weekdays for i in range(r)) for r in range(7)] for f in range(7)])
    found: Array = (weeks * len(weekdays) + table[first, rest]).astype(np.float64)
    return found


def observe(
    codes: Mapping[str, Codes],
    start: Array,
    days: Array,
    counted: Array,
    spend: Array,
    counts: Array,
    exposure: Array,
    begin: float,
) -> Observations:
    """Sum rows by line and week.

    Args:
        codes: For each dimension shape (rows,), and whatever else keeps rows apart.
        start: Shape (rows,), first day, days since 1970-01-01.
        days: Shape (rows,), dates that each row covers.
        counted: Shape (rows,), what `calendar_days` gives.
        spend: Shape (rows,), > 0.
        counts: Shape (rows,), results.
        exposure: Shape (rows,), money whose results are counted by now.
        begin: Day on which the first week begins.
    """
    middle = start + (days - 1) / 2.0
    week = np.floor((middle - begin) / 7.0)
    apart = [*DIMENSIONS, *(key for key in codes if key not in DIMENSIONS)]
    order, new = _sorted(packed([*(codes[d] for d in apart), week]), start, spend, counts)
    first = np.flatnonzero(new)

    def total(values: Array) -> Array:
        summed: Array = np.add.reduceat(values[order], first)
        return summed

    span = np.maximum.reduceat((start + days)[order], first) - np.minimum.reduceat(start[order], first)
    longest = np.maximum.reduceat((counted / days)[order], first)
    # rows of the same dates run side by side: their days count once
    once = np.minimum(np.minimum(total(counted), span * longest), np.maximum(7.0, span))
    return Observations(
        {d: codes[d][order][first] for d in apart},
        total(middle * days) / total(days),
        np.maximum(once, 1e-9),
        total(spend),
        total(counts),
        total(exposure),
        week[order][first],
    )


def _sorted(
    key: NDArray[np.int64], start: Array, spend: Array, counts: Array
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Rows sorted by key, and which of them have another than the row before.

    Rows of one key are sorted by all that is summed: sums are then the same to the last bit, however rows came.
    """
    order = np.argsort(key)
    same = np.diff(key[order]) == 0
    tied = np.append(False, same) | np.append(same, False)
    if tied.any():
        mine = order[tied]
        order[tied] = mine[np.lexsort((counts[mine], spend[mine], start[mine], key[mine]))]
    return order, np.append(True, ~same)
