"""The vocabulary of rules: each is a record that says its sentence and lowers itself to kernel terms.

A new rule is one record in the file of its family: its word (`word`), its fields with a sentence each, `sentence()`
and `terms()`; it is listed here.
"""

from __future__ import annotations

from collections.abc import Iterable

from mediaplan.brief.picking import PICKS
from mediaplan.brief.rules.changing import Change
from mediaplan.brief.rules.choice import Excludes, Hold, LineCount, Needs, PostCount
from mediaplan.brief.rules.limiting import Limited
from mediaplan.brief.rules.money import EachLine, Locked, Share, Spend
from mediaplan.brief.rules.outcome import (
    CostPerResult,
    LearningPhase,
    ResultsTarget,
    ValueTarget,
    result_types,
)
from mediaplan.brief.rules.people import Frequency, ReachTarget
from mediaplan.brief.rules.quantity import Ratio, Resource, Units, unit_kinds
from mediaplan.brief.rules.repeating import PER
from mediaplan.brief.rules.stating import Rule
from mediaplan.brief.rules.time import Blackout, Dated, NotAfter, NotBefore, PerDay

RULES: dict[str, type[Rule]] = {
    kind.word: kind
    for kind in (
        Spend, Share, EachLine, Locked, PerDay, Change,
        PostCount, LineCount, Needs, Excludes, Hold,
        NotBefore, NotAfter, Blackout,
        ResultsTarget, ValueTarget, CostPerResult, ReachTarget, Frequency, LearningPhase,
        Units, Resource, Ratio,
    )
}  # fmt: skip
"""Every rule by its word in a brief."""


def picked_names(rules: Iterable[Rule]) -> list[tuple[int, str, str, str]]:
    """(number of the rule from 0, key, dimension, name) of every name that any rule says."""
    return [(number, *said) for number, rule in enumerate(rules) for said in rule.named()]


__all__ = [
    "PER", "PICKS", "RULES", "Blackout", "Change", "CostPerResult", "Dated", "EachLine", "Excludes", "Frequency", "Hold", "LearningPhase", "Limited", "LineCount", "Locked",
    "Needs", "NotAfter", "NotBefore", "PerDay", "PostCount", "Ratio", "ReachTarget", "Resource", "ResultsTarget", "Rule", "Share", "Spend", "Units", "ValueTarget", "picked_names",
    "result_types", "unit_kinds",
]  # fmt: skip
