"""Small tables, written by hand, and what reading them gives or refuses."""

from __future__ import annotations

import io
from datetime import date

import pytest

from mediaplan.errors import InputError
from mediaplan.history.reading.reading import File, read_history
from mediaplan.words import Words

HEADER = "date,channel,audience,post,spend,impressions,clicks,results\n"


PLAIN = (
    HEADER
    + "2026-10-05,facebook,parents,007,12.50,1000,30,3\n"
    + "2026-10-06,instagram,students,P2,7.25,,12,\n"
    + "2026-10-07,facebook,,P2,0,0,0,0\n"
)


def file(text: str | bytes, name: str = "h.csv") -> File:
    return File(name, text if isinstance(text, bytes) else text.encode())


def history(text: str | bytes, name: str = "h.csv", **given):
    return read_history(file(text, name), **{"currency": "EUR", **given})


def refusal(text, read=None, **given) -> InputError:
    with pytest.raises(InputError) as caught:
        (read or history)(file(text) if read else text, **given)
    return caught.value


def faults(text, read=None, **given):
    problems = refusal(text, read, **given).problems
    assert all("{" not in problem.worded(Words("en")) for problem in problems)
    return [(p.row, p.column, p.value) for p in problems]


def said(text, read=None, **given) -> str:
    return str(refusal(text, read, **given))


def workbook(rows: list[list[object]], *more: list[list[object]]) -> bytes:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for lines in (rows, *more):
        sheet = book.add_worksheet()
        for r, line in enumerate(lines):
            for c, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, cell, day)
                else:
                    sheet.write(r, c, cell)
    book.close()
    return content.getvalue()
