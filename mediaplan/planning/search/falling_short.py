"""Whether lines can bring the results that rules ask for, and what part of these is missing if they can't."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Term, shortfall
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.curved import row_scale
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.formulation.relaxing import out_of_time
from mediaplan.planning.formulation.shared_rows import inexact
from mediaplan.planning.search.searching import REACHED, Asked, over_results
from mediaplan.planning.search.touching import others, touched

Array = NDArray[np.float64]

LEAST_SPENT = 1e-6
"""Part of the budget that a plan which is asked for results spends at the least."""
ENOUGH = 10 * REACHED
"""Part of the results asked for that may be missing."""
AROUND = 8
"""Times that rows which count only a part of those who share people are stated anew around the last plan."""
NEARER = 1e-3
"""Part of what is missing that each time must gain, for another one to be worth it."""


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
    short = Asked.of(others(terms), objective, budget, solver).short
    # What lines that need not be chosen whole miss, as if no others wore their people, no choice of lines reaches.
    found = None if closely else least_short(terms, objective, budget, solver, whole=False)
    if found is not None and found[1] > ENOUGH:
        return False, found[1]
    if not inexact(short.terms.linear):
        found = least_short(terms, objective, budget, solver)
        return (False, np.inf) if found is None else (found[1] <= ENOUGH, found[1])
    missing = _missing_around(terms, objective, budget, solver, None if found is None else found[0])
    return missing <= ENOUGH, missing


def _missing_around(
    terms: Sequence[Term], objective: Objective, budget: int, solver: Solver, plan: Array | None
) -> float:
    """The part that is missing, with rows stated around one plan after the other."""
    rows = [term for term in terms if isinstance(term, Linear) and over_results(term)]
    sizes = [1000.0 * row_scale(row, max(budget / 1000.0, 1.0)) for row in rows]
    missing = np.inf
    for _ in range(AROUND):
        found = least_short(terms, objective, budget, solver, plan)
        if found is None:
            break
        plan, before = found[0], missing
        results = objective.results(plan)
        each = (shortfall(row, row.total(plan, results)) for row in rows)
        missing = min(missing, sum(short / size for short, size in zip(each, sizes, strict=True)))
        if missing <= ENOUGH or before - missing <= NEARER * missing:
            break
    return missing


def least_short(
    terms: Sequence[Term],
    objective: Objective,
    budget: int,
    solver: Solver,
    plan: Array | None = None,
    *,
    whole: bool = True,
) -> tuple[Array, float] | None:
    """Amounts with which rows over results fall short as little as can be, and by what part in all.

    Args:
        terms: What is to be kept.
        objective: Whose curves tell the results.
        budget: Media money, minor units.
        solver: The engine.
        plan: Around which rows are stated: see `stated`.
        whole: Lines are chosen whole.

    Returns:
        Shape (lines,), minor units, and the part; `None` where even without those rows nothing keeps the terms.
    """

    def short(rows: Sequence[Term]) -> Asked:
        return Asked.of(rows, objective, budget, solver, plan).short

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
    chosen = None if found is None else asked.chosen(found)
    if chosen is None:
        return None
    if chosen.stopped and chosen.straight < -ENOUGH:
        raise StoppedError(out_of_time())
    return chosen.amounts, max(-chosen.straight, 0.0)
