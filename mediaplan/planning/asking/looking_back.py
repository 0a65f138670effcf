"""Looking back on what a brief is after: its goal, its slots, its day become those of the backtest."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostValue
from mediaplan.history.columns.kinds import by_name
from mediaplan.history.records.records import Audiences, History, Posts
from mediaplan.planning.asking.worths import worths_of
from mediaplan.response.lines import Lines
from mediaplan.response.looking_back.backtest import Backtest, backtest
from mediaplan.response.looking_back.foreseen import Measure
from mediaplan.response.responses import Response
from mediaplan.slots import Slots


def look_back(
    history: History, posts: Posts | None, audiences: Audiences | None, brief: Brief | None = None
) -> Backtest:
    """Judge the last weeks by what the brief is after; without one, by each kind of result.

    Raises:
        InputError: The history can't answer the brief's goal, or is too short.
    """
    return backtest(
        history,
        posts=posts,
        audiences=audiences,
        slots=brief.named_slots if brief else Slots(),
        measures=measures_of(brief, history) if brief else (),
        as_of=brief.as_of if brief else None,
    )


def measures_of(brief: Brief, history: History) -> tuple[Measure, ...]:
    """What the brief's goal counts as success; nothing where it does not choose between kinds.

    Args:
        brief: Whose goal; it may name clicks that stand beside results.
        history: What was counted.

    Raises:
        InputError: A kind is not in the history.
    """
    goal = brief.goal
    if not (goal.type or goal.values) and len(history.kinds) > 1:
        return ()
    counted = goal.counted(history.kinds, by_name(history))
    if not isinstance(goal, MostValue):
        return (Measure(", ".join(counted), counted),)

    def worth(response: Response, lines: Lines) -> NDArray[float64]:
        return worths_of(brief, response, lines).goal

    return (Measure("value", counted, worth, is_value=True),)
