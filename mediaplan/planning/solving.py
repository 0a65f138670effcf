"""The best money for each line: formulate, solve, cut the curves finer where it matters, make it payable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.errors import Problem, StoppedError
from mediaplan.planning.auditing import broken_demands, penalties
from mediaplan.planning.bounding import Bound, first_worth, lagrangian_bound
from mediaplan.planning.choosing import charges
from mediaplan.planning.demands import Demand, Limits, limits_of
from mediaplan.planning.feasibility import least_money
from mediaplan.planning.formulating import Layout, Terms, first_knots, formulate, with_knots
from mediaplan.planning.objective import Objective
from mediaplan.planning.program import Solution, Solver
from mediaplan.planning.rounding import payable
from mediaplan.words import Sentence

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Index = NDArray[np.intp]

ROUNDS = 16
"""Times that the relaxation's curves are cut finer at the most; each time the loss falls some fivefold."""
CLOSE_ENOUGH = 2e-7
"""Part of the bound that straight pieces may lose."""
SMALL = 400
"""Lines that go to the engine at once; of more, the best and those that the prices call for."""
FEW = 40
"""Lines for each term, and against it, that a large question begins with; ten times as many where they can't keep it."""
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
        value: Worth of the amounts on the true curves, less what rules that give way take from it.
        penalties: What rules that give way take from it.
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
    penalties: float
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
    asked = _Asked(Terms.of(terms), limits, budget, objective, solver)
    relaxed = asked.relaxed()
    best = None if relaxed is None else asked.chosen(relaxed)
    if relaxed is None or best is None:
        return None
    slopes = objective.slope(best.amounts)
    paid = payable(best.amounts, slopes, limits, asked.terms.linear, objective)
    if broken := broken_demands(paid, demands, objective):
        raise RuntimeError("the plan fails its audit: " + "; ".join(map(str, broken)))
    given = penalties(demands, paid, objective)
    value = objective.total(paid.astype(float)) - given
    bound = max(min(relaxed.bound, best.bound), value)
    return Solved(
        paid,
        limits,
        asked.terms.linear,
        relaxed.prices,
        value,
        given,
        relaxed.bound,
        bound,
        best.straight,
        best.stopped,
    )


def relaxed_worth(
    demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver
) -> float | None:
    """What no plan is worth more than where lines need not be chosen whole; `None` where there is no plan.

    The arguments are those of `best_money`.
    """
    terms = tuple(term for demand in demands for term in demand.terms)
    limits = limits_of(terms, objective.lines, budget)
    relaxed = _Asked(Terms.of(terms), limits, budget, objective, solver).relaxed()
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
        working: Shape (working lines,), index of those that the program had.
        choices: Whether lines still have to be chosen whole.
        proof: What the last prices prove.
    """

    amounts: Array
    straight: float
    prices: Array
    bound: float
    knots: Array
    working: Index
    choices: bool
    proof: Bound


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

    terms: Terms
    limits: Limits
    budget: int
    objective: Objective
    solver: Solver

    @cached_property
    def entry(self) -> Array:
        """Most worth that a minor unit can have on each line."""
        return first_worth(self.objective, self.limits)

    @cached_property
    def possible(self) -> bool:
        """Whether any plan that spends money keeps all terms and limits."""
        return least_money(self.terms.linear, self.limits, self.terms.choices) is not None

    def solved(
        self, working: Index, knots: Array, *, whole: bool, above: bool = False
    ) -> tuple[Solution, Layout, Array]:
        """The engine's answer over the working lines, and the amounts of all lines, shape (lines,)."""
        program, layout = formulate(
            self.terms.take(working),
            self.limits.take(working),
            self.budget,
            self.objective.take(working),
            knots[working],
            above=above,
        )
        choices = program.whole if whole else np.zeros_like(program.whole)
        solution = self.solver(replace(program, whole=choices))
        amounts = np.zeros(len(knots))
        if len(solution.columns):
            amounts[working] = np.maximum(layout.amounts(solution.columns), 0.0)
        return solution, layout, amounts

    def first_lines(self, few: int) -> Index:
        """Lines to begin with: all of a small question; of a large one the best, and a few for and against each term."""
        if len(self.entry) <= SMALL:
            return np.arange(len(self.entry))
        best = np.argsort(-self.entry, kind="stable")
        chosen = [np.flatnonzero(self.limits.needed), best[:SMALL]]
        for term in self.terms.linear:
            counted = term.counted[best]
            chosen += [best[counted][:few], best[~counted][:few]]
        place = np.empty(len(best), dtype=np.intp)
        place[best] = np.arange(len(best))
        for choice in self.terms.choices:
            order = np.argsort(place[choice.line], kind="stable")
            _, first = np.unique(choice.group[order], return_index=True)
            chosen.append(choice.line[order[np.sort(first)[: 10 * few]]])
        return np.unique(np.concatenate(chosen))

    def relaxed(self) -> _Relaxed | None:
        """Solve without choices: cut curves finer where the solution and its prices point, bring in lines that the
        prices call for, until the bound is met.
        """
        few = FEW
        knots, bound, working = first_knots(self.limits, self.objective), np.inf, self.first_lines(few)
        choices = bool((((self.limits.least > 0) & ~self.limits.needed) | (self.limits.step > 1)).any())
        choices |= bool(self.terms.choices)
        for _ in range(ROUNDS):
            solution, layout, amounts = self.solved(working, knots, whole=False)
            if solution.status == "infeasible" and len(working) < len(knots) and self.possible:
                few *= 10
                working = np.union1d(working, self.first_lines(few))
                continue
            if solution.status == "infeasible":
                return None
            if solution.status == "stopped":
                raise StoppedError(_out_of_time())
            prices = layout.prices(solution.prices)
            charged = charges(
                self.terms.choices, layout.choices, working, solution.prices * layout.worth, len(knots)
            )
            proof = lagrangian_bound(
                self.objective, self.limits, self.terms.linear, prices, amounts, self.entry, charged
            )
            bound = min(bound, proof.value)
            straight = solution.value * layout.worth
            found = _Relaxed(amounts, straight, prices, bound, knots, working, choices, proof)
            if bound - straight <= CLOSE_ENOUGH * abs(bound):
                break
            knots = with_knots(knots, np.stack([amounts, proof.best], axis=1), self.limits)
            working = np.union1d(working, called_for(proof, working))
        return found

    def chosen(self, relaxed: _Relaxed) -> _Chosen | None:
        """Choose lines and steps whole, cutting the curves once more where the choice needs it."""
        if not relaxed.choices:
            return _Chosen(relaxed.amounts, relaxed.straight, relaxed.bound, stopped=False)
        working, ceiling = self.lines_to_choose(relaxed)
        knots = relaxed.knots
        for _ in range(2):
            solution, layout, amounts = self.solved(working, knots, whole=True)
            if solution.status == "infeasible" and len(working) < len(knots) and self.possible:
                working, ceiling = np.arange(len(knots)), -np.inf
                solution, layout, amounts = self.solved(working, knots, whole=True)
            if solution.status == "infeasible":
                return None
            if not len(solution.columns):
                raise StoppedError(_out_of_time())
            straight, stopped = solution.value * layout.worth, solution.status == "stopped"
            true = self.objective.total(amounts)
            if stopped or true - straight <= CHOICE_LOSS * abs(relaxed.bound):
                break
            knots = with_knots(knots, amounts[:, None], self.limits)
        bound = relaxed.bound
        if not stopped and bound - straight > CHOICE_LOSS * abs(bound) and self.objective.pools is None:
            knots = with_knots(knots, amounts[:, None], self.limits)
            over, layout, _ = self.solved(working, knots, whole=True, above=True)
            bound = min(bound, max(over.bound * layout.worth, ceiling))
        return _Chosen(amounts, straight, bound, stopped)

    def lines_to_choose(self, relaxed: _Relaxed) -> tuple[Index, float]:
        """The lines among which to choose, and a bound on every plan that funds any other."""
        lines = len(relaxed.amounts)
        if lines <= SMALL:
            return np.arange(lines), -np.inf
        lost = np.maximum(-relaxed.proof.profit, 0.0)
        lost[self.limits.needed | (relaxed.amounts > 0)] = -1.0
        order = np.argsort(lost, kind="stable")
        count = max(SMALL, int((lost < 0).sum()) + SMALL // 2)
        if count >= lines:
            return np.arange(lines), -np.inf
        return np.sort(order[:count]), relaxed.proof.value - float(lost[order[count]])


def called_for(proof: Bound, working: Index) -> Index:
    """Lines not yet worked with that would be worth more than they pay at the proof's prices, the best first."""
    gain = proof.profit.copy()
    gain[working] = 0.0
    calling = np.flatnonzero(gain > 0)
    return calling[np.argsort(-gain[calling], kind="stable")][:SMALL]


def _out_of_time() -> Problem:
    return Problem(
        Sentence("the time for the search is over, and no plan was found yet."),
        Sentence(
            "Ask for fewer lines: {example}, fewer posts, or no steps and least amounts.",
            example='lines = "seen"',
        ),
    )
