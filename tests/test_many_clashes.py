"""Refusals name up to ten separate clashes, and say when there are more."""

from __future__ import annotations

import pytest
from invented import response

import mediaplan as mp
from mediaplan.words import Words

POSTS = 12


def refusal(clashes: int) -> mp.NoPlanError:
    """Why no plan keeps that many pairs of rules, each about a post of its own."""
    rules = [
        rule
        for post in range(clashes)
        for rule in (mp.Spend(post=f"p{post}", at_least=30), mp.Spend(post=f"p{post}", at_most=20))
    ]
    brief = mp.Brief(budget=5000, currency="EUR", start="2026-11-30", days=14, rules=tuple(rules))
    with pytest.raises(mp.NoPlanError) as found:
        mp.plan(brief, response(posts=POSTS, channels=("facebook",), audiences=1, slots=()))
    return found.value


@pytest.mark.parametrize(("clashes", "said", "more"), [(3, 3, False), (10, 10, False), (12, 10, True)])
def test_each_separate_clash_is_named_up_to_ten(clashes, said, more):
    found = refusal(clashes)
    assert len(found.conflicts) == said
    assert all(len(conflict.rules) == 2 for conflict in found.conflicts)
    assert found.more is more
    assert found.to_dict(Words("en"))["more_conflicts"] is more
    assert ("more clashes than these" in str(found)) is more


def test_repairs_promise_a_plan_only_where_all_clashes_are_known():
    assert "make a plan possible" in str(refusal(3))
    assert "make a plan possible" not in str(refusal(12))
