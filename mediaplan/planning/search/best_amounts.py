"""The best whole amounts under rows of money, choice and results; where rows count a part of people, around plan after plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Term, over_results, shortfall
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Demand, Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.formulation.relaxing import Relaxed, out_of_time
from mediaplan.planning.formulation.shared_rows import inexact
from mediaplan.planning.search.auditing import broken_demands, penalties, total_of
from mediaplan.planning.search.choosing_whole import chosen
from mediaplan.planning.search.falling_short import least_short
from mediaplan.planning.search.few_rows import FewRows
from mediaplan.planning.search.no_room import NEAR, with_a_hair_more, within_the_budget
from mediaplan.planning.search.rounding import payable
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.sharing_out import shared_out

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

SEVERAL = 200
"""Limits beyond which it is first asked whether any money keeps them, which is soon known."""
COARSE = 1
"""Rounds of the relaxed plans that tell which of very many limits bear on a plan."""
AROUND = 12
"""Times that rows which count only a part of those who share people are stated anew around the last plan."""
SETTLING = 6
"""Times that they are stated anew around relaxed plans, at the most."""
SETTLED = 1e-6
"""Part of the worth by which such plans differ from the one before at the most once they are settled."""
NO_STEP = 1e-6
"""Part of the budget by which amounts must differ for another statement around them to be another one."""
ROOMS = (8, 2, 4)
"""Times the money that there is with which the plan that needs least is looked for, as long as it needs hardly more."""
MARGIN = 1.5
"""Times what a plan misses of a limit by which more is asked for after that."""


@dataclass(frozen=True, eq=False)
class Solved:
    """The solved amounts and what is known about them.

    Attributes:
        amounts: Shape (lines,), whole minor units.
        limits: Of the lines.
        terms: Linear terms of all demands, in order.
        totals: Shape (terms,), what each adds up to on the true curves.
        prices: Shape (terms,), worth per minor unit by which a limit gives way; the sign says which limit binds.
        value: Worth of the amounts on the true curves, less what rules that give way take from it.
        penalties: What rules that give way take from it.
        relaxed: What no plan is worth more than where lines need not be chosen whole.
        bound: No plan is worth more.
        straight: Worth that the program's straight pieces gave the amounts before rounding.
        stopped: Whether a limit of time was reached.
        choices: Whether lines are chosen whole, so that prices are those before that choice.
        draws: Of a cautious goal, the sets of posterior draws that plans were looked at in, each an index.
    """

    amounts: Integers
    limits: Limits
    terms: tuple[Linear, ...]
    totals: Array
    prices: Array
    value: float
    penalties: float
    relaxed: float
    bound: float
    straight: float
    stopped: bool
    choices: bool = False
    draws: tuple[NDArray[np.intp], ...] = ()


@dataclass(frozen=True, eq=False)
class Sought:
    """What the best amounts are sought under.

    Attributes:
        terms: Of all demands, none of them a limit on people.
        demands: What the plan must keep.
        objective: What is maximised.
        budget: Media money, minor units.
        solver: The engine.
        proving: Whether anybody is told how near to the best the plan is proven to be.
        enough, known: As of `Asked`.
    """

    terms: tuple[Term, ...]
    demands: tuple[Demand, ...]
    objective: Objective
    budget: int
    solver: Solver
    proving: bool
    enough: float = 0.0
    known: float = -np.inf

    def asked(self, around: Array | None = None) -> Asked:
        """The same as a question, stated around a plan."""
        asked = Asked.of(self.terms, self.objective, self.budget, self.solver, around, proving=self.proving)
        return replace(asked, enough=self.enough, known=self.known)

    def of(self, rows: Sequence[Term]) -> Sought:
        """Only those of the terms."""
        here = {id(term) for term in rows}
        demands = (replace(d, terms=tuple(t for t in d.terms if id(t) in here)) for d in self.demands)
        return replace(self, terms=tuple(rows), demands=tuple(demands))


def best_of(sought: Sought) -> Solved | None:
    """The best amounts; of very many limits on money those are stated that bear on them."""
    few = FewRows(sought.terms)
    if few.all_stated:
        return _best_of(sought)
    if few.waiting and not few.relaxed(lambda rows: sought.of(rows).asked().relaxed(rounds=COARSE)):
        return None
    while True:
        solved = _best_of(sought.of(few.few))
        if solved is None or not few.missed(solved.amounts):
            return None if solved is None else _with_all(solved, sought.terms, sought.objective)


def _with_all(solved: Solved, terms: Sequence[Term], objective: Objective) -> Solved:
    """The same with what all rows add up to, also those that did not bear on it and so have no price."""
    prices = {id(term): float(price) for term, price in zip(solved.terms, solved.prices, strict=True)}
    every = Terms.of(terms).linear
    return replace(
        solved,
        terms=every,
        totals=np.array([total_of(term, solved.amounts, objective) for term in every]),
        prices=np.array([prices.get(id(term), 0.0) for term in every]),
    )


def _best_of(sought: Sought) -> Solved | None:
    """The same with all terms stated."""
    asked = sought.asked()
    if len(asked.terms.linear) > SEVERAL and not asked.possible:
        return None
    relaxed = asked.relaxed()
    first = _best(asked, relaxed, sought)
    if first is None or not inexact(asked.terms.linear):
        return first or _with_no_room(asked, sought)
    # As if the others took nothing, which no plan exceeds: a plan that keeps all rules then is the best, and only its bound
    # counts where one does not, or where it was thought to miss less of a rule that gives way than it does.
    kept = not broken_demands(first.amounts, sought.demands, sought.objective)
    if kept and not any(np.isfinite(term.soft) for term in asked.terms.linear if inexact([term])):
        return first
    try:
        best = _best_around(first.amounts.astype(float), first, sought)
        if best is None and not kept and relaxed is not None:
            best = _from_the_cheapest(asked, relaxed, replace(sought, proving=False))
    except StoppedError:
        if not kept:
            raise
        return replace(first, stopped=True)
    if best is None or (kept and first.value >= best.value):
        return first if kept else None
    return replace(best, bound=max(min(first.bound, best.bound), best.value))


def _with_no_room(asked: Asked, sought: Sought) -> Solved | None:
    """The best amounts found where straight pieces say that the budget is too small for what rules ask of results.

    They say so of money that is just enough. Of hardly more they don't, and then the plan that needs least money may keep it.
    """
    if not any(over_results(term) for term in asked.terms.linear):
        return None
    wide = replace(sought, terms=with_a_hair_more(sought.terms, sought.demands)).asked()
    relaxed = wide.relaxed()
    return None if relaxed is None else _from_the_cheapest(asked, relaxed, replace(sought, proving=False))


def _from_the_cheapest(asked: Asked, relaxed: Relaxed, sought: Sought) -> Solved | None:
    """The best amounts around the plan that needs least money, found with more than there is: it may just keep the budget.

    With no room at all, plans stated around one another can't come to it.

    Args:
        asked: The question.
        relaxed: A plan for it, or for one that asks for less, whose bound holds.
        sought: What the question is made of.
    """
    demands, objective = sought.demands, sought.objective
    cheapest = None if objective.price < 0 else _cheapest(sought)
    if cheapest is None:
        return None
    start, linear = cheapest.astype(float), Terms.of(sought.terms).linear
    given = penalties(demands, cheapest, objective)
    value = objective.total(start) - given
    first = Solved(
        cheapest,
        asked.limits,
        linear,
        np.array([total_of(term, cheapest, objective) for term in linear]),
        relaxed.prices,
        value,
        given,
        relaxed.bound,
        max(relaxed.bound, value),
        value,
        relaxed.stopped,
        relaxed.choices,
    )
    return _best_around(start, first, sought) or first


def _cheapest(sought: Sought) -> Integers | None:
    """Amounts that need least money, where they keep the budget; `None` where none do that were found."""
    objective = sought.objective
    saving = replace(objective.weighted(np.zeros_like(objective.weights)), price=-objective.major, offset=0.0)
    paying = [term for demand in sought.demands if demand.is_budget for term in demand.terms]
    rest = sought.of([term for term in sought.terms if not any(term is limit for limit in paying)])
    for room in ROOMS:
        cheapest = best_of(replace(rest, objective=saving, budget=room * sought.budget))
        if cheapest is None or float(cheapest.amounts.sum()) > (1.0 + NEAR) * sought.budget:
            return None
        found = within_the_budget(cheapest.amounts, cheapest.limits, sought.demands, objective)
        if found is not None:
            return found
    return None


def _best_around(plan: Array, first: Solved, sought: Sought) -> Solved | None:
    """The best amounts where rows over results count only a part of those who share people.

    What the others take is stated as around the plan before, a given one at first, until plans settle; then around whole
    plans, and more and more strictly, until one keeps the rows themselves; of lines chosen whole, then around that one,
    until none is better.
    """
    demands, objective, budget = sought.demands, sought.objective, sought.budget
    best, rows = None, sought.terms
    for turn in range(AROUND):
        settle = turn == 0 or not first.choices
        turns = SETTLING if settle else 1
        try:
            found = _settled(replace(sought, terms=rows), plan, turns)
            solved = None if found is None else _best(*found, sought)
        except StoppedError:
            if best is None:
                raise
            return replace(best, stopped=True)
        if solved is None and best is None:
            nearest = least_short(rows, objective, budget, sought.solver, plan)
            if nearest is None or np.abs(nearest - plan).max() <= NO_STEP * budget:
                return None
            plan = nearest
            continue
        kept = solved is not None and not broken_demands(solved.amounts, demands, objective)
        if best is not None and (solved is None or not kept or not _better(solved, best, objective)):
            return best
        assert solved is not None
        if kept and (solved.stopped or not solved.choices):
            return solved
        if solved.stopped:
            raise StoppedError(out_of_time())
        plan = solved.amounts.astype(float)
        if kept:  # of lines chosen whole, another choice may be better; this one keeps its own statement
            best, rows = solved, sought.terms
            continue
        rows = tuple(
            _stricter(row, term, plan, objective) for row, term in zip(rows, sought.terms, strict=True)
        )
    return best


def _better(solved: Solved, best: Solved, objective: Objective) -> bool:
    """Whether a plan is worth more than another by what matters."""
    return solved.value - best.value > SETTLED * objective.size(best.value)


def _settled(sought: Sought, plan: Array, turns: int) -> tuple[Asked, Relaxed | None] | None:
    """The question stated around its own relaxed plan, about, and that plan; `None` where nothing keeps the rows."""
    worth = np.inf
    for _ in range(turns):
        asked = sought.asked(plan)
        relaxed = asked.relaxed()
        if relaxed is None:
            return None
        plan, before, worth = relaxed.amounts, worth, sought.objective.total(relaxed.amounts)
        if relaxed.stopped or abs(worth - before) <= SETTLED * sought.objective.size(worth):
            break
    return asked, relaxed


def _stricter(row: Term, term: Term, plan: Array, objective: Objective) -> Term:
    """A row over results that asks for more than before, by what a plan misses of the rule's own."""
    if not isinstance(row, Linear) or not isinstance(term, Linear) or not over_results(term):
        return row
    more = MARGIN * shortfall(term, term.total(plan, objective.results(plan)))
    return replace(row, at_least=row.at_least + more, at_most=row.at_most - more)


def _best(asked: Asked, relaxed: Relaxed | None, sought: Sought) -> Solved | None:
    """The best whole amounts of a relaxed question, seen by the terms that it states; `None` where none keep them."""
    best = None if relaxed is None else chosen(asked, relaxed)
    if relaxed is None or best is None:
        return None
    objective, limits = asked.objective, asked.limits
    best = shared_out(asked, best) if relaxed.choices else best
    linear = Terms.of(sought.terms).linear
    slopes = objective.keeping(best.amounts)[0] * objective.slope(best.amounts)
    rows = _as_kept(linear, best.amounts, objective) if inexact(asked.terms.linear) else linear
    paid = payable(best.amounts, slopes, limits, rows, objective)
    given = float(penalties(sought.demands, paid, objective))
    value = objective.total(paid.astype(float)) - given
    bound = max(min(relaxed.bound, best.bound), value)
    return Solved(
        paid,
        limits,
        linear,
        np.array([total_of(term, paid, objective) for term in linear]),
        relaxed.prices,
        value,
        given,
        relaxed.bound,
        bound,
        best.straight,
        best.stopped or relaxed.stopped,
        relaxed.choices,
    )


def _as_kept(terms: Sequence[Linear], amounts: Array, objective: Objective) -> tuple[Linear, ...]:
    """The terms, those over results asking for no more than the amounts keep of them."""
    results = objective.results(amounts)
    total = [term.total(amounts, results) for term in terms]
    return tuple(
        term
        if term.results is None
        else replace(term, at_least=min(term.at_least, now), at_most=max(term.at_most, now))
        for term, now in zip(terms, total, strict=True)
    )
