"""Budgets that are just what targets cost: a plan exists, and is found."""

from __future__ import annotations

import pytest
from pools_by_hand import asked, world

import mediaplan as mp

LEAST = mp.EachLine(or_zero=True, at_least=20)
JUST_ENOUGH = (
    (5, (mp.ResultsTarget(post="p0", at_least=1.76), mp.ResultsTarget(channel="facebook", at_least=1.66))),
    (8, (mp.ResultsTarget(post="p0", at_least=1.94), mp.Share(channel="facebook", at_least=0.4), LEAST)),
    (31, (mp.ResultsTarget(post="p1", channel="tiktok", at_least=0.67), LEAST)),
    (32, (mp.ResultsTarget(audience="a1", at_least=0.72), LEAST)),
    (58, (mp.ResultsTarget(audience="a1", at_least=1.61), LEAST)),
)


def just_enough(seed: int, rules: tuple[object, ...]) -> mp.Plan:
    return mp.plan(asked(None, *rules, goal=mp.LowestCost()), world(seed))


@pytest.mark.parametrize(("seed", "rules"), JUST_ENOUGH)
def test_the_least_money_that_keeps_targets_is_a_budget_that_keeps_them(seed, rules):
    cheap = just_enough(seed, rules)
    made = mp.plan(asked(float(cheap.spent.amount), *rules), world(seed))
    assert made.spent.minor <= cheap.spent.minor
    assert made.certificate.bound >= made.objective >= 0.999 * cheap.totals.results.mean


def test_less_money_than_targets_are_proven_to_need_is_refused_and_the_repaired_budget_is_what_they_cost():
    seed, rules = JUST_ENOUGH[2]
    cheap = just_enough(seed, rules)
    with pytest.raises(mp.NoPlanError) as refused:
        mp.plan(asked(round(-0.97 * cheap.certificate.bound, 2), *rules), world(seed))
    (budget,) = (repair.after for repair in refused.value.repairs if "budget" in str(repair.rule))
    assert float(budget) == pytest.approx(float(cheap.spent.amount), abs=0.02)
