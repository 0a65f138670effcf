"""The kernel words: whatever a rule says, it says as a row over the lines' money and results, as a choice of lines to
fund, or as one line's domain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Linear:
    """A limit on a weighted sum: `at_least ≤ Σ weights · amount + Σ results · expected results ≤ at_most`.

    Attributes:
        weights: Shape (lines,), by minor unit of money.
        at_least, at_most: Minor units of money, or what `results` adds up; -inf and inf where open.
        counted: Shape (lines,), lines that the rule's own limit speaks of.
        ratio: Whether it compares sums of money with each other (a share): then whole minor units may miss it by
            one unit for each counted line.
        results: Shape (kinds, lines), what one expected result adds; `None` = only money counts.
        soft: Worth of the objective that one unit of shortfall costs; inf = the limit holds.
    """

    weights: Array
    at_least: float
    at_most: float
    counted: Mask
    ratio: bool = False
    results: Array | None = None
    soft: float = np.inf

    @property
    def of_money(self) -> bool:
        """Whether the limit is in minor units of money."""
        return self.results is None or bool(self.weights.any())

    def total(self, amounts: Array, results: Array | None = None) -> float:
        """The weighted sum at some amounts, shape (lines,), and expected results, shape (kinds, lines)."""
        money = float(self.weights @ amounts)
        if self.results is None:
            return money
        if results is None:
            raise ValueError("a row over results needs them")
        return money + float((self.results * results).sum())

    def take(self, chosen: Index) -> Linear:
        """The same limit over the chosen lines, by index; the others receive nothing."""
        results = None if self.results is None else self.results[:, chosen]
        return Linear(
            self.weights[chosen],
            self.at_least,
            self.at_most,
            self.counted[chosen],
            self.ratio,
            results,
            self.soft,
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
        at_least, at_most: Minor units, `at_least` for all or shape (lines,); `at_most` inf where open.
        or_zero: Whether a line may also receive nothing.
        step: Minor units; 1 = any whole amount.
    """

    lines: Mask
    at_least: int | NDArray[np.int64] = 0
    at_most: float = np.inf
    or_zero: bool = True
    step: int = 1

    @property
    def least(self) -> NDArray[np.int64]:
        """Shape (picked lines,), minor units."""
        each: NDArray[np.int64] = np.broadcast_to(np.asarray(self.at_least), self.lines.shape)[self.lines]
        return each


Term = Linear | Choice | Domain


def shortfall(term: Linear | Choice, total: float) -> float:
    """By how much a total misses the limits of a term, in the term's unit; 0 where it keeps them."""
    return max(term.at_least - total, total - term.at_most, 0.0)
