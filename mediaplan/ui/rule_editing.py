"""Rules as a list of sentences, one of them open as a form: the brief's own, and those that a scenario adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import streamlit as st

from mediaplan.brief.from_table import rule_from
from mediaplan.brief.rules import RULES
from mediaplan.errors import InputError, Problem
from mediaplan.ui.field_widgets import Names, show_field
from mediaplan.ui.form_faults import at_field, not_said_yet, rule_name, show_beside
from mediaplan.ui.markup import escaped
from mediaplan.ui.rule_fields import Field, rule_fields
from mediaplan.ui.rule_forms import RULE_FORMS
from mediaplan.ui.session import later
from mediaplan.words import Words

Tables = tuple[Mapping[str, Any], ...]

MOST_SHOWN = 100
"""Rules that are listed; more are kept as they are."""


@dataclass(frozen=True)
class Sheet:
    """A list of rules somewhere in the draft.

    Attributes:
        name: Part of the keys of its fields.
        held: Its rules as they stand now: two entries may reach the draft in one go.
        keep: Takes them changed.
    """

    name: str
    held: Callable[[], Tables]
    keep: Callable[[Tables], None]

    @property
    def open(self) -> int | None:
        """The rule whose form is open."""
        found: int | None = st.session_state.setdefault("open_rules", {}).get(self.name)
        return found

    def show(self, number: int | None) -> None:
        """Open that rule's form."""
        st.session_state.setdefault("open_rules", {})[self.name] = number

    def put(self, at: int, table: Mapping[str, Any]) -> None:
        """Hold another rule in that place."""
        rules = self.held()
        self.keep((*rules[:at], table, *rules[at + 1 :]))

    def add(self, word: str) -> None:
        """Begin a rule of that kind, and open it."""
        self.keep((*self.held(), {"is": word}))
        self.show(len(self.held()) - 1)

    def remove(self, at: int) -> None:
        """Leave that rule out."""
        rules = self.held()
        self.keep((*rules[:at], *rules[at + 1 :]))
        self.show(None)


def show_rules(words: Words, sheet: Sheet, names: Names) -> None:
    """All rules of a list, each with what is wrong with it, and the way to another.

    Args:
        words: The language.
        sheet: The list.
        names: What rules can name.
    """
    rules = sheet.held()
    for at, table in enumerate(rules[:MOST_SHOWN]):
        with st.container(border=True, key=f"{sheet.name}_{at + 1}", gap="small"):
            _rule(words, sheet, at, table, names)
    if len(rules) > MOST_SHOWN:
        st.caption(words.text("{count} more rules are kept as they are.", count=len(rules) - MOST_SHOWN))
    _offer(words, sheet)


def _rule(words: Words, sheet: Sheet, at: int, table: Mapping[str, Any], names: Names) -> None:
    problems: Sequence[Problem] = ()
    try:
        rule = rule_from(table, names.currency, at + 1)
        said, icon = words.say(rule.said()), "check"
    except InputError as error:
        problems = error.problems
        said = words.say(rule_name(str(table.get("is", ""))))
        icon = "pending" if all(map(not_said_yet, problems)) else "error"
    is_open = sheet.open == at
    left, right = st.columns([5, 2], vertical_alignment="center")
    left.markdown(f":material/{icon}: **{at + 1}.** {escaped(said)}")
    with right.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
        st.button(
            words.text("Close") if is_open else words.text("Change"),
            icon=":material/expand_less:" if is_open else ":material/edit:",
            type="tertiary",
            key=f"change_{sheet.name}_{at + 1}",
            on_click=sheet.show,
            args=(None if is_open else at,),
        )
        st.button(
            words.text("Remove"),
            icon=":material/delete:",
            type="tertiary",
            key=f"remove_{sheet.name}_{at + 1}",
            on_click=later,
            args=(sheet.remove, at),
        )
    if is_open and table.get("is") in RULES:
        _form(words, sheet, at, table, names, problems)
    else:
        show_beside(words, problems)


def _form(
    words: Words, sheet: Sheet, at: int, table: Mapping[str, Any], names: Names, problems: Sequence[Problem]
) -> None:
    """The fields of one rule, each with what is wrong with it."""
    word = str(table["is"])
    if word in RULE_FORMS:
        st.caption(words.say(RULE_FORMS[word].explained))
    fields = rule_fields(word)
    placed = [problem for problem in problems if any(at_field(problem, one) for one in fields)]
    show_beside(words, [problem for problem in problems if problem not in placed])
    wide = [one for one in fields if one.takes in ("lines", "names", "amounts") or one.key == "why"]
    own = [one for one in fields if not one.common and one not in wide]
    back = [one for one in fields if one.common and one not in wide]
    show = partial(_field, words, sheet, at, table, names, placed)
    for one in (one for one in wide if one.key != "why"):
        show(one)
    _in_columns(own, show)
    for one in (one for one in wide if one.key == "why"):
        show(one)
    told = any(one.key in table for one in back)
    with st.expander(_more(words, back), expanded=told, icon=":material/tune:"):
        _in_columns(back, show)


def _more(words: Words, back: Sequence[Field]) -> str:
    return " · ".join(words.say(one.label) for one in back)


def _in_columns(fields: Sequence[Field], show: Callable[[Field], None]) -> None:
    for first in range(0, len(fields), 2):
        for column, one in zip(st.columns(2), fields[first : first + 2], strict=False):
            with column:
                show(one)


def _field(
    words: Words,
    sheet: Sheet,
    at: int,
    table: Mapping[str, Any],
    names: Names,
    problems: Sequence[Problem],
    one: Field,
) -> None:
    def keep(change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        sheet.put(at, change(sheet.held()[at]))

    show_field(words, one, table, names, f"{sheet.name}_{at + 1}_{one.key}", keep)
    show_beside(words, [problem for problem in problems if at_field(problem, one)])


def _offer(words: Words, sheet: Sheet) -> None:
    """Every rule of the vocabulary with its sentence; a new one closes the list, for its key counts the rules."""
    forms = [(word, RULE_FORMS[word]) for word in RULES if word in RULE_FORMS]
    count = len(sheet.held())
    with st.popover(words.text("Add a rule"), icon=":material/add:", key=f"add_{sheet.name}_{count}"):
        for family, members in groupby(forms, key=lambda pair: pair[1].family):
            st.markdown(f"**{words.say(family)}**")
            for word, form in members:
                one = st.container(gap=None)
                one.button(
                    _capital(words.say(form.name)),
                    key=f"add_{sheet.name}_{word}",
                    type="tertiary",
                    icon=":material/add:",
                    on_click=sheet.add,
                    args=(word,),
                )
                one.caption(words.say(form.explained))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
