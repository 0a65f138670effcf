"""Results that are still to come: how much of each row's is counted by the day of the export.

A result is counted some days after its money ran; the days are taken to be geometric with one mean for all lines. Of
the results of money that ran `age` days before the export, the part `1 - stay^(age + 1)` is counted by its end, with
`stay = mean / (1 + mean)`.

Where nobody says the mean, it is estimated from how the results of one line and week lie on its days: given their total,
unfinished last days get less than their part of the money. Neither drift from week to week nor any effect of the model
is in that; the usual pattern of weekdays is taken from weeks that are over. Weekly rows say nothing of it, and so claim
nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

DELAYS = np.array([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0])
"""Mean days between which is weighed."""

AT_ONCE = 0.7
"""Prior chance that all results are counted at once."""

SETTLED = 28.0
"""Days after which hardly any result is still to come."""

LONGEST = 90
"""Mean days beyond which a delay is no delay of counting."""

FEWEST = 30
"""Results in the last weeks below which nothing is estimated."""


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


def estimated(
    line: NDArray[np.int64], start: Array, days: Array, spend: Array, counts: Array, until: float
) -> float:
    """Mean days from money to counted result, as the history tells it; 0 where it tells of no delay.

    Args:
        line: Shape (n,), number of each row's line.
        start: Shape (n,), first day, days since 1970-01-01.
        days: Shape (n,), days that each row covers.
        spend: Shape (n,), > 0.
        counts: Shape (n,), results.
        until: Day of the export.
    """
    daily = days == 1
    line, start, spend, counts = (column[daily] for column in (line, start, spend, counts))
    if not len(start):
        return 0.0
    week = np.floor((until - start) / 7.0)
    block = pd.factorize(line * 100_000 + week.astype(np.int64))[0]
    recent = until - start < SETTLED
    usual = spend * _weekdays(start, spend, counts, block, ~recent)
    if counts[recent].sum() < FEWEST:
        return 0.0
    y, money, own, age = counts[recent], usual[recent], block[recent], (until - start)[recent]
    loose = _looseness(y, money, own)
    heights = np.array([_height(y, money * maturity(age, np.ones(len(age)), mean), own) for mean in DELAYS])
    chance = np.append(AT_ONCE, np.full(len(DELAYS) - 1, (1.0 - AT_ONCE) / (len(DELAYS) - 1)))
    chance *= np.exp((heights - heights.max()) / loose)
    return _settled(float((chance * DELAYS).sum() / chance.sum()))


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
