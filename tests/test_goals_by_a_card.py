"""Every goal over a rate card: both engines agree, and rules about choice leave the plan what it is worth."""

from __future__ import annotations

import pandas as pd
import pytest

import mediaplan as mp

CARD = pd.DataFrame(
    {
        "channel": ["radio", "radio", "tv", "tv", "web", "web", "web"],
        "cost": [250.0, 200.0, 1000.0, 900.0, 1.0, 1.0, 1.0],
        "results": [3.5, 3.0, 9.0, 20.0, 0.01, 0.03, 0.005],
        "up_to": [10.0, 20.0, 5.0, None, 500.0, 2000.0, None],
        "whole": ["yes"] * 4 + ["no"] * 3,
        "at_least": [2.0, None, 1.0, None, None, None, None],
        "fixed": [None, None, 500.0, None, None, None, None],
    }
)
WORLDS = {"web dear": {"channel": "web", "cost": 3.0}, "radio dear": {"channel": "radio", "cost": 3.0}}
TV = mp.Share(channel="tv", at_least=0.5, soft=20.0)


def planned(goal: object, *rules: object, engine: str = "highs") -> mp.Plan:
    brief = mp.Brief(currency="EUR", budget=5100, start="2026-03-02", days=14, goal=goal, rules=rules)  # type: ignore[arg-type]
    return mp.plan(
        brief, mp.from_rates(mp.read_rates(CARD), currency="EUR", as_of=brief.start), engine=engine
    )


@pytest.mark.parametrize(
    ("goal", "rules"),
    [
        (mp.Cautious(worst=0.2), ()),
        (mp.LeastRegret(worlds=WORLDS), ()),
        (mp.LeastRegret(worlds=WORLDS), (TV,)),
        (mp.FewestShortfalls(), (TV,)),
    ],
)
def test_both_engines_agree_on_goals_that_look_at_several_worlds_or_shortfalls(goal, rules):
    assert planned(goal, *rules, engine="pulp").objective == pytest.approx(
        planned(goal, *rules).objective, rel=1e-4
    )


def test_tests_never_drive_the_only_line_out_that_a_rule_leaves():
    one = mp.LineCount(at_most=1)
    without, tested = (planned(mp.MostResults(test_share=share), one) for share in (0.0, 0.1))
    assert without.objective > 50
    assert tested.objective >= 0.7 * without.objective
