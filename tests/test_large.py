"""Large files are read in pieces and added up: the same money for the same dates and names as the usual reading."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediaplan.errors import InputError
from mediaplan.history.files import adding, batches, large, spreadsheets
from mediaplan.history.files.sources import File
from mediaplan.history.reading.reading import read_history

HEAD = "date,ad_id,audience,post,channel,hour,spend,clicks,results:lead\n"
KEYS = ["date", "days", "post", "channel", "audience", "slot", "hour"]


def usual(text, **given):
    return read_history(File("big.csv", text.encode()), **{"currency": "EUR", **given})


def in_pieces(text, *, piece=7, by_pyarrow=True, **given):
    with pytest.MonkeyPatch.context() as patch:
        if not by_pyarrow:
            patch.setattr(batches, "is_there", lambda: False)
        patch.setattr(large, "LARGE", 0)
        patch.setattr(large, "PIECE", piece)
        patch.setattr(adding, "PIECE", piece)
        patch.setattr(batches, "BLOCK", 40 * piece)
        patch.setattr(large, "SAMPLE", 2)
        return usual(text, **given)


def by_pandas(text, **given):
    return in_pieces(text, by_pyarrow=False, **given)


def added_up(history):
    rows = history.rows.groupby(KEYS, dropna=False)[["spend", "clicks", "results:lead"]].sum(min_count=1)
    return rows.sort_index()


cells = st.tuples(
    st.integers(1, 3),
    st.sampled_from(["007", "7", "NA", "été", ""]),
    st.sampled_from(["facebook", "Facebook", " facebook", ""]),
    st.sampled_from(["", "0", "08", "23"]),
    st.integers(0, 10**7).map(lambda cents: f"{cents / 100:.2f}"),
    st.sampled_from(["", "0", "3", "12"]),
    st.sampled_from(["", "0", "1.5", "4"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(cells, min_size=1, max_size=40), st.booleans())
def test_the_same_dates_and_names_get_the_same_figures(rows, by_pyarrow):
    # A row that names nothing may be the sum of the others, which the usual reading looks for: it stays out here.
    text = HEAD + "".join(
        f"2026-10-{day:02d},{at},adultes,{post},{channel},{hour},{spend},{clicks},{leads}\n"
        for at, (day, post, channel, hour, spend, clicks, leads) in enumerate(rows)
    )
    expected, found = added_up(usual(text)), added_up(in_pieces(text, by_pyarrow=by_pyarrow))
    pd.testing.assert_frame_equal(found, expected, check_exact=False, rtol=1e-12)


def test_a_column_may_be_blank_in_one_piece_and_not_in_another():
    rows = ["2026-10-01,1,adultes,a,facebook,,5,1,2\n"] * 7 + [
        "2026-10-01,1,adultes,a,facebook,8,5,1,2\n"
    ] * 7
    text = HEAD + "".join(rows + rows[::-1])
    pd.testing.assert_frame_equal(added_up(in_pieces(text)), added_up(usual(text)))


def test_names_that_look_like_numbers_further_down_keep_their_zeros():
    rows = [
        f"2026-10-01,1,adultes,{post},facebook,8,5,1,2\n" for post in ["a"] * 20 + ["007", "7", "1e3"] * 7
    ]
    assert set(in_pieces(HEAD + "".join(rows)).rows["post"]) == {"a", "007", "7", "1e3"}


def test_cents_add_up_exactly_and_it_is_said_how_many_rows_there_were():
    text = HEAD + "2026-10-01,1,adultes,a,facebook,8,0.10,1,\n" * 3000
    found = in_pieces(text)
    assert found.rows["spend"].tolist() == [300.0]
    assert "3,000 rows were added up to 1" in str(found.warnings[0])


def test_a_fault_is_said_with_its_line_as_in_a_small_file():
    text = HEAD + "2026-10-01,1,adultes,a,facebook,8,5,1,\n" * 20
    text += "2026-10-01,1,adultes,a,facebook,8,-5,1,\n2026-10-01,1,adultes,a,facebook,8,much,1,\n2026-10-01,1,adultes,a,facebook,8,,1,\n"
    text += "someday,1,adultes,a,facebook,8,5,1,\n" + "2026-10-01,1,adultes,a,facebook,8,5,1,\n" * 20
    problems = []
    for read in (usual, in_pieces, by_pandas):
        with pytest.raises(InputError) as caught:
            read(text)
        problems.append({(p.row, p.column, p.value) for p in caught.value.problems})
    assert problems[0] == problems[1] == problems[2]
    assert {row for row, _, _ in problems[1]} == {22, 23, 24, 25}


@pytest.mark.parametrize(
    "text",
    [
        HEAD + '2026-10-01,1,adultes,"a\nb",facebook,8,5,1,2\n' * 3,
        HEAD + "2026-10-01,1,adultes,a,facebook,8,5,1\n",
        "Report of October\n" + HEAD + "2026-10-01,1,adultes,a,facebook,8,5,1,2\n",
        HEAD.replace(",", ";") + "2026-10-01;1;adultes;a;facebook;8;1 234,56;1;2\n" * 5,
        "\ufeff" + HEAD + "2026-10-01,1,adultes,a,facebook,8,5,1,2\n",
        HEAD + "\n2026-10-01,1,adultes,a,facebook,8,5,1,2\n\n",
        HEAD + "2026-10-01,1,adultes,a,facebook,8,5,1,2\nTotal,,,,,,5,1,2\n",
        HEAD + "2026-10-01,1,adultes,a,facebook,8,5,1.234,2\n" * 30,
        HEAD + "2026-10-01,1,adultes,a,facebook,8,1.234,1,2\n" * 30,
        HEAD + "2026-10-01,1,adultes,a,facebook,8,nan,1,2\n" * 3,
        HEAD + "2026-10-01,1,adultes,a,facebook,8,inf,1,2\n" * 3,
        HEAD + '2026-10-01,1,adultes,"a""b, c",facebook,8,5,1,2\n' * 9,
        HEAD + '2026-10-01,1,adultes,"a,facebook,8,5,1,2\n' * 9,
        HEAD + "2026-10-01,1,adultes,a,facebook,8,5,1,2\n" * 9 + "2026-10-01,1,a\0,b,c,8,5,1,2\n",
        HEAD + "2026-10-01,1,adultes,a,facebook,8,5,1,2,9\n" * 9,
        HEAD.replace("\n", "\r\n") + "2026-10-01,1,adultes,a,facebook,8,5,1,2\r\n" * 9,
    ],
)
def test_what_is_not_plain_is_read_as_usual(text):
    expected, *found = (outcome(read, text) for read in (usual, in_pieces, by_pandas))
    assert found == [expected, expected]


FRENCH = HEAD.replace(",", ";")
COMMAS = "2026-10-0{day};1;adultes;{post};facebook;8;{spend};1;2\n"


@pytest.mark.parametrize("read", [in_pieces, by_pandas])
def test_decimal_commas_are_added_up_in_pieces_too(read):
    rows = [
        COMMAS.format(day=at % 3 + 1, post="ab"[at % 2], spend=f"{at},{at % 100:02d}") for at in range(60)
    ]
    expected, found = usual(FRENCH + "".join(rows)), read(FRENCH + "".join(rows))
    pd.testing.assert_frame_equal(added_up(found), added_up(expected), check_exact=False, rtol=1e-12)
    assert "60 rows were added up to 6" in str(found.warnings[0])


@pytest.mark.parametrize(
    "rows",
    [
        [COMMAS.format(day=1, post="a", spend="1,234")] * 30,
        [COMMAS.format(day=1, post="a", spend="12,50")] * 20 + [COMMAS.format(day=1, post="a", spend="1.5")],
        [COMMAS.format(day=1, post="a", spend="12,50")] * 20
        + [COMMAS.format(day=1, post="a", spend="1 234,56")],
        [COMMAS.format(day=1, post="a", spend="12,50")] * 20
        + [COMMAS.format(day=1, post="a", spend="1.234,56")],
        [COMMAS.format(day=1, post="a", spend="12,50")] * 20
        + ["2026-10-01;1;adultes;a;facebook;8;7,25;1\n"] * 2,
        [COMMAS.format(day=1, post="a", spend="12,50")] * 20 + [COMMAS.format(day=1, post="a", spend="-3,5")],
        [COMMAS.format(day=1, post="a", spend="12,50").replace(";1;2", ";1,234;2")] * 20,
        [COMMAS.format(day=1, post="a", spend="12,50").replace(";1;2", ";1;1.5")] * 20,
    ],
)
def test_decimal_commas_that_leave_anything_open_are_read_as_usual(rows):
    expected, *found = (outcome(read, FRENCH + "".join(rows)) for read in (usual, in_pieces, by_pandas))
    assert found == [expected, expected]


def test_rows_with_fewer_cells_than_the_header_are_named_and_their_results_are_not_told():
    row = "2026-10-01,1,adultes,a,facebook,8,5,1,2\n"
    text = (
        HEAD
        + row * 9
        + "2026-10-01,1,adultes,a,facebook,8,7,1\n"
        + row * 20
        + "2026-10-02,1,adultes,a,facebook,8,3\n"
        + row
    )
    expected, *found = (read(text) for read in (usual, in_pieces, by_pandas))
    for history in found:
        pd.testing.assert_frame_equal(added_up(history), added_up(expected))
        assert str(history.warnings[-1]) == str(expected.warnings[-1])
    assert "(lines 11, 32)" in str(expected.warnings[-1])


def test_a_fault_below_a_short_row_keeps_its_line():
    row = "2026-10-01,1,adultes,a,facebook,8,5,1,2\n"
    text = (
        HEAD
        + row * 9
        + "2026-10-01,1,adultes,a,facebook,8,7,1\n"
        + row * 20
        + row.replace("2026-10-01", "someday")
        + row
    )
    with pytest.raises(InputError) as caught:
        in_pieces(text)
    assert [(problem.row, problem.value) for problem in caught.value.problems] == [(32, "someday")]


def outcome(read, text):
    """The rows that a reading gives, or the fault that it says."""
    try:
        return added_up(read(text)).reset_index().to_csv()
    except InputError as error:
        return str(error)


def test_foreign_columns_are_added_up_by_what_they_mean():
    text = "day,ad,cost,conversions\n" + "".join(f"2026-10-01,{ad},2.5,1\n" for ad in range(30))
    mapping = {"date": "day", "spend": "cost", "results:lead": "conversions", "channel": {"is": "tiktok"}}
    found = in_pieces(text, columns=(mapping,))
    assert found.rows[["channel", "spend", "results:lead"]].to_numpy().tolist() == [["tiktok", 75.0, 30.0]]


def test_the_share_that_was_read_grows_to_the_whole():
    told = []
    in_pieces(HEAD + "2026-10-01,1,adultes,a,facebook,8,5,1,2\n" * 100, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 5


def parquet(frame, name="big.parquet"):
    held = io.BytesIO()
    frame.to_parquet(held, index=False, row_group_size=5)
    return File(name, held.getvalue())


typed = st.tuples(
    st.integers(1, 3),
    st.sampled_from(["007", "été", None]),
    st.sampled_from([None, 0, 8, 23]),
    st.integers(0, 10**7).map(lambda cents: cents / 100),
    st.sampled_from([None, 0, 3, 12]),
    st.sampled_from([None, 0.0, 1.5, 4.0]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(typed, min_size=1, max_size=40), st.sampled_from(["text", "dates", "times"]))
def test_a_large_parquet_file_gets_the_same_figures(rows, kind):
    # A row that names nothing may be the sum of the others, before or after they are added up: each names something.
    frame = pd.DataFrame(rows, columns=["date", "post", "hour", "spend", "clicks", "results:lead"]).assign(
        audience="x"
    )
    days = pd.to_datetime("2026-10-0" + frame["date"].astype(str))
    frame["date"] = {"text": days.dt.strftime("%Y-%m-%d"), "dates": days.dt.date, "times": days}[kind]
    frame = frame.astype(
        {"hour": "Int64", "clicks": "Int64", "post": "category" if kind == "times" else "str"}
    )
    file = parquet(frame)
    expected = read_history(file, currency="EUR")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE", 0)
        patch.setattr(batches, "PIECE", 7)
        found = read_history(file, currency="EUR")
    pd.testing.assert_frame_equal(added_up(found), added_up(expected), check_exact=False, rtol=1e-12)


def test_a_parquet_file_with_more_cells_than_a_sheet_may_have_is_read_in_batches(monkeypatch):
    frame = pd.DataFrame({"date": "2026-10-01", "post": "a", "spend": [0.1] * 60, "clicks": 1})
    monkeypatch.setattr(spreadsheets, "MOST_CELLS", 100)
    monkeypatch.setattr(large, "MOST_CELLS", 100)
    assert read_history(parquet(frame), currency="EUR").rows["spend"].tolist() == [6.0]


def test_a_fault_of_a_large_parquet_file_is_said_with_its_row(monkeypatch):
    monkeypatch.setattr(large, "LARGE", 0)
    frame = pd.DataFrame({"date": "2026-10-01", "post": "a", "spend": [1.0] * 12, "clicks": 1})
    frame.loc[7, "spend"] = -3.0
    with pytest.raises(InputError) as caught:
        read_history(parquet(frame), currency="EUR")
    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [(9, "spend", "-3")]


def test_a_small_parquet_file_of_very_many_rows_is_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_CELLS", 100_000)
    monkeypatch.setattr(large, "MOST_CELLS", 100_000)
    rows = 200_000
    frame = pd.DataFrame({"date": "2026-10-01", "spend": np.ones(rows), "clicks": np.ones(rows)})
    held = io.BytesIO()
    frame.to_parquet(held, index=False)
    assert len(held.getvalue()) < rows / batches.MOST_ROWS_PER_BYTE
    with pytest.raises(InputError, match="more than can be read"):
        read_history(File("bomb.parquet", held.getvalue()), currency="EUR")


def test_a_column_of_a_parquet_file_that_unpacks_to_too_much_is_not_read_in_batches(monkeypatch):
    file = parquet(pd.DataFrame({"date": "2026-10-01", "post": "a", "spend": [0.1] * 60, "clicks": 1}))
    assert batches.parquet_header(file) is not None
    monkeypatch.setattr(batches, "MOST_PER_CHUNK", 8)
    assert batches.parquet_header(file) is None


@pytest.mark.parametrize("at", [4, 40, 200])
def test_a_damaged_large_parquet_file_is_refused_as_such(monkeypatch, at):
    monkeypatch.setattr(large, "LARGE", 0)
    content = parquet(
        pd.DataFrame({"date": "2026-10-01", "post": "a", "spend": [0.1] * 60, "clicks": 1})
    ).content
    broken = content[:at] + b"\xff" * 30 + content[at + 30 :]
    with pytest.raises(InputError, match="damaged"):
        read_history(File("x.parquet", broken), currency="EUR")


def both_ways(content):
    """What is read as usual and in pieces, or why not: places and values."""

    def told(least, by_pyarrow=True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(large, "LARGE", least)
            if not by_pyarrow:
                patch.setattr(batches, "is_there", lambda: False)
            try:
                return added_up(read_history(File("big.csv", content), currency="EUR"))["spend"].to_dict()
            except InputError as error:
                return {(problem.row, problem.column) for problem in error.problems}

    return told(2**25), told(0), told(0, by_pyarrow=False)


@pytest.mark.parametrize(
    "row",
    [
        b"2026-10-01,1,adultes,a,facebook,8,1,234.50,1,2\n",  # a comma of thousands without quotes
        b"2026-10-01,1,adultes,a,facebook,8,5,1,2,2026-10-01,1,adultes,a,facebook,8,5,1,2\n",
        b"2026-10-01,1,adultes,a,facebook,8," + b"9" * 400 + b",1,2\n",
        b"2026-10-01,1,ad\xc3ultes\n",
        b"2026-10-01,1,ad\xc3ultes,a,facebook,8,5,1,2\n",
    ],
)
def test_a_row_that_does_not_fit_is_judged_alike_by_all_ways_of_reading(row, capfd):
    good = b"2026-10-01,1,adultes,a,facebook,8,5,1,2\n" * 20
    short = b"2026-10-01,1,adultes,b,facebook,8,5\n"  # as many cells too few as another row has too many
    usual, *others = both_ways(b"\xef\xbb\xbf" + HEAD.encode() + good + row + short + good)
    assert others == [usual, usual]
    assert capfd.readouterr().err == ""
