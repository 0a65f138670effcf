"""By what rules pick lines, and what counts as a name."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

from mediaplan.errors import Problem
from mediaplan.slots import EARLIEST, LATEST
from mediaplan.words import Sentence

PICKS = ("post", "channel", "audience", "slot", "format", "topic")
"""By what a rule may pick lines."""


def names_of(given: Any) -> tuple[str, ...] | None:
    """The names that a pick states, as names are compared; `None` where they are none."""
    if given is None:
        return ()
    if isinstance(given, (set, frozenset)):
        given = sorted(given, key=str)
    names = (given,) if isinstance(given, str) else given
    if not isinstance(names, (list, tuple)) or given == []:
        return None
    if not all(isinstance(name, str) and name.strip() for name in names):
        return None
    return tuple(unicodedata.normalize("NFC", name).strip() for name in names)


def misstated(key: str, value: Any, kind: Sentence) -> Problem:
    """The fault of a field of a rule that takes another kind of value."""
    message = Sentence("{key} is “{value}”.", key=key, value=str(value))
    return Problem(message, Sentence("It takes {kind}.", kind=kind), column=key, value=str(value))


DATES = Sentence(
    "Give a day as {day}, the days from one to another as {run}, or a list of these.",
    day="2026-12-24",
    run='"2026-12-24/2026-12-26"',
)
"""How dates are stated."""


def dates_of(given: Any) -> tuple[str, ...] | None:
    """The runs of dates that a pick states, as ISO text; `None` where they are none."""
    if given is None:
        return ()
    several = given if isinstance(given, (list, tuple)) else (given,)
    if given == []:
        return None
    runs = [_run(item) for item in several]
    return None if None in runs else tuple(run for run in runs if run is not None)


def run_of(text: str) -> tuple[date, date]:
    """First and last day of a run of dates that `dates_of` gave."""
    first, _, last = text.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def run_said(first: date, last: date) -> Sentence:
    """A run of dates as people say it."""
    if first == last:
        return Sentence("{day}", day=first)
    return Sentence("{first} to {last}", first=first, last=last)


def _run(given: Any) -> str | None:
    if isinstance(given, datetime):
        return None
    if isinstance(given, date):
        return given.isoformat() if EARLIEST <= given <= LATEST else None
    if not isinstance(given, str):
        return None
    try:
        first, last = run_of(given.strip().replace(" ", ""))
    except ValueError:
        return None
    if not EARLIEST <= first <= last <= LATEST:
        return None
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
