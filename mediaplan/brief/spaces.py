"""The lines of a plan as rules see them: by names, by dates, and piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Array, Mask
from mediaplan.response.ladders import Ladders
from mediaplan.response.lines import Lines
from mediaplan.response.reaching import People
from mediaplan.slots import Flight, Slot

Dates = tuple[tuple[date, date], ...]
"""First and last day of each run of dates."""


@dataclass(frozen=True, eq=False)
class Space:
    """The lines of a plan with the words by which rules pick them.

    Attributes:
        lines: The lines that may receive money.
        attributes: `format` and `topic` of each line's post: shape (lines,), text or `None`.
        budget: Media money that may be spent, minor units.
        flight: The dates of the brief; no line runs outside them.
        slots: Those that the brief names; others run every day.
        groups: Names that stand for several.
        worth: What outcomes count; `None` where no curves are known.
        people: Who can be reached; `None` where nobody asked.
        major: Major units of money in a minor one.
        shut: Shape (lines,), lines that rules keep off some of their dates: they receive nothing, and what is left of them
            are lines of their own; `None` = no rule does.
    """

    lines: Lines
    attributes: Mapping[str, NDArray[np.object_]]
    budget: int
    flight: Flight
    slots: Mapping[str, Slot] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    worth: Outcomes | None = None
    people: People | None = None
    major: float = 1.0
    shut: Mask | None = None

    @property
    def outcomes(self) -> Outcomes:
        """What outcomes count.

        Raises:
            ValueError: No curves are known.
        """
        if self.worth is None:
            raise ValueError("rules over outcomes need to know what results count")
        return self.worth

    def with_budget(self, budget: int) -> Self:
        """The same lines with other media money, minor units."""
        return replace(self, budget=budget)

    def picks(self, wanted: Mapping[str, Sequence[str]]) -> Mask:
        """Lines that bear one of the wanted names in each dimension that is asked for."""
        mask = np.ones(len(self.lines), dtype=bool)
        for dimension, names in wanted.items():
            if names:
                mask &= self._bearing(dimension, names)
        return mask

    def _bearing(self, dimension: str, names: Sequence[str]) -> Mask:
        several = [one for name in names for one in self.groups.get(name, (name,))]
        if dimension in self.attributes:
            return np.isin(self.attributes[dimension], np.array(several, dtype=object))
        known = self.lines.names[dimension]
        chosen = np.array([any(bears(dimension, n, w) for w in several) for n in known] + [False])
        mask: Mask = chosen[self.lines.codes[dimension]]
        return mask

    def running(self, dates: Dates) -> Array:
        """Shape (lines,): the part of each line's money that falls on those dates; money runs evenly over the days
        on which the line's slot runs.
        """
        first = (self.lines.start - np.datetime64(self.flight.start, "D")).astype(np.int64)
        end = first + self.lines.days
        part = np.zeros(len(self.lines))
        names = (*self.lines.names["slot"], None)
        codes = self.lines.codes["slot"]
        for code in np.unique(codes):
            mine = codes == code
            before = self._days_before(names[code])
            inside = np.zeros(int(mine.sum()))
            for low, high in self._places(dates):
                a, b = np.clip(first[mine], low, high), np.clip(end[mine], low, high)
                inside += before[b] - before[a]
            part[mine] = inside
        return part / np.maximum(self.days_running(), 1)

    def days_running(self) -> NDArray[np.int64]:
        """Shape (lines,): on how many of its days each line's slot runs."""
        first = (self.lines.start - np.datetime64(self.flight.start, "D")).astype(np.int64)
        found = np.zeros(len(self.lines), dtype=np.int64)
        names, codes = (*self.lines.names["slot"], None), self.lines.codes["slot"]
        for code in np.unique(codes):
            mine = codes == code
            before = self._days_before(names[code])
            found[mine] = before[(first + self.lines.days)[mine]] - before[first[mine]]
        return found

    def _days_before(self, slot: str | None) -> NDArray[np.int64]:
        """Shape (days of the flight + 1,): on how many days before each the slot runs."""
        known = None if slot is None else self.slots.get(slot)
        weekdays = range(7) if known is None else known.days
        runs = [day.weekday() in weekdays for day in self.flight.calendar()]
        return np.concatenate([[0], np.cumsum(runs)])

    def _places(self, dates: Dates) -> list[tuple[int, int]]:
        """Runs of dates as days of the flight from 0, the end not included."""
        start, days = self.flight.start, self.flight.days
        spans = [(max((a - start).days, 0), min((b - start).days + 1, days)) for a, b in dates]
        merged: list[tuple[int, int]] = []
        for low, high in sorted(span for span in spans if span[0] < span[1]):
            if merged and low <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return merged

    def parts(
        self, wanted: Mapping[str, Sequence[str]], dates: Dates, per: Sequence[str]
    ) -> Iterator[tuple[Array, Array]]:
        """The picked lines, once or for each piece that `per` names.

        Args:
            wanted: Names by dimension.
            dates: Runs of dates; none = all.
            per: Dimensions, `day` or `week`: every combination of them is a piece of its own.

        Yields:
            The part of each line's money that is picked in the piece, and the part that is in the piece at all, each
            shape (lines,); pieces without picked lines are left out, and days and weeks with none but shut ones, unless that
            leaves nothing. Where nothing is picked but what `per` names, the whole plan stands for the piece.
        """
        found, dark = False, []
        for inside, whole, runs in self._every_part(wanted, dates, per):
            if runs:
                found = True
                yield inside, whole
            else:
                dark.append((inside, whole))
        if not found:
            yield from dark

    def _every_part(
        self, wanted: Mapping[str, Sequence[str]], dates: Dates, per: Sequence[str]
    ) -> Iterator[tuple[Array, Array, bool]]:
        """The pieces of `parts`, and whether any of the lines may run in each that is a time."""
        names = [dimension for dimension in per if dimension not in ("day", "week")]
        mask = self.picks(wanted)
        alone = not dates and not any(wanted[d] for d in wanted if d not in names)
        for combination in product(*(self._labels(d, wanted.get(d, ())) for d in names)):
            here = np.ones(len(self.lines), dtype=bool)
            for dimension, name in zip(names, combination, strict=True):
                here &= self._bearing(dimension, (name,))
            if not (here & mask).any():
                continue
            for piece in self._spans(per):
                days = self._both(dates, piece)
                inside = mask * here * (self.running(days) if dates or piece else 1.0)
                if inside.any():
                    whole = np.ones(len(self.lines)) if alone else here * self._within(piece)
                    runs = not piece or self.shut is None or bool((inside * ~self.shut).any())
                    yield inside.astype(np.float64), whole.astype(np.float64), runs

    def _within(self, piece: Dates) -> Array:
        return self.running(piece) if piece else np.ones(len(self.lines))

    def _labels(self, dimension: str, wanted: Sequence[str]) -> list[str]:
        """The names that a piece may have: those that are picked, each of a group's, else all that lines bear."""
        if wanted:
            return list(dict.fromkeys(one for name in wanted for one in self.groups.get(name, (name,))))
        found = self.attributes[dimension] if dimension in self.attributes else self.lines.labels(dimension)
        return sorted({str(name) for name in found if name is not None})

    def _spans(self, per: Sequence[str]) -> list[Dates]:
        """The dates of each piece of time; none = the whole flight."""
        if "day" in per:
            return [((day, day),) for day in self.flight.calendar()]
        if "week" in per:
            weeks = Flight(self.flight.start, self.flight.days, "week").pieces()
            return [((week.start, week.end),) for week in weeks]
        return [()]

    @staticmethod
    def _both(dates: Dates, piece: Dates) -> Dates:
        if not dates or not piece:
            return dates or piece
        ((first, last),) = piece
        both = [(max(a, first), min(b, last)) for a, b in dates]
        return tuple((a, b) for a, b in both if a <= b) or ((first, first - timedelta(days=1)),)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What an expected result counts, by kind and line: what rules over outcomes add up.

    Attributes:
        kinds: Kinds of result, in the order of the arrays' first axis.
        count: Shape (kinds, lines): 1 for the kinds that the goal counts, else 0.
        value: Shape (kinds, lines): worth of one result, goal × audience × post.
        least_for: Counted results of each line, shape (lines,) -> the least money with which they are expected, minor
            units, shape (lines,); very large where no money brings them.
        given: What a rate card says of some lines; `None` = there is none.
    """

    kinds: tuple[str, ...]
    count: Array
    value: Array
    least_for: Callable[[Array], NDArray[np.int64]]
    given: Ladders | None = None

    def of_type(self, kind: str | None) -> Array:
        """Shape (kinds, lines): one for each result of that kind, or of those that the goal counts."""
        if kind is None:
            return self.count
        found = np.zeros_like(self.count)
        found[self.kinds.index(kind)] = 1.0
        return found


def bears(dimension: str, name: str, wanted: str) -> bool:
    """Whether a line with that name is meant by the wanted one; a channel means its placements too."""
    if dimension == "channel":
        return name == wanted or name.startswith(wanted + "/")
    return name == wanted
