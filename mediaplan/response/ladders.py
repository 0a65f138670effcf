"""What money buys where a rate card says it: tier after tier of units, straight in each, the same in every draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = NDArray[np.intp]

UNITS = "#units"
"""Stands among the kinds of result for the units themselves; no kind of a table is called so."""
USES = "#uses:"
"""Stands before the name of a resource among the kinds of result."""

NEARLY = 1e-6
"""Part of a unit by which doubles may miss a whole one."""


@dataclass(frozen=True, eq=False)
class Ladders:
    """The tiers of some lines, major units of money; lines with fewer tiers than others end in tiers of no length.

    Attributes:
        line: Shape (given,), sorted: which lines they are of.
        start: Shape (given, tiers): money with which a tier begins, what is due once included.
        length: Shape (given, tiers): money in it; inf = no end.
        slope: Shape (kinds, given, tiers): results of each kind for a unit of money.
        cost: Shape (given, tiers): money of one unit.
        least: Shape (given,): money with which the line is used at the least; 0 = any.
        whole: Shape (given,): whether only whole units are sold.
        firm: Shape (kinds,): kinds whose limits may be from above, so that tiers must fill in order wherever they
            differ, and that no people wear out: units, and what they use.
        leapt: Shape (given, tiers): tiers that are bought together with those of the same kind beside them, all or
            none, and then open the one behind them; `None` = no such tiers.
    """

    line: Index
    start: Array
    length: Array
    slope: Array
    cost: Array
    least: Array
    whole: Mask
    firm: Mask
    leapt: Mask | None = None

    @property
    def fixed(self) -> Array:
        """Shape (given,): money due once if the line is used."""
        return self.start[:, 0]

    @property
    def most(self) -> Array:
        """Shape (given,): money that the line takes at the most; inf = no limit."""
        most: Array = self.fixed + self.length.sum(axis=1)
        return most

    @property
    def corners(self) -> Array:
        """Shape (given, tiers + 1): money where tiers begin and end; without an end, where the last begins."""
        ends = self.start + np.where(np.isfinite(self.length), self.length, 0.0)
        return np.column_stack([self.start, ends.max(axis=1)])

    def take(self, chosen: NDArray[np.bool_] | Index) -> Ladders:
        """Those of the chosen lines, by mask or by index."""
        index = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        place = np.minimum(np.searchsorted(self.line, index), max(len(self.line) - 1, 0))
        found = self.line[place] == index if len(self.line) else np.zeros(len(index), dtype=bool)
        at = place[found]
        return Ladders(
            np.flatnonzero(found), self.start[at], self.length[at], self.slope[:, at], self.cost[at],
            self.least[at], self.whole[at], self.firm, None if self.leapt is None else self.leapt[at],
        )  # fmt: skip

    def of_kinds(self, places: Sequence[int]) -> Ladders:
        """Only these kinds of result."""
        return replace(self, slope=self.slope[list(places)], firm=self.firm[list(places)])

    def times(self, factor: Array) -> Ladders:
        """With so many times the results, by line: shape (lines,); units and what they use are the card's own."""
        results = ~self.firm[:, None, None]
        return replace(
            self, slope=np.where(results, self.slope * factor[self.line][None, :, None], self.slope)
        )

    def in_part(self, part: Array) -> Ladders:
        """With that part of what the tiers hold: whole units where only these are sold; shape (lines,), 0 to 1.

        What is due once and the least that is sold stay as they are.
        """
        endless = ~np.isfinite(self.length)
        units = np.cumsum(np.where(endless, 0.0, self.length / self.cost), axis=1) * part[self.line, None]
        units = np.where(self.whole[:, None], np.floor(units + NEARLY), units)
        money = np.diff(units, axis=1, prepend=0.0) * self.cost
        start = self.fixed[:, None] + np.cumsum(money, axis=1) - money
        return replace(self, start=start, length=np.where(endless, np.inf, money))

    def inside(self, money: Array) -> Array:
        """Money in each tier: shape (given, …) of a line's money -> shape (given, …, tiers)."""
        extra = (slice(None), *(None,) * (money.ndim - 1))
        inside: Array = np.minimum(np.maximum(money[..., None] - self.start[extra], 0.0), self.length[extra])
        return inside

    def results(self, amounts: Array) -> Array:
        """Shape (lines,) of money -> shape (kinds, given)."""
        each: Array = np.einsum("kgt,gt->kg", self.slope, self.inside(amounts[self.line]))
        return each

    def worth(self, amounts: Array, values: Array) -> Array:
        """Shape (lines, knots) of money -> shape (given, knots): results as `values`, shape (kinds, lines), count."""
        each: Array = np.einsum("gt,gnt->gn", self._slopes(values), self.inside(amounts[self.line]))
        return each

    def next_worth(self, amounts: Array, values: Array) -> Array:
        """Shape (lines,) of money -> shape (given,): what the next unit of money adds."""
        money = amounts[self.line, None]
        here = (money >= self.start) & (money < self.start + self.length)
        each: Array = (self._slopes(values) * here).sum(axis=1)
        return each

    def unit_worth(self, values: Array) -> Array:
        """Shape (given, tiers): what one unit of a tier is worth."""
        return self._slopes(values) * self.cost

    def _slopes(self, values: Array) -> Array:
        slopes: Array = np.einsum("kg,kgt->gt", values[:, self.line], self.slope)
        return slopes

    def units(self, amounts: Array) -> Array:
        """Shape (lines,) of money -> shape (given,): units that it buys."""
        each: Array = (self.inside(amounts[self.line]) / self.cost).sum(axis=1)
        return each

    def whole_money(self, amounts: Array) -> Array:
        """Shape (lines,) of money -> shape (given,): the nearest money that buys whole units, where they must be."""
        money = amounts[self.line]
        count = np.round(self.inside(money) / self.cost)
        nearest = np.where(money > 0, self.fixed + (count * self.cost).sum(axis=1), 0.0)
        return np.where(self.whole, nearest, money)

    @cached_property
    def waiting(self) -> Mask:
        """Shape (given, tiers): tiers that would be bought before those in front of them, if nothing kept the order.

        Of whole units none fill by themselves: what is left of the money may buy one of a later tier.
        """
        real = self.length > 0
        both = real[:, 1:] & real[:, :-1]
        rise = np.diff(self.slope, axis=2)
        size = 1e-12 * np.abs(self.slope).max(axis=2, initial=0.0)[:, :, None]
        wrong = np.where(self.firm[:, None, None], np.abs(rise) > size, rise > size) & both[None]
        late = wrong.any(axis=0) | (self.whole[:, None] & both)
        if self.leapt is not None:
            late = np.where(self.leapt[:, :-1], False, late | (self.leapt[:, 1:] & both))
        mask: Mask = np.pad(late, ((0, 0), (1, 0)))
        return mask

    @property
    def always(self) -> Mask:
        """Shape (given, tiers): tiers that are bought together and wait for nothing."""
        if self.leapt is None:
            return np.zeros(self.length.shape, dtype=bool)
        return self.leapt & ~np.logical_or.accumulate(self.waiting, axis=1)

    @cached_property
    def ordered(self) -> Mask:
        """Shape (given,): lines whose tiers do not fill in order by themselves, or in whole units only."""
        mask: Mask = self.waiting.any(axis=1) | self.whole
        return mask
