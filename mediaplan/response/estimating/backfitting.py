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

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.blending import Blend
from mediaplan.response.estimating.crowding import OF, Crowding
from mediaplan.response.estimating.drift import DRIFTS, Drift
from mediaplan.response.estimating.effects import Levels, nests
from mediaplan.response.estimating.excess import DISPERSION, part
from mediaplan.response.estimating.fitted import Fitted
from mediaplan.response.estimating.saturation import LEAST, MOST, USUAL, Saturation, usual_money
from mediaplan.response.estimating.schedule import schedule_of
from mediaplan.response.estimating.sharing import Shared, shared_with
from mediaplan.response.estimating.variances import (
    Variances,
    Working,
    any_of,
    climbed,
    freedom_of,
    latest,
    pairs,
)
from mediaplan.response.estimating.warming import Start
from mediaplan.response.estimating.witness import PLACES, SLOPES, Witness
from mediaplan.response.rows.cases import Attributes
from mediaplan.response.rows.factors import FACTORS, SCALE_FACTORS, present
from mediaplan.response.rows.observations import Observations
from mediaplan.response.rows.tables import Joint

Array = NDArray[np.float64]

MISFIT_SD = 0.15
"""Standard deviation of the logarithm of told over promised total in histories without chance."""

AGE = (-0.10, 0.08)
SIGNAL_SD = 0.5
MEAN_SD = 1.0
KAPPA_SD = 1.5
PEOPLE = (1.0, 0.3)
SPREAD = (0.7, 0.7)
"""Prior means and standard deviations: fatigue per week of age, log rate per standard deviation of a signal, the
mean, the global log scale, the power of the audience's size in the scale, the spread of the curve's hyperbolas."""


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
            fit.learn_together(schedule.together[sweep])
    fit.level_with_past()
    return witness.completed(fit.fitted()) if witness else fit.fitted()


class _Fit:
    """The state of a fit between two sweeps."""

    def __init__(self, joint: Joint, about: Attributes, witness: Witness | None) -> None:
        seen = joint.seen
        self.witness = witness
        self.sizes = sizes = {**about.sizes, **joint.sizes}
        self.counts, self.exposure = seen.counts, seen.exposure
        self.came = float(seen.counts[joint.carries].sum())
        self.sums = joint.sums
        self.told = np.ones(len(seen))
        self.carries = joint.carries
        self.cases = cases = about.describe(seen.codes, seen.day)
        dimensions = {d for d in about.sizes if (cases.codes[d] >= 0).any()}
        self.intercepts = [Levels.start(f, cases, sizes) for f in joint.factors]
        effects = [Levels.start(f, cases, sizes) for f in present(FACTORS, dimensions)]
        self.levels = self.intercepts + effects
        self.blend = Blend(joint.mixes, seen, about, effects)
        self.blended = np.zeros(len(seen))
        self.hidden = [(each, joint.hidden(each.factor.of)) for each in effects] if joint.mixes else []
        self.late = latest(cases.day)
        self.scales = [Levels.start(f, cases, sizes) for f in present(SCALE_FACTORS, dimensions)]
        self.nests = nests(self.levels) + nests(self.scales)
        self.shared = self.shared_with_fixed()
        self.drifts = [
            Drift.start(of, prior, cases, 1 if of is None else sizes[of])
            for of, prior in DRIFTS
            if of is None or of in dimensions
        ]
        self.daily = seen.spend / seen.days / joint.lines
        usual = usual_money(self.daily[self.carries], seen.spend[self.carries]) / USUAL
        self.usual = float(np.log(usual))
        self.kappa = np.full(len(seen), usual) * np.exp(cases.people)
        self.bare = seen.exposure.copy()
        self.saturate(SPREAD[0])
        self.start_fixed(seen)
        self.dispersion, self.likeness = DISPERSION[0], 1.0
        self.usual_variances = np.array(
            [*(levels.factor.variance for levels in effects), *(drift.prior for drift in self.drifts)]
        )
        pools = tuple(d for d in OF if d in dimensions)
        crowding = Crowding(pools, cases, sizes, seen.days, joint.carries) if pools else None
        self.crowding = crowding if crowding and crowding.told else None
        if self.crowding:
            self.crowding.start(seen.counts)

    def start_fixed(self, seen: Observations) -> None:
        """Prior of the fixed effects, and a first mean."""
        signals = self.cases.signals.shape[1]
        kept = float((seen.exposure * self.saturation.kept)[self.carries].sum())
        mean = float(np.log((self.came + 0.5) / kept))
        slopes, doubts = zip(*SLOPES, strict=True) if self.witness else ((), ())
        self.prior = np.array([mean, AGE[0], *[0.0] * signals, *slopes, 0.0, PEOPLE[0], SPREAD[0]])
        sds = np.array([MEAN_SD, AGE[1], *[SIGNAL_SD] * signals, *doubts, KAPPA_SD, PEOPLE[1], SPREAD[1]])
        self.precision = 1.0 / sds**2
        self.fixed = self.prior.copy()
        told = [self.cases.signals, *([self.witness.columns()] if self.witness else [])]
        self.plain = np.vstack([np.ones(len(seen)), self.cases.age, *(each.T for each in told)]).T
        self.bare = seen.exposure * np.exp(self.plain @ self.fixed[:-3])

    def resume(self, start: Start) -> None:
        """Begin where an earlier fit ended."""
        before = start.fitted
        effects = self.levels[len(self.intercepts) :]
        start.carry(effects, before.levels, self.sizes)
        start.carry(self.scales, before.scales, self.sizes)
        for drift in self.drifts:
            start.carry_drift(drift)
        slopes = np.zeros(0)
        if self.witness:
            slopes = self.fixed[PLACES] if before.follows is None else before.follows
            for levels in effects:
                self.witness.take_out(levels, slopes)
        if len(before.fixed) + len(slopes) == len(self.fixed):
            self.fixed = np.concatenate([before.fixed[:-3], slopes, before.fixed[-3:]])
            self.fixed[-3] += before.usual - self.usual
        self.dispersion, self.likeness = before.dispersion, before.likeness
        if self.crowding and before.crowd:
            self.crowding.resume(before.crowd)
        everyone = np.arange(len(self.counts))
        self.blended = self.blend()
        log_mean = self.plain @ self.fixed[:-3] + self.blended
        blocks: list[Levels | Drift] = [*self.levels, *self.drifts]
        for block in blocks:
            log_mean += block.at(everyone)
        scale = self.usual + self.fixed[-3] + self.fixed[-2] * self.cases.people
        for each in self.scales:
            scale += each.at(everyone)
        self.bare, self.kappa = self.exposure * np.exp(log_mean), np.exp(scale)
        self.saturate(self.fixed[-1])
        if self.crowding:
            self.crowding.refresh(self.bare * self.saturation.kept)

    def shared_with_fixed(self) -> list[Shared]:
        """What effects on the rate and on the scale share with fixed effects."""
        signals = self.cases.signals
        found = [shared_with(levels, 0, signals) for levels in self.levels]
        found += [shared_with(levels, -3, signals[:, :0]) for levels in self.scales]
        return [each for each in found if each is not None]

    def hand_up(self) -> None:
        """Move what effects share to where it belongs; no fitted value changes."""
        for nest in self.nests:
            nest.hand_up()
        for shared in self.shared:
            shared.hand_over(self.fixed, self.prior, self.precision)

    def saturate(self, spread: float) -> None:
        """Refresh what depends on kappa and on the spread."""
        self.saturation = Saturation.of(self.daily / self.kappa, spread)

    @property
    def mean(self) -> Array:
        mean: Array = self.bare * self.saturation.kept
        if self.crowding:
            mean *= self.crowding.kept
        return mean

    def sweep(self, *, learn: bool) -> None:
        """Revisit every block once; learn variances and dispersion."""
        self.share_out()
        self.move_fixed()
        blocks: list[Levels | Drift] = [*self.levels, *self.drifts]
        for block in blocks:
            score, weight = self.slopes()
            step = (
                block.move(score, weight, self.known(block))
                if isinstance(block, Levels)
                else block.move(score, weight)
            )
            self.bare *= np.exp(step)[block.code]
        self.marginalise()
        for scale in self.scales:
            score, weight = self.slopes()
            bend = self.saturation.bend
            step = scale.move(score * bend, weight * bend**2, self.known(scale))
            self.kappa *= np.exp(step)[scale.code]
            self.saturate(self.fixed[-1])
        self.hand_up()
        if self.crowding:
            self.crowding.refresh(self.bare * self.saturation.kept)
        if learn:
            for block in blocks:
                block.shrink()
            self.part_excess()

    def share_out(self) -> None:
        """Share out counts of which only sums are known, as the means are now."""
        if self.sums is not None:
            mean = self.mean
            self.counts = self.sums.raked(mean, self.counts, self.dispersion)
            self.told = self.sums.told(mean)

    def known(self, levels: Levels) -> Array | None:
        """How much of each observation's count is known to effects; `None` = all, where some table counts their levels."""
        of = {"post" if d in {"format", "topic"} else d for d in levels.factor.of}
        return None if self.sums is None or self.sums.whole(of) else self.told

    def marginalise(self) -> None:
        """Bring means up to date with the effects of dimensions that observations are not broken down by."""
        before, self.blended = self.blended, self.blend()
        self.bare *= np.exp(self.blended - before)

    def slopes(self) -> tuple[Array, Array]:
        """Slope of the log likelihood in the log mean, and its information."""
        weight = self.mean
        grown = 1.0 + self.dispersion * weight
        score = self.counts - weight
        score /= grown
        weight /= grown
        return score, weight

    def design(self) -> Array:
        """Slope of each log mean in each fixed effect."""
        bend, turn = self.saturation.bend, self.saturation.turn
        # columns that lie side by side are what all products with it go through
        return np.vstack([self.plain.T, bend, bend * self.cases.people, turn]).T

    def move_fixed(self) -> None:
        """One joint Newton step of mean, age, signals, global kappa, the power of people and the curve's spread."""
        score, weight = self.slopes()
        design = self.design()
        precision, off = self.precision, self.fixed - self.prior
        slope = design.T @ score - precision * off
        information = (design * weight[:, None]).T @ design + np.diag(precision)
        step = np.clip(np.linalg.solve(information, slope), -1.0, 1.0)
        self.covariance: Array = np.linalg.inv(information).astype(np.float64)
        self.fixed = self.fixed + step
        self.fixed[-1] = np.clip(self.fixed[-1], LEAST, MOST)
        self.bare *= np.exp(self.plain @ step[:-3])
        self.kappa *= np.exp(step[-3] + step[-2] * self.cases.people)
        self.saturate(self.fixed[-1])

    def learn_together(self, rounds: int) -> None:
        """Learn all variances at once from the latest observations; sweeps over many shrink towards them."""
        blocks: list[Levels | Drift] = [*self.levels[len(self.intercepts) :], *self.drifts]
        start = Variances(np.array([b.variance for b in blocks]), self.dispersion, self.likeness)
        found = climbed(self.working(blocks, self.late, self.kernels(blocks, self.late)), start, rounds)
        if self.crowding:
            rows = any_of(len(self.counts))
            working = self.working(blocks, rows, self.kernels(blocks, rows))
            self.crowding.judge(working, found, rows, self.bare * self.saturation.kept, self.levels[-1].code)
        self.dispersion, self.likeness = found.dispersion, found.likeness
        for block, variance in zip(blocks, found.each.tolist(), strict=True):
            block.variance = variance
            if isinstance(block, Drift):
                block.prior = variance
            else:
                block.factor = replace(block.factor, variance=variance)

    def kernels(self, blocks: list[Levels | Drift], rows: NDArray[np.intp]) -> Array:
        """Which of some observations share each effect whose variance is learnt, by pairs of them."""
        one, other = pairs(len(rows))
        kernels = np.zeros((len(blocks), len(one)))
        for kernel, block in zip(kernels, blocks, strict=True):
            kernel[:] = block.alike(rows[one], rows[other])
        return kernels

    def working(self, blocks: list[Levels | Drift], late: NDArray[np.intp], kernels: Array) -> Working:
        """The normal model of some observations at the fitted means."""
        (one, other) = pairs(len(late))
        design, bend = self.design()[late], self.saturation.bend[late]
        mean = np.maximum(self.mean[late], 1e-9)
        told = design @ (self.fixed - self.prior) + self.counts[late] / mean - 1.0
        certain = ((design / self.precision) @ design.T)[one, other]
        for block in blocks:
            told += block.at(late)
        for intercept in self.intercepts:
            told += intercept.at(late)
            certain += intercept.variance * intercept.alike(late[one], late[other])
        for scale in self.scales:
            told += bend * scale.at(late)
            certain += scale.variance * scale.alike(late[one], late[other]) * bend[one] * bend[other]
        return Working(
            told,
            mean,
            certain,
            kernels,
            self.usual_variances,
            np.array([isinstance(b, Levels) and b is not self.levels[-1] for b in blocks]),
            np.array([freedom_of(b) for b in blocks]),
            DISPERSION[0],
        )

    def part_excess(self) -> None:
        """Variance of lines and dispersion of counts, both at once."""
        used = [float((1.0 - s.spread[:-1] / s.variance).clip(0.0, 1.0).sum()) for s in self.levels[:-1]]
        line = self.levels[-1] if self.levels else None  # the finest factor is the last
        variance, self.dispersion = part(self.counts, self.mean, self.told, line, self.dispersion, sum(used))
        if line is not None:
            line.variance = variance

    def level_with_past(self) -> None:
        """Move the mean so that, asked for its own past, the model would promise in all what came.

        The most likely effects give means of about the right total; the means over their uncertainty, which is what
        forecasts are, lie above it.
        """
        design = self.design()
        spread = ((design @ self.covariance) * design).sum(axis=1)
        for levels in self.levels:
            spread += levels.spread[levels.code]
        for levels, hidden in self.hidden:
            spread[hidden] += levels.spread[:-1].mean() if len(levels.keys) else levels.variance
        for drift in self.drifts:
            spread += np.append(drift.spread.ravel(), 0.0)[drift.code]
        promised = (self.mean * np.exp(np.minimum(spread, 2.0) / 2.0))[self.carries]
        total = promised.sum() + 0.5
        chance = (promised + self.dispersion * promised**2).sum() / total**2
        off = np.log((self.came + 0.5) / total)
        self.fixed[0] += off * MISFIT_SD**2 / (MISFIT_SD**2 + chance)

    def fitted(self) -> Fitted:
        taught = self.slopes()[1]
        straight = float(np.average(self.daily / (self.daily + self.kappa), weights=taught))
        return Fitted(
            self.fixed,
            self.covariance,
            tuple(self.levels[len(self.intercepts) :]),
            tuple(self.drifts),
            tuple(self.scales),
            self.usual,
            straight / (1.0 - straight),
            float(np.average(self.saturation.bend, weights=taught)),
            self.dispersion,
            self.likeness,
            self.crowding.fitted() if self.crowding else None,
        )
