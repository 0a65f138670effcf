"""Straight pieces of a curve: chords, nowhere above it, and tangents, nowhere below it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.objective import Objective

Array = NDArray[np.float64]


def chords(ends: Array, values: Array) -> Array:
    """Slopes of the straight pieces between the ends: nowhere above the curve."""
    length = np.diff(ends, axis=1)
    slope: Array = np.diff(values, axis=1) / np.where(length > 0, length, 1.0)
    return slope


def tangents(objective: Objective, knots: Array, values: Array) -> tuple[Array, Array]:
    """Ends and slopes of the tangents at the knots, each up to where it meets the next: nowhere below the curve."""
    slope = np.stack([objective.slope(knots[:, k]) for k in range(knots.shape[1])], axis=1)
    fall = slope[:, :-1] - slope[:, 1:]
    reach = np.diff(values, axis=1) - slope[:, 1:] * np.diff(knots, axis=1)
    meet = knots[:, :-1] + np.where(fall > 0, reach / np.where(fall > 0, fall, 1.0), 0.0)
    meet = np.clip(meet, knots[:, :-1], knots[:, 1:])
    ends = np.concatenate([knots[:, :1], meet, knots[:, -1:]], axis=1)
    return ends, slope


def over(objective: Objective, ends: Array, knots: Array, real: NDArray[np.bool_]) -> Array:
    """Values at ends that were made for another curve, so that pieces between them lie nowhere below this one.

    Each piece lies on or above the tangent at its knot. A curve that is bent the other way (results that count against a
    limit) is looked at upside down: pieces lie nowhere above it.

    Args:
        objective: The curve of each line, concave or convex.
        ends: Shape (lines, pieces + 1), where pieces begin and end.
        knots: Shape (lines, pieces), one in each piece.
        real: Shape (lines, pieces), which pieces have a length.

    Returns:
        Shape (lines, pieces + 1).
    """
    slope = np.stack([objective.slope(knot) for knot in knots.T], axis=1)
    bent = np.where(slope[:, :1] >= slope[:, -1:], 1.0, -1.0)
    values, slope = bent * objective.worth(knots), bent * slope
    left, right = (values + slope * (end - knots) for end in (ends[:, :-1], ends[:, 1:]))
    pieces = knots.shape[1]
    begins = np.full((len(ends), pieces + 1), -np.inf)  # where the next piece with a length begins
    for piece in reversed(range(pieces)):
        begins[:, piece] = np.where(real[:, piece], left[:, piece], begins[:, piece + 1])
    found = np.empty_like(ends)
    found[:, 0] = bent[:, 0] * objective.worth(ends[:, :1])[:, 0]
    for piece in range(pieces):
        reached = np.maximum(right[:, piece], begins[:, piece + 1])
        found[:, piece + 1] = np.where(real[:, piece], reached, found[:, piece])
    risen: Array = bent * found
    return risen
