"""Whether lines bring what one rule asks of results, by the most that they can bring: near that, few lines are left to choose.

Asked only for enough, a program has no reason to prefer a line, so that none can be ruled out; asked for the most, its prices
rule out all but a few (reduced-cost fixing).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Domain, Linear, Term, over_results
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.narrowing import Narrowed, narrowed
from mediaplan.planning.formulation.program import GAP, Solver
from mediaplan.planning.formulation.relaxing import Relaxed, out_of_time
from mediaplan.planning.formulation.shared_rows import Shared, stated
from mediaplan.planning.search.choosing_whole import FINELY, SHORT, chosen
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.within import Chosen, best_within

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reach:
    """What the most says of a target.

    Attributes:
        plan: Shape (lines,), minor units, amounts that reach it; `None` where none were found.
        left: A question that holds every plan that reaches it; `None` where there is none.
    """

    plan: Array | None
    left: Narrowed | None


def reach_of(
    terms: Sequence[Term], objective: Objective, budget: int, solver: Solver, missing: float
) -> Reach | None:
    """Whether amounts of lines chosen whole keep the terms, by the most of the one row over results among them.

    Args:
        terms: None of them a limit on people.
        objective: Whose curves tell the results.
        budget: Media money, minor units.
        solver: The engine.
        missing: Part of what the row asks for that may be missing.

    Returns:
        `None` where the terms are not of that kind: other rows over results, or one that counts a part of shared people.
    """
    rows = [term for term in terms if isinstance(term, Linear) and over_results(term)]
    goal = _counted_by(rows[0], objective) if len(rows) == 1 and objective.given is None else None
    if goal is None:
        return None
    rest = [term for term in terms if term is not rows[0] and not _gives_way(term)]
    asked, target = Asked.of(rest, goal, budget, solver), (1.0 - missing) * rows[0].at_least
    relaxed = asked.relaxed()
    if relaxed is None or relaxed.bound < target:
        return Reach(None, None)
    asked = replace(asked, enough=1.0 - target / relaxed.bound)
    for found in _more_and_more(asked, relaxed, target):
        if found is None or found.bound < target:
            return Reach(None, None)
        if goal.total(found.amounts) >= target:
            return Reach(found.amounts, None)
        if found.stopped:
            raise StoppedError(out_of_time())
    return Reach(None, narrowed(relaxed, asked.limits, goal, relaxed.proof.value - target))


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
    yield chosen(replace(asked, known=target), relaxed)


def _counted_by(row: Linear, objective: Objective) -> Objective | None:
    """What the row counts, as an objective; `None` where that is not concave, or the row asks for no results."""
    if not (row.at_least > 0 and row.at_most == np.inf) or row.weights.any():
        return None
    (said,) = stated((row,), objective)
    if not isinstance(said, Shared):
        assert row.results is not None
        return replace(objective.weighted(row.results), price=0.0, offset=0.0)
    assert said.results is not None
    return said.flowing(objective) if said.exact and not said.results.any() else None


def _gives_way(term: Term) -> bool:
    return not isinstance(term, Domain) and bool(np.isfinite(term.soft))
