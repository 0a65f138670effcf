"""The page of the brief: what is asked, as a form; always in step with the draft, right or wrong."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

import streamlit as st

from mediaplan.answering import Records, check_kinds
from mediaplan.brief.briefs import Brief
from mediaplan.brief.writing import brief_toml
from mediaplan.errors import InputError, Problem
from mediaplan.report.figures import Figures
from mediaplan.slots import LONGEST, Flight
from mediaplan.ui.choices import choices
from mediaplan.ui.currencies import currency_name, offered
from mediaplan.ui.editing import slots_table
from mediaplan.ui.faults import show_faults
from mediaplan.ui.field_widgets import Names
from mediaplan.ui.form_faults import show_beside
from mediaplan.ui.goal_editing import show_goal
from mediaplan.ui.group_editing import show_groups
from mediaplan.ui.loading import read
from mediaplan.ui.not_yet import show_data_first
from mediaplan.ui.places import PLAN
from mediaplan.ui.rule_editing import Sheet, show_rules
from mediaplan.ui.scenario_editing import show_scenarios
from mediaplan.ui.session import bound, change, draft, files, words
from mediaplan.ui.typed import plain, written
from mediaplan.words import Sentence, Words

# What a brief may say beside the form's fields. A comment, because Streamlit writes bare texts of a page onto it.
KEPT = {
    "split": Sentence("lines cut by week or day"),
    "timezone": Sentence("time zone"),
    "level": Sentence("level of the intervals"),
    "as_of": Sentence("day of the exports"),
    "delay": Sentence("delay of results"),
    "rates": Sentence("which counts, rate card or history"),
    "incrementality": Sentence("what the money really brought"),
    "judgements": Sentence("judgements"),
    "tests": Sentence("tests of posts side by side"),
    "columns": Sentence("meaning of foreign columns"),
}
DEFAULTS = {one.name: one.default for one in fields(Brief)}


def show() -> None:
    """The whole page."""
    said = words()
    st.title(said.text("What you ask for"))
    records = _records()
    if records is None:
        why = said.text(
            "Choose your data first: then the names of your posts, channels and audiences can be picked here."
        )
        show_data_first(said, why, ":material/arrow_back:")
    known = choices(records, draft())
    names = Names(known, records.kinds if records else (), draft().currency)
    _, problems = _judged(records)
    left, right = st.columns(2)
    with left.container(border=True):
        _money_and_dates(said)
        _beside(said, problems, "budget", "currency", "flight")
    with left.container(border=True):
        _minimums(said)
        _beside(said, problems, "exchange", "minimums")
    with right.container(border=True, height="stretch"):
        show_goal(said, records, names)
    with st.container(border=True):
        _rules(said, names)
    with st.expander(said.text("Fee and tax, slots, which lines"), icon=":material/tune:"):
        _more(said)
        _beside(said, problems, "costs", "slots")
    with st.expander(said.text("Groups"), icon=":material/group_work:", expanded=bool(draft().groups)):
        show_groups(said, known)
        _beside(said, problems, "groups")
    with st.expander(said.text("Scenarios"), icon=":material/alt_route:", expanded=bool(draft().scenarios)):
        st.caption(said.text("The same brief with changes, side by side with it on the page that compares."))
        show_scenarios(said, names)
    _kept(said)
    _verdict(said, records)


def _kept(words: Words) -> None:
    """What a brief's file says and the form has no field for."""
    held = draft().rest
    stated = {
        name: sentence
        for name, sentence in KEPT.items()
        if name in held and held[name] not in (None, "none", "", (), {}, DEFAULTS[name])
    }
    if stated:
        st.caption(
            words.text("Also in this brief, kept as it was read: {names}.", names=tuple(stated.values()))
        )


def _records() -> Records | None:
    if not files().history:
        return None
    found = read(draft().for_reading(), files())
    return found if isinstance(found, Records) else None


def _money_and_dates(words: Words) -> None:
    asked = draft()
    st.subheader(words.text("Money and dates"))
    st.text_input(
        words.text("Name of the plan"), placeholder=words.text("Back to school"), **bound("name", asked.name)
    )
    left, right = st.columns(2)
    left.text_input(
        words.text("Budget"),
        help=words.text("What the client pays at the most, fee and tax included, for the whole flight."),
        placeholder=words.number(150_000),
        **bound(
            "budget", written(asked.budget, words), lambda text: change(budget=plain(text, words.language))
        ),
    )
    right.selectbox(
        words.text("Currency"),
        options=offered(asked.currency),
        format_func=lambda code: currency_name(code, words),
        **bound("currency_of_brief", asked.currency, lambda code: change(currency=code)),
    )
    left, right = st.columns(2)
    left.date_input(
        words.text("First day"),
        format="DD/MM/YYYY" if words.language == "fr" else "YYYY-MM-DD",
        **bound("start", asked.start, lambda day: change(start=day or asked.start)),
    )
    right.number_input(
        words.text("Days"),
        min_value=1,
        max_value=LONGEST,
        step=1,
        **bound("days", asked.days, lambda days: change(days=days or asked.days)),
    )
    flight = Flight(asked.start, asked.days)
    st.caption(words.text("From {start} to {end}.", start=flight.start, end=flight.end))


def _rules(words: Words, names: Names) -> None:
    st.subheader(words.text("Rules"))
    st.caption(words.text("Limits that the plan must keep; none is needed."))
    show_rules(words, Sheet("rules", lambda: draft().rules, lambda rules: change(rules=rules)), names)


def _minimums(words: Words) -> None:
    asked = draft()
    st.subheader(words.text("Platforms’ minimums"))
    if asked.own_minimums:
        st.caption(words.text("This brief brings its own table of minimums; it counts."))
        return
    st.toggle(
        words.text("Respect what platforms accept at the least per day"),
        help=words.text(
            "Platforms refuse boosts below a few dollars a day. With this on, a line gets nothing or at least that."
        ),
        **bound("platform", asked.platform),
    )
    if asked.platform and asked.currency != "USD":
        st.number_input(
            words.text("Price of one US dollar ({currency})", currency=asked.currency),
            min_value=0.0,
            step=1.0,
            format="%g",
            placeholder=words.text(
                "for example {rate}", rate=600 if asked.currency in ("XOF", "XAF") else 0.9
            ),
            **bound("dollar", asked.dollar),
        )


def _more(words: Words) -> None:
    asked = draft()
    left, right = st.columns(2)
    for column, name, label, part in (
        (left, "fee", words.text("Fee on top of the media money (%)"), asked.fee),
        (right, "tax", words.text("Tax on media money and fee (%)"), asked.tax),
    ):
        column.number_input(
            label,
            min_value=0.0,
            max_value=100.0,
            step=1.0,
            format="%g",
            **bound(
                name,
                float(part * 100),
                lambda shown, name=name: change(**{name: Decimal(str(shown or 0)) / 100}),
            ),
        )
    names = {
        "all": words.text("All that your posts, channels, audiences and slots make"),
        "seen": words.text("Only those that the history has seen"),
    }
    st.radio(
        words.text("Which lines may receive money?"),
        options=list(names),
        format_func=names.__getitem__,
        **bound("lines", asked.lines),
    )
    st.markdown(f"**{words.text('Slots')}**")
    st.caption(
        words.text(
            "Parts of the day with names of your own, such as evening: mon-fri, 18-22. Without any, those of the history count."
        )
    )
    slots_table(words)


def _judged(records: Records | None) -> tuple[Brief | None, list[Problem]]:
    """The brief that the form states, and all that is wrong with it or, where there are data, with its goal for them."""
    brief: Brief | None = None
    problems: list[Problem] = []
    try:
        brief = draft().brief()
    except InputError as error:
        problems += error.problems
    try:
        if records is not None:
            check_kinds(draft().goal_as_asked(), records)
    except InputError as error:
        problems += [problem for problem in error.problems if problem not in problems]
    return brief, problems


def _beside(words: Words, problems: list[Problem], *places: str) -> None:
    """What is wrong with what stands just above; what is not said yet stands in the list at the end only."""
    wrong = [problem for problem in problems if (problem.column or "").startswith(places)]
    show_beside(words, [problem for problem in wrong if problem.value])


def _verdict(words: Words, records: Records | None) -> None:
    """What is still wrong, or the way on."""
    brief, problems = _judged(records)
    if brief is None or problems:
        show_faults(words, InputError(*problems), words.text("The brief is not ready yet."), form=True)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            words.text("Make the plan"),
            type="primary",
            icon=":material/insights:",
            key="go",
            disabled=records is None,
        ):
            st.switch_page(PLAN)
        st.download_button(
            words.text("Download brief.toml"),
            brief_toml(brief),
            file_name="brief.toml",
            mime="application/toml",
            icon=":material/download:",
            on_click="ignore",
            key="download_brief",
        )
    st.caption(_summed_up(words, brief))


def _summed_up(words: Words, brief: Brief) -> str:
    period = Figures(words, brief.currency).period(brief.flight)
    if brief.budget is None:
        return words.text("As little as the rules need, {period}.", period=period)
    return words.text("{budget} at the most, {period}.", budget=brief.budget, period=period)


if __name__ == "__main__":
    show()
