"""A table as it stands in a file, before anyone asks what it means: headers, cells, where each row stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import Problem
from mediaplan.words import Sentence

Cells = NDArray[Any]
"""Shape (rows,): objects (text, numbers, dates, `None`), or numbers or datetimes where the file has types."""

MOST_COLUMNS = 2000
"""Columns that a table may have at the most."""

MOST_LINES = 12
"""Lines that a warning names one by one."""

MOST_FAULTS = 100
"""Cells of one column that are named one by one for one kind of fault; of more, the count is said."""


@dataclass(frozen=True, eq=False)
class Table:
    """Headers and cells of one file, sheet or DataFrame.

    Attributes:
        file: The file's name; `None` for a DataFrame.
        header: The columns' names, trimmed, as they stand in the file; "" where there is none.
        cells: One array per column.
        rows: Shape (rows,), where each row stands as a spreadsheet counts (the header of a CSV file is 1).
        warnings: What deserves a word about how it was read.
        encoding: Of a text file; `None` for workbooks, Parquet files and DataFrames.
        preamble: The lines above the header, where a platform puts its title and the period.
        cut: Lines (as in `rows`) of the rows that have fewer cells than the header; what is missing counts as blank.
        added_up: Rows that were added to others of the same dates and names when it was read; `None` where none could be.
    """

    file: str | None
    header: tuple[str, ...]
    cells: tuple[Cells, ...]
    rows: NDArray[np.int64]
    warnings: tuple[Sentence, ...] = ()
    cut: frozenset[int] = frozenset()
    encoding: str | None = None
    preamble: tuple[str, ...] = ()
    added_up: int | None = None

    @property
    def emptied(self) -> Table:
        """The table without its cells, for what is said of it later: they take most of the memory."""
        return replace(self, cells=(), rows=self.rows[:0])

    @property
    def is_cut(self) -> NDArray[np.bool_]:
        """Shape (rows,), whether each row is one of `cut`."""
        return np.isin(self.rows, list(self.cut))

    def positions(self, name: str) -> list[int]:
        """Where the columns of that name stand, letter case and kinds of space apart."""
        wanted = folded(name)
        return [at for at, header in enumerate(self.header) if folded(header) == wanted]

    def problem(self, message: Sentence, remedy: Sentence, **place: Any) -> Problem:
        """A problem of this table."""
        return Problem(message, remedy, file=self.file, **place)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell.

    Attributes:
        at: Position of the row in the table, from 0.
        value: What stands there.
        message: What was found.
        remedy: What to do now.
    """

    at: int
    value: str
    message: Sentence
    remedy: Sentence


def placed(table: Table, column: str, faults: Sequence[Fault]) -> list[Problem]:
    """The faults of one column as problems; beyond `MOST_FAULTS` their count is said once."""
    problems = [
        table.problem(
            fault.message, fault.remedy, row=int(table.rows[fault.at]), column=column, value=fault.value
        )
        for fault in faults[:MOST_FAULTS]
    ]
    if (left := len(faults) - MOST_FAULTS) > 0:
        problems.append(
            table.problem(
                Sentence("{count} more cells of this column can't be used.", count=left),
                faults[MOST_FAULTS].remedy,
                column=column,
            )
        )
    return problems


def blank_faults(table: Table, positions: Iterable[int]) -> list[Fault]:
    """The faults of blank cells, by position of their rows, in a column that every row needs."""
    blank = Sentence("this cell is blank."), Sentence("Fill it in, or delete the row.")
    ends = (
        Sentence("the row ends before this cell: it was cut off."),
        Sentence("Export the file again, or fill in the rest of the row."),
    )
    return [Fault(int(at), "", *(ends if int(table.rows[at]) in table.cut else blank)) for at in positions]


def cut_off(table: Table, counted: NDArray[np.bool_] | None = None) -> tuple[Sentence, ...]:
    """A warning about rows that have fewer cells than the header; `counted`, shape (rows,), says which rows matter."""
    mine = table.is_cut if counted is None else table.is_cut & counted
    lines = table.rows[mine]
    if not len(lines):
        return ()
    named = tuple(str(line) for line in lines[:MOST_LINES]) + (("…",) if len(lines) > MOST_LINES else ())
    return (
        Sentence(
            "{file}: rows with fewer cells than the header, as if they were cut off: {count} (lines {lines}). What is "
            "missing counts as not told; export the file again if it should be there.",
            file=table.file or "–",
            count=len(lines),
            lines=named,
        ),
    )


def tidy(text: str) -> str:
    """Text in Unicode NFC without spaces at its ends."""
    return unicodedata.normalize("NFC", text).strip()


def folded(name: str) -> str:
    """A header as it is compared: NFKC, one kind of apostrophe and of space, no letter case."""
    plain = unicodedata.normalize("NFKC", name).replace("\u2019", "'")
    return " ".join(plain.split()).casefold()


def assembled(file: str | None, lines: Sequence[Sequence[Any]]) -> Table | None:
    """A table from rows of cells, the first row that is not blank being its header; `None` if all are blank.

    Rows that are all blank are left out, without moving the others' row numbers.
    """
    width = len(next((line for line in lines if not _blank(line)), ()))
    if any(len(line) != width for line in lines):
        lines = [[*line, *[""] * (width - len(line))][:width] for line in lines]
    return from_columns(file, [_column(lines, at) for at in range(width)])


def from_columns(file: str | None, columns: Sequence[Cells], skipped: int = 0) -> Table | None:
    """A table from columns whose first row with anything in it is the header; `skipped` rows stood before."""
    blank = np.ones(len(columns[0]) if columns else 0, dtype=bool)
    for column in columns:
        blank[blank] = [_is_blank(cell) for cell in column[blank]]
    kept = np.flatnonzero(~blank)
    if not len(kept):
        return None
    header = [tidy("" if _is_blank(column[kept[0]]) else str(column[kept[0]])) for column in columns]
    while not header[-1]:
        header.pop()
    cells = tuple(column[kept[1:]] for column in columns[: len(header)])
    return Table(file, tuple(header), cells, kept[1:] + 1 + skipped)


def _blank(line: Sequence[Any]) -> bool:
    return all(_is_blank(cell) for cell in line)


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell != cell  # noqa: PLR0124 - NaN


def _column(lines: Sequence[Sequence[Any]], at: int) -> Cells:
    column = np.empty(len(lines), dtype=object)
    column[:] = [line[at] for line in lines]
    return column


def beyond(lines: Sequence[Sequence[Any]], width: int) -> list[int]:
    """Places of the rows that hold something beyond so many cells."""
    return [i for i, line in enumerate(lines) if len(line) > width and not _blank(line[width:])]


def overfull(file: str, lines: Sequence[Sequence[Any]], width: int) -> list[Problem]:
    """Rows that hold something beyond the last header: a separator in a text, or a comma in a number."""
    found = beyond(lines, width)
    remedy = Sentence("Put texts and numbers that hold the separator between double quotes, or export again.")
    problems = [
        Problem(
            Sentence("this row has {found} cells, the header {width}.", found=len(lines[i]), width=width),
            remedy,
            file=file,
            row=i + 1,
            value=str(lines[i][width]),
        )
        for i in found[:MOST_FAULTS]
    ]
    if (left := len(found) - MOST_FAULTS) > 0:
        problems.append(
            Problem(
                Sentence("{count} more rows have more cells than the header.", count=left), remedy, file=file
            )
        )
    return problems


def framed(file: str | None, frame: pd.DataFrame) -> Table:
    """A DataFrame as a table, its first row counted as row 2."""
    cells = tuple(_typed(frame.iloc[:, at]) for at in range(frame.shape[1]))
    header = tuple(tidy(str(name)) for name in frame.columns)
    return Table(file, header, cells, np.arange(len(frame), dtype=np.int64) + 2)


def _typed(column: pd.Series[Any]) -> Cells:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_localize(None)
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufM":
        return column.to_numpy()
    values = column.astype(object)
    return values.where(values.notna(), None).to_numpy(dtype=object)
