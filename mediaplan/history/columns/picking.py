"""From a table's own columns to the contract's, by name or by a mapping; what is missing, double, misspelt."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mediaplan.errors import Problem, nearest
from mediaplan.history.columns.columns import Columns, Constant, DateParts, Named, Origin
from mediaplan.history.columns.foreign import meant
from mediaplan.history.naming.applying import origins_of, over, read_by
from mediaplan.history.naming.rules import GIVES, NameRule
from mediaplan.history.tables.cells import each, joined, text_of
from mediaplan.history.tables.dates import made, month_number
from mediaplan.history.tables.figures import Mark
from mediaplan.history.tables.tables import Cells, Table, folded
from mediaplan.words import Sentence

ALIKE = 0.84
"""Likeness (0–1, difflib's ratio) from which an unknown header is taken for a misspelt one."""


@dataclass(frozen=True, eq=False)
class Picked:
    """One contract column of a table.

    Attributes:
        name: How the file calls it; said in faults.
        cells: Shape (rows,).
        constant: Whether a mapping gave one value for all rows.
        mark: The decimal mark that counts where its own cells can be read both ways; `none` for the file's.
        broken: Whether it stands for a column that can't be picked, which was said already.
    """

    name: str
    cells: Cells
    constant: bool = False
    broken: bool = False
    mark: Mark = "none"


@dataclass(frozen=True, eq=False)
class Picks:
    """The contract columns that a table has.

    Attributes:
        table: The table.
        columns: By contract name.
        problems: Columns that can't be picked.
        unknown: Headers that nothing asks for.
        origins: Names of campaigns, ad sets, ads and of what rules for names read, each of shape (rows,).
        rules: The rules that were applied to them.
    """

    table: Table
    columns: dict[str, Picked]
    problems: list[Problem] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    origins: Mapping[str, Cells] = field(default_factory=dict)
    rules: tuple[NameRule, ...] = ()


def pick(table: Table, wanted: Callable[[str], str | None], mapping: Columns | None = None) -> Picks:
    """The contract columns of a table.

    Args:
        table: Any table.
        wanted: The contract column that a header names, or `None`.
        mapping: Where the table's own names differ.
    """
    picks = Picks(table, {})
    taken: set[str] = set()
    for column, origin in (mapping.origins if mapping else {}).items():
        taken.update(folded(name.partition("#")[0]) for name in _names(origin))
        _take(picks, column, origin)
    unknown = []
    for header in dict.fromkeys(table.header):
        if not header:
            continue
        own = wanted(header)
        if own is None:
            if folded(header) not in taken:
                unknown.append(header)
        elif own not in picks.columns and not (mapping and own in mapping.origins):
            _take_own(picks, own, header, lenient=mapping is not None)
    return Picks(table, picks.columns, picks.problems, tuple(unknown))


def with_names(picks: Picks, rules: tuple[NameRule, ...], levels: Mapping[str, Cells]) -> Picks:
    """The picks after rules for names have said what they say.

    Args:
        picks: As the file and the mapping of its columns say.
        rules: Those that concern the file.
        levels: By level (`campaign`, `ad set`, `ad`) the names that the table is known to have.
    """
    if not rules:
        return replace(picks, origins=levels)
    own = {word: picked.cells for word, picked in picks.columns.items() if word in GIVES} | dict(levels)
    origins = origins_of(rules, picks.table, own)
    read = read_by(rules, origins, len(picks.table.rows))
    columns = dict(picks.columns)
    for word, given in read.given.items():
        before = columns.get(word)
        name = " + ".join(dict.fromkeys(rule.origin for rule in rules if word in rule.gives))
        columns[word] = Picked(name, over(before.cells if before else None, given))
    return replace(picks, columns=columns, origins={**levels, **origins}, rules=rules)


def _names(origin: Origin) -> Iterable[str]:
    if isinstance(origin, Named):
        return origin.columns
    if isinstance(origin, DateParts):
        return [part for part in (origin.month, origin.day, origin.year) if isinstance(part, str)]
    return ()


def _take(picks: Picks, column: str, origin: Origin) -> None:
    count = len(picks.table.rows)
    if isinstance(origin, Constant):
        picks.columns[column] = Picked(column, _filled(origin.value, count), constant=True)
        if origin.days is not None:
            picks.columns.setdefault("days", Picked("days", _filled(origin.days, count), constant=True))
        return
    found = {name: _found(picks, column, name) for name in dict.fromkeys(_names(origin))}
    if any(cells is None for cells in found.values()):
        picks.columns[column] = _broken(picks, column)
        return
    cells = {name: held for name, held in found.items() if held is not None}
    shown = " + ".join(cells) or column
    if isinstance(origin, Named):
        picks.columns[column] = Picked(shown, joined([cells[name] for name in origin.columns]))
    else:
        picks.columns[column] = Picked(shown, _dated(origin, cells, count))


def _filled(value: Any, count: int) -> Cells:
    cells = np.empty(count, dtype=object)
    cells[:] = [value] * count
    return cells


def _found(picks: Picks, column: str, name: str) -> Cells | None:
    """The cells of a column that a mapping names; a problem where there is none, or several that disagree."""
    table = picks.table
    plain, _, number = name.partition("#")
    places = table.positions(name)
    if not places and number.isdigit():
        places = table.positions(plain)[int(number) - 1 : int(number)] if int(number) > 0 else []
    if not places:
        message = Sentence("there is no column “{name}” to read {column} from.", name=name, column=column)
        picks.problems.append(table.problem(message, nearest(name, filter(None, table.header)), column=name))
        return None
    return _single(picks, column, name, places)


def _single(picks: Picks, column: str, name: str, places: list[int]) -> Cells | None:
    first = picks.table.cells[places[0]]
    if all(_same(first, picks.table.cells[at]) for at in places[1:]):
        return first
    message = Sentence(
        "{count} columns are called “{name}”, and they disagree.", count=len(places), name=name
    )
    remedy = Sentence("Choose one in the mapping: {line}", line=f'{column} = "{name}#2"')
    picks.problems.append(picks.table.problem(message, remedy, column=name))
    return None


def _same(one: Cells, other: Cells) -> bool:
    if one.dtype.kind == "O" and other.dtype.kind == "O":
        return bool(np.array_equal(each(one, str), each(other, str)))
    return bool(np.array_equal(one, other))


def _take_own(picks: Picks, column: str, header: str, *, lenient: bool) -> None:
    table = picks.table
    places = [at for at, other in enumerate(table.header) if folded(other) == folded(header)]
    if lenient:
        cells = _single(picks, column, header, places)
    elif not all(_same(table.cells[places[0]], table.cells[at]) for at in places[1:]):
        message = Sentence(
            "{count} columns are called “{name}”, and they disagree.", count=len(places), name=header
        )
        remedy = Sentence("Keep the one that is meant, and rename or remove the others.")
        picks.problems.append(table.problem(message, remedy, column=header))
        cells = None
    else:
        cells = table.cells[places[0]]
    picks.columns[column] = _broken(picks, header) if cells is None else Picked(header, cells)


def _broken(picks: Picks, name: str) -> Picked:
    """In the place of a column that can't be picked, so that it is not called missing as well."""
    return Picked(name, _filled(None, len(picks.table.rows)), broken=True)


def _dated(origin: DateParts, cells: dict[str, Cells], count: int) -> Cells:
    """ISO dates of their parts; where they are no date, the parts as they stand, to be refused as such."""
    parts = [
        each(cells[part], str) if isinstance(part, str) else _filled(str(part), count)
        for part in (origin.year, origin.month, origin.day)
    ]
    known: dict[tuple[str, str, str], str] = {}
    result = np.empty(count, dtype=object)
    for at, (year, month, day) in enumerate(zip(*parts, strict=True)):
        key = (text_of(year), text_of(month), text_of(day))
        if key not in known:
            whole = made(_whole(key[0]), month_number(key[1]), _whole(key[2]))
            known[key] = whole.isoformat() if whole else " ".join(key).strip() or "?"
        result[at] = known[key]
    return result


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else None


def missing(picks: Picks, column: str) -> Problem:
    """The fault of a required column that the table lacks."""
    table = picks.table
    return table.problem(
        Sentence("there is no column “{column}”.", column=column),
        _remedy(column, [header for header in table.header if header]),
        column=column,
    )


def _remedy(column: str, headers: list[str]) -> Sentence:
    header = alike_header(column, headers)
    if header is not None:
        line = f'{column} = "{header}"'
        return Sentence(
            "Is it “{header}”? Rename it to “{column}”, or add under [[columns]]: {line}",
            header=header,
            column=column,
            line=line,
        )
    if not headers:
        return Sentence("Write the columns' names into the first row.")
    shown = tuple(headers[:12]) + (("…",) if len(headers) > 12 else ())
    return Sentence(
        "Rename the column that holds it, or name it under [[columns]]; found here: {headers}.", headers=shown
    )


def alike_header(column: str, headers: Sequence[str]) -> str | None:
    """The header that may mean that column: by what it means in another language, else by its letters."""
    own = [folded(header) for header in headers if meant(header) == column]
    close = own or difflib.get_close_matches(column, [folded(header) for header in headers], n=1, cutoff=0.6)
    return next((header for header in headers if folded(header) == close[0]), None) if close else None


def misspelt(picks: Picks, known: Iterable[str]) -> list[tuple[str, str]]:
    """Unused headers that look like a contract column which the table lacks, in any language: (header, column)."""
    lacking = [column for column in known if column not in picks.columns]
    found = []
    for header in picks.unknown:
        close = difflib.get_close_matches(folded(header), lacking, n=1, cutoff=ALIKE)
        if close:
            found.append((header, close[0]))
        elif (column := meant(header)) in lacking:
            found.append((header, str(column)))
    return found
