"""The contract's columns, and the mapping record that says where a foreign table keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import PurePath
from typing import Any

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.naming.rules import NameRule, read_names
from mediaplan.history.records.records import COUNTS, DIMENSIONS, RESULT_PREFIX
from mediaplan.history.tables.dates import Order, as_days, month_number
from mediaplan.history.tables.figures import Mark
from mediaplan.words import Sentence

HISTORY = ("date", "days", "hour", *DIMENSIONS, "spend", *COUNTS, "results", "result_type", "currency")
"""Columns of a history table, besides `results:<type>`."""

POSTS = (
    "post", "title", "channels", "format", "topic", "published",
    "status", "reason", "value", "url", "platform_id",
)  # fmt: skip
"""Columns of a posts table, besides `organic_*`."""

AUDIENCES = ("audience", "channel", "size", "value")
"""Columns of an audiences table."""

_JOINABLE = {*DIMENSIONS, "result_type"}
_PARTS = ("month", "day", "year")
_SAID = {"dates": ("day first", "month first"), "decimal": (",", ".")}
"""Keys that say how cells are written, and what they may say."""


@dataclass(frozen=True)
class Named:
    """Cells of the file.

    Attributes:
        columns: Names of columns; of several, the texts are joined by a space. `clicks#2` is the second of
            that name.
    """

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Constant:
    """One value for every row.

    Attributes:
        value: Text, number or date.
        days: For a date: days that every row covers.
    """

    value: Any
    days: int | None = None


@dataclass(frozen=True)
class DateParts:
    """A date from its parts: each the name of a column, or a number that holds for every row.

    Attributes:
        month: A month's number or its English or French name.
        day: Day of the month.
        year: Four digits.
    """

    month: str | int
    day: str | int
    year: str | int


Origin = Named | Constant | DateParts


@dataclass(frozen=True)
class Columns:
    """Where the contract's columns stand in a foreign table: one `[[columns]]` of a brief or a mapping file.

    Attributes:
        file: Glob of the files that it is for, compared with the file's name without its folder, letter case
            apart.
        origins: By contract column; the others are read under their own names.
        dates: Order of day and month, where no cell proves it.
        decimal: The decimal mark, where a column can be read both ways.
        names: Rules that read the names of campaigns, ad sets, ads or other columns.
    """

    file: str = "*"
    origins: Mapping[str, Origin] = field(default_factory=dict)
    dates: Order = "unclear"
    decimal: Mark = "none"
    names: tuple[NameRule, ...] = ()

    @property
    def speaks_of_columns(self) -> bool:
        """Whether it says anything besides its rules for names."""
        return self != Columns(self.file, names=self.names)

    def concerns(self, name: str | None) -> bool:
        """Whether it is for the file of that name (`None`: a DataFrame)."""
        base = PurePath(name.replace("\\", "/")).name if name else ""
        return fnmatch(base.casefold(), self.file.casefold())


def chosen(columns: Sequence[Columns], file: str | None) -> Columns | None:
    """What is said for a file: of columns by the first that concerns it and says something of columns, of names likewise.

    Args:
        columns: In order.
        file: The file's name; `None` for a DataFrame.
    """
    mine = [each for each in columns if each.concerns(file)]
    of_columns = next((each for each in mine if each.speaks_of_columns), None)
    of_names = next((each.names for each in mine if each.names), ())
    rules = tuple(rule for rule in of_names if rule.concerns(file))
    return replace(of_columns or Columns(), names=rules) if mine else None


def read_columns(table: Mapping[str, Any]) -> Columns:
    """The mapping that one `[[columns]]` table states.

    Args:
        table: `file` (a glob), `dates` (`day first`, `month first`), `decimal` (`,`, `.`), and for contract columns the name of a column, a list of names, or
            `{is = …, days = …}`, or for `date` `{month = …, day = …, year = …}`; `names`, a list of rules for names.

    Raises:
        InputError: All of its faults: unknown keys, values of the wrong kind.
    """
    problems: list[Problem] = []
    origins: dict[str, Origin] = {}
    if not isinstance(table, Mapping):
        raise InputError(_wrong("columns", table))
    file = table.get("file", "*")
    if not isinstance(file, str):
        problems.append(_wrong("file", file))
    names: tuple[NameRule, ...] = ()
    try:
        names = read_names(table.get("names", ()))
    except InputError as error:
        problems += error.problems
    for key, value in table.items():
        if key in ("file", "names"):
            continue
        if key in _SAID:
            if value not in _SAID[key]:
                problems.append(_unsaid(key, value))
            continue
        found = _origin(str(key), value)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            origins[str(key)] = found
    if problems:
        raise InputError(*problems)
    return Columns(file, origins, table.get("dates", "unclear"), table.get("decimal", "none"), names)


def _unsaid(key: str, value: Any) -> Problem:
    message = Sentence("“{value}” is not known.", value=str(value))
    return _at(key, message, nearest(str(value), _SAID[key]), value)


def _origin(key: str, value: Any) -> Origin | Problem:  # noqa: PLR0911 - one line for each kind of value
    if key not in HISTORY and not (key.startswith(RESULT_PREFIX) and key != RESULT_PREFIX):
        return _at(
            key,
            Sentence("“{key}” is no column of a history.", key=key),
            nearest(key, [*HISTORY, RESULT_PREFIX + "…"]),
        )
    if isinstance(value, str) and value.strip():
        return Named((value,))
    if isinstance(value, (list, tuple)) and value and all(isinstance(v, str) and v.strip() for v in value):
        if len(value) > 1 and key not in _JOINABLE:
            message = Sentence("“{key}” can't be joined from several columns.", key=key)
            return _at(key, message, Sentence("Name one column for it."))
        return Named(tuple(value))
    if isinstance(value, Mapping) and "is" in value:
        return _constant(key, value)
    if isinstance(value, Mapping) and key == "date" and set(value) <= set(_PARTS):
        return _parts(value)
    return _wrong(key, value)


def _constant(key: str, value: Mapping[str, Any]) -> Origin | Problem:
    allowed = ("is", "days") if key == "date" else ("is",)
    unknown = [name for name in value if name not in allowed]
    if unknown:
        message = Sentence("“{key}” is no part of {column} = {{ is = … }}.", key=str(unknown[0]), column=key)
        return _at(key, message, nearest(str(unknown[0]), allowed))
    days = value.get("days")
    if days is not None and (isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 3660):
        message = Sentence("a row can't cover {days} days.", days=str(days))
        return _at(f"{key}.days", message, Sentence("Give a whole number of days, from 1 to 3660."))
    if key == "date" and as_days(value["is"]) is None:
        message = Sentence("“{value}” is no date that can be read.", value=str(value["is"]))
        example = Sentence("Write dates as year-month-day, such as {example}.", example="2026-11-30")
        return _at(key, message, example)
    if not isinstance(value["is"], (str, int, float)) and key != "date":
        return _wrong(key, value["is"])
    return Constant(as_days(value["is"]) if key == "date" else value["is"], days)


def _parts(value: Mapping[str, Any]) -> Origin | Problem:
    missing = [name for name in _PARTS if name not in value]
    if missing:
        message = Sentence("the date lacks its {part}.", part=missing[0])
        return _at(
            "date",
            message,
            Sentence("Write {example}.", example='{ month = "month", day = "day", year = 2020 }'),
        )
    for name in _PARTS:
        part = value[name]
        if isinstance(part, bool) or not isinstance(part, (str, int)) or part == "":
            return _wrong(f"date.{name}", part)
    month = value["month"]
    if isinstance(month, int) and month_number(str(month)) is None:
        return _wrong("date.month", month)
    return DateParts(month, value["day"], value["year"])


def _wrong(key: str, value: Any) -> Problem:
    return _at(
        key,
        Sentence("“{value}” does not say where {key} stands.", value=str(value), key=key),
        Sentence("Give the name of a column, a list of names, or {example}.", example='{ is = "…" }'),
        value,
    )


def _at(key: str, message: Sentence, remedy: Sentence, value: Any = None) -> Problem:
    return Problem(message, remedy, column=f"columns.{key}", value=None if value is None else str(value))
