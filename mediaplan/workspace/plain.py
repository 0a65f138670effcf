"""Tables as plain CSV and back, to the last bit: what an export of a client holds.

Text that a spreadsheet would take for a formula gets an apostrophe before it, as in all files that mediaplan writes: at the
beginning of a cell, and behind a semicolon or a line's end, where spreadsheets of other countries let a cell begin. Here it
is taken off again on the way back, and so is doubled where an apostrophe stands there by itself.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mediaplan.errors import InputError, Problem
from mediaplan.history.records.records import COUNTS
from mediaplan.words import Sentence

_CELL_BEGINS = r"(?:^|(?<=[;\r\n]))"
_UNSAFE = re.compile(_CELL_BEGINS + "(?=[\"\\s]*[=+@\uff1d\uff0b\uff0d\uff20'-]|[\\t\\r\\n])")
_MADE_SAFE = re.compile(_CELL_BEGINS + "'")
_FIGURES = frozenset({"hour", "spend", *COUNTS, "size", "value"})
_DAYS = frozenset({"date", "published"})


def table_csv(rows: pd.DataFrame) -> bytes:
    """The rows as CSV (UTF-8): dates in ISO, numbers with all their digits, nothing is blank."""
    text = io.StringIO()
    writer = csv.writer(text)  # its "\r\n" makes it put names that hold either between quotes
    writer.writerow(map(_harmless, map(str, rows.columns)))
    writer.writerows(zip(*(_written(str(name), rows[name]) for name in rows.columns), strict=True))
    return text.getvalue().encode()


def _written(name: str, column: pd.Series[Any]) -> list[str]:
    if name in _DAYS:
        days = np.datetime_as_string(column.to_numpy(dtype="datetime64[D]"))
        return ["" if day == "NaT" else str(day) for day in days]
    if name == "channels":
        return [_harmless("|".join(names)) for names in column]
    if _is_figure(name):
        return [_figure(value) for value in column.tolist()]
    return [
        "" if missing else _harmless(str(value)) for value, missing in zip(column, column.isna(), strict=True)
    ]


def _figure(value: float) -> str:
    if value != value:  # noqa: PLR0124 - NaN
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(float(value))


def _harmless(text: str) -> str:
    return _UNSAFE.sub("'", text)


def _as_it_was(text: str) -> str:
    return _MADE_SAFE.sub("", text)


def _is_figure(name: str) -> bool:
    return name in _FIGURES or name == "days" or name.startswith(("results:", "organic_"))


def table_from(content: bytes, columns: Sequence[str], file: str) -> pd.DataFrame:
    """The rows that `table_csv` wrote.

    Args:
        content: The file.
        columns: The columns that it must have, in order.
        file: Its name, for faults.

    Raises:
        InputError: It has other columns, or cells that are none of ours.
    """
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        if (
            not lines
            or lines[0] != [_harmless(name) for name in columns]
            or any(len(line) != len(columns) for line in lines)
        ):
            raise InputError(changed(file))
        cells: Mapping[str, list[str]] = {
            name: [line[at] for line in lines[1:]] for at, name in enumerate(columns)
        }
        return pd.DataFrame({name: _read(name, texts) for name, texts in cells.items()})
    except (ValueError, csv.Error) as error:
        raise InputError(changed(file)) from error


def _read(name: str, texts: list[str]) -> Any:
    if name in _DAYS:
        return np.array([text or "NaT" for text in texts], dtype="datetime64[us]")
    if name == "days":
        return np.array([int(text) for text in texts], dtype=np.int64)
    if _is_figure(name):
        return np.array([float(text) if text else np.nan for text in texts], dtype=np.float64)
    plain = [_as_it_was(text) for text in texts]
    if name == "channels":
        return pd.Series([tuple(text.split("|")) if text else () for text in plain], dtype=object)
    return pd.Series([text or None for text in plain], dtype="str")


def changed(file: str) -> Problem:
    """The fault of a file of an export that is not as it was written."""
    return Problem(
        Sentence("this file is not as it was exported."),
        Sentence(
            "Export again; or import the table by itself, without the folder's {manifest}.",
            manifest="client.json",
        ),
        file=file,
    )
