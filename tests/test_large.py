"""Large files are read in pieces and added up: the same money for the same dates and names as the usual reading."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediaplan.errors import InputError
from mediaplan.history import large
from mediaplan.history.reading import read_history
from mediaplan.history.sources import File

HEAD = "date,ad_id,audience,post,channel,hour,spend,clicks,results:lead\n"
KEYS = ["date", "days", "post", "channel", "audience", "slot", "hour"]


def usual(text, **given):
    return read_history(File("big.csv", text.encode()), **{"currency": "EUR", **given})


def in_pieces(text, *, piece=7, **given):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE", 0)
        patch.setattr(large, "PIECE", piece)
        patch.setattr(large, "SAMPLE", 2)
        return usual(text, **given)


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
@given(st.lists(cells, min_size=1, max_size=40))
def test_the_same_dates_and_names_get_the_same_figures(rows):
    # A row that names nothing may be the sum of the others, which the usual reading looks for: it stays out here.
    text = HEAD + "".join(
        f"2026-10-{day:02d},{at},adultes,{post},{channel},{hour},{spend},{clicks},{leads}\n"
        for at, (day, post, channel, hour, spend, clicks, leads) in enumerate(rows)
    )
    expected, found = added_up(usual(text)), added_up(in_pieces(text))
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
    for read in (usual, in_pieces):
        with pytest.raises(InputError) as caught:
            read(text)
        problems.append({(p.row, p.column, p.value) for p in caught.value.problems})
    assert problems[0] == problems[1]
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
    ],
)
def test_what_is_not_plain_is_read_as_usual(text):
    expected, found = (outcome(read, text) for read in (usual, in_pieces))
    assert found == expected


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
