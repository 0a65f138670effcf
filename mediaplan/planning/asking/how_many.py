"""How many lines can be held: of very many, what is uncertain is drawn less often; more are refused before they are made."""

from __future__ import annotations

from collections.abc import Iterator

from mediaplan.errors import InputError, Problem
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.lines import Lines
from mediaplan.words import Sentence

MOST_LINES = 1_000_000
"""Lines of a plan: so many of a fitted history take some five gigabytes."""
MANY_LINES = 300_000
"""Lines that have all their posterior draws; of more, so many that there are as many curves as of these with a hundred."""
MOST_CURVES = 100 * MANY_LINES
MOST_COMBINATIONS = 3 * MOST_LINES
"""Posts × channels × audiences × slots that are looked at at all; dates may leave fewer lines."""


def most_draws(lines: int) -> int | None:
    """Posterior draws that so many lines may have, an even number; `None` = as many as there are."""
    return None if lines <= MANY_LINES else 2 * (MOST_CURVES // (2 * lines))


def drawn_less(lines: int, draws: int) -> Iterator[Sentence]:
    """What a person should know of a plan whose lines are so many that they have fewer draws."""
    if draws == most_draws(lines):
        yield Sentence(
            "The brief makes {lines} lines: each was worked out with {draws} draws of what is uncertain instead of a hundred, so that what is expected of a line may be some percent off, and intervals are rougher.",
            lines=lines,
            draws=draws,
        )


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
