"""The latest observations as the normal model that all variances are learnt from at once (`variances`)."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.blocks import Blocks
from mediaplan.response.estimating.drift import Drift
from mediaplan.response.estimating.effects import Levels
from mediaplan.response.estimating.excess import DISPERSION
from mediaplan.response.estimating.fixed import Fixed
from mediaplan.response.estimating.means import Means
from mediaplan.response.estimating.variances import Variances, Working, climbed, freedom_of, latest, pairs

Array = NDArray[np.float64]


class Together:
    """Variances of all effects of a fit.

    Attributes:
        likeness: How much shared effects differ in this history, beside what is usual.
    """

    def __init__(self, blocks: Blocks, day: Array) -> None:
        """Begin with what is usual.

        Args:
            blocks: The effects.
            day: Shape (observations,), days since 1970-01-01.
        """
        self.likeness = 1.0
        self._blocks = blocks
        self._late = latest(day)
        self._usual = np.array([_usual(block) for block in blocks.learnt])

    def learn(self, means: Means, fixed: Fixed, rounds: int) -> None:
        """Learn them, and the dispersion; sweeps over many observations shrink towards them."""
        blocks = self._blocks.learnt
        start = Variances(np.array([b.variance for b in blocks]), means.dispersion, self.likeness)
        found = climbed(self._working(means, fixed), start, rounds)
        means.dispersion, self.likeness = found.dispersion, found.likeness
        for block, variance in zip(blocks, found.each.tolist(), strict=True):
            block.variance = variance
            if isinstance(block, Drift):
                block.prior = variance
            else:
                block.factor = replace(block.factor, variance=variance)

    @cached_property
    def _kernels(self) -> Array:
        """Which of the latest observations share each effect whose variance is learnt, by pairs of them."""
        one, other = pairs(len(self._late))
        kernels = np.zeros((len(self._usual), len(one)))
        for kernel, block in zip(kernels, self._blocks.learnt, strict=True):
            kernel[:] = block.alike(self._late[one], self._late[other])
        return kernels

    def _working(self, means: Means, fixed: Fixed) -> Working:
        """The normal model of the latest observations at the fitted means."""
        late, blocks, (one, other) = self._late, self._blocks, pairs(len(self._late))
        design, bend = fixed.design(means, late), means.saturation.bend[late]
        mean = np.maximum(means.mean()[late], 1e-9)
        told = (fixed.value - fixed.prior) @ design + means.counts[late] / mean - 1.0
        certain = (design.T @ (design / fixed.precision[:, None]))[one, other]
        for block in (*blocks.learnt, *blocks.intercepts):
            told += block.at(late)
        for intercept in blocks.intercepts:
            certain += intercept.variance * intercept.alike(late[one], late[other])
        for scale in blocks.scales:
            told += bend * scale.at(late)
            certain += scale.variance * scale.alike(late[one], late[other]) * bend[one] * bend[other]
        return Working(
            told,
            mean,
            certain,
            self._kernels,
            self._usual,
            np.array([isinstance(b, Levels) and b is not blocks.levels[-1] for b in blocks.learnt]),
            np.array([freedom_of(b) for b in blocks.learnt]),
            DISPERSION[0],
        )


def _usual(block: Levels | Drift) -> float:
    """Variance of these effects before anything is learnt."""
    return block.prior if isinstance(block, Drift) else block.factor.variance
