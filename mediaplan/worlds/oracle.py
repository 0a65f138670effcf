"""The best plan there is in a world: a linear program on the true curves, which no planner is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

KNOTS = 40


@dataclass(frozen=True)
class Task:
    """The limits that a plan in a world has to keep, as shares of the budget.

    Attributes:
        channel: Least and most of each channel.
        audience, slot, post: Least and most of each.
        line: Most of each line.
    """

    channel: tuple[float, float] = (0.05, 0.50)
    audience: tuple[float, float] = (0.05, 1.0)
    slot: tuple[float, float] = (0.0, 0.60)
    post: tuple[float, float] = (0.0, 0.40)
    line: float = 0.10


def best(
    lines: pd.DataFrame,
    worth: Callable[[Array], Array],
    budget: float,
    task: Task = Task(),
    knots: Array | None = None,
) -> Array:
    """The amounts that bring most, by concave chords between breakpoints.

    Args:
        lines: Columns `post`, `channel`, `audience`, `slot`.
        worth: Of amounts, shape (knots, lines) or (lines,), concave in each line.
        budget: Money to spend.
        task: Limits.
        knots: Shape (breakpoints, lines), from 0 to the most of a line, rising; default `KNOTS` geometric ones.

    Returns:
        Shape (lines,), in the unit of `budget`, ≥ 0.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, eye_array, hstack, kron

    n, most = len(lines), task.line * budget
    if knots is None:
        usual = np.concatenate([[0.0], np.geomspace(most / 100.0, most, KNOTS)])
        knots = np.repeat(usual[:, None], n, axis=1)
    lengths = np.diff(knots, axis=0)
    slopes = np.diff(worth(knots), axis=0) / lengths
    rows, limits = [np.ones((1, n))], [budget]
    for dimension in ("channel", "audience", "slot", "post"):
        least, greatest = getattr(task, dimension)
        names = lines[dimension].to_numpy(dtype=object)
        member = (names[None, :] == np.unique(names)[:, None]).astype(float)
        rows += [member, -member]
        limits += [greatest * budget] * len(member) + [-least * budget] * len(member)
    groups = csr_array(np.vstack(rows))
    # amounts first, then the pieces of each line; an amount is the sum of its pieces
    link = hstack([-eye_array(n), kron(np.ones((1, len(lengths))), eye_array(n))])
    padded = hstack([groups, csr_array((groups.shape[0], lengths.size))])
    bounds = np.concatenate([np.full(n, most), lengths.ravel()])
    found = linprog(  # type: ignore[call-overload]  # the stubs know no sparse matrices
        np.concatenate([np.zeros(n), -slopes.ravel()]),
        A_ub=padded,
        b_ub=limits,
        A_eq=link,
        b_eq=np.zeros(n),
        bounds=np.column_stack([np.zeros_like(bounds), bounds]),
        method="highs",
        options={"presolve": False},
    )
    amounts: Array = np.maximum(found.x[:n], 0.0)  # the solver's zeros may lie a hair below
    return amounts


def concave(amounts: Array, heights: Array) -> Array:
    """The least concave curve above each line's points, at those points.

    Args:
        amounts: Shape (k, lines), rising.
        heights: Shape (k, lines).

    Returns:
        Shape (k, lines).
    """
    hull = heights.copy()
    for left in range(len(amounts) - 1):
        # the steepest chord from each point of the hull bounds what lies under it
        rise = heights[left + 1 :] - hull[left]
        slope = (rise / (amounts[left + 1 :] - amounts[left])).max(axis=0)
        hull[left + 1] = np.maximum(hull[left + 1], hull[left] + slope * (amounts[left + 1] - amounts[left]))
    return hull
