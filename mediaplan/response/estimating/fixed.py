"""Effects that all observations share: the mean, age, organic figures and clicks; the saturation's usual scale and spread.

They move together, by one joint step of Newton's method; crowding moves with them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.crowding import CROWDED, Crowd
from mediaplan.response.estimating.means import Means
from mediaplan.response.estimating.pieces import pieces
from mediaplan.response.estimating.saturation import LEAST, MOST
from mediaplan.response.estimating.witness import SLOPES
from mediaplan.response.rows.cases import Cases

Array = NDArray[np.float64]
Index = NDArray[np.intp]

AGE = (-0.10, 0.08)
SIGNAL_SD = 0.5
MEAN_SD = 1.0
KAPPA_SD = 1.5
PEOPLE = (1.0, 0.3)
SPREAD = (0.7, 0.7)
"""Prior means and standard deviations: fatigue per week of age, log rate per standard deviation of a signal, the
mean, the global log scale, the power of the audience's size in the scale, the spread of the curve's hyperbolas."""

LONGEST_STEP = 1.0
"""Most that one of them moves in a sweep."""

OF_CURVE = 3
"""The last of them, which are of the curve: global log kappa, power of people, spread."""


class Fixed:
    """Fixed effects while they are fitted.

    Attributes:
        value: Shape (2 + signals + slopes + 3,): mean, age, signals, slopes by clicks; then those of the curve.
        prior: Same shape, prior means.
        precision: Same shape, one over prior variances.
        covariance: Of `value`, given all else.
        crowd: What was learnt of pools by the same steps; `None` without pools.
        plain: Shape (2 + signals + slopes, n), slope of each log rate in each fixed effect but those of the curve.
        people: Shape (n,), logarithm of the audience's size.
    """

    covariance: Array

    def __init__(self, cases: Cases, clicks: Array | None) -> None:
        """At their prior means, that of the mean at 0.

        Args:
            cases: n of them.
            clicks: Shape (n, slopes), what slopes by clicks are of; `None` = there are none.
        """
        signals = cases.signals.shape[1]
        slopes, doubts = ((), ()) if clicks is None else zip(*SLOPES, strict=True)
        self.prior = np.array([0.0, AGE[0], *[0.0] * signals, *slopes, 0.0, PEOPLE[0], SPREAD[0]])
        sds = np.array([MEAN_SD, AGE[1], *[SIGNAL_SD] * signals, *doubts, KAPPA_SD, PEOPLE[1], SPREAD[1]])
        self.precision = 1.0 / sds**2
        self.value = self.prior.copy()
        told = [cases.signals.T, *([] if clicks is None else [clicks.T])]
        self.plain = np.vstack([np.ones(len(cases)), cases.age, *told])
        self.people = cases.people
        self.crowd: Crowd | None = None

    @property
    def spread(self) -> float:
        """Of the curve's hyperbolas."""
        return float(self.value[-1])

    def begin_at(self, mean: float) -> None:
        """Expect that mean."""
        self.prior[0] = self.value[0] = mean

    def rates(self) -> Array:
        """Shape (n,), what they add to log rates."""
        return self.value[:-OF_CURVE] @ self.plain

    def design(self, means: Means, chosen: slice | Index) -> Array:
        """Slope of the chosen log means in each fixed effect, shape (fixed effects, chosen)."""
        bend, turn = means.saturation.bend[chosen], means.saturation.turn[chosen]
        return np.vstack([self.plain[:, chosen], bend, bend * self.people[chosen], turn])

    def move(self, means: Means) -> None:
        """One joint Newton step, and the means with it; their saturation is still to be refreshed."""
        precision, off = self.precision, self.value - self.prior
        if means.crowding:
            precision = np.append(precision, means.crowding.precision)
            off = np.append(off, means.crowding.crowded - CROWDED)
        slope, information = self._sums(means)
        slope -= precision * off
        information += np.diag(precision)
        step = np.clip(np.linalg.solve(information, slope), -LONGEST_STEP, LONGEST_STEP)
        covariance: Array = np.linalg.inv(information).astype(np.float64)
        if means.crowding:
            means.crowding.move(step[-1])
            self.crowd = means.crowding.fitted(covariance[-1, -1])
            covariance, step = covariance[:-1, :-1], step[:-1]
        self.covariance = covariance
        self.value = self.value + step
        self.value[-1] = np.clip(self.value[-1], LEAST, MOST)
        for piece in pieces(len(means)):
            means.bare[piece] *= np.exp(step[:-OF_CURVE] @ self.plain[:, piece])
            means.load[piece] *= np.exp(-(step[-3] + step[-2] * self.people[piece]))

    def _sums(self, means: Means) -> tuple[Array, Array]:
        """Slope of the log likelihood in each of them, and its information; those of crowding are the last."""
        score, weight = means.slopes()
        size = len(self.value) + (means.crowding is not None)
        slope, information = np.zeros(size), np.zeros((size, size))
        for piece in pieces(len(means)):
            design = self.design(means, piece)
            if means.crowding:
                design = np.vstack([design, means.crowding.slope[piece]])
            slope += design @ score[piece]
            information += (design * weight[piece]) @ design.T
        return slope, information
