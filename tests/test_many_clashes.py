"""Refusals name up to ten separate clashes, and say when there are more."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from invented import response

import mediaplan as mp
from mediaplan.errors import Conflict, Repair
from mediaplan.words import Sentence, Words

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


def test_each_clash_names_the_repair_of_its_own_rules_as_its_remedy():
    for problem in refusal(3).problems:
        (post,) = {name for name in ("p0", "p1", "p2") if name in str(problem.message)}
        assert post in str(problem.remedy)


def by_hand(clashes: Sequence[str], repairs: str) -> list[str]:
    """The remedies of clashes, each of rules that a letter names, with repairs of such rules, the cheapest first."""
    conflicts = tuple(Conflict(tuple(map(named, rules)), Sentence("They clash.")) for rules in clashes)
    found = mp.NoPlanError(
        conflicts, tuple(Repair(named(each), named(each), "1", "0", 0.0) for each in repairs)
    )
    return [str(problem.remedy) for problem in found.problems]


def named(letter: str) -> Sentence:
    return Sentence("{rule}", rule=letter)


@pytest.mark.parametrize(
    ("clashes", "repairs", "remedies"),
    [
        (["ab"], "ba", ["b"]),  # the cheapest of those that each mend it
        (["ab", "cd"], "ad", ["a", "d"]),
        (["Bab", "Bcd"], "Bc", ["B", "c"]),  # the budget, which both count, is the remedy of the first only
        (["ab", "cd"], "a", ["a", "a"]),  # one alone mends all
        (["ab", "cd"], "", ["They clash.", "They clash."]),
    ],
)
def test_a_remedy_is_the_clash_s_own_before_one_that_others_share(clashes, repairs, remedies):
    assert by_hand(clashes, repairs) == remedies
