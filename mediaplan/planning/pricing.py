"""What rules cost that have no price in the program: planned again with the limit one wider, or without the rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import EachLine, Limited, Rule
from mediaplan.brief.terms import Choice, Linear, Reached
from mediaplan.errors import StoppedError
from mediaplan.planning.demands import Demand
from mediaplan.planning.plans import KeptRule
from mediaplan.planning.relaxing import SMALL
from mediaplan.planning.solving import Solved

MOST_PRICED = 5
"""Rules whose cost is worked out by planning again."""
TINY = 1e-6
"""Part of the objective below which a gain counts as none."""


def with_costs(
    kept: Sequence[KeptRule],
    brief: Brief,
    demands: Sequence[Demand],
    solved: Solved,
    gained: Callable[[Brief], Solved | None],
) -> tuple[KeptRule, ...]:
    """The kept rules, those about choice and dates with what the goal would gain by the next step.

    The step is one more (or one less) post or line for a count, and the rule left out for the others. Of large
    questions, and of more than `MOST_PRICED` such rules, the cost stays unknown (NaN).

    Args:
        kept: One for each demand.
        brief: As asked.
        demands: In the same order.
        solved: The plan.
        gained: The plan for another brief; `None` where there is none.
    """
    found, priced = [], 0
    for rule, demand in zip(kept, demands, strict=True):
        wider = None if demand.rule is None else _wider(brief, demand)
        if wider is None:
            found.append(rule)
            continue
        if priced >= MOST_PRICED or len(solved.amounts) > SMALL:
            found.append(replace(rule, price=float("nan")))
            continue
        priced += 1
        try:
            other = gained(wider)
        except StoppedError:
            found.append(replace(rule, price=float("nan")))
            continue
        gain = 0.0 if other is None else max(other.value - solved.value, 0.0)
        gain = gain if gain > TINY * abs(solved.value) else 0.0
        found.append(replace(rule, price=gain, binding=gain > 0))
    return tuple(found)


def _wider(brief: Brief, demand: Demand) -> Brief | None:
    """The brief with the rule one step wider; `None` for rules that have a price in the program."""
    assert demand.rule is not None
    rule = brief.rules[demand.rule]
    if isinstance(rule, EachLine) or any(isinstance(term, (Linear, Reached)) for term in demand.terms):
        return None
    rules: tuple[Rule, ...] = (rule,) if isinstance(rule, Limited) else ()
    if isinstance(rule, Limited) and any(isinstance(term, Choice) for term in demand.terms):
        if rule.at_most is not None:
            rule = rule.loosened("at_most", rule.at_most + 1)
        if rule.at_least:
            rule = rule.loosened("at_least", rule.at_least - 1)
        rules = (rule,)
    return brief.but(rules=(*brief.rules[: demand.rule], *rules, *brief.rules[demand.rule + 1 :]))
