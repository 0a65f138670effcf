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
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.drift import Drift
from mediaplan.response.estimating.effects import Levels

Array = NDArray[np.float64]
Index = NDArray[np.intp]

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


@lru_cache(maxsize=2)
def pairs(size: int) -> tuple[Index, Index]:
    """Rows and columns of the entries on and below the diagonal of a symmetric matrix, shape (size · (size + 1) / 2,)."""
    return np.tril_indices(size)


@dataclass(frozen=True, eq=False)
class Working:
    """The normal model at the fitted means, of n observations.

    Covariances are symmetric, and told by their `pairs`.

    Attributes:
        told: Shape (n,), the working response: what the effects are known to add to, plus the relative residual.
        mean: Shape (n,), expected counts, > 0.
        certain: Shape (pairs,), covariance of all effects whose variances are not asked for.
        kernels: Shape (factors, pairs), covariance of each factor's effects at variance 1; the last is of lines.
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
    first = max(len(day) - LARGEST, 0)
    late = np.flatnonzero(day >= np.partition(day, first)[first])
    return late[np.lexsort((any_of_a_day[late], day[late]))[-LARGEST:]]


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
    row, column = pairs(len(working.told))
    factored = _Factored(_covariance(working, now), len(working.told))
    left, inverse = factored.times(working.told), factored.inverse()
    chance = np.array([left @ left]), np.array([inverse[row == column].sum()])
    both = np.where(row == column, 1.0, 2.0)  # an entry below the diagonal stands above it as well
    inverse *= both
    both *= left.take(row)
    both *= left.take(column)
    return working.kernels @ both, working.kernels @ inverse, chance


def _covariance(working: Working, now: Variances) -> Array:
    """Of the working response, by pairs."""
    row, column = pairs(len(working.told))
    covariance: Array = working.certain + now.each @ working.kernels
    covariance[row == column] += noise(working, now)
    return covariance


def noise(working: Working, now: Variances) -> Array:
    """Shape (n,), variance of what is left to chance in the working response of each observation."""
    return 1.0 / working.mean + now.dispersion


def precision(working: Working, now: Variances) -> Array:
    """Shape (n, n), inverse of the working response's covariance."""
    size = len(working.told)
    row, column = pairs(size)
    told = _Factored(_covariance(working, now), size).inverse()
    inverse = np.empty((size, size))
    inverse[row, column] = inverse[column, row] = told
    return inverse


class _Factored:
    """A positive definite matrix, told by its pairs, made ready to be inverted.

    Scaled by its diagonal: rows of next to nothing expected stray endlessly.
    """

    def __init__(self, covariance: Array, size: int) -> None:
        from scipy.linalg.lapack import dpotrf

        row, column = pairs(size)
        self._scale = 1.0 / np.sqrt(covariance[row == column])
        self._scales = self._scale.take(row)
        self._scales *= self._scale.take(column)
        whole = np.zeros(size * size)
        whole[row * size + column] = covariance * self._scales
        # what lies below the diagonal by rows lies above it by columns, which is how LAPACK reads it without a copy
        self._factor, _ = dpotrf(whole.reshape(size, size).T, lower=0, clean=0, overwrite_a=1)

    def times(self, right: Array) -> Array:
        """The inverse times a vector."""
        from scipy.linalg.lapack import dpotrs

        left, _ = dpotrs(self._factor, right * self._scale, lower=0)
        product: Array = left * self._scale
        return product

    def inverse(self) -> Array:
        """The inverse, told by its pairs; nothing can be asked afterwards."""
        from scipy.linalg.lapack import dpotri

        size = len(self._scale)
        row, column = pairs(size)
        inverse, _ = dpotri(self._factor, lower=0, overwrite_c=1)
        told: Array = inverse.T.ravel().take(row * size + column)
        told *= self._scales
        return told


def _moved(variance: Array, pull: Array, total: Array, prior: Array, freedom: Array | float) -> Array:
    """The minimum of a bound that touches minus the log posterior at `variance`."""
    half = 4.0 * total * (variance**2 * pull + freedom * prior)
    root: Array = (np.sqrt(freedom**2 + half) - freedom) / (2.0 * np.maximum(total, 1e-12))
    return root
