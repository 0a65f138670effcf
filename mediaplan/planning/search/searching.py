"""The search for the best money over lines: rounds of the relaxation, then the choice of lines and steps.

A large question begins with its best lines and brings in those that the prices call for (column generation).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.bounding import first_worth, lagrangian_bound, paid_by_line
from mediaplan.planning.formulation.choosing import charges
from mediaplan.planning.formulation.curved import row_scale
from mediaplan.planning.formulation.cuts import Cuts, first_cuts
from mediaplan.planning.formulation.formulating import Layout, Terms, formulate
from mediaplan.planning.formulation.layering import with_loads
from mediaplan.planning.formulation.narrowing import Narrowed, narrowed
from mediaplan.planning.formulation.program import Solution, Solver, alone
from mediaplan.planning.formulation.relaxing import CLOSE_ENOUGH, SMALL, Relaxed, called_for, out_of_time
from mediaplan.planning.formulation.tiers import tiered_lines
from mediaplan.planning.many_lines.plain import is_plain, relaxed_plainly
from mediaplan.planning.search.envelopes import dented, in_tiers_left, under_envelopes
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
SHORT = 5e-4
"""Part of the bound by which the plans among which is chosen may be worth less, at first."""
WIDER = 5.0
"""Times that part, where none of them keeps the terms."""
TURNS = 4
"""Times that plans are chosen among; the last time among all."""
CHOICE_LOSS = 1e-3
"""Part of the bound that straight pieces may lose once lines are chosen whole, before they are cut once more."""
SPARE = 0.5
"""Part of that by which plans among very many lines may be better than the best one found, and are not looked for."""
MORE_SPARE, MANY_LEFT = 0.8, 100
"""The same where more lines than that might be in a better plan."""
HOPED = 0.05
"""Part of what a plan under envelopes loses on the curves themselves that the best plan is first hoped to lose."""


@dataclass(frozen=True, eq=False)
class Chosen:
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
class Asked:
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
    def dented(self) -> Index:
        """Places in the rate card of lines that are relaxed to their concave envelopes."""
        return dented(self.objective, self.terms.linear, self.limits)

    @cached_property
    def possible(self) -> bool:
        """Whether any plan that spends money keeps all terms and limits."""
        return least_money(self.terms.linear, self.limits, self.terms.choices) is not None

    def solved(
        self, working: Index, cuts: Cuts, *, whole: bool, above: bool = False, beyond: float = -np.inf
    ) -> tuple[Solution, Layout, Array]:
        """The engine's answer over the working lines, and the amounts of all lines, shape (lines,).

        Of plans worth more than `beyond` alone, where it can leave out the others.
        """
        program, layout = formulate(
            self.terms.take(working),
            self.limits.take(working),
            self.budget,
            self.objective.take(working),
            cuts.take(working),
            above=above,
            whole=whole,
        )
        lean = self.objective.lines > SMALL
        solution = self.solver(replace(program, lean=lean, beyond=beyond / layout.worth))
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
        return Asked(Terms(soft, choices, single), self.limits, self.budget, objective, self.solver)

    def reaching(self) -> Cuts | None:
        """Cuts with which the straight pieces reach what the rows over results ask for; `None` where nothing does."""
        if not any(over_results(term) for term in self.terms.linear):
            return first_cuts(self.limits, self.objective)
        found = self.short.relaxed(enough=-REACHED, or_never=True)
        if found is not None and found.stopped and found.straight < -REACHED:
            raise StoppedError(out_of_time())
        if found is None or found.straight < -REACHED:
            return None
        return replace(first_cuts(self.limits, self.objective), lines=found.cuts.lines)

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
        found, bound, working = None, np.inf, self.first_lines(few)
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
                self.terms.choices, layout.choices, working, solution.prices * layout.worth, len(amounts)
            )
            proof = lagrangian_bound(
                self.objective,
                self.limits,
                self.terms.linear,
                prices,
                amounts,
                self.entry,
                charged,
                solution.prices[layout.views],
            )
            bound = min(bound, proof.value)
            straight = solution.value * layout.worth
            risen = np.inf if found is None else straight - found.straight
            found = Relaxed(amounts, straight, prices, bound, cuts, working, choices, proof)
            if (
                straight >= enough
                or (or_never and bound < enough)
                or bound - straight <= CLOSE_ENOUGH * abs(bound)
            ):
                break
            calling = called_for(proof, working)
            if choices and not len(calling) and risen <= CHOICE_RISE * abs(bound):
                break
            loads = with_loads(cuts.pools, self.objective, amounts, layout.inflow_prices(solution.prices))
            cuts = cuts.finer(np.stack([amounts, proof.best], axis=1), self.limits, loads)
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

    def chosen(self, relaxed: Relaxed, *, proving: bool = True) -> Chosen | None:
        """Choose lines, steps and tiers whole; `None` where that can't be done.

        Args:
            relaxed: The best amounts when they need not be.
            proving: Whether anybody is told how near to the best the choice is, so that a close bound is asked for.
        """
        if not relaxed.choices:
            return Chosen(relaxed.amounts, relaxed.straight, relaxed.bound, stopped=relaxed.stopped)
        chosen = self._in_few_tiers if len(self.dented) else self.chosen_among
        return chosen(relaxed, proving=proving)

    def _in_few_tiers(self, relaxed: Relaxed, *, proving: bool) -> Chosen | None:
        """The same, first near what the relaxation hopes for.

        Where that plan does not prove to be near enough, it is looked for again as far as it leaves room for better ones.
        """
        concave = under_envelopes(self.objective, self.limits, self.dented)
        above = concave.total(relaxed.amounts) - self.objective.total(relaxed.amounts)
        loss = HOPED * max(above + relaxed.proof.value - relaxed.straight, CLOSE_ENOUGH * abs(relaxed.bound))
        best = self._near(relaxed, loss, proving=proving)
        if best is None:
            return self.chosen_among(relaxed, proving=proving)
        if best.stopped or best.straight >= relaxed.proof.value - loss:
            return best
        further = self._near(relaxed, relaxed.proof.value - best.straight, proving=proving)
        if further is None:
            return replace(best, bound=relaxed.bound)
        if further.straight < best.straight:
            return replace(best, bound=further.bound, stopped=further.stopped)
        return further

    def _near(self, relaxed: Relaxed, loss: float, *, proving: bool) -> Chosen | None:
        """Chosen whole from the tiers in which a plan loses no more than that to the bound."""
        paid, _ = paid_by_line(self.terms.linear, relaxed.prices, self.objective.lines)
        objective, limits = in_tiers_left(self.objective, self.limits, self.dented, paid, loss)
        inside = np.clip(relaxed.cuts.lines, limits.least[:, None], limits.most[:, None])
        near = replace(relaxed, cuts=replace(relaxed.cuts, lines=inside))
        left, asked = narrowed(near, limits, objective, loss), replace(self, objective=objective)
        best = asked.within(left, relaxed)
        return asked.proven(best, left) if proving and best is not None else best

    def chosen_among(self, relaxed: Relaxed, *, proving: bool) -> Chosen | None:
        """The same from all tiers."""
        best, left = self.chosen_among_few(relaxed)
        return self.proven(best, left) if proving and best is not None else best

    def chosen_among_few(self, relaxed: Relaxed) -> tuple[Chosen | None, Narrowed]:
        """The best plan among those that come near the relaxed one, then among all that might be better than that.

        Of very many lines, the second time is left to the bound.

        Returns:
            The plan, and a question that holds every plan which is better.
        """
        small, size = len(relaxed.amounts) <= SMALL, abs(relaxed.bound)
        short, best = SHORT * size, None
        for turn in range(TURNS):
            left = narrowed(relaxed, self.limits, self.objective, short if turn + 1 < TURNS else np.inf)
            if best is not None and not small:
                break
            found = self.within(left, relaxed)
            if found is None and left.ceiling == -np.inf:
                break
            if found is None:
                short *= WIDER
                continue
            best = found if best is None or found.straight > best.straight else best
            near = not small and best.bound - best.straight <= CHOICE_LOSS * size
            if found.stopped or near or left.ceiling <= best.straight:
                break
            lost = relaxed.proof.value - best.straight
            part = MORE_SPARE if int((relaxed.proof.profit >= -lost).sum()) > MANY_LEFT else SPARE
            short = max(2.0 * short, lost - (0.0 if small else part * CHOICE_LOSS * size))
        return best, left

    def within(self, left: Narrowed, relaxed: Relaxed) -> Chosen | None:
        """The best plan of a narrowed question, cutting the curves once more where the choice needs it."""
        if not len(left.lines):
            return None
        asked = replace(self, limits=left.limits)
        cuts, best = left.cuts, None
        for _ in range(2):
            solution, layout, amounts = asked.solved(left.lines, cuts, whole=True)
            if solution.status == "infeasible":
                return None
            stopped = solution.status == "stopped"
            if stopped and best is not None and not solution.value * layout.worth > best.straight:
                return replace(best, stopped=True)
            if not len(solution.columns):
                raise StoppedError(out_of_time())
            bound = relaxed.bound
            if self.objective.straight:
                bound = min(bound, max(solution.bound * layout.worth, left.ceiling))
            best = Chosen(amounts, solution.value * layout.worth, bound, stopped)
            true = self.objective.total(amounts)
            if stopped or true - best.straight <= CHOICE_LOSS * abs(relaxed.bound):
                break
            cuts = asked.finer(cuts, amounts)
        return best

    def proven(self, best: Chosen, left: Narrowed) -> Chosen:
        """The same plan, or a better one that comes up, with a closer bound, where it needs one.

        By straight pieces nowhere below the curves.
        """
        if best.stopped or best.bound - best.straight <= CHOICE_LOSS * abs(best.bound):
            return best
        asked = replace(self, limits=left.limits)
        # Of few lines all is asked for: a small rise of the bound would be the whole gap.
        many = len(self.entry) > SMALL
        known = max(best.straight, left.ceiling) if many else -np.inf
        cuts = asked.finer(left.proving if many else left.cuts, best.amounts)
        over, layout, amounts = asked.solved(left.lines, cuts, whole=True, above=True, beyond=known)
        true = self.objective.total(amounts)
        if self.bare and len(over.columns) and true > self.objective.total(best.amounts):
            best = replace(best, amounts=amounts, straight=true)
        return replace(best, bound=min(best.bound, max(over.bound * layout.worth, left.ceiling, known)))

    @property
    def bare(self) -> bool:
        """Whether a plan under tangents keeps all rules, and is worth what curves alone say."""
        rows = any(term.results is not None or np.isfinite(term.soft) for term in self.terms.linear)
        soft = any(np.isfinite(choice.soft) for choice in self.terms.choices)
        return not (rows or soft or self.objective.views or self.objective.given is not None)

    def finer(self, cuts: Cuts, amounts: Array) -> Cuts:
        """The cuts, and one where a plan lies."""
        return cuts.finer(amounts[:, None], self.limits, with_loads(cuts.pools, self.objective, amounts))


def over_results(term: Linear) -> bool:
    """Whether it is a limit on results that holds."""
    return term.results is not None and not np.isfinite(term.soft)
