"""Dates, weekdays and dayparts: when a line runs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from typing import Any, Literal, get_args

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.words import Sentence

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NAMES = {name: i for i, name in enumerate(WEEKDAYS)} | {
    name: i for i, name in enumerate(("lun", "mar", "mer", "jeu", "ven", "sam", "dim"))
}
LONGEST = 731
"""Days that a flight may last at the most: two years."""

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
"""Between which days a brief may speak of dates: beyond, calendars and tables can't count them."""

Split = Literal["none", "week", "day"]


@dataclass(frozen=True)
class Slot:
    """A daypart of certain weekdays.

    Attributes:
        name: As the brief or the history calls it; "" for the whole day where nothing is broken down by slot.
        days: Weekdays on which it runs, or begins to run in the evening; 0 = Monday.
        hours: Hours (0–23, local time) during which it runs.
        late: Those of `hours` that come after midnight and belong to the evening before: Saturday's `22-2` runs on
            Saturday from 22:00 to 24:00 and on Sunday from 0:00 to 2:00.
    """

    name: str
    days: frozenset[int] = frozenset(range(7))
    hours: frozenset[int] = frozenset(range(24))
    late: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        problems = []
        if not isinstance(self.name, str):
            problems.append(
                _wrong(Sentence("“{value}” is no name of a slot.", value=str(self.name)), "slots", self.name)
            )
        else:
            object.__setattr__(self, "name", unicodedata.normalize("NFC", self.name).strip())
        for key, size in (("days", 7), ("hours", 24)):
            given = getattr(self, key)
            numbers = _numbers(given, size)
            if numbers is None:
                message = Sentence("“{value}” says no {key}.", value=str(given), key=key)
                problems.append(_wrong(message, f"slots.{self.name}.{key}", given))
            else:
                object.__setattr__(self, key, numbers)
        if not problems:
            object.__setattr__(self, "late", (_numbers(self.late, 24) or frozenset()) & self.hours)
        if problems:
            raise InputError(*problems)

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
        late = frozenset(hour - 24 for hour in spans if hour >= 24)
        if late & spans:
            raise InputError(
                _twice(name, str(hours), min(late & spans)).at(**{"column": f"slots.{name}.hours", **place})
            )
        evenings = frozenset(day % 7 for day in weekdays)
        return cls(name, evenings, late | {hour for hour in spans if hour < 24}, late)

    def shares(self, other: Slot) -> bool:
        """Whether both run at some hour of some weekday."""
        return any(self.weekdays_at(hour) & other.weekdays_at(hour) for hour in self.hours)

    def covers(self, day: date, hour: int) -> bool:
        """Whether the slot runs at that hour of that day."""
        return day.weekday() in self.weekdays_at(hour)

    def weekdays_at(self, hour: int) -> frozenset[int]:
        """The weekdays on which the clock shows that hour while the slot runs."""
        if hour not in self.hours:
            return frozenset()
        return frozenset((day + 1) % 7 for day in self.days) if hour in self.late else self.days

    def runs(self) -> tuple[tuple[int, int], ...]:
        """First hour and the hour after the last of each run of hours, in order, from midnight of the slot's day on.

        A run over midnight comes last and ends at a smaller hour, or at the same: 22–2 is `(22, 2)`.
        """
        hours = sorted((self.hours - self.late) | {hour + 24 for hour in self.late})
        firsts = [hour for hour in hours if hour - 1 not in hours]
        ends = [hour + 1 for hour in hours if hour + 1 not in hours]
        return tuple((first, end if end <= 24 else end - 24) for first, end in zip(firsts, ends, strict=True))


def _twice(name: str, text: str, hour: int) -> Problem:
    return Problem(
        Sentence(
            "slot “{slot}”: “{text}” holds {hour}:00 both of its own day and of the morning after.",
            slot=name,
            text=text,
            hour=hour,
        ),
        Sentence("Name two slots: one that runs over midnight, and one that does not."),
        value=text,
    )


def _wrong(message: Sentence, column: str, value: Any) -> Problem:
    remedy = Sentence("Write it as text: {example}.", example='Slot.read("soir", "mon-fri", "18-22")')
    return Problem(message, remedy, column=column, value=str(value))


def _numbers(given: Any, size: int) -> frozenset[int] | None:
    """Whole numbers from 0 below `size`, at least one; `None` where that is not what was given."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        return None
    numbers = list(given)
    if not numbers or any(type(n) is not int or not 0 <= n < size for n in numbers):
        return None
    return frozenset(numbers)


def _weekday(text: str) -> int | None:
    return _WEEKDAY_NAMES.get(text[:3].casefold())


def _hour(text: str) -> int | None:
    match = re.fullmatch(r"(\d{1,2})(?:h|:00|h00)?", text.casefold())
    return int(match[1]) if match and int(match[1]) <= 24 else None


def _spans(text: Any, read: Any, size: int, *, closed: bool) -> frozenset[int] | None:
    """The numbers that `a-b|c` covers; those beyond the end of a circle of `size` count on from `size`.

    `None` where a part can't be read.
    """
    found: set[int] = set()
    for part in re.split(r"[|,]", str(text)):
        ends = [read(end.strip()) for end in part.strip().split("-")]
        if not ends or len(ends) > 2 or any(end is None for end in ends):
            return None
        first, last = ends[0] % size, ends[-1]
        if closed or len(ends) == 1:
            last += 1
        count = (last - first) % size or size
        found.update(range(first, first + count))
    return frozenset(found)


@cache
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
        days: Calendar days, 1 to `LONGEST`; the last one is not after `LATEST`.
        split: Whether lines are cut by date: into weeks of seven days from `start`, into days, or not.
    """

    start: date
    days: int
    split: Split = "none"

    def __post_init__(self) -> None:
        if problems := flight_faults(self.start, self.days, self.split):
            raise InputError(*problems)

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

    def without(self, dates: Iterable[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
        """First and last day of each run of the flight's days that are none of those dates."""
        free = [(self.start, self.end)]
        for first, last in dates:
            cut = [
                run
                for low, high in free
                for run in (
                    (low, min(high, first - timedelta(days=1))),
                    (max(low, last + timedelta(days=1)), high),
                )
            ]
            free = [(low, high) for low, high in dict.fromkeys(cut) if low <= high]
        return tuple(free)

    def calendar(self) -> Iterable[date]:
        """Every day of the flight."""
        return (self.start + timedelta(days=i) for i in range(self.days))


def flight_faults(start: Any, days: Any, split: Any) -> list[Problem]:
    """All that is wrong with a flight; `start` is a date, or `None` where it is wrong for a reason already said."""
    problems = []
    whole = type(days) is int
    if not whole or not 1 <= days <= LONGEST:
        message = (
            Sentence("a flight of {days} days can't be planned.", days=days)
            if whole
            else Sentence("“{value}” is no number of days.", value=str(days))
        )
        remedy = Sentence("Give from 1 to {most} days.", most=LONGEST)
        problems.append(Problem(message, remedy, column="flight.days", value=str(days)))
    elif isinstance(start, date) and LATEST - start < timedelta(days=days - 1):
        problems.append(
            _no_start(Sentence("a flight that ends after {last} can't be planned.", last=LATEST), start)
        )
    if start is not None and (not isinstance(start, date) or start < EARLIEST):
        problems.append(
            _no_start(Sentence("“{value}” is no date that can be planned for.", value=str(start)), start)
        )
    if split not in get_args(Split):
        problems.append(
            Problem(
                Sentence("{key} is “{value}”.", key="split", value=str(split)),
                nearest(str(split), get_args(Split)),
                column="flight.split",
                value=str(split),
            )
        )
    return problems


def _no_start(message: Sentence, start: Any) -> Problem:
    remedy = Sentence("Give the first day, such as start = 2026-11-30.")
    return Problem(message, remedy, column="flight.start", value=str(start))


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

    def shared(self) -> tuple[tuple[str, str], ...]:
        """Every two slots that run at the same time, by name."""
        pairs = combinations(self.named.values(), 2)
        return tuple((one.name, other.name) for one, other in pairs if one.shares(other))
