"""Rules about results, value and cost per result, against scipy's own optimiser on the true curves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import every_line, response
from scipy.optimize import minimize

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostResults, MostValue
from mediaplan.brief.rules import (
    CostPerResult,
    LearningPhase,
    LineCount,
    PostCount,
    ResultsTarget,
    Spend,
    ValueTarget,
)
from mediaplan.errors import InputError, NoPlanError
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import plan

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def world(seed: int = 1, **more: object):
    return response(
        posts=2, channels=("facebook", "tiktok"), audiences=2, slots=(), seed=seed, draws=1, **more
    )


def asked(budget: float, *rules: object, **more: object) -> Brief:
    return Brief(
        **({"budget": budget, "currency": "EUR", "start": "2026-11-30", "days": 7, "rules": rules} | more)
    )


def curves_of(known):
    """Rate and scale of every line, with its names."""
    made = plan(asked(100_000), known)
    names = [(line.post, line.channel, line.audience) for line in made.lines_planned]
    assert len(names) == 8
    lines = every_line(known)
    curves = known.curves(lines)
    labels = list(zip(lines.labels("post"), lines.labels("channel"), lines.labels("audience"), strict=True))
    return curves.rate[0, :, 0], curves.scale[0, :, 0], labels


def results_of(made: Plan, **names: str) -> float:
    return sum(
        line.results.mean
        for line in made.lines_planned
        if all(getattr(line, k) == v for k, v in names.items())
    )


def money_of(made: Plan, **names: str) -> float:
    return sum(
        line.amount.amount
        for line in made.lines_planned
        if all(getattr(line, k) == v for k, v in names.items())
    )


def best_by_scipy(known, budget: float, kept) -> float:
    """The most results under a budget and one smooth rule `kept(amounts, results) >= 0`, by SLSQP from several starts."""
    rate, scale, labels = curves_of(known)

    def got(x):
        return rate * x / (1 + x / scale)

    found = []
    for start in (budget / 8, budget / 20, 1.0):
        done = minimize(
            lambda x: -got(x).sum(),
            np.full(8, start),
            bounds=[(0, budget)] * 8,
            constraints=[
                {"type": "ineq", "fun": lambda x: (budget - x.sum()) / budget},
                {"type": "ineq", "fun": lambda x: kept(x, got(x), labels)},
            ],
            options={"maxiter": 500, "ftol": 1e-12},
        )
        if done.success and kept(done.x, got(done.x), labels) > -1e-7:
            found.append(-done.fun)
    return max(found)


@few
@given(seed=st.integers(1, 30), budget=st.integers(200, 3000), part=st.floats(0.55, 0.95))
def test_a_target_is_met_on_the_true_curves_and_costs_as_little_as_scipy_finds(seed, budget, part):
    known = world(seed)
    free = plan(asked(budget), known)
    most = plan(asked(budget, Spend(audience="a1", at_most=0)), known).objective
    target = part * most
    made = plan(asked(budget, ResultsTarget(audience="a0", at_least=target)), known)
    assert results_of(made, audience="a0") >= target * (1 - 1e-4)
    assert made.objective <= free.certificate.bound

    def kept(_, got, labels):
        return (
            sum(g for g, (_, _, audience) in zip(got, labels, strict=True) if audience == "a0") - target
        ) / target

    best = best_by_scipy(known, budget, kept)
    assert made.objective >= best * (1 - 1e-4)
    assert made.certificate.bound >= best * (1 - 1e-6)


@few
@given(seed=st.integers(1, 30), budget=st.integers(200, 3000), part=st.floats(0.5, 0.9))
def test_a_cost_per_result_is_kept_on_the_true_curves_and_costs_as_little_as_scipy_finds(seed, budget, part):
    known = world(seed)
    cost = round(
        part
        * money_of(plan(asked(budget), known), channel="tiktok")
        / results_of(plan(asked(budget), known), channel="tiktok"),
        2,
    )
    try:
        made = plan(asked(budget, CostPerResult(channel="tiktok", at_most=cost)), known)
    except NoPlanError:
        return
    assert money_of(made, channel="tiktok") <= cost * results_of(made, channel="tiktok") * (1 + 1e-6) + 0.05

    def kept(x, got, labels):
        mine = [channel == "tiktok" for _, channel, _ in labels]
        return (cost * got[mine].sum() - x[mine].sum()) / budget

    best = best_by_scipy(known, budget, kept)
    assert made.objective >= best * (1 - 1e-4)
    assert made.certificate.bound >= best * (1 - 1e-6)


@pytest.mark.parametrize(
    "rules",
    [
        (ResultsTarget(at_least=2, per="post"), PostCount(at_least=2)),
        (ValueTarget(channel="tiktok", at_least=3), LineCount(at_most=4)),
        (CostPerResult(at_most=60, per="channel"),),
        (ResultsTarget(at_least=6, soft=2.0, audience="a0"),),
    ],
)
def test_both_engines_agree_on_outcomes(rules):
    first, second = plan(asked(600, *rules), world(3)), plan(asked(600, *rules), world(3), engine="pulp")
    gap = max(first.certificate.gap, second.certificate.gap, 1e-6)
    assert second.objective == pytest.approx(first.objective, rel=gap)


def test_a_target_of_one_kind_of_result_counts_only_that_kind():
    known = world(2, kinds=("lead", "message"))
    free = plan(asked(800, goal=MostResults(type="lead")), known)
    made = plan(asked(800, ResultsTarget(type="message", at_least=6), goal=MostResults(type="lead")), known)
    both = plan(asked(800, goal=MostValue(values={"lead": 0, "message": 1})), known)
    assert both.objective > 6
    assert made.kinds == ("lead",)
    assert made.objective < free.objective
    with pytest.raises(InputError, match="Did you mean “message”"):
        plan(asked(800, ResultsTarget(type="mesage", at_least=6), goal=MostResults(type="lead")), known)


def test_an_impossible_target_is_refused_with_the_best_that_can_be_reached():
    known = world(1)
    best = plan(asked(500), known).objective
    with pytest.raises(NoPlanError) as refused:
        plan(asked(500, ResultsTarget(at_least=2 * best, why="promised")), known)
    (conflict,) = refused.value.conflicts
    assert str(conflict.rules[0]) == "budget: at most €500"
    said = float(str(conflict.together).split()[3])
    assert said == pytest.approx(best, rel=0.01)
    lowered = next(r for r in refused.value.repairs if "lower" in str(r.change))
    assert lowered.after == pytest.approx(best, abs=0.11)
    for repair in refused.value.repairs:
        budget = repair.after if "budget" in str(repair.change) else 500
        target = 2 * best if "budget" in str(repair.change) else repair.after
        assert plan(asked(budget, ResultsTarget(at_least=target)), known).objective >= target * (1 - 1e-4)


def test_a_target_s_price_is_what_the_next_result_of_it_takes_from_the_goal():
    known = world(5)
    most = plan(asked(500, Spend(audience="a1", at_most=0)), known).objective
    now = plan(asked(500, ResultsTarget(audience="a0", at_least=0.97 * most)), known)
    eased = plan(asked(500, ResultsTarget(audience="a0", at_least=0.97 * most - 0.01)), known)
    assert now.rules[-1].binding
    assert now.rules[-1].price == pytest.approx((eased.objective - now.objective) / 0.01, rel=0.05)


def test_a_large_question_with_targets_brings_in_the_lines_that_reach_them():
    known = response(
        posts=60, channels=("facebook", "instagram/feed", "instagram/stories"), audiences=3, slots=(), seed=3
    )
    rules = (ResultsTarget(audience="a1", at_least=60), CostPerResult(channel="facebook", at_most=8))
    made = plan(asked(3000, *rules), known)
    assert made.certificate.gap < 1e-3
    assert results_of(made, audience="a1") >= 60 * (1 - 1e-4)
    assert money_of(made, channel="facebook") <= 8 * results_of(made, channel="facebook") * (1 + 1e-4)


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (lambda: ResultsTarget(at_least=-1), "at_least"),
        (lambda: ResultsTarget(at_least=float("nan")), "at_least"),
        (lambda: ResultsTarget(at_least=1e308), "at_least"),
        (lambda: ResultsTarget(at_least=True), "at_least"),
        (lambda: ResultsTarget(at_most=5), ""),
        (lambda: ResultsTarget(at_least=5, type=7), "type"),
        (ValueTarget, ""),
        (CostPerResult, ""),
        (lambda: CostPerResult(at_most=0), ""),
        (lambda: CostPerResult(at_most=-3), "at_most"),
    ],
)
def test_a_target_that_is_wrong_by_itself_is_refused_with_its_place(made, place):
    with pytest.raises(InputError) as refused:
        asked(100, made())
    (problem,) = refused.value.problems
    assert str(problem.column).removeprefix("rule 1").removeprefix(".") == place


def test_a_line_that_runs_leaves_the_learning_phase():
    known = world(1)
    made = plan(asked(900, LearningPhase(at_least=1.5)), known)
    assert made.lines_planned
    assert all(line.results.mean >= 1.5 * (1 - 1e-6) for line in made.lines_planned)
    two_weeks = plan(asked(900, LearningPhase(channel="tiktok", at_least=0.7), days=14), known)
    assert all(
        line.results.mean >= 1.4 * (1 - 1e-6) for line in two_weeks.lines_planned if line.channel == "tiktok"
    )
    rate, scale, _ = curves_of(known)
    never = plan(asked(10**6, LearningPhase(at_least=float((rate * scale).max()) * 0.99)), known)
    assert len(never.lines_planned) == 1
    with pytest.raises(NoPlanError):
        plan(asked(900, LearningPhase(at_least=1e6), Spend(channel="tiktok", at_least=10)), known)


@pytest.mark.parametrize("names", [{"audience": "a0"}, {"post": "p0"}])
def test_targets_are_met_on_what_lines_that_share_people_leave_each_other(names):
    known = world(1, pool_size=12.0)
    free = plan(asked(900), known)
    target = 1.05 * results_of(free, **names)
    made = plan(asked(900, ResultsTarget(**names, at_least=target)), known)
    assert results_of(made, **names) >= target * (1 - 1e-3)
    assert made.objective <= free.certificate.bound
    assert made.certificate.bound >= made.objective
    cost = 0.9 * money_of(free, channel="tiktok") / results_of(free, channel="tiktok")
    cheaper = plan(asked(900, CostPerResult(channel="tiktok", at_most=round(cost, 2))), known)
    spent, got = money_of(cheaper, channel="tiktok"), results_of(cheaper, channel="tiktok")
    assert spent <= cost * got * (1 + 1e-3)
