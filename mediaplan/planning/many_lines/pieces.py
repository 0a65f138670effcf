"""Lines' worth in straight pieces, lines and pools alike: what sifting looks at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.many_lines.sums import Sums

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Straight:
    """The best money is asked for between limits on its sums.

        maximise Σ slope_ik · s_ik     0 ≤ s_ik ≤ length_ik     x_i = Σ_k s_ik     low ≤ rows · x ≤ high

    Attributes:
        slope: Shape (lines, pieces), worth per unit of money, falling along each line.
        length: Shape (lines, pieces), money, ≥ 0.
        sums: The rows, and the pools, which are lines too (see `Sums`).
    """

    slope: Array
    length: Array
    sums: Sums

    def steep(self, prices: Array) -> Array:
        """Shape (lines, pieces): what a unit of money gains on each piece, beyond what it pays at the rows' prices."""
        worth = self.slope * self.sums.valued(prices)[:, None] if self.sums.pools else self.slope
        steep: Array = worth - self.sums.paid(prices)[:, None]
        return steep
