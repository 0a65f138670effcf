"""Clashes that share rules: all of them are named, and the changes proposed together do make a plan possible."""

from __future__ import annotations

import pandas as pd
import pytest

import mediaplan as mp
from mediaplan.planning.making import plan
from mediaplan.words import Words

CARD = pd.DataFrame(
    [
        {"post": post, "channel": channel, "cost": 1, "results": rate, "up_to": 200}
        for (post, channel), rate in {
            ("a", "tv"): 2,
            ("b", "tv"): 1.5,
            ("a", "radio"): 1,
            ("b", "radio"): 0.5,
        }.items()
    ]
)


def refused(*rules: object, budget: float = 300) -> tuple[mp.Brief, mp.NoPlanError]:
    brief = mp.Brief(budget=budget, currency="EUR", start="2026-11-30", days=14, rules=rules)
    with pytest.raises(mp.NoPlanError) as raised:
        plan(brief, mp.from_rates(mp.read_rates(CARD), currency="EUR", as_of=brief.start))
    return brief, raised.value


def mended(brief: mp.Brief, error: mp.NoPlanError) -> mp.Plan:
    """The plan with all changes, made as a reader of the document would make them."""
    rules = {str(rule.sentence()): rule for rule in brief.rules}
    for repair in error.to_dict(Words("en"))["repairs"]:
        rule = rules[repair["rule"]]
        to = mp.Money.read(repair["to"], "EUR") if rule.amounts else repair["to"]
        limit = "at_least" if "lower" in repair["change"] else "at_most"
        left_out = repair["to"] == ""
        rules[repair["rule"]] = mp.Spend(at_least=0) if left_out else rule.loosened(limit, to)
    if error.together:
        brief = brief.but(rules=tuple(rules.values()))
    return plan(brief, mp.from_rates(mp.read_rates(CARD), currency="EUR", as_of=brief.start))


def test_a_rule_in_two_clashes_shows_both_and_the_changes_mend_both():
    brief, error = refused(
        mp.LineCount(at_most=1),
        mp.Spend(post="a", at_least=50),
        mp.Spend(post="b", at_least=50),
        mp.PostCount(channel="radio", at_least=3),
    )
    assert error.together
    assert {tuple(map(str, conflict.rules)) for conflict in error.conflicts} == {
        ("boosted posts (radio): at least 3",),
        ("funded lines: at most 1", "spend on a: at least €50", "spend on b: at least €50"),
    }
    assert mended(brief, error).spent.minor > 0


def test_changes_that_are_needed_together_leave_no_other_rule_broken():
    brief, error = refused(
        mp.PostCount(post="a", at_least=2),
        mp.LineCount(at_most=1),
        mp.Spend(post="a", at_least=20),
        mp.Spend(channel="radio", post="b", at_least=20),
        mp.Share(channel="radio", at_least=0.9),
        mp.Spend(channel="tv", at_least=100),
        budget=200,
    )
    said = [set(map(str, conflict.rules)) for conflict in error.conflicts]
    assert {"share of radio: at least 90%", "spend on tv: at least €100"} <= set().union(*said)
    assert mended(brief, error).spent.minor > 0


def test_a_rule_that_is_left_out_does_not_change_which_rule_is_meant_by_the_next():
    brief, error = refused(
        mp.Hold(post="a"),
        mp.LineCount(post="a", at_least=1),
        mp.Hold(post="b"),
        mp.LineCount(post="b", at_least=1),
    )
    assert {tuple(map(str, conflict.rules)) for conflict in error.conflicts} >= {("on hold: a", "on hold: b")}
    assert mended(brief, error).spent.minor > 0


def test_no_clash_speaks_of_endless_results():
    _, error = refused(
        mp.Units(at_most=10), mp.Spend(at_least=50), mp.EachLine(or_zero=True, at_least=20, step=10)
    )
    assert "∞" not in str(error)


def test_a_limit_that_is_mended_twice_is_said_once_from_what_was_asked():
    error = refused(
        mp.Share(channel="radio", at_least=0.9),
        mp.Spend(channel="tv", at_least=20),
        mp.Spend(channel="tv", at_least=100),
        mp.LineCount(at_most=0),
        budget=150,
    )[1]
    document = error.to_dict(Words("en"))
    rules = [repair["rule"] for repair in document["repairs"]]
    assert len(rules) == len(set(rules))
    asked = {rule for conflict in document["conflicts"] for rule in conflict["rules"]}
    assert set(rules) <= asked
