"""How good a plan is proven to be: a Lagrangian bound on the true curves, whatever engine found the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.demands import Limits
from mediaplan.planning.objective import Objective

Array = NDArray[np.float64]

HALVINGS = 45
"""Of each line's range in the search for its best money: leaves less than a minor unit of any budget."""


@dataclass(frozen=True, eq=False)
class Bound:
    """What the prices of a program prove.

    Attributes:
        value: No plan that keeps the linear terms and the lines' limits is worth more.
        best: Shape (lines,), minor units: where each line's worth less its price is greatest; good places for knots.
    """

    value: float
    best: Array


def lagrangian_bound(
    objective: Objective, limits: Limits, terms: Sequence[Linear], prices: Array, amounts: Array
) -> Bound:
    """The bound that weak duality gives for any prices; tight for those of the optimum.

        Σ_i max over x_i of (keep_i · worth_i(x_i) - Σ_t price_t · weight_ti · x_i) + Σ_t price_t · limit_t + constant

    where x_i is nothing (if it may be) or lies between the line's least and most.

    Args:
        objective: The true curves.
        limits: Of the lines; steps are left out, which can only raise the bound.
        terms: Linear terms.
        prices: Shape (terms,), worth per minor unit; the sign says which limit it is for, a price for a limit that is
            not there counts as 0.
        amounts: Shape (lines,), the plan at which the pools' tangent is taken.
    """
    keep, constant = objective.keeping(amounts)
    paid = np.zeros(objective.lines)
    total = constant
    for term, price in zip(terms, prices, strict=True):
        limit = term.at_most if price > 0 else term.at_least
        if price == 0 or not np.isfinite(limit):
            continue
        paid += price * term.weights
        total += price * limit
    low, high = limits.least.astype(float), limits.most.astype(float)
    best, above = _best(objective, keep, paid, low, high)
    worth = keep * objective.worth(best[:, None])[:, 0] - paid * best + above
    free = ~limits.needed
    worth = np.where(free, np.maximum(worth, 0.0), worth)
    return Bound(float(worth.sum() + total), np.where(free & (worth <= 0), low, best))


def _best(objective: Objective, keep: Array, paid: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Where worth less price is greatest, by halving on the slope, and how much the true maximum may be above."""
    a, b = low.copy(), np.maximum(high, low)
    a = np.where(keep * objective.slope(b) >= paid, b, a)
    for _ in range(HALVINGS):
        middle = 0.5 * (a + b)
        rising = keep * objective.slope(middle) >= paid
        a, b = np.where(rising, middle, a), np.where(rising, b, middle)
    rest = np.maximum(keep * objective.slope(a) - paid, 0.0) * (b - a)
    return a, rest


def chord_allowance(objective: Objective, limits: Limits, knots: Array, budget: int) -> float:
    """By how much a plan's worth may exceed that on the straight pieces between the knots, at the most.

    Between two knots a concave curve lies below the tangents at both, which bounds how far it is above its chord. A
    piece of one step has no payable amount inside. No plan funds more lines than the budget holds least amounts.

    Args:
        objective: The true curves.
        limits: Of the lines.
        knots: Shape (lines, knots), minor units, sorted.
        budget: Media money, minor units.
    """
    slope = np.stack([objective.slope(knots[:, k]) for k in range(knots.shape[1])], axis=1)
    length = np.diff(knots, axis=1)
    rise = np.diff(objective.worth(knots), axis=1)
    chord = rise / np.maximum(length, 1e-300)
    left, right = slope[:, :-1] - chord, chord - slope[:, 1:]
    above = np.maximum(left, 0.0) * np.maximum(right, 0.0) / np.maximum(left + right, 1e-300) * length
    above[length <= limits.step[:, None]] = 0.0
    worst = np.sort(above.max(axis=1))[::-1]
    least = int(np.maximum(np.maximum(limits.least, limits.step), 1).min())
    return float(worst[: budget // least].sum())
