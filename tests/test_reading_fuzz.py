"""Whatever the bytes: a valid record, or an InputError that can be said; never anything else."""

from __future__ import annotations

import csv
import io
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediaplan.errors import InputError
from mediaplan.history.columns.columns import read_columns
from mediaplan.history.columns.template import TEMPLATES
from mediaplan.history.reading.reading import File, read_audiences, read_history, read_posts
from mediaplan.history.records.records import COUNTS, DIMENSIONS
from mediaplan.history.records.summary import summary
from mediaplan.history.tables.dates import dates
from mediaplan.history.tables.figures import LARGEST_NUMBER, numbers
from mediaplan.words import Words

LIGHT = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
READERS = {
    "history": lambda source: read_history(source, currency="EUR"),
    "posts": read_posts,
    "audiences": read_audiences,
}

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "0", "1", "-1", "1,5", "1.5", "1,234", "1 234,5", "12 €", "$3", "nan", "inf", "1e999", "2026-10-05", "5/6/2026",
         "30/11/2026", "Total", "=1+1", "-", "N/A", "XOF", "EUR", "18:00", "ready", "a|b", '"', "'", "\u202f", "\ufeff",
         "9" * 40, "1.5E+300"]
    ),
)  # fmt: skip
HEADERS = st.sampled_from(
    ["date", "days", "hour", *DIMENSIONS, "spend", *COUNTS, "results", "results:lead", "results:", "result_type", "currency",
     "Spend", "title", "channels", "status", "value", "published", "organic_reach", "size", "", "notes"]
)  # fmt: skip


def outcome(read, source):
    """A record that keeps its promises, or problems that can be said."""
    try:
        return read(source)
    except InputError as error:
        refused = error
    assert refused.problems
    for problem in refused.problems[:5]:
        assert problem.worded(Words("en"))
        assert problem.message.template
        assert problem.remedy.template
    return None


def hold(history) -> None:
    """What `History` says of itself."""
    rows = history.rows
    assert len(rows) > 0
    assert list(rows.index) == list(range(len(rows)))
    assert rows["date"].notna().all()
    assert rows["date"].dtype.kind == "M"
    assert (rows["days"] >= 1).all()
    assert ((rows["spend"] >= 0) & np.isfinite(rows["spend"])).all()
    assert rows["hour"].dropna().between(0, 23).all()
    for column in (*COUNTS, *[f"results:{kind}" for kind in history.kinds]):
        values = rows[column].dropna()
        assert ((values >= 0) & (values <= LARGEST_NUMBER * len(rows))).all()
    for dimension in DIMENSIONS:
        assert all(name == name.strip() != "" for name in rows[dimension].dropna())
    assert history.kinds == tuple(sorted(history.kinds))
    assert history.kinds
    assert summary(history).to_dict()["rows"] == len(rows)
    assert len(history.digest) == 64


def written(header: list[str], rows: list[list[str]], separator: str, encoding: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([header, *rows])
    return text.getvalue().encode(encoding, "replace")


@pytest.mark.parametrize("kind", READERS)
@LIGHT
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes(kind, content):
    outcome(READERS[kind], File("any", content))


@pytest.mark.parametrize("kind", READERS)
@LIGHT
@given(
    data=st.data(),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_any_cells_under_any_headers(kind, data, separator, encoding):
    header = data.draw(st.lists(HEADERS, min_size=1, max_size=8))
    rows = data.draw(st.lists(st.lists(CELLS, max_size=9), max_size=8))
    found = outcome(READERS[kind], File("cells.csv", written(header, rows, separator, encoding)))
    if kind == "history" and found is not None:
        hold(found)


@LIGHT
@given(
    rows=st.lists(
        st.tuples(
            st.dates(pd.Timestamp(2000, 1, 1).date(), pd.Timestamp(2099, 1, 1).date()),
            st.text(
                st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=8
            ),
            st.integers(0, 10**8),
            st.integers(0, 10**6),
        ),
        min_size=1,
        max_size=12,
    ),
    separator=st.sampled_from(",;\t"),
    comma=st.booleans(),
)
def test_valid_tables_come_back_to_the_cent(rows, separator, comma):
    cells = [
        [str(day), "p" + post, f"{cents // 100}{',' if comma else '.'}{cents % 100:02d}", str(clicks)]
        for day, post, cents, clicks in rows
    ]
    content = written(["date", "post", "spend", "clicks"], cells, separator, "utf-8")
    history = read_history(File("valid.csv", content), currency="EUR")
    hold(history)
    assert summary(history).spend.minor == sum(cents for _, _, cents, _ in rows)
    assert history.rows["clicks"].sum() == sum(clicks for *_, clicks in rows)


@pytest.mark.parametrize("kind", READERS)
@LIGHT
@given(data=st.data())
def test_mutated_templates(kind, data):
    content = bytearray(TEMPLATES[kind].csv.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.integers(0, 6))
        content[at : at + length] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b'"', b"\n", b",", b";", b"\0", b"-", b"\xff"])
        )
        content = content or bytearray(b"x")
    found = outcome(READERS[kind], File("mutated.csv", bytes(content)))
    if kind == "history" and found is not None:
        hold(found)


@cache
def _workbook() -> bytes:
    pytest.importorskip("xlsxwriter")
    content = io.BytesIO()
    pd.read_csv(io.StringIO(TEMPLATES["history"].csv)).to_excel(content, index=False, engine="xlsxwriter")
    return content.getvalue()


@cache
def _parquet() -> bytes:
    pytest.importorskip("pyarrow")
    content = io.BytesIO()
    pd.read_csv(io.StringIO(TEMPLATES["history"].csv)).to_parquet(content)
    return content.getvalue()


@pytest.mark.parametrize("make", [_workbook, _parquet])
@settings(parent=LIGHT, max_examples=80)
@given(data=st.data())
def test_mutated_workbooks_and_parquet_files(make, data):
    content = bytearray(make())
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(4, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    found = outcome(READERS["history"], File("mutated", bytes(content)))
    if found is not None:
        hold(found)


@LIGHT
@given(
    columns=st.dictionaries(
        HEADERS,
        st.lists(
            st.one_of(
                st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(), CELLS
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=7,
    )
)
def test_any_data_frame(columns):
    found = outcome(READERS["history"], pd.DataFrame(columns, dtype=object))
    if found is not None:
        hold(found)


@LIGHT
@given(
    table=st.dictionaries(
        st.one_of(HEADERS, st.just("file"), st.text(max_size=6)),
        st.recursive(
            st.one_of(
                st.none(),
                st.booleans(),
                st.integers(),
                st.floats(),
                st.dates(),
                st.sampled_from(["date", "spend", "post", "*"]),
                st.text(max_size=5),
            ),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["is", "days", "month", "day", "year"]), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        max_size=4,
    )
)
def test_any_mapping(table):
    def read(source):
        return read_history(source, currency="XOF", columns=(read_columns(table),))

    found = outcome(read, File("history.csv", TEMPLATES["history"].csv.encode()))
    if found is not None:
        hold(found)


@LIGHT
@given(st.lists(CELLS, max_size=8))
def test_cells_are_read_or_refused_and_never_both(texts):
    cells = np.array(texts, dtype=object)
    for values, faults in ((numbers(cells).array, numbers(cells).faults), (dates(cells)[0], dates(cells)[1])):
        assert values.shape == cells.shape
        refused = [fault.at for fault in faults]
        assert refused == sorted(set(refused))
        assert pd.isna(values[refused]).all()
