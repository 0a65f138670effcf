"""A text becomes a table: its encoding, what stands above the columns' names, and what is too much to be one."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import numpy as np

from mediaplan.errors import InputError, Problem
from mediaplan.history.files.encodings import encoding_of
from mediaplan.history.files.no_tables import not_a_table
from mediaplan.history.files.rows_of_text import cut_rows, rows_of_text
from mediaplan.history.files.separators import SEPARATORS, separator_of
from mediaplan.history.files.sources import File, too_large
from mediaplan.history.files.spreadsheets import LARGEST_UNPACKED
from mediaplan.history.platforms.heading import Heading, heading_of_text, unwrapped
from mediaplan.history.platforms.recognising import empty_report
from mediaplan.history.tables.tables import MOST_COLUMNS, Table, tidy
from mediaplan.words import Sentence

MOST_TEXT_CELLS = 32_000_000
"""Cells that a text file may have where it is read whole: each takes its place in memory, empty or not."""

LONGEST_LINE = 8 * 2**20
"""Bytes that a line of a text file may have."""


def read_text(file: File) -> Table | None:
    """The table of a text file; `None` where it holds nothing.

    Raises:
        InputError: It is no table, too large for one, or its rows don't fit its header.
    """
    _refuse_endless(file)
    encoding = encoding_of(file.content)
    text = file.content.decode(encoding, "replace")
    if "\0" in text:
        raise InputError(not_a_table(file.name, Sentence("a binary file")))
    head = text[:65536]
    heading = heading_of_text(head, SEPARATORS)
    if heading is None and (title := _only_a_title(text)):
        return Table(
            file.name,
            title[:1],
            (np.empty(0, dtype=object),),
            np.empty(0, dtype=np.int64),
            encoding=encoding,
            preamble=title,
        )
    heading = heading or _own_heading(head)
    below = text[heading.offset :]
    if not below.strip(f"{heading.separator}\r\n\t "):
        return None
    width = _width(below, heading.separator)
    if width > MOST_COLUMNS:
        raise InputError(_too_wide(file.name, width))
    if max(below.count("\n"), below.count("\r")) * width > MOST_TEXT_CELLS:
        raise InputError(too_large(file.name, LARGEST_UNPACKED))
    table = rows_of_text(file.name, below, heading, width)
    if table is None:
        return None
    told = replace(table, encoding=encoding, preamble=heading.above)
    return _unwrapped(replace(told, cut=cut_rows(table, below, heading)))


def _refuse_endless(file: File) -> None:
    """A line that never ends would take minutes, cell by cell, before anyone sees that it is none of a table."""
    start = 0
    while start + LONGEST_LINE < len(file.content):
        end = max(file.content.rfind(mark, start, start + LONGEST_LINE) for mark in (b"\n", b"\r"))
        if end < 0:
            raise InputError(
                Problem(
                    Sentence("a line of this file is longer than {most} MB.", most=LONGEST_LINE // 2**20),
                    Sentence("Give a table of rows and columns: export it again as CSV, XLSX or Parquet."),
                    file=file.name,
                )
            )
        start = end + 1


def _only_a_title(text: str) -> tuple[str, ...]:
    """The lines of a report of which a platform wrote nothing but the title and the period."""
    lines = tuple(tidy(line.strip('"\t,; ')) for line in text[:4096].splitlines() if line.strip())
    few = len(text) < 4096 and len(lines) < 8
    return lines if few and empty_report(lines) is not None and not _has_rows(text) else ()


def _has_rows(text: str) -> bool:
    """Whether a line holds more cells than the words of a title or a period."""
    lines = text.splitlines()
    return any(
        sum(bool(cell.strip()) for row in csv.reader([line], delimiter=separator) for cell in row) > most
        for separator, most in (("\t", 2), (";", 2), ("|", 2), (",", 4))
        for line in lines
    )


def _own_heading(head: str) -> Heading:
    """The first line, below the one that may declare the separator: names that no platform uses."""
    declared = re.match(r"sep=([,;|\t])\r?\n", head)
    if declared:
        return Heading(1, declared.end(), declared[1], 0, ())
    return Heading(0, 0, separator_of(head), 0, ())


def _unwrapped(table: Table) -> Table:
    """Cells such as `="1.50"` as what they hold, where the columns' names are written like that."""
    header = tuple(tidy(unwrapped(name)) for name in table.header)
    if header == table.header:
        return table
    cells = []
    for column in table.cells:
        bare = np.empty(len(column), dtype=object)
        bare[:] = [unwrapped(cell) for cell in column]
        cells.append(bare)
    return replace(table, header=header, cells=tuple(cells))


def _width(text: str, separator: str) -> int:
    """Cells of the first row that is not blank, or of a blank one before it that has more than any table."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return len(next((row for row in rows if len(row) > MOST_COLUMNS or any(row)), []))
    except csv.Error:
        return 0


def _too_wide(name: str, width: int) -> Problem:
    """The fault of a table with more columns than can be meant."""
    return Problem(
        Sentence("this table has {width} columns; {most} can be read.", width=width, most=MOST_COLUMNS),
        Sentence("Export only the columns that are needed: dates, names, spend and counts."),
        file=name,
    )
