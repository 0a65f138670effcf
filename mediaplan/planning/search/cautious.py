"""A cautious goal: the best plan by the mean over the worst part of the posterior draws, found set by set of these.

A set of draws is looked at as if only they were possible: with their mean curves, and with people worn as these wear them. A
plan's caution is what it is worth in the set that is worst for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.search.auditing import EXACT
from mediaplan.planning.search.solving import best_money, relaxed_amounts
from mediaplan.planning.search.sought import Solved
from mediaplan.response.pools import kept, next_kept

Array = NDArray[np.float64]
Index = NDArray[np.intp]

VIEWS = 25
"""Sets of worst draws that are looked at, at the most."""
CLOSE_VIEW = 1e-4
"""Part of the bound by which the worst of the views may be above what a plan is worth in its worst draws."""
ENOUGH = 2.5e-3
"""The same where lines are chosen whole: a part of a hundred draws tells the worst no better than to some percent."""
LATER, SEVERAL = 5e-3, 2
"""The same once more than so many whole plans were made, each of which takes as long and tells little more."""
SETTLED = 1e-3
"""The same of relaxed plans by which the first sets are found."""
TURNS = 20
"""Times that draws are sorted anew by what the worst of them leave of people, at the most."""
WHOLE, AGAIN = 6, 2
"""Whole plans that are made at the most, as each has worst draws of its own; and where nobody is told how near they are."""
NEARLY = 0.01
"""Part of a relaxed plan's worth by which it may be above that in a set of draws that is still looked at for whole plans."""
NEAR = 6
"""Draws on either side of where the worst ones end that are tried in each other's places."""


def cautious_money(
    demands: Sequence[Demand],
    objective: Objective,
    budget: int,
    solver: Solver,
    worst: float,
    *,
    proving: bool = True,
    begun: Sequence[Index] = (),
) -> Solved | None:
    """The best whole amounts by the mean over the worst part of the posterior draws (CVaR); `None` where none are.

    The worst draws are found plan by plan: each set is a view, and a plan is to be good in the worst of all views so far
    (cutting planes; a plan's worth in any set of draws of that size is nowhere below that in its worst ones).

    Args:
        demands: What the plan must keep.
        objective: What is maximised in each draw.
        budget: Media money, minor units.
        solver: The engine.
        worst: Part of the draws, above 0 and up to 1.
        proving: As of `best_money`; otherwise it is not asked either how near the plan is, only that its worst draws are known.
        begun: Sets of draws to begin with, as were looked at for a question that is much like this one.

    Source:
        R. T. Rockafellar and S. Uryasev, "Optimization of conditional value-at-risk", Journal of Risk 2(3), 2000.
    """
    few = max(1, int(np.ceil(worst * objective.curves.draws - EXACT)))
    sets = _relaxed_sets(demands, objective, budget, solver, few, begun)
    best: Solved | None = None
    bound = np.inf
    for turn in range(VIEWS):
        seen = _in_sets(objective, sets)
        known = -np.inf if best is None else best.value + best.penalties
        try:
            solved = best_money(
                demands, seen, budget, solver, proving=proving and not turn, enough=ENOUGH, known=known
            )
        except StoppedError:
            if best is None:
                raise
            best = replace(best, stopped=True)
            break
        if solved is None:
            break
        amounts = solved.amounts.astype(float)
        draws = worst_draws(objective, amounts, few)
        value = objective.of_draws(draws).total(amounts) - solved.penalties
        bound = min(bound, solved.bound)
        if best is None or value > best.value:
            best = replace(solved, value=value, straight=min(solved.straight, value))
        most, turns = (bound, WHOLE) if proving or not sets else (solved.value, AGAIN)
        enough = (ENOUGH if turn < SEVERAL else LATER) if solved.choices else CLOSE_VIEW
        near = most - best.value <= enough * abs(bound)
        if solved.stopped or near or (solved.choices and turn + 1 == turns):
            best = replace(best, stopped=solved.stopped)
            break
        sets = (*sets, draws)
    return None if best is None else replace(best, bound=max(bound, best.value), draws=sets)


def _in_sets(objective: Objective, sets: Sequence[Index]) -> Objective:
    """The objective where the worst of these sets of draws counts; as it is, where there are none."""
    return replace(objective, views=tuple(objective.of_draws(draws) for draws in sets))


def _relaxed_sets(
    demands: Sequence[Demand],
    objective: Objective,
    budget: int,
    solver: Solver,
    few: int,
    begun: Sequence[Index],
) -> tuple[Index, ...]:
    """Sets of draws that hold plans down where lines need not be chosen whole, which is soon known."""
    sets = tuple(begun)
    for _ in range(VIEWS):
        seen = _in_sets(objective, sets)
        amounts = relaxed_amounts(demands, seen, budget, solver)
        if amounts is None:
            break
        draws = worst_draws(objective, amounts, few)
        least = objective.of_draws(draws).total(amounts)
        others = [view.total(amounts) for view in seen.views]
        if sets and min(others) - least <= SETTLED * abs(least):
            most = least + NEARLY * abs(least)
            near = [worth <= most or at < len(begun) for at, worth in enumerate(others)]
            return tuple(each for each, here in zip(sets, near, strict=True) if here)
        sets = (*sets, draws)
    return sets


def worst_draws(objective: Objective, amounts: Array, few: int) -> Index:
    """The draws that are worst for a plan together, in order.

    Where nobody shares people, these are the draws that bring least. Where lines do, what is left is concave in what the draws
    bring: those that bring least by its tangent are worse together than those at which the tangent was taken. That may end at
    draws from which only others that are about as good are worse: these are tried in their places.

    Args:
        objective: Over all draws.
        amounts: Shape (lines,), minor units.
        few: How many draws count.
    """
    funded = objective.take(np.flatnonzero(amounts))
    curves, pools = funded.curves, funded.pools
    money = amounts[amounts > 0] * objective.major
    each: Array = (funded.weights[:, :, None] * curves.results(money)).sum(axis=0)

    def left(draws: Index) -> float:
        own = each[:, draws].mean(axis=1)
        return float(own @ kept(pools, own))

    draws = np.arange(curves.draws)
    for _ in range(TURNS):
        order = np.argsort(next_kept(pools, each[:, draws].mean(axis=1)) @ each, kind="stable")
        found = min([order[:few], *(_beside(order, few) if len(draws) == few and pools else ())], key=left)
        if len(draws) == few and not left(found) < left(draws):
            break
        draws = found
    return np.sort(draws)


def _beside(order: Index, few: int) -> Iterator[Index]:
    """The first few in an order, one of the last of them in turn left for one of the next."""
    for out in range(max(few - NEAR, 0), few):
        for more in order[few : few + NEAR]:
            yield np.append(np.delete(order[:few], out), more)
