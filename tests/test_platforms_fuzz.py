"""Whatever is broken in an export: it is read or refused in words, in no time, and never a traceback."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from exports_by_platform.account import WORLD, text
from exports_by_platform.meta import META, meta_rows
from mutated_exports import NASTY, judged, mutants

from mediaplan.history.checking.checking import checked
from mediaplan.history.reading.reading import File


@pytest.mark.parametrize("seed", range(4))
def test_broken_exports_are_read_or_refused(seed):
    outcomes = {"read": 0, "refused": 0}
    for name, content in mutants(seed, 75):
        try:
            outcomes[judged(content)] += 1
        except Exception as error:
            raise AssertionError(name) from error
    assert outcomes["read"] > 2
    assert outcomes["refused"] > 20


@pytest.mark.parametrize("cell", NASTY)
def test_any_cell_may_stand_anywhere(cell):
    header = [name.format("EUR") for name in META["en"]]
    for column in (0, 3, 6, 9):
        rows = meta_rows(WORLD[:4])
        rows[1][column] = cell
        judged(text([header, *rows]))
        broken = [*header]
        broken[column] = cell
        judged(text([broken, *meta_rows(WORLD[:2])]))


def test_a_million_columns_behind_a_platforms_names_are_refused():
    header = ",".join(name.format("EUR") for name in META["en"]) + ",x" * 1_000_000
    found = checked(File("wide.csv", (header + "\n1\n").encode())).files[0]
    assert not found.usable
    assert "columns" in str(found.problems[0].message)


def test_a_workbook_that_unpacks_to_a_thousand_times_its_size_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(220):
                part.write(bytes(2**20))
    found = checked(File("bomb.xlsx", content.getvalue())).files[0]
    assert not found.usable


def test_a_line_that_never_ends_is_refused_or_read():
    assert judged(b"Campaign name,Day," + b"A" * 3_000_000) == "refused"
    assert judged(b'"' + b"Campaign name,Day\n" * 50_000) == "refused"


def test_the_truth_of_the_mutants_own_source_is_not_what_is_tested():
    """The mutations do change the files: none of the first hundred is its source."""
    from exports_by_platform import EXPORTS

    sources = {export.content for export in EXPORTS}
    assert sum(content in sources for _, content in mutants(1, 100)) < 15
    assert next(csv.reader(io.StringIO(EXPORTS[0].content.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", ["spend", "post", "Cost", "date"])
def test_a_title_without_a_table_may_say_anything(name):
    assert judged(f"{name}\nReport Start: September 10, 2026\n".encode()) == "refused"
