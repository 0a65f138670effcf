"""The frontier: exact plans over budgets, what each step of money brings, and where to stop."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from briefs_by_hand import BRIEF, CLASH, folder
from commands import in_english
from invented import response

import mediaplan as mp
from mediaplan.money import Money
from mediaplan.planning.replanning.frontier import Frontier, Point, budgets_between
from mediaplan.report.files import write_report

BUDGETS = (200, 500, 1000, 2000, 4000)


def brief(**changes: object) -> mp.Brief:
    return mp.Brief(**{"currency": "EUR", "budget": 1000, "start": "2026-11-30", "days": 14, **changes})


@pytest.fixture(scope="module")
def known():
    return response(posts=2, audiences=1, slots=())


@pytest.fixture(scope="module")
def found(known):
    return mp.frontier(brief(), known, budgets=reversed(BUDGETS))


def test_every_point_is_the_plan_that_its_budget_alone_would_get(found, known):
    assert [plan.brief.budget.amount for plan in found] == list(BUDGETS)
    for budget, plan in zip(BUDGETS, found, strict=True):
        assert plan.to_dict() == mp.plan(brief(budget=budget), known).to_dict()


def test_each_further_result_costs_more_than_the_one_before(found):
    costs = [point.next_cost for point in found.points[:-1]]
    assert costs == sorted(costs)
    assert all(point.next_cost > point.average_cost for point in found.points[:-1])
    assert math.isnan(found.points[-1].next_cost)


def test_the_next_cost_is_the_money_of_a_step_over_its_results(found):
    first, second = found[0], found[1]
    more = second.totals.results.mean - first.totals.results.mean
    assert found.points[0].next_cost == pytest.approx(300 / more)


def point(budget: int, average: float, following: float) -> Point:
    """A point made by hand: its plan is only asked what it pays."""
    money = Money(budget * 100, "EUR")
    paid = type("Paid", (), {"unspent": Money(0, "EUR"), "budget": money})()
    return Point(money, paid, None, budget / average, following)


def test_one_stops_where_the_next_result_costs_more_than_twice_the_average():
    points = (point(100, 1.0, 1.9), point(200, 1.5, 3.1), point(300, 2.0, 5.0), point(400, 2.5, math.nan))
    assert Frontier(points).stop is points[1]
    assert Frontier(points[:1]).stop is None


def test_one_stops_where_the_next_result_costs_more_than_it_is_worth():
    points = (point(100, 1.0, 1.9), point(200, 1.5, 3.1), point(300, 2.0, 5.0), point(400, 2.5, math.nan))
    assert Frontier(points, 4.0).stop is points[2]
    assert Frontier(points, 1.0).stop is points[0]
    assert Frontier(points, 9.0).stop is None


def test_money_that_nothing_can_use_is_where_one_stops(known):
    capped = brief(rules=(mp.Spend(at_most=300),))
    found = mp.frontier(capped, known, budgets=(200, 300, 600))
    assert found.stop is found.points[1]
    assert found.points[1].next_cost == math.inf
    assert "more money brings nothing" in str(found.sentence())
    assert found.to_dict()["points"][1]["next_cost"] is None


def test_fee_and_tax_are_part_of_what_a_result_costs(known):
    dear = mp.frontier(brief(fee=0.1, tax=0.2), known, budgets=(500,)).points[0]
    assert dear.plan is not None
    assert dear.average_cost == pytest.approx(500 / dear.plan.totals.results.mean, rel=1e-3)


def test_budgets_without_a_plan_keep_their_place_and_say_why(known):
    found = mp.frontier(brief(rules=(mp.Spend(channel="facebook", at_least=400),)), known, budgets=(200, 500))
    assert [point.plan is None for point in found.points] == [True, False]
    assert len(found) == 1
    refused = found.to_dict()["points"][0]["refusal"]
    assert refused["schema"] == "mediaplan/refusal/1"


def test_a_minimum_per_line_is_kept_at_every_budget(known):
    rule = mp.EachLine(or_zero=True, at_least=90)
    found = mp.frontier(brief(rules=(rule,)), known, budgets=(100, 250, 800))
    values = [plan.objective for plan in found]
    assert values == sorted(values)
    assert all(line.amount.minor >= 9000 for plan in found for line in plan.lines_planned)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"budgets": ()}, "budgets"),
        ({"budgets": (100, -5)}, "budgets 2.budget"),
        ({"budgets": range(1, 300)}, "budgets"),
        ({"budgets": (100,), "worth": 0.0}, "worth"),
        ({"budgets": (100,), "worth": math.nan}, "worth"),
    ],
)
def test_what_is_no_budget_or_worth_is_refused(known, changes, column):
    with pytest.raises(mp.InputError) as refused:
        mp.frontier(brief(), known, **changes)
    assert column.split(".")[0] in str(refused.value.problems[0].column)


def test_budgets_between_two_are_even_and_hold_both_ends():
    minor = [money.minor for money in budgets_between(Money(100, "XOF"), Money(1000, "XOF"), 4)]
    assert minor == [100, 400, 700, 1000]
    steps = np.diff([money.minor for money in budgets_between(Money(7, "EUR"), Money(1000, "EUR"), 13)])
    assert steps.max() - steps.min() <= 1


def test_the_report_draws_the_curve_and_says_where_to_stop(found, tmp_path):
    write_report(found, tmp_path / "x.html", language="en")
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert page.count("<circle") == len(BUDGETS)
    assert str(found.sentence()) in page


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return folder(tmp_path_factory.mktemp("shop"), brief=BRIEF, clash=BRIEF + CLASH)


def test_the_command_answers_what_the_api_answers(shop, capsys, tmp_path):
    out = tmp_path / "out"
    command = ("frontier", shop / "brief.toml", "--budgets", "20000:60_000:3")
    code, said, _ = in_english(capsys, *command, "--json", "-o", out)
    document = json.loads(said)
    assert (code, document["schema"]) == (0, "mediaplan/frontier/1")
    assert [each["budget"] for each in document["points"]] == ["20000", "40000", "60000"]
    _, single, _ = in_english(capsys, "plan", shop / "brief.toml", "--json")
    assert document["points"][2]["plan"] == json.loads(single)
    assert json.loads((out / "frontier.json").read_text(encoding="utf-8")) == document
    assert "<circle" in (out / "report.html").read_text(encoding="utf-8")
    code, said, _ = in_english(capsys, *command, "--worth", "1000000")
    assert code == 0
    assert "every step pays" in said
    assert len(said.splitlines()) < 10


def test_a_range_that_never_has_a_plan_is_refused_and_one_that_sometimes_has_is_not(shop, capsys):
    code, said, _ = in_english(
        capsys, "frontier", shop / "clash.toml", "--budgets", "20000:60000:2", "--json"
    )
    assert (code, json.loads(said)["schema"]) == (4, "mediaplan/refusal/1")
    code, said, _ = in_english(capsys, "frontier", shop / "clash.toml", "--budgets", "60000:90000:2")
    assert code == 0
    assert "no plan" in said


@pytest.mark.parametrize("text", ["5", "1:2", "9:3:4", "1:2:1", "1:2:x", "0:5:3", "1:nan:3", "1:2:3:4", ""])
def test_what_is_no_range_of_budgets_is_wrong_usage(shop, capsys, text):
    code, said, _ = in_english(capsys, "frontier", shop / "brief.toml", "--budgets", text, "--json")
    assert (code, json.loads(said)["problems"][0]["column"]) == (2, "--budgets")
