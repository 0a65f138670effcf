"""How money saturates, before any line is known: a mixture of hyperbolas that all agree at usual money.

    kept(u) = mean over nodes z of (1 + usual · t) / (1 + u · t),   t = exp(-spread · z),   u = daily money / kappa

A hyperbola falls from "every unit of money brings the same" to "more money brings nothing" within one order of
magnitude; where results grow like a power of money over several, history asks for a larger spread. Any such mixture
is concave; with spread 0 it is the hyperbola.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.pieces import PIECE, pieces

Array = NDArray[np.float64]

ELASTICITY = 0.72
"""At the usual past money, before anything is learnt: the published middle of paid social."""

USUAL = (1.0 - ELASTICITY) / ELASTICITY
"""u at the usual past money, before anything is learnt."""

NODES = (-1.2815515655446004, -0.5244005127080407, 0.0, 0.5244005127080407, 1.2815515655446004)
"""Middles of the five fifths of a standard normal."""

LEAST, MOST = 0.1, 4.0
"""Spreads between which the history may choose: at 0 it could not learn which way to go."""


@dataclass(frozen=True, eq=False)
class Saturation:
    """What saturation does to n observations; `refresh` writes over it.

    Attributes:
        kept: Shape (n,), results per money over those at usual money and usual kappa.
        bend: Shape (n,), slope of the logarithm of `kept` in log kappa, 0 to 1: one minus the elasticity.
        turn: Shape (n,), its slope in the spread.
    """

    kept: Array
    bend: Array
    turn: Array

    @classmethod
    def of(cls, load: Array, spread: float) -> Saturation:
        """At these loads.

        Args:
            load: Shape (n,), u: daily money over kappa.
            spread: Of the logarithms of the mixture's kappas, for a standard normal node.
        """
        here = cls(*(np.empty(len(load)) for _ in range(3)))
        here.refresh(load, spread)
        return here

    def refresh(self, load: Array, spread: float, *, turning: bool = True) -> None:
        """Bring it up to date.

        Args:
            load: Shape (n,), u.
            spread: As of `of`.
            turning: Whether `turn` is asked for; otherwise it stays what it was.
        """
        spare = np.empty((2, min(len(load), PIECE)))
        for piece in pieces(len(load)):
            left, part = spare[:, : piece.stop - piece.start]
            kept, twice = self.kept[piece], self.bend[piece]
            turn = self.turn[piece] if turning else None
            _mix(load[piece], spread, (kept, twice, turn), (left, part))
            twice /= kept
            np.subtract(1.0, twice, out=twice)
            if turn is not None:
                turn /= kept


def _mix(
    load: Array, spread: float, sums: tuple[Array, Array, Array | None], spare: tuple[Array, Array]
) -> None:
    """Write over `sums` those of all hyperbolas: what is kept, the same once more lost, and how it turns."""
    (kept, twice, turn), (left, part) = sums, spare
    for each in sums:
        if each is not None:
            each[:] = 0.0
    for node in NODES:
        tilt = float(np.exp(-spread * node))
        np.multiply(load, tilt, out=left)
        left += 1.0
        np.divide(1.0, left, out=left)
        np.multiply(left, (1.0 + USUAL * tilt) / len(NODES), out=part)
        kept += part
        part *= left
        twice += part
        if turn is not None:
            # lost by more money, less what usual money had lost already
            left /= len(NODES)
            left -= part
            left *= node
            turn += left


def usual_money(daily: Array, spend: Array) -> float:
    """Money per day half-way (as a ratio) between the median row and the row of the median unit of money.

    Where few rows hold most of the money the median row says nothing of it.
    """
    order = np.argsort(daily)
    held = np.cumsum(spend[order])
    middle = daily[order[np.searchsorted(held, held[-1] / 2.0)]]
    median = daily[order[[(len(order) - 1) // 2, len(order) // 2]]].mean()
    return float(np.sqrt(median * middle))
