"""Cells become numbers: decimal comma or point is decided for a whole column, never guessed for a cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.tables.cells import is_nothing, letters_of, text_of
from mediaplan.history.tables.tables import Cells, Fault
from mediaplan.words import Sentence

LARGEST_NUMBER = 1e15
"""Beyond this, doubles can't tell neighbours (and cents) apart."""

Mark = Literal[".", ",", "none", "unclear"]
"""A column's decimal mark: point, comma, no cell that needs one, or cells that can be read both ways."""

_DIGITS = frozenset("0123456789")
_SPACES = re.compile("[ \t\u00a0\u2009\u202f]+")
_SIGN = r"(F\.?\s?CFA|CFA|US\$|[A-Z]{3}|[€$£¥₦₵])"
_SIGN_FIRST = re.compile(_SIGN, re.IGNORECASE)
_SIGN_LAST = re.compile(_SIGN + "$", re.IGNORECASE)
_NUMBER = re.compile(r"[-+−(]?[0-9 .,']*[0-9][0-9 .,']*(?:[eE][+-]?[0-9]{1,3})?\)?")
_GROUPED = re.compile(r"[0-9]{1,3}([ '.,])[0-9]{3}(?:\1[0-9]{3})*(?!\1)(?:[.,][0-9]*)?")
_UNGROUPED = re.compile(r"[0-9]*(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, eq=False)
class Numbers:
    """The numbers of a column.

    Attributes:
        array: Shape (rows,); nothing and what can't be read are NaN.
        faults: Cells that are no number, in order.
        signs: Currency sign or code (in capitals, without spaces) by position, where cells carry one.
    """

    array: NDArray[np.float64]
    faults: list[Fault] = field(default_factory=list)
    signs: dict[int, str] = field(default_factory=dict)


def mark_of(cells: Cells) -> Mark:
    """The decimal mark that the cells of a column prove.

    A cell proves it by other than three digits after the mark, a zero before it, both marks at once, or one
    mark repeated; four digits in a row before the mark, or without one, prove that thousands are not grouped.
    """
    return _mark(cells, letters_of(cells))


def _mark(cells: Cells, letters: set[str] | None) -> Mark:
    if cells.dtype.kind in "iuf":
        return "none"
    if letters is not None and not letters & {".", ","}:
        return "none"
    votes: Counter[str] = Counter()
    unclear: set[str] = set()
    for cell in cells:
        if isinstance(cell, str) and ("." in cell or "," in cell):
            vote = _vote(_bare(cell)[0])
            if vote in (".", ","):
                votes[vote] += 1
                if letters is not None and letters <= _DIGITS | {vote}:
                    break
            elif vote:
                unclear.add(vote[-1])
    return _decided(votes, unclear, cells)


def _decided(votes: Counter[str], unclear: set[str], cells: Cells) -> Mark:
    if votes:
        return "." if votes["."] >= votes[","] else ","
    if not unclear:
        return "none"
    if len(unclear) == 1 and any(
        isinstance(cell, str) and re.fullmatch("[0-9]{4,}", cell.strip()) for cell in cells
    ):
        return "," if unclear == {","} else "."
    return "unclear"


def _vote(text: str) -> str:
    """`.` or `,` where the text proves that decimal mark, `?.` or `?,` where it may group thousands, else ""."""
    if not _NUMBER.fullmatch(text):
        return ""
    power = "e" in text or "E" in text
    text = re.split("[eE]", text)[0]
    text = text.strip("()-+− ")
    point, comma = text.rfind("."), text.rfind(",")
    if point < 0 and comma < 0:
        return ""
    if point >= 0 and comma >= 0:
        return "." if point > comma else ","
    mark, other = (".", ",") if point >= 0 else (",", ".")
    if text.count(mark) > 1:
        return other
    before, after = text.split(mark)
    grouped = len(after) == 3 and re.fullmatch("[1-9][0-9]{0,2}", before)
    return "?" + mark if grouped and not power else mark


def _bare(cell: str) -> tuple[str, str]:
    """A number's text with plain spaces and apostrophes and without its currency sign, and the sign."""
    text = _SPACES.sub(" ", cell.replace("\u2019", "'")).strip()
    if text[:1] in _DIGITS and text[-1:] in _DIGITS:
        return text, ""
    match = _SIGN_FIRST.match(text) or _SIGN_LAST.search(text)
    if not match or not _DIGITS & set(text):
        return text, ""
    rest = text[: match.start()] + text[match.end() :]
    return rest.strip(), re.sub(r"[\s.]", "", match[1]).upper()


def numbers(cells: Cells, hint: Mark = "none", *, whole: bool = False, money: bool = False) -> Numbers:
    """The numbers of a column.

    Args:
        cells: Text or numbers.
        hint: The decimal mark of the file's other columns, used where this one leaves it unclear.
        whole: Whether the column counts whole things, so that "1,234" can only be more than a thousand.
        money: Whether cells may carry the sign or code of a currency.
    """
    if cells.dtype.kind in "iuf":
        return _checked(np.array(cells, dtype=np.float64), cells)
    letters = letters_of(cells)
    mark = _mark(cells, letters)
    if whole and mark in (".", ",") and not _parts(cells, mark):
        mark = "unclear"
    if mark == "unclear" and not whole and hint in (".", ","):
        mark = hint
    if letters is not None and letters <= (_DIGITS | {"."} if mark == "." else _DIGITS):
        read = pd.to_numeric(cells, errors="coerce")
        return _checked(np.array(read, dtype=np.float64), cells)
    if mark == "unclear" and whole:
        mark = "none"
    return _one_by_one(cells, mark, money=money)


def _parts(cells: Cells, mark: Mark) -> bool:
    """Whether some cell has that mark where no thousands can be meant: of whole things 1,500 is more than a thousand."""
    votes = (_vote(_bare(cell)[0]) for cell in cells if isinstance(cell, str) and mark in cell)
    return any(vote in (".", ",") for vote in votes)


def _one_by_one(cells: Cells, mark: Mark, *, money: bool) -> Numbers:
    known: dict[Any, tuple[float, str]] = {}
    values = np.empty(len(cells))
    signs = {}
    for at, cell in enumerate(cells):
        if not isinstance(cell, str):
            values[at] = _typed(cell)
            continue
        if cell not in known:
            number, sign = _number(cell, mark)
            known[cell] = (np.nan, "") if sign and not money else (number, sign)
        values[at], sign = known[cell]
        if sign:
            signs[at] = sign
    return _checked(values, cells, signs, unclear=mark == "unclear")


def _typed(cell: Any) -> float:
    """The number that a cell with a type holds; NaN where it holds none."""
    if cell is None or isinstance(cell, (bool, np.bool_)):
        return np.nan
    try:
        return float(cell)
    except (TypeError, ValueError, OverflowError):
        return np.nan


def _number(cell: str, mark: Mark) -> tuple[float, str]:
    """The number that a text says (NaN where it says none) and its currency sign."""
    text, sign = _bare(cell)
    negative = text.startswith(("-", "−")) or (text.startswith("(") and text.endswith(")"))
    if negative:
        text = text.strip("()").removeprefix("-").removeprefix("−")
    value = _unsigned(text.removeprefix("+").strip(), mark)
    return (-value if negative else value), sign


def _unsigned(text: str, mark: Mark) -> float:
    if mark == "unclear" and ("." in text or "," in text):
        return np.nan
    grouped = _GROUPED.fullmatch(text)
    if grouped and grouped[1] != mark:
        text = text.replace(grouped[1], "")
    foreign = {",", "."} - {mark}
    if not _DIGITS & set(text) or not _UNGROUPED.fullmatch(text) or foreign & set(text):
        return np.nan
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return np.nan


def _checked(
    values: NDArray[np.float64], cells: Cells, signs: dict[int, str] | None = None, *, unclear: bool = False
) -> Numbers:
    """The values, with a fault for every cell that says something which is no number, or too large a one."""
    suspect = np.flatnonzero(~(np.abs(values) <= LARGEST_NUMBER))
    faults = [
        _fault(int(at), text_of(cells[at]) or str(cells[at]), float(values[at]), unclear=unclear)
        for at in suspect
        if not (np.isnan(values[at]) and _says_nothing(cells[at]))
    ]
    values[suspect] = np.nan
    return Numbers(values, faults, signs or {})


def _says_nothing(cell: Any) -> bool:
    text = text_of(cell)
    return is_nothing(text) or text.casefold() == "na"


def _fault(at: int, value: str, number: float, *, unclear: bool) -> Fault:
    if abs(number) > LARGEST_NUMBER:
        message = Sentence("{value} is too large to be counted exactly.", value=value)
        return Fault(at, value, message, Sentence("Check the unit: numbers may have up to 15 digits."))
    if unclear and "?" in _vote(_bare(value)[0]):
        return Fault(
            at,
            value,
            Sentence(
                "“{value}” may mean thousands or decimals, and nothing in the file tells which.", value=value
            ),
            Sentence(
                "Write this column without separators of thousands, and with two decimals, or say under [[columns]]: {line}",
                line='decimal = ","',
            ),
        )
    return Fault(
        at,
        value,
        Sentence("“{value}” is no number.", value=value),
        Sentence("Write digits with one decimal mark, such as 1500 or 250.50, or leave the cell blank."),
    )


def hint_of(columns: Sequence[Cells]) -> Mark:
    """The one decimal mark that the columns of a file prove; `"none"` where they prove none or two."""
    marks = {mark for cells in columns if (mark := mark_of(cells)) in (".", ",")}
    return marks.pop() if len(marks) == 1 else "none"
