"""Clicks as a second measurement of what results tell: many and cheap, where results are few.

A post that people click, or an audience that clicks, mostly brings results too, and many more clicks than results are
counted. So the model of results is told what the same model of clicks has found, beside a post's organic figures; how
far to follow it is learnt, and drawn towards a prior:

    log results = … + by post · (click effects that are of the post) + by place · (all other click effects)

Clicks are a witness, never the goal: what results say themselves is added, and outweighs it where results are many.
When all is learnt, what clicks say becomes a part of the effects themselves, so that forecasts and findings are of whole
effects.

Source:
    Carroll, Ruppert, Stefanski, Crainiceanu, "Measurement error in nonlinear models", 2006 (regression calibration:
    shrunken estimates stand for what was measured with error).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.effects import Effects, Levels
from mediaplan.response.estimating.fitted import Fitted

Array = NDArray[np.float64]

SLOPES = ((0.7, 0.5), (0.7, 0.5))
"""Prior means and standard deviations of the slopes by post and by place."""

PLACES = slice(-3 - len(SLOPES), -3)
"""Where the slopes stand among the fixed effects of a fit: before the three of the curve."""

OF_POST = frozenset({"post", "format", "topic"})


@dataclass(frozen=True, eq=False)
class Witness:
    """What was learnt from clicks of the same n observations.

    Attributes:
        levels: Effects on clicks per money, at least one factor.
    """

    levels: Sequence[Effects]

    def columns(self, blocks: Sequence[Levels]) -> Array:
        """What each slope is of, shape (n, 2); `blocks` are the factors of results, whose levels are the same."""
        said = np.zeros((len(blocks[0].code), len(SLOPES)))
        for levels in blocks:
            said[:, _slope_of(levels)] += self._of(levels).effect[levels.code]
        return said

    def completed(self, fitted: Fitted) -> Fitted:
        """The fit of results, its effects made whole; the slopes are no longer among its fixed effects."""
        slopes, doubts = fitted.fixed[PLACES], np.diag(fitted.covariance)[PLACES]
        kept = np.delete(np.arange(len(fitted.fixed)), PLACES)
        return replace(
            fitted,
            fixed=fitted.fixed[kept],
            covariance=fitted.covariance[np.ix_(kept, kept)],
            levels=tuple(self.told(levels, slopes, doubts) for levels in fitted.levels),
            follows=slopes,
        )

    def told(self, levels: Effects, slopes: Array, variances: Array) -> Effects:
        """Effects on results of one factor, with what clicks say of them.

        Args:
            levels: What results say beyond clicks, of the same observations.
            slopes: Shape (2,).
            variances: Shape (2,), of the slopes.
        """
        clicks, at = self._of(levels), _slope_of(levels)
        effect = levels.effect + slopes[at] * clicks.effect
        spread = levels.spread + variances[at] * clicks.effect**2
        return replace(levels, effect=effect, spread=spread)

    def take_out(self, levels: Levels, slopes: Array) -> None:
        """The way back of `told`, where a fit begins with whole effects."""
        levels.effect -= slopes[_slope_of(levels)] * self._of(levels).effect

    def _of(self, levels: Levels | Effects) -> Effects:
        return next(each for each in self.levels if each.factor.of == levels.factor.of)


def _slope_of(levels: Levels | Effects) -> int:
    return 0 if OF_POST & {*levels.factor.of} else 1
