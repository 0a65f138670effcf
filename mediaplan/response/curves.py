"""What money is expected to buy on each line: concave curves with their uncertainty, one per posterior draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.ladders import Ladders
from mediaplan.response.pools import Pools, draws_kept, kept

Array = NDArray[np.float64]

MISFIT = 0.13
"""Standard deviation of the logarithm of delivered over promised per e-fold by which a plan is to beat the past."""

AT_ONCE = 300_000
"""Numbers that are held at once rather than in a loop."""

MOST_GAIN = 3.0
"""E-folds beyond which the doubt grows no further."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Expected results of each line as a function of its money, for each posterior draw.

        results(amount) = rate · amount / (1 + amount / scale)

    Attributes:
        kinds: Kinds of result, in the order of the arrays' first axis.
        rate: Shape (kinds, lines, draws), results per major unit of money at the first unit, ≥ 0.
        scale: Shape (kinds, lines, draws), major units of money over the whole line at which half of that is left, > 0.
        dispersion: Shape (kinds,). A count with mean m varies by m + dispersion · m² from one realisation to another.
        cover: Shape (lines,), major units: the largest amount that the history speaks for, scaled to the line's
            days; 0 where nothing alike was ever bought.
        seen: Shape (lines,), whether the history holds that combination.
        pools: Layers of people whom lines share, the narrowest first; each within the next.
        usual: Shape (kinds,), results per major unit of money in the history; `None` = not known, and no `misfit`.
        given: What a rate card says of some lines, on top of the curve; `None` = there is none.

    Source:
        The hyperbola is the Hill curve of slope 1 (Meridian's default); see docs/how-it-decides.md.
    """

    kinds: tuple[str, ...]
    rate: Array
    scale: Array
    dispersion: Array
    cover: Array
    seen: NDArray[np.bool_]
    pools: tuple[Pools, ...] = ()
    usual: Array | None = None
    given: Ladders | None = None

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return int(self.rate.shape[2])

    @property
    def bought(self) -> NDArray[np.bool_]:
        """Shape (kinds,): what a rate card sells for the money, units and resources, which no people wear out."""
        return np.zeros(len(self.kinds), dtype=bool) if self.given is None else self.given.firm

    @property
    def stated(self) -> NDArray[np.bool_]:
        """Shape (lines,): lines of a rate card."""
        stated = np.zeros(len(self.seen), dtype=bool)
        if self.given is not None:
            stated[self.given.line] = True
        return stated

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Curves:
        """Only the chosen lines, by mask or by index."""
        return replace(
            self,
            rate=self.rate[:, chosen],
            scale=self.scale[:, chosen],
            cover=self.cover[chosen],
            seen=self.seen[chosen],
            pools=tuple(layer.take(chosen) for layer in self.pools),
            given=None if self.given is None else self.given.take(chosen),
        )

    def of_kinds(self, kinds: Sequence[str]) -> Curves:
        """Only these kinds of result, in this order."""
        places = [self.kinds.index(kind) for kind in kinds]
        return replace(
            self,
            kinds=tuple(kinds),
            rate=self.rate[places],
            scale=self.scale[places],
            dispersion=self.dispersion[places],
            usual=None if self.usual is None else self.usual[places],
            pools=tuple(layer.of_kinds(places) for layer in self.pools),
            given=None if self.given is None else self.given.of_kinds(places),
        )

    def measured_in(self, weights: Array) -> Curves:
        """The same curves, their pools worn by results as these weights count them.

        Args:
            weights: Shape (kinds, lines), of a result of each kind on each line.
        """
        usual = self.rate.mean(axis=2)
        return replace(self, pools=tuple(layer.measured_in(weights, usual) for layer in self.pools))

    def kept(self, amounts: Array) -> Array:
        """Part of its own results that each line keeps when all have their money together, shape (lines,)."""
        return kept(self.pools, self.load(amounts)) if self.pools else np.ones(len(amounts))

    def drawn_kept(self, amounts: Array, random: np.random.Generator, draws: int) -> Array:
        """The same if the pools' sizes are other than thought, shape (lines, draws)."""
        if not self.pools:
            return np.ones((len(amounts), 1))
        return draws_kept(self.pools, self.load(amounts), draws, random)

    def load(self, amounts: Array) -> Array:
        """What each line's own results wear, shape (lines,): in the unit of the pools' sizes; 0 without pools."""
        if not self.pools:
            return np.zeros(len(amounts))
        return self.worth(amounts[:, None], self.pools[0].weight)[:, 0]

    def results(self, amounts: Array) -> Array:
        """Expected results of each line on its own, by draw.

        Args:
            amounts: Shape (lines,), major units of money, ≥ 0.

        Returns:
            Shape (kinds, lines, draws).
        """
        money = amounts[None, :, None]
        each: Array = self.rate * money / (1.0 + money / self.scale)
        if self.given is not None:
            each[:, self.given.line] += self.given.results(amounts)[:, :, None]
        return each

    def worth(self, amounts: Array, values: Array) -> Array:
        """Mean worth of each line at several amounts: what the plan maximises, before pools.

        Args:
            amounts: Shape (lines, knots), major units of money, ≥ 0.
            values: Shape (kinds, lines), worth of one result of each kind on each line.

        Returns:
            Shape (lines, knots), in the unit of `values`, averaged over the draws.
        """
        if amounts.size * self.draws <= AT_ONCE:
            total = self._worth_at_once(amounts, values)
        else:
            total = np.zeros(amounts.shape)
            for kind in range(len(self.kinds)):
                for draw in range(self.draws):
                    money = amounts / self.scale[kind, :, draw, None]
                    total += (values[kind] * self.rate[kind, :, draw])[:, None] * amounts / (1.0 + money)
        total /= self.draws
        if self.given is not None:
            total[self.given.line] += self.given.worth(amounts, values)
        return total

    def _worth_at_once(self, amounts: Array, values: Array) -> Array:
        """The sum over kinds and draws of `worth`, of few lines and amounts: without a loop over the draws."""
        total = np.zeros(amounts.shape)
        for rate, scale, value in zip(self.rate, self.scale, values, strict=True):
            left = 1.0 / (1.0 + amounts[:, :, None] / scale[:, None, :])
            total += np.einsum("ikd,id->ik", left, value[:, None] * rate) * amounts
        return total

    def slope(self, amounts: Array, values: Array) -> Array:
        """Mean worth that the next unit of money adds on each line, before pools.

        Args:
            amounts: Shape (lines,), major units of money, ≥ 0.
            values: Shape (kinds, lines).

        Returns:
            Shape (lines,), worth per major unit.
        """
        each = self.rate / (1.0 + amounts[None, :, None] / self.scale) ** 2
        mean: Array = (values[:, :, None] * each).sum(axis=0).mean(axis=1)
        if self.given is not None:
            mean[self.given.line] += self.given.next_worth(amounts, values)
        return mean


def realised(
    curves: Curves, amounts: Array, seed: int, copies: int = 8, first: NDArray[np.intp] | None = None
) -> Array:
    """Counts that may really come of a plan: the curves' uncertainty and the chance of counting.

    Args:
        curves: Of the funded lines.
        amounts: Shape (lines,), major units of money.
        seed: Of the random numbers.
        copies: Realisations per posterior draw.
        first: The first line of each run of lines that are counted together, rising; default: each is counted.

    Returns:
        Shape (kinds, counts, draws · copies), results.
    """
    random = np.random.default_rng(seed)
    mean = np.repeat(curves.results(amounts), copies, axis=2)
    doubt = misfit(curves, amounts)
    off = random.normal(-0.5 * doubt**2, doubt, mean.shape[2])
    mean *= curves.drawn_kept(amounts, random, mean.shape[2]) * np.exp(off)
    if first is not None and len(first) < mean.shape[1]:
        mean = np.add.reduceat(mean, first, axis=1)
    spread = np.maximum(curves.dispersion, 1e-9)[:, None, None]
    wear = random.gamma(1.0 / spread, spread, size=mean.shape)
    return random.poisson(np.minimum(mean * wear, 1e15)).astype(np.float64)


def misfit(curves: Curves, amounts: Array) -> float:
    """How far off the model is in all, beyond what it doubts of its parameters.

    A plan lies where the model promises most, and that is also where the model's form errs to the good. A plan that is
    as good as the past was is taken at its word; one that promises several times that, less so.

    Returns:
        Standard deviation of the logarithm of what comes over what is expected, of all lines together.
    """
    expected, money = pooled(curves, amounts).mean(axis=2).sum(axis=1), float(amounts.sum())
    if curves.usual is None or money <= 0:
        return 0.0
    gain = np.log(np.maximum(expected, 1e-300) / np.maximum(curves.usual * money, 1e-300))
    return MISFIT * float(np.clip(np.abs(gain).mean(), 0.0, MOST_GAIN))


def pooled(curves: Curves, amounts: Array) -> Array:
    """Expected results of each line when all have their money together, by draw.

    Args:
        curves: Of all lines with money.
        amounts: Shape (lines,), major units of money, ≥ 0.

    Returns:
        Shape (kinds, lines, draws).
    """
    left = np.where(curves.bought[:, None], 1.0, curves.kept(amounts)[None, :])
    return curves.results(amounts) * left[:, :, None]
