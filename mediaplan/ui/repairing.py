"""A repair that a refusal offers, applied to the brief that was refused."""

from __future__ import annotations

from mediaplan.brief.briefs import Brief
from mediaplan.errors import Repair
from mediaplan.money import Money


def repaired(brief: Brief, repair: Repair) -> Brief:
    """The brief with that one change; the brief itself where none of its rules is meant."""
    if brief.budget is not None and repair.before == brief.budget.text and "budget" in repair.rule.values:
        return brief.but(budget=repair.after)
    if repair.after == "":
        return brief.but(
            rules=tuple(rule for rule in brief.rules if rule.sentence() != repair.rule != rule.said())
        )
    # A repair only ever loosens: what goes down is a least, what goes up is a most.
    limit = "at_least" if float(repair.after) < float(repair.before) else "at_most"
    rules = list(brief.rules)
    for number, rule in enumerate(rules):
        if repair.rule in (rule.said(), rule.sentence()):
            after = Money.read(repair.after, brief.currency) if rule.amounts else repair.after
            rules[number] = rule.loosened(limit, after)  # type: ignore[attr-defined]
            return brief.but(rules=tuple(rules))
    return brief
