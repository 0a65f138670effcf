"""Room for changes of a plan whose brief leaves the budget out: the least that was needed leaves none."""

from __future__ import annotations

import numpy as np

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import Share
from mediaplan.errors import StoppedError
from mediaplan.money import LARGEST, Money
from mediaplan.planning.questions import Question
from mediaplan.planning.search.no_room import NEAR
from mediaplan.planning.search.sought import Solved

ROOM = 10
"""Times the needed money that a changed plan may cost: more than any change that is worth telling."""


def with_room(asked: Brief, question: Question) -> Question:
    """The question as its changes are planned: with a wide budget where the brief named none.

    A share of the budget would change its meaning with it: with such a rule the needed budget stays.

    Args:
        asked: The brief as it was asked.
        question: What became of it, its budget the least that its rules need.
    """
    if not _open(asked):
        return question
    return _with_budget(question, min(question.brief.budget.minor * ROOM, LARGEST))


def without_room(asked: Brief, question: Question, solved: Solved) -> tuple[Question, Solved]:
    """A changed plan with the budget that it needs itself, as the plan of a brief without one has it.

    Args:
        asked: The brief as it was asked.
        question: What `with_room` gave, or what was changed in that.
        solved: Its best amounts.
    """
    if not _open(asked):
        return question, solved
    exact = int(solved.amounts.sum())
    # Of money that is just enough, straight pieces may say that it is too little.
    for spent in (exact, exact + int(np.count_nonzero(solved.amounts)), exact + int(NEAR * exact) + 1):
        narrow = _with_budget(question, spent + sum(question.brief.costs.on(spent)))
        try:
            needed = narrow.solve()
        except StoppedError:
            break
        if needed is not None:
            return narrow, needed
    return question, solved


def _open(asked: Brief) -> bool:
    of_budget = any(isinstance(rule, Share) and rule.of == "budget" for rule in asked.rules)
    return asked.budget is None and not of_budget


def _with_budget(question: Question, minor: int) -> Question:
    """The same question with that budget, and all else that it must keep."""
    other = question.but(question.brief.but(budget=Money(minor, question.brief.currency)))
    for more in question.demands[len(other.demands) :]:
        other = other.keeping_to(more)
    return other
