"""What a weekday brings beside the others, where the history is dated by day.

The days of one line in one week share all that the model says of them; how its results lie on these days, beside how its
money does, is told by the weekdays:

    part of a day = money ^ 0.72 · counted by now · exp(effect of its weekday), over the same of all days of its line and week

The effects are normal around 0, with a variance learnt from them: they add up to 0, and few results move them little. That all lines stray together
on single dates is doubt, by which the evidence counts less. Weekly rows say nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.response.estimating.delay import maturity
from mediaplan.response.estimating.saturation import ELASTICITY
from mediaplan.response.rows.cases import Codes
from mediaplan.slots import Slots

Array = NDArray[np.float64]

VARIANCE, FREEDOM = 0.1**2, 4.0
"""Usual variance of an effect, and degrees of freedom of that belief (scaled inverse chi-square)."""

ROUNDS = 4
"""Of learning how much weekdays differ, and how much counts stray."""

FEWEST_WEEKS = 4
"""Weeks dated by day below which nothing is said."""

STEPS = 3
"""Of Newton's method in each round, which begins where the last one ended."""

THURSDAY = 3
"""Weekday of 1970-01-01, day 0; Monday is 0."""


@dataclass(frozen=True, eq=False)
class Weekdays:
    """How much each weekday brings.

    Attributes:
        factor: Shape (7,), results per money over those of a week whose days are alike, from Monday; mean 1.
    """

    factor: Array

    def over(self, start: Array, days: Array, slot: Codes, names: tuple[str, ...], slots: Slots) -> Array:
        """Mean factor over the dates of rows or lines, shape (n,).

        Args:
            start: Shape (n,), first day, days since 1970-01-01.
            days: Shape (n,), dates, ≥ 1.
            slot: Shape (n,), index into `names`, -1 = none.
            names: Of slots.
            slots: On which weekdays those that are named run.
        """
        if (self.factor == 1.0).all():
            return np.ones(len(start))
        each = self._mean(start, days, np.ones(7))
        for code, name in enumerate(names):
            if name in slots.named:
                mine = slot == code
                runs = np.isin(np.arange(7), list(slots.named[name].days)).astype(np.float64)
                each[mine] = self._mean(start[mine], days[mine], runs)
        return each

    def _mean(self, start: Array, days: Array, runs: Array) -> Array:
        """Over those dates whose weekday runs (shape (7,), 0 or 1); 1 where there is none."""
        first = _weekday(start)
        weeks, rest = np.divmod(days.astype(np.int64), 7)
        told, count = (
            weeks * each.sum() + _beginnings(each)[first, rest] for each in (runs * self.factor, runs)
        )
        mean: Array = np.where(count > 0, told / np.maximum(count, 1.0), 1.0)
        return mean


ALIKE = Weekdays(np.ones(7))
"""Nothing is known of weekdays."""


def weekdays_of(
    line: NDArray[np.int64], start: Array, spend: Array, counts: Array, ages: Array, delay: float
) -> Weekdays:
    """What rows of single days tell of weekdays; all alike where they are of less than four weeks.

    Args:
        line: Shape (n,), number of each row's line.
        start: Shape (n,), day, days since 1970-01-01.
        spend: Shape (n,), major units, > 0.
        counts: Shape (n,), results.
        ages: Shape (n,), days from each row's day to that of the export.
        delay: Mean days from money to counted result.
    """
    week = np.floor((start - start.min()) / 7.0).astype(np.int64)
    if len(np.unique(week)) < FEWEST_WEEKS:
        return ALIKE
    block, keys = pd.factorize(line * (int(week.max()) + 1) + week)
    place = block * 7 + _weekday(start)
    money = np.bincount(place, spend, len(keys) * 7)
    counted = np.ones(len(money))
    counted[place] = maturity(ages, np.ones(len(ages)), delay)
    share: Array = (money**ELASTICITY * counted).reshape(-1, 7)
    came: Array = np.bincount(place, counts, len(money)).astype(np.float64).reshape(-1, 7)
    return _fitted(came, share, keys % (int(week.max()) + 1))


def _fitted(came: Array, share: Array, week: NDArray[np.int64]) -> Weekdays:
    """The most likely effects, first as if counts strayed by chance alone, then by how much they and weekdays differ.

    Args:
        came: Shape (blocks, 7), results of a line and week.
        share: Same shape, how they would lie if weekdays were alike.
        week: Shape (blocks,), its number.
    """
    several = (share > 0).sum(axis=1) > 1  # a single day says nothing
    came, share, week = came[several], share[several], week[several]
    effect, variance, loose = np.zeros(7), VARIANCE, 1.0
    for _ in range(ROUNDS):
        effect, spread = _climbed(came, share, effect, variance, loose)
        variance = (float((effect**2).sum()) + spread + FREEDOM * VARIANCE) / (7.0 + FREEDOM)
        loose = _looseness(came, _due(came, share, effect), week)
    factor = np.exp(effect)
    return Weekdays(factor / factor.mean())


def _due(came: Array, share: Array, effect: Array) -> Array:
    """Results of each block, laid on its days by their shares."""
    part = share * np.exp(effect)
    due: Array = part * (came.sum(axis=1) / part.sum(axis=1))[:, None]
    return due


def _climbed(came: Array, share: Array, effect: Array, variance: float, loose: float) -> tuple[Array, float]:
    """Likelier effects and their variances' sum, where counts stray `loose` times as much as by chance."""
    total = np.maximum(came.sum(axis=1), 1e-12)
    for _ in range(STEPS):
        due = _due(came, share, effect)
        slope = (came - due).sum(axis=0) / loose - effect / variance
        curvature = (np.diag(due.sum(axis=0)) - (due / total[:, None]).T @ due) / loose + np.eye(7) / variance
        effect = effect + np.clip(np.linalg.solve(curvature, slope), -1.0, 1.0)
    return effect, float(np.trace(np.linalg.inv(curvature)))


def _looseness(came: Array, due: Array, week: NDArray[np.int64]) -> float:
    """By how much all results of a date stray more than by chance: Pearson's statistic per degree of freedom, ≥ 1."""
    place = week[:, None] * 7 + np.arange(7)
    off, expected = (np.bincount(place.ravel(), each.ravel()).reshape(-1, 7) for each in (came - due, due))
    dates = expected > 0
    freedom = dates.sum() - (dates.sum(axis=1) > 0).sum() - 6
    pearson = float((off[dates] ** 2 / expected[dates]).sum())
    return max(1.0, pearson / max(float(freedom), 1.0))


def _weekday(start: Array) -> NDArray[np.int64]:
    """0 = Monday."""
    weekday: NDArray[np.int64] = (np.floor(start).astype(np.int64) + THURSDAY) % 7
    return weekday


def _beginnings(each: Array) -> Array:
    """Sums of `each`, shape (7,), over r days from weekday f on, shape (7, 7) by f and r."""
    twice = np.concatenate([[0.0], np.cumsum(np.tile(each, 2))])
    first = np.arange(7)
    sums: Array = twice[first[:, None] + np.arange(7)] - twice[first][:, None]
    return sums
