"""The part of the money that may be spent to learn: lines that the plan on the mean passes over and may be wrong about.

    x⁰      the best plan on the mean
    x¹…x⁸   the best plans in eight worlds that are as plausible as any (posterior draws, in mirrored pairs)
    x̄       their average

Where the rules are linear, every mixture of plans that keep them keeps them too. Money moves from x⁰ towards x̄ until
the part to learn is used; what lines get more than twice what x⁰ gives them are tests. Their amounts are then fixed,
and all else is planned on the mean around them, under all rules of the brief.

Source:
    A small, fixed part of the budget on the average of posterior-sampled plans; never random, never a whole plan of
    one draw, which loses several per cent (Ge et al., "Multi-task combinatorial bandits for budget allocation", 2024;
    measured in benchmarks/closed_loop.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Domain
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.bounding import paid_by_line
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.search.solving import best_money, relaxed_amounts
from mediaplan.planning.search.sought import Solved
from mediaplan.words import Sentence

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

WORLDS = 8
"""Posterior draws whose best plans are averaged."""
MOST_TESTS = 20
"""Test lines at the most: money spread over more teaches little of any; a line gets no quarter of that either."""
CROWDED_OUT = 3.0
"""Times their part of the plan's worth that tests may cost at the most: lines chosen whole take some room."""
OPTIMISM = 0.5
"""Standard deviations by which each world takes what is unsure for better than it is."""


@dataclass(frozen=True, eq=False)
class Explored:
    """A plan part of whose money is spent to learn.

    Attributes:
        solved: The amounts of the whole plan; its bound is that of all plans, with tests or without.
        test: Shape (lines,), which lines are there to learn.
        worlds: Plausible worlds that were planned for.
        entering: Shape (lines,), in how many of them the line belongs to the best plan.
        cost: Shape (lines,), worth that a test line's money would bring elsewhere, less what it brings; about.
        whole_cost: Worth of the plan without tests, less that of this one.
    """

    solved: Solved
    test: NDArray[np.bool_]
    worlds: int
    entering: Integers
    cost: Array
    whole_cost: float


def explore(
    solved: Solved,
    demands: Sequence[Demand],
    objective: Objective,
    budget: int,
    solver: Solver,
    share: float,
) -> Explored:
    """Spend a part of the money where the best plan may really lie.

    Args:
        solved: The best plan on the mean.
        demands: What the plan must keep.
        objective: What it maximises on the mean.
        budget: Media money, minor units.
        solver: The engine.
        share: Part of the budget (0–1) that may be spent to learn, at the most.

    Returns:
        The plan with tests; without any where no line is worth one, or the rules leave no room.
    """
    plans = np.array([_best_in(world, demands, objective, budget, solver) for world in _worlds(objective)])
    wanted = _tests(solved, plans.mean(axis=0), share * budget)
    entering = (plans > 0).sum(axis=0)
    found, test = _around(wanted, solved, demands, objective, budget, solver)
    paid, _ = paid_by_line(solved.terms, solved.prices, objective.lines)
    amounts = found.amounts.astype(float)
    kept = objective.keeping(amounts)[0] * objective.worth(amounts[:, None])[:, 0]
    lost = np.maximum(paid * amounts - kept, 0.0)
    whole = max(0.0, solved.value - found.value)
    bounded = replace(found, bound=max(solved.bound, found.value), relaxed=solved.relaxed)
    return Explored(bounded, test, len(plans), entering, np.where(test, lost, 0.0), whole)


def _worlds(objective: Objective) -> list[int]:
    """Draws in mirrored pairs: what one takes for better than the mean, the other takes for worse."""
    draws = objective.curves.draws
    half = (draws + 1) // 2
    first = np.unique(np.linspace(0, half, WORLDS // 2, endpoint=False).astype(int))
    return [int(at) for at in np.concatenate([first, first + half]) if at < draws]


def _best_in(
    world: int, demands: Sequence[Demand], objective: Objective, budget: int, solver: Solver
) -> Array:
    """The best amounts, lines not chosen whole, if that draw were the truth."""
    curves = objective.curves
    rate = curves.rate[:, :, [world]]
    mean, spread = curves.rate.mean(axis=2, keepdims=True), curves.rate.std(axis=2, keepdims=True)
    hopeful = rate * (1.0 + OPTIMISM * spread / np.maximum(mean, 1e-300))
    drawn = replace(objective, curves=replace(curves, rate=hopeful, scale=curves.scale[:, :, [world]]))
    amounts = relaxed_amounts(demands, drawn, budget, solver)
    return np.zeros(objective.lines) if amounts is None else amounts


def _tests(solved: Solved, average: Array, money: float) -> Integers:
    """Shape (lines,): amounts of test lines in minor units, 0 elsewhere; together at most `money`."""
    amounts, limits = solved.amounts.astype(float), solved.limits
    more = np.maximum(average - amounts, 0.0)
    step = min(1.0, money / max(float(more.sum()), 1e-300))
    wish = amounts + step * more
    thin = more.sum() / MOST_TESTS / 4.0
    tested = (wish >= 2.0 * amounts) & (more >= thin) & (limits.most > 0)
    each = np.maximum(np.round(wish / limits.step).astype(np.int64) * limits.step, limits.least)
    each = np.minimum(each, limits.most)
    chosen = np.zeros(len(amounts), dtype=np.int64)
    order = [i for i in np.argsort(-more, kind="stable") if tested[i] and each[i] > 0]
    left = money
    for line in order[:MOST_TESTS]:
        if each[line] <= left:
            chosen[line] = each[line]
            left -= each[line]
    return chosen


def _around(
    wanted: Integers,
    solved: Solved,
    demands: Sequence[Demand],
    objective: Objective,
    budget: int,
    solver: Solver,
) -> tuple[Solved, NDArray[np.bool_]]:
    """The best plan with these tests, or with the first half of them, and so on, where the rules leave no room."""
    order = np.argsort(-wanted, kind="stable")[: int((wanted > 0).sum())]
    while len(order):
        fixed = np.zeros(len(wanted), dtype=np.int64)
        fixed[order] = wanted[order]
        found = best_money([*demands, _demand(fixed)], objective, budget, solver, proving=False)
        if found is not None and solved.value - found.value <= _bearable(fixed, solved, objective):
            return found, fixed > 0
        order = order[: len(order) // 2]
    return solved, np.zeros(len(wanted), dtype=np.bool_)


def _bearable(fixed: Integers, solved: Solved, objective: Objective) -> float:
    """Worth that tests may take from the plan: more than theirs is lost where they drive out what else could run.

    As curves are concave, less money by some part loses no larger part of the worth.
    """
    if objective.views:
        return np.inf
    part = float(fixed.sum()) / max(float(solved.amounts.sum()), 1.0)
    return CROWDED_OUT * part * abs(solved.value)


def _demand(fixed: Integers) -> Demand:
    amounts = np.unique(fixed[fixed > 0])
    terms = tuple(Domain(fixed == a, int(a), int(a), or_zero=False) for a in amounts)
    return Demand(Sentence("the part of the budget that is spent to learn"), terms)
