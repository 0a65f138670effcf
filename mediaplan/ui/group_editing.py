"""Groups of the brief: names that stand for several posts, channels or audiences wherever rules name them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from mediaplan.ui.session import bound, change, draft, later
from mediaplan.words import Words

Group = tuple[str, tuple[str, ...]]


def show_groups(words: Words, choices: list[str]) -> None:
    """All groups, and a button for another.

    Args:
        words: The language.
        choices: `dimension=name` of everything that can be in one.
    """
    st.caption(words.text("A group stands for all its members wherever a rule names it."))
    groups = draft().groups
    own = {name for name, _ in groups}
    known = [name for choice in choices if (name := choice.partition("=")[2]) not in own]
    for at, (name, members) in enumerate(groups):
        _group(words, at, name, members, known)
    st.button(
        words.text("Add a group"),
        icon=":material/add:",
        key="add_group",
        on_click=lambda: change(groups=(*draft().groups, ("", ()))),
    )


def _put(at: int, make: Callable[[str, tuple[str, ...]], Group | None]) -> None:
    held = draft().groups
    made = make(*held[at])
    change(groups=(*held[:at], *([] if made is None else [made]), *held[at + 1 :]))


def _group(words: Words, at: int, name: str, members: tuple[str, ...], known: list[str]) -> None:
    key, put = f"group_{at + 1}", partial(_put, at)
    left, middle, right = st.columns([2, 4, 1], vertical_alignment="bottom")
    left.text_input(
        words.text("Name of the group"),
        **bound(f"{key}_name", name, lambda typed: put(lambda _, held: (typed, held))),
    )
    middle.multiselect(
        words.text("Who is in it"),
        options=list(dict.fromkeys([*known, *members])),
        placeholder=words.text("Choose one or several"),
        select_all=False,
        **bound(
            f"{key}_members",
            list(dict.fromkeys(members)),
            lambda chosen: put(lambda held, _: (held, tuple(chosen))),
        ),
    )
    right.button(
        words.text("Remove"),
        icon=":material/delete:",
        type="tertiary",
        key=f"remove_{key}",
        on_click=later,
        args=(put, lambda *_: None),
    )
