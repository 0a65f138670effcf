"""The form's table of slots: rows become a table to edit, and what was edited becomes rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

import pandas as pd
import streamlit as st

from mediaplan.ui.rows import SlotRow
from mediaplan.ui.session import change, draft
from mediaplan.ui.typed import weekdays
from mediaplan.words import Words


def slots_table(words: Words) -> None:
    """The table of slots, bound to the draft."""
    column = st.column_config
    key = f"slots_table_{st.session_state['version']}"
    if key not in st.session_state:
        # The table is filled when it is shown anew; while it is edited its own state holds the difference.
        st.session_state["slots_shown"] = tuple(row for row in draft().slots if not row.blank)
    shown = st.session_state["slots_shown"]
    st.data_editor(
        _frame(shown, words),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "name": column.TextColumn(words.text("Slot"), required=True),
            "days": column.TextColumn(
                words.text("Days"), help=words.text("Like mon-fri or sat|sun; nothing means every day.")
            ),
            "hours": column.TextColumn(
                words.text("Hours"), help=words.text("Like 18-22; nothing means all day.")
            ),
        },
        placeholder="",
        alt=words.text("The slots, to edit"),
        on_change=_edited,
        args=(key, shown),
    )
    _edited(key, shown)


def _frame(rows: Sequence[SlotRow], words: Words) -> pd.DataFrame:
    """The rows with weekdays as the language writes them; types hold where there is no row."""
    shown = [replace(row, days=weekdays(row.days, words.language)) for row in rows]
    table = {item.name: [getattr(row, item.name) for row in shown] for item in fields(SlotRow)}
    return pd.DataFrame(table, dtype="str")


def _edited(key: str, shown: Sequence[SlotRow]) -> None:
    change(slots=edited(shown, st.session_state[key]))


def edited(rows: Sequence[SlotRow], state: Mapping[str, Any]) -> tuple[SlotRow, ...]:
    """The rows after what was done to them in the table.

    Args:
        rows: As the table was filled.
        state: `edited_rows` (row -> column -> value), `added_rows`, `deleted_rows` (rows), as the table reports.
    """
    changes, deleted = state["edited_rows"], set(state["deleted_rows"])
    kept = [_changed(row, changes.get(at, {})) for at, row in enumerate(rows) if at not in deleted]
    added = [_changed(SlotRow(), cells) for cells in state["added_rows"]]
    return tuple(kept + added)


def _changed(row: SlotRow, cells: Mapping[str, Any]) -> SlotRow:
    known = {
        name: "" if value is None else str(value) for name, value in cells.items() if name in asdict(row)
    }
    return replace(row, **known)
