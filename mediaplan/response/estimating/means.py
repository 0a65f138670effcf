"""What a fit expects of each observation, kept up to date while effects move.

    mean = bare · kept by saturation at u · kept by crowding

Each step of a fit changes one of these for all observations: what can be written in place is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.crowding import Crowding
from mediaplan.response.estimating.excess import DISPERSION
from mediaplan.response.estimating.pieces import PIECE, pieces
from mediaplan.response.estimating.saturation import Saturation

Array = NDArray[np.float64]
Index = NDArray[np.intp]


class Means:
    """The expected results of n observations, and how counts stray from them.

    Attributes:
        counts: Shape (n,), results; those of which only sums are known as they are shared out now.
        bare: Shape (n,), results expected at usual money, nobody crowded.
        load: Shape (n,), u: daily money over kappa.
        saturation: At these loads.
        crowding: Of pools; `None` = no observation tells its pool.
        dispersion: Of counts.
    """

    def __init__(self, counts: Array, bare: Array, load: Array, spread: float) -> None:
        """Begin with nobody crowded.

        Args:
            counts: Shape (n,).
            bare: Shape (n,), kept and changed.
            load: Shape (n,), likewise.
            spread: Of the saturation's hyperbolas.
        """
        self.counts, self.bare, self.load = counts, bare, load
        self.saturation = Saturation.of(load, spread)
        self.crowding: Crowding | None = None
        self.dispersion = DISPERSION[0]
        self._score, self._weight = np.empty(len(bare)), np.empty(len(bare))

    def __len__(self) -> int:
        return len(self.bare)

    def alone(self) -> Array:
        """Shape (n,), what is expected if nobody is crowded."""
        return self.bare * self.saturation.kept

    def mean(self) -> Array:
        """Shape (n,), what is expected."""
        mean = self.alone()
        if self.crowding:
            mean *= self.crowding.kept
        return mean

    def slopes(self) -> tuple[Array, Array]:
        """Slope of the log likelihood in the log mean, and its information; the next call writes over both."""
        grown = np.empty(min(len(self), PIECE))
        for piece in pieces(len(self)):
            score, weight, part = self._score[piece], self._weight[piece], grown[: piece.stop - piece.start]
            np.multiply(self.bare[piece], self.saturation.kept[piece], out=weight)
            if self.crowding:
                weight *= self.crowding.kept[piece]
            np.multiply(weight, self.dispersion, out=part)
            part += 1.0
            np.subtract(self.counts[piece], weight, out=score)
            score /= part
            weight /= part
        return self._score, self._weight

    def slopes_in_scale(self) -> tuple[Array, Array]:
        """The same in log kappa."""
        score, weight = self.slopes()
        for piece in pieces(len(self)):
            bend = self.saturation.bend[piece]
            score[piece] *= bend
            weight[piece] *= bend
            weight[piece] *= bend
        return score, weight

    def raise_rates(self, step: Array, code: Index) -> None:
        """Move log rates by the step of each one's level."""
        _multiply(self.bare, np.exp(step), code)

    def raise_scales(self, step: Array, code: Index) -> None:
        """Move log kappas by the step of each one's level; saturation is still to be refreshed."""
        _multiply(self.load, np.exp(-step), code)

    def saturate(self, spread: float, *, turning: bool = True) -> None:
        """Refresh what depends on kappas and on the spread."""
        self.saturation.refresh(self.load, spread, turning=turning)

    def crowd(self) -> None:
        """Judge anew who is crowded by whom."""
        if self.crowding:
            self.crowding.refresh(self.alone())


def _multiply(values: Array, factor: Array, code: Index) -> None:
    """Multiply each value by its level's factor, in place."""
    for piece in pieces(len(values)):
        values[piece] *= factor[code[piece]]
