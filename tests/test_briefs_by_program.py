"""Every rule as people write it, alone and beside another, gives the best plan of an independent program.

Each case is drawn until all of its rules bear on the plan: without any one of them the best plan would be another.
"""

from __future__ import annotations

import itertools
import json
from random import Random

import pytest
from rules_at_random import KINDS, bearing, bears, drawn, tolerance
from rules_by_program import programmed, toml

from mediaplan.cli.main import main

PAIRS = Random(1).sample(list(itertools.combinations(KINDS, 2)), 40)
SINGLY = [(kind,) for kind in KINDS for _ in range(2)]


def answer(seed: str, tables: list[dict], tmp_path, capsys) -> tuple[int, dict]:
    card, program = programmed(seed, tables)
    code = main(["plan", str(card.write(tmp_path, program.budget, map(toml, tables))), "--json", "--quiet"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(("number", "kinds"), list(enumerate([*SINGLY, *PAIRS])))
def test_rules_that_bear_get_the_best_plan_that_they_allow(number, kinds, tmp_path, capsys):
    seed, tables, best = bearing(kinds, f"{number} {kinds}")
    code, made = answer(seed, tables, tmp_path, capsys)
    assert code == 0, made
    assert made["objective"]["value"] == pytest.approx(best, abs=tolerance(best))


@pytest.mark.parametrize("goal", ["results", "lead", "saved"])
@pytest.mark.parametrize("number", range(4))
def test_other_goals_get_their_best_plans(goal, number, tmp_path, capsys):
    asked = [kind for kind in KINDS if not {"results", "cpr", "value"} & set(kind.split())]
    kinds = Random(f"{goal} {number}").sample([kind for kind in asked if kind != "learning phase"], 1)
    for draw in range(100):
        seed = f"{goal} {number} {draw}"
        rules = [*drawn(kinds, seed), *([{"is": "results", "at_least": 30}] if goal == "saved" else [])]
        card, program = programmed(seed, rules, goal=goal)
        best = program.best()
        if best is not None and abs(best - programmed(seed, rules[1:], goal=goal)[1].best()) > 10 * tolerance(
            best
        ):
            break
    else:
        raise AssertionError("no case bears")
    path = card.write(tmp_path, program.budget, map(toml, rules), goal)
    assert main(["plan", str(path), "--json", "--quiet"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["objective"]["value"] == pytest.approx(best, abs=tolerance(best))


NIGHTS = {"is": "blackout", "date": ["2026-12-02/2026-12-03"]}
TOGETHER = [
    [NIGHTS, {"is": "each line", "post": "p1", "at_least": 3}],
    [NIGHTS, {"is": "per day", "per": "day", "shape": "even"}],
    [{"is": "not after", "date": "2026-12-02"}, {"is": "lines", "per": "day", "at_least": 3, "soft": 5}],
    [
        {
            "is": "ratio",
            "of": {"channel": "facebook"},
            "to": {"channel": "instagram"},
            "in": "spend",
            "at_least": 3,
            "soft": 0.02,
        }
    ],
    [{"is": "lines", "at_most": 1}, {"is": "results", "audience": "A", "at_least": 90, "soft": 2}],
]


@pytest.mark.parametrize("rules", TOGETHER, ids=lambda rules: ", ".join(rule["is"] for rule in rules))
def test_days_without_lines_prices_of_money_and_full_lines_are_as_by_the_program(rules, tmp_path, capsys):
    best = programmed("mended", rules)[1].best()
    code, made = answer("mended", rules, tmp_path, capsys)
    assert code == 0, made
    assert made["objective"]["value"] == pytest.approx(best, abs=tolerance(best))


def test_a_rule_is_said_to_bear_only_where_the_best_plan_without_it_is_another():
    rule, free = {"is": "hold", "channel": "facebook"}, programmed("blind", [])[1].best()
    assert free is not None
    assert not bears([rule], "blind", free)
    assert not bears([rule], "blind", free - tolerance(free))
    assert bears([rule], "blind", 0.99 * free)
    assert bears([rule], "blind", None)


def test_a_rule_repeated_over_a_group_holds_for_each_of_its_names(tmp_path, capsys):
    rule = {"is": "spend", "post": "videos", "per": "post", "at_most": 60}
    code, made = answer("group", [rule], tmp_path, capsys)
    spent = made["totals"]["by_post"]
    assert code == 0
    assert {post: spent[post]["amount"] for post in ("p1", "p3")} == {"p1": "60.00", "p3": "60.00"}
