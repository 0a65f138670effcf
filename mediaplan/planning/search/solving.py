"""The best money for each line under all demands: limits on people by their tangents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Reached, Term
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.formulation.relaxing import SMALL
from mediaplan.planning.search.around import MARGIN
from mediaplan.planning.search.auditing import broken_demands
from mediaplan.planning.search.best_amounts import best_of
from mediaplan.planning.search.few_rows import FewRows
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.sought import Solved, Sought
from mediaplan.planning.search.touching import (
    Touch,
    missed,
    on_people,
    others,
    rows_of,
    touched,
    touches_at,
    untold,
)

Array = NDArray[np.float64]

REACHED_TURNS = 14
"""Times that a whole plan is made anew until it keeps the limits on people."""
CLOSE_SHORT = 1e-6
"""Part of the bound that the shortfalls of limits on people may take from a plan beyond what tangents tell."""
AS_ASKED = 5
"""Of these, times without asking for more than the limits."""


def best_money(
    demands: Sequence[Demand],
    objective: Objective,
    budget: int,
    solver: Solver,
    *,
    proving: bool = True,
    enough: float = 0.0,
    known: float = -np.inf,
) -> Solved | None:
    """The best whole amounts that keep all demands; `None` where none do, or none that are worth more than what is known.

    Args:
        demands: What the plan must keep.
        objective: What it maximises.
        budget: Media money, minor units.
        solver: The engine.
        proving: Whether anybody is told the bound: where lines are chosen whole, a close one is half of the work.
        enough: Part of the bound by which lines chosen whole may fall short of it where nobody needs a better plan.
        known: What a plan is worth that there is already: where tangents tell, only better ones are looked for.

    Raises:
        StoppedError: The engine's time was over before it found any.
        RuntimeError: The engine failed, or the answer failed the audit: our fault.
    """
    every = tuple(term for demand in demands for term in demand.terms)
    sought = Sought(every, tuple(demands), objective, budget, solver, proving, enough, known)
    if on_people(every):
        return _best_reaching(sought)
    solved = best_of(sought)
    if solved is not None and (broken := broken_demands(solved.amounts, demands, objective)):
        raise RuntimeError("the plan fails its audit: " + "; ".join(map(str, broken)))
    return solved


def _best_reaching(sought: Sought) -> Solved | None:
    """The best amounts under limits on people: with tangents that a relaxed plan needs, then with those that whole
    amounts and chosen lines need, stated more and more strictly, until a plan keeps the limits themselves; and where
    limits may give way, until tangents tell what that takes from the plan.
    """
    # What keeps tangents may yet have to give up worth for the limits.
    sought = replace(sought, known=-np.inf)
    terms, demands, objective = sought.terms, sought.demands, sought.objective
    people, rest = on_people(terms), others(terms)
    plain = tuple(replace(demand, terms=_not_firm(demand.terms)) for demand in demands)
    touches = touched(terms, lambda rows: _relaxed(rows, objective, sought.budget, sought.solver))
    if touches is None:
        return None
    margins, bound, best = np.zeros(len(people)), np.inf, None
    for turn in range(REACHED_TURNS):
        rows = (*rest, *rows_of(touches, margins.tolist()))
        told = sought.proving and not margins.any()
        solved = best_of(replace(sought, terms=rows, demands=plain, proving=told))
        if solved is None:
            break
        bound = min(bound, solved.bound) if not margins.any() else bound
        amounts = solved.amounts.astype(float)
        if not broken_demands(solved.amounts, demands, objective):
            if best is None or solved.value > best.value:
                best = _with_people(solved, terms, touches)
            if solved.stopped or _told(people, amounts, touches, CLOSE_SHORT * abs(bound)):
                break
        elif turn + 1 >= AS_ASKED:
            margins += MARGIN * np.array([0.0 if np.isfinite(t.soft) else missed(t, amounts) for t in people])
        touches = [*touches, *touches_at(people, amounts, touches)]
    return None if best is None else replace(best, bound=max(bound, best.value))


def _not_firm(terms: Sequence[Term]) -> tuple[Term, ...]:
    """All but the limits on people that hold: of the others, what they take from a plan counts."""
    return tuple(term for term in terms if not isinstance(term, Reached) or np.isfinite(term.soft))


def _told(people: Sequence[Reached], amounts: Array, touches: Sequence[Touch], enough: float) -> bool:
    """Whether the tangents tell what limits that give way take from a plan, but for so much worth."""
    return all(
        term.soft * untold(term, number, amounts, touches) <= enough
        for number, term in enumerate(people)
        if np.isfinite(term.soft)
    )


def _with_people(solved: Solved, terms: Sequence[Term], touches: Sequence[Touch]) -> Solved:
    """The same with one row for each limit on people, in its place among the terms: the tangent at the plan."""
    amounts = solved.amounts.astype(float)
    rows = list(zip(solved.terms, solved.totals, solved.prices, strict=True))
    linear = iter(rows[: len(rows) - len(touches)])
    paid = np.zeros(len(on_people(terms)))
    for touch, (_, _, price) in zip(touches, rows[len(rows) - len(touches) :], strict=True):
        paid[touch.of] += price / touch.scale
    prices, told = iter(paid), []
    for term in terms:
        if isinstance(term, Reached):
            row = term.tangent(amounts)
            told.append((row, row.weights @ amounts, float(next(prices))))
        elif isinstance(term, Linear):
            told.append(next(linear))
    each, totals, price = zip(*told, strict=True)
    return replace(solved, terms=tuple(each), totals=np.array(totals), prices=np.array(price))


def _relaxed(terms: Sequence[Term], objective: Objective, budget: int, solver: Solver) -> Array | None:
    """Nearly the best amounts where lines need not be chosen whole; `None` if impossible.

    The curves are not cut finer than at first, which loses some thousandth of the worth.
    """
    rounds = 1 if objective.lines <= SMALL else 3
    relaxed = FewRows(terms).relaxed(
        lambda stated: Asked.of(stated, objective, budget, solver).relaxed(rounds=rounds)
    )
    return None if relaxed is None else relaxed.amounts


def relaxed_worth(
    demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver
) -> float | None:
    """What no plan is worth more than where lines need not be chosen whole; `None` where there is no plan.

    The arguments are those of `best_money`.
    """
    terms = tuple(term for demand in demands for term in demand.terms)
    touches = touched(terms, lambda rows: _relaxed(rows, objective, budget, solver))
    if touches is None:
        return None
    rows = (*others(terms), *(touch.row for touch in touches))
    relaxed = FewRows(rows).relaxed(lambda few: Asked.of(few, objective, budget, solver).relaxed())
    return None if relaxed is None else relaxed.bound


def relaxed_amounts(
    demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver
) -> Array | None:
    """Nearly the best amounts where lines need not be chosen whole, shape (lines,), minor units; `None` if impossible.

    Of curves cut as coarsely as at first, which loses some thousandth of the worth. The arguments are those of
    `best_money`.
    """
    terms = tuple(term for demand in demands for term in demand.terms)
    touches = touched(terms, lambda rows: _relaxed(rows, objective, budget, solver))
    if touches is None:
        return None
    return _relaxed((*others(terms), *(touch.row for touch in touches)), objective, budget, solver)
