"""Whether intervals held what they said, and promises what they promised, in weeks that are over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.looking_back.choosing import best_part
from mediaplan.response.looking_back.foreseen import Foreseen

Array = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.95)
PROMISED = 0.5
"""Part of the money, best first, whose promise is looked at: plans lie among what looks best."""

BIAS_DOUBT, SPREAD_DOUBT, USUAL_SPREAD = 6.0, 4.0, 0.1
LEAST_BIAS, MOST_BIAS = -0.4, 0.2
"""Weeks that the priors count for, standard deviation of the prior; the bias is not taken for more than that."""

UNLIKELY = 0.05
"""Chance below which intervals that hold so seldom count as too narrow."""


@dataclass(frozen=True)
class Total:
    """One week in all.

    Attributes:
        start, end: First and last day.
        past_weeks: Weeks that the model had learnt from.
        lines: How many were bought.
        spend: Major units.
        expected, actual: What was foreseen and what came, in the measure.
        intervals: Low and high at each of `LEVELS`.
    """

    start: date
    end: date
    past_weeks: int
    lines: int
    spend: float
    expected: float
    actual: float
    intervals: tuple[tuple[float, float], ...]

    def held(self, level: float) -> bool:
        """Whether what came lay within the interval of that level."""
        low, high = self.intervals[LEVELS.index(level)]
        return low <= self.actual <= high


@dataclass(frozen=True)
class Coverage:
    """How often intervals held.

    Attributes:
        lines: Lines and weeks looked at.
        of_weeks: Share of week totals within the interval, at each of `LEVELS`.
        of_lines: Share of lines, at each; counts that lie on the edge count in part.
        likely: Chance that at 80 % so few lines, and that so few weeks, hold if the model is right: the smaller one.
    """

    lines: int
    of_weeks: tuple[float, ...]
    of_lines: tuple[float, ...]
    likely: float

    @property
    def too_narrow(self) -> bool:
        """Whether the intervals held less often than chance explains."""
        return self.likely < UNLIKELY


@dataclass(frozen=True)
class Promise:
    """Promised against delivered, on the half of each week's money that looked best.

    Attributes:
        promised, delivered: In the measure, all weeks together.
        bias: Logarithm of delivered over promised that is to be expected next time, shrunken.
        spread: Standard deviation, on the logarithm, that intervals lack.
        stated: Mean standard deviation, on the logarithm, that they have.
    """

    promised: float
    delivered: float
    bias: float
    spread: float
    stated: float

    @property
    def factor(self) -> float:
        """Delivered for one promised, as is to be expected next time."""
        return float(np.exp(self.bias))

    @property
    def wider(self) -> float:
        """How many times as wide the intervals would have to be."""
        return float(np.hypot(self.stated, self.spread) / self.stated) if self.stated > 0 else 1.0


def total(week: Foreseen) -> Total:
    """A week in all, with its intervals."""
    drawn = week.draws.sum(axis=0)
    tails = [((1 - level) / 2, (1 + level) / 2) for level in LEVELS]
    intervals = [(float(low), float(high)) for low, high in (np.quantile(drawn, tail) for tail in tails)]
    expected, actual = float(week.model.sum()), float(week.actual.sum())
    return Total(
        week.start,
        week.end,
        week.past_weeks,
        len(week),
        float(week.spend.sum()),
        expected,
        actual,
        tuple(intervals),
    )


def coverage(weeks: Sequence[Foreseen]) -> Coverage:
    """How often intervals held, of weeks and of lines.

    Args:
        weeks: At least one.

    Source:
        Counts on an edge in part: the non-randomised probability integral transform of Czado, Gneiting and Held,
        "Predictive model assessment for count data", Biometrics 2009. The chance of so few lines comes from
        putting each realisation of the model in the place of what came: lines of a week are right or wrong together.
    """
    totals = [total(week) for week in weeks]
    of_weeks = tuple(float(np.mean([t.held(level) for t in totals])) for level in LEVELS)
    within = [[_within(week, week.actual[:, None], level) for week in weeks] for level in LEVELS]
    of_lines = tuple(float(np.concatenate(each).mean()) for each in within)
    held = sum(float(each.sum()) for each in within[1])
    fewest = min(week.draws.shape[1] for week in weeks)
    by_chance = sum(_within(week, week.draws[:, :fewest], LEVELS[1]).sum(axis=0) for week in weeks)
    lines_likely = float(np.mean(by_chance <= held + 1e-9))
    return Coverage(
        sum(len(week) for week in weeks),
        of_weeks,
        of_lines,
        min(lines_likely, _so_few(sum(t.held(LEVELS[1]) for t in totals), len(totals))),
    )


def _within(week: Foreseen, counts: Array, level: float) -> Array:
    """How far each count, shape (n, any), lies within its line's interval, 0–1."""
    ordered = np.sort(week.draws, axis=1)
    size = ordered.shape[1]
    below, upto = (
        np.stack([np.searchsorted(o, c, side) for o, c in zip(ordered, counts, strict=True)]) / size
        for side in ("left", "right")
    )
    low, high = (1 - level) / 2, (1 + level) / 2
    inside = np.minimum(upto, high) - np.maximum(below, low)
    point = (low <= below) & (below <= high)
    part: Array = np.where(
        upto > below, np.clip(inside, 0.0, None) / np.maximum(upto - below, 1e-300), point.astype(np.float64)
    )
    return part


def _so_few(held: int, weeks: int) -> float:
    """Chance that at most `held` of that many weeks lie within their 80 % interval."""
    from scipy.stats import binom

    return float(binom.cdf(held, weeks, LEVELS[1]))


def promise(weeks: Sequence[Foreseen]) -> Promise:
    """Bias and missing spread of promises.

    With e = log(delivered / promised) and s its stated standard deviation, n weeks:

        bias = n / (n + 6) · mean(e), within [-0.4, 0.2]
        spread² = (Σ(e² - s²) + 4 · 0.1²) / (n + 4), not below 0

    Args:
        weeks: At least one.
    """
    promised, delivered, errors, stated = [], [], [], []
    for week in weeks:
        part = best_part(week.model / week.spend, week.spend, PROMISED)
        half = 0.5 * week.unit
        promised.append(float(part @ week.model))
        delivered.append(float(part @ week.actual))
        errors.append(float(np.log((delivered[-1] + half) / (promised[-1] + half))))
        stated.append(float(np.log((part @ week.draws + half) / (promised[-1] + half)).std()))
    n, e, s = len(errors), np.array(errors), np.array(stated)
    bias = float(np.clip(n / (n + BIAS_DOUBT) * e.mean(), LEAST_BIAS, MOST_BIAS))
    spread = (float((e**2 - s**2).sum()) + SPREAD_DOUBT * USUAL_SPREAD**2) / (n + SPREAD_DOUBT)
    return Promise(sum(promised), sum(delivered), bias, max(spread, 0.0) ** 0.5, float(s.mean()))
