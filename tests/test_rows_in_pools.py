"""Rules over results where lines share people: rows, plans and proofs against the curves themselves, scipy and all plans."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import every_line, response
from pools_by_hand import Money, asked, by_scipy, picked, truth, world

import mediaplan as mp
from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Demand, Limits, limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.part_rows import held
from mediaplan.planning.formulation.shared_rows import Shared, stated
from mediaplan.planning.search.auditing import broken_demands
from mediaplan.response.pools import Pools, kept, next_taken
from mediaplan.response.responses import Response
from mediaplan.words import Sentence

PICKS = ({}, {"channel": "facebook"}, {"audience": "a1"}, {"post": "p0"})


@pytest.mark.parametrize("pick", PICKS)
@pytest.mark.parametrize(("seed", "everybody"), [(1, 18.0), (3, None)])
def test_a_target_costs_no_more_than_scipy_finds_and_is_proven_to_the_smallest_unit(pick, seed, everybody):
    known = world(seed, everybody)
    got, names = truth(known)
    mine = picked(names, **pick)
    target = 0.4 * got(np.full(len(mine), 900 / len(mine)))[mine].sum() + 0.5
    made = mp.plan(asked(None, mp.ResultsTarget(at_least=target, **pick), goal=mp.LowestCost()), known)
    cost = float(made.spent.amount)
    best = -by_scipy(known, lambda x: -x.sum() / 900, [lambda x: got(x)[mine].sum() / target - 1], 900) * 900
    assert cost <= best + 0.01 * len(made.lines_planned) + 1e-3
    assert -made.certificate.bound <= best * (1 + 1e-6)
    assert cost + made.certificate.bound <= 0.01 * len(made.lines_planned) + 1e-3


@pytest.mark.parametrize("pick", PICKS[1:])
@pytest.mark.parametrize(("seed", "everybody"), [(1, 18.0), (2, 18.0), (3, None)])
def test_a_target_on_a_part_takes_as_little_from_the_goal_as_scipy_finds_and_its_bound_holds(
    pick, seed, everybody
):
    known = world(seed, everybody)
    got, names = truth(known)
    mine = picked(names, **pick)
    free = mp.plan(asked(900), known)
    ((name, value),) = pick.items()
    target = 1.1 * free.totals.by[name][value].results.mean
    made = mp.plan(asked(900, mp.ResultsTarget(at_least=target, **pick)), known)
    assert made.totals.by[name][value].results.mean >= target - 1e-3
    rows = [lambda x: got(x)[mine].sum() / target - 1, lambda x: 1 - x.sum() / 900]
    best = by_scipy(known, lambda x: got(x).sum(), rows, 900)
    assert made.objective >= best * (1 - 1e-5)
    assert best * (1 - 1e-6) <= made.certificate.bound <= free.certificate.bound * (1 + 1e-6)
    # Of posts, other lines of the same pool take from what is asked for: that is proven less closely.
    assert made.certificate.gap <= (5e-6 if name != "post" else 3e-3)


def test_a_cost_per_result_of_a_part_is_kept_as_well_as_scipy_keeps_it():
    known = world(2)
    got, names = truth(known)
    mine = picked(names, channel="tiktok")
    part = mp.plan(asked(900), known).totals.by["channel"]["tiktok"]
    cost = round(0.85 * float(part.amount.amount) / part.results.mean, 2)
    made = mp.plan(asked(900, mp.CostPerResult(channel="tiktok", at_most=cost)), known)
    part = made.totals.by["channel"]["tiktok"]
    assert float(part.amount.amount) <= cost * part.results.mean + 0.05
    rows = [lambda x: (cost * got(x)[mine].sum() - x[mine].sum()) / 900, lambda x: 1 - x.sum() / 900]
    best = by_scipy(known, lambda x: got(x).sum(), rows, 900)
    assert made.objective >= best * (1 - 1e-5)
    assert made.certificate.bound >= best * (1 - 1e-6)


@pytest.mark.parametrize("pick", [{}, {"channel": "facebook"}, {"post": "p0"}])
def test_with_lines_chosen_whole_the_cheapest_of_all_plans_is_found(pick):
    known = world(4, audiences=1, posts=2)
    got, names = truth(known)
    mine, step = picked(names, **pick), 60
    plans = np.array(list(itertools.product([0, 2, 3, 4, 5, 6], repeat=len(mine)))) * float(step)
    results = np.array([got(money)[mine].sum() for money in plans])
    target = 0.45 * results.max()
    cheapest = plans.sum(axis=1)[results >= target].min()
    chunks = mp.EachLine(or_zero=True, at_least=2 * step, at_most=6 * step, step=step)
    made = mp.plan(
        asked(None, chunks, mp.ResultsTarget(at_least=target, **pick), goal=mp.LowestCost()), known
    )
    assert float(made.spent.amount) == cheapest
    assert -made.certificate.bound <= cheapest * (1 + 1e-9)


def test_a_target_lower_than_what_is_reached_anyway_changes_nothing_and_a_higher_one_is_never_cheaper():
    known = world(5)
    free = mp.plan(asked(700), known)
    anyway = free.totals.by["channel"]["facebook"].results.mean
    easy = mp.plan(asked(700, mp.ResultsTarget(channel="facebook", at_least=0.9 * anyway)), known)
    assert easy.objective == pytest.approx(free.objective, rel=1e-6)
    costs = [
        mp.plan(
            asked(None, mp.ResultsTarget(channel="facebook", at_least=n), goal=mp.LowestCost()), known
        ).spent.minor
        for n in (1.0, 1.4, 1.8)
    ]
    assert costs == sorted(costs)


@pytest.mark.parametrize("pick", [{}, {"audience": "a0"}])
def test_the_money_that_a_target_costs_brings_it_when_asked_for_the_most(pick):
    known = world(6)
    target = mp.ResultsTarget(at_least=2.0, **pick)
    cheap = mp.plan(asked(None, target, goal=mp.LowestCost()), known)
    others = [mp.Spend(audience="a1", at_most=0)] if pick else []
    most = mp.plan(asked(float(cheap.spent.amount), *others), known)
    assert most.totals.results.mean >= 2.0 * (1 - 1e-4)
    assert most.totals.results.mean <= 2.0 * (1 + 1e-3)


NO_ROOM = (
    (
        3,
        (
            mp.ResultsTarget(channel="facebook", at_least=0.62),
            mp.ResultsTarget(post="p1", channel="tiktok", at_least=1.06),
        ),
    ),
    (
        13,
        (
            mp.ResultsTarget(channel="facebook", at_least=1.1),
            mp.ResultsTarget(channel="facebook", audience="a1", at_least=1.8),
            mp.EachLine(or_zero=True, at_least=20, step=5),
        ),
    ),
)


@pytest.mark.parametrize(("seed", "rules"), NO_ROOM)
def test_the_least_money_that_keeps_targets_on_parts_is_enough_for_a_plan(seed, rules):
    known, rules = world(seed, 18.0), (*rules, mp.Share(channel="tiktok", at_least=0.4))
    cheap = mp.plan(asked(None, *rules, goal=mp.LowestCost()), known)
    made = mp.plan(asked(float(cheap.spent.amount), *rules), known)
    assert made.spent.minor <= cheap.spent.minor
    assert made.certificate.bound >= made.objective >= cheap.totals.results.mean * (1 - 1e-6)


def test_both_engines_agree_on_targets_of_shared_people():
    rules = (mp.ResultsTarget(channel="facebook", at_least=1.6), mp.ResultsTarget(post="p1", at_least=1.2))
    first, second = (mp.plan(asked(800, *rules), world(7), engine=engine) for engine in ("highs", "pulp"))
    assert second.objective == pytest.approx(first.objective, rel=1e-5)


def test_a_target_that_may_give_way_counts_what_shared_people_leave():
    known = world(1)
    got, names = truth(known)
    mine = picked(names, channel="tiktok")
    made = mp.plan(asked(600, mp.ResultsTarget(channel="tiktok", at_least=5, soft=0.6)), known)
    best = by_scipy(
        known,
        lambda x: got(x).sum() - 0.6 * max(5 - got(x)[mine].sum(), 0),
        [lambda x: 1 - x.sum() / 600],
        600,
    )
    assert made.objective >= best * (1 - 1e-4)
    assert made.penalties == pytest.approx(
        0.6 * (5 - made.totals.by["channel"]["tiktok"].results.mean), rel=1e-6
    )


def test_targets_by_value_and_by_count_are_kept_where_posts_are_worth_different_amounts():
    known = world(8, kinds=("lead", "message"))
    goal = mp.MostValue(values={"lead": 3.0, "message": 1.0})
    free = mp.plan(asked(600, goal=goal), known)
    message = mp.plan(asked(600, goal=mp.MostResults(type="message")), known).objective
    made = mp.plan(asked(600, mp.ResultsTarget(type="message", at_least=0.95 * message), goal=goal), known)
    assert made.objective < free.objective
    assert made.certificate.bound >= made.objective
    with pytest.raises(mp.NoPlanError):
        mp.plan(asked(600, mp.ResultsTarget(type="message", at_least=1.3 * message), goal=goal), known)


def objective_of(known: Response, weights: Money | None = None) -> Objective:
    curves = known.curves(every_line(known))
    weights = np.ones((len(curves.kinds), len(curves.seen))) if weights is None else weights
    return Objective(curves.measured_in(weights), weights, 0.01)


def anything(objective: Objective) -> Limits:
    """Limits under which each line may have any money, or none."""
    return limits_of((), objective.lines, 1_000_000)


def said_by(row: Shared, objective: Objective, money: Money) -> float:
    """What a stated row adds up to."""
    own = objective.own_results(money)
    flow = (row.flow * own).sum(axis=0)
    assert row.results is not None
    through = row.sign * float(flow @ kept(row.layers, flow))
    return float(row.weights @ money) + float((row.results * own).sum()) + through


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    part=st.sampled_from(PICKS),
    cost=st.booleans(),
    even=st.booleans(),
    outer=st.booleans(),
)
def test_a_stated_row_says_what_the_rule_says_or_nowhere_less_and_touches_it_at_its_plan(
    seed, part, cost, even, outer
):
    random = np.random.default_rng(seed)
    known = world(seed % 50, 18.0 if outer else None, kinds=("lead", "message"))
    names = truth(known)[1]
    lines = len(names["post"])
    weights = np.ones((2, lines)) if even else random.uniform(0.5, 2.0, (2, lines))
    objective = objective_of(known, weights)
    mine = picked(names, **part)
    own = np.ones((2, lines)) * mine
    term = (
        Linear.over(mine * 1.0, -np.inf, 0.0, mine, results=-5000.0 * own)
        if cost
        else Linear.over(np.zeros(lines), 3.0, np.inf, mine, results=own)
    )
    sign = -1.0 if cost else 1.0
    (alone,) = stated([term], objective, anything(objective))
    assert isinstance(alone, Shared)
    plans = random.exponential(30_000.0, (4, lines)) * (random.random((4, lines)) < 0.7)
    for plan in plans:
        true = term.total(plan, objective.results(plan))
        if alone.exact:
            assert said_by(alone, objective, plan) == pytest.approx(true, rel=1e-9, abs=1e-9)
        assert sign * (said_by(alone, objective, plan) - true) >= -1e-9 * abs(true)
    assert alone.exact == (even and (not part or (not outer and "post" not in part)))
    (around,) = stated([term], objective, anything(objective), plans[0])
    assert isinstance(around, Shared)
    limit = around.at_most - term.at_most if cost else around.at_least - term.at_least

    def missed(money):
        return said_by(around, objective, money) - limit - term.total(money, objective.results(money))

    size = max(abs(term.total(plans[0], objective.results(plans[0]))), 1.0)
    assert missed(plans[0]) == pytest.approx(0.0, abs=1e-9 * size)
    slopes = [(missed(plans[0] + unit) - missed(plans[0])) for unit in np.eye(lines)]
    assert np.abs(slopes).max() <= 1e-3 * np.abs(objective.outcome_slope(np.zeros(lines), term.results)).max()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    parts=st.lists(st.sampled_from(PICKS[1:]), min_size=1, max_size=3),
    even=st.booleans(),
    outer=st.booleans(),
    free=st.booleans(),
)
def test_no_plan_that_keeps_its_targets_is_worth_more_with_them_than_what_is_held_of_them_together(
    seed, parts, even, outer, free
):
    random = np.random.default_rng(seed)
    known = world(seed % 50, 18.0 if outer else None, kinds=("lead", "message"))
    names = truth(known)[1]
    lines = len(names["post"])
    weights = np.ones((2, lines)) if even else random.uniform(0.5, 2.0, (2, lines))
    objective = objective_of(known, weights)
    if free:  # as for the lowest cost: results are worth nothing but to the targets
        objective = replace(objective, weights=np.zeros_like(weights))
    around, *plans = random.exponential(30_000.0, (6, lines)) * (random.random((6, lines)) < 0.7)
    brought = objective.results(plans[0])
    terms = [
        Linear.over(
            np.zeros(lines),
            random.uniform(0.2, 1.0) * float(brought[:, mine].sum()),
            np.inf,
            mine,
            results=np.ones((2, lines)) * mine,
        )
        for mine in (picked(names, **part) for part in parts)
    ]
    rows = [
        (row, -float(random.exponential(1.0)))
        for row in stated(terms, objective, anything(objective))
        if isinstance(row, Shared)
    ]
    most = held(objective, rows, around)
    for plan in (plans[0], around, *plans[1:]):
        results = objective.results(plan)
        if all(term.total(plan, results) >= term.at_least * (1 - 1e-12) for term in terms):
            worth = float((objective.weights * results).sum())
            paid = sum(-price * term.at_least for term, (_, price) in zip(terms, rows, strict=True))
            own = float((most.weights * objective.own_results(plan)).sum())
            assert worth + paid <= (own + most.constant) * (1 + 1e-9)
        else:
            assert plan is not plans[0]


def test_what_a_line_takes_from_what_is_counted_is_the_slope_of_the_sum():
    pools = (
        Pools(np.array([0, 0, 1, -1], dtype=np.int32), np.array([10.0, 6.0]), np.ones((1, 4))),
        Pools(np.zeros(4, dtype=np.int32), np.array([15.0]), np.ones((1, 4))),
    )
    worth, counted, step = np.array([4.0, 2.0, 5.0, 3.0]), np.array([1.0, 0.0, 2.0, 0.5]), 1e-6

    def total(each):
        return counted @ kept(pools, each)

    slopes = [(total(worth + step * e) - total(worth - step * e)) / (2 * step) for e in np.eye(4)]
    assert next_taken(pools, worth, counted) == pytest.approx(slopes, rel=1e-6)


def test_lines_without_money_give_a_target_no_room_to_be_missed():
    known = response(posts=40, audiences=2, seed=1, draws=1)
    objective = objective_of(known)
    lines = objective.lines
    money = np.zeros(lines, dtype=np.int64)
    money[0] = 10_000
    got = float(objective.results(money.astype(float)).sum())
    one = float(objective.outcome_slope(money.astype(float), np.ones((1, lines)))[0])

    def keeps(target):
        term = Linear.over(
            np.zeros(lines), target, np.inf, np.ones(lines, dtype=bool), results=np.ones((1, lines))
        )
        return not broken_demands(money, [Demand(Sentence("asked"), (term,))], objective)

    assert keeps(got + 0.9 * one)
    assert not keeps(got + 1.5 * one)
