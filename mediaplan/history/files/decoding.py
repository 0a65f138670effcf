"""The bytes of a file become a table: what kind of file, which encoding, which separator."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mediaplan.errors import InputError, Problem
from mediaplan.history.files.encodings import encoding_of
from mediaplan.history.files.sources import LARGEST_FILE, File, Source, opened, too_large
from mediaplan.history.files.spreadsheets import LARGEST_UNPACKED, read_parquet, read_workbook
from mediaplan.history.platforms.heading import Heading, heading_of_text, unwrapped
from mediaplan.history.platforms.recognising import empty_report
from mediaplan.history.tables.tables import (
    MOST_COLUMNS,
    Table,
    assembled,
    beyond,
    framed,
    from_columns,
    overfull,
    tidy,
)
from mediaplan.words import Sentence

SEPARATORS = ",;\t|"

MOST_TEXT_CELLS = 32_000_000
"""Cells that a text file may have where it is read whole: each takes its place in memory, empty or not."""

SHORT = 65536
"""Characters of a text that is soon read as it stands."""

LONGEST_LINE = 8 * 2**20
"""Bytes that a line of a text file may have."""

_FOREIGN = (
    (b"%PDF", Sentence("a PDF")),
    (b"\x89PNG", Sentence("an image")),
    (b"\xff\xd8\xff", Sentence("an image")),
    (b"GIF8", Sentence("an image")),
    (b"\x1f\x8b", Sentence("a compressed file")),
    (b"7z\xbc\xaf", Sentence("a compressed file")),
    (b"Rar!", Sentence("a compressed file")),
    (b"SQLite format 3", Sentence("a database")),
    (b"<!doctype", Sentence("a web page")),
    (b"<html", Sentence("a web page")),
    (b"<?xml", Sentence("an XML file")),
    (b"{\\rtf", Sentence("a text document")),
)
"""How files that are no tables begin, in lower case for text."""


class OverfullError(InputError):
    """Rows hold more cells than the header.

    Attributes:
        rest: The other rows, so that what is wrong with these can be said too; no rows to be used.
    """

    def __init__(self, problems: Sequence[Problem], rest: Table) -> None:
        super().__init__(*problems)
        self.rest = rest


def decoded(source: Source) -> tuple[Table, bytes]:
    """The table that a source holds, and its bytes (b"" for a DataFrame), for comparing sources.

    Raises:
        InputError: It can't be opened, is no table, is empty, or its rows don't fit its header.
    """
    if isinstance(source, pd.DataFrame):
        return framed(None, source), b""
    file = source if isinstance(source, File) else opened(source)
    return _decoded(file), file.content


def _decoded(file: File) -> Table:
    if len(file.content) > LARGEST_FILE:
        raise InputError(too_large(file.name))
    if file.content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        table = read_workbook(file)
    elif file.content.startswith(b"PAR1"):
        table = read_parquet(file)
    else:
        _refuse_foreign(file)
        table = _read_text(file)
    if table is None:
        raise InputError(
            Problem(
                Sentence("this file is empty."), Sentence("Export it again, or leave it out."), file=file.name
            )
        )
    return table


def _refuse_foreign(file: File) -> None:
    start = file.content[:64].lstrip().lower()
    kind = next((said for mark, said in _FOREIGN if start.startswith(mark.lower())), None)
    if kind is not None:
        raise InputError(not_a_table(file.name, kind))


def not_a_table(name: str, kind: Sentence) -> Problem:
    """The fault of a file of another kind."""
    return Problem(
        Sentence("this is no table: it looks like {kind}.", kind=kind),
        Sentence("Give a table as CSV, XLSX or Parquet."),
        file=name,
    )


def _read_text(file: File) -> Table | None:
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
        raise InputError(too_wide(file.name, width))
    if max(below.count("\n"), below.count("\r")) * width > MOST_TEXT_CELLS:
        raise InputError(too_large(file.name, LARGEST_UNPACKED))
    table = _read_small(file.name, below, heading, width) or _read_fast(file.name, below, heading, width)
    if table is None:
        table = _read_slowly(file.name, below, heading)
    if table is None:
        return None
    told = replace(table, encoding=encoding, preamble=heading.above)
    return _unwrapped(replace(told, cut=_cut(table, below, heading)))


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


def _endless_cell(name: str, row: int) -> Problem:
    return Problem(
        Sentence("a cell of this row is longer than {most} characters.", most=csv.field_size_limit()),
        Sentence("Shorten it, or export without the column that it stands in."),
        file=name,
        row=row,
    )


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


def _cut(table: Table, text: str, heading: Heading) -> frozenset[int]:
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


def _width(text: str, separator: str) -> int:
    """Cells of the first row that is not blank, or of a blank one before it that has more than any table."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return len(next((row for row in rows if len(row) > MOST_COLUMNS or any(row)), []))
    except csv.Error:
        return 0


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


def too_wide(name: str, width: int) -> Problem:
    """The fault of a table with more columns than can be meant."""
    return Problem(
        Sentence("this table has {width} columns; {most} can be read.", width=width, most=MOST_COLUMNS),
        Sentence("Export only the columns that are needed: dates, names, spend and counts."),
        file=name,
    )


def separator_of(head: str) -> str:
    """The separator by a vote of columns: the one by which most lines have as many cells as the header.

    Args:
        head: The first lines of the text; the last one may be cut off.
    """
    lines = [line for line in head.splitlines() if line.strip()][:50]
    if len(lines) > 2:
        lines = lines[:-1]
    votes = {separator: _vote(lines, separator) for separator in SEPARATORS}
    return max(SEPARATORS, key=votes.__getitem__)


def _vote(lines: list[str], separator: str) -> tuple[float, int]:
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        counts = []
    if not counts or counts[0] < 2:
        return 0.0, 0
    return sum(count == counts[0] for count in counts) / len(counts), counts[0]


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
