"""Results of lines that only sums are known of: shared out so that all sums hold, as the model expects them.

This is the expectation step of an EM algorithm: given the sums of Poisson counts over the rows of each table, the
expected counts are the model's means, each row's raised or lowered in proportion until all tables agree.

Source:
    Deming, Stephan, "On a least squares adjustment of a sampled frequency table when the expected marginal totals are
    known", 1940 (raking); Dempster, Laird, Rubin, "Maximum likelihood from incomplete data via the EM algorithm", 1977.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]

FAR = 3.0
"""Standard deviations from its mean up to which a line's count is believed."""

ROUNDS = 5
"""Times that all tables are gone through; the next expectation goes on from there."""


@dataclass(frozen=True, eq=False)
class Margin:
    """What one table counted of lines.

    Attributes:
        row: Shape (m,), observations of lines.
        part: Shape (m,), the row of the table that each is a part of.
        counts: Shape (rows of the table,), results.
        of: What the table is broken down by.
    """

    row: Index
    part: Index
    counts: Array
    of: frozenset[str]

    def total(self, mean: Array) -> Array:
        """Shape (m,), what the means of each one's row of the table add up to."""
        summed = np.bincount(self.part, mean[self.row], len(self.counts)).astype(np.float64)
        return summed[self.part]


@dataclass(frozen=True, eq=False)
class Sums:
    """All that is known of the counts of lines that tables were put together to; n observations.

    Attributes:
        margins: What each table counted; where they contradict each other the last holds.
        row: Shape (lines,), the observations of lines, rising.
        chance: Shape (lines,), that each had money at all: the others of its rows may have had it.
    """

    margins: tuple[Margin, ...]
    row: Index
    chance: Array

    def raked(self, mean: Array, counts: Array, dispersion: float) -> Array:
        """Counts of all observations, shape (n,): of lines as their sums and the means say, of others as they are.

        What sums say of a line counts with its chance; more than `FAR` from its mean says that the line is another.

        Args:
            mean: Shape (n,), as the model expects them, > 0.
            counts: Shape (n,), as told.
            dispersion: Of counts.
        """
        usual = mean[self.row]
        expected = usual.copy()
        for _ in range(ROUNDS):
            for margin, place in zip(self.margins, self.places, strict=True):
                total = np.bincount(margin.part, expected[place], len(margin.counts))
                expected[place] *= (margin.counts / np.maximum(total, 1e-300))[margin.part]
        far = FAR * np.sqrt(usual + dispersion * usual**2)
        shared = counts.copy()
        shared[self.row] = usual + self.chance * np.clip(expected - usual, -far, far)
        return shared

    @cached_property
    def places(self) -> tuple[Index | slice, ...]:
        """Where the observations of each margin stand among those of lines."""
        return tuple(
            slice(None) if np.array_equal(margin.row, self.row) else np.searchsorted(self.row, margin.row)
            for margin in self.margins
        )

    def told(self, mean: Array) -> Array:
        """How much of each observation's count is known rather than expected, shape (n,), 0 to 1.

        A line that is a row of some table by itself is counted; of one among many hardly anything is. The largest of
        its parts of the tables' rows is taken: a bound, since several tables together tell more.
        """
        known = np.ones(len(mean))
        known[self.row] = 0.0
        for margin in self.margins:
            part = mean[margin.row] / np.maximum(margin.total(mean), 1e-300)
            known[margin.row] = np.maximum(known[margin.row], part)
        known[self.row] *= self.chance
        return known

    def whole(self, of: set[str]) -> bool:
        """Whether some table counts what these dimensions tell apart."""
        return any(of <= margin.of for margin in self.margins)
