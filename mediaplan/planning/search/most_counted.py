"""Whether lines bring what one rule asks of results, by the most that they can bring: near that, few lines are left to choose.

Asked only for enough, a program has no reason to prefer a line, so that none can be ruled out; asked for the most, its prices
rule out all but a few (reduced-cost fixing).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Domain, Linear, Term, over_results
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Limits, limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.narrowing import narrowed
from mediaplan.planning.formulation.program import GAP, Solver
from mediaplan.planning.formulation.relaxing import Relaxed, out_of_time
from mediaplan.planning.formulation.shared_rows import Shared, inexact, stated
from mediaplan.planning.search.choosing_whole import FINELY, SHORT, best_by_tangents, chosen
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.within import Chosen, best_within
from mediaplan.response.pools import kept

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reach:
    """What the most says of a target.

    Attributes:
        plan: Shape (lines,), minor units, amounts that reach it; `None` where none do.
    """

    plan: Array | None


def reach_of(
    terms: Sequence[Term],
    objective: Objective,
    budget: int,
    solver: Solver,
    missed: Callable[[Array], float],
    enough: float,
) -> Reach | None:
    """Whether amounts of lines chosen whole keep the terms, by the most of the first row over results among them.

    Where a row counts a part of shared people it is looked at as if the others took no more than they must, which is nowhere below it.

    Args:
        terms: None of them a limit on people.
        objective: Whose curves tell the results.
        budget: Media money, minor units.
        solver: The engine.
        missed: Amounts of a plan, shape (lines,) -> the part of what rows over results ask for that it misses.
        enough: Part of it that may be missing.

    Returns:
        `None` where that is not told: one of several rows counts a part of shared people, the first asks for no results, or it
        is too close.
    """
    hard = [term for term in terms if isinstance(term, Domain) or not np.isfinite(term.soft)]
    row = next((term for term in hard if isinstance(term, Linear) and over_results(term)), None)
    limits = limits_of(hard, objective.lines, budget)
    goal = None if row is None or objective.given is not None else _counted_by(row, objective, limits)
    # Of the other rows, too, all the people count whom lines share, not only the goal's.
    rest = stated((term for term in hard if term is not row), objective, limits)
    if row is None or goal is None:
        return None
    exact = not inexact((*stated((row,), objective, limits), *rest))
    if not exact and any(isinstance(term, Linear) and over_results(term) for term in rest):
        return None
    asked = Asked(Terms.of(rest), limits, budget, goal, solver)
    target, relaxed = (1.0 - enough) * row.at_least, asked.relaxed()
    if relaxed is None or relaxed.bound < target:
        return Reach(None)
    for found in _more_and_more(replace(asked, enough=1.0 - target / relaxed.bound), relaxed, target):
        if found is None or found.bound < target:
            return Reach(None)
        if missed(found.amounts) <= enough if exact else _stated_total(goal, found.amounts) >= target:
            return Reach(found.amounts)
        if found.stopped:
            raise StoppedError(out_of_time())
    return None


def _more_and_more(asked: Asked, relaxed: Relaxed, target: float) -> Iterator[Chosen | None]:
    """The best plan near the relaxed one, where there is one; then of all the one that is most by tangents; `None` = none."""
    if not relaxed.choices:
        yield chosen(asked, relaxed)
        return
    short = min(SHORT * abs(relaxed.bound), max(relaxed.proof.value - target, 0.0))
    near = narrowed(relaxed, asked.limits, asked.objective, short)
    first = best_within(asked, near, relaxed, max(GAP, FINELY * asked.enough))
    if first is not None:
        yield first
    yield best_by_tangents(replace(asked, known=target), relaxed)


def _stated_total(goal: Objective, amounts: Array) -> float:
    """What a plan brings of the row as it is stated: its layers weigh what flows into them, in the row's unit."""
    own = goal.worth(amounts[:, None])[:, 0]
    return float(own @ kept(goal.pools, own))


def _counted_by(row: Linear, objective: Objective, limits: Limits) -> Objective | None:
    """What the row counts, as an objective; `None` where that is not concave, or the row asks for no results."""
    if not (row.at_least > 0 and row.at_most == np.inf) or row.weights.any():
        return None
    (said,) = stated((row,), objective, limits)
    if not isinstance(said, Shared):
        assert row.results is not None
        return replace(objective.weighted(row.results), price=0.0, offset=0.0)
    assert said.results is not None
    return None if said.results.any() else said.flowing(objective)
