"""How much do effects differ, and how much do counts stray? By restricted likelihood, all variances at once.

Sweeps move one block of effects after the other and see each block's uncertainty only given all others, so that
variances re-estimated from them come out too small. Here all effects of some hundred observations are integrated out
together. At the fitted means the model is a normal one,

    z = known slopes + sum of effects + noise,    noise ~ N(0, 1 / m + dispersion),

whose covariance is a sum of known matrices times unknown variances. Each round moves every variance up its restricted
likelihood and prior. What all factors of shared effects have in common (`likeness`) is a variance of its own: thirteen
factors tell together what none could tell alone, that in this history nothing is alike.

Source:
    Zhou, Hu, Zhou, Lange, "MM algorithms for variance components models", 2019 (the step that always climbs);
    Breslow and Clayton, "Approximate inference in generalized linear mixed models", 1993 (the normal model).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.drift import Drift
from mediaplan.response.estimating.effects import Levels

Array = NDArray[np.float64]

LARGEST = 400
"""Observations, the latest, that are taken together: the work grows with their cube."""

FREEDOM, DRIFT_FREEDOM = 4.0, 1.0
"""Degrees of freedom of the prior of each variance (scaled inverse chi-square), and of a drift's: how restless a market
is, nobody knows beforehand."""

LIKENESS_FREEDOM = 2.0
"""Degrees of freedom of the prior of `likeness`, whose scale is 1."""

LEAST = 1e-6
"""Least variance."""

LONGEST = 4.0
"""Most that `likeness` changes in a round, as a factor."""


WANDERS = 4
"""Weeks that must be seen before a history may say how restless its market is."""


def freedom_of(block: Levels | Drift) -> float:
    """Degrees of freedom of the prior of these effects' variance."""
    return DRIFT_FREEDOM if isinstance(block, Drift) and len(block.weeks) >= WANDERS else FREEDOM


@dataclass(frozen=True, eq=False)
class Working:
    """The normal model at the fitted means, of n observations.

    Attributes:
        told: Shape (n,), the working response: what the effects are known to add to, plus the relative residual.
        mean: Shape (n,), expected counts, > 0.
        certain: Shape (n, n), covariance of all effects whose variances are not asked for.
        kernels: Shape (factors, n, n), covariance of each factor's effects at variance 1; the last is of lines.
        priors: Shape (factors,), prior scale of each variance.
        shared: Shape (factors,), whether `likeness` is of this factor too.
        freedom: Shape (factors,), degrees of freedom of each variance's prior.
        noise: Prior scale of the dispersion.
    """

    told: Array
    mean: Array
    certain: Array
    kernels: Array
    priors: Array
    shared: NDArray[np.bool_]
    freedom: Array
    noise: float


@dataclass(frozen=True, eq=False)
class Variances:
    """What is asked for.

    Attributes:
        each: Shape (factors,).
        dispersion: Of counts.
        likeness: Factor on the priors of shared effects' variances.
    """

    each: Array
    dispersion: float
    likeness: float = 1.0


def latest(day: Array) -> NDArray[np.intp]:
    """The observations that are taken together; of those of one day any, not the first by name.

    Args:
        day: Shape (observations,).
    """
    any_of_a_day = np.random.default_rng(0).permutation(len(day))
    return np.lexsort((any_of_a_day, day))[-LARGEST:]


def climbed(working: Working, start: Variances, rounds: int) -> Variances:
    """Variances after some rounds; each round's work is that of inverting an n × n matrix."""
    now = start
    for _ in range(rounds):
        now = _climb(working, now)
    return now


def _climb(working: Working, now: Variances) -> Variances:
    pull, total, chance = _slopes(working, now)
    shared, each = working.shared, now.each
    drawn = float((each * pull)[shared].sum()) + LIKENESS_FREEDOM / now.likeness
    spent = float((each * total)[shared].sum()) + LIKENESS_FREEDOM
    factor = float(np.clip(drawn / spent, 1.0 / LONGEST, LONGEST))
    likeness = now.likeness * factor
    priors = np.where(shared, likeness, 1.0) * working.priors
    moved = _moved(np.where(shared, factor, 1.0) * each, pull, total, priors, working.freedom)
    dispersion = _moved(np.array([now.dispersion]), *chance, np.array([working.noise]), FREEDOM)[0]
    return Variances(np.maximum(moved, LEAST), float(dispersion), likeness)


def _slopes(working: Working, now: Variances) -> tuple[Array, Array, tuple[Array, Array]]:
    """For each variance, and for the dispersion, what pulls it up and what it costs: twice the slope is the difference."""
    n = len(working.told)
    flat = working.kernels.reshape(len(now.each), n * n)
    covariance = working.certain + (now.each @ flat).reshape(n, n)
    covariance[np.diag_indices(n)] += 1.0 / working.mean + now.dispersion
    inverse = _inverse(covariance)
    left = inverse @ working.told
    pull: Array = (working.kernels @ left) @ left
    chance = np.array([left @ left]), np.array([np.trace(inverse)])
    return pull, flat @ inverse.ravel(), chance


def _inverse(covariance: Array) -> Array:
    """Of a positive definite matrix, scaled by its diagonal: rows of next to nothing expected stray endlessly."""
    from scipy.linalg.lapack import dpotrf, dpotri

    scale = 1.0 / np.sqrt(np.diag(covariance))
    factor, _ = dpotrf(covariance * np.outer(scale, scale), lower=1, clean=1)
    lower, _ = dpotri(factor, lower=1)
    whole: Array = (lower + np.tril(lower, -1).T) * np.outer(scale, scale)
    return whole


def _moved(variance: Array, pull: Array, total: Array, prior: Array, freedom: Array | float) -> Array:
    """The minimum of a bound that touches minus the log posterior at `variance`."""
    half = 4.0 * total * (variance**2 * pull + freedom * prior)
    root: Array = (np.sqrt(freedom**2 + half) - freedom) / (2.0 * np.maximum(total, 1e-12))
    return root
