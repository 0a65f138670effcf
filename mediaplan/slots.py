"""Dates, weekdays and dayparts: when a line runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NAMES = {name: i for i, name in enumerate(WEEKDAYS)} | {
    name: i for i, name in enumerate(("lun", "mar", "mer", "jeu", "ven", "sam", "dim"))
}
LONGEST = 731
"""Days that a flight may last at the most: two years."""

Split = Literal["none", "week", "day"]


@dataclass(frozen=True)
class Slot:
    """A daypart of certain weekdays.

    Attributes:
        name: As the brief or the history calls it.
        days: Weekdays on which it runs, 0 = Monday.
        hours: Hours (0–23, local time) during which it runs.
    """

    name: str
    days: frozenset[int] = frozenset(range(7))
    hours: frozenset[int] = frozenset(range(24))

    @classmethod
    def read(cls, name: str, days: str = "mon-sun", hours: str = "0-24", **place: Any) -> Slot:
        """A slot from its text: `days="mon-fri"` or `"sat|sun"`, `hours="18-22"` or `"22-2"` (over midnight).

        Raises:
            InputError: The text names no weekday or no hours.
        """
        weekdays = _spans(days, _weekday, 7, closed=True)
        spans = _spans(hours, _hour, 24, closed=False)
        wrong = [("days", days, "mon-fri, sat|sun")] * (weekdays is None) + [("hours", hours, "18-22")] * (
            spans is None
        )
        if weekdays is None or spans is None:
            raise InputError(
                *(
                    Problem(
                        Sentence(
                            "slot “{slot}”: “{text}” says no {key}.", slot=name, text=str(text), key=key
                        ),
                        Sentence("Write {key} like {example}.", key=key, example=example),
                        **{"column": f"slots.{name}.{key}", "value": str(text), **place},
                    )
                    for key, text, example in wrong
                )
            )
        return cls(name, weekdays, spans)

    def covers(self, day: date, hour: int) -> bool:
        """Whether the slot runs at that hour of that day."""
        return day.weekday() in self.days and hour in self.hours


def _weekday(text: str) -> int | None:
    return _WEEKDAY_NAMES.get(text[:3].casefold())


def _hour(text: str) -> int | None:
    match = re.fullmatch(r"(\d{1,2})(?:h|:00|h00)?", text.casefold())
    return int(match[1]) if match and int(match[1]) <= 24 else None


def _spans(text: Any, read: Any, size: int, *, closed: bool) -> frozenset[int] | None:
    """The numbers that `a-b|c` covers around a circle of `size`; `None` where a part can't be read."""
    found: set[int] = set()
    for part in re.split(r"[|,]", str(text)):
        ends = [read(end.strip()) for end in part.strip().split("-")]
        if not ends or len(ends) > 2 or any(end is None for end in ends):
            return None
        first, last = ends[0], ends[-1]
        if closed or len(ends) == 1:
            last += 1
        count = (last - first) % size or size
        found.update((first + i) % size for i in range(count))
    return frozenset(found)


def dayparts() -> tuple[Slot, ...]:
    """Six dayparts of four hours each, for histories with hours where the brief names no slots."""
    return tuple(
        Slot(f"{start:02d}-{start + 4:02d}", hours=frozenset(range(start, start + 4)))
        for start in range(0, 24, 4)
    )


@dataclass(frozen=True)
class Flight:
    """The dates that a brief covers.

    Attributes:
        start: First day.
        days: Calendar days, 1 to `LONGEST`.
        split: Whether lines are cut by date: into weeks of seven days from `start`, into days, or not.
    """

    start: date
    days: int
    split: Split = "none"

    def __post_init__(self) -> None:
        if not 1 <= self.days <= LONGEST:
            raise InputError(
                Problem(
                    Sentence("a flight of {days} days can't be planned.", days=self.days),
                    Sentence("Give from 1 to {most} days.", most=LONGEST),
                    column="flight.days",
                    value=str(self.days),
                )
            )

    @property
    def end(self) -> date:
        """Last day, included."""
        return self.start + timedelta(days=self.days - 1)

    def pieces(self) -> tuple[Flight, ...]:
        """The flight cut as `split` says, in order of date."""
        step = {"none": self.days, "week": 7, "day": 1}[self.split]
        return tuple(
            Flight(self.start + timedelta(days=at), min(step, self.days - at))
            for at in range(0, self.days, step)
        )

    def dates(self, slot: Slot) -> tuple[date, ...]:
        """The days of the flight on which the slot runs."""
        days = (self.start + timedelta(days=i) for i in range(self.days))
        return tuple(day for day in days if day.weekday() in slot.days)

    def calendar(self) -> Iterable[date]:
        """Every day of the flight."""
        return (self.start + timedelta(days=i) for i in range(self.days))


@dataclass(frozen=True)
class Slots:
    """The slots that a brief names.

    Attributes:
        named: By name; empty where the brief names none and those of the history count.
    """

    named: Mapping[str, Slot] = field(default_factory=dict)

    def at(self, day: date, hour: int) -> str | None:
        """The first named slot that runs at that hour, or `None`."""
        return next((slot.name for slot in self.named.values() if slot.covers(day, hour)), None)
