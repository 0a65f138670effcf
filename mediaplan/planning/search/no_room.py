"""Budgets that are just enough, to the smallest units of each line: a hair more to look for plans, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Term
from mediaplan.planning.asking.demands import Demand, Limits, linear_terms
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.search.auditing import broken_demands
from mediaplan.planning.search.rounding import payable

Integers = NDArray[np.int64]

NEAR = 1e-3
"""Part of the money that is hardly more."""


def with_a_hair_more(terms: Sequence[Term], demands: Sequence[Demand]) -> tuple[Term, ...]:
    """The terms, the budget among the demands hardly larger: straight pieces promise a little less than curves bring."""
    limits = [term for demand in demands if demand.is_budget for term in demand.terms]
    return tuple(
        replace(term, at_most=term.at_most * (1.0 + NEAR))
        if isinstance(term, Linear) and any(term is limit for limit in limits)
        else term
        for term in terms
    )


def within_the_budget(
    amounts: Integers, limits: Limits, demands: Sequence[Demand], objective: Objective
) -> Integers | None:
    """Amounts that keep all demands: the given ones, or others by few units for which they need hardly more than there is.

    Results may miss what is asked for by what a unit brings on each line, which is what exact plans leave unused.

    Returns:
        `None` where neither does.
    """
    if not broken_demands(amounts, demands, objective):
        return amounts
    money = amounts.astype(float)
    slopes = objective.keeping(money)[0] * objective.slope(money)
    rows = linear_terms(term for demand in demands for term in demand.terms)
    try:
        moved = payable(money, slopes, limits, rows, objective)
    except RuntimeError:  # none within a few units
        return None
    return None if broken_demands(moved, demands, objective) else moved
