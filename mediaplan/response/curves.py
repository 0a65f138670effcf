"""What money is expected to buy on each line: concave curves with their uncertainty, one per posterior draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pools:
    """People whom several lines wear out together: a second concave layer over the lines of a pool.

    A pool gets `z / (1 + z / size)` of the `z` results that its lines would get each on its own.

    Attributes:
        member: Shape (lines,), index of the line's pool; -1 = the line shares its people with no other.
        size: Shape (pools,), results, > 0: what the pool would give to endless money.
    """

    member: NDArray[np.int32]
    size: Array


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
        pools: The second layer, where lines share people.

    Source:
        The hyperbola is the Hill curve of slope 1 (Meridian's default); see docs/how-it-decides.md.
    """

    kinds: tuple[str, ...]
    rate: Array
    scale: Array
    dispersion: Array
    cover: Array
    seen: NDArray[np.bool_]
    pools: Pools | None = None

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return int(self.rate.shape[2])

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Curves:
        """Only the chosen lines, by mask or by index."""
        pools = self.pools and Pools(self.pools.member[chosen], self.pools.size)
        return Curves(
            self.kinds,
            self.rate[:, chosen],
            self.scale[:, chosen],
            self.dispersion,
            self.cover[chosen],
            self.seen[chosen],
            pools,
        )

    def results(self, amounts: Array) -> Array:
        """Expected results of each line on its own, by draw.

        Args:
            amounts: Shape (lines,), major units of money, ≥ 0.

        Returns:
            Shape (kinds, lines, draws).
        """
        money = amounts[None, :, None]
        each: Array = self.rate * money / (1.0 + money / self.scale)
        return each

    def worth(self, amounts: Array, values: Array) -> Array:
        """Mean worth of each line at several amounts: what the plan maximises, before pools.

        Args:
            amounts: Shape (lines, knots), major units of money, ≥ 0.
            values: Shape (kinds, lines), worth of one result of each kind on each line.

        Returns:
            Shape (lines, knots), in the unit of `values`, averaged over the draws.
        """
        total = np.zeros(amounts.shape)
        for kind in range(len(self.kinds)):
            for draw in range(self.draws):
                money = amounts / self.scale[kind, :, draw, None]
                total += (values[kind] * self.rate[kind, :, draw])[:, None] * amounts / (1.0 + money)
        return total / self.draws

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
        return mean


def realised(curves: Curves, amounts: Array, seed: int, copies: int = 8) -> Array:
    """Counts that may really come of a plan: the curves' uncertainty and the chance of counting.

    Args:
        curves: Of the funded lines.
        amounts: Shape (lines,), major units of money.
        seed: Of the random numbers.
        copies: Realisations per posterior draw.

    Returns:
        Shape (kinds, lines, draws · copies), results.
    """
    random = np.random.default_rng(seed)
    mean = np.repeat(pooled(curves, curves.results(amounts)), copies, axis=2)
    spread = np.maximum(curves.dispersion, 1e-9)[:, None, None]
    wear = random.gamma(1.0 / spread, spread, size=mean.shape)
    return random.poisson(np.minimum(mean * wear, 1e15)).astype(np.float64)


def pooled(curves: Curves, results: Array) -> Array:
    """Results after the people of each pool are worn out together; unchanged where there are no pools.

    Args:
        curves: Whose `pools` count.
        results: Shape (kinds, lines, draws), each line on its own.
    """
    if curves.pools is None:
        return results
    shared = curves.pools.member >= 0
    member = curves.pools.member[shared]
    together = np.zeros((results.shape[0], len(curves.pools.size), results.shape[2]))
    for pool in range(len(curves.pools.size)):
        together[:, pool] = results[:, shared][:, member == pool].sum(axis=1)
    kept = 1.0 / (1.0 + together / curves.pools.size[None, :, None])
    worn = results.copy()
    worn[:, shared] *= kept[:, member]
    return worn
