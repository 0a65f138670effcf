"""The kernel words: whatever a rule says, it says as a row over the lines' money and results, as a choice of lines to
fund, as one line's domain, or as the people that money reaches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.weights import Places, Weights
from mediaplan.response.reaching import Crowds

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Linear:
    """A limit on a weighted sum: `at_least ≤ Σ weights · amount + Σ results · expected results ≤ at_most`.

    Attributes:
        weights: By minor unit of money.
        at_least, at_most: Minor units of money, or what `results` adds up; -inf and inf where open.
        counted: Index of the lines that the rule's own limit speaks of, rising.
        ratio: Whether it compares sums of money with each other (a share): then whole minor units may miss it by
            `give`.
        results: Shape (kinds, lines), what one expected result adds; `None` = only money counts.
        soft: Worth of the objective that one unit of shortfall costs; inf = the limit holds.
        guide: Whether it only leads to a plan that keeps a convex limit, which whole amounts are judged by.
        tangent_of: Which limit that may give way it is a tangent of, of several; `None` = of none. The rows of one limit
            fall short together, by as much as the worst of them.
    """

    weights: Weights
    at_least: float
    at_most: float
    counted: Index
    ratio: bool = False
    results: Array | None = None
    soft: float = np.inf
    guide: bool = False
    tangent_of: int | None = None

    @classmethod
    def over(
        cls,
        weights: Array,
        at_least: float,
        at_most: float,
        counted: Mask,
        *,
        ratio: bool = False,
        results: Array | None = None,
        common: float = 0.0,
    ) -> Linear:
        """The limit whose weights, shape (lines,), are `common` but for some lines, and that counts those of a mask."""
        return cls(
            Weights.of(weights, common), at_least, at_most, np.flatnonzero(counted), ratio, results=results
        )

    @property
    def of_money(self) -> bool:
        """Whether the limit is in minor units of money."""
        return self.results is None or self.weights.any()

    def total(self, amounts: Array, results: Array | None = None) -> float:
        """The weighted sum at some amounts, shape (lines,), and expected results, shape (kinds, lines)."""
        money = self.weights @ amounts
        if self.results is None:
            return money
        if results is None:
            raise ValueError("a row over results needs them")
        return money + float((self.results * results).sum())

    def give(self, funded: Mask) -> float:
        """By how much whole minor units may miss a ratio: by one on each funded line that it counts, and at least by one.

        A sum of money that is compared so many times with another misses it by so many for each unit.
        """
        if not self.ratio:
            return 0.0
        each = np.maximum(np.abs(self.weights.at(self.counted[funded[self.counted]])), 1.0)
        return max(float(each.sum()), 1.0)

    def take(self, chosen: Index, places: Places | None = None) -> Linear:
        """The same limit over the chosen lines, by index; the others receive nothing.

        `places` are those of the chosen lines, where they are known.
        """
        places = places or Places.among(chosen, self.weights.lines)
        results = None if self.results is None else self.results[:, chosen]
        return Linear(
            self.weights.take(places),
            self.at_least,
            self.at_most,
            places.of(self.counted)[0],
            self.ratio,
            results,
            self.soft,
            self.guide,
            self.tangent_of,
        )


@dataclass(frozen=True, eq=False)
class Choice:
    """A limit on how many groups of lines receive money: `at_least ≤ Σ weights · [group receives any] ≤ at_most`.

    Attributes:
        line, group: Shape (memberships,): which line belongs to which group, from 0.
        weights: Shape (groups,).
        at_least, at_most: Sums of weights; -inf and inf where open.
        soft: As in `Linear`.
    """

    line: Index
    group: Index
    weights: Array
    at_least: float
    at_most: float
    soft: float = np.inf

    def funded(self, amounts: NDArray[np.int64]) -> Mask:
        """Shape (groups,): which groups receive money."""
        found = np.zeros(len(self.weights), dtype=bool)
        found[self.group[amounts[self.line] > 0]] = True
        return found

    def total(self, amounts: NDArray[np.int64]) -> float:
        """The weighted count at some amounts, shape (lines,)."""
        return float(self.weights @ self.funded(amounts))

    def take(self, chosen: Index) -> Choice:
        """The same limit over the chosen lines, by index; the others receive nothing."""
        place = np.full(int(max(chosen.max(initial=-1), self.line.max(initial=-1))) + 1, -1, dtype=np.intp)
        place[chosen] = np.arange(len(chosen))
        here = place[self.line] >= 0
        return Choice(
            place[self.line[here]], self.group[here], self.weights, self.at_least, self.at_most, self.soft
        )


@dataclass(frozen=True, eq=False)
class Domain:
    """What each of some lines may receive: from `at_least` to `at_most`, in whole `step`s, or nothing.

    Attributes:
        lines: Shape (lines,), the lines it speaks of.
        at_least, at_most: Minor units, for all or shape (lines,); `at_most` inf where open.
        or_zero: Whether a line may also receive nothing.
        step: Minor units; 1 = any whole amount.
    """

    lines: Mask
    at_least: int | NDArray[np.int64] = 0
    at_most: float | Array = np.inf
    or_zero: bool = True
    step: int = 1

    @property
    def least(self) -> NDArray[np.int64]:
        """Shape (picked lines,), minor units."""
        each: NDArray[np.int64] = np.broadcast_to(np.asarray(self.at_least), self.lines.shape)[self.lines]
        return each

    @property
    def most(self) -> Array:
        """Shape (picked lines,), minor units."""
        each: Array = np.broadcast_to(np.asarray(self.at_most, dtype=float), self.lines.shape)[self.lines]
        return each


@dataclass(frozen=True, eq=False)
class Reached:
    """A limit on people reached: `at_least ≤ per_view · impressions + per_person · people reached ≤ at_most`.

    People reached are concave in money: with `per_person` above 0 the limit is one from below, with `per_person` below
    0 one from above, and the limit is convex. Its tangents are rows over money that every plan keeps that keeps it.

    Attributes:
        views: Shape (lines,), impressions for a minor unit of money.
        pool: Shape (lines,), into the crowds; -1 where the limit does not speak of the line.
        crowds: Who can be reached.
        per_view, per_person: What one of them adds.
        at_least, at_most: Limits; -inf and inf where open.
        counted: Shape (lines,), lines that the rule speaks of.
        soft: As in `Linear`, for one unit of the limit.
    """

    views: Array
    pool: Index
    crowds: Crowds
    per_view: float
    per_person: float
    at_least: float
    at_most: float
    counted: Mask
    soft: float = np.inf

    def impressions(self, amounts: Array) -> Array:
        """Shape (pools,): at some amounts, shape (lines,) of minor units."""
        here = self.pool >= 0
        shown: Array = np.bincount(
            self.pool[here], (self.views * amounts)[here], len(self.crowds.size)
        ).astype(np.float64)
        return shown

    def people(self, amounts: Array) -> float:
        """People reached at some amounts, shape (lines,) of minor units."""
        return float(self.crowds.together(self.impressions(amounts)).sum())

    def total(self, amounts: Array) -> float:
        """What is limited, at some amounts, shape (lines,) of minor units."""
        shown = self.impressions(amounts)
        return self.per_view * float(shown.sum()) + self.per_person * self.people(amounts)

    def tangent(self, amounts: Array) -> Linear:
        """The row over money that touches the limit's sum at some amounts, shape (lines,), in the limit's own unit."""
        gain = self.per_view + self.per_person * self.crowds.next_reached(self.impressions(amounts))
        each = np.where(self.pool >= 0, self.views * np.append(gain, 0.0)[self.pool], 0.0)
        rest = self.total(amounts) - float(each @ amounts)
        low, high = self.at_least - rest, self.at_most - rest
        return Linear(Weights.of(each), low, high, np.flatnonzero(self.counted), soft=self.soft, guide=True)


Term = Linear | Choice | Domain | Reached


def sum_of_all(lines: int, at_least: float, at_most: float) -> Linear:
    """A limit on all money together."""
    every = Weights.of(np.ones(lines))
    return Linear(every, at_least, at_most, every.line)


def shortfall(term: Linear | Choice | Reached, total: float) -> float:
    """By how much a total misses the limits of a term, in the term's unit; 0 where it keeps them."""
    return max(term.at_least - total, total - term.at_most, 0.0)


def over_results(term: Linear) -> bool:
    """Whether it is a limit on results that holds."""
    return term.results is not None and not np.isfinite(term.soft)
