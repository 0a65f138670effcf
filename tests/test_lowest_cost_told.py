"""What is said of the cheapest plan for its targets: in money, and from plans that may cost more than it does."""

from __future__ import annotations

import pytest
from invented import posts_table, response

import mediaplan as mp
from mediaplan.words import Words

POSTS = [f"p{i}" for i in range(5)]
TARGET = mp.ValueTarget(at_least=12)
CONTRACT = mp.Share(channel="instagram", at_least=0.9, why="contract")


def known(**values: float):
    table = posts_table(post=POSTS, value=[values.get(post, 1.0) for post in POSTS])
    return response(posts=5, channels=("facebook", "instagram"), audiences=1, slots=(), posts_table=table)


def brief(*rules: object) -> mp.Brief:
    return mp.Brief(
        currency="EUR", start="2026-11-30", days=14, goal=mp.LowestCost(), rules=(TARGET, CONTRACT, *rules)
    )


def spent(*rules: object, **values: float) -> float:
    return mp.plan(brief(*rules), known(**values)).spent.amount


@pytest.fixture(scope="module")
def told():
    return mp.explain(brief(), known())


def test_a_rule_costs_the_money_that_the_plan_without_it_saves(told):
    free = mp.plan(brief().but(rules=(TARGET,)), known()).spent.amount
    assert told.rules[1].cost == pytest.approx(spent() - free, abs=0.05)
    assert told.rules[1].cost > 0.1
    assert str(told.rules[1].sentence()).endswith(f" costs €{told.rules[1].cost:.0f}.")


def test_more_money_is_not_said_to_bring_anything(told):
    assert told.gain == 0
    assert "saves nothing" in str(told.next_money())
    assert told.to_dict()["unit"] == "EUR"


def test_a_post_left_out_costs_the_money_that_a_plan_with_it_needs_more(told):
    assert told.left_out
    for post in told.left_out:
        more = spent(mp.Spend(post=post.post, at_least=post.amount)) - spent()
        assert post.loss == pytest.approx(more, abs=0.05)


def test_a_post_left_out_enters_below_the_cost_that_is_said(told):
    # A post's value scales what the target counts of it, as a lower cost per result would.
    for post in told.left_out:
        dear = post.cpr / post.enters_at
        for factor, enters in ((0.97, False), (1.03, True)):
            plan = mp.plan(brief(), known(**{post.post: dear * factor}))
            assert (post.post in set(plan.lines["post"])) is enters, (post.post, factor)


def test_one_post_instead_of_another_costs_money_too():
    pair = mp.instead(brief(), known(), "p0", "p1")
    if not pair.amount.minor:
        pair = mp.instead(brief(), known(), "p1", "p0")
    moved = (mp.Spend(post=pair.one, at_most=0), mp.Spend(post=pair.other, at_least=pair.amount))
    assert pair.loss == pytest.approx(spent(*moved) - spent(), abs=0.05)
    assert "€" in str(pair.sentence())


def test_fewer_lines_are_found_though_they_cost_more():
    simple = mp.fewest_lines(brief(), known(), within=0.2)
    full, few = simple.full, simple.plan
    assert len(few.lines_planned) < len(full.lines_planned)
    assert 1.0 < few.spent.amount / full.spent.amount <= 1.2
    assert few.budget.amount <= few.spent.amount * 1.005
    lines, parts = zip(*simple.parts, strict=True)
    assert parts[lines.index(len(full.lines_planned))] == 1
    assert list(parts) == sorted(parts, reverse=True)
    assert "cost" in str(simple.sentence())
    assert "coûtent" in Words("fr").say(simple.sentence())


def test_plans_that_cost_nearly_as_little_are_found():
    found = mp.near_ties(brief(), known(), within=0.05)
    assert found.ties
    for tie in found.ties:
        assert 1.0 <= tie.plan.spent.amount / found.full.spent.amount <= 1.051
        assert tie.plan.budget.amount <= tie.plan.spent.amount * 1.005
        assert str(tie.sentence()).endswith("more.")
