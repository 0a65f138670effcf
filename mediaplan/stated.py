"""Records that people state as tables of a brief, read with all their faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.words import Sentence

Record = TypeVar("Record")


def record_of(kind: type[Record], table: Any, needed: Iterable[str], remedy: Sentence) -> Record:
    """A table as a record.

    Args:
        kind: A dataclass whose attributes are the table's keys.
        table: As it was stated.
        needed: Keys that it must have.
        remedy: What to do where one of them is missing.

    Raises:
        InputError: It is no table, has keys that are not known, or misses some; or what the record itself refuses.
    """
    known = [item.name for item in fields(kind)]  # type: ignore[arg-type]
    if not isinstance(table, Mapping):
        message = Sentence("“{value}” stands where a table is expected.", value=str(table))
        raise InputError(Problem(message, Sentence("It knows: {keys}.", keys=tuple(known)), value=str(table)))
    problems = [
        Problem(Sentence("unknown key “{key}”.", key=str(key)), nearest(str(key), known), column=str(key))
        for key in table
        if key not in known
    ]
    problems += [
        Problem(Sentence("“{key}” is missing.", key=key), remedy, column=key)
        for key in needed
        if key not in table
    ]
    if problems:
        raise InputError(*problems)
    return kind(**table)


def numbered(given: Iterable[Any], word: str, read: Callable[[Any], Record]) -> tuple[Record, ...]:
    """A list of tables as records.

    Args:
        given: The tables.
        word: What the brief calls one of them: `test` makes the place `test 2.until`.
        read: What makes a record of one.

    Raises:
        InputError: All that is wrong with all of them, each with its number.
    """
    problems: list[Problem] = []
    records = []
    for number, table in enumerate(given, start=1):
        try:
            records.append(read(table))
        except InputError as error:
            place = f"{word} {number}"
            problems += [p.at(column=f"{place}.{p.column}" if p.column else place) for p in error.problems]
    if problems:
        raise InputError(*problems)
    return tuple(records)
