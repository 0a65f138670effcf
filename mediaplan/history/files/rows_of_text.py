"""The rows of a text whose separator is known: soon where all fit the header, one by one where some do not."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mediaplan.errors import InputError, Problem
from mediaplan.history.platforms.heading import Heading
from mediaplan.history.tables.tables import Table, assembled, beyond, from_columns, overfull
from mediaplan.words import Sentence

SHORT = 65536
"""Characters of a text that is soon read as it stands."""


class OverfullError(InputError):
    """Rows hold more cells than the header.

    Attributes:
        rest: The other rows, so that what is wrong with these can be said too; no rows to be used.
    """

    def __init__(self, problems: Sequence[Problem], rest: Table) -> None:
        super().__init__(*problems)
        self.rest = rest


def rows_of_text(name: str, text: str, heading: Heading, width: int) -> Table | None:
    """The table of the rows below a heading; `None` where they are all blank.

    Args:
        name: The file's.
        text: From the row with the columns' names on.
        heading: What was found above and in that row.
        width: Cells of the first row that is not blank.

    Raises:
        InputError: Rows don't fit the header, or quotes don't match.
    """
    table = _read_small(name, text, heading, width) or _read_fast(name, text, heading, width)
    return _read_slowly(name, text, heading) if table is None else table


def _read_small(name: str, text: str, heading: Heading, width: int) -> Table | None:
    """The table of a short text in which each row has a cell for each name; `None` of others.

    For a few hundred rows pandas takes several times as long.
    """
    if len(text) > SHORT or text.startswith("\ufeff"):
        return None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=heading.separator, strict=True))
    except csv.Error:
        return None
    if any(len(row) != width for row in rows):
        return None
    columns = [np.array(column, dtype=object) for column in zip(*rows, strict=True)]
    return from_columns(name, columns, heading.at)


def _read_fast(name: str, text: str, heading: Heading, width: int) -> Table | None:
    """The table where all rows fit its header; `None` where they don't, or quotes don't match."""
    try:
        frame = pd.read_csv(
            io.StringIO(text, newline=""),
            sep=heading.separator,
            header=None,
            names=list(range(width + 1)),
            dtype=object,
            na_filter=False,
            skip_blank_lines=False,
            low_memory=False,
        )
    except ValueError:
        return None
    *columns, beyond = (frame[at].to_numpy() for at in range(width + 1))
    if not (pd.isna(beyond) | (beyond == "")).all():
        return None
    return from_columns(name, columns, heading.at)


def _read_slowly(name: str, text: str, heading: Heading) -> Table | None:
    """The table row by row, with a fault for each row that does not fit."""
    above: list[list[str]] = [[]] * heading.at
    lines = above + _split(name, text, heading)
    table = assembled(name, lines)
    problems = overfull(name, lines, len(table.header)) if table else []
    if table and problems and len(table.header) == 1:
        raise InputError(_no_header(name, table.header[0]))
    if table and problems:
        fits = ~np.isin(table.rows, np.array(beyond(lines, len(table.header))) + 1)
        rest = replace(table, cells=tuple(column[fits] for column in table.cells), rows=table.rows[fits])
        raise OverfullError(problems, rest)
    return table


def _no_header(name: str, text: str) -> Problem:
    return Problem(
        Sentence("the first row holds only “{text}”, the rows below more.", text=text[:60]),
        Sentence("Delete what stands above the row with the columns' names, or export as CSV or XLSX."),
        file=name,
        row=1,
    )


def _split(name: str, text: str, heading: Heading) -> list[list[str]]:
    """The rows of the text; strict about quotes, because an open quote would swallow the rows after it."""
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=heading.separator, strict=True))
    except csv.Error as error:
        if "field larger" in str(error):
            raise InputError(_endless_cell(name, heading.at + len(rows) + 1)) from error
        raise InputError(
            Problem(
                Sentence("from this row on, double quotes don't match."),
                Sentence("Double every quote inside a text, close the last one, or export again."),
                file=name,
                row=heading.at + len(rows) + 1,
            )
        ) from error
    return rows


def cut_rows(table: Table, text: str, heading: Heading) -> frozenset[int]:
    """Lines of the rows with fewer cells than the header."""
    if len(table.header) < 2 or not any(cell == "" for cell in table.cells[-1]):
        return frozenset()
    counts: list[int] = []
    try:
        counts.extend(
            len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=heading.separator)
        )
    except csv.Error as error:
        raise InputError(_endless_cell(str(table.file), heading.at + len(counts) + 1)) from error
    lines = table.rows.tolist()
    return frozenset(line for line in lines if counts[line - 1 - heading.at] < len(table.header))


def _endless_cell(name: str, row: int) -> Problem:
    return Problem(
        Sentence("a cell of this row is longer than {most} characters.", most=csv.field_size_limit()),
        Sentence("Shorten it, or export without the column that it stands in."),
        file=name,
        row=row,
    )
