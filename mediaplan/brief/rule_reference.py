"""What may stand in a rule: its keys with a sentence each, and an example of every rule, for the reference of the brief."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from mediaplan.brief.from_table import rule_keys
from mediaplan.brief.picking import PICKS
from mediaplan.brief.rules import (
    Blackout,
    Change,
    CostPerResult,
    EachLine,
    Excludes,
    Frequency,
    Hold,
    LearningPhase,
    Limited,
    LineCount,
    Locked,
    Needs,
    NotAfter,
    NotBefore,
    PerDay,
    PostCount,
    Ratio,
    ReachTarget,
    Resource,
    ResultsTarget,
    Rule,
    Share,
    Spend,
    Units,
    ValueTarget,
)
from mediaplan.words import Sentence

RULE_EXAMPLES: dict[str, Rule] = {
    rule.word: rule
    for rule in (
        Spend(channel="facebook", at_most=80_000, per="week", why="no more than last month"),
        Share(channel="instagram", at_least=0.20, why="the client asks for it"),
        EachLine(
            or_zero=True, at_least=10_000, step=1_000, why="smaller boosts never leave the learning phase"
        ),
        Locked(post="cartable", channel="facebook", amount=25_000, why="runs already"),
        PerDay(at_most=12_000, shape="front"),
        Change(at_most=0.2, before={"facebook": 60_000, "tiktok": 20_000}, why="no jumps"),
        PostCount(at_most=2, per=("channel", "day"), why="no flood"),
        LineCount(at_most=1, per=("post", "day"), why="one boost per post at a time"),
        Needs(post="concours", needs={"post": "annonce"}),
        Excludes(post=("cartable-a", "cartable-b"), why="variants of one post"),
        Hold(topic="promotion", why="complaint"),
        NotBefore(post="soldes", date="2026-12-05"),
        NotAfter(channel="tiktok", date="2026-12-11"),
        Blackout(date=("2026-12-06", "2026-12-11/2026-12-12"), why="bank holidays"),
        ResultsTarget(audience="parents", at_least=40),
        ValueTarget(channel="instagram", at_least=90_000),
        CostPerResult(at_most=2_500, per="channel"),
        ReachTarget(audience="parents", at_least=40_000, why="the council pays for it"),
        Frequency(at_most=4, per="audience", why="no weariness"),
        LearningPhase(channel="facebook", at_least=10),
        Units(channel="tv", at_least=10, why="the station's discount"),
        Resource(name="planning", at_most=1_000),
        Ratio(of={"channel": "radio"}, to={"channel": "tv"}, at_least=2),
    )
}
"""One example of each rule."""

COMMON = (*PICKS, "date", "name", "why")
"""Keys that every rule has."""


def common_rows() -> list[tuple[str, str, Sentence]]:
    """Key, what it takes and what is said of it, for those of every rule."""
    return [row for row in _rows(Spend) if row[0] in COMMON]


def own_rows(kind: type[Rule]) -> list[tuple[str, str, Sentence]]:
    """Key, what it takes and what is said of it, for those that the rule adds or means in its own way."""
    common = {(key, str(says)) for key, _, says in common_rows()}
    return [row for row in _rows(kind) if (row[0], str(row[2])) not in common]


def rule_toml(rule: Rule, why: str | None = None) -> str:
    """The rule as a table of a brief.

    Args:
        rule: Its amounts as given.
        why: Instead of its own reason.
    """
    stated = {"is": rule.word, **rule.to_dict(), **({} if why is None else {"why": why})}
    return "\n".join(["[[rule]]", *(f"{key} = {_value(value)}" for key, value in stated.items())])


def _rows(kind: type[Rule]) -> list[tuple[str, str, Sentence]]:
    own = {item.name.rstrip("_"): item.metadata["says"] for item in fields(kind) if "says" in item.metadata}
    own["equal"] = Sentence("Both limits at once.")
    own["amount"] = Sentence("The committed money.")
    return [(name, _takes(kind, name), own[name]) for name in rule_keys(kind) if name in own]


def _takes(kind: type[Rule], name: str) -> str:
    special = {
        "date": "a day, “first/last”, or a list",
        "per": "a name or a list",
        "soft": "a number",
        "or_zero": "true or false",
        "needs": "a table of names",
        "before": "a table of money",
        "against": "text or a whole number",
        "weeks": "a whole number",
        "in": "units or spend",
        **({"of": "a table of names", "to": "a table of names"} if kind is Ratio else {}),
    }
    if name in PICKS:
        return "a name or a list"
    if name in (*kind.amounts, "amount"):
        return "money"
    if name in ("at_least", "at_most", "equal") and issubclass(kind, Limited):
        return kind.takes
    return special.get(name, "text")


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:_}"
    return json.dumps(value, ensure_ascii=False)
