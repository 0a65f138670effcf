"""What was read, so that a person sees at once whether her files were understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mediaplan.answering import Records
from mediaplan.history.columns.kinds import kind_said
from mediaplan.history.records.summary import Summary, summary
from mediaplan.ui.markup import escaped
from mediaplan.words import Sentence, Words

SHOWN_ROWS = 200

DIMENSION_COUNTS: Mapping[str, Sentence] = {
    "channel": Sentence("Channels"),
    "audience": Sentence("Audiences"),
    "slot": Sentence("Slots"),
    "post": Sentence("Posts"),
}


def show_overview(words: Words, records: Records) -> None:
    """Totals of the history, then the first rows of every table."""
    found = summary(records.history)
    st.subheader(words.text("What was read"))
    with st.container(horizontal=True):
        for label, value in _totals(words, found):
            st.metric(label, value, border=True, width="content")
    st.caption(" · ".join((_period(words, found), *_names(words, found))))
    # Which rows are of one money (`group`) is the reading's own business.
    tables = {words.text("History"): records.history.rows.drop(columns="group", errors="ignore")}
    if records.posts is not None:
        tables[words.text("Posts")] = records.posts.rows
    if records.audiences is not None:
        tables[words.text("Audiences")] = records.audiences.rows
    for tab, (name, rows) in zip(st.tabs(list(tables)), tables.items(), strict=True):
        with tab:
            _preview(words, name, rows)


def show_columns(words: Words, columns: Sequence[Mapping[str, Any]]) -> None:
    """What the brief says of foreign columns, to be read: it is changed in the brief's file.

    Args:
        words: The language.
        columns: The brief's `[[columns]]` tables.
    """
    rows = [
        (str(table.get("file", words.text("every file"))), name, _meant(meaning))
        for table in columns
        for name, meaning in table.items()
        if name not in ("file", "names")
    ]
    if not rows:
        return
    heads = [words.text("files"), words.text("here"), words.text("there")]
    with st.expander(words.text("What foreign columns mean (from the brief)"), icon=":material/swap_horiz:"):
        st.table(
            pd.DataFrame(rows, columns=heads).map(escaped),
            border="horizontal",
            hide_index=True,
            alt=words.text("What foreign columns mean (from the brief)"),
        )


def _meant(meaning: object) -> str:
    """`day`, `age + gender`, `is = tiktok`."""
    if isinstance(meaning, Mapping):
        return ", ".join(f"{key} = {value}" for key, value in meaning.items())
    return " + ".join(map(str, meaning)) if isinstance(meaning, (list, tuple)) else str(meaning)


def _totals(words: Words, found: Summary) -> list[tuple[str, str]]:
    return [
        (words.text("Rows"), words.number(found.rows)),
        (words.text("Spent"), found.spend.worded(words)),
        *(
            (words.text("Results: {kind}", kind=kind_said(kind)), words.number(count))
            for kind, count in found.results.items()
        ),
    ]


def _names(words: Words, found: Summary) -> list[str]:
    """How many names each dimension has."""
    known = [
        (label, found.dimensions[name])
        for name, label in DIMENSION_COUNTS.items()
        if name in found.dimensions
    ]
    return [words.text("{label}: {count}", label=label, count=count) for label, count in known]


def _period(words: Words, found: Summary) -> str:
    return escaped(
        words.text(
            "From {first} to {last}, in {sources}", first=found.first, last=found.last, sources=found.sources
        )
    )


def _preview(words: Words, name: str, rows: pd.DataFrame) -> None:
    # Columns in which nothing stands say nothing.
    shown = rows.head(SHOWN_ROWS).dropna(axis="columns", how="all")
    dates = {
        column: st.column_config.DateColumn(format="localized")
        for column in shown.columns
        if pd.api.types.is_datetime64_any_dtype(shown[column])
    }
    numbers = {
        column: st.column_config.NumberColumn(format="localized")
        for column in shown.columns
        if pd.api.types.is_numeric_dtype(shown[column])
    }
    st.dataframe(shown, hide_index=True, column_config=dates | numbers, height=320, alt=name, placeholder="")
    if len(rows) > SHOWN_ROWS:
        st.caption(words.text("The first {shown} of {all} rows.", shown=SHOWN_ROWS, all=len(rows)))
