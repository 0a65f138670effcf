"""Every rule as people write it, alone and beside others, gives the best plan of an independent program, or none.

Each case is drawn until all of its rules bear on the plan: without any one of them the best plan would be another.
"""

from __future__ import annotations

import json

import pytest
from cards_by_hand import Card
from rules_by_program import WORDS, bearing, bears, posed, stated, tolerance

from mediaplan.cli.main import main


def answer(card: Card, budget: int, rules: list[str], tmp_path, capsys) -> tuple[int, dict]:
    code = main(["plan", str(card.write(tmp_path, budget, rules)), "--json", "--quiet"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("word", WORDS)
def test_a_rule_that_bears_gets_the_best_plan_that_it_allows(word, seed, tmp_path, capsys):
    card, program, rules, best = bearing([word], f"{word} {seed}")
    code, made = answer(card, program.budget, rules, tmp_path, capsys)
    assert code == 0, made
    assert made["objective"]["value"] == pytest.approx(best, abs=tolerance(best))


def test_a_rule_is_said_to_bear_only_where_the_best_plan_without_it_is_another():
    free = posed([], "blind")[1].best()
    assert free is not None
    assert not bears(["hold"], "blind", free)
    assert not bears(["hold"], "blind", free - tolerance(free))
    assert bears(["hold"], "blind", 0.99 * free)
    assert bears(["hold"], "blind", None)


def test_a_rule_repeated_over_a_group_holds_for_each_of_its_names(tmp_path, capsys):
    card, *_ = posed([], "group")
    rule = stated("spend", {"post": ["videos"]}, per=["post"], at_most=60)
    code, made = answer(card, 800, [rule], tmp_path, capsys)
    spent = made["totals"]["by_post"]
    assert code == 0
    assert {post: spent[post]["amount"] for post in ("p1", "p3")} == {"p1": "60.00", "p3": "60.00"}
