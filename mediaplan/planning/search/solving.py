"""The best money for each line: formulate, solve, cut the curves finer where it matters, make it payable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Reached, Term, over_results, shortfall
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Demand, Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.formulation.relaxing import SMALL, Relaxed, out_of_time
from mediaplan.planning.formulation.shared_rows import inexact
from mediaplan.planning.search.auditing import EXACT, broken_demands, penalties, total_of
from mediaplan.planning.search.falling_short import least_short
from mediaplan.planning.search.rounding import payable
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.touching import Touch, missed, on_people, others, rows_of, touched, touches_at

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


AROUND = 12
"""Times that rows which count only a part of those who share people are stated anew around the last plan."""
SETTLING = 6
"""Times that they are stated anew around relaxed plans, at the most."""
SETTLED = 1e-6
"""Part of the worth by which such plans differ from the one before at the most once they are settled."""
NO_STEP = 1e-6
"""Part of the budget by which amounts must differ for another statement around them to be another one."""
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
    terms: Sequence[Term],
    demands: Sequence[Demand],
    objective: Objective,
    budget: int,
    solver: Solver,
    *,
    proving: bool,
) -> Solved | None:
    """The best amounts under terms none of which is a limit on people."""
    asked = Asked.of(terms, objective, budget, solver, proving=proving)
    first = _best(asked, asked.relaxed(), terms, demands)
    if first is None or not inexact(asked.terms.linear):
        return first
    # As if the others took nothing, which no plan exceeds: a plan that keeps all rules then is the best, and only its bound
    # counts where one does not, or where it was thought to miss less of a rule that gives way than it does.
    kept = not broken_demands(first.amounts, demands, objective)
    if kept and not any(np.isfinite(term.soft) for term in asked.terms.linear if inexact([term])):
        return first
    try:
        best = _best_around(first, terms, demands, objective, budget, solver, proving=proving)
    except StoppedError:
        if not kept:
            raise
        return replace(first, stopped=True)
    if best is None or (kept and first.value >= best.value):
        return first if kept else None
    return replace(best, bound=max(min(first.bound, best.bound), best.value))


def _best_around(
    first: Solved,
    terms: Sequence[Term],
    demands: Sequence[Demand],
    objective: Objective,
    budget: int,
    solver: Solver,
    *,
    proving: bool,
) -> Solved | None:
    """The best amounts where rows over results count only a part of those who share people.

    What the others take is stated as around the plan before, until plans settle; then around whole plans, and more and more
    strictly, until one keeps the rows themselves; of lines chosen whole, then around that one, until none is better.
    """
    best: Solved | None = None
    rows, plan = tuple(terms), first.amounts.astype(float)
    for turn in range(AROUND):
        settle = turn == 0 or not first.choices
        turns = SETTLING if settle else 1
        try:
            found = _settled(rows, objective, budget, solver, plan, turns, proving=proving)
            solved = None if found is None else _best(*found, terms, demands)
        except StoppedError:
            if best is None:
                raise
            return replace(best, stopped=True)
        if solved is None and best is None:
            nearest = least_short(rows, objective, budget, solver, plan)
            if nearest is None or np.abs(nearest - plan).max() <= NO_STEP * budget:
                return None
            plan = nearest
            continue
        kept = solved is not None and not broken_demands(solved.amounts, demands, objective)
        if best is not None and (solved is None or not kept or not _better(solved, best)):
            return best
        assert solved is not None
        if kept and (solved.stopped or not solved.choices):
            return solved
        if solved.stopped:
            raise StoppedError(out_of_time())
        plan = solved.amounts.astype(float)
        if kept:  # of lines chosen whole, another choice may be better; this one keeps its own statement
            best, rows = solved, tuple(terms)
            continue
        rows = tuple(_stricter(row, term, plan, objective) for row, term in zip(rows, terms, strict=True))
    return best


def _better(solved: Solved, best: Solved) -> bool:
    """Whether a plan is worth more than another by what matters."""
    return solved.value - best.value > SETTLED * abs(best.value)


def _settled(
    terms: Sequence[Term],
    objective: Objective,
    budget: int,
    solver: Solver,
    plan: Array,
    turns: int,
    *,
    proving: bool,
) -> tuple[Asked, Relaxed | None] | None:
    """The question stated around its own relaxed plan, about, and that plan; `None` where nothing keeps the rows."""
    worth = np.inf
    for _ in range(turns):
        asked = Asked.of(terms, objective, budget, solver, plan, proving=proving)
        relaxed = asked.relaxed()
        if relaxed is None:
            return None
        plan, before, worth = relaxed.amounts, worth, objective.total(relaxed.amounts)
        if relaxed.stopped or abs(worth - before) <= SETTLED * abs(worth):
            break
    return asked, relaxed


def _stricter(row: Term, term: Term, plan: Array, objective: Objective) -> Term:
    """A row over results that asks for more than before, by what a plan misses of the rule's own."""
    if not isinstance(row, Linear) or not isinstance(term, Linear) or not over_results(term):
        return row
    more = MARGIN * shortfall(term, term.total(plan, objective.results(plan)))
    return replace(row, at_least=row.at_least + more, at_most=row.at_most - more)


def _best_reaching(
    terms: Sequence[Term],
    demands: Sequence[Demand],
    objective: Objective,
    budget: int,
    solver: Solver,
    *,
    proving: bool,
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
    rounds = 1 if objective.lines <= SMALL else 3
    relaxed = Asked.of(terms, objective, budget, solver).relaxed(rounds=rounds)
    return None if relaxed is None else relaxed.amounts


def _best(
    asked: Asked, relaxed: Relaxed | None, terms: Sequence[Term], demands: Sequence[Demand]
) -> Solved | None:
    """The best whole amounts of a relaxed question, seen by the terms that it states; `None` where none keep them."""
    best = None if relaxed is None else asked.chosen(relaxed)
    if relaxed is None or best is None:
        return None
    objective, limits = asked.objective, asked.limits
    linear = Terms.of(terms).linear
    slopes = objective.keeping(best.amounts)[0] * objective.slope(best.amounts)
    rows = _as_kept(linear, best.amounts, objective) if inexact(asked.terms.linear) else linear
    paid = payable(best.amounts, slopes, limits, rows, objective)
    given = penalties(demands, paid, objective)
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
    relaxed = Asked.of(rows, objective, budget, solver).relaxed()
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
