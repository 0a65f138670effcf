"""Very many rules and lines: what weighs few lines is held as such, and only the limits that bear on a plan are stated."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import response

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import Share, Spend
from mediaplan.brief.terms import Linear, sum_of_all
from mediaplan.brief.weights import Places, Weights, told_apart
from mediaplan.errors import NoPlanError
from mediaplan.planning.asking import how_many
from mediaplan.planning.clashes import conflicts
from mediaplan.planning.formulation.alike_rows import tightest
from mediaplan.planning.making import asked, plan
from mediaplan.planning.search import few_rows
from mediaplan.planning.search.auditing import broken_demands
from mediaplan.response.fitting import fit
from mediaplan.worlds.additive import World
from mediaplan.worlds.settings import SETTINGS

LINES = 12
CHANNELS = ("facebook", "instagram", "tiktok")

dense = st.lists(st.sampled_from([0.0, 0.0, 0.0, 1.0, -0.3, 2.5]), min_size=LINES, max_size=LINES).map(
    np.array
)


def brief(*rules, budget=600):
    return Brief(budget=budget, currency="EUR", start="2026-11-30", days=7, rules=rules)


def world(seed=1, posts=6, draws=1):
    return response(posts=posts, channels=CHANNELS, audiences=2, slots=("a", "b"), seed=seed, draws=draws)


@given(
    dense,
    st.sampled_from([0.0, -0.3]),
    st.lists(st.integers(0, 50), min_size=LINES, max_size=LINES).map(np.array),
)
def test_weights_of_few_lines_add_up_like_those_of_all(each, common, amounts):
    weights, money = Weights.of(each, common), amounts.astype(float)
    assert weights @ money == pytest.approx(each @ money)
    assert weights.each() == pytest.approx(each)
    assert weights.absolute() @ money == pytest.approx(np.abs(each) @ money)
    assert weights.largest() == pytest.approx(np.abs(each).max())
    assert weights.times(-2.0).each() == pytest.approx(-2.0 * each)
    assert [weights.of_line(line) for line in range(LINES)] == pytest.approx(each)
    line, value = weights.entries()
    assert dict(zip(line.tolist(), value, strict=True)) == pytest.approx(
        {i: w for i, w in enumerate(each) if w}
    )
    sums = np.ones(LINES)
    weights.add_to(sums, 3.0)
    assert sums == pytest.approx(1.0 + 3.0 * each)


@given(dense, st.sampled_from([0.0, -0.3]), st.permutations(range(LINES)), st.integers(1, LINES))
def test_weights_of_chosen_lines_are_those_lines_own_in_whatever_order(each, common, order, count):
    chosen = np.array(order[:count])
    taken = Weights.of(each, common).take(Places.among(chosen, LINES))
    assert taken.each() == pytest.approx(each[chosen])
    assert (np.diff(taken.line) > 0).all()


@given(st.lists(dense, min_size=1, max_size=6))
def test_lines_are_told_apart_by_rows_that_weigh_them_otherwise(rows):
    told = told_apart([Weights.of(row) for row in rows], LINES)
    for a in range(LINES):
        for b in range(LINES):
            assert (told[a] == told[b]) == all(row[a] == row[b] for row in rows)


def test_a_limit_for_each_of_very_many_posts_takes_memory_for_its_own_lines_alone():
    known = response(posts=400, channels=CHANNELS, audiences=5, slots=("a", "b", "c", "d"), draws=1)
    rules = (Spend(per="post", at_most=300), Share(per="post", at_most=0.01))
    tracemalloc.start()
    question = asked(brief(*rules), known)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert question.objective.lines == 24_000
    assert len(question.demands[1].terms) == len(question.demands[2].terms) == 400
    assert held < 60_000_000  # one number for each limit and line would be 154 million bytes


def rules_of(seed, count):
    """Limits on random parts of the plan, many of them on the same."""
    random = np.random.default_rng(seed)
    made = []
    for number in range(count):
        posts = tuple(f"p{p}" for p in random.choice(6, random.integers(1, 4), replace=False))
        channel, most = CHANNELS[random.integers(3)], float(random.integers(20, 200))
        kinds = (
            Spend(post=posts, channel=channel, at_most=most),
            Spend(post=posts, at_most=2 * most),
            Share(post=posts, channel=channel, at_most=round(most / 400, 3)),
            Spend(post=posts, audience="a1", at_least=most / 20),
        )
        made.append(kinds[number % 4])
    return tuple(made)


@pytest.mark.parametrize("seed", range(6))
def test_plans_are_the_same_whether_all_limits_are_stated_or_those_that_bear_on_them(seed, monkeypatch):
    known, asks = world(seed), brief(*rules_of(seed, 40))
    whole = plan(asks, known)
    monkeypatch.setattr(few_rows, "FEW", 3)
    monkeypatch.setattr(few_rows, "MANY", 3)
    few = plan(asks, known)
    assert few.objective == pytest.approx(whole.objective, rel=1e-6)
    assert few.certificate.bound >= whole.objective * (1 - 1e-9)
    assert few.certificate.gap <= whole.certificate.gap + 1e-6
    question = asked(asks, known)
    assert not broken_demands(question.solve().amounts, question.demands, question.objective)
    assert len(few.rules) == len(whole.rules)
    assert few.rules[0].price == pytest.approx(whole.rules[0].price, rel=0.02, abs=1e-9)


def test_of_very_many_limits_few_are_stated():
    question = asked(brief(*rules_of(3, 200)), world(3))
    terms = [term for demand in question.demands for term in demand.terms]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(few_rows, "FEW", 3)
        patch.setattr(few_rows, "MANY", 3)
        few = few_rows.FewRows(terms)
    assert len(few.few) == 1
    assert not few.all_stated
    assert few.missed(np.full(question.objective.lines, 10_000))
    assert 1 < len(few.few) < len(terms)


def test_a_limit_that_is_left_out_is_stated_once_amounts_miss_it_by_a_unit(monkeypatch):
    monkeypatch.setattr(few_rows, "FEW", 3)
    monkeypatch.setattr(few_rows, "MANY", 3)
    every = np.arange(LINES)
    each = [Linear.over((every == n).astype(float), -np.inf, 100.0 + n, every == n) for n in range(LINES)]
    few = few_rows.FewRows([sum_of_all(LINES, -np.inf, 5000.0), *each])
    assert len(few.few) == 1
    assert not few.missed(100 + every)
    assert few.missed(100 + every + (every == 4))
    assert few.few[1:] == (each[4],)


def test_a_limit_of_money_stands_for_no_share_of_the_same_lines():
    rows = [
        replace(sum_of_all(LINES, -np.inf, most), ratio=ratio)
        for most, ratio in ((5.0, True), (3.0, False), (4.0, False))
    ]
    assert tightest(rows) == [0, 1]


def test_limits_that_nothing_keeps_are_refused_however_many_stand_beside(monkeypatch):
    monkeypatch.setattr(few_rows, "FEW", 3)
    monkeypatch.setattr(few_rows, "MANY", 3)
    clash = (Spend(post="p1", at_least=300, why="promised"), Spend(post="p1", at_most=200, why="enough"))
    with pytest.raises(NoPlanError) as refused:
        plan(brief(*rules_of(2, 30), *clash, budget=6000), world(2))
    assert "promised" in str(refused.value)


@settings(max_examples=60)
@given(st.lists(st.sets(st.integers(0, 7), min_size=1, max_size=4), min_size=1, max_size=4))
def test_the_clash_is_the_one_found_by_leaving_out_one_demand_after_the_other(clashes):
    def possible(demands):
        return not any(clash <= set(demands) for clash in clashes)

    kept = list(range(8))
    for demand in range(8):
        rest = [other for other in kept if other != demand]
        if not possible(rest):
            kept = rest
    assert list(conflicts._minimal(list(range(8)), possible)) == kept


def test_very_many_lines_have_fewer_draws_and_the_plan_says_so(monkeypatch):
    known, asks = world(draws=40), brief()
    usual = plan(asks, known)
    assert not any("draws" in str(warning) for warning in usual.warnings)
    monkeypatch.setattr(how_many, "MANY_LINES", 50)
    monkeypatch.setattr(how_many, "MOST_CURVES", 72 * 20)
    fewer = plan(asks, known)
    assert "72 lines: each was worked out with 20 draws" in " ".join(map(str, fewer.warnings))
    assert asked(asks, known).curves.draws == 20
    certain = plan(asks, world(draws=1))
    assert not any("draws" in str(warning) for warning in certain.warnings)


def test_fewer_draws_of_a_fitted_history_expect_the_same_of_the_first_money():
    setting = replace(SETTINGS["overlap"], channels=2, audiences=3, slots=2, posts=4, habits=4, budget=4000.0)
    world = World(5, setting)
    known = fit(world.history, posts=world.posts, audiences=world.audiences)
    asks = Brief(budget=5000, currency="EUR", start=str(world.flight), days=7)
    lines = asked(asks, known).space.lines
    whole, fewer = known.curves(lines), known.drawn(20).curves(lines)
    assert (whole.draws, fewer.draws) == (100, 20)
    for layer, same in zip(fewer.pools, whole.pools, strict=True):
        assert layer.size == pytest.approx(same.size)
    ratio = fewer.rate.mean(axis=2) / whole.rate.mean(axis=2)
    assert np.abs(np.log(ratio)).mean() < 0.04
    assert np.abs(np.log(ratio)).max() < 0.2
