"""Short files are parted into cells by another way than long ones: both must see the same table, or the short way none."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mediaplan.history.files import rows_of_text, texts
from mediaplan.history.files.decoding import decoded
from mediaplan.history.files.sources import File
from mediaplan.history.platforms.heading import Heading

CELLS = st.sampled_from(
    ["a", "1.5", "", " k ", "NA", "l'", 'g"h', '"b"', '"c,d"', '"e""f"', '"i\nj"', '"m\r\nn"', '""', '"', '"o"p', ' "q"', "\ufeff", "\x85z", "\\", "#"]
)  # fmt: skip
ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5)
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@settings(max_examples=400, deadline=None)
@given(ROWS, ENDS, st.booleans())
def test_a_short_text_is_the_table_that_a_long_one_would_be(rows, end, closed):
    text = end.join(",".join(row) for row in rows) + end * closed
    heading, width = Heading(0, 0, ",", 0, ()), texts._width(text, ",")
    short = rows_of_text._read_small("file", text, heading, width)
    if short is not None:
        long = rows_of_text._read_fast("file", text, heading, width)
        assert long is not None
        assert (short.header, short.rows.tolist()) == (long.header, long.rows.tolist())
        assert [column.tolist() for column in short.cells] == [column.tolist() for column in long.cells]


def test_rows_read_the_same_whether_their_file_is_short_or_long():
    rows = 'channel;slot;cost;results\nfacebook;"the ""late"" one";1,5;7\ninstagram;;2;0,25\n'
    last = "tiktok;" + "x" * rows_of_text.SHORT + ";1;1\n"
    short, long = (decoded(File("card.csv", text.encode()))[0] for text in (rows, rows + last))
    assert short.header == long.header == ("channel", "slot", "cost", "results")
    assert [column[:-1].tolist() for column in long.cells] == [column.tolist() for column in short.cells]
    assert short.cells[1].tolist() == ['the "late" one', ""]
