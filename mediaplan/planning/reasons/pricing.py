"""What rules cost where lines are chosen whole: planned again without the rule, or with its limit one wider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import LowestCost
from mediaplan.brief.rules import EachLine, Limited
from mediaplan.brief.terms import Choice, Linear, Reached
from mediaplan.errors import StoppedError
from mediaplan.money import Money, telling_step
from mediaplan.planning.answer.contents import KeptRule
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.questions import Question
from mediaplan.planning.search.sought import Solved

MOST_PRICED = 5
"""Rules whose cost is worked out by planning again."""
MOST_LINES = 2000
"""Lines of a plan that is made again."""
EFFORT = 20
"""Nodes of branch and bound that a program of such a plan may take; beyond, the cost is not worked out."""
TINY = 1e-6
"""Part of the objective below which a gain counts as none."""


def with_costs(kept: Sequence[KeptRule], question: Question, solved: Solved) -> tuple[KeptRule, ...]:
    """The kept rules, with what the goal would gain by giving them up where their price in the program can't tell.

    These are rules about choice and dates, and all that bear on a plan whose lines are chosen whole: for a count the
    change is one more (or one less) post or line, for the others the rule is left out; a plan whose lines are chosen whole
    is also made again with a little more budget. A gain that the certificate leaves open counts as none.

    Args:
        kept: One for each of the question's demands.
        question: What was asked.
        solved: The plan.
    """
    before = "relaxed unit" if solved.choices else "unit"
    found, priced = [], 0
    for rule, demand in zip(kept, question.demands, strict=True):
        if demand.is_budget:
            found.append(_of_budget(rule, question, solved))
            continue
        if not _asks(rule, demand, question, solved):
            found.append(replace(rule, price_of=before))
            continue
        wider, change = _wider(question.brief, demand)
        gain = None
        if priced < MOST_PRICED and len(solved.amounts) <= MOST_LINES:
            priced += 1
            gain = _gain(question, wider, demand, solved)
        if gain is not None:
            found.append(replace(rule, price=gain, binding=gain > 0, price_of=change))
        elif _in_program(question.brief, demand):
            found.append(replace(rule, price_of=before))
        else:
            found.append(replace(rule, price=float("nan"), price_of=change))
    return tuple(found)


def _of_budget(rule: KeptRule, question: Question, solved: Solved) -> KeptRule:
    """The budget with what each unit of a telling step of it brings: a plan whose lines are chosen whole is made again."""
    if not solved.choices:
        return rule
    budget = question.brief.budget
    step = telling_step(budget)
    if rule.binding and len(solved.amounts) <= MOST_LINES and not isinstance(question.brief.goal, LowestCost):
        richer = question.brief.but(budget=Money(budget.minor + step.minor, budget.currency))
        gain = _difference(question, richer, solved, again=True)
        if gain is not None:
            return replace(rule, price=gain / float(step.amount), price_of="planned unit")
    return replace(rule, price_of="relaxed unit")


def _asks(rule: KeptRule, demand: Demand, question: Question, solved: Solved) -> bool:
    """Whether the rule's cost is to be worked out by planning again."""
    if demand.rule is None:
        return False
    if not _in_program(question.brief, demand):
        return True
    # The lowest cost without its targets is nothing: their price is that of one result more or less.
    return solved.choices and rule.binding and not isinstance(question.brief.goal, LowestCost)


def _gain(question: Question, wider: Brief, demand: Demand, solved: Solved) -> float | None:
    """What the plan for the wider brief brings more; `None` where the effort is not enough to tell."""
    return _difference(question, wider, solved, again=_in_program(question.brief, demand))


def _difference(question: Question, wider: Brief, solved: Solved, *, again: bool) -> float | None:
    """The same; `again`: the lines are the same."""
    light = question.lightly(EFFORT).compared().after(solved)
    try:
        other = light.but(wider).solve() if again else light.solved(wider)
    except StoppedError:
        return None
    if other is not None and other.stopped:
        return None
    gain = 0.0 if other is None else float(other.value - solved.value)
    return gain if gain > max(TINY * abs(solved.value), solved.bound - solved.value) else 0.0


def _in_program(brief: Brief, demand: Demand) -> bool:
    """Whether the demand is a limit on sums of money or results, or on each line's money."""
    assert demand.rule is not None
    rows = any(isinstance(term, (Linear, Reached)) for term in demand.terms)
    return rows or isinstance(brief.rules[demand.rule], EachLine)


def _wider(brief: Brief, demand: Demand) -> tuple[Brief, str]:
    """The brief with less of that demand, and how the change is called."""
    assert demand.rule is not None
    rule, number = brief.rules[demand.rule], demand.rule
    before, after = brief.rules[:number], brief.rules[number + 1 :]
    counted = any(isinstance(term, Choice) for term in demand.terms)
    if not isinstance(rule, Limited) or not counted:
        return brief.but(rules=(*before, *after)), "rule"
    if rule.at_most is not None:
        rule = rule.loosened("at_most", rule.at_most + 1)
    if rule.at_least:
        rule = rule.loosened("at_least", rule.at_least - 1)
    return brief.but(rules=(*before, rule, *after)), "step"
