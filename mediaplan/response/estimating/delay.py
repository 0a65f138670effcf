"""Results that are still to come: how much of each row's is counted by the day of the export.

A result is counted some days after its money ran; the days are taken to be geometric with one mean for all lines. Of
the results of money that ran `age` days before the export, the part `1 - stay^(age + 1)` is counted by its end, with
`stay = mean / (1 + mean)`.

Where nobody says the mean, it is estimated from how the results of one line and week lie on its days: given their total,
unfinished last days get less than their part of the money. Neither drift from week to week nor any effect of the model
is in that; the usual pattern of weekdays is taken from weeks that are over. Weekly rows say nothing of it, and so claim
nothing.

An older export of the same rows tells most, weekly or daily: of what the newer one counts, the part that the older one had
counted already is a binomial draw whose chance is the one maturity over the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

DELAYS = np.array([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0])
"""Mean days between which is weighed."""

FINE = np.append(0.0, np.geomspace(0.1, 30.0, 60))
"""The same where an older export tells it more closely."""

MENDED = 0.002
"""Part of results that platforms mend later, whatever the delay."""

AT_ONCE = 0.7
"""Prior chance that all results are counted at once."""

SETTLED = 28.0
"""Days after which hardly any result is still to come."""

LONGEST = 90
"""Mean days beyond which a delay is no delay of counting."""

FEWEST = 100
"""Results in the last weeks below which nothing is estimated. From 60 that were all counted at once nearly half of the
estimates would say half a day or more; from 60 that come three days late a third would say less than one and a half
(`tests/test_delay_few.py` counts them)."""


def maturity(age: Array, days: Array, mean: float) -> Array:
    """Part of the results of rows that is counted, shape (n,).

    Args:
        age: Shape (n,), whole days from each row's last day to the day of the export.
        days: Shape (n,), days that each row covers.
        mean: Days from money to counted result, on average.
    """
    if mean <= 0:
        return np.ones(len(age))
    stay = mean / (1.0 + mean)
    missing = stay ** (np.maximum(age, 0.0) + 1.0) * (1.0 - stay**days) / ((1.0 - stay) * days)
    counted: Array = 1.0 - missing
    return counted


def estimated(rows: DailyRows, again: Sequence[Again] = ()) -> float:
    """Mean days from money to counted result, as the history tells it; 0 where it tells of no delay.

    Args:
        rows: Those of single days, as they are counted now.
        again: What older exports had counted of the same rows.
    """
    grid = FINE if again else DELAYS
    told = rows.heights(grid) + sum(each.heights(grid) for each in again)
    if not told.any():
        return 0.0
    chance = np.append(AT_ONCE, np.full(len(grid) - 1, (1.0 - AT_ONCE) / (len(grid) - 1)))
    chance *= np.exp(told - told.max())
    return _settled(float((chance * grid).sum() / chance.sum()))


@dataclass(frozen=True, eq=False)
class Again:
    """What an older export had counted of n rows that a newer one tells again.

    Attributes:
        days: Shape (n,), days that each row covers.
        age, later: Shape (n,), days from each row's last day to the older and to the newer export.
        before, after: Shape (n,), what each of them counted.
    """

    days: Array
    age: Array
    later: Array
    before: Array
    after: Array

    def heights(self, grid: Array) -> Array:
        """Log likelihood of each mean, shape of `grid`, as far as chance strays like a binomial's."""
        whole = np.maximum(self.before, self.after)
        parts = [self._part(mean) for mean in grid]
        height = np.array([_binomial(self.before, whole, part) for part in parts])
        part = parts[int(np.argmax(height))]
        due = whole * part * (1.0 - part)
        told = due > 0
        pearson = ((self.before - whole * part)[told] ** 2 / due[told]).sum() / max(int(told.sum()) - 1, 1)
        return height / max(1.0, float(pearson))

    def _part(self, mean: float) -> Array:
        """Shape (n,), part of what the newer export counts that the older one had counted."""
        part = maturity(self.age, self.days, mean) / maturity(self.later, self.days, mean)
        return np.clip(part, MENDED, 1.0 - MENDED)


def _binomial(before: Array, whole: Array, part: Array) -> float:
    return float((before * np.log(part) + (whole - before) * np.log1p(-part)).sum())


@dataclass(frozen=True, eq=False)
class DailyRows:
    """Rows of a history that are of single days, n of them: they tell a delay.

    Attributes:
        line: Shape (n,), number of each row's line.
        start: Shape (n,), day, days since 1970-01-01.
        spend: Shape (n,), > 0.
        counts: Shape (n,), results.
        until: Day of the export.
    """

    line: NDArray[np.int64]
    start: Array
    spend: Array
    counts: Array
    until: float

    @property
    def recent(self) -> float:
        """Results of days from which some may still be to come."""
        return float(self.counts[self.until - self.start < SETTLED].sum())

    @property
    def is_too_little(self) -> bool:
        """Whether there are rows by day that might have told a delay, had they more results."""
        return 0.0 < self.recent < FEWEST

    def heights(self, grid: Array) -> Array:
        """Log likelihood of each mean, shape of `grid`; 0 where there is too little to tell."""
        if self.recent < FEWEST:
            return np.zeros(len(grid))
        recent = self.until - self.start < SETTLED
        week = np.floor((self.until - self.start) / 7.0)
        block = pd.factorize(self.line * 100_000 + week.astype(np.int64))[0]
        usual = self.spend * _weekdays(self.start, self.spend, self.counts, block, ~recent)
        y, money, own = self.counts[recent], usual[recent], block[recent]
        age, one = (self.until - self.start)[recent], np.ones(len(y))
        found = np.array([_height(y, money * maturity(age, one, mean), own) for mean in grid])
        heights: Array = found / _looseness(y, money, own)
        return heights


def _settled(mean: float) -> float:
    """A mean of no consequence is none."""
    return mean if mean >= 0.1 else 0.0


def _weekdays(start: Array, spend: Array, counts: Array, block: NDArray[np.intp], settled: Mask) -> Array:
    """Shape (n,), usual results per money of each row's weekday beside its week's, drawn towards 1."""
    weekday = ((start.astype(np.int64) + 3) % 7).astype(np.intp)  # 1970-01-01 was a Thursday
    size = block.max() + 1
    total, money = (np.bincount(block[settled], each[settled], size) for each in (counts, spend))
    due = spend[settled] * (total / np.maximum(money, 1e-300))[block[settled]]
    came = np.bincount(weekday[settled], counts[settled], 7)
    usual: Array = ((came + 20.0) / (np.bincount(weekday[settled], due, 7) + 20.0))[weekday]
    return usual


def _height(counts: Array, weight: Array, block: NDArray[np.intp]) -> float:
    """Log likelihood of how each block's results lie on its rows, each row's chance being its part of the weight."""
    total = np.bincount(block, weight)
    return float((counts * np.log(weight / total[block])).sum())


def _looseness(counts: Array, weight: Array, block: NDArray[np.intp]) -> float:
    """By how much results stray more than a multinomial's: Pearson's statistic per degree of freedom, at least 1."""
    part = weight / np.bincount(block, weight)[block]
    due = part * np.bincount(block, counts)[block]
    told = due > 0
    pearson = float(((counts - due)[told] ** 2 / due[told]).sum())
    freedom = told.sum() - len(np.unique(block[told]))
    return max(1.0, pearson / max(float(freedom), 1.0))
