"""The goal of the brief: what counts, what a result is worth, what the plan is to be ready for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from mediaplan.answering import Records
from mediaplan.brief.goals import (
    GOALS,
    Cautious,
    FewestShortfalls,
    LeastRegret,
    LowestCost,
    MostResults,
    MostValue,
)
from mediaplan.brief.picking import PICKS
from mediaplan.errors import InputError
from mediaplan.ui.field_widgets import Names, show_choices
from mediaplan.ui.form_faults import show_beside
from mediaplan.ui.markup import escaped
from mediaplan.ui.rule_fields import choices_of, picks_of
from mediaplan.ui.session import bound, change, draft, later
from mediaplan.words import Sentence, Words

GOAL_FORMS: Mapping[str, tuple[Sentence, Sentence]] = {
    MostResults.word: (Sentence("As many results as possible"), Sentence("Every result counts the same.")),
    MostValue.word: (
        Sentence("As much value as possible"),
        Sentence("Results count by what they are worth: by kind, audience and post."),
    ),
    LowestCost.word: (
        Sentence("As little money as possible"),
        Sentence("What the rules ask for, such as 40 leads, as cheaply as can be; the budget may stay empty."),
    ),
    Cautious.word: (
        Sentence("Safe in bad times"),
        Sentence("As much as can be expected if things go badly; a little less if they go well."),
    ),
    LeastRegret.word: (
        Sentence("Never far from the best"),
        Sentence("Ready for several worlds, such as dearer clicks: it loses least in the worst of them."),
    ),
    FewestShortfalls.word: (
        Sentence("Wishes first"),
        Sentence("As little as can be is missed of the rules that may give way; then as many results as possible."),
    ),
}  # fmt: skip
"""What the form calls each goal, and says of it."""


def show_goal(words: Words, records: Records | None, names: Names) -> None:
    """The whole goal.

    Args:
        words: The language.
        records: What was read; `None` while nothing is.
        names: What worlds can name.
    """
    asked = draft()
    st.subheader(words.text("What counts"))
    st.radio(
        words.text("Goal"),
        options=list(GOALS),
        format_func=lambda word: words.say(_form(word)[0]),
        captions=[words.say(_form(word)[1]) for word in GOALS],
        **bound("goal", asked.goal),
    )
    if asked.goal == Cautious.word:
        _worst(words)
    if asked.goal == LeastRegret.word:
        _worlds(words, names)
    kinds = _kinds(words, records)
    if asked.goal == MostValue.word or (asked.values and asked.goal in (Cautious.word, LeastRegret.word)):
        _values(words, kinds)
    _part(
        words.text("Part of the budget for learning (%)"),
        words.text(
            "Spent on lines that look a little worse today and may turn out better: 5 to 10 % pays where posts live long."
        ),
        "test_share",
        asked.test_share,
    )


def _form(word: str) -> tuple[Sentence, Sentence]:
    known = Sentence("“{name}”", name=word), Sentence("{text}", text="")
    return GOAL_FORMS.get(word, known)


def _part(label: str, help_: str, name: str, part: float) -> None:
    """A part of something, as a percentage."""
    st.number_input(
        label,
        min_value=0.0,
        max_value=100.0,
        step=5.0,
        format="%g",
        help=help_,
        **bound(
            name,
            round(part * 100, 6),
            lambda shown: change(**{name: float(Decimal(str(shown or 0)) / 100)}),
        ),
    )


def _worst(words: Words) -> None:
    _part(
        words.text("How bad it may go (%)"),
        words.text("The plan looks at this part of the cases, the worst ones: at 20%, one in five is as bad or worse."),
        "worst",
        draft().worst,
    )  # fmt: skip


def _worlds(words: Words, names: Names) -> None:
    """The worlds to be ready for, besides the one that is expected."""
    st.markdown(f"**{words.text('Worlds to be ready for')}**")
    st.caption(words.text("The world as the history expects it is always one of them."))
    for at, (name, table) in enumerate(draft().worlds):
        with st.container(border=True, key=f"world_{at + 1}"):
            _world(words, at, name, table, names)
    st.button(
        words.text("Add a world"),
        icon=":material/add:",
        key="add_world",
        on_click=lambda: change(worlds=(*draft().worlds, ("", {}))),
    )
    try:
        draft().goal_as_asked()
    except InputError as error:
        show_beside(words, error.problems)


def _put_world(
    at: int, make: Callable[[str, Mapping[str, Any]], tuple[str, Mapping[str, Any]] | None]
) -> None:
    held = draft().worlds
    made = make(*held[at])
    change(worlds=(*held[:at], *([] if made is None else [made]), *held[at + 1 :]))


def _world(words: Words, at: int, name: str, table: Mapping[str, Any], names: Names) -> None:
    key = f"world_{at + 1}"
    put = partial(_put_world, at)
    st.text_input(
        words.text("Name"),
        placeholder=words.text("Clicks get dearer"),
        **bound(f"{key}_name", name, lambda typed: put(lambda _, held: (typed, held))),
    )

    def take(chosen: list[str]) -> None:
        put(lambda name, held: (name, {k: v for k, v in held.items() if k not in PICKS} | picks_of(chosen)))

    picked = choices_of({pick: table[pick] for pick in PICKS if pick in table})
    show_choices(
        words, words.text("Of what"), None, picked, names.choices, bound(f"{key}_lines", picked, take)
    )
    left, right = st.columns(2)
    for column, what, label in (
        (left, "cost", words.text("A result costs … times as much")),
        (right, "results", words.text("Money brings … times as many")),
    ):
        stated = table.get(what)
        column.number_input(
            label,
            min_value=0.001,
            max_value=1000.0,
            step=0.1,
            format="%g",
            placeholder="1",
            **bound(
                f"{key}_{what}", None if stated is None else float(stated), partial(_take_times, put, what)
            ),
        )
    st.button(
        words.text("Remove"),
        icon=":material/delete:",
        type="tertiary",
        key=f"remove_{key}",
        on_click=later,
        args=(put, lambda *_: None),
    )


def _take_times(put: Callable[..., None], what: str, times: float | None) -> None:
    def changed(name: str, held: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        bare = {key: value for key, value in held.items() if key != what}
        return name, bare if times is None else bare | {what: times}

    put(changed)


def _kinds(words: Words, records: Records | None) -> tuple[str, ...]:
    """The kinds of result that count; asked where several are counted."""
    asked = draft()
    chosen = (asked.type,) if asked.type else tuple(asked.values)
    known = records.kinds if records else chosen
    if len(known) < 2 and set(chosen) <= set(known):
        return known
    st.multiselect(
        words.text("Which results count?"),
        options=sorted({*known, *chosen}),
        placeholder=words.text("Choose one or several"),
        **bound("kinds", list(chosen), _keep_kinds),
    )
    return chosen


def _keep_kinds(kinds: list[str]) -> None:
    known = draft().values
    if len(kinds) == 1:
        change(type=kinds[0], values={kind: worth for kind, worth in known.items() if kind in kinds})
    else:
        change(type=None, values={kind: known.get(kind, 1) for kind in kinds})


def _values(words: Words, kinds: tuple[str, ...]) -> None:
    asked = draft()

    def keep(kind: str, worth: float | None) -> None:
        whole = 1 if worth is None else int(worth) if worth == int(worth) else worth
        change(values={**draft().values, kind: whole})

    columns = st.columns(2, vertical_alignment="bottom")
    for number, kind in enumerate(kinds):
        columns[number % 2].number_input(
            words.text("Worth of one result: {kind}", kind=escaped(kind)),
            min_value=0.0,
            step=1.0,
            format="%g",
            help=words.text("A weight, or money: what one such result brings you."),
            **bound(
                f"value_{kind}", float(asked.values.get(kind, 1)), lambda worth, kind=kind: keep(kind, worth)
            ),
        )
