"""Cells become dates: ISO first, day and month only where the column proves their order."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.cells import codes_of, is_nothing, text_of
from mediaplan.history.tables import Cells, Fault
from mediaplan.words import Sentence

Days = NDArray[np.datetime64]
"""Shape (rows,), datetime64[us] at midnight; NaT where there is no date."""

EARLIEST, LATEST = 1990, 2100
"""Years between which a date can be meant."""

Order = Literal["day first", "month first", "unclear"]

_MONTHS = (
    ("january", "janvier", "jan", "janv"),
    ("february", "février", "fevrier", "feb", "févr", "fevr", "fév", "fev"),
    ("march", "mars", "mar"),
    ("april", "avril", "apr", "avr"),
    ("may", "mai"),
    ("june", "juin", "jun"),
    ("july", "juillet", "jul", "juil"),
    ("august", "août", "aout", "aug"),
    ("september", "septembre", "sep", "sept"),
    ("october", "octobre", "oct"),
    ("november", "novembre", "nov"),
    ("december", "décembre", "decembre", "dec", "déc"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_TIME = r"(?:[T ,]+[0-9]{1,2}:[0-9]{2}.*)?"
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})" + _TIME)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})[-/.]([0-9]{4})" + _TIME)
_DAY_MONTH = re.compile(r"(?:[^\W\d_]+\.?,? )?([0-9]{1,2})(?:er)?[ -]([^\W\d_]+)\.?[ ,-]+([0-9]{4})" + _TIME)
_MONTH_DAY = re.compile(
    r"(?:[^\W\d_]+\.?,? )?([^\W\d_]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})" + _TIME
)


def month_number(text: str) -> int | None:
    """The month (1–12) that a number or an English or French name says."""
    plain = text.strip().casefold().rstrip(".")
    if plain.isascii() and plain.isdigit():
        return int(plain) if 1 <= int(plain) <= 12 else None
    return _MONTH.get(plain)


def dates(cells: Cells) -> tuple[Days, list[Fault]]:
    """The dates of a column; the time of day is left out, nothing is NaT.

    ISO (`2026-11-30`, with a time or not), `20261130`, `30.11.2026`, month names in English and French;
    `30/11/2026` where some cell of the column has a number above 12 and so proves the order.

    Returns:
        Shape (rows,), and the cells that are no date or whose order is not proven.
    """
    if cells.dtype.kind == "M":
        return cells.astype("datetime64[D]").astype("datetime64[us]"), []
    codes, texts = codes_of(cells)
    order = _order(texts)
    read = np.array([_date(text, order) for text in texts], dtype="datetime64[us]")
    days = read[codes] if len(texts) else np.empty(0, dtype="datetime64[us]")
    wrong = {i for i, text in enumerate(texts) if np.isnat(read[i]) and not is_nothing(text)}
    if not wrong:
        return days, []
    bad = np.flatnonzero(np.isin(codes, list(wrong)))
    return days, [_fault(int(at), text_of(cells[at]), order) for at in bad]


def _order(texts: list[str]) -> Order:
    """The order of day and month that the texts prove."""
    found = [match for text in texts if (match := _NUMERIC.fullmatch(text)) and match[2] != "."]
    day_first = any(int(match[1]) > 12 for match in found)
    month_first = any(int(match[3]) > 12 for match in found)
    if day_first == month_first:
        return "unclear"
    return "day first" if day_first else "month first"


def _date(text: str, order: Order) -> date | None:
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return made(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or order == "day first" or first == second:
            return made(year, second, first)
        return made(year, first, second) if order == "month first" else None
    if match := _DAY_MONTH.fullmatch(text):
        return made(int(match[3]), _MONTH.get(match[2].casefold()), int(match[1]))
    match = _MONTH_DAY.fullmatch(text)
    return made(int(match[3]), _MONTH.get(match[1].casefold()), int(match[2])) if match else None


def made(year: int | None, month: int | None, day: int | None) -> date | None:
    """The date of these numbers, or `None` where there is no such day between `EARLIEST` and `LATEST`."""
    if year is None or month is None or day is None or not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _fault(at: int, value: str, order: Order) -> Fault:
    message = Sentence("“{value}” is no date that can be read.", value=value)
    if order == "unclear" and _NUMERIC.fullmatch(value):
        message = Sentence(
            "“{value}” may mean two dates, and nothing in the column tells which.", value=value
        )
    remedy = Sentence("Write dates as year-month-day, such as {example}.", example="2026-11-30")
    return Fault(at, value, message, remedy)


def as_days(value: date | datetime | str) -> date | None:
    """The date that a constant of a mapping or of an exchange table says: a date, or ISO text."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return made(value.year, value.month, value.day)
    match = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    return made(int(match[1]), int(match[2]), int(match[3])) if match else None
