"""The best whole amounts of a question as it is stated; and where rows count a part of people, around plan after plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Term, over_results, shortfall
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.relaxing import Relaxed, out_of_time
from mediaplan.planning.formulation.shared_rows import inexact
from mediaplan.planning.search.auditing import broken_demands, penalties, total_of
from mediaplan.planning.search.choosing_whole import chosen
from mediaplan.planning.search.falling_short import least_short
from mediaplan.planning.search.rounding import payable
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.sharing_out import shared_out
from mediaplan.planning.search.sought import Solved, Sought

Array = NDArray[np.float64]

AROUND = 12
"""Times that rows which count only a part of those who share people are stated anew around the last plan."""
SETTLING = 6
"""Times that they are stated anew around relaxed plans, at the most."""
SETTLED = 1e-6
"""Part of the worth by which such plans differ from the one before at the most once they are settled."""
NO_STEP = 1e-6
"""Part of the budget by which amounts must differ for another statement around them to be another one."""
MARGIN = 1.5
"""Times what a plan misses of a limit by which more is asked for after that."""


def best_around(plan: Array, first: Solved, sought: Sought) -> Solved | None:
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
            solved = None if found is None else best_stated(*found, sought)
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
        if best is not None and (solved is None or not kept or not _is_better(solved, best, objective)):
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


def _is_better(solved: Solved, best: Solved, objective: Objective) -> bool:
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


def best_stated(asked: Asked, relaxed: Relaxed | None, sought: Sought) -> Solved | None:
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
