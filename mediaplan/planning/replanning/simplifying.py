"""The plan with the fewest lines that is practically as good: less to set up, for next to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import LowestCost
from mediaplan.brief.rules import LineCount
from mediaplan.errors import InputError, Problem, StoppedError
from mediaplan.one_thread import on_one_thread
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import answered, asked, plan_of
from mediaplan.planning.patience import PATIENT, Patience
from mediaplan.planning.questions import Question
from mediaplan.planning.replanning.budget_room import with_room, without_room
from mediaplan.planning.search.sought import Solved
from mediaplan.response.responses import Response
from mediaplan.words import Percent, Sentence, Words

SCHEMA = "mediaplan/simplify/1"
WITHIN = 0.005
"""Part of the goal that may be lost where nobody says how much."""


@dataclass(frozen=True, eq=False)
class Simplified:
    """A plan with few lines beside the best one.

    Attributes:
        full: The best plan.
        plan: The plan with the fewest lines that loses no more than `within`; its brief says how many it may have.
        within: Part (0-1) of what the full plan brings that may be lost.
        curve: Number of lines -> what the best plan with at most so many brings of the goal, for each number that was
            tried; the full plan's last.
        stopped: Whether the wait was over before it was known that no fewer lines are enough.
    """

    full: Plan
    plan: Plan
    within: float
    curve: tuple[tuple[int, float], ...]
    stopped: bool = False

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """What a reader must know of it: of the plan, and whether fewer lines may do."""
        said = Sentence("The search was ended early: fewer lines still may be enough.")
        return (*self.plan.warnings, said) if self.stopped else self.plan.warnings

    @property
    def lost(self) -> float:
        """Part (0-1) of what the full plan brings that is lost."""
        size = abs(self.full.objective)
        return max(self.full.objective - self.plan.objective, 0.0) / size if size > 0 else 0.0

    @property
    def costs(self) -> bool:
        """Whether what counts is how little the plan costs: fewer lines then cost more."""
        return isinstance(self.full.brief.goal, LowestCost)

    @property
    def parts(self) -> tuple[tuple[int, float], ...]:
        """The curve as parts of the best plan: at most 1 of what it brings, at least 1 of what it costs; NaN of nothing."""
        best = self.full.objective
        return tuple((lines, value / best if best else float("nan")) for lines, value in self.curve)

    def sentence(self) -> Sentence:
        """What it saves, and what that costs."""
        few, many = len(self.plan.lines_planned), len(self.full.lines_planned)
        if few == many and self.stopped:
            return Sentence("The search ended before a plan with fewer lines was found.")
        most, costs = Percent(self.within, 2), self.costs
        if few == many and costs:
            return Sentence(
                "With fewer than {count} lines the plan would cost over {most} more.", count=many, most=most
            )
        if few == many:
            return Sentence(
                "With fewer than {count} lines the plan would lose more than {most}.", count=many, most=most
            )
        if costs:
            return Sentence(
                "{few} {few:line|lines} instead of {many} cost {lost} more.",
                few=few,
                many=many,
                lost=Percent(self.lost, 2),
            )
        return Sentence(
            "{few} {few:line|lines} instead of {many} lose {lost} of what the plan brings.",
            few=few,
            many=many,
            lost=Percent(self.lost, 2),
        )

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The document `mediaplan/simplify/1`.

        Args:
            language: Of the sentences in it.
        """
        words = Words(language)
        return {
            "schema": SCHEMA,
            "within": self.within,
            "lost": self.lost,
            "sentence": words.say(self.sentence()),
            "curve": [{"lines": lines, "objective": value} for lines, value in self.curve],
            "plan": self.plan.to_dict(language),
            "full": self.full.to_dict(language),
            "stopped": self.stopped,
            "warnings": [words.say(warning) for warning in self.warnings],
        }


@on_one_thread
def fewest_lines(
    brief: Brief,
    response: Response,
    *,
    within: float = WITHIN,
    engine: str = "highs",
    patience: Patience = PATIENT,
) -> Simplified:
    """The plan with the fewest lines that loses no more than a part of what the best plan brings.

    The number is found by halving: more lines never bring less. Each number is planned with that many lines at the
    most, to the gap of plans with choices.

    Args:
        brief: The question.
        response: What money is expected to buy.
        within: Part (0 to below 1) that may be lost.
        engine: As in `mediaplan.plan`.
        patience: For all of it together; then the fewest lines found so far are the answer.

    Raises:
        InputError: The brief can't be used, or `within` is no such part.
        NoPlanError: No plan can keep the brief's rules.
        StoppedError: The limit of time was reached before there was a plan.
    """
    if not 0 <= within < 1:
        message = Sentence("“{value}” is no part of what a plan brings.", value=str(within))
        remedy = Sentence("Give a number from 0 to below 1, such as 0.005.")
        raise InputError(Problem(message, remedy, column="within", value=str(within)))
    question = asked(brief, response, engine=engine, patience=patience)
    full = answered(question, engine)
    asked_brief, question = brief, with_room(brief, question)
    brief = question.brief
    enough = full.objective - within * abs(full.objective)
    found, fewest = None, len(full.lines_planned)
    curve = {fewest: full.objective}
    too_few, stopped = 0, False
    while fewest - too_few > 1:
        if stopped := stopped or question.wait.over:
            break
        middle = (fewest + too_few) // 2
        fewer = question.but(brief.but(rules=(*brief.rules, LineCount(at_most=middle))))
        try:
            solved = fewer.compared().solve()
        except StoppedError:
            stopped = True
            break
        if solved is not None:
            curve[middle] = solved.value
        if solved is None or solved.value < enough:
            too_few = middle
            stopped |= solved is not None and solved.stopped
            continue
        found, fewest = (fewer, solved), middle
    if found is not None:
        found = without_room(asked_brief, *_proven(*found))
        curve[fewest] = found[1].value
    best = full if found is None else plan_of(*found, engine)
    return Simplified(full, best, within, tuple(sorted(curve.items())), stopped)


def _proven(question: Question, compared: Solved) -> tuple[Question, Solved]:
    """The plan that was compared, with the proof that whoever is told it asks for; without where the time is over."""
    try:
        proven = question.solve()
    except StoppedError:
        proven = None
    return question, compared if proven is None or proven.value < compared.value else proven
