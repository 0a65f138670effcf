"""Fitting the crossed count model by backfitting: one block of effects after the other, each in O(rows).

    results ~ negative binomial, mean m, variance m + dispersion · m²
    log m   = log spend + mean + age + organic signals + crossed effects + drift + log kept(u) + crowding
    u       = (spend / calendar days) / kappa
    log kappa = usual + global + people + effects of channel × audience, slot, line

`kept` is that of `saturation`: a hyperbola, or a mixture of them as wide as the history asks for.

Source:
    Ghosh, Hastie, Owen, "Backfitting for large scale crossed random effects regressions", 2020 (the O(N) sweeps);
    Little, "Models and managers: the concept of a decision calculus", 1970 (the hyperbola).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.blending import Blend
from mediaplan.response.estimating.blocks import Blocks
from mediaplan.response.estimating.crowding import OF, Crowding
from mediaplan.response.estimating.effects import Levels
from mediaplan.response.estimating.excess import part
from mediaplan.response.estimating.fitted import Fitted
from mediaplan.response.estimating.fixed import Fixed
from mediaplan.response.estimating.means import Means
from mediaplan.response.estimating.pieces import pieces
from mediaplan.response.estimating.saturation import USUAL, usual_money
from mediaplan.response.estimating.schedule import schedule_of
from mediaplan.response.estimating.together import Together
from mediaplan.response.estimating.warming import Start
from mediaplan.response.estimating.witness import PLACES, Witness
from mediaplan.response.rows.cases import Attributes, Cases
from mediaplan.response.rows.tables import Joint

Array = NDArray[np.float64]

MISFIT_SD = 0.15
"""Standard deviation of the logarithm of told over promised total in histories without chance."""


def backfit(
    joint: Joint, about: Attributes, start: Start | None = None, witness: Witness | None = None
) -> Fitted:
    """Fit one kind of result.

    Args:
        joint: Observations, at least one, of one table or several.
        about: What is known of posts and audiences.
        start: Where to begin; `None` = at what is usual.
        witness: What clicks of the same observations say; `None` = they are not asked.
    """
    fit = _Fit(joint, about, witness)
    schedule = schedule_of(len(joint.seen), warm=start is not None)
    if start is not None:
        fit.resume(start)
    for sweep in range(schedule.sweeps):
        fit.sweep(learn=sweep in schedule.by_sweeps)
        if sweep in schedule.together:
            fit.together.learn(fit.means, fit.fixed, schedule.together[sweep])
    fit.level_with_past()
    return witness.completed(fit.fitted()) if witness else fit.fitted()


class _Fit:
    """The state of a fit between two sweeps."""

    def __init__(self, joint: Joint, about: Attributes, witness: Witness | None) -> None:
        seen = joint.seen
        self.joint, self.witness, self.sizes = joint, witness, about.sizes
        self.came = float(seen.counts[joint.carries].sum())
        self.told: Array | float = 1.0
        cases = about.describe(seen.codes, seen.day)
        self.blocks = Blocks.start(joint, cases, about.sizes)
        self.blend = Blend(joint.mixes, seen, about, self.blocks.effects)
        self.blended = np.zeros(len(seen) if joint.mixes else 0)
        self.fixed = Fixed(cases, witness.columns(self.blocks.effects) if witness else None)
        daily, spend = self.daily[joint.carries], seen.spend[joint.carries]
        self.usual = float(np.log(usual_money(daily, spend) / USUAL))
        load = self.daily / np.exp(self.usual + cases.people)
        self.means = Means(seen.counts, seen.exposure.copy(), load, self.fixed.spread)
        kept = float((seen.exposure * self.means.saturation.kept)[joint.carries].sum())
        self.fixed.begin_at(float(np.log((self.came + 0.5) / kept)))
        self.means.bare *= np.exp(self.fixed.rates())
        self.means.crowding = self.crowding_of(cases, about.sizes)
        self.together = Together(self.blocks, cases.day, self.means.crowding)

    @property
    def daily(self) -> Array:
        """Shape (n,), money per calendar day and line."""
        seen = self.joint.seen
        return seen.spend / seen.days / self.joint.lines

    def crowding_of(self, cases: Cases, sizes: Mapping[str, int]) -> Crowding | None:
        """Of pools, as the counts tell them; `None` where no observation tells its pool."""
        seen = self.joint.seen
        pools = tuple(d for d in OF if (cases.codes[d] >= 0).any())
        crowding = Crowding(pools, cases, sizes, seen.days, self.joint.carries) if pools else None
        if crowding is None or not crowding.told:
            return None
        crowding.start(seen.counts)
        return crowding

    def resume(self, start: Start) -> None:
        """Begin where an earlier fit ended."""
        before, means, fixed = start.fitted, self.means, self.fixed
        start.carry(self.blocks.effects, before.levels, self.sizes)
        start.carry(self.blocks.scales, before.scales, self.sizes)
        for drift in self.blocks.drifts:
            start.carry_drift(drift)
        slopes = np.zeros(0)
        if self.witness:
            slopes = fixed.value[PLACES] if before.follows is None else before.follows
            for levels in self.blocks.effects:
                self.witness.take_out(levels, slopes)
        if len(before.fixed) + len(slopes) == len(fixed.value):
            fixed.value = np.concatenate([before.fixed[:-3], slopes, before.fixed[-3:]])
            fixed.value[-3] += before.usual - self.usual
        means.dispersion, self.together.likeness = before.dispersion, before.likeness
        if means.crowding and before.crowd:
            means.crowding.resume(before.crowd)
        self.expect()

    def expect(self) -> None:
        """Means anew from all effects."""
        means, fixed, everyone = self.means, self.fixed, slice(None)
        log_mean = fixed.rates()
        if self.joint.mixes:
            self.blended = self.blend()
            log_mean += self.blended
        for block in self.blocks.rates:
            log_mean += block.at(everyone)
        scale = self.usual + fixed.value[-3] + fixed.value[-2] * fixed.people
        for each in self.blocks.scales:
            scale += each.at(everyone)
        means.bare = self.joint.seen.exposure * np.exp(log_mean)
        means.load = self.daily / np.exp(scale)
        means.saturate(fixed.spread)
        means.crowd()

    def sweep(self, *, learn: bool) -> None:
        """Revisit every block once; learn variances and dispersion."""
        means, fixed, scales = self.means, self.fixed, self.blocks.scales
        self.share_out()
        fixed.move(means)
        means.saturate(fixed.spread, turning=not scales)
        for block in self.blocks.rates:
            score, weight = means.slopes()
            step = (
                block.move(score, weight, self.known(block))
                if isinstance(block, Levels)
                else block.move(score, weight)
            )
            means.raise_rates(step, block.code)
        self.marginalise()
        for scale in scales:
            score, weight = means.slopes_in_scale()
            means.raise_scales(scale.move(score, weight, self.known(scale)), scale.code)
            means.saturate(fixed.spread, turning=scale is scales[-1])
        self.blocks.hand_up(fixed)
        means.crowd()
        if learn:
            for block in self.blocks.rates:
                block.shrink()
            self.part_excess()

    def share_out(self) -> None:
        """Share out counts of which only sums are known, as the means are now."""
        if self.joint.sums is not None:
            means, mean = self.means, self.means.mean()
            means.counts = self.joint.sums.raked(mean, means.counts, means.dispersion)
            self.told = self.joint.sums.told(mean)

    def known(self, levels: Levels) -> Array | None:
        """How much of each observation's count is known to effects; `None` = all, where some table counts their levels."""
        of = {"post" if d in {"format", "topic"} else d for d in levels.factor.of}
        if isinstance(self.told, float) or self.joint.sums is None or self.joint.sums.whole(of):
            return None
        return self.told

    def marginalise(self) -> None:
        """Bring means up to date with the effects of dimensions that observations are not broken down by."""
        if self.joint.mixes:
            before, self.blended = self.blended, self.blend()
            self.means.bare *= np.exp(self.blended - before)

    def part_excess(self) -> None:
        """Variance of lines and dispersion of counts, both at once."""
        levels, means = self.blocks.levels, self.means
        used = [float((1.0 - s.spread[:-1] / s.variance).clip(0.0, 1.0).sum()) for s in levels[:-1]]
        line = levels[-1] if levels else None  # the finest factor is the last
        variance, means.dispersion = part(
            means.counts, means.mean(), self.told, line, means.dispersion, sum(used)
        )
        if line is not None:
            line.variance = variance

    def level_with_past(self) -> None:
        """Move the mean so that, asked for its own past, the model would promise in all what came.

        The most likely effects give means of about the right total; the means over their uncertainty, which is what
        forecasts are, lie above it.
        """
        promised = self.means.mean()
        promised *= np.exp(np.minimum(self.doubt(), 2.0) / 2.0)
        promised = promised[self.joint.carries]
        total = promised.sum() + 0.5
        chance = (promised + self.means.dispersion * promised**2).sum() / total**2
        off = np.log((self.came + 0.5) / total)
        self.fixed.value[0] += off * MISFIT_SD**2 / (MISFIT_SD**2 + chance)

    def doubt(self) -> Array:
        """Shape (n,), variances of log means."""
        doubt = np.empty(len(self.means))
        for piece in pieces(len(doubt)):
            design = self.fixed.design(self.means, piece)
            doubt[piece] = ((self.fixed.covariance @ design) * design).sum(axis=0)
        for levels in self.blocks.levels:
            doubt += levels.spread[levels.code]
        for drift in self.blocks.drifts:
            doubt += np.append(drift.spread.ravel(), 0.0)[drift.code]
        for levels in self.blocks.effects if self.joint.mixes else ():
            spread = levels.spread[:-1].mean() if len(levels.keys) else levels.variance
            doubt[self.joint.hidden(levels.factor.of)] += spread
        return doubt

    def fitted(self) -> Fitted:
        """What was found."""
        means, fixed, taught = self.means, self.fixed, self.means.slopes()[1]
        straight = float(np.average(means.load / (1.0 + means.load), weights=taught))
        return Fitted(
            fixed.value,
            fixed.covariance,
            tuple(levels.learnt() for levels in self.blocks.effects),
            tuple(drift.learnt() for drift in self.blocks.drifts),
            tuple(levels.learnt() for levels in self.blocks.scales),
            self.usual,
            straight / (1.0 - straight),
            float(np.average(means.saturation.bend, weights=taught)),
            means.dispersion,
            self.together.likeness,
            means.crowding.fitted() if means.crowding else None,
        )
