"""Weights of lines in a sum, held as what most rules say: something of a few lines, and of all others one and the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Weights:
    """What a unit of each line's money adds to a sum: `common` on every line, and `value` more on some.

    A limit on one post weighs a few lines of very many, a share of all money weighs every line, all but a few alike.

    Attributes:
        lines: Number of all lines.
        line: Shape (some,), index of these, rising.
        value: Shape (some,), what each adds beyond `common`.
        common: What every line adds.
    """

    lines: int
    line: Index
    value: Array
    common: float = 0.0

    @classmethod
    def of(cls, each: Array, common: float = 0.0) -> Weights:
        """Those of every line, shape (lines,), of which most are `common`."""
        line = np.flatnonzero(each != common)
        return cls(len(each), line, each[line] - common, common)

    @classmethod
    def none(cls, lines: int) -> Weights:
        """Nothing on any line."""
        return cls(lines, np.zeros(0, dtype=np.intp), np.zeros(0))

    def __matmul__(self, amounts: Array) -> float:
        """The sum at some amounts, shape (lines,)."""
        total = float(self.value @ amounts[self.line])
        return total + self.common * float(amounts.sum()) if self.common else total

    def any(self) -> bool:
        """Whether any line adds anything."""
        return self.common != 0 or bool(self.value.any())

    def each(self) -> Array:
        """Shape (lines,)."""
        found = np.full(self.lines, self.common)
        found[self.line] += self.value
        return found

    def at(self, lines: Index) -> Array:
        """Shape (asked lines,), of lines by index."""
        found = np.full(len(lines), self.common)
        if len(self.line):
            place = np.minimum(np.searchsorted(self.line, lines), len(self.line) - 1)
            here = self.line[place] == lines
            found[here] += self.value[place[here]]
        return found

    def of_line(self, line: int) -> float:
        """That of one line."""
        return float(self.at(np.array([line]))[0])

    def absolute(self) -> Weights:
        """Their sizes."""
        size = abs(self.common)
        return Weights(self.lines, self.line, np.abs(self.common + self.value) - size, size)

    def largest(self) -> float:
        """The size of the largest."""
        size = self.absolute()
        others = size.common if len(self.line) < self.lines else 0.0
        return max(others, float((size.common + size.value).max(initial=0.0)))

    def times(self, factor: float) -> Weights:
        """So many times as much."""
        return Weights(self.lines, self.line, self.value * factor, self.common * factor)

    def add_to(self, sums: Array, factor: float) -> None:
        """Add them so many times to an array of shape (lines,), in place."""
        if self.common:
            sums += factor * self.common
        sums[self.line] += factor * self.value

    def entries(self) -> tuple[Index, Array]:
        """Index and weight of the lines that add anything."""
        if not self.common:
            return self.line, self.value
        each = self.each()
        line = np.flatnonzero(each)
        return line, each[line]

    def take(self, places: Places) -> Weights:
        """Those of chosen lines alone."""
        line, here = places.of(self.line)
        return Weights(places.chosen, line, self.value[here], self.common)


@dataclass(frozen=True, eq=False)
class Places:
    """Where chosen lines stand among themselves: for all rows of a question at once.

    Attributes:
        place: Shape (lines,), from 0; -1 for lines that are not chosen.
        chosen: How many are.
        rising: Whether they keep their order.
    """

    place: Index
    chosen: int
    rising: bool

    @classmethod
    def among(cls, chosen: Index, lines: int) -> Places:
        """Of the chosen lines, by index."""
        place = np.full(lines, -1, dtype=np.intp)
        place[chosen] = np.arange(len(chosen))
        return cls(place, len(chosen), bool((np.diff(chosen) > 0).all()))

    def of(self, line: Index) -> tuple[Index, Index]:
        """The places of those lines that are chosen, rising, and which of them these are."""
        place = self.place[line]
        here = np.flatnonzero(place >= 0)
        if not self.rising:
            here = here[np.argsort(place[here], kind="stable")]
        return place[here], here


def told_apart(rows: Sequence[Weights], lines: int) -> NDArray[np.complex128]:
    """Shape (lines,): numbers that are the same for lines that no row tells apart, and, as good as surely, only for them.

    They are sums of random numbers, one for each row, times what the row adds; complex ones, as one real one is too short.
    """
    drawn = np.random.default_rng(len(rows)).random((len(rows), 2)) @ np.array([1.0, 1.0j])
    found = np.zeros(lines, dtype=np.complex128)
    for row, mark in zip(rows, drawn, strict=True):
        found[row.line] += mark * row.value
    return found
