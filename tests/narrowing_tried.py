"""Questions over lines chosen whole, stated in terms, and whether a narrowed one holds all that is worth more than it says."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mediaplan.brief.terms import Term
from mediaplan.planning.asking.demands import limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.narrowing import Narrowed
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.solvers.highs import solve


def stated(terms: list[Term], objective: Objective, budget: int) -> Asked:
    """The question of these terms over so much money, minor units."""
    return Asked(Terms.of(terms), limits_of(terms, objective.lines, budget), budget, objective, solve)


def holds_all_above_its_ceiling(left: Narrowed, plans: Iterable[np.ndarray], objective: Objective) -> bool:
    return all(_holds(left, plan) for plan in plans if objective.total(plan) > left.ceiling)


def _holds(left: Narrowed, amounts: np.ndarray) -> bool:
    funded = np.flatnonzero(amounts)
    return bool(
        np.isin(funded, left.lines).all()
        and (amounts[funded] >= left.limits.least[funded]).all()
        and (amounts[funded] <= left.limits.most[funded]).all()
        and (amounts[left.limits.needed] > 0).all()
    )
