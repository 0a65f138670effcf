"""The best money for each line: formulate, solve, cut the curves finer where it matters, make it payable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.auditing import broken_demands
from mediaplan.planning.bounding import lagrangian_bound
from mediaplan.planning.demands import Demand, Limits, limits_of, linear_terms
from mediaplan.planning.formulating import first_knots, formulate, with_knots
from mediaplan.planning.objective import Objective
from mediaplan.planning.program import Solver
from mediaplan.planning.rounding import payable

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

ROUNDS = 4
"""Times that the curves are cut finer at the most."""
CLOSE_ENOUGH = 1e-5
"""Part of the bound that straight pieces may lose before the curves are cut finer."""


@dataclass(frozen=True, eq=False)
class Solved:
    """The solved amounts and what is known about them.

    Attributes:
        amounts: Shape (lines,), whole minor units.
        limits: Of the lines.
        terms: Linear terms of all demands, in order.
        prices: Shape (terms,), worth per minor unit by which a limit gives way; the sign says which limit binds.
        value: Worth of the amounts on the true curves.
        bound: No plan is worth more.
        straight: Worth that the program's straight pieces gave the amounts before rounding.
        stopped: Whether a limit of time was reached.
    """

    amounts: Integers
    limits: Limits
    terms: tuple[Linear, ...]
    prices: Array
    value: float
    bound: float
    straight: float
    stopped: bool


def best_money(demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver) -> Solved | None:
    """The best whole amounts that keep all demands; `None` where none do.

    Args:
        demands: What the plan must keep.
        objective: What it maximises.
        budget: Media money, minor units.
        solver: The engine.

    Raises:
        RuntimeError: The engine failed, or the answer failed the audit: our fault.
    """
    terms = tuple(term for demand in demands for term in demand.terms)
    limits = limits_of(terms, objective.lines, budget)
    rows = linear_terms(terms)
    knots = first_knots(limits)
    bound = np.inf
    for round_number in range(ROUNDS):
        program, layout = formulate(rows, limits, budget, objective, knots)
        solution = solver(program)
        if not len(solution.columns):
            return None
        amounts, prices = layout.amounts(solution.columns), layout.prices(solution.prices)
        proof = lagrangian_bound(objective, limits, rows, prices, amounts)
        bound = min(bound, proof.value)
        straight = solution.value * layout.worth
        lost = objective.total(np.maximum(amounts, 0.0)) - straight
        whole = bool(program.whole.any())
        if (
            round_number == ROUNDS - 1
            or (bound - straight <= CLOSE_ENOUGH * abs(bound))
            or (whole and round_number == 1 and lost <= 1e-3 * abs(bound))
        ):
            break
        knots = with_knots(knots, np.stack([amounts, proof.best], axis=1), limits)
    slopes = objective.slope(np.maximum(amounts, 0.0))
    paid = payable(np.maximum(amounts, 0.0), slopes, limits, rows)
    if broken := broken_demands(paid, demands):
        raise RuntimeError("the plan fails its audit: " + "; ".join(map(str, broken)))
    value = objective.total(paid.astype(float))
    return Solved(
        paid, limits, rows, prices, value, max(bound, value), straight, solution.status == "stopped"
    )
