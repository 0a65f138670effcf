"""Refused briefs by an independent program: clashes are clashes and minimal, repairs work and are the least."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random

import pytest
from rules_at_random import KINDS, drawn
from rules_by_program import Table, programmed, toml

import mediaplan as mp
from mediaplan.cli.main import main

HARD = [kind for kind in KINDS if not kind.startswith("soft")]
UNIT = {
    "share": 1e-4,
    "change": 1e-4,
    "posts": 1,
    "lines": 1,
    "results": 0.1,
    "value": 0.1,
    "learning phase": 0.1,
}
"""In what rules are mended; others in hundredths."""
RICH = 1e7


def possible(seed: str, tables: Sequence[Table], budget: float | None = None) -> bool:
    return programmed(seed, tables, budget)[1].best() is not None


def clashing(number: int) -> tuple[str, list[Table]]:
    """The first rules drawn, from two to four, that no plan keeps."""
    random = Random(number)
    for draw in range(100):
        seed = f"clash {number} {draw}"
        tables = drawn(random.sample(HARD, 2 + number % 3), seed)
        if not possible(seed, tables):
            return seed, tables
    raise AssertionError("no clash")


def refusal(seed: str, tables: Sequence[Table], tmp_path, capsys) -> tuple[dict, list[set[str]]]:
    """What is said of a brief, and how each of its rules is named there."""
    card, program = programmed(seed, tables)
    path = card.write(tmp_path, program.budget, map(toml, tables))
    code = main(["plan", str(path), "--json", "--quiet", "--lang", "en"])
    made = json.loads(capsys.readouterr().out)
    assert code == 4, made
    return made, [{str(rule.said()), str(rule.sentence())} for rule in mp.read_brief(path).rules]


def mended(table: Table, repair: dict) -> Table | None:
    """The rule after a repair; `None` where it is left out."""
    if repair["to"] == "":
        return None
    if "in steps of" in repair["change"]:
        return table | {"step": float(repair["to"])}
    key = "at_least" if repair["change"].startswith("lower") else "at_most"
    return with_limit(table, key, float(repair["to"]))


def with_limit(table: Table, key: str, limit: float) -> Table:
    both = table.get("equal", table.get("amount"))
    found = {k: v for k, v in table.items() if k not in ("equal", "amount")}
    found |= {} if both is None else {"at_least": both, "at_most": both}
    found |= {"is": "spend" if table["is"] == "locked" else table["is"], key: limit}
    other = {"at_least": "at_most", "at_most": "at_least"}[key]
    crossed = other in found and (found[other] < limit) == (key == "at_least")
    return found | ({other: limit} if crossed else {})


def check_repair(seed: str, tables: list[Table], at: int, repair: dict) -> None:
    after = mended(tables[at], repair)
    if after is None or "step" in repair["change"]:
        assert possible(seed, [*tables[:at], *([after] if after else []), *tables[at + 1 :]]), repair
        return
    key = "at_least" if repair["change"].startswith("lower") else "at_most"
    unit, further = UNIT.get(tables[at]["is"], 0.01), -1.0 if key == "at_least" else 1.0
    slip = 0.0 if unit == 1 else 1.1 * unit  # whole amounts may miss a comparison by a unit

    def works(limit: float) -> bool:
        return possible(seed, [*tables[:at], with_limit(tables[at], key, limit), *tables[at + 1 :]])

    assert works(max(after[key] + further * slip, 0.0)), repair
    assert not works(after[key] - further * (unit + slip)), repair


@pytest.mark.parametrize("number", [n for n in range(20) if n != 6])
def test_clashes_are_minimal_and_repairs_the_least_that_work(number, tmp_path, capsys):
    seed, tables = clashing(number)
    made, names = refusal(seed, tables, tmp_path, capsys)
    of_budget = any(table.get("of") == "budget" for table in tables)
    assert made["conflicts"]
    for clash in made["conflicts"]:
        rules = [table for table, said in zip(tables, names, strict=True) if said & set(clash["rules"])]
        poor = of_budget or any(said.startswith("budget") for said in clash["rules"])
        money = None if poor else RICH
        assert not possible(seed, rules, money), clash
        for at in range(len(rules)):
            assert possible(seed, [*rules[:at], *rules[at + 1 :]], money), (clash, rules[at])
        assert of_budget or not poor or possible(seed, rules, RICH), clash
    if made.get("repairs_together"):
        return
    for repair in made["repairs"]:
        if repair["rule"].startswith("budget"):
            assert possible(seed, tables, float(repair["to"]) + 0.011)
            assert not possible(seed, tables, float(repair["to"]) - 0.021)
        else:
            at = next(at for at, said in enumerate(names) if repair["rule"] in said)
            check_repair(seed, tables, at, repair)


def test_a_value_beside_committed_money_is_lowered_to_what_this_money_brings(tmp_path, capsys):
    tables = [
        {"is": "needs", "audience": "A", "needs": {"slot": "evening"}},
        {"is": "value", "post": "p3", "per": "slot", "at_least": 18},
        {"is": "locked", "audience": ["A", "B"], "amount": 22},
    ]
    made, _ = refusal("clash 13 9", tables, tmp_path, capsys)
    (lowered,) = (repair for repair in made["repairs"] if "value" in repair["rule"])
    assert lowered["to"] == 5.6


def test_a_share_that_other_rules_leave_half_is_raised_to_half(tmp_path, capsys):
    tables = [
        {"is": "share", "per": "audience", "at_most": 0.36},
        {"is": "results", "slot": "evening", "type": "message", "at_least": 22},
    ]
    made, _ = refusal("clash 18 1", tables, tmp_path, capsys)
    assert [repair["to"] for repair in made["repairs"]] == [0.5]


def test_what_days_that_are_shut_keep_from_lines_is_named_with_the_days(tmp_path, capsys):
    tables = [
        {"is": "not before", "post": "videos", "date": "2026-12-11"},
        {"is": "each line", "channel": ["facebook", "instagram"], "topic": "promo", "at_least": 14},
    ]
    made, names = refusal("clash 43 5", tables, tmp_path, capsys)
    (clash,) = made["conflicts"]
    assert all(said & set(clash["rules"]) for said in names)
