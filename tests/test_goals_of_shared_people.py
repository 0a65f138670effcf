"""Goals that look at the worst of several worlds or draws, where lines share people: against scipy, all sets and all plans."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import every_line, response
from pools_by_hand import Everybody, Money, left_of
from scipy.optimize import minimize

import mediaplan as mp
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.search.cautious import worst_draws
from mediaplan.response.pools import Pools
from mediaplan.response.responses import Response

Worth = Callable[[Money], float]

WORLDS = {
    "dear facebook": {"channel": "facebook", "cost": 2.0},
    "tired a1": {"audience": "a1", "results": 0.4},
}


def world(seed: int, everybody: float | None, draws: int, **more: object) -> Response:
    known = response(**{
        "posts": 2, "channels": ("facebook", "tiktok"), "audiences": 2, "slots": (), "draws": draws, "pool_size": 3.0,
        "seed": seed, **more,
    })  # fmt: skip
    return known if everybody is None else replace(known, estimate=Everybody(known.estimate, everybody))


def asked(budget: float, *rules: object, **more: object) -> mp.Brief:
    return mp.Brief(budget=budget, currency="EUR", start="2026-11-30", days=7, rules=rules, **more)  # type: ignore[arg-type]


def worn(layers: tuple[Pools, ...], own: Money) -> float:
    return float(left_of(layers, own).sum())


def in_draws(known: Response, draws: tuple[int, ...]) -> Worth:
    """What comes if only those draws are possible."""
    curves = known.curves(every_line(known))
    rate, scale = curves.rate[0][:, draws], curves.scale[0][:, draws]
    return lambda x: worn(curves.pools, (rate * x[:, None] / (1 + x[:, None] / scale)).mean(axis=1))


def in_worlds(known: Response) -> list[Worth]:
    """What comes as expected, where facebook costs twice as much, and where a1 brings 0.4 times as many."""
    lines = every_line(known)
    curves = known.curves(lines)
    rate, scale = curves.rate[0, :, 0], curves.scale[0, :, 0]
    cost = np.where(lines.labels("channel") == "facebook", 2.0, 1.0)
    fewer = np.where(lines.labels("audience") == "a1", 0.4, 1.0)
    return [
        lambda x, r=r, s=s: worn(curves.pools, r * x / (1 + x / s))
        for r, s in ((rate, scale), (rate / cost, scale * cost), (rate * fewer, scale))
    ]


def best_of_the_worst(views: list[Worth], budget: float, *starts: Money) -> float:
    """The most of the smallest of the views within a budget, by SLSQP over money and a level that none is below."""
    count, found = len(starts[0]), []
    for start in starts:
        kept_by = [
            {"type": "ineq", "fun": lambda z, view=view: view(np.maximum(z[:-1], 0)) - z[-1]}
            for view in views
        ]
        done = minimize(
            lambda z: -z[-1], np.append(start, min(view(start) for view in views)),
            bounds=[(0, budget)] * count + [(None, None)],
            constraints=[*kept_by, {"type": "ineq", "fun": lambda z: (budget - z[:-1].sum()) / budget}],
            options={"maxiter": 400, "ftol": 1e-12},
        )  # fmt: skip
        money = np.maximum(done.x[:-1], 0)
        money *= min(1.0, budget / money.sum())
        found.append(min(view(money) for view in views))
    return max(found)


def money_of(made: mp.Plan, known: Response) -> Money:
    lines, money = every_line(known), np.zeros(len(every_line(known)))
    for line in made.lines_planned:
        mine = np.all([lines.labels(d) == getattr(line, d) for d in known.names if known.names[d]], axis=0)
        money[mine] += float(line.amount.amount)
    return money


def even(budget: float) -> Money:
    return np.full(8, budget / 8)


@pytest.mark.parametrize(("seed", "everybody", "budget"), [(1, None, 2000), (2, 6.0, 300), (3, None, 300)])
def test_a_cautious_plan_is_the_best_in_its_worst_draws_which_share_people_too(seed, everybody, budget):
    known = world(seed, everybody, draws=4)
    views = [in_draws(known, each) for each in itertools.combinations(range(4), 2)]
    made = mp.plan(asked(budget, goal=mp.Cautious(worst=0.5)), known)
    mine = money_of(made, known)
    assert made.objective == pytest.approx(min(view(mine) for view in views), rel=1e-9)
    best = best_of_the_worst(views, budget, even(budget), mine)
    assert made.objective >= best * (1 - 2e-4)
    assert made.certificate.bound >= best * (1 - 1e-7)
    assert made.certificate.gap <= 2e-4


@pytest.mark.parametrize(("seed", "everybody", "budget"), [(1, 6.0, 2000), (2, None, 300), (4, 6.0, 300)])
def test_the_least_regret_is_least_where_every_world_wears_people_out(seed, everybody, budget):
    known = world(seed, everybody, draws=1)
    views = in_worlds(known)
    tops = [best_of_the_worst([view], budget, even(budget)) for view in views]
    regrets = [lambda x, view=view, top=top: view(x) - top for view, top in zip(views, tops, strict=True)]
    made = mp.plan(asked(budget, goal=mp.LeastRegret(worlds=WORLDS)), known)
    mine = money_of(made, known)
    assert made.objective == pytest.approx(min(regret(mine) for regret in regrets), abs=1e-5 * tops[0])
    best = best_of_the_worst(regrets, budget, even(budget), mine)
    assert made.objective >= best - 2e-5 * tops[0]
    assert best - 1e-6 * tops[0] <= made.certificate.bound <= made.objective + 4e-5 * tops[0]


def test_with_lines_chosen_whole_no_plan_regrets_less():
    known = world(5, 5.0, draws=1, audiences=1)
    lines = every_line(known)
    curves = known.curves(lines)
    rate, scale = curves.rate[0, :, 0], curves.scale[0, :, 0]
    cost = np.where(lines.labels("channel") == "facebook", 3.0, 1.0)
    plans = np.array(
        [p for p in itertools.product(range(0, 601, 50), repeat=4) if sum(p) <= 600 and 50 not in p]
    )
    worth = np.array(
        [
            [worn(curves.pools, r * p / (1 + p / s)) for p in plans]
            for r, s in ((rate, scale), (rate / cost, scale * cost))
        ]
    )
    regret = (worth - worth.max(axis=1, keepdims=True)).min(axis=0)
    chunks = mp.EachLine(or_zero=True, at_least=100, step=50)
    goal = mp.LeastRegret(worlds={"dear facebook": {"channel": "facebook", "cost": 3.0}})
    made = mp.plan(asked(600, chunks, goal=goal), known)
    assert made.objective == pytest.approx(regret.max(), abs=2e-4)
    assert made.certificate.bound >= regret.max() - 1e-9
    worst = [
        min(in_draws(four, draws)(p) for draws in itertools.combinations(range(4), 2))
        for four in [world(5, 5.0, draws=4, audiences=1)]
        for p in plans[plans.sum(axis=1) == 600]
    ]
    careful = mp.plan(asked(600, chunks, goal=mp.Cautious(worst=0.5)), world(5, 5.0, draws=4, audiences=1))
    assert careful.objective >= max(worst) * (1 - 1e-3)
    assert careful.certificate.bound >= max(worst) * (1 - 1e-9)


@pytest.mark.parametrize("goal", [mp.Cautious(worst=0.3), mp.LeastRegret(worlds=WORLDS)])
def test_targets_are_of_the_world_as_expected_and_both_engines_agree_where_the_worst_counts(goal):
    known = world(6, 6.0, draws=4)
    free, other = (mp.plan(asked(500, goal=goal), known, engine=engine) for engine in ("highs", "pulp"))
    size = free.totals.results.mean
    assert other.objective == pytest.approx(free.objective, abs=1e-4 * size)
    target = 1.1 * free.totals.by["audience"]["a1"].results.mean
    made = mp.plan(asked(500, mp.ResultsTarget(audience="a1", at_least=target), goal=goal), known)
    assert made.totals.by["audience"]["a1"].results.mean >= target - 1e-3
    assert 0 <= made.certificate.bound - made.objective <= 2e-2 * size
    if isinstance(goal, mp.Cautious):
        assert made.objective <= free.certificate.bound


def test_a_cautious_plan_that_counts_every_draw_is_the_plan_of_the_mean():
    known = world(2, 6.0, draws=5)
    every, mean = (mp.plan(asked(700, goal=goal), known) for goal in (mp.Cautious(worst=1), mp.MostResults()))
    assert every.objective == pytest.approx(mean.objective, rel=1e-6)
    assert every.objective == pytest.approx(every.totals.results.mean, rel=1e-9)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), few=st.integers(1, 5), outer=st.booleans())
def test_the_draws_that_are_found_to_be_worst_for_a_plan_are_worst_of_all_sets(seed, few, outer):
    random = np.random.default_rng(seed)
    known = world(seed % 40, 4.0 if outer else None, draws=6)
    objective = Objective(known.curves(every_line(known)), np.ones((1, 8)), 1.0)
    money = random.exponential(150.0, 8) * (random.random(8) < 0.7)
    least = min(in_draws(known, each)(money) for each in itertools.combinations(range(6), few))
    worst = objective.of_draws(worst_draws(objective, money, few))
    assert worst.total(money) == pytest.approx(least, rel=1e-9)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), outer=st.booleans(), whole=st.booleans())
def test_no_plan_is_worth_more_in_its_worst_draw_than_the_certificate_says(seed, outer, whole):
    random = np.random.default_rng(seed)
    known = world(seed % 40, 5.0 if outer else None, draws=3)
    rules = (mp.EachLine(or_zero=True, at_least=60, step=20),) if whole else ()
    made = mp.plan(asked(400, *rules, goal=mp.Cautious(worst=0.3)), known)
    mine, views = money_of(made, known), [in_draws(known, (draw,)) for draw in range(3)]
    assert made.objective == pytest.approx(min(view(mine) for view in views), rel=1e-9)
    others = random.multinomial(20, random.dirichlet(np.full(8, 0.4)), size=60) * 20.0
    others = (
        others[((others == 0) | (others >= 60)).all(axis=1)]
        if whole
        else np.concatenate([others, _near(mine, random)])
    )
    worth = [min(view(money) for view in views) for money in (mine, *others)]
    assert max(worth) <= made.certificate.bound * (1 + 1e-9)


def _near(money: Money, random: np.random.Generator) -> Money:
    """Plans a little beside one, of no more money."""
    moved = np.maximum(money + random.normal(0, 10, (20, len(money))), 0)
    part: Money = moved * np.minimum(1.0, money.sum() / moved.sum(axis=1, keepdims=True))
    return part


@pytest.mark.parametrize("goal", [mp.MostResults(), mp.Cautious(worst=0.5)])
def test_lines_blended_of_a_card_and_a_history_share_the_people_of_the_history(goal):
    known = world(3, 6.0, draws=2)
    told = {("p0", "facebook", "a0"): 0.01, ("p1", "facebook", "a0"): 0.02, ("p0", "tiktok", "a1"): 0.005}
    card = pd.DataFrame(
        [(*line, 1.0, rate) for line, rate in told.items()],
        columns=["post", "channel", "audience", "cost", "results"],
    )
    made = mp.plan(asked(800, goal=goal), mp.rated(known, mp.read_rates(card), 0.5))
    lines = every_line(known)
    curves = known.curves(lines)
    names = zip(*(lines.labels(d) for d in ("post", "channel", "audience")), strict=True)
    straight = np.array([told.get(name, 0.0) for name in names])
    part = np.where(straight > 0, 0.5, 1.0)

    def brings(draws):
        rate, scale = curves.rate[0][:, draws], curves.scale[0][:, draws]
        return lambda x: worn(
            curves.pools,
            part * (rate * x[:, None] / (1 + x[:, None] / scale)).mean(axis=1) + 0.5 * straight * x,
        )

    views = [brings((0, 1))] if goal.word == "most results" else [brings((0,)), brings((1,))]
    mine = money_of(made, known)
    assert made.objective == pytest.approx(min(view(mine) for view in views), rel=1e-9)
    best = best_of_the_worst(views, 800, even(800), mine)
    assert made.objective >= best * (1 - 1e-5)
    assert made.certificate.bound >= best * (1 - 1e-7)
