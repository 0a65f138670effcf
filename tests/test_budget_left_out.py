"""A brief that names no budget: its plan tells of none, neither as a rule nor as money that was set aside."""

from __future__ import annotations

import json

import pytest
from briefs_by_hand import BRIEF, folder
from commands import call

import mediaplan as mp

GOAL = '\n[goal]\nis = "lowest cost"\n\n[[rule]]\nis = "results"\nat_least = 20\n'
OPEN = BRIEF.replace("budget = 60_000\n", "costs = { fee = 0.1 }\n") + GOAL
NAMED = BRIEF.replace("budget = 60_000\n", "budget = 60_000\ncosts = { fee = 0.1 }\n") + GOAL


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return folder(tmp_path_factory.mktemp("shop"), open=OPEN, named=NAMED)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def document(capsys, shop, name):
    code, out, _ = call(capsys, "plan", shop / f"{name}.toml", "--json")
    assert code == 0
    return json.loads(out)


def test_the_needed_money_stands_in_the_document_but_neither_as_a_rule_nor_as_asked(capsys, shop):
    plan = document(capsys, shop, "open")
    assert [rule["rule"] for rule in plan["rules"]] == ["results of all lines: at least 20"]
    assert plan["rules"][0]["binding"]
    assert "budget" not in plan["brief"]
    fee = int(plan["costs"]["fee"])
    assert int(plan["budget"]) == int(plan["spent"]) + fee + int(plan["unspent"])
    assert fee == pytest.approx(0.1 * int(plan["spent"]), abs=1)


def test_a_budget_that_is_named_stays_a_rule_before_the_others(capsys, shop):
    plan = document(capsys, shop, "named")
    assert [rule["rule"] for rule in plan["rules"]] == [
        "budget: at most 60,000\u00a0F\u202fCFA",
        "results of all lines: at least 20",
    ]
    assert plan["brief"]["budget"] == "60000"
    # the same lines either way: the budget leaves all the room that is needed
    assert plan["spent"] == document(capsys, shop, "open")["spent"]


def test_people_read_of_no_budget_and_what_the_target_costs_is_still_told_of_the_target(
    capsys, shop, tmp_path
):
    code, out, _ = call(capsys, "plan", shop / "open.toml", "-o", tmp_path)
    assert code == 0
    assert "budget" not in out
    assert "Asking for one less, the plan would save about" in out
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "of a budget of" not in page
    assert "none named: what the rules need" in page
    assert "Asking for one less" in page


def test_the_brief_that_a_plan_hands_on_still_leaves_the_budget_out(shop):
    response = mp.fit(mp.read_history(shop / "history.csv", currency="XOF"))
    plan = mp.plan(mp.read_brief(shop / "open.toml"), response)
    assert plan.brief.budget is None
    again = mp.plan(plan.brief, response)
    assert again.spent == plan.spent
    # fewer lines are another plan, of the same brief
    simple = mp.fewest_lines(plan.brief, response, within=0.2)
    assert simple.plan.brief.budget is None
    assert all("budget" not in str(rule.rule) for rule in simple.plan.rules)


def test_beside_others_a_plan_without_a_budget_has_a_dash_for_it(capsys, shop):
    code, out, _ = call(capsys, "compare", shop / "open.toml", shop / "named.toml")
    assert code == 0
    rows = [line for line in out.splitlines() if "Rentrée" in line]
    assert ["60,000" in row for row in rows] == [False, True]
    assert "–" in rows[0]
