"""Why: what is said of a change is what planning with that change brings."""

from __future__ import annotations

import json
import math

import pytest
from briefs_by_hand import BRIEF, folder
from invented import posts_table, response

import mediaplan as mp
from mediaplan.cli.main import main

POSTS = [f"p{i}" for i in range(5)]


def known(**values: float):
    table = posts_table(post=POSTS, value=[values.get(post, 1.0) for post in POSTS])
    return response(posts=5, channels=("facebook", "instagram"), audiences=1, slots=(), posts_table=table)


def brief(*rules: mp.Spend | mp.Share | mp.EachLine, **changes: object) -> mp.Brief:
    asked = {"currency": "EUR", "budget": 200, "start": "2026-11-30", "days": 14, "goal": mp.MostValue()}
    return mp.Brief(**{**asked, "rules": rules, **changes})


CONTRACT = mp.Spend(post="p3", at_least=60, why="contract")
IDLE = mp.Spend(post="p4", at_most=199)


@pytest.fixture(scope="module")
def told():
    return mp.explain(brief(CONTRACT, IDLE), known())


def test_a_rule_costs_what_the_plan_without_it_brings_more(told):
    every, free = (mp.plan(brief(*rules), known()).objective for rules in ((CONTRACT, IDLE), (IDLE,)))
    contract, idle = told.rules
    assert contract.cost == pytest.approx(free - every, rel=1e-9)
    assert contract.cost > 0
    assert idle.cost == 0
    assert "costs nothing" in str(idle.sentence())


def test_the_rules_of_choices_cost_what_the_plan_without_them_brings_more():
    rule = mp.EachLine(or_zero=True, at_least=70)
    told = mp.explain(brief(rule), known())
    kept, free = (mp.plan(brief(*rules), known()).objective for rules in ((rule,), ()))
    assert told.rules[0].cost == pytest.approx(free - kept, rel=1e-6)


def test_more_money_brings_what_the_plan_with_it_brings_more(told):
    richer = mp.plan(brief(CONTRACT, IDLE, budget=200 + told.step.amount), known()).objective
    assert told.gain == pytest.approx(richer - told.objective, rel=1e-9)


def test_a_post_left_out_enters_below_the_cost_that_is_said():
    # A post's value scales the worth of its results, as a lower cost per result would.
    told = mp.explain(brief(), known())
    assert told.left_out
    for post in told.left_out:
        dear = post.cpr / post.enters_at
        for factor, enters in ((0.98, False), (1.02, True)):
            plan = mp.plan(brief(), known(**{post.post: dear * factor}))
            assert (post.post in set(plan.lines["post"])) is enters, (post.post, factor)


def test_every_eligible_post_is_either_funded_or_told_of(told):
    funded = set(mp.plan(brief(CONTRACT, IDLE), known()).lines["post"])
    assert funded.isdisjoint(post.post for post in told.left_out)
    assert funded | {post.post for post in told.left_out} == set(POSTS)


def test_what_a_post_left_out_costs_is_what_giving_it_money_costs(told):
    for post in told.left_out:
        given = mp.plan(brief(CONTRACT, IDLE, mp.Spend(post=post.post, at_least=post.amount)), known())
        assert post.loss == pytest.approx(told.objective - given.objective, rel=1e-6)


def test_one_post_instead_of_another_costs_what_planning_so_costs():
    plan = mp.plan(brief(), known())
    best = plan.lines.groupby("post")["amount"].sum().idxmax()
    other = next(post for post in POSTS if post != best)
    pair = mp.instead(brief(), known(), best, other)
    moved = (mp.Spend(post=best, at_most=0), mp.Spend(post=other, at_least=pair.amount))
    assert pair.amount.amount == pytest.approx(plan.lines.groupby("post")["amount"].sum()[best])
    assert pair.loss == pytest.approx(plan.objective - mp.plan(brief(*moved), known()).objective, rel=1e-9)
    assert pair.loss > 0


def test_a_pair_that_rules_forbid_is_said_to_be_impossible():
    pair = mp.instead(brief(CONTRACT), known(), "p3", "p0")
    assert math.isnan(pair.loss)
    assert "No plan can give" in str(pair.sentence())
    assert pair.to_dict()["loss"] is None


@pytest.mark.parametrize(("one", "other"), [("p1", "p1"), ("p9", "p1"), ("p1", "nobody")])
def test_a_pair_needs_two_posts_that_are_known(one, other):
    with pytest.raises(mp.InputError):
        mp.instead(brief(), known(), one, other)


def test_a_brief_that_no_plan_keeps_says_so_here_too():
    with pytest.raises(mp.NoPlanError):
        mp.explain(brief(mp.Spend(at_least=300)), known())


def test_the_command_says_what_the_api_says(tmp_path, capsys):
    place = folder(tmp_path, brief=BRIEF)
    command = ["why", str(place / "brief.toml"), "--quiet", "--lang", "en"]
    assert main([*command, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "mediaplan/why/1"
    assert main(command) == 0
    assert document["next_money"]["gain"] > 0
    assert "What more money buys" in capsys.readouterr().out
    assert main([*command, "--pair", "cartable", "uniforme", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["instead"]["other"] == "uniforme"
    assert main([*command, "--pair", "cartable", "robe", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["problems"][0]["value"] == "robe"
