"""Cells become names, hours and kinds: text that is kept as it is, and what stands for "nothing"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.tables.tables import Cells, Fault, tidy
from mediaplan.words import Sentence

_NOTHING = {"", "-", "--", "–", "—", "n/a", "#n/a", "null"}
_DAY = r"(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ])?"
_HOUR = re.compile(
    rf"{_DAY}([0-9]{{1,2}})(?:\.0+|h|h00|:00(?::00)?)?(?:\s*[-–~]\s*{_DAY}[0-9]{{1,2}}(?:h|:59(?::59)?|:00(?::00)?)?)?"
)
_HALF_DAY = re.compile(r"(1[0-2]|0?[1-9])(?::00)? ?([ap])\.?m\.?", re.IGNORECASE)


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without a decimal point, dates as ISO, nothing as ""."""
    if isinstance(cell, str):
        return tidy(cell)
    if cell is None or (pd.api.types.is_scalar(cell) and pd.isna(cell)):
        return ""
    if isinstance(cell, (bool, np.bool_)):
        return str(cell).upper()
    if isinstance(cell, (date, time)):
        return cell.isoformat().removesuffix("T00:00:00")
    if isinstance(cell, (float, np.floating, Decimal)) and abs(float(cell)) < 1e300 and int(cell) == cell:
        return str(int(cell))
    return tidy(str(cell))


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing: blank, a dash, `N/A`."""
    return text.casefold() in _NOTHING


def each(cells: Cells, read: Callable[[str], Any]) -> Cells:
    """`read` of the text of every cell, done once for each different cell."""
    codes, different = codes_of(cells)
    values = np.empty(len(different), dtype=object)
    values[:] = [read(text) for text in different]
    return values[codes] if len(different) else np.empty(0, dtype=object)


def letters_of(cells: Cells) -> set[str] | None:
    """All different characters of a column of text; `None` where some cell is no text."""
    if cells.dtype.kind != "O":
        return None
    try:
        return set("".join(cells))
    except TypeError:
        return None


def codes_of(cells: Cells) -> tuple[NDArray[np.intp], list[str]]:
    """Each cell's place among the different texts, and those texts."""
    if cells.dtype.kind == "O" and pd.api.types.infer_dtype(cells, skipna=False) != "string":
        # As text first: Python takes 1, 1.0 and True for one value.
        cells = np.array([cell if type(cell) is str else text_of(cell) for cell in cells], dtype=object)
    codes, values = pd.factorize(cells, use_na_sentinel=False)
    different = values if cells.dtype.kind == "O" else pd.Series(values).astype(object)
    return np.asarray(codes, dtype=np.intp), [text_of(value) for value in different]


def names(cells: Cells) -> Cells:
    """Names as they stand (NFC, trimmed, case and leading zeros kept); nothing is NaN.

    Returns:
        Shape (rows,), objects: text or NaN.
    """
    return each(cells, lambda text: np.nan if is_nothing(text) else text)


def joined(columns: list[Cells]) -> Cells:
    """Several columns as one, the texts of a row joined by a space, nothing left out."""
    if len(columns) == 1:
        return columns[0]
    texts = [each(column, lambda text: "" if is_nothing(text) else text) for column in columns]
    result = np.empty(len(texts[0]), dtype=object)
    result[:] = [" ".join(filter(None, row)) for row in zip(*texts, strict=True)]
    return result


def hours(cells: Cells) -> tuple[NDArray[np.float64], list[Fault]]:
    """Hours of the day: `18`, `18h`, `18:00`, `18:00:00 - 18:59:59`, `6 PM`, with a day before it or not; nothing is NaN.

    Returns:
        Shape (rows,), 0–23, and the cells that are no such hour.
    """
    read = each(cells, _hour)
    values = np.array([np.nan if value is None else value for value in read], dtype=np.float64)
    faults = [
        Fault(
            int(at),
            text_of(cells[at]),
            Sentence("“{value}” is no hour of the day.", value=text_of(cells[at])),
            Sentence("Write whole hours from 0 to 23, local time."),
        )
        for at in np.flatnonzero(values < 0)
    ]
    return np.where(values < 0, np.nan, values), faults


def _hour(text: str) -> float | None:
    if is_nothing(text):
        return None
    if match := _HALF_DAY.fullmatch(text):
        return float(int(match[1]) % 12 + (12 if match[2] in "pP" else 0))
    match = _HOUR.fullmatch(text)
    return float(match[1]) if match and int(match[1]) <= 23 else -1.0
