"""The goal becomes an objective: what money is worth where results are not all that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import FewestShortfalls, Goal, LowestCost
from mediaplan.brief.terms import Choice, Linear, Reached
from mediaplan.errors import InputError, Problem
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.words import Sentence

LAST = 1e-3
"""What all results together weigh against the cheapest shortfall, where they only decide between equals."""


def check_goal(brief: Brief) -> None:
    """See that the brief's rules give its goal something to do.

    Raises:
        InputError: The lowest cost without anything to reach, or the fewest shortfalls without a rule that gives way.
    """
    if isinstance(brief.goal, LowestCost) and not brief.rules:
        message = Sentence("the lowest cost is asked for, and no rule says what is to be reached.")
        remedy = Sentence("Add a rule such as {example}.", example='is = "results", at_least = 50')
        raise InputError(Problem(message, remedy, column="goal.is", value=brief.goal.word))
    if isinstance(brief.goal, FewestShortfalls) and not any(
        getattr(rule, "soft", None) for rule in brief.rules
    ):
        message = Sentence("the fewest shortfalls are asked for, and no rule may give way.")
        remedy = Sentence("Add {example} to the rules that may fall short.", example="soft = 1")
        raise InputError(Problem(message, remedy, column="goal.is", value=brief.goal.word))


def objective_for(goal: Goal, objective: Objective, demands: Sequence[Demand], budget: int) -> Objective:
    """The objective of the goal.

    Args:
        goal: Of the brief.
        objective: With the worth of results as weights.
        demands: Whose shortfalls count.
        budget: Media money, minor units.
    """
    if isinstance(goal, LowestCost):
        # In major units of money, so that the objective reads as what the plan costs, less than nothing.
        return replace(objective, weights=np.zeros_like(objective.weights), price=-objective.major)
    if isinstance(goal, FewestShortfalls):
        rows = [
            t
            for demand in demands
            for t in demand.terms
            if isinstance(t, (Linear, Choice, Reached)) and np.isfinite(t.soft)
        ]
        # None is left where the brief is planned again without its only rule that may give way.
        cheapest = min((term.soft * _size(term, budget) for term in rows), default=1.0)
        most = float(objective.worth(np.full((objective.lines, 1), float(budget))).sum())
        weights = objective.weights * (LAST * cheapest / max(most, 1e-300))
        return replace(objective, weights=weights, curves=objective.curves.measured_in(weights))
    return objective


def in_world(objective: Objective, mask: NDArray[np.bool_], world: Mapping[str, Any]) -> Objective:
    """The same objective where the picked lines' results cost, or come, so many times as expected.

    Args:
        objective: In the world as expected.
        mask: Shape (lines,), the picked lines.
        world: `cost`: the money for the same results is so many times as much; `results`: the same money brings so
            many times as many.
    """
    cost = np.where(mask, float(world.get("cost", 1.0)), 1.0)[None, :, None]
    more = np.where(mask, float(world.get("results", 1.0)), 1.0)[None, :, None]
    curves = objective.curves
    given = None if curves.given is None else curves.given.times((more / cost)[0, :, 0])
    return replace(
        objective,
        curves=replace(curves, rate=curves.rate * more / cost, scale=curves.scale * cost, given=given),
    )


def _size(term: Linear | Choice | Reached, budget: int) -> float:
    """How large a shortfall may be, in the term's unit."""
    if isinstance(term, Linear) and term.of_money:
        return float(budget)
    if isinstance(term, Reached) and term.per_view:
        return float(budget) * float(term.views.max(initial=0.0)) or 1.0
    return max(abs(limit) for limit in (term.at_least, term.at_most) if np.isfinite(limit))
