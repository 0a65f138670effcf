"""Formulas of a workbook that no spreadsheet program has calculated yet: their cells say nothing, or 0.

Programs that write workbooks leave the calculating to whoever opens them next; readers find no value, and would take
money that is only not worked out yet for none.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from mediaplan.errors import Problem
from mediaplan.history.tables.tables import Fault, Table, placed
from mediaplan.words import Sentence

_CELL = re.compile(rb"<(?:\w+:)?c(?=\s)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_TEXT = re.compile(rb"""\bt\s*=\s*["'](?:str|s|inlineStr)["']""")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_TO_BE_CALCULATED = re.compile(rb"""fullCalcOnLoad\s*=\s*["'](?:1|true)["']""")


def uncalculated(content: bytes) -> dict[str, tuple[tuple[int, int], ...]]:
    """By sheet, the cells (row from 1, column from 0) whose formula has no value yet.

    A value of 0 counts as none where the workbook asks to be calculated when it is opened.

    Args:
        content: A workbook that is known to unpack to a reasonable size.
    """
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
        workbook = package.read("xl/workbook.xml")
        relations = "xl/_rels/workbook.xml.rels"
        targets = _targets(package.read(relations)) if relations in names else {}
        asks = _TO_BE_CALCULATED.search(workbook) is not None
        for name, key in _sheets(workbook):
            part = targets.get(key, "")
            cells = tuple(_cells(package.read(part), asks=asks)) if part in names else ()
            if cells:
                found[name] = cells
    return found


def _sheets(workbook: bytes) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the key under which its part is found."""
    for match in _SHEET.finditer(workbook):
        name, key = _attribute(match[1], rb"name"), _attribute(match[1], rb"\w+:id")
        if name is not None and key is not None:
            yield name, key


def _targets(relations: bytes) -> dict[str, str]:
    found = {}
    for match in _RELATION.finditer(relations):
        key, target = _attribute(match[1], rb"Id"), _attribute(match[1], rb"Target")
        if key is not None and target is not None:
            found[key] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return found


def _attribute(text: bytes, name: bytes) -> str | None:
    match = re.search(rb"(?<![\w:])" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", text)
    return None if match is None else html.unescape((match[1] or match[2] or b"").decode("utf-8", "replace"))


def _cells(sheet: bytes, *, asks: bool) -> Iterator[tuple[int, int]]:
    if not _FORMULA.search(sheet):
        return
    for cell in _CELL.split(sheet)[1:]:
        attributes, _, held = cell.partition(b">")
        place = _PLACE.search(attributes)
        if place is None or attributes.endswith(b"/") or not _FORMULA.search(held):
            continue
        value = _VALUE.search(held)
        told = (value[1] if value else b"").strip()
        is_text = _TEXT.search(attributes) is not None
        if (not told and not (is_text and value)) or (asks and told == b"0" and not is_text):
            yield int(place[2]), _column(place[1])


def _column(letters: bytes) -> int:
    """The column that letters name: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def uncalculated_faults(table: Table, cells: tuple[tuple[int, int], ...]) -> list[Problem]:
    """A fault for each such cell of a table, by its columns.

    Args:
        table: Of a sheet, its columns from A on.
        cells: Of that sheet, as `uncalculated` gives them.
    """
    at = {int(row): place for place, row in enumerate(table.rows)}
    by_column: dict[int, list[Fault]] = {}
    for row, column in sorted(cells):
        if row in at and column < len(table.header):
            message = Sentence("this cell holds a formula that was never calculated.")
            remedy = Sentence("Open the workbook in a spreadsheet program, save it there, and give it again.")
            by_column.setdefault(column, []).append(Fault(at[row], "", message, remedy))
    return [
        problem
        for column, faults in sorted(by_column.items())
        for problem in placed(table, table.header[column], faults)
    ]
