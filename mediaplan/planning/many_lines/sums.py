"""Limits on sums of lines' money, and the pools that lines' worth flows into: the rows that prices stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Sums:
    """The rows of a question about the best money: `low ≤ rows · x ≤ high`.

    Where lines share people, a line's worth does not count by itself but flows into the row of its pool. The pool is a
    line of its own: its "money" is what it takes out of that row, and its worth is what is left of that, which counts
    or flows on into the row of a wider pool.

    Attributes:
        rows: Shape (rows, lines), what a unit of a line's money adds to each limited sum.
        low, high: Shape (rows,), limits of these sums; -inf and inf where open.
        into: Shape (lines,), the row from whose sum a line's worth is taken off, -1 where it counts; `None` = all count.
        pools: So many of the lines, the last ones, are pools. Each takes from a row of its own, which has no lower
            limit, and what flows in anyway as the upper one; these rows are the last ones, in the same order.
        common: Shape (rows,), what a unit of money of any line that is no pool adds on top of `rows`: a share of all
            money would make a row of every line; `None` = nothing.
    """

    rows: sp.csr_array
    low: Array
    high: Array
    into: Index | None = None
    pools: int = 0
    common: Array | None = None

    @property
    def lines(self) -> int:
        """Number of lines that are no pools."""
        return int(self.rows.shape[1]) - self.pools

    @property
    def limits(self) -> int:
        """Number of rows that are no pools'."""
        return len(self.high) - self.pools

    @cached_property
    def counting(self) -> NDArray[np.bool_]:
        """Shape (lines,), whose worth counts by itself."""
        return np.ones(self.rows.shape[1], dtype=bool) if self.into is None else self.into < 0

    @cached_property
    def flow(self) -> sp.csr_array:
        """Shape (rows, lines), 1 where a line's worth flows into a row."""
        inside = np.flatnonzero(~self.counting)
        into = inside if self.into is None else self.into[inside]
        return sp.csr_array((np.ones(len(inside)), (into, inside)), shape=self.rows.shape)

    @cached_property
    def by_line(self) -> sp.csr_array:
        """`rows`, turned."""
        return sp.csr_array(self.rows.T)

    def valued(self, prices: Array) -> Array:
        """Shape (lines,): what a unit of each line's worth counts in the end, at the rows' prices."""
        if self.into is None:
            return np.ones(self.rows.shape[1])
        return np.where(self.into < 0, 1.0, prices[self.into])

    def paid(self, prices: Array) -> Array:
        """Shape (lines,): what a unit of each line's money pays at the rows' prices."""
        paid: Array = self.by_line @ prices
        if self.common is not None:
            paid[: self.lines] += float(self.common @ prices)
        return paid

    def of(self, amounts: Array) -> Array:
        """Shape (rows,): what money of the lines, shape (lines,), adds up to; what flows in is not counted."""
        sums: Array = self.rows @ amounts
        return sums if self.common is None else sums + self.common * float(amounts[: self.lines].sum())

    def sampled(self, chosen: Index) -> Sums:
        """The same over some of the lines, by index, and all pools; limits are as much smaller."""
        share = len(chosen) / self.lines
        everything = np.concatenate([chosen, np.arange(self.lines, self.rows.shape[1])])
        return Sums(
            sp.csr_array(self.rows[:, everything]),
            self.low * share,
            self.high * share,
            None if self.into is None else self.into[everything],
            self.pools,
            self.common,
        )


def money_rows(terms: Sequence[Linear], lines: int) -> tuple[sp.csr_array, Array]:
    """Shape (terms, lines), what a minor unit of each line adds to each term, and shape (terms,), what all add on top.

    A share of all money weighs every line, all but a few alike.
    """
    common = np.array([term.weights.common for term in terms])
    if not terms:
        return sp.csr_array((0, lines)), common
    starts = np.cumsum([0, *(len(term.weights.line) for term in terms)])
    values = np.concatenate([term.weights.value for term in terms])
    return sp.csr_array(
        (values, np.concatenate([term.weights.line for term in terms]), starts), shape=(len(terms), lines)
    ), common
