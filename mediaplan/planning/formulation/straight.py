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
