"""When the money of each row was spent: its own day, its week or month, or the period that the file says."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from mediaplan.history.columns.picking import Picked
from mediaplan.history.platforms.recognising import ALL, Recognised
from mediaplan.history.tables.cells import each, is_nothing, text_of
from mediaplan.history.tables.dates import Order, date_of, dates_in, month_of, proven_order, week_of
from mediaplan.history.tables.tables import Cells, Fault, Table
from mediaplan.words import Sentence

_MIDNIGHT = re.compile(r".*[T ]0{1,2}:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
Span = tuple[date, date]


@dataclass(frozen=True, eq=False)
class Period:
    """The columns `date` and `days`.

    Attributes:
        columns: By contract name; without `date` where nothing tells the period.
        faults: By the file's column, cells that are no date.
    """

    columns: dict[str, Picked]
    faults: tuple[tuple[str, list[Fault]], ...] = field(default=())


def period_of(found: Recognised, table: Table, said: Order = "unclear") -> Period:
    """The first day of each row and the days it covers.

    Args:
        found: What the table was recognised as.
        table: Its rows without sums.
        said: The order of day and month that a person says.
    """
    told = told_period(found, table.preamble)
    order = _order(found, table, told, said)
    start, end = found.first("start"), found.first("end")
    if (place := found.first("date")) is not None:
        daily = _days(table, place, order, told)
        return (
            daily if start is None else _filled(daily, _between(table, start, end, order), table.cells[place])
        )
    for word in ("week", "month"):
        if (place := found.first(word)) is not None:
            return _spans(table, place, order, told, word)
    if start is not None:
        return _between(table, start, end, order)
    if (place := found.first("hour")) is not None and _says_days(table.cells[place]):
        days = each(table.cells[place], lambda text: _first_day(text[:10], order))
        return Period({"date": Picked(table.header[place], days)})
    if told is not None:
        return Period(_constant(told, len(table.rows)))
    return Period({})


def _says_days(cells: Cells) -> bool:
    """Whether hours stand with their days: `2026-05-01 09:00`."""
    return all(date_of(text[:10], "unclear") is not None for text in each(cells, str) if not is_nothing(text))


def told_period(found: Recognised, preamble: Sequence[str]) -> Span | None:
    """The period that the lines above the table say: their first two days."""
    order = found.platform.orders.get(found.language or "", "unclear")
    days = [day for line in preamble for day in dates_in(line, order)][:2]
    if not days:
        return None
    return (days[0], days[-1]) if days[0] <= days[-1] else None


def _constant(told: Span, count: int) -> dict[str, Picked]:
    start, days = np.empty(count, dtype=object), np.empty(count, dtype=object)
    start[:], days[:] = told[0].isoformat(), (told[1] - told[0]).days + 1
    return {"date": Picked("date", start, constant=True), "days": Picked("days", days, constant=True)}


def _order(found: Recognised, table: Table, told: Span | None, said: Order) -> Order:
    """Order of day and month: what the cells prove, what the period allows, else what the platform always writes."""
    texts: list[str] = []
    for word in ("date", "start", "end", "week", "month"):
        place = found.first(word)
        if place is not None:
            texts += sorted({text for text in each(table.cells[place], str) if not is_nothing(text)})
    proven = proven_order(texts)
    if proven != "unclear":
        return proven
    if told is not None and texts:
        orders: tuple[Order, Order] = ("day first", "month first")
        fitting = [order for order in orders if _all_within(texts, order, told)]
        if len(fitting) == 1:
            return fitting[0]
    return said if said != "unclear" else found.platform.orders.get(found.language or "", "unclear")


def _all_within(texts: Sequence[str], order: Order, told: Span) -> bool:
    found = [date_of(text, order) for text in texts]
    return all(day is not None and told[0] <= day <= told[1] for day in found)


def _days(table: Table, place: int, order: Order, told: Span | None) -> Period:
    """A row for each day, or one day on all rows: the first of the period that the file tells."""
    cells = table.cells[place]
    name = table.header[place]
    written = each(cells, lambda text: _first_day(text, order))
    columns = {"date": Picked(name, written)}
    different = set(written.tolist())
    if told is not None and told[1] > told[0] and different == {told[0].isoformat()}:
        columns["days"] = _constant(told, len(cells))["days"]
    elif any(_is_span(text, order) for text in set(each(cells, str))):
        spans = each(cells, lambda text: dates_in(text, order))
        length = np.empty(len(cells), dtype=object)
        length[:] = [(days[-1] - days[0]).days + 1 if days and days[-1] >= days[0] else 1 for days in spans]
        columns["days"] = Picked(name, length)
    return Period(columns)


def _is_span(text: str, order: Order) -> bool:
    """Whether a cell says two days, and is no moment of one day."""
    return (
        " - " in text or " – " in text or (date_of(text, order) is None and len(dates_in(text, order)) == 2)
    )


def _filled(daily: Period, whole: Period, cells: Cells) -> Period:
    """Days, and the period of the row where its day says "All" or nothing."""
    undated = np.array([is_nothing(text) or text.casefold() in ALL for text in each(cells, str)], dtype=bool)
    if not undated.any():
        return daily
    columns = {}
    for word, fallback in (("date", ""), ("days", 1)):
        cells = np.full(len(undated), fallback, dtype=object)
        if word in daily.columns:
            cells[:] = daily.columns[word].cells
        if word in whole.columns:
            cells[undated] = whole.columns[word].cells[undated]
        columns[word] = Picked(daily.columns["date"].name, cells)
    return Period(columns)


def _first_day(text: str, order: Order) -> str:
    """The day as ISO; of two, the first; the text as it stands where it is none."""
    day = date_of(text, order)
    if day is None and len(days := dates_in(text, order)) == 2:
        day = days[0]
    return text if day is None else day.isoformat()


def _spans(table: Table, place: int, order: Order, told: Span | None, word: str) -> Period:
    """A row for each week or month, as far as the file's period goes."""
    cells, name = table.cells[place], table.header[place]
    starts, lengths = np.empty(len(cells), dtype=object), np.empty(len(cells), dtype=object)
    for at, cell in enumerate(cells):
        text = text_of(cell)
        first = date_of(text, order) or (month_of(text) if word == "month" else week_of(text))
        if first is None:
            starts[at], lengths[at] = text, 1
            continue
        last = first + timedelta(6 if word == "week" else monthrange(first.year, first.month)[1] - first.day)
        if told is not None and first <= told[1] and last >= told[0]:
            first, last = max(first, told[0]), min(last, told[1])
        starts[at], lengths[at] = first.isoformat(), (last - first).days + 1
    return Period({"date": Picked(name, starts), "days": Picked(name, lengths)})


def _between(table: Table, start: int, end: int | None, order: Order) -> Period:
    """A first and a last day on each row; a last moment at midnight belongs to the day before."""
    firsts = each(table.cells[start], lambda text: _first_day(text, order))
    columns = {"date": Picked(table.header[start], firsts)}
    if end is None:
        return Period(columns)
    begun = each(firsts, lambda text: date_of(text, order))
    ended = each(table.cells[end], lambda text: _end(text, order))
    lengths = np.empty(len(firsts), dtype=object)
    faults = []
    for at, (first, (last, midnight, text)) in enumerate(zip(begun, ended, strict=True)):
        lengths[at] = 1
        if first is None or not text:
            continue
        if last is not None and last >= first:
            lengths[at] = (last - first).days + (0 if midnight and last > first else 1)
        else:
            faults.append(Fault(at, text, *_WRONG_END))
    columns["days"] = Picked(table.header[end], lengths)
    return Period(columns, ((table.header[end], faults),))


_WRONG_END = (
    Sentence("this is no day after the row's first one."),
    Sentence("Write dates as year-month-day, such as {example}.", example="2026-11-30"),
)


def _end(text: str, order: Order) -> tuple[date | None, bool, str]:
    """A last day, whether it is said as its first moment, and the text ("" where it says nothing)."""
    return date_of(text, order), bool(_MIDNIGHT.fullmatch(text)), "" if is_nothing(text) else text
