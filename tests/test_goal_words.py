"""What a plan says of its goal, and of what rules cost it, in the goal's own words."""

from __future__ import annotations

import re

import pytest
from invented import response

import mediaplan as mp
from mediaplan.report.bearing import bearing
from mediaplan.report.figures import goal_sentence

SHARE = mp.Share(channel="facebook", at_least=0.9)
ASKED = {
    "most results": ({}, "as many results", "more results"),
    "most value": ({"goal": mp.MostValue(values={"lead": 3})}, "as much value", "more in value"),
    "lowest cost": (
        {"goal": mp.LowestCost(), "rules": (mp.ResultsTarget(at_least=12),), "budget": None},
        "as little money",
        "the plan would save about €",
    ),
    "cautious": ({"goal": mp.Cautious(worst=0.2)}, "in the worst 20% of cases", "more in the worst cases"),
    "fewest shortfalls": (
        {"goal": mp.FewestShortfalls(), "rules": (mp.ResultsTarget(at_least=18, soft=2),)},
        "as little as can be missing",
        "times their prices, would be smaller",
    ),
    "least regret": (
        {"goal": mp.LeastRegret(worlds={"dear": {"channel": "facebook", "cost": 2}})},
        "whichever of the named worlds",
        "the largest regret would be smaller",
    ),
}


@pytest.mark.parametrize("word", ASKED)
def test_each_goal_has_its_own_words(word):
    changes, goal, cost = ASKED[word]
    asked = {"currency": "EUR", "budget": 1500, "start": "2026-11-30", "days": 14, "rules": (SHARE,)}
    known = response(posts=2, channels=("facebook", "instagram"), audiences=2, slots=())
    made = mp.plan(mp.Brief(**(asked | changes)), known)
    assert made.brief.goal.word == word
    assert goal in str(goal_sentence(made))
    kept = next(each for each in made.rules if each.rule == made.brief.rules[0].sentence())
    assert cost in str(bearing(made, kept))
    french = mp.Words("fr").say(bearing(made, kept))
    assert not re.search(r"\b(would|more|the)\b", french)
