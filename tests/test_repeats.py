"""Rows that stand twice in one file are counted and named."""

from __future__ import annotations

import pytest

from mediaplan.history.reading.reading import File, read_history

HEAD = "date,post,region,spend,clicks\n"


def warnings(*rows):
    history = read_history(File("history.csv", (HEAD + "\n".join(rows)).encode()), currency="EUR")
    assert history.rows["spend"].sum() == pytest.approx(sum(float(row.split(",")[3] or 0) for row in rows))
    return [str(warning) for warning in history.warnings if "word for word" in str(warning)]


def test_a_row_that_repeats_an_earlier_one_is_counted_and_named_with_its_line():
    said = warnings(
        "2026-10-01,a,north,5.50,1",
        "2026-10-02,a,north,5.50,1",
        "2026-10-01,a,north,5.50,1",
        "2026-10-01,a,north,5.50,1",
    )
    expected = (
        "history.csv: rows that repeat an earlier one word for word: 2 (11; lines 4, 5). They were counted; "
        "delete them if they are there by mistake."
    )
    assert said == [expected]


@pytest.mark.parametrize(
    "other",
    [
        "2026-10-01,a,south,5.50,1",
        "2026-10-01,A,north,5.50,1",
        "2026-10-02,a,north,5.50,1",
        "2026-10-01,a,north,5.50,2",
        "2026-10-01,a,north,5.5,1",
    ],
    ids=["in a column that is not read", "in a name", "in the date", "in a count", "in how it is written"],
)
def test_rows_that_differ_in_one_cell_are_no_repetition(other):
    assert warnings("2026-10-01,a,north,5.50,1", other) == []


def test_rows_without_money_may_repeat():
    assert warnings("2026-10-01,a,north,0,0", "2026-10-01,a,north,0,0", "2026-10-01,b,north,3,0") == []


def test_many_repetitions_are_counted_and_the_first_lines_named():
    (said,) = warnings(*["2026-10-01,a,north,1,1"] * 30)
    assert "29 (29; lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, …)" in said
