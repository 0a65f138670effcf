"""Plans as rows: what every medium shows, worked out once; money stays in whole minor units that add up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mediaplan.money import Integers, Money, apportion
from mediaplan.planning.answer.contents import Estimate, KeptRule, PlannedLine
from mediaplan.planning.answer.plans import Plan
from mediaplan.report.bearing import bearing
from mediaplan.slots import Flight, Slot, dayparts
from mediaplan.words import Sentence

SHOWN = ("channel", "audience", "slot", "post")
"""Dimensions in the order in which people ask for them."""

MOST_ROWS = 31
"""Rows of a calendar at the most: beyond, days are taken together by week, or by four weeks."""

MOST_COLUMNS = 5
"""Names of a calendar at the most: the others are taken together."""


@dataclass(frozen=True)
class PartRow:
    """What one channel, audience, slot or post receives and is expected to bring.

    Attributes:
        name: Its name.
        amount: Media money.
        share: Of the money spent, 0–1.
        results, value, cpr: As in `Part`.
    """

    name: str
    amount: Money
    share: float
    results: Estimate
    value: Estimate
    cpr: Estimate


@dataclass(frozen=True, eq=False)
class Calendar:
    """Money by day (or by weeks) and name.

    Attributes:
        periods: What each row covers, in order; together the flight.
        names: What each column is about, most money first; `None` = all others together.
        minor: Shape (periods, names), minor units; adds up to what the plan spends.
    """

    periods: tuple[Flight, ...]
    names: tuple[str | None, ...]
    minor: Integers

    @property
    def by_period(self) -> Integers:
        """Shape (periods,), minor units."""
        totals: Integers = self.minor.sum(axis=1)
        return totals


@dataclass(frozen=True)
class RuleRow:
    """How a rule bears on the plan, in words.

    Attributes:
        rule: Its sentence.
        why: Its reason, or empty.
        binding: Whether the plan would be better without it.
        bearing: What giving way would bring, or how far the plan is from it.
    """

    rule: Sentence
    why: str
    binding: bool
    bearing: Sentence


def units_bought(line: PlannedLine) -> float | None:
    """Units of a rate card that the line buys; `None` where it buys none, or where the unit is money itself."""
    if line.units is None or math.isclose(line.units, line.amount.amount):
        return None
    return line.units


def biggest_first(plan: Plan) -> tuple[PlannedLine, ...]:
    """The lines, most money first; lines with the same amount in the plan's order."""
    return tuple(sorted(plan.lines_planned, key=lambda line: -line.amount.minor))


def parts(plan: Plan, dimension: str) -> tuple[PartRow, ...]:
    """What each name of that dimension receives, most money first; empty where nothing breaks it down."""
    whole = max(plan.spent.minor, 1)
    return tuple(
        PartRow(str(name), part.amount, part.amount.minor / whole, part.results, part.value, part.cpr)
        for name, part in plan.totals.by.get(dimension, {}).items()
        if name is not None
    )


def slot_of(plan: Plan, name: str | None) -> Slot:
    """The slot of that name: the brief's, a four-hour daypart, or one that always runs."""
    known = {slot.name: slot for slot in (*dayparts(), *plan.brief.slots)}
    return known.get(name or "") or Slot(name or "")


def running_days(plan: Plan, line: PlannedLine) -> tuple[date, ...]:
    """The days on which the line runs; all its days where its slot falls on none of them."""
    flight = Flight(line.start, line.days)
    return flight.dates(slot_of(plan, line.slot)) or tuple(flight.calendar())


def per_day(plan: Plan, line: PlannedLine) -> dict[date, Money]:
    """The line's money on each day on which it runs: even, in whole minor units, adding up to its amount.

    Where it can't be even, the first days carry one minor unit more.
    """
    days = running_days(plan, line)
    shares = apportion(np.ones(len(days)), line.amount.minor)
    return {day: Money(int(share), line.amount.currency) for day, share in zip(days, shares, strict=True)}


def calendar(plan: Plan, dimension: str) -> Calendar:
    """Money per day of the flight and name of that dimension."""
    return _calendar(plan, dimension, [per_day(plan, line) for line in plan.lines_planned])


def _calendar(plan: Plan, dimension: str, daily: Sequence[Mapping[date, Money]]) -> Calendar:
    """The same, from each line's money by day."""
    names = _names(parts(plan, dimension), plan)
    flight = plan.brief.flight
    step = next(step for step in (1, 7, 28) if flight.days <= MOST_ROWS * step)
    minor = np.zeros((-(-flight.days // step), len(names)), dtype=np.int64)
    columns = {name: column for column, name in enumerate(names)}
    for line, days in zip(plan.lines_planned, daily, strict=True):
        column = columns.get(getattr(line, dimension), len(names) - 1)
        for day, money in days.items():
            minor[(day - flight.start).days // step, column] += money.minor
    return Calendar(_periods(flight, step), names, minor)


def calendars(plan: Plan) -> Iterable[tuple[str, Calendar]]:
    """Dimension and calendar, by channel and by slot where there are several; by channel at least."""
    chosen = [dimension for dimension in ("channel", "slot") if len(parts(plan, dimension)) > 1]
    daily = [per_day(plan, line) for line in plan.lines_planned]
    return [(dimension, _calendar(plan, dimension, daily)) for dimension in chosen or ["channel"]]


def rule_rows(plan: Plan) -> tuple[RuleRow, ...]:
    """The rules, those that bind first, in the brief's order otherwise."""
    ordered: list[KeptRule] = sorted(plan.rules, key=lambda kept: not kept.binding)
    return tuple(RuleRow(kept.rule, kept.why, kept.binding, bearing(plan, kept)) for kept in ordered)


def _names(rows: tuple[PartRow, ...], plan: Plan) -> tuple[str | None, ...]:
    names: tuple[str | None, ...] = tuple(row.name for row in rows)
    if len(names) > MOST_COLUMNS:
        return (*names[: MOST_COLUMNS - 1], None)
    covered = sum(row.amount.minor for row in rows) == plan.spent.minor
    return names if names and covered else (*names, None)


def _periods(flight: Flight, step: int) -> tuple[Flight, ...]:
    first = flight.start.toordinal()
    return tuple(
        Flight(date.fromordinal(first + at), min(step, flight.days - at))
        for at in range(0, flight.days, step)
    )
