"""The best money for each line: formulate, solve, cut the curves finer where it matters, make it payable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.errors import Problem, StoppedError
from mediaplan.planning.auditing import broken_demands
from mediaplan.planning.bounding import chord_allowance, lagrangian_bound
from mediaplan.planning.demands import Demand, Limits, limits_of, linear_terms
from mediaplan.planning.formulating import first_knots, formulate, step_knots, with_knots
from mediaplan.planning.objective import Objective
from mediaplan.planning.program import Solver
from mediaplan.planning.rounding import payable
from mediaplan.words import Sentence

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

ROUNDS = 12
"""Times that the relaxation's curves are cut finer at the most; each time the loss falls some fivefold."""
CLOSE_ENOUGH = 2e-7
"""Part of the bound that straight pieces may lose."""
CHOICE_LOSS = 1e-3
"""Part of the bound that straight pieces may lose once lines are chosen whole, before they are cut once more."""


@dataclass(frozen=True, eq=False)
class Solved:
    """The solved amounts and what is known about them.

    Attributes:
        amounts: Shape (lines,), whole minor units.
        limits: Of the lines.
        terms: Linear terms of all demands, in order.
        prices: Shape (terms,), worth per minor unit by which a limit gives way; the sign says which limit binds.
        value: Worth of the amounts on the true curves.
        relaxed: What no plan is worth more than where lines need not be chosen whole.
        bound: No plan is worth more.
        straight: Worth that the program's straight pieces gave the amounts before rounding.
        stopped: Whether a limit of time was reached.
    """

    amounts: Integers
    limits: Limits
    terms: tuple[Linear, ...]
    prices: Array
    value: float
    relaxed: float
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
        StoppedError: The engine's time was over before it found any.
        RuntimeError: The engine failed, or the answer failed the audit: our fault.
    """
    terms = tuple(term for demand in demands for term in demand.terms)
    limits = limits_of(terms, objective.lines, budget)
    asked = _Asked(linear_terms(terms), limits, budget, objective, solver)
    relaxed = asked.relaxed()
    best = None if relaxed is None else asked.chosen(relaxed)
    if relaxed is None or best is None:
        return None
    slopes = objective.slope(best.amounts)
    paid = payable(best.amounts, slopes, limits, asked.terms)
    if broken := broken_demands(paid, demands):
        raise RuntimeError("the plan fails its audit: " + "; ".join(map(str, broken)))
    value = objective.total(paid.astype(float))
    bound = max(min(relaxed.bound, best.bound), value)
    return Solved(
        paid, limits, asked.terms, relaxed.prices, value, relaxed.bound, bound, best.straight, best.stopped
    )


def relaxed_worth(
    demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver
) -> float | None:
    """What no plan is worth more than where lines need not be chosen whole; `None` where there is no plan.

    The arguments are those of `best_money`.
    """
    terms = tuple(term for demand in demands for term in demand.terms)
    limits = limits_of(terms, objective.lines, budget)
    relaxed = _Asked(linear_terms(terms), limits, budget, objective, solver).relaxed()
    return None if relaxed is None else relaxed.bound


@dataclass(frozen=True, eq=False)
class _Relaxed:
    """The best amounts when lines need not be chosen whole.

    Attributes:
        amounts: Shape (lines,), minor units.
        straight: Worth of them on straight pieces.
        prices: Shape (terms,).
        bound: No plan is worth more.
        knots: Shape (lines, knots), where the curves were cut in the end.
        choices: Whether lines still have to be chosen whole.
    """

    amounts: Array
    straight: float
    prices: Array
    bound: float
    knots: Array
    choices: bool


@dataclass(frozen=True, eq=False)
class _Chosen:
    """Amounts that keep all limits, before they are payable.

    Attributes:
        amounts: Shape (lines,), minor units.
        straight: Worth of them on straight pieces.
        bound: No plan is worth more.
        stopped: Whether the engine reached its limit of time.
    """

    amounts: Array
    straight: float
    bound: float
    stopped: bool


@dataclass(frozen=True, eq=False)
class _Asked:
    """One question to an engine: all that formulating needs."""

    terms: tuple[Linear, ...]
    limits: Limits
    budget: int
    objective: Objective
    solver: Solver

    def relaxed(self) -> _Relaxed | None:
        """Solve without choices, cut finer where the solution and its prices point, until the bound is met."""
        knots, bound = first_knots(self.limits), np.inf
        for _ in range(ROUNDS):
            program, layout = formulate(self.terms, self.limits, self.budget, self.objective, knots)
            solution = self.solver(replace(program, whole=np.zeros_like(program.whole)))
            if solution.status == "infeasible":
                return None
            amounts, prices = layout.amounts(solution.columns), layout.prices(solution.prices)
            proof = lagrangian_bound(self.objective, self.limits, self.terms, prices, amounts)
            bound = min(bound, proof.value)
            straight = solution.value * layout.worth
            found = _Relaxed(amounts, straight, prices, bound, knots, bool(program.whole.any()))
            if bound - straight <= CLOSE_ENOUGH * abs(bound):
                break
            knots = with_knots(knots, np.stack([amounts, proof.best], axis=1), self.limits)
        return found

    def chosen(self, relaxed: _Relaxed) -> _Chosen | None:
        """Choose lines and steps whole, cutting the curves once more where the choice needs it."""
        if not relaxed.choices:
            return _Chosen(np.maximum(relaxed.amounts, 0.0), relaxed.straight, relaxed.bound, stopped=False)
        knots = with_knots(relaxed.knots, step_knots(self.limits), self.limits)
        for _ in range(2):
            program, layout = formulate(self.terms, self.limits, self.budget, self.objective, knots)
            solution = self.solver(program)
            if solution.status == "infeasible":
                return None
            if not len(solution.columns):
                raise StoppedError(_out_of_time())
            amounts = np.maximum(layout.amounts(solution.columns), 0.0)
            straight = solution.value * layout.worth
            above = chord_allowance(self.objective, self.limits, knots, self.budget)
            bound = solution.bound * layout.worth + above
            found = _Chosen(amounts, straight, bound, solution.status == "stopped")
            if found.stopped or self.objective.total(amounts) - straight <= CHOICE_LOSS * abs(relaxed.bound):
                break
            knots = with_knots(knots, amounts[:, None], self.limits)
        return found


def _out_of_time() -> Problem:
    return Problem(
        Sentence("the time for the search is over, and no plan was found yet."),
        Sentence("Ask for fewer lines: lines = “seen”, fewer posts, or no steps and least amounts."),
    )
