"""Cells become dates: ISO first, day and month only where the column proves their order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.tables.cells import codes_of, is_nothing, text_of
from mediaplan.history.tables.tables import Cells, Fault
from mediaplan.words import Sentence

Days = NDArray[np.datetime64]
"""Shape (rows,), datetime64[us] at midnight; NaT where there is no date."""

EARLIEST, LATEST = 1990, 2100
"""Years between which a date can be meant."""

LONGEST_LINE = 400
"""Characters of a line in which dates are looked for."""

Order = Literal["day first", "month first", "unclear"]

_MONTHS = (
    "january janvier jan janv enero ene janeiro januar jän januari",
    "february février feb févr fév febrero fevereiro fev februar februari",
    "march mars mar marzo março märz mär maart mrt",
    "april avril apr avr abril abr",
    "may mai mayo maio mei",
    "june juin jun junio junho juni",
    "july juillet jul juil julio julho juli",
    "august août aug agosto ago augustus",
    "september septembre sep sept septiembre setembro set",
    "october octobre oct octubre outubro out oktober okt",
    "november novembre nov noviembre novembro",
    "december décembre dec déc diciembre dic dezembro dez dezember",
)
"""Names of the months in English, French, Spanish, Portuguese, German and Dutch."""


def _bare(name: str) -> str:
    """A month's name without accents and letter case."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_MONTH = {_bare(name): number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_TIME = r"(?:[T ,]+[0-9]{1,2}:[0-9]{2}.*)?"
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})" + _TIME)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})[-/.]([0-9]{4})" + _TIME)
_DAY_MONTH = re.compile(
    r"(?:[^\W\d_]+\.?,? )?([0-9]{1,2})(?:er|º|\.)?(?: de)?[ -]([^\W\d_]+)\.?(?: de)?[ ,-]+([0-9]{4})" + _TIME
)
_MONTH_DAY = re.compile(
    r"(?:[^\W\d_]+\.?,? )?([^\W\d_]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})" + _TIME
)
_WRITTEN = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
    r"|[0-9]{1,2}(?:er|º|\.)?(?: de)? [^\W\d_]{1,12}\.?(?: de)? [0-9]{4}|[^\W\d_]{1,12}\.? [0-9]{1,2},? [0-9]{4}"
)
_ONE_YEAR = (
    re.compile(r"(?<![0-9])([0-9]{1,2}) ?[-–—] ?([0-9]{1,2}) ([^\W\d_]{1,12})\.? ([0-9]{4})"),
    re.compile(
        r"(?<![0-9])([0-9]{1,2}) ([^\W\d_]{1,12})\.? ?[-–—] ?([0-9]{1,2}) ([^\W\d_]{1,12})\.? ([0-9]{4})"
    ),
    re.compile(r"([^\W\d_]{1,12})\.? ([0-9]{1,2}) ?[-–—] ?([0-9]{1,2}),? ([0-9]{4})"),
    re.compile(r"([^\W\d_]{1,12})\.? ([0-9]{1,2}) ?[-–—] ?([^\W\d_]{1,12})\.? ([0-9]{1,2}),? ([0-9]{4})"),
)
"""Two days that share a year, or a month and a year: how they are spelt out, see `_spelt_out`."""


def month_number(text: str) -> int | None:
    """The month (1–12) that a number or an English or French name says."""
    plain = _bare(text.strip()).rstrip(".")
    if plain.isascii() and plain.isdigit():
        return int(plain) if 1 <= int(plain) <= 12 else None
    return _MONTH.get(plain)


def proven_order(texts: Iterable[str]) -> Order:
    """The order of day and month that dates with slashes or hyphens prove by a number above 12."""
    return _order(list(texts))


def date_of(text: str, order: Order) -> date | None:
    """The date that a text is, or `None`.

    Args:
        text: In any of the ways that `dates` knows.
        order: Of day and month, where it is written with slashes or hyphens.
    """
    return _date(text, order)


def dates_in(text: str, order: Order) -> list[date]:
    """All dates in a text, in their order, such as the two of a period (`July 8, 2025 - July 31, 2025`).

    Args:
        text: One line.
        order: As for `date_of`.
    """
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text[:LONGEST_LINE]))
    for at, pattern in enumerate(_ONE_YEAR):
        if (match := pattern.search(plain)) and (days := _spelt_out(at, match.groups())):
            return days
    found = (date_of(match, order) for match in _WRITTEN.findall(plain))
    return [day for day in found if day is not None]


def _spelt_out(at: int, parts: Sequence[str]) -> list[date]:
    """The two days of a period that says its year once."""
    year = parts[-1]
    if at == 0:
        pairs = [(parts[0], parts[2]), (parts[1], parts[2])]
    elif at == 1:
        pairs = [(parts[0], parts[1]), (parts[2], parts[3])]
    elif at == 2:
        pairs = [(parts[1], parts[0]), (parts[2], parts[0])]
    else:
        pairs = [(parts[1], parts[0]), (parts[3], parts[2])]
    found = [made(int(year), _MONTH.get(_bare(month)), int(day)) for day, month in pairs]
    return [day for day in found if day is not None]


def month_of(text: str) -> date | None:
    """The first day of the month that a text names: `2026-09`, `Sept. 2026`."""
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", text):
        return made(int(match[1]), int(match[2]), 1)
    match = re.fullmatch(r"([^\W\d_]+)\.?(?: de)? ([0-9]{4})", text)
    return made(int(match[2]), _MONTH.get(_bare(match[1])), 1) if match else None


def week_of(text: str) -> date | None:
    """The Monday of the week that a text numbers as ISO 8601 does: `2026-W05`."""
    match = re.fullmatch(r"([0-9]{4})-?W([0-9]{1,2})", text, re.IGNORECASE)
    if match is None or not EARLIEST <= int(match[1]) <= LATEST:
        return None
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None


def dates(cells: Cells, said: Order = "unclear") -> tuple[Days, list[Fault]]:
    """The dates of a column; the time of day is left out, nothing is NaT.

    ISO (`2026-11-30`, with a time or not), `20261130`, `30.11.2026`, month names in English and French;
    `30/11/2026` where some cell of the column has a number above 12 and so proves the order.

    Args:
        cells: Text, or dates.
        said: The order of day and month that a person says, for columns that prove none.

    Returns:
        Shape (rows,), and the cells that are no date or whose order is not proven.
    """
    if cells.dtype.kind == "M":
        return cells.astype("datetime64[D]").astype("datetime64[us]"), []
    codes, texts = codes_of(cells)
    order = _order(texts)
    order = said if order == "unclear" else order
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
        return made(int(match[3]), _MONTH.get(_bare(match[2])), int(match[1]))
    match = _MONTH_DAY.fullmatch(text)
    return made(int(match[3]), _MONTH.get(_bare(match[1])), int(match[2])) if match else None


def made(year: int | None, month: int | None, day: int | None) -> date | None:
    """The date of these numbers, or `None` where there is no such day between `EARLIEST` and `LATEST`."""
    if year is None or month is None or day is None or not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _fault(at: int, value: str, order: Order) -> Fault:
    if order == "unclear" and _NUMERIC.fullmatch(value):
        return Fault(
            at,
            value,
            Sentence("“{value}” may mean two dates, and nothing in the column tells which.", value=value),
            Sentence(
                "Write dates as year-month-day, such as {example}, or say under [[columns]]: {line}",
                example="2026-11-30",
                line='dates = "day first"',
            ),
        )
    message = Sentence("“{value}” is no date that can be read.", value=value)
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
