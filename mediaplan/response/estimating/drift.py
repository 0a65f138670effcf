"""Drift over weeks: effects that wander like AR(1) and are forecast shrunken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.effects import LONGEST_STEP
from mediaplan.response.packing import Index, ranked
from mediaplan.response.rows.cases import Cases, Codes, Keys

Array = NDArray[np.float64]

RHO = 0.9
"""Correlation from one week to the next."""

DRIFTS: tuple[tuple[str | None, float], ...] = ((None, 0.02), ("channel", 0.01), ("audience", 0.01))
"""What drifts (`None` = all together), and the prior variance of an effect."""


FIRST_MONDAY = 3
"""Days from the Monday before 1970-01-01, a Thursday, to that day."""


def week_of(day: Array) -> Array:
    """The number of the week, Monday to Sunday, of days since 1970-01-01; that day's is 0.

    Calendar weeks, so that a table by day and the same one by weeks from Mondays drift over the same weeks.
    """
    week: Array = np.floor((day + FIRST_MONDAY) / 7.0)
    return week


@dataclass(frozen=True, eq=False)
class Drifted:
    """One wandering effect for each group as it was learnt, on those weeks that the history holds.

    Attributes:
        of: Dimension whose names are the groups; `None` = one group.
        prior: Prior variance.
        weeks: Shape (weeks,), sorted, weeks (see `week_of`) that hold observations.
        effect, spread: Shape (groups, weeks), mean and posterior variance.
        variance: Of an effect.
    """

    of: str | None
    prior: float
    weeks: Array
    effect: Array
    spread: Array
    variance: float


@dataclass(eq=False)
class Drift:
    """The same while it is fitted.

    Attributes:
        of, prior, weeks, effect, spread, variance: As of `Drifted`.
        code: Shape (cases,), group · weeks + week; the last place where the group is not known.
    """

    of: str | None
    prior: float
    weeks: Array
    code: Codes
    effect: Array
    spread: Array
    variance: float

    @classmethod
    def start(cls, of: str | None, prior: float, cases: Cases, size: int) -> Drift:
        """All effects nothing; `size` is the number of groups."""
        number = week_of(cases.day).astype(np.int64)
        first = int(number.min(initial=0))
        week, different = ranked(number - first)
        weeks = (different + first).astype(np.float64)
        group = np.zeros(len(cases), dtype=np.intp) if of is None else cases.codes[of].astype(np.intp)
        code = np.where(group < 0, size * len(weeks), group * len(weeks) + week)
        zeros = np.zeros((size, len(weeks)))
        return cls(of, prior, weeks, code.astype(np.int32), zeros, zeros.copy(), prior)

    def learnt(self) -> Drifted:
        """What was learnt, without the cases that taught it."""
        return Drifted(self.of, self.prior, self.weeks, self.effect, self.spread, self.variance)

    def move(self, score: Array, weight: Array) -> Array:
        """One Newton step of all groups; flat, with a 0 at the end for unknown groups."""
        shape, size = self.effect.shape, self.effect.size + 1
        diagonal, beside = _precision(np.diff(self.weeks), self.variance)
        code = self.code.astype(np.intp)  # once, or each sum would do it
        slope = np.bincount(code, score, size)[:-1].reshape(shape) - _times(diagonal, beside, self.effect)
        curvature = np.bincount(code, weight, size)[:-1].reshape(shape) + diagonal
        step, self.spread, self._beside = _solve(curvature, beside, slope)
        step = np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        self.effect = self.effect + step
        return np.append(step.ravel(), 0.0)

    def at(self, chosen: Index | slice) -> Array:
        """The effects of the chosen cases, shape (chosen,)."""
        each: Array = np.append(self.effect.ravel(), 0.0)[self.code[chosen]]
        return each

    def alike(self, one: NDArray[np.intp], other: NDArray[np.intp]) -> Array:
        """Correlation of the effects of two cases, shape (pairs,), for the cases `one` and `other` of each pair."""
        group, week = np.divmod(self.code, len(self.weeks))
        tie = RHO ** np.abs(self.weeks[:, None] - self.weeks)
        same = (group[one] == group[other]) & (group[one] < len(self.effect))
        correlation: Array = tie[week[one], week[other]] * same
        return correlation

    def shrink(self) -> None:
        """Variance by EM, half-shrunk to its prior."""
        diagonal, beside = _precision(np.diff(self.weeks), 1.0)
        told = (self.effect * _times(diagonal, beside, self.effect)).sum()
        told += (self.spread * diagonal).sum() + 2.0 * (self._beside * beside).sum()
        n = self.effect.size
        self.variance = (float(told) + (n + 8.0) * self.prior) / (2.0 * n + 8.0)


def _precision(gaps: Array, variance: float) -> tuple[Array, Array]:
    """Diagonal and off-diagonal of the inverse covariance of a stationary AR(1) with gaps in weeks."""
    tie = RHO**gaps
    fresh = 1.0 / np.maximum(1.0 - tie**2, 1e-12)
    diagonal = np.ones(len(gaps) + 1)
    diagonal[1:] += tie**2 * fresh
    diagonal[:-1] += tie**2 * fresh
    return diagonal / variance, -tie * fresh / variance


def _times(diagonal: Array, beside: Array, effect: Array) -> Array:
    """The tridiagonal matrix times each group's effects."""
    product = diagonal * effect
    product[:, :-1] += beside * effect[:, 1:]
    product[:, 1:] += beside * effect[:, :-1]
    return product


def _solve(diagonal: Array, beside: Array, right: Array) -> tuple[Array, Array, Array]:
    """Solve tridiagonal systems of all groups at once.

    Returns:
        The solutions, the diagonal of the inverse, and the entries beside it, shapes (groups, weeks) twice and
        (groups, weeks - 1).
    """
    from scipy.linalg.lapack import dpttrf, dpttrs

    # one system, in which nothing ties a group to the next, and an equation more, since LAPACK wants two at least
    whole, ties = np.append(diagonal, 1.0), np.tile(np.append(beside, 0.0), len(diagonal))
    ahead, factor, _ = dpttrf(whole, ties)
    back, _, _ = dpttrf(whole[::-1], ties[::-1])
    answer, _ = dpttrs(ahead, factor, np.append(right, 0.0))
    ahead, back, answer = (each[:-1].reshape(right.shape) for each in (ahead, back[::-1], answer))
    inverse = 1.0 / (ahead + back - diagonal)
    return answer, inverse, -beside / ahead[:, :-1] * inverse[:, 1:]


def foretell(drift: Drifted, cases: Cases) -> tuple[Array, Array, Keys]:
    """Mean and variance of the drift at other cases, and a number for each group and week.

    Returns:
        Three of shape (cases,); the number is -1 where the group is not known.
    """
    week = week_of(cases.day)
    last = np.clip(np.searchsorted(drift.weeks, week, side="right") - 1, 0, None)
    tie = RHO ** np.abs(week - drift.weeks[last])
    group = (
        np.zeros(len(cases), dtype=np.int64) if drift.of is None else cases.codes[drift.of].astype(np.int64)
    )
    known = group >= 0
    at = np.where(known, group, 0)
    mean = np.where(known, tie * drift.effect[at, last], 0.0)
    spread = np.where(known, tie**2 * drift.spread[at, last] + drift.variance * (1.0 - tie**2), 0.0)
    return mean, spread, np.where(known, group * 1_000_000 + week.astype(np.int64) + 100_000, -1)
