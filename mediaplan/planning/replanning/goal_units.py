"""In what a goal is counted, so that a difference between two plans can be said: results, value, money."""

from __future__ import annotations

from dataclasses import dataclass

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import Cautious, LeastRegret, LowestCost, MostResults
from mediaplan.planning.reasons.reasons import Cost
from mediaplan.words import Sentence


@dataclass(frozen=True)
class GoalUnit:
    """The unit of a goal.

    Attributes:
        name: Its name; the currency's code where the goal is to spend little.
        results: Whether results are counted.
        currency: ISO 4217 code where money is; else empty.
    """

    name: Sentence
    results: bool = False
    currency: str = ""

    def of(self, count: float) -> Sentence:
        """So many of it, in words."""
        if self.currency:
            return Sentence("{money}", money=Cost(count, self.currency))
        if self.results:
            return Sentence("{count} {count:result|results}", count=count)
        return Sentence("{count} {unit}", count=count, unit=self.name)


def goal_unit(brief: Brief) -> GoalUnit:
    """The unit of the brief's goal."""
    if brief.goal.by_value:
        return GoalUnit(Sentence("of value"))
    if isinstance(brief.goal, LowestCost):
        return GoalUnit(Sentence("{code}", code=brief.currency), currency=brief.currency)
    if isinstance(brief.goal, (MostResults, Cautious, LeastRegret)):
        return GoalUnit(Sentence("results"), results=True)
    return GoalUnit(Sentence("of the goal"))
