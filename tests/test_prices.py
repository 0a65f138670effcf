"""Prices of rules where lines are chosen whole: the difference to a plan made again, as far as a stated effort goes."""

from __future__ import annotations

import pytest
from invented import response

import mediaplan as mp
from mediaplan.planning.reasons import pricing
from mediaplan.report.bearing import bearing

STEPPED = mp.EachLine(or_zero=True, at_least=90, step=5)
RULES = {
    "share": mp.Share(channel="instagram", at_least=0.5),
    "most": mp.Spend(post="p0", at_most=200),
    "least": mp.Spend(audience="a1", at_least=700),
    "idle": mp.Spend(channel="facebook", at_least=1),
    "count": mp.PostCount(at_most=2),
}


def brief(*rules: object, **changes: object) -> mp.Brief:
    return mp.Brief(
        **{"currency": "EUR", "budget": 1500, "start": "2026-11-30", "days": 14, "rules": rules, **changes}
    )


@pytest.fixture(scope="module")
def known():
    return response(posts=3, channels=("facebook", "instagram"), audiences=2, slots=())


@pytest.mark.parametrize("name", RULES)
def test_a_price_is_what_the_plan_without_the_rule_brings_more(known, name):
    asked = brief(STEPPED, RULES[name])
    made = mp.plan(asked, known)
    kept = made.rules[2]
    freer = {"count": mp.PostCount(at_most=3)}.get(name)
    without = mp.plan(brief(STEPPED, *((freer,) if freer else ())), known)
    gain = without.objective - made.objective
    open_ = made.certificate.bound - made.objective
    if kept.price_of == "relaxed unit":  # nothing in the program held the plan back
        assert not kept.binding
        assert gain <= open_ + without.certificate.bound - without.objective + 1e-9
    else:
        assert kept.price_of == ("step" if freer else "rule")
        assert kept.price == pytest.approx(gain, abs=open_ + 1e-6 * made.objective)
        assert kept.binding == (kept.price > 0)


def test_what_is_said_of_a_rule_is_its_price(known):
    made = mp.plan(brief(STEPPED, RULES["share"]), known)
    kept = made.rules[2]
    assert kept.price > 0.05
    document = made.to_dict()["rules"][2]
    assert (document["price_of"], document["price"]) == ("rule", kept.price)
    assert str(bearing(made, kept)).startswith("Without it, the plan would bring ")
    assert str(bearing(made, kept)).endswith(" more results.")


def test_where_no_line_is_chosen_whole_prices_are_those_of_a_unit(known):
    made = mp.plan(brief(RULES["share"], RULES["most"]), known)
    assert {kept.price_of for kept in made.rules} == {"unit"}


def test_beyond_the_stated_effort_the_price_before_the_choice_stays_and_says_so(known, monkeypatch):
    asked = brief(STEPPED, RULES["share"], RULES["count"])
    priced = mp.plan(asked, known)
    monkeypatch.setattr(pricing, "MOST_LINES", 0)
    unpriced = mp.plan(asked, known)
    assert [kept.price_of for kept in priced.rules] == ["planned unit", "rule", "rule", "step"]
    assert [kept.price_of for kept in unpriced.rules] == [
        "relaxed unit",
        "relaxed unit",
        "relaxed unit",
        "step",
    ]
    assert unpriced.to_dict()["rules"][3]["price"] is None
    assert [line.amount for line in unpriced.lines_planned] == [line.amount for line in priced.lines_planned]


def test_the_lowest_cost_is_not_compared_with_asking_for_nothing(known):
    asked = brief(STEPPED, mp.ResultsTarget(at_least=12), goal=mp.LowestCost(), budget=None)
    made = mp.plan(asked, known)
    assert made.rules[1].price_of == "relaxed unit"


def test_the_price_of_the_budget_is_what_a_step_of_it_brings_more(known):
    made, richer = (mp.plan(brief(STEPPED, budget=budget), known) for budget in (1500, 1510))
    kept = made.rules[0]
    open_ = made.certificate.bound - made.objective
    assert kept.price_of == "planned unit"
    assert 10 * kept.price == pytest.approx(richer.objective - made.objective, abs=open_ + 1e-9)
    assert str(bearing(made, kept)).startswith("€10 more would bring about")


def test_a_price_before_lines_are_chosen_whole_says_so(known, monkeypatch):
    monkeypatch.setattr(pricing, "MOST_LINES", 0)
    made = mp.plan(brief(STEPPED), known)
    assert "before lines are chosen whole" in str(bearing(made, made.rules[0]))
