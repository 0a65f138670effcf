"""Several clashes mended one by one may still not fit into one plan: what is told then is enough for the whole brief."""

from __future__ import annotations

import pytest
from invented import response

import mediaplan as mp


def known():
    return response(posts=4, channels=("facebook", "instagram", "tiktok"), audiences=1, slots=())


def refused(*rules: object, budget: int = 100) -> tuple[mp.Brief, mp.NoPlanError]:
    brief = mp.Brief(budget=budget, currency="EUR", start="2026-11-30", days=14, rules=rules)
    with pytest.raises(mp.NoPlanError) as found:
        mp.plan(brief, known())
    return brief, found.value


def mended(brief: mp.Brief, refusal: mp.NoPlanError) -> mp.Brief:
    """The brief with every repair that is told, by the words that are told."""
    for repair in refusal.repairs:
        if str(repair.rule).startswith("budget"):
            brief = brief.but(budget=repair.after)
            continue
        rules = [
            None
            if said(rule) == str(repair.rule) and repair.after == ""
            else loosened(rule, repair)
            if said(rule) == str(repair.rule)
            else rule
            for rule in brief.rules
        ]
        brief = brief.but(rules=tuple(rule for rule in rules if rule is not None))
    return brief


def said(rule: object) -> str:
    return str(rule.said())


def loosened(rule: object, repair: mp.errors.Repair) -> object:
    limit = "at_least" if float(repair.after) < float(repair.before) else "at_most"
    after = mp.Money.read(repair.after, "EUR") if rule.amounts else repair.after
    return rule.loosened(limit, after)


MEETING = (
    # Facebook lowered to 60 beside tiktok's 40 leaves nothing for instagram, which clashed with nobody.
    (
        mp.Spend(post="p0", at_least=30, name="a"),
        mp.Spend(post="p0", at_most=10, name="b"),
        mp.Spend(channel="facebook", at_least=80),
        mp.Share(channel="tiktok", at_least=0.4),
        mp.Spend(channel="instagram", at_least=15),
    ),
    # A target that takes all of the budget where it goes furthest, and a contract that takes it elsewhere.
    (
        mp.ResultsTarget(at_least=10_000),
        mp.Spend(channel="facebook", at_least=80),
        mp.Share(channel="tiktok", at_least=0.4),
    ),
)


@pytest.mark.parametrize("rules", MEETING)
def test_what_is_told_to_change_is_enough_for_the_whole_brief(rules):
    brief, refusal = refused(*rules)
    assert len(refusal.conflicts) > 1
    assert refusal.repairs
    plan = mp.plan(mended(brief, refusal), known())
    assert plan.spent.minor > 0


def test_a_rule_that_is_left_out_does_not_move_the_others_from_their_places():
    holds = tuple(mp.Hold(channel=channel) for channel in ("facebook", "instagram", "tiktok"))
    brief, refusal = refused(*holds, mp.Spend(post="p0", at_least=250))
    assert [len(conflict.rules) for conflict in refusal.conflicts] == [3, 2]
    assert refusal.repairs
    assert mp.plan(mended(brief, refusal), known()).spent.minor > 0
