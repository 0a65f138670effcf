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

Array = NDArray[np.float64]

ELASTICITY = 0.72
"""At the usual past money, before anything is learnt: the published middle of paid social."""

USUAL = (1.0 - ELASTICITY) / ELASTICITY
"""u at the usual past money, before anything is learnt."""

NODES = (-1.2815515655446004, -0.5244005127080407, 0.0, 0.5244005127080407, 1.2815515655446004)
"""Middles of the five fifths of a standard normal."""

BLOCK = 8192
"""Observations that are worked on at once: as many as a processor keeps at hand."""

LEAST, MOST = 0.1, 4.0
"""Spreads between which the history may choose: at 0 it could not learn which way to go."""


@dataclass(frozen=True, eq=False)
class Saturation:
    """What saturation does to n observations.

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
        kept, bend, turn = (np.zeros(len(load)) for _ in range(3))
        for first in range(0, len(load), BLOCK):
            block = slice(first, first + BLOCK)
            kept[block], bend[block], turn[block] = _mixed(load[block], spread)
        return cls(kept, bend, turn)


def _mixed(load: Array, spread: float) -> tuple[Array, Array, Array]:
    """`kept`, `bend` and `turn` of a block of observations."""
    kept, twice, turn = (np.zeros(len(load)) for _ in range(3))
    for node in NODES:
        tilt = float(np.exp(-spread * node))
        left = 1.0 / (1.0 + load * tilt)
        part = left * ((1.0 + USUAL * tilt) / len(NODES))
        kept += part
        part *= left
        twice += part
        # lost by more money, less what usual money had lost already
        left /= len(NODES)
        left -= part
        left *= node
        turn += left
    return kept, 1.0 - twice / kept, turn / kept


def usual_money(daily: Array, spend: Array) -> float:
    """Money per day half-way (as a ratio) between the median row and the row of the median unit of money.

    Where few rows hold most of the money the median row says nothing of it.
    """
    order = np.argsort(daily, kind="stable")
    held = np.cumsum(spend[order])
    middle = daily[order][np.searchsorted(held, held[-1] / 2.0)]
    return float(np.sqrt(np.median(daily) * middle))
