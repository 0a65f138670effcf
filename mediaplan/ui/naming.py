"""The rules for names on the page of the data: proposed or given, to edit, with the money that they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mediaplan.brief.writing import names_toml
from mediaplan.errors import InputError, MediaplanError, Problem
from mediaplan.history.checking.checking import checked
from mediaplan.history.checking.previews import Names, Preview
from mediaplan.history.naming.rules import GIVES, OF_POST, tables_of
from mediaplan.ui.faults import show_faults
from mediaplan.ui.loading import Files
from mediaplan.ui.session import change, draft
from mediaplan.words import Sentence, Words

SHOWN_NAMES = 500
"""Names that the preview shows; the most expensive come first."""

COLUMNS = ("from", "pattern", "words", "always", "file")


def show_names(words: Words, files: Files) -> None:
    """The table of rules with its preview; nothing where neither names nor rules show a convention.

    Args:
        words: The language.
        files: In hand, with their content.
    """
    given = rules_in(draft().rest.get("columns", ()))
    start = _preview(files, given)
    if not isinstance(start, Names):
        return
    rows = given or tables_of(start.rules)
    left, right = words.text("Names that no rule reads keep what the file itself says."), ""
    with st.expander(
        words.text("What the names of campaigns and ads mean"), icon=":material/label:", expanded=True
    ):
        if not given:
            right = words.text("These rules are proposed: correct them, then use them.")
        st.caption(" ".join(filter(None, (right, left))))
        edited = _table(words, files.digest, rows)
        _what_they_read(words, files, edited, given)


def rules_in(columns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rules for names that a brief's `[[columns]]` hold: those of the first table that has any."""
    return next(([dict(rule) for rule in table["names"]] for table in columns if table.get("names")), [])


def with_rules(
    columns: Sequence[Mapping[str, Any]], rules: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """The same `[[columns]]` with these rules for names instead of any others."""
    plain = [{key: value for key, value in table.items() if key != "names"} for table in columns]
    kept = [table for table in plain if table]
    return (*kept, {"names": [dict(rule) for rule in rules]}) if rules else tuple(kept)


def _preview(files: Files, rules: Sequence[Mapping[str, Any]]) -> Names | MediaplanError | None:
    columns = with_rules(draft().rest.get("columns", ()), rules)
    return _read(f"{files.digest}{columns}{draft().currency}", files, columns, draft().currency)


@st.cache_resource(max_entries=16, show_spinner=False)
def _read(key: str, _files: Files, _columns: tuple[Any, ...], currency: str) -> Names | MediaplanError | None:  # noqa: ARG001 - the cache's key
    sources = (*_files.history, *(file for file in (_files.posts, _files.audiences) if file))
    try:
        return checked(*sources, columns=_columns, currency=currency).names
    except MediaplanError as error:
        return error


def _table(words: Words, digest: str, rules: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The rows as they stand after editing."""
    column = st.column_config
    state = st.session_state
    if state.get("names_of") != (digest, state["version"]):
        state["names_of"] = (digest, state["version"])
        state["names_shown"] = pd.DataFrame(map(row_of, rules), columns=list(COLUMNS), dtype="str")
    pairs = words.text("Like PAR = parents-abidjan; several with a semicolon between them.")
    edited = st.data_editor(
        state["names_shown"],
        key=f"names_table_{digest[:12]}_{state['version']}",
        num_rows="dynamic",
        hide_index=True,
        alt=words.text("The rules for names, to edit"),
        column_config={
            "from": column.TextColumn(
                words.text("Names of"),
                help=words.text("ad, ad set, campaign, or the header of a column."),
                width=110,
            ),
            "pattern": column.TextColumn(
                words.text("Pattern"),
                help=words.text(
                    "Like {example}; {other} passes over a piece.",
                    example="{date}_{format}_{audience}_{slot}",
                    other="{other}",
                ),
                width=320,
            ),
            "words": column.TextColumn(words.text("Words"), help=pairs, width=190),
            "always": column.TextColumn(
                words.text("Always"), help=words.text("Like audience = parents-abidjan."), width=140
            ),
            "file": column.TextColumn(
                words.text("Files"), help=words.text("Like *tiktok*; nothing means every file."), width=90
            ),
        },
    )
    rows = edited.fillna("").astype(str).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows if any(row.values())]


def row_of(rule: Mapping[str, Any]) -> dict[str, str]:
    """A rule as a row of the table."""
    return {
        "from": str(rule.get("from", "")),
        "pattern": str(rule.get("pattern", "")),
        "words": _written(rule.get("words", {})),
        "always": _written({name: rule[name] for name in (*GIVES, *OF_POST) if name in rule}),
        "file": str(rule.get("file", "")),
    }


def rule_of(row: Mapping[str, str]) -> dict[str, Any]:
    """A row of the table as a rule.

    Raises:
        InputError: Words are not written as pairs.
    """
    rule: dict[str, Any] = {key: row[key].strip() for key in ("file", "from", "pattern") if row[key].strip()}
    rule |= _pairs(row["always"])
    return rule | ({"words": found} if (found := _pairs(row["words"])) else {})


def _written(pairs: Mapping[str, str]) -> str:
    return "; ".join(f"{piece} = {word}" for piece, word in pairs.items())


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for pair in filter(str.strip, text.split(";")):
        piece, equals, word = (part.strip() for part in pair.partition("="))
        if not (piece and equals and word):
            message = Sentence("“{value}” is no pair of words.", value=pair.strip())
            raise InputError(
                Problem(message, Sentence("Write for example: {line}", line="PAR = parents-abidjan"))
            )
        found[piece] = word
    return found


def _what_they_read(
    words: Words, files: Files, rows: Sequence[Mapping[str, str]], given: Sequence[Mapping[str, Any]]
) -> None:
    """The preview of edited rules, and the buttons that use and keep them."""
    try:
        rules = [rule_of(row) for row in rows]
        found = _preview(files, rules)
    except InputError as error:
        found = error
    if isinstance(found, MediaplanError):
        show_faults(words, found, words.text("These rules can't be used as they are."))
        return
    if found is not None and rules:
        for preview in found.previews:
            _money(words, preview)
    with st.container(horizontal=True):
        st.button(
            words.text("Use these rules"),
            icon=":material/check:",
            key="use_names",
            disabled=rules == list(given),
            on_click=_use,
            args=(rules,),
        )
        st.download_button(
            words.text("Rules as a file"),
            names_toml(rules),
            file_name="names.toml",
            mime="application/toml",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            disabled=not rules,
        )


def _use(rules: Sequence[Mapping[str, Any]]) -> None:
    rest = dict(draft().rest)
    rest["columns"] = with_rules(rest.get("columns", ()), rules)
    change(rest=rest)


def _money(words: Words, preview: Preview) -> None:
    """One file: what is read, what is not, and the names."""
    code = preview.currency
    with st.container(horizontal=True):
        for label, amount in (
            (words.text("Read by rules"), preview.mapped),
            (words.text("Not read"), preview.unmapped),
        ):
            shown = (
                words.currency(float(amount), code) if code else words.number(float(amount), preview.digits)
            )
            st.metric(label, shown, border=True, width="content")
    heads = {"post": words.text("Post"), "channel": words.text("Channel"), "audience": words.text("Audience"),
             "slot": words.text("Slot"), "hour": words.text("Hour")}  # fmt: skip
    unread_first = sorted(preview.naming.names, key=lambda each: each.means is not None)[:SHOWN_NAMES]
    lines = [
        {
            words.text("Name"): each.name or "–",
            words.text("Money"): float(preview.money(each.spend)),
            words.text("Read"): each.means is not None,
            **{heads[name]: word for name, word in (each.means or {}).items()},
        }
        for each in unread_first
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, height=240, alt=preview.file)
