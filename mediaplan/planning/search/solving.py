"""The best money for each line: formulate, solve, cut the curves finer where it matters, make it payable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Reached, Term, shortfall
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Demand, Limits, limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.formulation.relaxing import SMALL, out_of_time
from mediaplan.planning.search.auditing import EXACT, broken_demands, penalties, total_of
from mediaplan.planning.search.rounding import payable
from mediaplan.planning.search.searching import REACHED, Asked, over_results
from mediaplan.planning.search.touching import Touch, missed, on_people, others, rows_of, touched, touches_at

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Rows = Sequence[Term]
Demands = Sequence[Demand]


POOLED = 12
"""Times that rows over results are stated anew where lines share people."""
TIGHTER = 2e-3
"""Part by which they are stated more strictly each time, so that the last ones are kept."""
WORN = 3
"""Times that it is asked anew what rows over results can reach where lines share people."""
ROOM = 3e-3
"""Part by which rows over results are to be exceeded there to count as reached."""
VIEWS = 25
"""Sets of worst draws that are looked at, at the most."""
CLOSE_VIEW = 1e-4
"""Part of the bound by which the worst of the views may be above the CVaR."""
REACHED_TURNS = 14
"""Times that a whole plan is made anew until it keeps the limits on people."""
AS_ASKED = 5
"""Of these, times without asking for more than the limits."""
MARGIN = 1.5
"""Times what a plan misses of a limit by which more is asked for after that."""
LEAST_SPENT = 1e-6
"""Part of the budget that a plan which is asked for results spends at the least."""


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


def best_money(
    demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver, *, proving: bool = True
) -> Solved | None:
    """The best whole amounts that keep all demands; `None` where none do.

    Args:
        demands: What the plan must keep.
        objective: What it maximises.
        budget: Media money, minor units.
        solver: The engine.
        proving: Whether anybody is told the bound: where lines are chosen whole, a close one is half of the work.

    Raises:
        StoppedError: The engine's time was over before it found any.
        RuntimeError: The engine failed, or the answer failed the audit: our fault.
    """
    every = [term for demand in demands for term in demand.terms]
    if on_people(every):
        return _best_reaching(every, demands, objective, budget, solver, proving=proving)
    solved = _best_of(every, demands, objective, budget, solver, proving=proving)
    if solved is not None and (broken := broken_demands(solved.amounts, demands, objective)):
        raise RuntimeError("the plan fails its audit: " + "; ".join(map(str, broken)))
    return solved


def _best_of(
    terms: Rows, demands: Demands, objective: Objective, budget: int, solver: Solver, *, proving: bool
) -> Solved | None:
    """The best amounts under terms none of which is a limit on people."""
    if objective.curves.pools and any(isinstance(t, Linear) and over_results(t) for t in terms):
        return _best_in_pools(terms, demands, objective, budget, solver, proving=proving)
    return _best(terms, demands, objective, budget, solver, proving=proving)


def _best_reaching(
    terms: Rows, demands: Demands, objective: Objective, budget: int, solver: Solver, *, proving: bool
) -> Solved | None:
    """The best amounts under limits on people: with tangents that a relaxed plan needs, then with those that whole
    amounts and chosen lines need, stated more and more strictly, until a plan keeps the limits themselves.
    """
    people, rest = on_people(terms), others(terms)
    plain = [replace(demand, terms=others(demand.terms)) for demand in demands]
    touches = touched(terms, lambda rows: _relaxed(rows, objective, budget, solver))
    if touches is None:
        return None
    margins, bound = np.zeros(len(people)), np.inf
    for turn in range(REACHED_TURNS):
        rows = (*rest, *rows_of(touches, margins.tolist()))
        told = proving and not margins.any()
        solved = _best_of(rows, plain, objective, budget, solver, proving=told)
        if solved is None:
            return None
        bound = solved.bound if not margins.any() else bound
        if not broken_demands(solved.amounts, demands, objective):
            return _with_people(replace(solved, bound=max(bound, solved.value)), terms, touches)
        amounts = solved.amounts.astype(float)
        if turn + 1 >= AS_ASKED:
            margins += MARGIN * np.array([missed(term, amounts) for term in people])
        touches += touches_at(people, amounts)
    return None


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
            told.append((row, float(row.weights @ amounts), float(next(prices))))
        elif isinstance(term, Linear):
            told.append(next(linear))
    each, totals, price = zip(*told, strict=True)
    return replace(solved, terms=tuple(each), totals=np.array(totals), prices=np.array(price))


def _relaxed(terms: Sequence[Term], objective: Objective, budget: int, solver: Solver) -> Array | None:
    """Nearly the best amounts where lines need not be chosen whole; `None` if impossible.

    The curves are not cut finer than at first, which loses some thousandth of the worth.
    """
    limits = limits_of(terms, objective.lines, budget)
    rounds = 1 if objective.lines <= SMALL else 3
    relaxed = Asked(Terms.of(terms), limits, budget, objective, solver).relaxed(rounds=rounds)
    return None if relaxed is None else relaxed.amounts


def _best_in_pools(
    terms: Rows, demands: Demands, objective: Objective, budget: int, solver: Solver, *, proving: bool
) -> Solved | None:
    """The best amounts where rows over results meet lines that share people.

    A line's results then depend on the others'. The rows are stated with what the pools left each line in the plan
    before (all of it at first, which no plan exceeds, so that the first bound is one), until a plan keeps them on the
    true curves.
    """
    linear = Terms.of(terms).linear
    kept, bound = np.ones_like(objective.weights), np.inf
    for turn in range(POOLED):
        told = proving and turn == 0
        solved = _best(_worn(terms, kept), demands, objective, budget, solver, proving=told)
        if solved is None:
            return None
        bound = min(bound, solved.bound) if turn == 0 else bound
        totals = np.array([total_of(term, solved.amounts, objective) for term in linear])
        if solved.stopped and broken_demands(solved.amounts, demands, objective):
            raise StoppedError(out_of_time())
        if not broken_demands(solved.amounts, demands, objective):
            return replace(solved, terms=linear, totals=totals, bound=max(bound, solved.value))
        kept = objective.kept(solved.amounts.astype(float)) * (1.0 - turn * TIGHTER)
    return None


def _best(
    terms: Rows, demands: Demands, objective: Objective, budget: int, solver: Solver, *, proving: bool
) -> Solved | None:
    """The best whole amounts that keep the terms; `None` where none do."""
    limits = limits_of(terms, objective.lines, budget)
    asked = Asked(Terms.of(terms), limits, budget, objective, solver)
    relaxed = asked.relaxed()
    best = None if relaxed is None else asked.chosen(relaxed, proving=proving)
    if relaxed is None or best is None:
        return None
    slopes = objective.keeping(best.amounts)[0] * objective.slope(best.amounts)
    paid = payable(best.amounts, slopes, limits, asked.terms.linear, objective)
    given = penalties(demands, paid, objective)
    value = objective.total(paid.astype(float)) - given
    bound = max(min(relaxed.bound, best.bound), value)
    return Solved(
        paid,
        limits,
        asked.terms.linear,
        np.array([total_of(term, paid, objective) for term in asked.terms.linear]),
        relaxed.prices,
        value,
        given,
        relaxed.bound,
        bound,
        best.straight,
        best.stopped or relaxed.stopped,
        relaxed.choices,
    )


def cautious_money(
    demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver, worst: float
) -> Solved | None:
    """The best whole amounts by the mean over the worst part of the posterior draws (CVaR); `None` where none are.

    The worst draws are found plan by plan: each is a view, and a plan is to be good in the worst of all views so far
    (cutting planes; the mean over any set of draws of that size is nowhere below the CVaR).

    Args:
        demands: What the plan must keep.
        objective: What is maximised in each draw.
        budget: Media money, minor units.
        solver: The engine.
        worst: Part of the draws, above 0 and up to 1.
    """
    few = max(1, int(np.ceil(worst * objective.curves.draws - EXACT)))
    views: tuple[Objective, ...] = ()
    found: Solved | None = None
    bound = np.inf
    for _ in range(VIEWS):
        try:
            solved = best_money(demands, replace(objective, views=views), budget, solver)
        except StoppedError:
            if found is None:
                raise
            return replace(found, stopped=True)
        if solved is None:
            return None
        draws = np.argsort(objective.by_draw(solved.amounts.astype(float)), kind="stable")[:few]
        view = objective.of_draws(np.sort(draws))
        value = view.total(solved.amounts.astype(float)) - solved.penalties
        bound = min(bound, solved.bound)
        found = replace(solved, value=value, straight=min(solved.straight, value), bound=max(bound, value))
        if solved.stopped or (views and solved.value - value <= CLOSE_VIEW * abs(solved.bound)):
            break
        views = (*views, view)
    return found


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
    limits = limits_of(rows, objective.lines, budget)
    relaxed = Asked(Terms.of(rows), limits, budget, objective, solver).relaxed()
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


def reachable(
    demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver, *, closely: bool = False
) -> tuple[bool, float]:
    """Whether some plan keeps the demands with the results that they ask for, and what part of these is missing.

    Lines are chosen whole.

    Args:
        demands: What is to be kept.
        objective: Whose curves tell the results.
        budget: Media money, minor units.
        solver: The engine.
        closely: Whether it matters how much is missing, even where much is: that takes longest to know.

    Returns:
        The part is summed over the rows about results; inf where even without them nothing keeps the demands.
    """
    everything = np.ones(objective.lines)
    spent = Linear(everything, max(1.0, budget * LEAST_SPENT), np.inf, everything > 0)
    terms = (spent, *(term for demand in demands for term in demand.terms))
    if not objective.curves.pools or not any(isinstance(t, Linear) and over_results(t) for t in terms):
        found = _least_short(terms, objective, budget, solver)
        return (False, np.inf) if found is None else (found[1] <= 10 * REACHED, found[1])
    terms = tuple(_with_room(term) for term in terms)
    asked = Asked(Terms.of(terms), limits_of(terms, objective.lines, budget), budget, objective, solver).short
    rows = [term for term in asked.terms.linear if term.results is not None and np.isfinite(term.soft)]

    def short_of(amounts: Array) -> float:
        results = objective.results(amounts)
        return sum(term.soft * shortfall(term, term.total(amounts, results)) for term in rows)

    # What lines that need not be chosen whole and share nobody miss, no choice of lines reaches.
    surely = None if closely else _least_short(terms, objective, budget, solver, whole=False)
    if surely is not None and surely[1] > 10 * REACHED:
        return False, surely[1]
    kept, missing = np.ones_like(objective.weights), np.inf
    for _ in range(WORN):
        found = _least_short(_worn(terms, kept), objective, budget, solver)
        if found is None:
            break
        missing = min(missing, short_of(found[0]))
        if missing <= 10 * REACHED:
            break
        kept = objective.kept(found[0])
    return missing <= 10 * REACHED, missing


def _with_room(term: Term) -> Term:
    """A row over results stated a little more strictly, so that a plan of whole amounts is sure to be found."""
    if not isinstance(term, Linear) or not over_results(term) or term.of_money or term.at_least <= 0:
        return term
    return replace(term, at_least=term.at_least * (1.0 + ROOM))


def _worn(terms: Sequence[Term], kept: Array) -> tuple[Term, ...]:
    """The terms with what the pools left of each line's results."""
    return tuple(
        replace(term, results=term.results * kept)
        if isinstance(term, Linear) and term.results is not None
        else term
        for term in terms
    )


def _least_short(
    terms: Sequence[Term], objective: Objective, budget: int, solver: Solver, *, whole: bool = True
) -> tuple[Array, float] | None:
    """Amounts with which rows over results fall short as little as can be, shape (lines,), and by what part in all.

    `whole`: lines are chosen whole.
    """

    def short(rows: Sequence[Term]) -> Asked:
        limits = limits_of(rows, objective.lines, budget)
        return Asked(Terms.of(rows), limits, budget, objective, solver).short

    def planned(rows: Sequence[Term]) -> Array | None:
        relaxed = short(rows).relaxed(enough=-REACHED)
        return None if relaxed is None else relaxed.amounts

    touches = touched(terms, planned)
    if touches is None:
        return None
    asked = short((*others(terms), *(touch.row for touch in touches)))
    found = asked.relaxed(enough=-REACHED)
    if found is not None and not whole:
        return found.amounts, max(-found.straight, 0.0)
    chosen = None if found is None else asked.chosen(found, proving=False)
    if chosen is None:
        return None
    if chosen.stopped and chosen.straight < -10 * REACHED:
        raise StoppedError(out_of_time())
    return chosen.amounts, max(-chosen.straight, 0.0)
