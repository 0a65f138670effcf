"""More lines than can be held are refused before they are made: what crossing posts, channels, audiences, slots comes to."""

from __future__ import annotations

from mediaplan.errors import InputError, Problem
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.lines import Lines
from mediaplan.words import Sentence

MOST_LINES = 300_000
"""Lines of a plan: each has hundreds of drawn curves, so that more take more than some four gigabytes."""
MOST_COMBINATIONS = 10 * MOST_LINES
"""Posts × channels × audiences × slots that are looked at at all; dates may leave fewer lines."""


def check_combinations(count: int) -> None:
    """See that so many combinations can be listed.

    Raises:
        InputError: They are too many.
    """
    if count > MOST_COMBINATIONS:
        message = Sentence(
            "posts, channels, audiences and slots make {count} lines; more than {most} can't be planned at once.",
            count=count,
            most=MOST_LINES,
        )
        raise InputError(Problem(message, _remedy(), value=str(count)))


def check_lines(lines: Lines) -> None:
    """See that so many lines can be planned.

    Raises:
        InputError: They are too many; the message says what they are made of.
    """
    if len(lines) <= MOST_LINES:
        return
    many = {dimension: len(set(lines.codes[dimension].tolist())) for dimension in DIMENSIONS}
    message = Sentence(
        "the brief makes {count} lines ({posts} posts, {channels} channels, {audiences} audiences, {slots} slots, {days} beginnings); more than {most} can't be planned at once.",
        count=len(lines),
        posts=many["post"],
        channels=many["channel"],
        audiences=many["audience"],
        slots=many["slot"],
        days=len(set(lines.start.tolist())),
        most=MOST_LINES,
    )
    raise InputError(Problem(message, _remedy(), value=str(len(lines))))


def _remedy() -> Sentence:
    return Sentence(
        "Keep to combinations of the history ({seen}), set posts on hold, name their channels, leave out audiences or slots, or plan without {split}.",
        seen='lines = "seen"',
        split="flight.split",
    )
