"""The best plan where lines wear out the same people together: climbing on the true value of whole weeks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.worlds.oracle import Task, best

Array = NDArray[np.float64]
Index = NDArray[np.intp]

CANDIDATES = 500
"""Lines worth most that each step looks at, beside those that have money."""

NEAR = 20
"""Lines worth most of each name, so that every limit can be kept."""


APART, AROUND = 20, 21
"""Breakpoints over all amounts of a line, and around what it has."""


class Joint(Protocol):
    """The true value of a week, over all lines together."""

    def total(self, amounts: Array) -> float:
        """Value of the whole week."""

    def given(self, amounts: Array, chosen: Index) -> Callable[[Array], Array]:
        """Change of the whole value by other amounts of each of the chosen lines, all else kept."""


@dataclass(frozen=True)
class Climb:
    """A plan found by climbing.

    Attributes:
        amounts: Shape (lines,), EUR.
        value: Of the whole week.
        steps: Taken.
    """

    amounts: Array
    value: float
    steps: int


def best_alone(lines: pd.DataFrame, alone: Callable[[Array], Array], budget: float, task: Task) -> Array:
    """The best plan if lines shared no people: where climbing starts, and what pools are worth.

    Args:
        lines: Columns `post`, `channel`, `audience`, `slot`.
        alone: Value of each line on its own, of amounts, shape (k, lines).
        budget: EUR.
        task: Limits.

    Returns:
        Shape (lines,), EUR.
    """
    n = len(lines)
    little = np.full((1, n), budget * task.line / 10.0)
    chosen = _candidates(lines, alone(little)[0], np.zeros(n))

    def few(amounts: Array) -> Array:
        whole = np.zeros((len(amounts), n))
        whole[:, chosen] = amounts
        return alone(whole)[:, chosen]

    amounts = np.zeros(n)
    amounts[chosen] = best(lines.iloc[chosen].reset_index(drop=True), few, budget, task)
    return amounts


def climb(
    lines: pd.DataFrame, joint: Joint, start: Array, budget: float, task: Task, steps: int = 40
) -> Climb:
    """Improve a plan until it gains no more.

    Each step solves the linear program of every line's curve given all others, and goes as far in that direction as
    the joint value rises. Where the joint value is concave this ends at the best plan there is.

    Args:
        lines: Columns `post`, `channel`, `audience`, `slot`.
        joint: The true value.
        start: Shape (lines,), a plan that keeps the limits.
        budget: EUR.
        task: Limits.
        steps: At most.
    """
    amounts, value, everything = start, joint.total(start), np.arange(len(lines))
    for step in range(steps):
        more = (amounts + budget * task.line / 100.0)[None, :]
        chosen = _candidates(lines, joint.given(amounts, everything)(more)[0], amounts)
        rest = lines.iloc[chosen].reset_index(drop=True)
        wanted = np.zeros(len(lines))
        knots = _knots(amounts[chosen], task.line * budget)
        wanted[chosen] = best(rest, joint.given(amounts, chosen), budget, task, knots)
        length, higher = _furthest(joint, amounts, wanted - amounts)
        if higher < value * (1.0 + 1e-6):
            return Climb(amounts, value, step)
        amounts, value = np.maximum(amounts + length * (wanted - amounts), 0.0), higher
        amounts[amounts < 1e-6] = 0.0
    return Climb(amounts, value, steps)


def _knots(amounts: Array, most: float) -> Array:
    """Breakpoints from 0 to the most of a line, shape (breakpoints, lines): closest around what each has now."""
    apart = np.repeat(np.geomspace(most / 100.0, most, APART)[:, None], len(amounts), axis=1)
    now = np.clip(amounts, most / 100.0, most)
    around = np.minimum(now * np.geomspace(0.5, 2.0, AROUND)[:, None], most)
    spaced = np.sort(np.concatenate([apart, around]), axis=0) + np.arange(APART + AROUND)[:, None] * 1e-7
    return np.concatenate([np.zeros((1, len(amounts))), spaced * (most / spaced[-1])])


def _candidates(lines: pd.DataFrame, gain: Array, amounts: Array) -> Index:
    """Lines that have money, and those to which a little more would bring most."""
    wanted = amounts > 0
    rank = np.argsort(-gain)
    wanted[rank[:CANDIDATES]] = True
    for dimension in ("channel", "audience", "slot", "post"):
        ranked = lines[dimension].iloc[rank].groupby(lines[dimension].iloc[rank].to_numpy()).head(NEAR)
        wanted[ranked.index] = True
    return np.flatnonzero(wanted)


def _furthest(joint: Joint, amounts: Array, direction: Array) -> tuple[float, float]:
    """Length between 0 and 1 at which the value is highest, and that value."""
    from scipy.optimize import minimize_scalar

    def lost(length: float) -> float:
        return -joint.total(np.maximum(amounts + length * direction, 0.0))

    found = minimize_scalar(lost, bounds=(0.0, 1.0), method="bounded", options={"xatol": 1e-3, "maxiter": 25})
    return float(found.x), -float(found.fun)
