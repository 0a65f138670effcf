"""The best whole amounts under rows of money, choice and results; where rows count a part of people, around plan after plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Term, over_results
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.relaxing import Relaxed
from mediaplan.planning.formulation.shared_rows import inexact
from mediaplan.planning.search.around import best_around, best_stated
from mediaplan.planning.search.auditing import broken_demands, penalties, total_of
from mediaplan.planning.search.dividing import divided
from mediaplan.planning.search.few_rows import FewRows
from mediaplan.planning.search.no_room import NEAR, with_a_hair_more, within_the_budget
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.sought import Solved, Sought

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

SEVERAL = 200
"""Limits beyond which it is first asked whether any money keeps them, which is soon known."""
COARSE = 1
"""Rounds of the relaxed plans that tell which of very many limits bear on a plan."""
ROOMS = (8, 2, 4)
"""Times the money that there is with which the plan that needs least is looked for, as long as it needs hardly more."""

NEAR_ENOUGH = 5e-3
"""Part of its worth that may be missing from a plan made around another one, before all plans are divided to find a better."""


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
    cheap = _cheap_enough(sought) if sought.objective.price < 0 else None
    return cheap or _best_within(sought)


def _cheap_enough(sought: Sought) -> Solved | None:
    """The plan of lowest cost where it keeps the budget of itself, as it does if any plan does; `None` where it was not found.

    A budget that is just enough leaves a program little room to find it, and none to prove it.
    """
    rest = _without_budget(sought)
    solved = None if rest is None else _best_within(replace(rest, budget=ROOMS[0] * sought.budget))
    if solved is None or broken_demands(solved.amounts, sought.demands, sought.objective):
        return None
    limits = limits_of(sought.terms, sought.objective.lines, sought.budget)
    return replace(_with_all(solved, sought.terms, sought.objective), limits=limits)


def _without_budget(sought: Sought) -> Sought | None:
    """The same with no limit on all the money together; `None` where there is none."""
    paying = [term for demand in sought.demands if demand.is_budget for term in demand.terms]
    if not paying:
        return None
    return sought.of([term for term in sought.terms if not any(term is limit for limit in paying)])


def _best_within(sought: Sought) -> Solved | None:
    """The best amounts by programs that know the budget."""
    asked = sought.asked()
    if len(asked.terms.linear) > SEVERAL and not asked.possible:
        return None
    relaxed = asked.relaxed()
    first = best_stated(asked, relaxed, sought)
    if first is None or not inexact(asked.terms.linear):
        return first or _with_no_room(asked, sought)
    # As if the others had no more than they must, which no plan exceeds: a plan that keeps all rules then is the best, and only
    # its bound counts where one does not, or where it was thought to miss less of a rule that gives way than it does.
    kept = not broken_demands(first.amounts, sought.demands, sought.objective)
    if kept and not any(np.isfinite(term.soft) for term in asked.terms.linear if inexact([term])):
        return first
    try:
        return _best_of_parts(asked, relaxed, first, sought, kept=kept)
    except StoppedError:
        if not kept:
            raise
        return replace(first, stopped=True)


def _best_of_parts(
    asked: Asked, relaxed: Relaxed | None, first: Solved, sought: Sought, *, kept: bool
) -> Solved | None:
    """The best amounts where rows count a part of those who share people.

    Args:
        asked: The question.
        relaxed: A plan for it.
        first: What its rows promise, if other lines have no more than they must.
        sought: What the question is made of.
        kept: Whether what they promise keeps all that is asked for.
    """
    around = best_around(first.amounts.astype(float), first, sought)
    best = first if kept and (around is None or first.value >= around.value) else around
    if best is None and relaxed is not None:
        best = _from_the_cheapest(asked, relaxed, replace(sought, proving=False))
    bound = first.bound if best is None else max(min(first.bound, best.bound), best.value)
    if best is not None and bound - best.value <= NEAR_ENOUGH * sought.objective.size(best.value):
        return replace(best, bound=bound)
    nearer = divided(sought, replace(first, bound=bound), best)
    return nearer and replace(nearer, bound=max(min(nearer.bound, bound), nearer.value))


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
    return best_around(start, first, sought) or first


def _cheapest(sought: Sought) -> Integers | None:
    """Amounts that need least money, where they keep the budget; `None` where none do that were found."""
    objective = sought.objective
    saving = replace(objective.weighted(np.zeros_like(objective.weights)), price=-objective.major, offset=0.0)
    rest = _without_budget(sought)
    if rest is None:
        return None
    for room in ROOMS:
        cheapest = best_of(replace(rest, objective=saving, budget=room * sought.budget))
        if cheapest is None:
            return None
        if float(cheapest.amounts.sum()) > (1.0 + NEAR) * sought.budget:
            break
        found = within_the_budget(cheapest.amounts, cheapest.limits, sought.demands, objective)
        if found is not None:
            return found
    least = best_of(replace(sought, objective=saving))
    return None if least is None else least.amounts
