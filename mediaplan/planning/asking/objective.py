"""What a plan maximises, as a function of the lines' money in minor units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.curves import Curves, pooled
from mediaplan.response.ladders import Ladders
from mediaplan.response.pools import Pools, kept, next_kept, next_taken

Array = NDArray[np.float64]

NEVER = 10**15
"""Minor units that no line receives."""
HALVINGS = 64
"""Of that range, until less than a minor unit is left."""


@dataclass(frozen=True, eq=False)
class Objective:
    """Mean worth of money over the posterior draws.

    Attributes:
        curves: Of the lines, in major units of money, their pools measured in `weights`.
        weights: Shape (kinds, lines), worth of one result.
        major: Major units in one minor unit (0.01 for EUR, 1 for XOF).
        price: Worth of one minor unit of money spent, ≤ 0: where the plan is to cost little.
        views: Where the plan is to be good in the worst of several views, these; the curves and weights then stand for
            their average.
        offset: What `total` is counted from: of a view, the best that could be had in it.
    """

    curves: Curves
    weights: Array
    major: float
    price: float = 0.0
    views: tuple[Objective, ...] = ()
    offset: float = 0.0

    @property
    def lines(self) -> int:
        """Number of lines."""
        return int(self.weights.shape[1])

    def take(self, chosen: NDArray[np.intp]) -> Objective:
        """Only the chosen lines, by index."""
        views = tuple(view.take(chosen) for view in self.views)
        return replace(self, curves=self.curves.take(chosen), weights=self.weights[:, chosen], views=views)

    def in_smaller_pools(self, share: float) -> Objective:
        """The same, every pool with that share of its people."""
        pools = tuple(replace(layer, size=share * layer.size) for layer in self.curves.pools)
        return replace(self, curves=replace(self.curves, pools=pools))

    @cached_property
    def bend(self) -> Array:
        """Shape (lines,), minor units of money at which a line's curve bends."""
        bend: Array = self.curves.scale.mean(axis=(0, 2)) / self.major
        return bend

    @property
    def given(self) -> Ladders | None:
        """What a rate card says of some lines, in major units."""
        return self.curves.given

    def curved(self, lines: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of these lines have a curve beside what a rate card says."""
        return np.asarray((self.curves.rate[:, lines] > 0).any(axis=(0, 2)), dtype=np.bool_)

    @property
    def straight(self) -> bool:
        """Whether worth is straight between the tiers of a rate card, as no line has a curve and none shares people."""
        return not self.pools and not (self.curves.rate > 0).any()

    @property
    def pools(self) -> tuple[Pools, ...]:
        """Layers of people that take from what is maximised; none where results are worth nothing, or a view counts."""
        return self.curves.pools if self.weights.any() and not self.views else ()

    def worth(self, amounts: Array) -> Array:
        """Shape (lines, knots) of amounts in minor units -> worth of each line on its own."""
        return self.curves.worth(amounts * self.major, self.weights) + self.price * amounts

    def slope(self, amounts: Array) -> Array:
        """Shape (lines,): worth of each line's next minor unit, on its own."""
        return self.curves.slope(amounts * self.major, self.weights) * self.major + self.price

    def outcome(self, amounts: Array, values: Array) -> Array:
        """Shape (lines, knots) of amounts in minor units -> what each line's results add up to by other values.

        Args:
            amounts: Minor units.
            values: Shape (kinds, lines), what one result counts.
        """
        return self.curves.worth(amounts * self.major, values)

    def outcome_slope(self, amounts: Array, values: Array) -> Array:
        """Shape (lines,): by how much the next minor unit raises `outcome`."""
        return self.curves.slope(amounts * self.major, values) * self.major

    def results(self, amounts: Array) -> Array:
        """Shape (kinds, lines): expected results of a whole plan, after pools; amounts in minor units."""
        mean: Array = pooled(self.curves, amounts * self.major).mean(axis=2)
        return mean

    def least_for(self, worth: Array) -> NDArray[np.int64]:
        """Shape (lines,): the least minor units with which each line on its own is worth that; `NEVER` where none is."""
        low, high = np.zeros(self.lines), np.full(self.lines, float(NEVER))
        never = self.worth(high[:, None])[:, 0] < worth
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            enough = self.worth(middle[:, None])[:, 0] >= worth
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        least: NDArray[np.int64] = np.where(never, NEVER, np.ceil(high)).astype(np.int64)
        return np.where(worth > 0, least, 0)

    def own_results(self, amounts: Array) -> Array:
        """Shape (kinds, lines): expected results of each line by itself, before pools; amounts in minor units."""
        mean: Array = self.curves.results(amounts * self.major).mean(axis=2)
        return mean

    def next_counted(self, amounts: Array, values: Array) -> Array:
        """Shape (kinds, lines): by how much each line's next own result raises what a whole plan's results add up to.

        Args:
            amounts: Shape (lines,), minor units.
            values: Shape (kinds, lines), what one result counts, after pools.
        """
        pools = self.curves.pools
        if not pools:
            return values
        own, weight = self.own_results(amounts), pools[0].weight
        load = (weight * own).sum(axis=0)
        each: Array = values * kept(pools, load) + weight * next_taken(
            pools, load, (values * own).sum(axis=0)
        )
        return each

    def weighted(self, weights: Array) -> Objective:
        """The same curves with other weights, shape (kinds, lines)."""
        return replace(self, weights=weights, views=())

    def total(self, amounts: Array) -> float:
        """Worth of a whole plan, after pools: shape (lines,) of amounts in minor units."""
        if self.views:
            return min(view.total(amounts) for view in self.views)
        return float(self.by_draw(amounts).mean()) + self.price * float(amounts.sum()) - self.offset

    def size(self, worth: float) -> float:
        """How large a worth is, before what it is counted from: what is as near to another as doubles tell is told by that."""
        return max(abs(worth), *(abs(view.offset) for view in self.views), abs(self.offset))

    def by_draw(self, amounts: Array) -> Array:
        """Shape (draws,): worth of a whole plan's results in each posterior draw, after pools."""
        results = pooled(self.curves, amounts * self.major)
        each: Array = (self.weights[:, :, None] * results).sum(axis=(0, 1))
        return each

    def of_draws(self, draws: NDArray[np.intp]) -> Objective:
        """The same, as if only those draws were possible."""
        curves = replace(
            self.curves, rate=self.curves.rate[:, :, draws], scale=self.curves.scale[:, :, draws]
        )
        return replace(self, curves=curves, views=())

    def keeping(self, amounts: Array) -> tuple[Array, float]:
        """The pools' tangent at a plan.

        Returns:
            Shape (lines,), the part of a line's own next worth that its pools keep (1 without a pool), and a constant:
            `Σ keeping · worth + constant` is nowhere below the plan's worth after pools.
        """
        if not self.pools:
            return np.ones(self.lines), 0.0
        own = self.worth(amounts[:, None])[:, 0]
        keep = next_kept(self.pools, own)
        return keep, float(own @ kept(self.pools, own) - own @ keep)
