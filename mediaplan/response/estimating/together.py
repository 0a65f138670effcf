"""Some hundred observations as a normal model, all effects integrated out.

Of the latest, all variances are learnt at once (`variances`); of some pools, how much their lines crowd each other
(`crowding`): weeks tell it in which a pool got more than in others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.blocks import Blocks
from mediaplan.response.estimating.crowding import Crowding
from mediaplan.response.estimating.drift import Drift
from mediaplan.response.estimating.effects import Levels
from mediaplan.response.estimating.excess import DISPERSION
from mediaplan.response.estimating.fixed import Fixed
from mediaplan.response.estimating.means import Means
from mediaplan.response.estimating.variances import (
    LARGEST,
    Variances,
    Working,
    climbed,
    freedom_of,
    latest,
    pairs,
)

Array = NDArray[np.float64]
Index = NDArray[np.intp]


class Together:
    """Variances of all effects of a fit.

    Attributes:
        likeness: How much shared effects differ in this history, beside what is usual.
    """

    def __init__(self, blocks: Blocks, day: Array, crowding: Crowding | None) -> None:
        """Begin with what is usual.

        Args:
            blocks: The effects.
            day: Shape (observations,), days since 1970-01-01.
            crowding: Of pools; `None` = no observation tells its pool.
        """
        self.likeness = 1.0
        self._blocks = blocks
        self._late = _Sample(latest(day), blocks)
        self._crowds = _Sample(crowding.some(), blocks) if crowding and len(day) > LARGEST else self._late
        self._usual = np.array([_usual(block) for block in blocks.learnt])

    def learn(self, means: Means, fixed: Fixed, rounds: int) -> None:
        """Learn them, and the dispersion; sweeps over many observations shrink towards them."""
        blocks = self._blocks.learnt
        start = Variances(np.array([b.variance for b in blocks]), means.dispersion, self.likeness)
        working = self._working(means, fixed, self._late)
        found = climbed(working, start, rounds)
        if means.crowding:
            if self._crowds is not self._late:
                working = self._working(means, fixed, self._crowds)
            line = self._blocks.effects[-1].code
            means.crowding.judge(working, found, self._crowds.rows, means.alone(), line)
        means.dispersion, self.likeness = found.dispersion, found.likeness
        for block, variance in zip(blocks, found.each.tolist(), strict=True):
            block.variance = variance
            if isinstance(block, Drift):
                block.prior = variance
            else:
                block.factor = replace(block.factor, variance=variance)

    def _working(self, means: Means, fixed: Fixed, sample: _Sample) -> Working:
        """The normal model of a sample at the fitted means."""
        blocks, chosen, (one, other) = self._blocks, sample.rows, pairs(len(sample.rows))
        design, bend = fixed.design(means, chosen), means.saturation.bend[chosen]
        mean = np.maximum(means.mean()[chosen], 1e-9)
        told = (fixed.value - fixed.prior) @ design + means.counts[chosen] / mean - 1.0
        certain = (design.T @ (design / fixed.precision[:, None]))[one, other]
        for block in (*blocks.learnt, *blocks.intercepts):
            told += block.at(chosen)
        for intercept in blocks.intercepts:
            certain += intercept.variance * intercept.alike(chosen[one], chosen[other])
        for scale in blocks.scales:
            told += bend * scale.at(chosen)
            certain += scale.variance * scale.alike(chosen[one], chosen[other]) * bend[one] * bend[other]
        return Working(
            told,
            mean,
            certain,
            sample.kernels,
            self._usual,
            np.array([isinstance(b, Levels) and b is not blocks.levels[-1] for b in blocks.learnt]),
            np.array([freedom_of(b) for b in blocks.learnt]),
            DISPERSION[0],
        )


@dataclass(frozen=True, eq=False)
class _Sample:
    """Some of the observations.

    Attributes:
        rows: Which.
        blocks: Effects that some of them share.
    """

    rows: Index
    blocks: Blocks

    @cached_property
    def kernels(self) -> Array:
        """Shape (effects whose variance is learnt, pairs): which of the observations share each."""
        one, other = pairs(len(self.rows))
        kernels = np.zeros((len(self.blocks.learnt), len(one)))
        for kernel, block in zip(kernels, self.blocks.learnt, strict=True):
            kernel[:] = block.alike(self.rows[one], self.rows[other])
        return kernels


def _usual(block: Levels | Drift) -> float:
    """Variance of these effects before anything is learnt."""
    return block.prior if isinstance(block, Drift) else block.factor.variance
