"""The widget of each kind of field, bound to the table of the rule that it states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from mediaplan.brief.rules.repeating import PIECES
from mediaplan.slots import EARLIEST, LATEST
from mediaplan.ui.choices import choice_said
from mediaplan.ui.markup import escaped
from mediaplan.ui.rule_fields import TYPED, Field, entered, shown
from mediaplan.ui.session import bound
from mediaplan.ui.typed import plain, written
from mediaplan.words import Sentence, Words

Table = Mapping[str, Any]
Keep = Callable[[Callable[[Table], Table]], None]
"""Takes how the table changes, and applies it to the table as it stands then."""


@dataclass(frozen=True)
class Names:
    """What rules can name.

    Attributes:
        choices: `dimension=name` of all posts, channels and so on.
        kinds: Kinds of result that the history counts.
        currency: Of amounts.
    """

    choices: Sequence[str]
    kinds: Sequence[str]
    currency: str


def show_field(words: Words, one: Field, table: Table, names: Names, name: str, keep: Keep) -> None:
    """One field of a rule.

    Args:
        words: The language.
        one: The field.
        table: The rule as it stands.
        names: What it can name.
        name: Of the widget, its own on the page.
        keep: Takes the change.
    """

    def take(given: Any) -> None:
        keep(lambda held: entered(one, held, given, words.language))

    help_ = words.say(one.says) if one.says else None
    value = shown(one, table, words)
    if one.takes in TYPED:
        st.text_input(_label(words, one, names), help=help_, **bound(name, value, take))
    elif one.takes in ("lines", "names"):
        show_choices(words, words.say(one.label), help_, value, names.choices, bound(name, value, take))
    elif one.takes == "flag":
        st.checkbox(words.say(one.label), help=help_, **bound(name, value, take))
    elif one.takes == "day":
        _day(words, one, table, name, take)
    elif one.takes == "amounts":
        _amounts(words, one, table, names, name, keep)
    else:
        _one_or_several(words, one, value, names, bound(name, value, take))


def _label(words: Words, one: Field, names: Names) -> str:
    unit = {"money": names.currency, "share": "%"}.get(one.takes)
    return (
        words.say(one.label) if unit is None else words.text("{label} ({unit})", label=one.label, unit=unit)
    )


def show_choices(
    words: Words,
    label: str,
    help_: str | None,
    value: Sequence[str],
    choices: Sequence[str],
    to: Mapping[str, Any],
) -> None:
    """Names of any dimension to choose from, those already chosen among them.

    Args:
        words: The language.
        label: Of the field.
        help_: What is said of it.
        value: What is chosen.
        choices: What may be.
        to: Where it is bound to.
    """
    st.multiselect(
        label,
        options=list(dict.fromkeys([*choices, *value])),
        format_func=lambda choice: choice_said(choice, words),
        placeholder=words.text("All, or choose"),
        help=help_,
        select_all=False,
        **to,
    )


def _one_or_several(words: Words, one: Field, value: Any, names: Names, to: Mapping[str, Any]) -> None:
    help_ = words.say(one.says) if one.says else None
    if one.takes == "pieces":
        st.multiselect(
            words.say(one.label),
            options=list(dict.fromkeys([*PIECES, *value])),
            format_func=lambda piece: words.say(PIECES.get(piece, piece)),
            placeholder=words.text("One limit for all"),
            help=help_,
            select_all=False,
            **to,
        )
        return
    offered = one.choices
    if one.takes == "kind":
        known = {kind: Sentence("{kind}", kind=kind) for kind in (*names.kinds, value) if kind}
        offered = {"": Sentence("those that count")} | known
    st.selectbox(
        words.say(one.label),
        options=list(offered),
        format_func=lambda choice: words.say(offered[choice]),
        help=help_,
        **to,
    )


def _day(words: Words, one: Field, table: Table, name: str, take: Callable[[str], None]) -> None:
    stated = table.get(one.key)
    only = stated[0] if isinstance(stated, (list, tuple)) and len(stated) == 1 else stated
    try:
        day: date | None = date.fromisoformat(str(only))
    except ValueError:
        day = None
    st.date_input(
        words.say(one.label),
        format="DD/MM/YYYY" if words.language == "fr" else "YYYY-MM-DD",
        min_value=EARLIEST,
        max_value=LATEST,
        **bound(name, day, lambda chosen: take("" if chosen is None else chosen.isoformat())),
    )


def _amounts(words: Words, one: Field, table: Table, names: Names, name: str, keep: Keep) -> None:
    """Names, and an amount for each."""
    held = shown(one, table, words)
    pick = str(table.get("per", "channel"))
    known = [choice.partition("=")[2] for choice in names.choices if choice.startswith(f"{pick}=")]

    def put(amounts: Mapping[str, Any]) -> None:
        keep(lambda stated: entered(one, stated, amounts, words.language))

    st.multiselect(
        words.say(one.label),
        options=list(dict.fromkeys([*known, *held])),
        placeholder=words.text("Choose one or several"),
        help=words.say(one.says) if one.says else None,
        select_all=False,
        **bound(name, list(held), lambda chosen: put({each: held.get(each, "0") for each in chosen})),
    )
    columns = st.columns(2)
    for number, (each, amount) in enumerate(held.items()):

        def take(typed: str, each: str = each) -> None:
            keep(lambda stated: _with_amount(one, stated, each, plain(typed, words.language)))

        columns[number % 2].text_input(
            words.text("{label} ({unit})", label=escaped(each), unit=names.currency),
            **bound(f"{name}_{number}", written(str(amount), words), take),
        )


def _with_amount(one: Field, table: Table, name: str, amount: str) -> Table:
    return {**table, one.key: {**table.get(one.key, {}), name: amount}}
