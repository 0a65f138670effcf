"""Plans that are practically as good as the best one and differ most from it: where a choice hardly matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import LowestCost
from mediaplan.brief.terms import Domain, Linear
from mediaplan.errors import InputError, Problem, StoppedError
from mediaplan.money import Money
from mediaplan.one_thread import on_one_thread
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.asking.demands import Demand, Limits
from mediaplan.planning.making import answered, asked, plan_of
from mediaplan.planning.patience import PATIENT, Patience
from mediaplan.planning.questions import Question
from mediaplan.planning.replanning.budget_room import with_room, without_room
from mediaplan.planning.search.solving import relaxed_worth
from mediaplan.planning.search.sought import Solved
from mediaplan.response.responses import Response
from mediaplan.words import Percent, Sentence, Words

Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]

SCHEMA = "mediaplan/alternatives/1"
WITHIN = 0.01
"""Part of the goal that may be lost where nobody says how much."""
COUNT = 3
"""Plans that are looked for."""
EFFORT = 20
"""Nodes of branch and bound for each program: a plan that is good enough need not be the best of its kind."""
HALVINGS = 8
"""Times that the money which may go elsewhere is halved in on, at the most."""


@dataclass(frozen=True, eq=False)
class NearTie:
    """A plan that is practically as good as the best one.

    Attributes:
        plan: With the same brief; its last rule says what it was kept away from.
        moved: Money that this plan has on lines beyond what the best plan has there.
        lost: Part (0–1) of what the best plan brings that is lost.
    """

    plan: Plan
    moved: Money
    lost: float

    def sentence(self) -> Sentence:
        """What is moved, and what that loses."""
        lost = Percent(self.lost, 2)
        if isinstance(self.plan.brief.goal, LowestCost):
            return Sentence("{moved} elsewhere costs {lost} more.", moved=self.moved, lost=lost)
        return Sentence("{moved} elsewhere loses {lost}.", moved=self.moved, lost=lost)


@dataclass(frozen=True, eq=False)
class NearTies:
    """The best plan and those that are practically as good.

    Attributes:
        full: The best plan.
        within: Part (0–1) that may be lost.
        ties: The plan that moves most to other lines first, then those that differ most from all before; may be empty.
        stopped: Whether the wait was over before as many were looked for as were asked for.
    """

    full: Plan
    within: float
    ties: tuple[NearTie, ...]
    stopped: bool = False

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """What a reader must know of it: of the plan, and whether there may be more."""
        said = Sentence("The search was ended early: there may be more plans that are as good.")
        return (*self.full.warnings, said) if self.stopped else self.full.warnings

    def sentence(self) -> Sentence:
        """How much of the plan is a matter of taste."""
        within = Percent(self.within, 2)
        if not self.ties and self.stopped:
            return Sentence("The search ended before another plan was found.")
        if not self.ties and isinstance(self.full.brief.goal, LowestCost):
            return Sentence("No other plan costs as little within {within}.", within=within)
        if not self.ties:
            return Sentence("No other plan brings as much within {within}.", within=within)
        return Sentence(
            "Within {within} of the best plan, {moved} of {spent} may go elsewhere.",
            within=within,
            moved=max((tie.moved for tie in self.ties), key=lambda moved: moved.minor),
            spent=self.full.spent,
        )

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The document `mediaplan/alternatives/1`.

        Args:
            language: Of the sentences in it.
        """
        words = Words(language)
        return {
            "schema": SCHEMA,
            "within": self.within,
            "sentence": words.say(self.sentence()),
            "plan": self.full.to_dict(language),
            "alternatives": [
                {
                    "moved": tie.moved.text,
                    "lost": tie.lost,
                    "sentence": words.say(tie.sentence()),
                    "plan": tie.plan.to_dict(language),
                }
                for tie in self.ties
            ],
            "stopped": self.stopped,
            "warnings": [words.say(warning) for warning in self.warnings],
        }


@on_one_thread
def near_ties(
    brief: Brief,
    response: Response,
    *,
    within: float = WITHIN,
    count: int = COUNT,
    engine: str = "highs",
    patience: Patience = PATIENT,
) -> NearTies:
    """The plans that lose no more than a part of what the best plan brings and differ most from it.

    A plan is to have money on lines that no plan before funds, which have no more than they had; where no other line can
    receive any, it is taken from the half of it that brings least and goes to the other lines. How much is found by halving: a plan is
    made and audited like any other, its loss measured on the true curves, and each is to move more than all that were good
    enough and no more than what was too much. So what is moved for a part, is moved for a larger part as well. Where lines
    are chosen whole, more different plans may exist, and its engine is HiGHS, for a stated effort (`EFFORT`).

    Args:
        brief: The question.
        response: What money is expected to buy.
        within: Part (above 0 and below 1) that may be lost.
        count: Plans to look for, at the most.
        engine: As in `mediaplan.plan`.
        patience: For all of it together; then the plans found so far are the answer.

    Raises:
        InputError: The brief can't be used, or `within` is no such part.
        NoPlanError: No plan can keep the brief's rules.
        StoppedError: The limit of time was reached before there was a plan.
    """
    if not 0 < within < 1:
        message = Sentence("“{value}” is no part of what a plan brings.", value=str(within))
        remedy = Sentence("Give a number above 0 and below 1, such as 0.01.")
        raise InputError(Problem(message, remedy, column="within", value=str(within)))
    question = asked(brief, response, engine=engine, patience=patience)
    best = question.solve()
    if best is None or not best.amounts.any():
        return NearTies(answered(question, engine), within, ())
    full, question = plan_of(question, best, engine), with_room(brief, question).lightly(EFFORT)
    found: list[NearTie] = []
    before, stopped = best.amounts, False
    while len(found) < count and not (stopped := stopped or question.wait.over):
        tie = _farthest(question, best, before, within)
        stopped = question.wait.over
        if tie is None:
            break
        other, solved = without_room(brief, *tie)
        moved = Money(int(np.maximum(solved.amounts - best.amounts, 0).sum()), brief.currency)
        lost = max(best.value - solved.value, 0.0) / max(abs(best.value), 1e-300)
        found.append(NearTie(plan_of(other, solved, engine), moved, lost))
        before = np.maximum(before, solved.amounts)
    return NearTies(full, within, tuple(found), stopped)


def _farthest(
    question: Question, best: Solved, before: Integers, within: float
) -> tuple[Question, Solved] | None:
    """The question with most money elsewhere whose best plan still is good enough, and that plan.

    Args:
        question: For a plan that need only be good enough.
        best: The best plan.
        before: Shape (lines,), the most that a plan before has on a line, minor units.
        within: Part that may be lost.
    """
    enough = best.value - within * abs(best.value)
    elsewhere = Elsewhere(before, before == 0)
    if _worth(elsewhere.asked_of(question, 1, elsewhere.most)) == -np.inf:
        elsewhere = Elsewhere(before, ~_dearest_half(question, before))
    low, high = 0, elsewhere.most
    found: tuple[Question, Solved] | None = None
    coarse = max(elsewhere.most // 2**HALVINGS, elsewhere.least_of(best.limits))
    while high - low > coarse and not question.wait.over:
        middle = low + (high - low + 1) // 2
        other = elsewhere.asked_of(question, middle, high)
        solved = _good_enough(other, enough)
        if solved is None:
            high = middle - 1
        else:
            found, low = (other, solved), elsewhere.moved(solved.amounts)
    return found


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """Where a plan is to have more money than all plans before; on the other lines it has no more than they.

    Attributes:
        before: Shape (lines,), the most that a plan before has on a line, minor units.
        here: Shape (lines,), the lines that are to receive more.
    """

    before: Integers
    here: Mask

    @property
    def most(self) -> int:
        """What can be moved at the most, minor units: all that the other lines had."""
        return int(self.before[~self.here].sum())

    def least_of(self, limits: Limits) -> int:
        """What a line here receives at the least, if anything, minor units: no plan differs much from another by less."""
        each = np.maximum(limits.least, limits.step)[self.here & (limits.most > 0)]
        return int(each.min(initial=self.most))

    def moved(self, amounts: Integers) -> int:
        """What a plan has more here than the plans before, minor units."""
        return int((amounts - self.before)[self.here].sum())

    def asked_of(self, question: Question, least: int, most: int) -> Question:
        """The same question for a plan that moves so many minor units."""
        currency = question.brief.currency
        said = Sentence(
            "money elsewhere than in the plans before: {least} to {most}",
            least=Money(least, currency),
            most=Money(most, currency),
        )
        had = float(self.before[self.here].sum())
        row = Linear.over(self.here.astype(float), had + least, had + most, self.here, common=1.0)
        kept = Domain(~self.here, at_most=self.before.astype(float))
        funded = Domain(self.here & (self.before > 0), at_least=self.before, or_zero=False)
        return question.keeping_to(Demand(said, (row, kept, funded)))


def _dearest_half(question: Question, before: Integers) -> Mask:
    """Shape (lines,): the lines whose money brings least, up to half of the money: it is missed least elsewhere."""
    money = before.astype(float)
    each = question.objective.worth(money[:, None])[:, 0] / np.maximum(money, 1.0)
    order = np.argsort(np.where(before > 0, each, np.inf), kind="stable")
    dear = np.zeros(len(before), dtype=bool)
    dear[order[np.cumsum(money[order]) - money[order] < money.sum() / 2]] = True
    return dear & (before > 0)


def _good_enough(question: Question, enough: float) -> Solved | None:
    """The best plan, where it is worth that much; `None` where none was found."""
    if _worth(question) < enough:
        return None
    try:
        solved = question.solve()
    except StoppedError:
        return None
    return solved if solved is not None and solved.value >= enough else None


def _worth(question: Question) -> float:
    """What no plan is worth more than, lines not chosen whole; -inf where there is none."""
    worth = relaxed_worth(question.demands, question.objective, question.budget, question.solver)
    return -np.inf if worth is None else worth
