"""The form's two tables, rules and slots: rows become a table to edit, and what was edited becomes rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from mediaplan.ui.choices import choice_said
from mediaplan.ui.rows import KINDS, RuleRow, SlotRow
from mediaplan.ui.session import change, draft, words
from mediaplan.ui.typed import plain, weekdays, written
from mediaplan.words import Sentence, Words

Row = TypeVar("Row", RuleRow, SlotRow)

AMOUNTS = ("at_least", "at_most", "step")

KIND_NAMES: Mapping[str, Sentence] = {
    "share": Sentence("share of the money"),
    "share of budget": Sentence("share of the budget"),
    "spend": Sentence("money in all"),
    "each line": Sentence("money for each line"),
}


def rules_table(words: Words, choices: list[str]) -> None:
    """The table of rules, bound to the draft.

    Args:
        words: The language.
        choices: What rules can pick lines by, `dimension=name`.
    """
    column = st.column_config
    _table(
        "rules",
        RuleRow,
        draft().rules,
        alt=words.text("The rules, to edit"),
        columns={
            "kind": column.SelectboxColumn(
                words.text("Rule"),
                options=KINDS,
                format_func=lambda kind: words.say(KIND_NAMES[str(kind)]),
                width=140,
                required=True,
            ),
            "lines": column.MultiselectColumn(
                words.text("Of what"),
                options=choices,
                format_func=lambda choice: choice_said(choice, words),
                width=215,
                help=words.text(
                    "Nothing chosen means all lines. Several names of one kind mean any of them; different kinds must all hold."
                ),
            ),
            "at_least": column.TextColumn(
                words.text("At least"), width=95, help=words.text("An amount, or for shares a percentage.")
            ),
            "at_most": column.TextColumn(
                words.text("At most"), width=90, help=words.text("An amount, or for shares a percentage.")
            ),
            "or_zero": column.CheckboxColumn(
                words.text("Or nothing"),
                width=90,
                help=words.text("For each line: it may also receive nothing."),
            ),
            "step": column.TextColumn(
                words.text("Step"), width=75, help=words.text("For each line: amounts are multiples of this.")
            ),
            "why": column.TextColumn(
                words.text("Why"), width=160, help=words.text("Your reason; the plan quotes it.")
            ),
            "name": None,
        },
    )
    if kept := draft().other_rules:
        said = tuple(rule.said() for rule in kept)
        st.caption(words.text("Kept from the brief's file, to be changed there: {rules}.", rules=said))


def slots_table(words: Words) -> None:
    """The table of slots, bound to the draft."""
    column = st.column_config
    _table(
        "slots",
        SlotRow,
        draft().slots,
        alt=words.text("The slots, to edit"),
        columns={
            "name": column.TextColumn(words.text("Slot"), required=True),
            "days": column.TextColumn(
                words.text("Days"), help=words.text("Like mon-fri or sat|sun; nothing means every day.")
            ),
            "hours": column.TextColumn(
                words.text("Hours"), help=words.text("Like 18-22; nothing means all day.")
            ),
        },
    )


def _table(name: str, kind: type[Row], rows: Sequence[Row], *, alt: str, columns: Mapping[str, Any]) -> None:
    key = f"{name}_table_{st.session_state['version']}"
    if key not in st.session_state:
        # The table is filled when it is shown anew; while it is edited its own state holds the difference.
        st.session_state[f"{name}_shown"] = tuple(row for row in rows if not row.blank)
    shown = st.session_state[f"{name}_shown"]
    st.data_editor(
        _frame(kind, shown, words()),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config=columns,
        column_order=[column for column, config in columns.items() if config is not None],
        placeholder="",
        alt=alt,
        on_change=_edited,
        args=(key, name, kind, shown),
    )
    _edited(key, name, kind, shown)


def _frame(kind: type[Row], rows: Sequence[Row], words: Words) -> pd.DataFrame:
    """The rows with numbers as the language writes them; types hold where there is no row."""
    table = {
        item.name: pd.Series(
            [_shown(item.name, getattr(row, item.name), words) for row in rows],
            dtype={"bool": "boolean"}.get(str(item.type), "object"),
        )
        for item in fields(kind)
    }
    return pd.DataFrame(table).astype({name: "str" for name in table if name not in ("lines", "or_zero")})


def _shown(column: str, value: Any, words: Words) -> Any:
    if column in AMOUNTS:
        return written(value, words)
    if column == "days":
        return weekdays(value, words.language)
    return list(value) if column == "lines" else value


def _edited(key: str, name: str, kind: type[Row], shown: Sequence[Row]) -> None:
    change(**{name: edited(kind, shown, st.session_state[key], words().language)})


def edited(kind: type[Row], rows: Sequence[Row], state: Mapping[str, Any], language: str) -> tuple[Row, ...]:
    """The rows after what was done to them in the table.

    Args:
        kind: Of the rows.
        rows: As the table was filled.
        state: `edited_rows` (row -> column -> value), `added_rows`, `deleted_rows` (rows), as the table reports.
        language: In which numbers were typed.
    """
    changes, deleted = state["edited_rows"], set(state["deleted_rows"])
    kept = [_changed(row, changes.get(at, {}), language) for at, row in enumerate(rows) if at not in deleted]
    added = [_changed(kind(), cells, language) for cells in state["added_rows"]]
    return tuple(kept + added)


def _changed(row: Row, cells: Mapping[str, Any], language: str) -> Row:
    known = {name: _read(name, value, language) for name, value in cells.items() if name in asdict(row)}
    return replace(row, **known)


def _read(column: str, value: Any, language: str) -> Any:
    readers: Mapping[str, Callable[[Any], Any]] = {"lines": lambda names: tuple(names or ()), "or_zero": bool}
    if column in readers:
        return readers[column](value)
    text = "" if value is None else str(value)
    return plain(text, language) if column in AMOUNTS else text
