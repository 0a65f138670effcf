"""Posterior draws of the fitted model for any lines, seen or unseen: the Curves that planning works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.curves import Curves
from mediaplan.response.estimating.crowding import pool_keys
from mediaplan.response.estimating.drift import foretell
from mediaplan.response.estimating.effects import Effects
from mediaplan.response.estimating.fitted import Fitted
from mediaplan.response.estimating.saturation import NODES, USUAL
from mediaplan.response.estimating.wearing import Wear, stretches_of
from mediaplan.response.lines import Lines
from mediaplan.response.pools import Pools
from mediaplan.response.rows.cases import Attributes, Cases, Keys
from mediaplan.response.rows.factors import Factor, keys_of
from mediaplan.response.rows.observations import Observations, calendar_days
from mediaplan.response.rows.tables import SOURCE, Sources
from mediaplan.slots import Slots

Array = NDArray[np.float64]

SMALLEST, LARGEST = -80.0, 80.0
"""Logarithms of rates and scales beyond which no money of this world matters."""


@dataclass(frozen=True, eq=False)
class Cover:
    """The most money per calendar day that the history holds, by level.

    Attributes:
        factor: Whose levels they are.
        keys: Shape (levels,), sorted.
        most: Shape (levels,), major units per calendar day.
    """

    factor: Factor
    keys: Keys
    most: Array

    @classmethod
    def of(cls, factor: Factor, cases: Cases, sizes: Mapping[str, int], daily: Array) -> Cover:
        """The most of `daily`, shape (cases,), on each level."""
        key = keys_of(factor, cases, sizes)
        keys, place = np.unique(key[key >= 0], return_inverse=True)
        most = np.zeros(len(keys))
        np.maximum.at(most, place, daily[key >= 0])
        return cls(factor, keys, most)

    def at(self, cases: Cases, sizes: Mapping[str, int]) -> tuple[NDArray[np.bool_], Array]:
        """Whether each case's level is known, and the most money per day there (0 where not)."""
        place, known = _find(self.keys, keys_of(self.factor, cases, sizes))
        return known, np.where(known, self.most[place] if len(self.most) else 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Covers:
    """The same where tables break the same money down in different ways.

    Attributes:
        groups: For each money its covers, one for each breakdown; a line can't have had more than any of them.
    """

    groups: tuple[tuple[Cover, ...], ...]

    def at(self, cases: Cases, sizes: Mapping[str, int]) -> tuple[NDArray[np.bool_], Array]:
        """Whether money may have been on each case, and the most per day that it can have been."""
        seen, most = np.zeros(len(cases), dtype=np.bool_), np.zeros(len(cases))
        for covers in self.groups:
            known, least = np.ones(len(cases), dtype=np.bool_), np.full(len(cases), np.inf)
            for cover in covers:
                here, money = cover.at(cases, sizes)
                known, least = known & here, np.minimum(least, money)
            seen, most = seen | known, np.where(known, np.maximum(most, least), most)
        return seen, most


def covers(money: Observations, about: Attributes, sources: Sources, of: tuple[str, ...]) -> Cover | Covers:
    """The most money per calendar day that the history holds on combinations of names of those dimensions."""
    cases, daily = about.describe(money.codes, money.day), money.spend / money.days

    def cover(mine: NDArray[np.bool_]) -> Cover:
        told = tuple(d for d in of if (money.codes[d][mine] >= 0).any())
        return Cover.of(Factor(told, 0.0), cases.take(mine), about.sizes, daily[mine])

    if sources.tables == 1:
        return cover(np.ones(len(money), dtype=np.bool_))
    source = money.codes[SOURCE]
    group = sources.group(source)
    return Covers(
        tuple(
            tuple(cover(source == one) for one in np.unique(source[group == number]))
            for number in np.unique(group)
        )
    )


@dataclass(frozen=True, eq=False)
class CrossedEstimate:
    """The crossed count model, fitted to each kind of result.

    Attributes:
        kinds: Kinds of result.
        fits: One for each.
        attributes: What is known of posts and audiences.
        slots: Whose weekdays count.
        line, pair: Money that the history speaks for, by line and by channel × audience.
        wear: What the history's weeks took from all people.
        seed: Of the draws.
        draws: Their number.
    """

    kinds: tuple[str, ...]
    fits: tuple[Fitted, ...]
    attributes: Attributes
    slots: Slots
    line: Cover | Covers
    pair: Cover | Covers
    wear: Wear
    seed: int
    draws: int

    def curves(self, lines: Lines) -> Curves:
        """Curves of those lines; the same line has the same curve in whatever company it is asked for."""
        start = lines.start.astype("datetime64[D]").astype(np.float64)
        cases = self.attributes.describe(lines.codes, start + (lines.days - 1) / 2.0, start)
        days = calendar_days(
            start, lines.days.astype(np.float64), lines.codes["slot"], lines.names["slot"], self.slots
        )
        seen, most = self.line.at(cases, self.attributes.sizes)
        _, near = self.pair.at(cases, self.attributes.sizes)
        rates, scales = zip(*(self._curve(at, cases) for at in range(len(self.fits))), strict=True)
        return Curves(
            self.kinds,
            np.stack(rates) * self._weekdays(lines, start)[:, :, None] * self.wear.fresh,
            np.stack(scales) * days[None, :, None],
            np.array([fit.dispersion for fit in self.fits]),
            np.where(seen, most, near) * days,
            seen,
            self._pools(lines, cases),
            self.wear.usual,
        )

    def _weekdays(self, lines: Lines, start: Array) -> Array:
        """What the dates of each line bring beside those of a usual week, shape (kinds, lines)."""
        slot, names, days = lines.codes["slot"], lines.names["slot"], lines.days.astype(np.float64)
        return np.stack([fit.weekdays.over(start, days, slot, names, self.slots) for fit in self.fits])

    def _pools(self, lines: Lines, cases: Cases) -> tuple[Pools, ...]:
        """Lines of one channel and audience, then all lines, each as long as they run at the same time."""
        stretch, days = stretches_of(lines)
        everybody = self.wear.pools(stretch, days)
        crowds = [fit.crowd for fit in self.fits if fit.crowd]
        if not any(crowd.crowded for crowd in crowds):
            return everybody
        key = pool_keys(crowds[0].of, cases, self.attributes.sizes)
        found, member = np.unique(key * len(days) + stretch, return_inverse=True)
        member = np.where(key >= 0, member, -1).astype(np.int32)
        none = np.zeros(len(cases))
        weight = np.stack([fit.crowd.wear(cases) if fit.crowd else none for fit in self.fits]) / len(crowds)
        doubt = min(crowd.doubt for crowd in crowds)
        return (Pools(member, days[found % len(days)], weight, doubt), *everybody)

    def _curve(self, kind: int, cases: Cases) -> tuple[Array, Array]:
        """Draws of the rate and of kappa per calendar day, shape (lines, draws) each."""
        fit, sizes = self.fits[kind], self.attributes.sizes
        ones = np.ones(len(cases))
        plain = np.column_stack([ones, cases.age, cases.signals])
        chance = _Chance(self.seed, kind, self.draws)
        root = np.linalg.cholesky(fit.covariance)
        off = root @ chance.normal(np.arange(len(fit.fixed)), salt=1)
        bent = np.column_stack([plain, fit.bend * ones, fit.bend * cases.people, 0.0 * ones])
        rate, spread = bent @ off, ((bent @ root) ** 2).sum(axis=1)
        centre = plain @ fit.fixed[:-3]
        for number, levels in enumerate(fit.levels):
            mean, variance, key = _foretell(levels, cases, sizes)
            rate += mean[:, None] + np.sqrt(variance)[:, None] * chance.normal(key, salt=10 + number)
            centre, spread = centre + mean, spread + variance
        for number, drift in enumerate(fit.drifts):
            mean, variance, key = foretell(drift, cases)
            rate += mean[:, None] + np.sqrt(variance)[:, None] * chance.normal(key, salt=50 + number)
            centre, spread = centre + mean, spread + variance
        doubt = off[-3] + cases.people[:, None] * off[-2]
        node = chance.nodes(cases, sizes)
        part = fit.fixed[-1] * np.array(NODES)[node]
        tilt = np.exp(-part)
        # what is drawn so far is what usual money brings; the first money brings more where kappa is small
        bend = fit.load * tilt / (1.0 + fit.load * tilt)
        more = 1.0 + bend * np.expm1(-np.clip(doubt, SMALLEST, LARGEST))
        first = 1.0 + USUAL * np.exp(-fit.fixed[-1] * np.array(NODES))
        rate += np.log(first)[node]
        centre = centre + np.log(first.mean())
        scale = (fit.usual + fit.fixed[-3] + cases.people * fit.fixed[-2])[:, None] + doubt + part
        for number, levels in enumerate(fit.scales):
            mean, variance, key = _foretell(levels, cases, sizes)
            scale += mean[:, None] + np.sqrt(variance)[:, None] * chance.normal(key, salt=70 + number)
        return _settled(rate, centre + spread / 2.0) * more, np.exp(np.clip(scale, SMALLEST, LARGEST))


def _settled(rate: Array, log_mean: Array) -> Array:
    """Rates whose mean over the draws is the posterior mean: lines are not to be preferred for lucky draws."""
    rate = rate - rate.max(axis=1, keepdims=True)
    each = np.exp(rate)
    mean = np.exp(np.clip(log_mean, SMALLEST, LARGEST))[:, None]
    settled: Array = each / each.mean(axis=1, keepdims=True) * mean
    return settled


def _find(keys: Keys, wanted: Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Place of each wanted key among the sorted keys, and whether it is there."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.intp), np.zeros(len(wanted), dtype=np.bool_)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def _foretell(levels: Effects, cases: Cases, sizes: Mapping[str, int]) -> tuple[Array, Array, Keys]:
    """Mean and variance of each case's effect: what was learnt, or the prior for a level never seen."""
    key = keys_of(levels.factor, cases, sizes)
    at, known = _find(levels.keys, key)
    mean = np.where(known, levels.effect[at], 0.0)
    spread = np.where(known, levels.spread[at], np.where(key < 0, 0.0, levels.variance))
    return mean, spread, key


class _Chance:
    """Standard normal numbers that belong to a level, not to the order in which levels are asked for."""

    def __init__(self, seed: int, kind: int, draws: int) -> None:
        self.seed = np.uint64(seed % 2**32 * 1000 + kind)
        self.draws = draws

    def nodes(self, cases: Cases, sizes: Mapping[str, int]) -> NDArray[np.int64]:
        """Which hyperbola of the mixture each draw of each case is, shape (cases, draws): each equally often."""
        key = np.zeros(len(cases), dtype=np.int64)
        for dimension in DIMENSIONS:
            key = key * (sizes[dimension] + 1) + cases.codes[dimension] + 1
        first = _mixed(key.astype(np.uint64) + _mixed(self.seed)) % np.uint64(len(NODES))
        turn = np.arange(self.draws) % ((self.draws + 1) // 2)
        place: NDArray[np.int64] = (first.astype(np.int64)[:, None] + turn) % len(NODES)
        return place

    def normal(self, key: Keys, salt: int) -> Array:
        """Shape (keys, draws), antithetic: the second half mirrors the first."""
        from scipy.special import ndtri

        unique, place = np.unique(key, return_inverse=True)
        base = _mixed(unique.astype(np.uint64) + _mixed(self.seed + np.uint64(salt * 7919)))
        bits = _mixed(base[:, None] + np.arange((self.draws + 1) // 2, dtype=np.uint64)[None, :])
        first = ndtri(((bits >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53)
        each: Array = np.concatenate([first, -first], axis=1)[:, : self.draws]
        return each[place]


def _mixed(number: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64: neighbouring numbers become unrelated ones (Steele, Lea, Flood 2014)."""
    x = np.atleast_1d(np.asarray(number, dtype=np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
