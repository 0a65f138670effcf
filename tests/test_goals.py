"""Goals beyond the most results: lowest cost, cautious, fewest shortfalls, against oracles of their own."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import every_line, response
from scipy.optimize import minimize

from mediaplan.brief.briefs import Brief
from mediaplan.brief.from_table import brief_from
from mediaplan.brief.goals import Cautious, FewestShortfalls, LowestCost, MostResults
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rules import EachLine, LineCount, ResultsTarget, Share, Spend
from mediaplan.brief.writing import brief_json, brief_toml
from mediaplan.errors import InputError, NoPlanError
from mediaplan.planning.making import plan

few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
PLAIN = {"currency": "EUR", "start": "2026-11-30", "days": 7}


def world(seed: int = 1, **more: object):
    return response(
        posts=2, channels=("facebook", "tiktok"), audiences=2, slots=(), **({"seed": seed, "draws": 1} | more)
    )


@few
@given(seed=st.integers(1, 30), target=st.floats(1.0, 12.0))
def test_the_lowest_cost_is_the_smallest_budget_that_reaches_the_target(seed, target):
    known = world(seed)
    asked = Brief(**PLAIN, goal=LowestCost(), rules=(ResultsTarget(at_least=target),))
    try:
        made = plan(asked, known)
    except NoPlanError:
        return
    assert made.totals.results.mean >= target * (1 - 1e-4)
    assert made.spent.minor + made.unspent.minor == made.budget.minor
    assert made.unspent.minor == 0
    cost = made.spent.amount
    # The most that almost the same money buys is almost the target: nothing cheaper reaches it.
    most = plan(Brief(**PLAIN, budget=made.spent.text), known)
    assert most.objective == pytest.approx(target, rel=2e-3)
    less = plan(Brief(**PLAIN, budget=round(cost * 0.99, 2)), known)
    assert less.certificate.bound < target
    given_money = plan(asked.but(budget=round(cost * 3, 2)), known)
    assert given_money.spent.amount == pytest.approx(cost, rel=1e-3)


def test_the_lowest_cost_pays_fee_and_tax_and_keeps_minimums():
    known = world(3)
    rules = (ResultsTarget(at_least=4), EachLine(or_zero=True, at_least=30, step=10))
    made = plan(Brief(**PLAIN, goal=LowestCost(), fee=0.1, tax=0.18, rules=rules), known)
    assert all(line.amount.minor % 1000 == 0 and line.amount.minor >= 3000 for line in made.lines_planned)
    assert made.budget.minor == made.spent.minor + made.fee.minor + made.tax.minor
    tried = []
    curves, lines = known.curves(every_line(known)), 8
    import itertools

    allowed = [0, *range(30, int(made.spent.amount) + 1, 10)]
    for count in range(1, 4):
        for chosen in itertools.combinations(range(lines), count):
            for each in itertools.product(allowed[1:], repeat=count):
                if sum(each) < made.spent.amount:
                    money = np.zeros(lines)
                    money[list(chosen)] = each
                    tried.append(float(curves.results(money).sum()))
    assert len({line.post for line in made.lines_planned}) <= 3
    assert max(tried, default=0.0) < 4


def test_a_target_that_no_money_reaches_is_refused_without_a_budget():
    asked = Brief(**PLAIN, goal=LowestCost(), rules=(ResultsTarget(at_least=10**6),))
    with pytest.raises(
        NoPlanError, match="can be expected with any money; 1,000,000 are asked for"
    ) as refused:
        plan(asked, world())
    assert "budget" not in str(refused.value)
    with pytest.raises(NoPlanError, match=r"can be expected with any money, .* with this budget; 1,000,000 "):
        plan(asked.but(budget=10), world())


@few
@given(seed=st.integers(1, 30), worst=st.sampled_from([0.1, 0.25, 0.5]), budget=st.integers(100, 2000))
def test_a_cautious_plan_is_the_best_in_the_mean_of_its_worst_draws(seed, worst, budget):
    known = world(seed, draws=20)
    made = plan(Brief(**PLAIN, budget=budget, goal=Cautious(worst=worst)), known)
    lines = every_line(known)
    curves = known.curves(lines)
    few_draws = int(np.ceil(worst * 20 - 1e-9))

    def cvar(x):
        return float(np.sort(curves.results(x).sum(axis=(0, 1)))[:few_draws].mean())

    mine = np.zeros(len(lines))
    for line in made.lines_planned:
        mine[np.all([lines.labels(d) == getattr(line, d) for d in known.names], axis=0)] = line.amount.amount
    assert made.objective == pytest.approx(cvar(mine), rel=1e-9)
    others = [plan(Brief(**PLAIN, budget=budget), known)]
    best = max(
        -minimize(
            lambda x: -cvar(np.maximum(x, 0)),
            start,
            bounds=[(0, budget)] * 8,
            constraints=[{"type": "ineq", "fun": lambda x: budget - x.sum()}],
        ).fun
        for start in (mine, np.full(8, budget / 8))
    )
    assert made.objective >= best * (1 - 1e-3)
    assert made.certificate.bound >= best * (1 - 1e-6)
    assert made.certificate.gap < 1e-3
    assert others[0].totals.results.mean >= made.totals.results.mean * (1 - 1e-4)


def test_a_cautious_plan_keeps_its_rules_and_is_the_mean_s_where_all_draws_count():
    known = world(2, draws=20)
    rules = (Share(channel="tiktok", at_least=0.6), LineCount(at_most=3))
    made = plan(Brief(**PLAIN, budget=500, goal=Cautious(worst=0.2), rules=rules), known)
    assert len(made.lines_planned) <= 3
    assert sum(x.amount.amount for x in made.lines_planned if x.channel == "tiktok") >= 299.9
    everything = plan(Brief(**PLAIN, budget=500, goal=Cautious(worst=1)), known)
    assert everything.objective == pytest.approx(plan(Brief(**PLAIN, budget=500), known).objective, rel=1e-6)


def test_the_fewest_shortfalls_come_first_and_results_second():
    known = world(4)
    rules = (
        Spend(channel="facebook", at_least=400, soft=3.0),
        Spend(channel="tiktok", at_least=300, soft=1.0),
    )
    made = plan(Brief(**PLAIN, budget=500, goal=FewestShortfalls(), rules=rules), known)
    facebook = sum(x.amount.amount for x in made.lines_planned if x.channel == "facebook")
    assert facebook == pytest.approx(400, abs=0.05)
    assert made.spent.amount == pytest.approx(500, abs=0.01)
    assert made.to_dict()["objective"]["penalties"] == pytest.approx(200, abs=0.2)
    assert made.objective == pytest.approx(-200, abs=0.2)
    firm = (Spend(channel="facebook", equal=400), Spend(channel="tiktok", equal=100))
    best = plan(Brief(**PLAIN, budget=500, rules=firm), known)
    assert made.totals.results.mean == pytest.approx(best.objective, rel=1e-3)


@pytest.mark.parametrize(
    "goal", [LowestCost(), Cautious(worst=0.1), Cautious(values={"lead": 3.0}), FewestShortfalls()]
)
def test_a_goal_survives_toml_and_json(goal):
    brief = Brief(**PLAIN, budget=5, goal=goal, rules=(ResultsTarget(at_least=3, soft=1),))
    assert parse_brief(brief_toml(brief)) == brief
    assert brief_from(json.loads(json.dumps(brief_json(brief)))) == brief


def test_a_budget_may_only_be_left_out_where_the_goal_needs_none():
    text = 'currency = "EUR"\nflight = { start = 2026-11-30, days = 7 }\n'
    rule = '[[rule]]\nis = "results"\nat_least = 5\n'
    assert parse_brief(text + '[goal]\nis = "lowest cost"\n' + rule).budget is None
    with pytest.raises(InputError, match="“budget” is missing"):
        parse_brief(text + rule)
    with pytest.raises(InputError):
        Brief(**PLAIN, goal=MostResults())


@pytest.mark.parametrize(("goal", "rules"), [(LowestCost(), ()), (FewestShortfalls(), (Spend(at_most=5),))])
def test_a_goal_with_nothing_to_do_is_refused(goal, rules):
    with pytest.raises(InputError) as refused:
        plan(Brief(**PLAIN, budget=100, goal=goal, rules=rules), world())
    assert refused.value.problems[0].column == "goal.is"


@pytest.mark.parametrize("worst", [0, -1, 1.5, float("nan"), "much", True])
def test_a_worst_part_that_is_none_is_refused(worst):
    with pytest.raises(InputError) as refused:
        Cautious(worst=worst)
    assert refused.value.problems[0].column == "goal.worst"


def test_the_least_regret_loses_little_in_every_world():
    from mediaplan.brief.goals import LeastRegret

    known = world(2)
    worlds = {
        "dear facebook": {"channel": "facebook", "cost": 2.0},
        "tired tiktok": {"channel": "tiktok", "results": 0.4},
    }
    made = plan(Brief(**PLAIN, budget=600, goal=LeastRegret(worlds=worlds)), known)
    lines = every_line(known)
    curves = known.curves(lines)
    rate, scale = curves.rate[0, :, 0], curves.scale[0, :, 0]
    facebook = lines.labels("channel") == "facebook"
    changed = [
        (rate, scale),
        (np.where(facebook, rate / 2, rate), np.where(facebook, scale * 2, scale)),
        (np.where(facebook, rate, rate * 0.4), scale),
    ]

    def got(x, at):
        return float((at[0] * x / (1 + x / at[1])).sum())

    def most(value, start):
        limits = [{"type": "ineq", "fun": lambda x: (600 - x.sum()) / 600}]
        return -minimize(
            lambda x: -value(np.maximum(x, 0)),
            start,
            bounds=[(0, 600)] * 8,
            constraints=limits,
            options={"ftol": 1e-12, "maxiter": 500},
        ).fun

    even = np.full(8, 75.0)
    best = [most(lambda x, at=at: got(x, at), even) for at in changed]
    mine = np.zeros(8)
    for line in made.lines_planned:
        mine[np.all([lines.labels(d) == getattr(line, d) for d in known.names], axis=0)] = line.amount.amount

    def worst(x):
        return min(got(x, at) - top for at, top in zip(changed, best, strict=True))

    assert made.objective == pytest.approx(worst(mine), abs=1e-3)
    assert made.objective >= max(most(worst, mine), most(worst, even)) - 1e-3
    assert made.certificate.bound >= made.objective
    usual = plan(Brief(**PLAIN, budget=600), known)
    other = np.zeros(8)
    for line in usual.lines_planned:
        other[np.all([lines.labels(d) == getattr(line, d) for d in known.names], axis=0)] = line.amount.amount
    assert worst(other) < worst(mine)
    with pytest.raises(InputError, match="Did you mean “tiktok”"):
        plan(
            Brief(**PLAIN, budget=600, goal=LeastRegret(worlds={"x": {"channel": "tiktk", "cost": 2}})), known
        )
    for wrong in ({}, {"x": {}}, {"x": {"cost": -1}}, {"x": {"cst": 2}}, {"x": 3}):
        with pytest.raises(InputError):
            LeastRegret(worlds=wrong)
    asked = Brief(**PLAIN, budget=600, goal=LeastRegret(worlds=worlds))
    assert parse_brief(brief_toml(asked)) == asked
