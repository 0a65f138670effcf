"""Does a plan keep what was asked? Checked on whole amounts alone, by code that never sees the program."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Choice, Domain, Linear, Reached, Term, shortfall
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.words import Sentence

Integers = NDArray[np.int64]

EXACT = 1e-9
"""Part of its size by which a sum of doubles may miss what it stands for."""


def broken_demands(
    amounts: Integers, demands: Sequence[Demand], objective: Objective
) -> tuple[Sentence, ...]:
    """The demands that the amounts do not keep, as people say them; empty for a sound plan.

    Money limits hold exactly, and limits on people. Ratios may miss by one minor unit on each funded line that they
    count (by one, where they count none), limits on expected results by what one minor unit brings on each of these;
    results are those of the true curves. Rules that may give way are not judged.

    Args:
        amounts: Shape (lines,), minor units.
        demands: What the plan must keep.
        objective: Whose curves tell the results.
    """
    broken = tuple(
        demand.said
        for demand in demands
        if not all(_keeps(amounts, term, objective) for term in demand.terms)
    )
    return (
        broken if _in_whole_units(amounts, objective) else (*broken, Sentence("whole units of the rate card"))
    )


def _in_whole_units(amounts: Integers, objective: Objective) -> bool:
    """Whether the money of each line that is sold in whole units buys such."""
    given = objective.given
    if given is None:
        return True
    nearest = given.whole_money(amounts.astype(np.float64) * objective.major) / objective.major
    return bool((np.abs(nearest - amounts[given.line]) < 0.5).all())


def _keeps(amounts: Integers, term: Term, objective: Objective) -> bool:
    if isinstance(term, Domain):
        own = amounts[term.lines]
        inside = (own >= term.least) & (own <= term.most) & (own % term.step == 0)
        return bool((inside | (term.or_zero & (own == 0))).all())
    if np.isfinite(term.soft):
        return True
    if isinstance(term, Choice):
        return shortfall(term, term.total(amounts)) < 0.5
    return shortfall(term, total_of(term, amounts, objective)) <= _slack(term, amounts, objective)


def total_of(term: Linear | Reached, amounts: Integers, objective: Objective) -> float:
    """What a row adds up to, on the true curves."""
    money = amounts.astype(float)
    if isinstance(term, Reached):
        return term.total(money)
    return term.total(money, None if term.results is None else objective.results(money))


def _slack(term: Linear | Reached, amounts: Integers, objective: Objective) -> float:
    money = amounts.astype(float)
    if isinstance(term, Reached):
        return EXACT * (
            abs(term.per_view) * float(term.views @ money) + abs(term.per_person) * term.people(money)
        )
    size = term.weights.absolute() @ money
    slack = term.give(amounts > 0)
    if term.results is not None:
        size += float((np.abs(term.results) * objective.results(money)).sum())
        funded = term.counted[amounts[term.counted] > 0]
        slack += float(np.abs(objective.outcome_slope(money, term.results))[funded].sum())
        slack += float(np.abs(term.weights.at(funded)).sum())
    # Sums of whole amounts with weights 0 and 1 are exact in doubles.
    exact = not term.ratio and term.results is None
    return slack if exact else slack + EXACT * size


def penalties(demands: Sequence[Demand], amounts: Integers, objective: Objective) -> float:
    """What the rules that give way take from the objective, on the true curves."""
    paid = 0.0
    for term in (term for demand in demands for term in demand.terms):
        if isinstance(term, Domain) or not np.isfinite(term.soft):
            continue
        total = term.total(amounts) if isinstance(term, Choice) else total_of(term, amounts, objective)
        paid += term.soft * shortfall(term, total)
    return paid
