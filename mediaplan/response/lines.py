"""Lines as columns of whole numbers: many (post, channel, audience, slot, dates) held compactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS

Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines that may receive money, sorted by post, channel, audience, slot and start.

    Attributes:
        names: For each dimension (`post`, `channel`, `audience`, `slot`) its names.
        codes: For each dimension shape (lines,), index into its names; -1 = not broken down by it.
        start: Shape (lines,), datetime64[D], first day of the line.
        days: Shape (lines,), calendar days from `start`, ≥ 1.
    """

    names: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Codes]
    start: NDArray[np.datetime64]
    days: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.start)

    def label(self, dimension: str, line: int) -> str | None:
        """The line's name in that dimension; `None` where it is not broken down by it."""
        code = int(self.codes[dimension][line])
        return None if code < 0 else self.names[dimension][code]

    def labels(self, dimension: str) -> NDArray[np.object_]:
        """Shape (lines,): names, `None` where not broken down."""
        known = np.array([*self.names[dimension], None], dtype=object)
        return known[self.codes[dimension]]

    def first_day(self, line: int) -> date:
        """The line's first day as a date."""
        day: date = self.start[line].astype("datetime64[D]").item()
        return day

    def within(self, first: date, last: date) -> Lines:
        """The lines cut to those days; lines that do not run on any of them are left out."""
        low, high = np.datetime64(first, "D"), np.datetime64(last, "D")
        start = np.maximum(self.start, low)
        days = (np.minimum(self.start + (self.days - 1), high) - start).astype(np.int64) + 1
        inside = days > 0
        codes = {d: self.codes[d][inside] for d in DIMENSIONS}
        return Lines(self.names, codes, start[inside], days[inside].astype(np.int32))

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Lines:
        """Only the chosen lines, by mask or by index."""
        codes = {d: self.codes[d][chosen] for d in DIMENSIONS}
        return Lines(self.names, codes, self.start[chosen], self.days[chosen])
