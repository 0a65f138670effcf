"""Impossible targets where lines share people, or other rules take from what can be reached: what is said holds."""

from __future__ import annotations

import re

import pytest
from invented import response

import mediaplan as mp


def asked(budget: float, *rules: object) -> mp.Brief:
    return mp.Brief(budget=budget, currency="EUR", start="2026-11-30", days=7, rules=rules)  # type: ignore[arg-type]


def repaired(known: object, budget: float, most: float, *rules: object) -> mp.NoPlanError:
    """The refusal of twice what can be reached, after each of its repairs was seen to work."""
    with pytest.raises(mp.NoPlanError) as refused:
        mp.plan(asked(budget, *rules, mp.ResultsTarget(at_least=2 * most)), known)  # type: ignore[arg-type]
    for repair in refused.value.repairs:
        richer = "budget" in str(repair.change)
        money, target = (repair.after, 2 * most) if richer else (budget, repair.after)
        made = mp.plan(asked(money, *rules, mp.ResultsTarget(at_least=target)), known)  # type: ignore[arg-type]
        assert made.totals.results.mean >= target * (1 - 1e-3)
    return refused.value


@pytest.mark.parametrize("pool", [None, 12.0])
def test_the_most_that_can_be_expected_is_what_the_repair_lowers_the_target_to(pool):
    known = response(
        posts=2,
        channels=("facebook", "tiktok"),
        audiences=2,
        slots=(),
        seed=1,
        draws=1,
        **({} if pool is None else {"pool_size": pool}),
    )
    chunks = mp.EachLine(or_zero=True, at_least=200, step=50)
    free, most = (mp.plan(asked(500, *rules), known).totals.results.mean for rules in ((), (chunks,)))
    assert most < 0.99 * free
    refused = repaired(known, 500, most, chunks)
    lowered = next(r for r in refused.repairs if "lower" in str(r.change))
    assert lowered.after == pytest.approx(most, rel=0.01, abs=0.11)
    (conflict,) = refused.conflicts
    said = re.findall(r"[\d.]+(?= can be expected;| with this budget)", str(conflict.together))
    assert [float(number) for number in said] == [pytest.approx(float(lowered.after), abs=0.11)]
