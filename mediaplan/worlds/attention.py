"""What one week's money brings from people: bids win impressions, impressions use up attention, attention clicks.

Of line l with money x among groups of people g:

    bids          m = depth · ((1 + x / depth)^(1 - rise) - 1) / (1 - rise)      own money raises the price
    impressions   d_g = supply_g · (1 - exp(-m / (price · Σ supply) · keenness_g))   the likeliest first
    attention     a person's n-th impression of the week has exp(-weariness · n) of the attention of the first;
                  a person's impressions of different lines are seen in order of what they are worth
    results       of each line its chance per attentive impression × the attention that it got

So all lines that reach the same people wear them out together. Whole weeks are concave in the money of all lines
together: each group's worth is Σ (worth_k - worth_k+1) · A(impressions of the k best lines), A concave and rising.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Week:
    """One week of a market, n lines among G groups of people.

    Attributes:
        people: Shape (G,), in each group.
        supply: Shape (G, n), impressions that can be won.
        keenness: Shape (G, n), how much sooner than others delivery goes to the group; about 1.
        price: Shape (n,), EUR for the first impression.
        depth, rise: EUR and power by which own money raises the price.
        chance: Shape (G, n), results per attentive impression.
        value: Shape (n,), of one result.
        weariness: Attention lost with each further impression.
    """

    people: Array
    supply: Array
    keenness: Array
    price: Array
    depth: float
    rise: float
    chance: Array
    value: Array
    weariness: float

    def take(self, lines: Index) -> Week:
        """Only those lines."""
        return Week(
            self.people,
            self.supply[:, lines],
            self.keenness[:, lines],
            self.price[lines],
            self.depth,
            self.rise,
            self.chance[:, lines],
            self.value[lines],
            self.weariness,
        )

    @cached_property
    def _order(self) -> Index:
        """Shape (G, n), lines from the one worth most to each group."""
        return np.argsort(-self.value * self.chance, axis=1, kind="stable")

    @cached_property
    def _pressure(self) -> Array:
        """Shape (G, n), by which one EUR of bids reaches each group."""
        whole = np.maximum(self.supply.sum(axis=0), 1e-9)
        pressure: Array = self.keenness / (self.price * whole)
        return pressure

    def shown(self, amounts: Array) -> Array:
        """Impressions on each group.

        Args:
            amounts: Shape (n,), EUR for the week, ≥ 0.

        Returns:
            Shape (G, n).
        """
        grown = (1.0 + amounts / self.depth) ** (1.0 - self.rise) - 1.0
        bids = self.depth * grown / (1.0 - self.rise)
        shown: Array = -self.supply * np.expm1(-self._pressure * bids)
        return shown

    def attended(self, shown: Array) -> Array:
        """Attentive impressions of each line, of all that are shown in the week, shape (G, n)."""
        sorted_shown = np.take_along_axis(shown, self._order, axis=1)
        seen = np.cumsum(sorted_shown, axis=1) / self.people[:, None]
        attention = -np.expm1(-self.weariness * seen) / self.weariness * self.people[:, None]
        attended = np.empty_like(shown)
        np.put_along_axis(attended, self._order, np.diff(attention, axis=1, prepend=0.0), axis=1)
        return attended

    def results(self, amounts: Array) -> Array:
        """Expected results of each line when all have their money together, shape (n,)."""
        each: Array = (self.chance * self.attended(self.shown(amounts))).sum(axis=0)
        return each

    def alone(self, amounts: Array) -> Array:
        """Expected results of each line if no other had money, shape (n,)."""
        seen = self.shown(amounts) / self.people[:, None]
        attention = -np.expm1(-self.weariness * seen) / self.weariness * self.people[:, None]
        each: Array = (self.chance * attention).sum(axis=0)
        return each

    def _slope(self, shown: Array) -> Array:
        """Value that one further impression of each line adds to each group, shape (G, n)."""
        worth = np.take_along_axis(self.value * self.chance, self._order, axis=1)
        seen = np.cumsum(np.take_along_axis(shown, self._order, axis=1), axis=1) / self.people[:, None]
        steps = -np.diff(worth, axis=1, append=0.0) * np.exp(-self.weariness * seen)
        slope = np.empty_like(shown)
        behind = np.cumsum(steps[:, ::-1], axis=1)[:, ::-1]
        np.put_along_axis(slope, self._order, behind, axis=1)
        return slope

    def given(self, amounts: Array, chosen: Index) -> Callable[[Array], Array]:
        """What other amounts of each of the chosen lines would change while all other lines keep their money.

        Exact, because attention is exponential: a shift of impressions multiplies all that comes behind it.

        Args:
            amounts: Shape (n,), EUR of all lines.
            chosen: Numbers of lines.

        Returns:
            A function from amounts, shape (k, chosen), to changes of the whole week's value, of the same shape.
        """
        shown = self.shown(amounts)
        slope, now = self._slope(shown)[:, chosen], shown[:, chosen]
        few = self.take(chosen)

        def change(others: Array) -> Array:
            changes = np.empty(others.shape)
            for row, other in enumerate(others):
                more = (few.shown(other) - now) / self.people[:, None]
                attention = -np.expm1(-self.weariness * more) / self.weariness * self.people[:, None]
                changes[row] = (slope * attention).sum(axis=0)
            return changes

        return change
