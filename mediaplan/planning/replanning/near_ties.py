"""Plans that are practically as good as the best one and differ most from it: where a choice hardly matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import LowestCost
from mediaplan.brief.terms import Linear
from mediaplan.errors import InputError, Problem, StoppedError
from mediaplan.money import Money
from mediaplan.one_thread import on_one_thread
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.making import answered, asked, plan_of
from mediaplan.planning.patience import PATIENT, Patience
from mediaplan.planning.questions import Question
from mediaplan.planning.replanning.budget_room import with_room, without_room
from mediaplan.planning.search.best_amounts import Solved
from mediaplan.planning.search.solving import relaxed_worth
from mediaplan.response.responses import Response
from mediaplan.words import Percent, Sentence, Words

Mask = NDArray[np.bool_]

SCHEMA = "mediaplan/alternatives/1"
WITHIN = 0.01
"""Part of the goal that may be lost where nobody says how much."""
COUNT = 3
"""Plans that are looked for."""
EFFORT = 20
"""Nodes of branch and bound for each program: a plan that is good enough need not be the best of its kind."""
HALVINGS = 8
"""Times that the money which may stay is halved in on, lines not chosen whole."""
TRIES = 4
"""Plans made, lines chosen whole, with ever more money that may stay."""


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
        ties: The plan that differs most first, then those that differ most from all before; may be empty.
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
            moved=self.ties[0].moved,
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

    A plan is kept away from the lines that the best plan and those found before have money on: it is the best plan with
    so little money there that it just loses no more. How little is found by halving on the relaxation; the plan
    itself is then made and audited like any other, its loss measured on the true curves. Where lines are chosen whole,
    more different plans may exist, and its engine is HiGHS, for a stated effort (`EFFORT`).

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
    known: list[NDArray[np.int64]] = []
    used = best.amounts > 0
    while len(found) < count and not question.wait.over:
        try:
            tie = _farthest(question, best, used, within)
        except StoppedError:
            break
        if tie is None:
            break
        other, solved = without_room(brief, *tie)
        moved = int(np.maximum(solved.amounts - best.amounts, 0).sum())
        if not moved or any(np.array_equal(solved.amounts, amounts) for amounts in known):
            break
        known.append(solved.amounts)
        lost = max(best.value - solved.value, 0.0) / max(abs(best.value), 1e-300)
        found.append(NearTie(plan_of(other, solved, engine), Money(moved, brief.currency), lost))
        used |= solved.amounts > 0
    return NearTies(full, within, tuple(found), len(found) < count and question.wait.over)


def _farthest(question: Question, best: Solved, used: Mask, within: float) -> tuple[Question, Solved] | None:
    """The question with least money on the used lines whose best plan still is good enough, and that plan."""
    enough = best.value - within * abs(best.value)
    spent = int(best.amounts.sum())

    def kept_to(money: int) -> Question:
        said = Sentence(
            "money on the lines of the plans before: at most {money}",
            money=Money(money, question.brief.currency),
        )
        return question.keeping_to(
            Demand(said, (Linear.over(used.astype(float), -np.inf, float(money), used),))
        )

    least = _least_money(lambda money: _worth(kept_to(money)), best.relaxed, spent, within)
    for turn in range(TRIES):
        money = least + (spent - least) * turn // TRIES
        other = kept_to(money)
        try:
            solved = other.solve()
        except StoppedError:
            if question.wait.over:
                raise
            continue
        if solved is not None and solved.value >= enough:
            return other, solved
    return None


def _worth(question: Question) -> float:
    """What no plan is worth more than, lines not chosen whole; -inf where there is none."""
    worth = relaxed_worth(question.demands, question.objective, question.budget, question.solver)
    return -np.inf if worth is None else worth


def _least_money(worth: Callable[[int], float], best: float, spent: int, within: float) -> int:
    """The least money with which the relaxation loses no more than the part, to a part in 2⁸ of what is spent."""
    low, high = 0, spent
    for _ in range(HALVINGS):
        middle = (low + high) // 2
        if worth(middle) >= best - within * abs(best):
            high = middle
        else:
            low = middle
    return high
