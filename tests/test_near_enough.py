"""Searches that end where it is known enough: against all plans in steps of small worlds whose lines share people."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import every_line, response
from pools_by_hand import left_of

import mediaplan as mp
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.narrowing import narrowed
from mediaplan.planning.making import asked
from mediaplan.planning.questions import Question
from mediaplan.planning.search.best_amounts import Sought
from mediaplan.planning.search.cautious import ENOUGH, LATER, cautious_money
from mediaplan.planning.search.most_counted import reach_of
from mediaplan.response.responses import Response

LEAST, STEP, BUDGET = 120, 40, 600
CHUNKS = mp.EachLine(or_zero=True, at_least=LEAST, step=STEP)
PLANS = np.array([
    plan for plan in itertools.product([0, *range(LEAST, BUDGET + 1, STEP)], repeat=4) if 0 < sum(plan) <= BUDGET
])  # fmt: skip


def world(seed: int, draws: int = 1) -> Response:
    """Two posts on two channels for one audience: each channel a pool of its own."""
    names = {"posts": 2, "channels": ("facebook", "tiktok"), "audiences": 1, "slots": ()}
    return response(**names, seed=seed, draws=draws, pool_size=6.0)  # type: ignore[arg-type]


def brought(known: Response, draws: Sequence[int] = (0,)) -> np.ndarray:
    """Shape (plans, lines): results of each plan if only those draws are possible."""
    curves = known.curves(every_line(known))
    rate, scale = curves.rate[0][:, draws], curves.scale[0][:, draws]
    own = (rate * PLANS[:, :, None] / (1 + PLANS[:, :, None] / scale)).mean(axis=2)
    return np.array([left_of(curves.pools, each) for each in own])


def question(known: Response, *rules: object, goal: object = mp.MostResults()) -> Question:
    week = {"currency": "EUR", "start": "2026-11-30", "days": 7}
    return asked(mp.Brief(budget=BUDGET, rules=(CHUNKS, *rules), goal=goal, **week), known)  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 60),
    like=st.integers(0, len(PLANS) - 1),
    more=st.sampled_from([1 - 1e-6, 1 + 1e-6, 1 + 1e-3, 1.02]),
    several=st.booleans(),
)
def test_results_asked_for_can_be_reached_where_some_plan_of_all_reaches_them(seed, like, more, several):
    known = world(seed)
    results, on = brought(known), every_line(known).labels("channel")
    there = [results[:, on == channel].sum(axis=1) for channel in ("facebook", "tiktok")]
    if several:
        wanted = [
            (channel, each, more * each[like])
            for channel, each in zip(("facebook", "tiktok"), there, strict=True)
        ]
    else:
        total = np.add(*there)
        # near the most that a budget like that plan's brings, where it is hardest to tell
        best = total[PLANS.sum(axis=1) <= PLANS[like].sum()].max()
        wanted = [(None, total, more * best)]
    wanted = [(channel, each, target) for channel, each, target in wanted if target > 0]
    budget = int(PLANS[like].sum())
    inside = PLANS.sum(axis=1) <= budget
    reached = bool(np.all([each[inside] >= target for _, each, target in wanted], axis=0).any())
    rules = [
        mp.ResultsTarget(at_least=target, **({} if channel is None else {"channel": channel}))
        for channel, _, target in wanted
    ]
    asks = question(known, mp.Spend(at_most=budget), *rules)
    assert asks.reaching()(asks.demands, asks.budget)[0] == reached


@pytest.mark.parametrize(("more", "reached"), [(0.97, True), (1.02, False)])
@pytest.mark.parametrize("seed", range(4))
def test_of_a_post_whose_people_others_share_nearly_the_most_of_all_plans_can_be_reached(seed, more, reached):
    known = world(seed)
    post = every_line(known).labels("post") == "p0"
    most = brought(known)[:, post].sum(axis=1).max()
    asks = question(known, mp.ResultsTarget(post="p0", at_least=more * most))
    assert asks.reaching()(asks.demands, asks.budget)[0] == reached


def test_several_targets_of_which_one_counts_a_part_of_shared_people_are_not_judged_by_the_most():
    asks = question(world(3), mp.ResultsTarget(at_least=1), mp.ResultsTarget(post="p0", at_least=1))
    terms = [term for demand in asks.demands for term in demand.terms]
    assert reach_of(terms, asks.objective, asks.budget, asks.solver, lambda _: 0.0, 1e-8) is None


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 60), short=st.sampled_from([1e-3, 1e-2, 5e-2]))
def test_no_plan_that_is_left_out_is_worth_more_in_its_worst_view_than_the_ceiling(seed, short):
    known = world(seed, draws=3)
    asks = question(known)
    views = tuple(asks.objective.of_draws(np.array([draw])) for draw in range(3))
    terms = tuple(term for demand in asks.demands for term in demand.terms)
    seen: Objective = replace(asks.objective, views=views)
    sought = Sought(terms, asks.demands, seen, asks.budget, asks.solver, proving=True).asked()
    relaxed = sought.relaxed()
    assert relaxed is not None
    left = narrowed(relaxed, sought.limits, seen, short * relaxed.bound)
    worst = np.min([brought(known, (draw,)).sum(axis=1) for draw in range(3)], axis=0)
    money = 100 * PLANS
    outside = ~(((money >= left.limits.least) & (money <= left.limits.most)) | (money == 0)).all(axis=1)
    outside |= (money[:, np.setdiff1d(np.arange(4), left.lines)] > 0).any(axis=1)
    outside |= (money[:, left.limits.needed] == 0).any(axis=1)
    assert outside.any()
    assert worst[outside].max() <= left.ceiling * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_a_cautious_choice_is_as_near_to_the_best_of_all_plans_as_it_says(seed):
    known = world(seed, draws=5)
    worst = np.min(
        [brought(known, draws).sum(axis=1) for draws in itertools.combinations(range(5), 2)], axis=0
    )
    made = question(known, goal=mp.Cautious(worst=0.4)).solve()
    assert made is not None
    (place,) = np.flatnonzero((made.amounts == 100 * PLANS).all(axis=1))
    assert made.value == pytest.approx(worst[place], rel=1e-9)
    assert worst.max() <= made.bound * (1 + 1e-9)
    assert made.bound - made.value <= LATER * made.bound


def test_a_cautious_search_that_begins_with_the_draws_known_finds_as_good_a_plan():
    known = world(4, draws=5)
    asks = question(known, goal=mp.Cautious(worst=0.4))
    first = asks.solve()
    assert first is not None
    assert first.draws
    again = cautious_money(
        asks.demands, asks.objective, asks.budget, asks.solver, 0.4, proving=False, begun=first.draws
    )
    assert again is not None
    assert again.value >= first.value - ENOUGH * first.bound
    # the sets that were known are looked at, and only sets that are not known join
    assert {tuple(draws) for draws in first.draws} <= {tuple(draws) for draws in again.draws}
