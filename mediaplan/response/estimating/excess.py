"""What counts vary beyond chance and shared effects: is it the lines' own, or does it come anew every week?

A line's own part shows wherever the line had money again; the rest does not. Both make single counts stray, so that a
fit which moves one after the other gives all of it to whichever moves first. Here they are parted at once, by moments:

    total  = mean of (y - m)² / m² - 1 / m               over observations       ≈ dispersion + own
    shared = mean of (y - m) · (y' - m') / (m · m')      over pairs of one line   ≈ own = exp(variance) - 1

with m the mean without the line's effect. What the other effects fitted is missing from pairs, so that `shared` errs to
the low side: lines get a variance of their own where the history clearly asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.effects import Levels
from mediaplan.response.estimating.pieces import pieces

Array = NDArray[np.float64]

DISPERSION = (0.15, 0.10)
"""Prior mean and standard deviation."""

PRIOR_COUNT = 3.0
"""Degrees of freedom of the prior of a line's variance (scaled inverse chi-square)."""

VARIANCES = np.geomspace(0.003, 3.0, 60)
"""Variances of lines between which is weighed."""


@dataclass(frozen=True)
class Moment:
    """A relative variance as the history tells it.

    Attributes:
        value: Itself.
        weight: Inverse of its own variance; 0 = nothing is told.
    """

    value: float
    weight: float

    @classmethod
    def over(cls, total: float, weight: float) -> Moment:
        """A weighted mean from its sums; nothing where nothing weighs."""
        return cls(total / weight if weight > 0 else 0.0, weight)


def part(
    counts: Array, mean: Array, told: Array | float, line: Levels | None, dispersion: float, used: float
) -> tuple[float, float]:
    """Variance of a line's effect and dispersion of counts.

    Args:
        counts: Shape (n,), results.
        mean: Shape (n,), as fitted, > 0.
        told: Shape (n,), or the same for all: how much of each count is known rather than expected, 0 to 1.
        line: The finest factor, `None` = there is none.
        dispersion: As it was before.
        used: Degrees of freedom that all other effects took.

    Returns:
        The variance (0 without lines), and the dispersion.
    """
    spare = len(mean) / max(len(mean) - used, 0.25 * len(mean))
    if line is None:
        return 0.0, _dispersion(_total(counts, mean, told, dispersion, spare), 0.0)
    bare = np.exp(-line.effect)[line.code]
    bare *= mean
    bare *= (counts.sum() + 0.5) / (bare.sum() + 0.5)
    strays = dispersion + float(np.expm1(line.variance))
    total = _total(counts, bare, told, strays, spare)
    shared = _shared(counts, bare, told, line, strays, spare)
    variance = _variance(total, shared, line.factor.variance)
    return variance, _dispersion(total, float(np.expm1(variance)))


def _total(counts: Array, mean: Array, told: Array | float, strays: float, spare: float) -> Moment:
    total = weights = 0.0
    for piece in pieces(len(mean)):
        due, known = mean[piece], told if isinstance(told, float) else told[piece]
        weight = 0.5 * (due / (1.0 + strays * due)) ** 2
        excess = ((counts[piece] - due) ** 2 * spare - known * due) / np.maximum(due, 1e-12) ** 2
        total += float((weight * excess).sum())
        weights += float((weight * known).sum())
    return Moment.over(total, weights)


def _shared(
    counts: Array, mean: Array, told: Array | float, line: Levels, strays: float, spare: float
) -> Moment:
    """Over all pairs of observations of one line, by sums and sums of squares."""
    several, code = line.again, line.code[line.again]
    due, known = mean[several], told if isinstance(told, float) else told[several]
    weight = due / (1.0 + strays * due)
    off = weight * (counts[several] / np.maximum(due, 1e-12) - 1.0)

    def pairs(values: Array) -> float:
        each, squares = (np.bincount(code, v, len(line.keys)) for v in (values, values**2))
        return 0.5 * float((each**2 - squares).sum())

    return Moment.over(pairs(off) * spare, max(pairs(weight * known), 0.0))


def _variance(total: Moment, shared: Moment, prior: float) -> float:
    """Posterior mean over a grid: what pairs say, and what total would leave for the dispersion."""
    own = np.expm1(VARIANCES)
    doubt = DISPERSION[1] ** 2 + 1.0 / max(total.weight, 1e-12)
    height = -0.5 * PRIOR_COUNT * (np.log(VARIANCES) + prior / VARIANCES)
    height -= 0.5 * (shared.value - own) ** 2 * shared.weight
    height -= 0.5 * (total.value - own - DISPERSION[0]) ** 2 / doubt
    chance = np.exp(height - height.max())
    return float((chance * VARIANCES).sum() / chance.sum())


def _dispersion(total: Moment, own: float) -> float:
    """What is left of the total, drawn towards the prior."""
    prior = 1.0 / DISPERSION[1] ** 2
    told = total.weight * (total.value - own) + prior * DISPERSION[0]
    return float(np.clip(told / (total.weight + prior), 0.01, 3.0))
