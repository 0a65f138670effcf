"""Scenarios of the brief: the same question with another budget, other days, rules left out or added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from mediaplan.brief.picking import names_of
from mediaplan.brief.scenarios import scenarios_of
from mediaplan.errors import InputError, Problem
from mediaplan.ui.field_widgets import Names
from mediaplan.ui.form_faults import show_beside
from mediaplan.ui.markup import escaped
from mediaplan.ui.rule_editing import Sheet, Tables, show_rules
from mediaplan.ui.rule_fields import one_or_several
from mediaplan.ui.session import bound, change, draft, later
from mediaplan.ui.typed import plain, written
from mediaplan.words import Words

SHOWN = ("name", "budget", "flight", "drop_rule", "add_rule")
"""Keys of a scenario that have fields."""


def show_scenarios(words: Words, names: Names) -> None:
    """All scenarios, each with its fields, and a button for another.

    Args:
        words: The language.
        names: What the rules that they add can name.
    """
    faults = _faults()
    for at, table in enumerate(draft().scenarios):
        own = [problem for problem in faults if (problem.column or "").split(".")[0] == f"scenario {at + 1}"]
        with st.container(border=True, key=f"scenario_{at + 1}"):
            _scenario(words, at, table, names, own)
    st.button(words.text("Add a scenario"), icon=":material/add:", key="add_scenario", on_click=_add)


def _faults() -> Sequence[Problem]:
    """What is wrong with the scenarios, once the brief itself is right."""
    asked = draft()
    if not asked.scenarios:
        return ()
    try:
        scenarios_of(asked.but(scenarios=()).brief().but(scenarios=asked.scenarios))
    except InputError as error:
        return [problem for problem in error.problems if (problem.column or "").startswith("scenario ")]
    return ()


def _add() -> None:
    change(scenarios=(*draft().scenarios, {"name": ""}))


def _put(at: int, key: str, value: Any) -> None:
    """Set one key of a scenario; nothing takes it away."""
    held = draft().scenarios
    bare = {name: stated for name, stated in held[at].items() if name != key}
    changed = bare if value in (None, "", [], ()) else bare | {key: value}
    change(scenarios=(*held[:at], changed, *held[at + 1 :]))


def _remove(at: int) -> None:
    held = draft().scenarios
    change(scenarios=(*held[:at], *held[at + 1 :]))
    st.session_state["open_rules"] = {}


def _scenario(
    words: Words, at: int, table: Mapping[str, Any], names: Names, faults: Sequence[Problem]
) -> None:
    key = f"scenario_{at + 1}"
    left, middle, right = st.columns([3, 2, 2])
    left.text_input(
        words.text("Name of the scenario"),
        placeholder=words.text("Half the budget"),
        **bound(f"{key}_name", str(table.get("name", "")), lambda name: _put(at, "name", name)),
    )
    middle.text_input(
        words.text("{label} ({unit})", label=words.text("Budget"), unit=names.currency),
        placeholder=words.text("As in the brief"),
        **bound(
            f"{key}_budget",
            written(str(table.get("budget", "")), words),
            lambda text: _put(at, "budget", plain(text, words.language)),
        ),
    )
    with right:
        _days(words, at, table, key)
    _dropped(words, at, table, key)
    if kept := [name for name in table if name not in SHOWN]:
        st.caption(words.text("Kept as it was read: {names}.", names=tuple(kept)))
    show_beside(words, [problem for problem in faults if ".rule " not in (problem.column or "")])
    st.markdown(f"**{words.text('Rules that it adds')}**")
    show_rules(words, Sheet(key, partial(_added, at), partial(_keep_added, at)), names)
    st.button(
        words.text("Remove the scenario"),
        icon=":material/delete:",
        type="tertiary",
        key=f"remove_{key}",
        on_click=later,
        args=(_remove, at),
    )


def _days(words: Words, at: int, table: Mapping[str, Any], key: str) -> None:
    flight = table.get("flight")
    stated = flight.get("days") if isinstance(flight, Mapping) else None

    def take(days: int | None) -> None:
        now = draft().scenarios[at].get("flight")
        held = dict(now) if isinstance(now, Mapping) else {"start": draft().start}
        _put(at, "flight", None if days is None else {**held, "days": days})

    st.number_input(
        words.text("Days"),
        min_value=1,
        step=1,
        placeholder=words.text("As in the brief"),
        **bound(f"{key}_days", stated if type(stated) is int and stated > 0 else None, take),
    )


def _dropped(words: Words, at: int, table: Mapping[str, Any], key: str) -> None:
    """The rules that it leaves out, by name."""
    known = [name for rule in draft().rules if (name := str(rule.get("name", "")))]
    chosen = list(dict.fromkeys(names_of(table.get("drop_rule")) or ()))
    if not known and not chosen:
        st.caption(words.text("To leave a rule out in a scenario, give the rule a name first."))
        return
    st.multiselect(
        words.text("Rules that it leaves out"),
        options=list(dict.fromkeys([*known, *chosen])),
        placeholder=words.text("None chosen"),
        select_all=False,
        format_func=escaped,
        **bound(f"{key}_drop", chosen, lambda names: _put(at, "drop_rule", one_or_several(names))),
    )


def _added(at: int) -> Tables:
    stated = draft().scenarios[at].get("add_rule", [])
    several = [stated] if isinstance(stated, Mapping) else stated
    return (
        tuple(table for table in several if isinstance(table, Mapping)) if isinstance(several, list) else ()
    )


def _keep_added(at: int, rules: Tables) -> None:
    _put(at, "add_rule", [dict(table) for table in rules])
