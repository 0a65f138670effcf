"""Formulas of a workbook count with the value that it keeps; where nobody has calculated one, that is said."""

from __future__ import annotations

import io
import zipfile

import pytest

from mediaplan.errors import InputError
from mediaplan.history.reading.reading import File, read_history

xlsxwriter = pytest.importorskip("xlsxwriter")

HEADER = ["date", "post", "spend", "clicks"]


def workbook(*rows, first="Report"):
    """A sheet of texts and numbers, formulas as (text, value)."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet(first)
    sheet.write_row(0, 0, HEADER)
    for at, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, tuple):
                sheet.write_formula(at, column, cell[0], None, cell[1])
            else:
                sheet.write(at, column, cell)
    book.add_worksheet("notes").write_formula(1, 2, "=1+1")
    book.close()
    return content.getvalue()


def saved_by_a_spreadsheet(content):
    """As a program writes it that has calculated all: it no longer asks for that."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b' fullCalcOnLoad="1"', b""))
    return held.getvalue()


def read(content):
    return read_history(File("cost.xlsx", content), currency="EUR").rows


def faults(content):
    with pytest.raises(InputError) as caught:
        read(content)
    return [(problem.row, problem.column) for problem in caught.value.problems]


def test_a_formula_counts_with_its_value():
    rows = read(workbook(["2026-10-01", "a", ("=1+1", 2), 3], ["2026-10-01", "b", ("=2+2", 4), ("=B1", 5)]))
    assert rows["spend"].tolist() == [2, 4]
    assert rows["clicks"].tolist() == [3, 5]


def test_a_formula_that_nobody_has_calculated_is_no_zero():
    content = workbook(["2026-10-01", "a", ("=1+1", 0), 3], ["2026-10-01", "b", 4, ("=1+1", "")])
    assert faults(content) == [(2, "spend"), (3, "clicks")]


def test_a_zero_that_was_calculated_counts():
    content = saved_by_a_spreadsheet(workbook(["2026-10-01", "a", ("=1-1", 0), 3]))
    assert read(content)["spend"].tolist() == [0]


def test_a_formula_without_any_value_was_not_calculated_whoever_saved_it():
    content = saved_by_a_spreadsheet(
        workbook(["2026-10-01", "a", 1, 3], ["2026-10-01", "b", 1, ("=1+1", "")])
    )
    assert faults(content) == [(3, "clicks")]


def test_formulas_of_other_sheets_do_not_matter():
    assert read(workbook(["2026-10-01", "a", 7, 3], first="R&D “2026”"))["spend"].tolist() == [7]


def test_the_sheet_is_found_by_its_name_whatever_stands_in_it():
    assert faults(workbook(["2026-10-01", "a", ("=1+1", 0), 3], first="R&D “2026”")) == [(2, "spend")]


def test_many_cells_without_an_end_take_no_time():
    content = workbook(["2026-10-01", "a", 7, 3])
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            stuff = b'<c r="A9"><f>' * 300_000 if name.endswith("sheet1.xml") else b""
            new.writestr(name, part.replace(b"</sheetData>", stuff + b"</sheetData>"))
    with pytest.raises(InputError):
        read(held.getvalue())
