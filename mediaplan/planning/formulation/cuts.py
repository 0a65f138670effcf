"""Where curves and pools are cut into straight pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.bounding import corners_of
from mediaplan.planning.formulation.layering import first_loads

Array = NDArray[np.float64]
Index = NDArray[np.intp]

PIECES = 14
"""Geometric knots per line in the first round; the rounds that follow put knots where they matter."""


@dataclass(frozen=True, eq=False)
class Cuts:
    """Where curves are cut into straight pieces.

    Attributes:
        lines: Shape (lines, knots), minor units, sorted from each line's least to its most.
        pools: By layer, shape (pools, knots), worth that flows in.
    """

    lines: Array
    pools: tuple[Array, ...]

    def take(self, chosen: Index) -> Cuts:
        """Only the chosen lines, by index."""
        return Cuts(self.lines[chosen], self.pools)

    def finer(self, more: Array, limits: Limits, pools: tuple[Array, ...]) -> Cuts:
        """With more knots, shape (lines, any), kept within each line's limits; and with other pools' knots."""
        inside = np.clip(more, limits.least[:, None], limits.most[:, None])
        lines = np.sort(np.concatenate([self.lines, inside], axis=1), axis=1)
        return Cuts(lines, pools)


def first_cuts(limits: Limits, objective: Objective) -> Cuts:
    """`PIECES` + 2 knots from each line's least to its most, most of them where the curve bends; likewise for pools."""
    span = (limits.most - limits.least).astype(float)
    far = np.minimum(span, 50.0 * objective.bend)
    ladder = np.concatenate([[0.0], np.geomspace(1 / 250, 1.0, PIECES)])
    inner: Array = limits.least[:, None] + far[:, None] * ladder[None, :]
    lines = np.concatenate([inner, (limits.least + span)[:, None]], axis=1)
    given, corners = corners_of(objective, limits)
    if len(given):
        more = np.repeat(lines[:, -1:], corners.shape[1], axis=1)
        more[given] = corners
        straight = given[~objective.curved(given)]
        lines[straight] = lines[straight, -1:]
        lines = np.sort(np.concatenate([lines, more], axis=1), axis=1)
    return Cuts(lines, first_loads(objective, limits))
