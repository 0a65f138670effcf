"""Targets on a part of those who share people, lines chosen whole: plans and proofs against all plans there are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import every_line
from pools_by_hand import asked, picked, truth, world

import mediaplan as mp
from mediaplan.brief.terms import Domain, Linear
from mediaplan.planning.asking.demands import limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.shared_rows import Shared, stated
from mediaplan.response.responses import Response

STEP = 60
CHUNKS = mp.EachLine(or_zero=True, at_least=2 * STEP, at_most=6 * STEP, step=STEP)
POST_ON_TIKTOK = {"post": "p1", "channel": "tiktok"}
CASES = (
    # Of plans made around one another alone: none, 10 % less than the best, and the best with a bound 11 % above it.
    (1, 18.0, 1080, ((POST_ON_TIKTOK, 2.642), ({"post": "p0"}, 0.454))),
    (37, 18.0, 840, ((POST_ON_TIKTOK, 0.459), ({"post": "p0"}, 1.304))),
    (9, 18.0, 1020, (({"channel": "tiktok"}, 3.509), ({"channel": "facebook", "audience": "a1"}, 0.721))),
)


def every_plan(budget: float) -> np.ndarray:
    """Shape (plans, 8): all that chunks of eight lines make of the money."""
    plans = np.array(list(itertools.product([0, 2, 3, 4, 5, 6], repeat=8))) * float(STEP)
    return plans[plans.sum(axis=1) <= budget]


def results_of(known: Response, plans: np.ndarray) -> np.ndarray:
    """Shape (plans, lines): what each line brings in each plan, layer by layer."""
    curves = known.curves(every_line(known))
    flow = curves.rate[0, :, 0] * plans / (1 + plans / curves.scale[0, :, 0])
    for layer in curves.pools:
        worn = np.ones_like(flow)
        for pool, size in enumerate(layer.size):
            inside = layer.member == pool
            worn[:, inside] = 1 + flow[:, inside].sum(axis=1, keepdims=True) / size
        flow = flow / worn
    return flow


@pytest.mark.parametrize(("seed", "everybody", "budget", "targets"), CASES)
def test_the_best_of_all_plans_is_found_and_proven(seed, everybody, budget, targets):
    known = world(seed, everybody)
    names, plans = truth(known)[1], every_plan(budget)
    results = results_of(known, plans)
    reached = [results[:, picked(names, **pick)].sum(axis=1) >= target for pick, target in targets]
    best = results[np.all(reached, axis=0)].sum(axis=1).max()
    rules = [mp.ResultsTarget(at_least=target, **pick) for pick, target in targets]
    made = mp.plan(asked(budget, CHUNKS, *rules), known)
    assert made.objective == pytest.approx(best, rel=1e-9)
    assert best * (1 - 1e-9) <= made.certificate.bound <= best * (1 + 1e-3)


def test_a_little_more_money_than_is_just_enough_is_not_too_little():
    rules = (
        mp.ResultsTarget(channel="facebook", at_least=1.1),
        mp.ResultsTarget(channel="facebook", audience="a1", at_least=1.8),
        mp.EachLine(or_zero=True, at_least=20, step=5),
        mp.Share(channel="tiktok", at_least=0.4),
    )
    known = world(13, 18.0)
    cheap = mp.plan(asked(None, *rules, goal=mp.LowestCost()), known)
    made = mp.plan(asked(float(cheap.spent.amount) + 5, *rules), known)
    assert made.objective >= cheap.totals.results.mean


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    part=st.sampled_from([{"channel": "facebook"}, {"audience": "a1"}, {"post": "p0"}, POST_ON_TIKTOK]),
    outer=st.booleans(),
    inner=st.booleans(),
    spared=st.floats(0.0, 1.0),
)
def test_with_what_others_must_have_a_row_says_no_less_than_the_rule_and_no_more_than_without(
    seed, part, outer, inner, spared
):
    random = np.random.default_rng(seed)
    known = world(seed % 50, 18.0 if outer else None, pool_size=9.0 if inner else 1e6)
    names = truth(known)[1]
    lines = len(names["post"])
    curves = known.curves(every_line(known))
    weights = np.ones((1, lines))
    objective = Objective(curves.measured_in(weights), weights, 0.01)
    mine = picked(names, **part)
    term = Linear.over(np.zeros(lines), 1.0, np.inf, mine, results=weights * mine)
    needed = random.random(lines) < 0.5
    least = random.integers(1, 40_000, lines)
    terms = [
        Domain(np.arange(lines) == line, int(least[line]), or_zero=not needed[line]) for line in range(lines)
    ]
    limits = limits_of(terms, lines, 100_000)
    (row,), (free,) = (stated([term], objective, each) for each in (limits, limits_of((), lines, 100_000)))
    assert isinstance(row, Shared)
    assert isinstance(free, Shared)
    for _ in range(5):
        more = random.integers(0, 60_000, lines) * (random.random(lines) < spared)
        on = needed | (random.random(lines) < 0.5)
        plan = np.where(on, np.minimum(least + more, 100_000), 0).astype(float)
        true = term.total(plan, objective.results(plan))
        assert row.said(objective, plan) >= true * (1 - 1e-9)
        assert row.said(objective, plan) <= free.said(objective, plan) * (1 + 1e-9)
    alone = np.where(needed, least, 0).astype(float)
    if not mine[needed].any():
        return
    true = term.total(alone, objective.results(alone))
    if not outer:  # one layer: others are just as they are stated
        assert row.said(objective, alone) == pytest.approx(true, rel=1e-9)
