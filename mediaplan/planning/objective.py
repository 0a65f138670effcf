"""What a plan maximises, as a function of the lines' money in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.curves import Curves
from mediaplan.response.pools import Pools, kept, next_kept

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Objective:
    """Mean worth of money over the posterior draws.

    Attributes:
        curves: Of the lines, in major units of money, their pools measured in `weights`.
        weights: Shape (kinds, lines), worth of one result.
        major: Major units in one minor unit (0.01 for EUR, 1 for XOF).
    """

    curves: Curves
    weights: Array
    major: float

    @property
    def lines(self) -> int:
        """Number of lines."""
        return int(self.weights.shape[1])

    def take(self, chosen: NDArray[np.intp]) -> Objective:
        """Only the chosen lines, by index."""
        return Objective(self.curves.take(chosen), self.weights[:, chosen], self.major)

    @cached_property
    def bend(self) -> Array:
        """Shape (lines,), minor units of money at which a line's curve bends."""
        bend: Array = self.curves.scale.mean(axis=(0, 2)) / self.major
        return bend

    @property
    def pools(self) -> tuple[Pools, ...]:
        """Layers of people whom lines share, their sizes in worth."""
        return self.curves.pools

    def worth(self, amounts: Array) -> Array:
        """Shape (lines, knots) of amounts in minor units -> worth of each line on its own."""
        return self.curves.worth(amounts * self.major, self.weights)

    def slope(self, amounts: Array) -> Array:
        """Shape (lines,): worth of each line's next minor unit, on its own."""
        return self.curves.slope(amounts * self.major, self.weights) * self.major

    def total(self, amounts: Array) -> float:
        """Worth of a whole plan, after pools: shape (lines,) of amounts in minor units."""
        own = self.worth(amounts[:, None])[:, 0]
        return float(own @ kept(self.pools, own))

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
