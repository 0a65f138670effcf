"""The best money for each line: formulate, solve, cut the curves finer where it matters, make it payable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.errors import Problem, StoppedError
from mediaplan.planning.auditing import broken_demands
from mediaplan.planning.bounding import first_worth, lagrangian_bound, paid_by_line
from mediaplan.planning.demands import Demand, Limits, limits_of, linear_terms
from mediaplan.planning.feasibility import least_money
from mediaplan.planning.formulating import Cuts, Layout, first_cuts, formulate
from mediaplan.planning.layering import with_loads
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
    slopes = objective.keeping(best.amounts)[0] * objective.slope(best.amounts)
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


def relaxed_amounts(
    demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver
) -> Array | None:
    """Nearly the best amounts where lines need not be chosen whole, shape (lines,), minor units; `None` if impossible.

    The curves are not cut finer than at first, which loses some thousandth of the worth. The arguments are those of `best_money`.
    """
    terms = tuple(term for demand in demands for term in demand.terms)
    limits = limits_of(terms, objective.lines, budget)
    rounds = 1 if objective.lines <= SMALL else 3
    relaxed = _Asked(linear_terms(terms), limits, budget, objective, solver).relaxed(rounds)
    return None if relaxed is None else relaxed.amounts


@dataclass(frozen=True, eq=False)
class _Relaxed:
    """The best amounts when lines need not be chosen whole.

    Attributes:
        amounts: Shape (lines,), minor units.
        straight: Worth of them on straight pieces.
        prices: Shape (terms,).
        bound: No plan is worth more.
        cuts: Where curves and pools were cut in the end.
        working: Shape (working lines,), index of those that the program had.
        choices: Whether lines still have to be chosen whole.
    """

    amounts: Array
    straight: float
    prices: Array
    bound: float
    cuts: Cuts
    working: Index
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

    @cached_property
    def entry(self) -> Array:
        """Most worth that a minor unit can have on each line."""
        return first_worth(self.objective, self.limits)

    @cached_property
    def possible(self) -> bool:
        """Whether any plan that spends money keeps all terms and limits."""
        return least_money(self.terms, self.limits) is not None

    def solved(
        self, working: Index, cuts: Cuts, *, whole: bool, above: bool = False
    ) -> tuple[Solution, Layout, Array]:
        """The engine's answer over the working lines, and the amounts of all lines, shape (lines,)."""
        terms = [replace(t, weights=t.weights[working], counted=t.counted[working]) for t in self.terms]
        program, layout = formulate(
            terms,
            self.limits.take(working),
            self.budget,
            self.objective.take(working),
            cuts.take(working),
            above=above,
        )
        choices = program.whole if whole else np.zeros_like(program.whole)
        solution = self.solver(replace(program, whole=choices))
        amounts = np.zeros(self.objective.lines)
        if len(solution.columns):
            amounts[working] = np.maximum(layout.amounts(solution.columns), 0.0)
        return solution, layout, amounts

    def first_lines(self, few: int) -> Index:
        """Lines to begin with: all of a small question; of a large one the best, and a few for and against each term."""
        if len(self.entry) <= SMALL:
            return np.arange(len(self.entry))
        best = np.argsort(-self.entry, kind="stable")
        chosen = [np.flatnonzero(self.limits.needed), best[:SMALL]]
        for term in self.terms:
            counted = term.counted[best]
            chosen += [best[counted][:few], best[~counted][:few]]
        return np.unique(np.concatenate(chosen))

    def relaxed(self, rounds: int = ROUNDS) -> _Relaxed | None:
        """Solve without choices: cut curves finer where the solution and its prices point, bring in lines that the
        prices call for, until the bound is met.
        """
        few = FEW
        cuts, bound, working = first_cuts(self.limits, self.objective), np.inf, self.first_lines(few)
        choices = bool((((self.limits.least > 0) & ~self.limits.needed) | (self.limits.step > 1)).any())
        found = None
        for _ in range(rounds):
            solution, layout, amounts = self.solved(working, cuts, whole=False)
            if solution.status == "infeasible" and len(working) < self.objective.lines and self.possible:
                few *= 10
                working = np.union1d(working, self.first_lines(few))
                continue
            if solution.status == "infeasible":
                return None
            if solution.status == "stopped":
                raise StoppedError(_out_of_time())
            prices = layout.prices(solution.prices)
            proof = lagrangian_bound(self.objective, self.limits, self.terms, prices, amounts, self.entry)
            bound = min(bound, proof.value)
            straight = solution.value * layout.worth
            found = _Relaxed(amounts, straight, prices, bound, cuts, working, choices)
            if bound - straight <= CLOSE_ENOUGH * abs(bound):
                break
            loads = with_loads(cuts.pools, self.objective, amounts, layout.inflow_prices(solution.prices))
            cuts = cuts.finer(np.stack([amounts, proof.best], axis=1), self.limits, loads)
            working = np.union1d(working, self.called_for(prices, amounts, working))
        return found

    def called_for(self, prices: Array, amounts: Array, working: Index) -> Index:
        """Lines not yet worked with whose first money is worth more than it costs at these prices, the best first."""
        keep, _ = self.objective.keeping(amounts)
        paid, _ = paid_by_line(self.terms, prices, len(amounts))
        gain = keep * self.entry - paid
        gain[working] = 0.0
        calling = np.flatnonzero(gain > 0)
        return calling[np.argsort(-gain[calling], kind="stable")][:SMALL]

    def chosen(self, relaxed: _Relaxed) -> _Chosen | None:
        """Choose lines and steps whole, cutting the curves once more where the choice needs it."""
        if not relaxed.choices:
            return _Chosen(relaxed.amounts, relaxed.straight, relaxed.bound, stopped=False)
        working, ceiling = self.lines_to_choose(relaxed)
        cuts = relaxed.cuts
        for _ in range(2):
            solution, layout, amounts = self.solved(working, cuts, whole=True)
            if solution.status == "infeasible" and len(working) < self.objective.lines and self.possible:
                working, ceiling = np.arange(self.objective.lines), -np.inf
                solution, layout, amounts = self.solved(working, cuts, whole=True)
            if solution.status == "infeasible":
                return None
            if not len(solution.columns):
                raise StoppedError(_out_of_time())
            straight, stopped = solution.value * layout.worth, solution.status == "stopped"
            if stopped or self.objective.total(amounts) - straight <= CHOICE_LOSS * abs(relaxed.bound):
                break
            loads = with_loads(cuts.pools, self.objective, amounts)
            cuts = cuts.finer(amounts[:, None], self.limits, loads)
        bound = relaxed.bound
        if not stopped and bound - straight > CHOICE_LOSS * abs(bound):
            loads = with_loads(cuts.pools, self.objective, amounts)
            cuts = cuts.finer(amounts[:, None], self.limits, loads)
            over, layout, _ = self.solved(working, cuts, whole=True, above=True)
            bound = min(bound, max(over.bound * layout.worth, ceiling))
        return _Chosen(amounts, straight, bound, stopped)

    def lines_to_choose(self, relaxed: _Relaxed) -> tuple[Index, float]:
        """The lines among which to choose, and a bound on every plan that funds any other."""
        lines = len(relaxed.amounts)
        if lines <= SMALL:
            return np.arange(lines), -np.inf
        keep, _ = self.objective.keeping(relaxed.amounts)
        paid, _ = paid_by_line(self.terms, relaxed.prices, lines)
        least = np.maximum(np.maximum(self.limits.least, self.limits.step), 1)
        lost = np.maximum(paid - keep * self.entry, 0.0) * least
        lost[self.limits.needed | (relaxed.amounts > 0)] = -1.0
        order = np.argsort(lost, kind="stable")
        count = max(SMALL, int((lost < 0).sum()) + SMALL // 2)
        if count >= lines:
            return np.arange(lines), -np.inf
        return np.sort(order[:count]), relaxed.bound - float(lost[order[count]])


def _out_of_time() -> Problem:
    return Problem(
        Sentence("the time for the search is over, and no plan was found yet."),
        Sentence(
            "Ask for fewer lines: {example}, fewer posts, or no steps and least amounts.",
            example='lines = "seen"',
        ),
    )
