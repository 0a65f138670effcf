"""Straight pieces of a curve: chords, nowhere above it, and tangents and covers, nowhere below it."""

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


def covers(ends: Array, values: Array, slopes: Array) -> Array:
    """Slopes of straight pieces between given ends that begin where a concave curve does and lie nowhere below it.

    At each end they are as far above the curve as it can rise above its chords on both sides: no more than where the tangents
    at a chord's ends meet, `length · (before - chord) · (chord - after) / (before - after)` of their slopes.

    Args:
        ends: Shape (lines, ends), sorted; pieces of no length have slopes of no meaning.
        values: Of the curve at the ends, likewise.
        slopes: Of the curve at the ends, likewise.
    """
    length, chord = np.diff(ends, axis=1), chords(ends, values)
    before, after = np.maximum(slopes[:, :-1] - chord, 0.0), np.maximum(chord - slopes[:, 1:], 0.0)
    fall = before + after
    bend = length * before * after / np.where(fall > 0, fall, 1.0)
    number, none = np.arange(length.shape[1]), np.zeros((len(ends), 1))
    last = np.maximum.accumulate(np.where(length > 0, number, -1), axis=1)
    following = np.where(length > 0, number, len(number))[:, ::-1]
    next_one = np.minimum.accumulate(following, axis=1)[:, ::-1]
    # The first piece begins on the curve itself: there it is its tangent.
    ahead = np.hstack([np.where(next_one[:, :1] == number, length * before, bend), none])
    left = np.hstack([none, np.take_along_axis(ahead, last, axis=1)])
    right = np.hstack([np.take_along_axis(np.hstack([bend, none]), next_one, axis=1), none])
    right[:, 0] = 0.0
    right[:, 1:][last < 0] = 0.0
    return chords(ends, values + np.maximum(left, right))
