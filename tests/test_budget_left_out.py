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


def test_money_is_left_of_a_budget_that_was_named_only(capsys, shop, tmp_path):
    # lines in steps, and a share of the budget: what is needed to keep it is more than what is spent
    more = '\n[[rule]]\nis = "each line"\nor_zero = true\nat_least = 300\nstep = 50\n'
    more += '\n[[rule]]\nis = "share"\nchannel = "instagram"\nat_least = 0.2\nof = "budget"\n'
    (shop / "steps.toml").write_text(OPEN + more, encoding="utf-8")
    assert int(document(capsys, shop, "steps")["unspent"]) > 0
    _, out, _ = call(capsys, "plan", shop / "steps.toml", "-o", tmp_path)
    assert "Left over" not in out
    assert (
        "left "
        not in (tmp_path / "report.html")
        .read_text(encoding="utf-8")
        .split("<dt>Expected")[0]
        .split("</style>")[1]
    )
    _, out, _ = call(capsys, "plan", shop / "named.toml")
    assert "Left over" in out


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


def test_the_pages_tell_of_no_budget_either(pages, shop):
    pytest.importorskip("streamlit")
    from mediaplan.history.reading.reading import File
    from mediaplan.ui.drafts import Draft
    from mediaplan.ui.loading import Files

    app = pages("en-GB")
    files = Files(history=(File("history.csv", (shop / "history.csv").read_bytes()),))
    app.session_state["chosen"], app.session_state["files"] = "own", files
    app.session_state["draft"] = Draft.of(mp.read_brief(shop / "open.toml").but(data=files.data))
    app = app.switch_page("mediaplan/ui/screens/plan.py").run()
    assert not app.exception, [e.value for e in app.exception]
    assert any("what the rules need" in e.value for e in app.caption)
    assert not any("of a budget" in e.value for e in app.caption)
    assert not app.select_slider
