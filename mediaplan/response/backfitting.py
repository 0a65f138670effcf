"""Fitting the crossed count model by backfitting: one block of effects after the other, each in O(rows).

    results ~ negative binomial, mean m, variance m + dispersion · m²
    log m   = log spend + mean + age + organic signals + crossed effects + drift - log(1 + u)
    u       = (spend / calendar days) / kappa
    log kappa = usual + global + people + effects of channel × audience, slot, line

Source:
    Ghosh, Hastie, Owen, "Backfitting for large scale crossed random effects regressions", 2020 (the O(N) sweeps);
    Little, "Models and managers: the concept of a decision calculus", 1970 (the curve, with slope 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.cases import Cases
from mediaplan.response.drift import DRIFTS, Drift
from mediaplan.response.effects import FACTORS, SCALE_FACTORS, Levels, nests, present
from mediaplan.response.observations import Observations

Array = NDArray[np.float64]

SWEEPS = 20
"""Times that all effects are revisited."""


ELASTICITY = 0.72
"""At the usual past money, before anything is learnt: the published middle of paid social."""

MISFIT_SD = 0.15
"""Standard deviation of the logarithm of told over promised total in histories without chance."""

AGE = (-0.10, 0.08)
SIGNAL_SD = 0.5
MEAN_SD = 1.0
KAPPA_SD = 1.5
PEOPLE = (1.0, 0.3)
DISPERSION = (0.15, 0.10)
"""Prior means and standard deviations: fatigue per week of age, log rate per standard deviation of a signal, the
mean, the global log scale, the power of the audience's size in the scale, the dispersion."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """The fitted model of one kind of result.

    Attributes:
        fixed: Shape (3 + signals + 1,): mean, age, signals, global log kappa, power of people.
        covariance: Of `fixed`.
        levels: Effects on the log rate.
        drifts: Effects that wander.
        scales: Effects on log kappa.
        usual: Log of kappa before anything is learnt, money per calendar day.
        bend: u / (1 + u) at the money that taught most: there the history says what money brings, whatever kappa is.
        dispersion: Of the counts.
    """

    fixed: Array
    covariance: Array
    levels: tuple[Levels, ...]
    drifts: tuple[Drift, ...]
    scales: tuple[Levels, ...]
    usual: float
    bend: float
    dispersion: float


def backfit(seen: Observations, cases: Cases, sizes: Mapping[str, int], dimensions: set[str]) -> Fitted:
    """Fit one kind of result.

    Args:
        seen: Observations, at least one.
        cases: The same, as the model sees them.
        sizes: Number of names of each dimension.
        dimensions: Those that the history is broken down by, with `format` and `topic` where posts have them.
    """
    fit = _Fit(seen, cases, sizes, dimensions)
    for sweep in range(SWEEPS):
        fit.sweep(learn=sweep >= 2)
    fit.level_with_past()
    return fit.fitted()


class _Fit:
    """The state of a fit between two sweeps."""

    def __init__(
        self, seen: Observations, cases: Cases, sizes: Mapping[str, int], dimensions: set[str]
    ) -> None:
        self.counts = seen.counts
        self.cases = cases
        self.levels = [Levels.start(f, cases, sizes) for f in present(FACTORS, dimensions)]
        self.scales = [Levels.start(f, cases, sizes) for f in present(SCALE_FACTORS, dimensions)]
        self.nests = nests(self.levels) + nests(self.scales)
        self.shared = self.shared_with_fixed()
        self.drifts = [
            Drift.start(of, prior, cases, 1 if of is None else sizes[of])
            for of, prior in DRIFTS
            if of is None or of in dimensions
        ]
        self.daily = seen.spend / seen.days
        usual = _usual_money(self.daily, seen.spend) * ELASTICITY / (1.0 - ELASTICITY)
        self.usual = float(np.log(usual))
        self.kappa = np.full(len(seen), usual) * np.exp(cases.people)
        self.bare = seen.spend.copy()
        self.saturate()
        self.start_fixed(seen)
        self.dispersion = DISPERSION[0]

    def start_fixed(self, seen: Observations) -> None:
        """Prior of the fixed effects, and a first mean."""
        signals = self.cases.signals.shape[1]
        kept = float((seen.spend / (1.0 + self.u)).sum())
        mean = float(np.log((seen.counts.sum() + 0.5) / kept))
        self.prior = np.array([mean, AGE[0], *[0.0] * signals, 0.0, PEOPLE[0]])
        sds = np.array([MEAN_SD, AGE[1], *[SIGNAL_SD] * signals, KAPPA_SD, PEOPLE[1]])
        self.precision = 1.0 / sds**2
        self.fixed = self.prior.copy()
        self.plain = np.column_stack([np.ones(len(seen)), self.cases.age, self.cases.signals])
        self.bare = seen.spend * np.exp(self.plain @ self.fixed[:-2])

    def shared_with_fixed(self) -> list[tuple[Levels, list[int], Array]]:
        """Factors, the fixed effects that can't be told from them but by their priors, and these by level."""
        signals, means = self.cases.signals, (0, 2 + self.cases.signals.shape[1])
        found = []
        for mean, family in zip(means, (self.levels, self.scales), strict=True):
            for levels in family:
                columns = [mean] if (levels.code < len(levels.keys)).all() else []
                design = np.ones((len(levels.effect), len(columns)))
                if levels.factor.of == ("post",) and family is self.levels:
                    columns += range(2, 2 + signals.shape[1])
                    design = np.column_stack([design, np.zeros((len(design), signals.shape[1]))])
                    design[levels.code, design.shape[1] - signals.shape[1] :] = signals
                if columns:
                    found.append((levels, columns, design[:-1]))
        return found

    def hand_up(self) -> None:
        """Move what effects share to where it belongs; no fitted value changes."""
        for nest in self.nests:
            nest.hand_up()
        for levels, columns, design in self.shared:
            tight, loose = 1.0 / levels.variance, self.precision[columns]
            pull = design.T @ levels.effect[:-1] * tight - loose * (self.fixed - self.prior)[columns]
            moved = np.linalg.solve(design.T @ design * tight + np.diag(loose), pull)
            levels.effect[:-1] -= design @ moved
            self.fixed[columns] += moved

    def saturate(self) -> None:
        """Refresh what depends on kappa."""
        self.u = self.daily / self.kappa
        self.bend = self.u / (1.0 + self.u)

    @property
    def mean(self) -> Array:
        mean: Array = self.bare * (1.0 - self.bend)
        return mean

    def sweep(self, *, learn: bool) -> None:
        """Revisit every block once; learn variances and dispersion."""
        self.move_fixed()
        blocks: list[Levels | Drift] = [*self.levels, *self.drifts]
        for block in blocks:
            score, weight = self.slopes()
            self.bare *= np.exp(block.move(score, weight))[block.code]
        for scale in self.scales:
            score, weight = self.slopes()
            step = scale.move(score * self.bend, weight * self.bend**2)
            self.kappa *= np.exp(step)[scale.code]
            self.saturate()
        self.hand_up()
        if learn:
            for block in blocks:
                block.shrink()
            self.learn_dispersion()

    def slopes(self) -> tuple[Array, Array]:
        """Slope of the log likelihood in the log mean, and its information."""
        mean = self.mean
        grown = 1.0 + self.dispersion * mean
        return (self.counts - mean) / grown, mean / grown

    def design(self) -> Array:
        """Slope of each log mean in each fixed effect."""
        return np.column_stack([self.plain, self.bend, self.bend * self.cases.people])

    def move_fixed(self) -> None:
        """One joint Newton step of mean, age, signals, global kappa and the power of people."""
        score, weight = self.slopes()
        design = self.design()
        slope = design.T @ score - self.precision * (self.fixed - self.prior)
        information = (design * weight[:, None]).T @ design + np.diag(self.precision)
        step = np.clip(np.linalg.solve(information, slope), -1.0, 1.0)
        self.covariance: Array = np.linalg.inv(information).astype(np.float64)
        self.fixed = self.fixed + step
        self.bare *= np.exp(self.plain @ step[:-2])
        self.kappa *= np.exp(step[-2] + step[-1] * self.cases.people)
        self.saturate()

    def learn_dispersion(self) -> None:
        """Dispersion by moments: squared residuals against chance, weighted by what each can tell, with a prior."""
        mean = self.mean
        used = sum(float((1.0 - s.spread[:-1] / s.variance).clip(0.0, 1.0).sum()) for s in self.levels)
        spare = len(mean) / max(len(mean) - used, 0.25 * len(mean))
        tells = 0.5 * (mean / (1.0 + self.dispersion * mean)) ** 2
        excess = (self.counts - mean) ** 2 * spare - mean
        prior = 1.0 / DISPERSION[1] ** 2
        told = float((tells * excess / np.maximum(mean, 1e-12) ** 2).sum())
        self.dispersion = float(np.clip((told + prior * DISPERSION[0]) / (tells.sum() + prior), 0.01, 3.0))

    def level_with_past(self) -> None:
        """Move the mean so that, asked for its own past, the model would promise in all what came.

        The most likely effects give means of about the right total; the means over their uncertainty, which is what
        forecasts are, lie above it.
        """
        design = self.design()
        spread = ((design @ self.covariance) * design).sum(axis=1)
        for levels in self.levels:
            spread += levels.spread[levels.code]
        for drift in self.drifts:
            spread += np.append(drift.spread.ravel(), 0.0)[drift.code]
        promised = self.mean * np.exp(np.minimum(spread, 2.0) / 2.0)
        total = promised.sum() + 0.5
        chance = (promised + self.dispersion * promised**2).sum() / total**2
        off = np.log((self.counts.sum() + 0.5) / total)
        self.fixed[0] += off * MISFIT_SD**2 / (MISFIT_SD**2 + chance)

    def fitted(self) -> Fitted:
        return Fitted(
            self.fixed,
            self.covariance,
            tuple(self.levels),
            tuple(self.drifts),
            tuple(self.scales),
            self.usual,
            float(np.average(self.bend, weights=self.slopes()[1])),
            self.dispersion,
        )


def _usual_money(daily: Array, spend: Array) -> float:
    """Money per day half-way (as a ratio) between the median row and the row of the median unit of money.

    Where few rows hold most of the money the median row says nothing of it.
    """
    order = np.argsort(daily, kind="stable")
    held = np.cumsum(spend[order])
    middle = daily[order][np.searchsorted(held, held[-1] / 2.0)]
    return float(np.sqrt(np.median(daily) * middle))
