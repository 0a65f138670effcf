"""The rows of a history, summed by line and week: what the model is fitted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.packing import Index, Keys, packed
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


@dataclass(frozen=True, eq=False)
class Runs:
    """Rows as runs of money: on which line each was, when, and how much.

    Attributes:
        codes: For each dimension shape (rows,), and whatever else keeps rows apart.
        start: Shape (rows,), first day, days since 1970-01-01.
        days: Shape (rows,), dates that each row covers.
        counted: Shape (rows,), what `calendar_days` gives.
        spend: Shape (rows,), major units; at least one is above 0.
    """

    codes: Mapping[str, Codes]
    start: Array
    days: Array
    counted: Array
    spend: Array

    @cached_property
    def week(self) -> Array:
        """Shape (rows,), number of the week that the middle of each row is in; the first begins with the first money."""
        begin = float(self.start[self.spend > 0].min())
        return np.floor((self.start + (self.days - 1) / 2.0 - begin) / 7.0)

    @property
    def apart(self) -> tuple[str, ...]:
        """What keeps rows apart, the dimensions first."""
        return (*DIMENSIONS, *(key for key in self.codes if key not in DIMENSIONS))

    @cached_property
    def key(self) -> Keys:
        """Shape (rows,), numbers that sort as lines do, and each line's weeks."""
        return packed([*(self.codes[each] for each in self.apart), self.week])

    @cached_property
    def order(self) -> Index:
        """Shape (rows with money,), those rows sorted by key: what every kind of result is summed in."""
        paid = np.flatnonzero(self.spend > 0)
        return paid[np.argsort(self.key[paid])]

    @cached_property
    def money(self) -> Observations:
        """All rows with money, summed by line and week; nothing is counted."""
        return self._summed(self.order)

    def observe(self, counts: Array, exposure: Array, taught: NDArray[np.bool_]) -> Observations:
        """Sum rows by line and week.

        Args:
            counts: Shape (rows,), results.
            exposure: Shape (rows,), money whose results are counted by now.
            taught: Shape (rows,), which rows count; each of them has money.
        """
        order = self.order[taught[self.order]]
        money = self.money if len(order) == len(self.order) else self._summed(order)
        by_week = self._sorted(order, counts)
        exposed = money.spend if exposure is self.spend else by_week.total(exposure)
        return replace(money, counts=by_week.total(counts), exposure=exposed)

    def _sorted(self, order: Index, counts: Array) -> _Sorted:
        return _Sorted.of(order, self.key, (self.start, self.spend, self.days, counts))

    def _summed(self, order: Index) -> Observations:
        """These rows, sorted by key, summed by line and week; nothing is counted."""
        by_week = self._sorted(order, self.days)
        days, one = self.days, by_week.one
        middle, length = self.start + (days - 1) / 2.0, by_week.total(days)
        span = by_week.most(self.start + days) - by_week.least(self.start)
        longest = by_week.most(self.counted / days)
        # rows of the same dates run side by side: their days count once
        once = np.minimum(np.minimum(by_week.total(self.counted), span * longest), np.maximum(7.0, span))
        return Observations(
            {each: self.codes[each][one] for each in self.apart},
            by_week.total(middle * days) / length,
            np.maximum(once, 1e-9),
            spend := by_week.total(self.spend),
            np.zeros(len(one)),
            spend,
            self.week[one],
        )


@dataclass(frozen=True, eq=False)
class _Sorted:
    """Rows sorted by key; most keys may well be those of one row alone, which nothing needs to be summed for.

    Attributes:
        one: Shape (keys,), a row of each key.
        several: Shape (keys of more rows than one,), their places in `one`.
        rows: Shape (rows of these,), side by side.
        first: Shape (keys of more rows than one,), where theirs begin.
    """

    one: Index
    several: Index
    rows: Index
    first: Index

    @classmethod
    def of(cls, order: Index, key: Keys, summed: Sequence[Array]) -> _Sorted:
        """Rows that are sorted by key, and what is summed of them, shape (all rows,) each.

        Rows of one key are sorted by all that is summed: sums are then the same to the last bit, however rows came.
        """
        sorted_key = key[order]
        same = sorted_key[1:] == sorted_key[:-1]
        new = np.append(True, ~same)[: len(order)]
        tied = ~new
        tied[:-1] |= same
        rows = order[tied]
        ties = [each[rows] for each in (key, *summed)]
        rows = rows[np.lexsort(ties[::-1])]
        return cls(order[new], np.flatnonzero(tied[new]), rows, np.flatnonzero(new[tied]))

    def total(self, values: Array) -> Array:
        """Shape (keys,), sums of what rows hold, shape (all rows,)."""
        return self._joined(np.add, values)

    def most(self, values: Array) -> Array:
        """Shape (keys,), the most of it."""
        return self._joined(np.maximum, values)

    def least(self, values: Array) -> Array:
        """Shape (keys,), the least of it."""
        return self._joined(np.minimum, values)

    def _joined(self, how: np.ufunc, values: Array) -> Array:
        found = values[self.one]
        if len(self.several):
            found[self.several] = how.reduceat(values[self.rows], self.first)
        return found
