"""The page that compares: scenarios side by side, what other budgets bring, and why the plan is as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st

from mediaplan.brief.briefs import Brief
from mediaplan.brief.scenarios import scenarios_of
from mediaplan.errors import InputError, MediaplanError
from mediaplan.planning.answer.plans import Plan
from mediaplan.report.figures import UNDEFINED, Figures
from mediaplan.report.terminal_tables import moves_between
from mediaplan.ui.charts import curve, lines_curve
from mediaplan.ui.faults import show_no_plan
from mediaplan.ui.loading import Files, explanation_of, frontier_of, near_ties_of, plan_of, simplified_of
from mediaplan.ui.markup import escaped
from mediaplan.ui.not_yet import show_brief_not_ready, show_data_first
from mediaplan.ui.searching import search_on, was_stopped
from mediaplan.ui.session import draft, files, words
from mediaplan.words import Sentence, Words

Found = TypeVar("Found")


def show() -> None:
    """The whole page."""
    said = words()
    st.title(said.text("Compare"))
    if not files().enough:
        show_data_first(said, said.text("Choose your data first."), ":material/compare_arrows:")
        return
    try:
        brief = draft().brief()
        scenarios = scenarios_of(brief)
    except InputError as error:
        show_brief_not_ready(said, error)
        return
    figures = Figures(said, brief.currency)
    if scenarios:
        _scenarios((brief, *scenarios), said)
    else:
        st.caption(said.text("No scenario yet: the page of the brief has a place for them."))
    if brief.budget is not None:
        _budgets(brief, figures)
    _lines(brief, figures)
    _as_good(brief, said)
    _why(brief, said)


def _scenarios(briefs: tuple[Brief, ...], words: Words) -> None:
    """The brief and its scenarios, a row each."""
    st.subheader(words.text("Scenarios"))
    with st.spinner(words.text("Working out the plan…")):
        answers = [plan_of(brief, files()) for brief in briefs]
    rows = [_row(brief, answer, words) for brief, answer in zip(briefs, answers, strict=True)]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words.text("Scenarios"))
    for brief, answer in zip(briefs, answers, strict=True):
        if not isinstance(answer, Plan):
            show_no_plan(words, answer, brief.name)


def _row(brief: Brief, answer: Plan | MediaplanError, words: Words) -> dict[str, str]:
    figures = Figures(words, brief.currency)
    plan = answer if isinstance(answer, Plan) else None
    return {
        words.text("Scenario"): brief.name,
        words.text("Budget"): UNDEFINED if plan is None else figures.budget(plan),
        words.text("Results"): UNDEFINED if plan is None else figures.count(plan.totals.results.mean),
        words.text("Interval"): UNDEFINED if plan is None else figures.span(plan.totals.results),
        words.text("Cost per result"): UNDEFINED if plan is None else figures.cost(plan.totals.cpr.mean),
    }


def _budgets(brief: Brief, figures: Figures) -> None:
    """The curve of the best plans over budgets, once somebody asks for it: it plans eight times."""
    words = figures.words
    st.subheader(words.text("What other budgets bring"))
    found = _asked_for(
        "frontier", frontier_of, brief, words.text("Work out eight budgets"), ":material/show_chart:", words
    )
    if found is None:
        return
    if found.plans:
        st.altair_chart(curve(found, figures), alt=words.text("Results against budget"))
    st.markdown(f"**{escaped(words.say(found.sentence()))}**")


def _lines(brief: Brief, figures: Figures) -> None:
    """What fewer lines would bring, once somebody asks for it: it plans some seven times."""
    words = figures.words
    st.subheader(words.text("How many lines"))
    found = _asked_for(
        "simplified",
        simplified_of,
        brief,
        words.text("Look for fewer lines"),
        ":material/format_list_numbered:",
        words,
    )
    if found is None:
        return
    if len(found.curve) > 1:
        st.altair_chart(
            lines_curve(found, figures), alt=words.text("What the goal gets against the number of lines")
        )
    st.markdown(f"**{escaped(words.say(found.sentence()))}**")


def _why(brief: Brief, words: Words) -> None:
    """What each rule costs and why posts are left out, once somebody asks for it: it plans many times."""
    st.subheader(words.text("Why this plan"))
    found = _asked_for(
        "explanation",
        explanation_of,
        brief,
        words.text("Work out what each rule costs"),
        ":material/help:",
        words,
    )
    if found is None:
        return
    parts = (
        (words.text("What each rule costs"), [rule.sentence() for rule in found.rules]),
        (words.text("What more money buys"), [found.next_money()]),
        (words.text("Posts left out"), [post.sentence() for post in found.left_out]),
    )
    for head, sentences in parts:
        if sentences:
            st.markdown(f"**{head}**\n\n" + _listed(sentences, words))


def _as_good(brief: Brief, words: Words) -> None:
    """Plans that are as good, once somebody asks for them: it plans many times."""
    st.subheader(words.text("Plans that are as good"))
    found = _asked_for(
        "near_ties",
        near_ties_of,
        brief,
        words.text("Look for plans that are as good"),
        ":material/balance:",
        words,
    )
    if found is None:
        return
    st.markdown(f"**{escaped(words.say(found.sentence()))}**")
    for number, tie in enumerate(found.ties, start=1):
        head = words.text("Another plan, {number}: {said}", number=number, said=tie.sentence())
        moves = _listed(list(moves_between(found.full, tie.plan)), words)
        st.markdown(f"{escaped(head)}\n\n{moves}")


def _asked_for(
    what: str,
    found_for: Callable[[Brief, Files, Words], Found | MediaplanError],
    brief: Brief,
    label: str,
    icon: str,
    words: Words,
) -> Found | None:
    """What a search found, once somebody asks for it with a button; `None` before that, and where faults are shown."""
    if not _wanted(what, brief, label, icon):
        return None
    found = found_for(brief, files(), words)
    _stopped(words, what)
    if isinstance(found, MediaplanError):
        show_no_plan(words, found, words.text("There is no plan yet."))
        return None
    return found


def _stopped(words: Words, what: str) -> None:
    """Say that somebody stopped that search, and offer to go on."""
    if was_stopped(what):
        st.info(
            words.text("The search was stopped: this is what was found by then."),
            icon=":material/stop_circle:",
        )
        search_on(words, what)


def _listed(sentences: list[Sentence], words: Words) -> str:
    return "\n".join(f"- {escaped(words.say(sentence))}" for sentence in sentences)


def _wanted(what: str, brief: Brief, label: str, icon: str) -> bool:
    """Whether that was asked for, for this brief and these files; a button asks."""
    key = f"{what}_wanted_for"
    asked = repr((brief, files().digest))
    if st.session_state.get(key) != asked and st.button(label, icon=icon, key=f"ask_{what}"):
        st.session_state[key] = asked
    return bool(st.session_state.get(key) == asked)


if __name__ == "__main__":
    show()
