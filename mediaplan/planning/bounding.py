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
    objective: Objective, limits: Limits, terms: Sequence[Linear], prices: Array, amounts: Array, entry: Array
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
        entry: Shape (lines,), `first_worth` of the lines.
    """
    keep, constant = objective.keeping(amounts)
    paid, total = paid_by_line(terms, prices, objective.lines)
    # Where even the first money is worth less than its price, nothing is best and adds nothing.
    alive = np.flatnonzero(limits.needed | (keep * entry > paid))
    best = limits.least.astype(float)
    worth = _best_worth(objective.take(alive), keep[alive], paid[alive], limits.take(alive))
    best[alive] = worth[0]
    return Bound(float(worth[1].sum() + total + constant), best)


def paid_by_line(terms: Sequence[Linear], prices: Array, lines: int) -> tuple[Array, float]:
    """What the prices make each line pay for a minor unit, and what the limits earn by them."""
    paid, total = np.zeros(lines), 0.0
    for term, price in zip(terms, prices, strict=True):
        limit = term.at_most if price > 0 else term.at_least
        if price != 0 and np.isfinite(limit):
            paid += price * term.weights
            total += price * limit
    return paid, total


def first_worth(objective: Objective, limits: Limits) -> Array:
    """Shape (lines,): most worth that a minor unit can have on each line: of the first, or on average of its least."""
    least = limits.least.astype(float)
    average = objective.worth(least[:, None])[:, 0] / np.maximum(least, 1.0)
    return np.where((least > 0) & ~limits.needed, average, objective.slope(np.zeros(objective.lines)))


def _best_worth(objective: Objective, keep: Array, paid: Array, limits: Limits) -> tuple[Array, Array]:
    """Where worth less price is greatest on each line, and no less than its value there."""
    low, high = limits.least.astype(float), limits.most.astype(float)
    best, above = _best(objective, keep, paid, low, high)
    worth = keep * objective.worth(best[:, None])[:, 0] - paid * best + above
    free = ~limits.needed
    return np.where(free & (worth <= 0), low, best), np.where(free, np.maximum(worth, 0.0), worth)


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
