"""Rules about time: from when, until when, on which days not, and how the money is spread over the days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, ClassVar, Literal

import numpy as np

from mediaplan.brief.picking import DATES, misstated, run_said
from mediaplan.brief.rules.limiting import Limited
from mediaplan.brief.rules.money import money_row
from mediaplan.brief.rules.stating import Rule, minor, says
from mediaplan.brief.spaces import Dates, Space
from mediaplan.brief.terms import Domain, Linear, Mask, Term
from mediaplan.errors import Problem
from mediaplan.slots import EARLIEST, LATEST
from mediaplan.words import Sentence


@dataclass(frozen=True, kw_only=True)
class Dated(Rule):
    """A rule that keeps the picked lines off some dates; lines are cut there, so that the rest of them may run."""

    date: Any = says(Sentence("The day, or the days: a date, “first/last”, or a list."), ())

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """No date."""
        if self.date:
            return []
        message = Sentence("the rule “{word}” has no date, and so says nothing.", word=self.word)
        return [Problem(message, DATES, **place)]

    def off(self) -> Dates:
        """The dates on which the picked lines do not run."""
        raise NotImplementedError

    def off_of(self, running: Iterable[date]) -> Dates:  # noqa: ARG002 - blackouts ask for it
        """The dates that a line loses whose slot runs on those days."""
        return self.off()

    def lines_in(self, space: Space) -> Mask:
        """The picked lines, on whatever dates."""
        return space.picks(self.picks())

    def terms(self, space: Space) -> list[Term]:
        """Nothing for lines that run on those dates."""
        return [Domain(self.lines_in(space) & self.runs_on(space), at_most=0)]

    def runs_on(self, space: Space) -> Mask:
        """Shape (lines,): lines that run on those dates."""
        return space.running(self.off()) > 0

    def _lines_said(self) -> Sentence:
        named = [names for names in self.picks().values() if names]
        if not named:
            return Sentence("all lines")
        return Sentence("{names}", names=" × ".join(", ".join(names) for names in named))


@dataclass(frozen=True, kw_only=True)
class _OneDay(Dated):
    """A rule with one date."""

    date: Any = says(Sentence("The day."), ())

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """No date, or several."""
        if len(self.date) < 2 and not any("/" in text for text in self.date):
            return super().faults(place)
        message = Sentence("{key} is “{value}”.", key="date", value=", ".join(self.date))
        return [Problem(message, Sentence("Give one day, such as {day}.", day="2026-12-24"), **place)]

    @property
    def day(self) -> date:
        """The one date."""
        return self.days()[0][0]


@dataclass(frozen=True, kw_only=True)
class NotBefore(_OneDay):
    """The picked lines start on that day or later."""

    word: ClassVar[str] = "not before"

    def sentence(self) -> Sentence:
        """`instagram: not before Tue 1 Dec 2026`."""
        return Sentence("{what}: not before {day}", what=self._lines_said(), day=self.day)

    def off(self) -> Dates:
        """All days before."""
        return ((EARLIEST, self.day - timedelta(days=1)),)

    def runs_on(self, space: Space) -> Mask:
        """Shape (lines,): lines that start before."""
        early: Mask = space.lines.start < np.datetime64(self.day, "D")
        return early


@dataclass(frozen=True, kw_only=True)
class NotAfter(_OneDay):
    """The picked lines end on that day or earlier."""

    word: ClassVar[str] = "not after"

    def sentence(self) -> Sentence:
        """`instagram: not after Tue 1 Dec 2026`."""
        return Sentence("{what}: not after {day}", what=self._lines_said(), day=self.day)

    def off(self) -> Dates:
        """All days after."""
        return ((self.day + timedelta(days=1), LATEST),)

    def runs_on(self, space: Space) -> Mask:
        """Shape (lines,): lines whose last day is later."""
        late: Mask = space.lines.start + (space.lines.days - 1) > np.datetime64(self.day, "D")
        return late


@dataclass(frozen=True, kw_only=True)
class Blackout(Dated):
    """The picked lines do not run on those days; a line that would is cut into one before and one after."""

    word: ClassVar[str] = "blackout"

    def sentence(self) -> Sentence:
        """`facebook: nothing on Fri 25 Dec 2026`."""
        dates = tuple(run_said(first, last) for first, last in self.days())
        return Sentence("{what}: nothing on {dates}", what=self._lines_said(), dates=dates)

    def off(self) -> Dates:
        """Those days."""
        return self.days()

    def off_of(self, running: Iterable[date]) -> Dates:
        """Those of the days on which the slot runs: on the others there is nothing to lose."""
        runs = self.days()
        return tuple((day, day) for day in running if any(first <= day <= last for first, last in runs))


@dataclass(frozen=True, kw_only=True)
class PerDay(Limited):
    """How the picked lines' money is spread over the days (or weeks): ceilings, floors, or a shape.

    Attributes:
        at_least, at_most: Money for each day on which picked lines run.
        shape: `even`: every day has the same; `front`: no day has less than the one after it.
        per: `day`, or `week` for weeks of seven days from the flight's first.
    """

    word: ClassVar[str] = "per day"
    amounts: ClassVar[tuple[str, ...]] = ("at_least", "at_most")

    at_least: Any = says(Sentence("The least for each day on which picked lines run."))
    at_most: Any = says(Sentence("The most for each day."))
    shape: Literal["even", "front"] | None = says(
        Sentence("“even”: every day has the same; “front”: no day has less than the one after it.")
    )
    per: Literal["day", "week"] = says(
        Sentence("“day” (the default), or “week” for weeks from the first day."), "day"
    )

    def _misstated(self) -> list[Problem]:
        problems = super()._misstated()
        if self.shape not in (None, "even", "front"):
            problems.append(misstated("shape", self.shape, Sentence("“even” or “front”")))
        if self.per not in ("day", "week"):
            problems.append(misstated("per", self.per, Sentence("“day” or “week”")))
        return problems

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """Nothing said, or limits that cross."""
        return self._crossed(place) if self.shape else self._unlimited(place) + self._crossed(place)

    def sentence(self) -> Sentence:
        """`all lines, each day: at most 100,000 F CFA, front-loaded`."""
        parts: list[Sentence] = [self._range()] if self.limits() else []
        if self.shape == "even":
            parts.append(Sentence("the same each time"))
        if self.shape == "front":
            parts.append(Sentence("never less than the next time"))
        if self.per == "week":
            return Sentence("{what}, each week: {limits}", what=self.subject(), limits=tuple(parts))
        return Sentence("{what}, each day: {limits}", what=self.subject(), limits=tuple(parts))

    def terms(self, space: Space) -> list[Term]:
        """A row for each day with picked lines, and one between each two for a shape."""
        days = [inside for inside, _ in space.parts(self.picks(), self.days(), (self.per,))]
        rows: list[Term] = []
        if self.limits():
            least, most = minor(self.at_least, -np.inf), minor(self.at_most, np.inf)
            rows += [money_row(inside, least, most) for inside in days]
        if self.shape:
            most = 0.0 if self.shape == "even" else np.inf
            rows += [
                Linear.over(earlier - later, 0.0, most, (earlier + later) > 0, ratio=True)
                for earlier, later in pairwise(days)
            ]
        return rows
