"""The search for the best money over lines that need not be chosen whole: rounds of the relaxation.

A large question begins with its best lines and brings in those that the prices call for (column generation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Term, over_results
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Limits, limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.bounding import lagrangian_bound
from mediaplan.planning.formulation.choosing import charges
from mediaplan.planning.formulation.curved import row_scale
from mediaplan.planning.formulation.cuts import Called, Cuts, first_cuts
from mediaplan.planning.formulation.formulating import Layout, Terms, formulate
from mediaplan.planning.formulation.group_caps import with_caps
from mediaplan.planning.formulation.program import GAP, Program, Solution, Solver, alone
from mediaplan.planning.formulation.relaxing import CLOSE_ENOUGH, SMALL, Relaxed, called_for, out_of_time
from mediaplan.planning.formulation.shared_rows import stated
from mediaplan.planning.formulation.tiers import tiered_lines
from mediaplan.planning.formulation.worth_of_lines import first_worth
from mediaplan.planning.many_lines.plain import is_plain, relaxed_plainly
from mediaplan.planning.search.envelopes import dented, under_envelopes
from mediaplan.planning.search.feasibility import least_money

Array = NDArray[np.float64]
Index = NDArray[np.intp]

ROUNDS = 16
"""Times that the relaxation's curves are cut finer at the most; each time the loss falls some fivefold."""
KEPT = 4
"""Of many lines, those for each funded one with which rounds go on where lines are yet to be chosen whole."""
FEW = 40
"""Lines for each term, and against it, that a large question begins with; ten times as many where they can't keep it."""
REACHED = 1e-9
"""Part of a limit on results that doubles may miss."""
CHOICE_RISE = 1e-6
"""Part of the bound by which a relaxed plan must rise to be cut finer once more, where lines are yet to be chosen whole."""
HARDLY = 0.02
"""The same as a part of what is near enough, where that is more."""


@dataclass(frozen=True, eq=False)
class Asked:
    """One question to an engine: all that formulating needs, and how good an answer is asked for.

    Attributes:
        proving: Whether anybody is told how good the answer is.
        enough: Part of the bound by which lines chosen whole may fall short of it where nobody needs a better plan.
        known: What a plan is worth that there is already: only better ones are looked for.
    """

    terms: Terms
    limits: Limits
    budget: int
    objective: Objective
    solver: Solver
    proving: bool = True
    enough: float = 0.0
    known: float = -np.inf

    @cached_property
    def entry(self) -> Array:
        """Most worth that a minor unit can have on each line."""
        return first_worth(self.objective, self.limits)

    @cached_property
    def dented(self) -> Index:
        """Places in the rate card of lines that are relaxed to their concave envelopes."""
        return dented(self.objective, self.terms.linear, self.limits)

    @cached_property
    def possible(self) -> bool:
        """Whether any plan that spends money keeps all terms and limits."""
        return least_money(self.terms.linear, self.limits, self.terms.choices) is not None

    @classmethod
    def of(
        cls,
        terms: Sequence[Term],
        objective: Objective,
        budget: int,
        solver: Solver,
        plan: Array | None = None,
        *,
        proving: bool = True,
    ) -> Asked:
        """The question of the best amounts under terms, none of them a limit on people.

        Args:
            terms: Of all demands.
            objective: What is maximised.
            budget: Media money, minor units.
            solver: The engine.
            plan: Shape (lines,), minor units: see `stated`.
            proving: Whether anybody is told how near to the best the choice is, so that a close bound is asked for.
        """
        limits = limits_of(terms, objective.lines, budget)
        return cls(
            Terms.of(stated(terms, objective, limits, plan)), limits, budget, objective, solver, proving
        )

    def solved(
        self,
        working: Index,
        cuts: Cuts,
        *,
        whole: bool,
        above: bool = False,
        beyond: float = -np.inf,
        gap: float = GAP,
    ) -> tuple[Solution, Layout, Array]:
        """The engine's answer over the working lines, and the amounts of all lines, shape (lines,).

        Of plans worth more than `beyond` alone, where it can leave out the others; the best one to that part of its worth.
        """
        program, layout = self.program(working, cuts, whole=whole, above=above)
        solution = self.solver(replace(program, beyond=beyond / layout.worth, gap=gap))
        amounts = np.zeros(self.objective.lines)
        if len(solution.columns):
            amounts[working] = np.maximum(layout.amounts(solution.columns), 0.0)
        return solution, layout, amounts

    def program(
        self, working: Index, cuts: Cuts, *, whole: bool, above: bool = False
    ) -> tuple[Program, Layout]:
        """The question over the working lines in plain arrays, and the way back from it."""
        here, own = self._among(working), cuts.take(working)
        program, layout = formulate(
            here.terms, here.limits, self.budget, here.objective, own, above=above, whole=whole
        )
        return replace(program, lean=self.objective.lines > SMALL), layout

    def _among(self, working: Index) -> Asked:
        """The question over the working lines alone."""
        if np.array_equal(working, np.arange(self.objective.lines)):
            return self
        terms, limits = self.terms.take(working), self.limits.take(working)
        return replace(self, terms=terms, limits=limits, objective=self.objective.take(working))

    def first_lines(self, few: int) -> Index:
        """Lines to begin with: all of a small question; of a large one the best, and a few for and against each term."""
        if len(self.entry) <= SMALL:
            return np.arange(len(self.entry))
        best = np.argsort(-self.entry, kind="stable")
        chosen = [np.flatnonzero(self.limits.needed), best[:SMALL]]
        place = np.empty(len(best), dtype=np.intp)
        place[best] = np.arange(len(best))
        for term in self.terms.linear:
            counted = np.sort(place[term.counted])
            # The k-th place that is not counted is k and as many as are counted before it.
            before = np.searchsorted(counted - np.arange(len(counted)), np.arange(few), side="right")
            others = np.arange(few) + before
            chosen += [best[counted[:few]], best[others[others < len(best)]]]
        for choice in self.terms.choices:
            order = np.argsort(place[choice.line], kind="stable")
            _, first = np.unique(choice.group[order], return_index=True)
            chosen.append(choice.line[order[np.sort(first)[: 10 * few]]])
        return np.unique(np.concatenate(chosen))

    @property
    def short(self) -> Asked:
        """The question how little the rows over results must fall short, each as a part of its limit: no other goal."""
        soft = tuple(
            replace(term, soft=1.0 / (1000.0 * row_scale(term, max(self.budget / 1000.0, 1.0))))
            if over_results(term)
            else term
            for term in self.terms.linear
            if not np.isfinite(term.soft)
        )
        firm = [np.isfinite(choice.soft) for choice in self.terms.choices]
        choices = tuple(c for c, gives in zip(self.terms.choices, firm, strict=True) if not gives)
        single = tuple(s for s, gives in zip(self.terms.single, firm, strict=True) if not gives)
        objective = replace(self.objective.weighted(np.zeros_like(self.objective.weights)), price=0.0)
        terms = Terms(soft, choices, single)
        return Asked(terms, self.limits, self.budget, objective, self.solver, proving=False)

    def reaching(self) -> Cuts | None:
        """Cuts with which the straight pieces reach what the rows over results ask for; `None` where nothing does."""
        if not any(over_results(term) for term in self.terms.linear):
            return first_cuts(self.limits, self.objective, self.terms.linear)
        found = self.short.relaxed(enough=-REACHED, or_never=True)
        if found is not None and found.stopped and found.straight < -REACHED:
            raise StoppedError(out_of_time())
        if found is None or found.straight < -REACHED:
            return None
        cut = iter(found.cuts.rows)
        first = first_cuts(self.limits, self.objective, self.terms.linear)
        # Rows that may give way were not asked.
        rows = zip(self.terms.linear, first.rows, strict=True)
        kept = tuple(loads if np.isfinite(term.soft) else next(cut) for term, loads in rows)
        return replace(first, lines=found.cuts.lines, rows=kept)

    def relaxed(
        self, enough: float = np.inf, *, or_never: bool = False, rounds: int = ROUNDS
    ) -> Relaxed | None:
        """Solve without choices: cut curves finer where the solution and its prices point, bring in lines that the
        prices call for, until the bound is met.

        Args:
            enough: Worth with which to be content.
            or_never: Whether to stop as well once it is proven that there is not enough.
            rounds: Times that the curves are cut finer, at the most.
        """
        if len(self.dented):
            return self._under_envelopes(enough, or_never=or_never, rounds=rounds)
        if is_plain(self.terms, self.limits, self.objective) and (
            self.objective.lines > SMALL or (self.objective.given is None and not alone(self.solver))
        ):
            return relaxed_plainly(self.terms, self.limits, self.objective, self.entry, self.solver, rounds)
        return self._in_rounds(enough, or_never=or_never, rounds=rounds)

    def _in_rounds(self, enough: float, *, or_never: bool, rounds: int) -> Relaxed | None:
        """The same by the engine, one linear program after the other."""
        few = FEW
        cuts = self.reaching()
        if cuts is None:
            return None
        found, bound, sure, working = None, np.inf, np.inf, self.first_lines(few)
        choices = bool((((self.limits.least > 0) & ~self.limits.needed) | (self.limits.step > 1)).any())
        choices |= bool(self.terms.choices) or bool(tiered_lines(self.objective).any())
        for _ in range(rounds):
            solution, layout, amounts = self.solved(working, cuts, whole=False)
            if solution.status == "infeasible" and len(working) < len(amounts) and self.possible:
                few *= 10
                working = np.union1d(working, self.first_lines(few))
                continue
            if solution.status == "infeasible":
                return None
            if solution.status == "stopped" and found is not None:
                return replace(found, stopped=True)
            if solution.status == "stopped":
                raise StoppedError(out_of_time())
            prices = layout.prices(solution.prices)
            charged = charges(
                (self.terms.linear, self.terms.choices), (layout.choices, layout.caps),
                working, solution.prices * layout.worth, len(amounts),
            )  # fmt: skip
            proof = lagrangian_bound(
                self.objective,
                self.limits,
                self.terms.linear,
                prices,
                amounts,
                self.entry,
                charged,
                solution.prices[layout.views.row],
            )
            bound, sure = min(bound, proof.value), min(sure, proof.sure)
            straight = solution.value * layout.worth
            risen = np.inf if found is None else straight - found.straight
            told = with_caps(prices, layout.caps, solution.prices * layout.worth, solution.columns)
            found = Relaxed(amounts, straight, told, sure, cuts, working, choices, proof)
            if (
                straight >= enough
                or (or_never and bound < enough)
                or bound - straight <= CLOSE_ENOUGH * self.objective.size(bound)
            ):
                break
            calling = called_for(proof, working)
            open_yet = straight < enough <= bound  # a plan that rises little may still come to be enough
            rise = max(CHOICE_RISE, HARDLY * self.enough)
            small = choices and not open_yet and risen <= rise * self.objective.size(bound)
            if small and not len(calling):
                break
            cuts = self.finer(cuts, amounts, layout.called(solution.prices, proof.best))
            if choices and len(amounts) > SMALL:
                working = found.funded_and_next(KEPT)
            working = np.union1d(working, calling)
        return found

    def _under_envelopes(self, enough: float, *, or_never: bool, rounds: int) -> Relaxed | None:
        """The same under concave envelopes; chosen whole is still where between two corners of one the money lies."""
        concave = under_envelopes(self.objective, self.limits, self.dented)
        found = replace(self, objective=concave).relaxed(enough, or_never=or_never, rounds=rounds)
        if found is None:
            return None
        above = concave.total(found.amounts) - self.objective.total(found.amounts)
        return replace(found, choices=found.choices or above > CLOSE_ENOUGH * abs(found.bound))

    def finer(self, cuts: Cuts, amounts: Array, called: Called | None = None) -> Cuts:
        """The cuts, and more of them where a plan lies, and where prices say that it might."""
        return cuts.around(amounts, self.limits, self.objective, self.terms.linear, called)
