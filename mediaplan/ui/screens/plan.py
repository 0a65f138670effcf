"""The page of the plan: what to do with the money, what to expect of it, why, and what another budget would bring."""

from __future__ import annotations

import streamlit as st

from mediaplan.brief.briefs import Brief
from mediaplan.errors import InputError, NoPlanError, Repair, StoppedError
from mediaplan.money import Money
from mediaplan.planning.answer.plans import Plan
from mediaplan.report.figures import Figures, figures_of
from mediaplan.response.responses import Response
from mediaplan.ui.budgets import budgets_around
from mediaplan.ui.downloads import show_downloads
from mediaplan.ui.drafts import Draft
from mediaplan.ui.faults import show_refusal, show_warnings
from mediaplan.ui.keeping import keep_plan
from mediaplan.ui.loading import plan_of, plan_searched, response_of
from mediaplan.ui.not_yet import show_brief_not_ready, show_data_first, show_no_plan
from mediaplan.ui.repairing import repaired
from mediaplan.ui.searching import search_on, was_stopped
from mediaplan.ui.session import bound, change, draft, files, take_draft, words
from mediaplan.ui.showing import show_head, show_plan
from mediaplan.words import Words


def show() -> None:
    """The whole page."""
    said = words()
    if not files().enough:
        st.title(said.text("The plan"))
        why = said.text("There is no plan yet: choose your data, say what you ask for, and it appears here.")
        show_data_first(said, why, ":material/insights:")
        return
    try:
        brief = draft().brief()
    except InputError as error:
        st.title(said.text("The plan"))
        show_brief_not_ready(said, error)
        return
    st.title(brief.name)
    # A goal that needs no budget may have none: then there is nothing to slide.
    asked = None if brief.budget is None else _asked(brief)
    answer = plan_searched(brief, files(), said)
    if asked is not None:
        _slider(said, brief, asked)
    if asked is not None and asked != brief.budget:
        _way_back(said, asked)
    if isinstance(answer, Plan):
        search_on(said)
        _answered(said, answer, asked)
    elif isinstance(answer, NoPlanError):
        show_refusal(said, answer, _repair)
        show_warnings(said, answer.warnings)
    elif isinstance(answer, StoppedError) and was_stopped():
        st.info(
            said.text("The search was stopped before there was a plan; nothing was changed."),
            icon=":material/stop_circle:",
        )
        search_on(said)
    else:
        show_no_plan(said, answer)


def _asked(brief: Brief) -> Money:
    """The budget around which the slider moves: the brief's, until somebody else than the slider changes it."""
    state = st.session_state
    if state.get("slid") != brief.budget or state.get("asked", brief.budget).currency != brief.currency:
        state["asked"], state["slid"] = brief.budget, brief.budget
    asked = state["asked"]
    assert isinstance(asked, Money)
    return asked


def _slider(words: Words, brief: Brief, asked: Money) -> None:
    st.select_slider(
        words.text("Budget: move it, and the plan follows"),
        options=budgets_around(asked, brief.budget),
        format_func=words.say,
        **bound("slider", brief.budget, _slide),
    )


def _answered(words: Words, plan: Plan, asked: Money | None) -> None:
    figures = figures_of(plan, words)
    before = None
    if asked is not None and asked != plan.budget:
        before = plan_of(plan.brief.but(budget=asked), files())
    show_head(plan, figures, before if isinstance(before, Plan) else None)
    show_downloads(plan, words, _response(plan.brief))
    _keep(words, plan)
    show_warnings(words, plan.warnings)
    show_plan(plan, figures, _tried(plan, figures))


def _keep(words: Words, plan: Plan) -> None:
    """Where the data are a client's in a workspace: a button that keeps the plan there, as it stands."""
    kept = files().kept
    if kept is None:
        return
    state = st.session_state
    key = repr((kept, plan.source.get("response_digest"), plan.brief))
    numbers = state.setdefault("numbers_of_plans", {})
    if number := numbers.get(key):
        st.caption(words.text("Kept for {client} as plan {number}.", client=kept.client, number=str(number)))
    elif st.button(words.text("Keep this plan"), icon=":material/inventory_2:", key="keep_plan"):
        numbers[key] = keep_plan(kept.address, kept.client, plan, words)
        st.rerun()


def _way_back(words: Words, asked: Money) -> None:
    """From where the slider started, and how to get back there."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(words.text("Changes are against the plan for {budget}.", budget=asked))
        st.button(
            words.text("Back to {budget}", budget=asked),
            icon=":material/undo:",
            type="tertiary",
            on_click=_slide,
            args=(asked,),
            key="back",
        )


def _slide(budget: Money) -> None:
    st.session_state["slid"] = budget
    change(budget=budget.text)


def _response(brief: Brief) -> Response | None:
    found = response_of(brief, files())
    return found if isinstance(found, Response) else None


def _tried(plan: Plan, figures: Figures) -> list[Plan]:
    """The plans for other budgets that were looked at in this session, this one included, by budget."""
    key = repr((plan.brief.but(budget=1), plan.source.get("response_digest"), figures.currency))
    state = st.session_state
    known = state.get("tried", {}) if state.get("tried_for") == key else {}
    known = {**known, plan.budget.minor: plan}
    state["tried"], state["tried_for"] = known, key
    return [known[minor] for minor in sorted(known)]


def _repair(repair: Repair) -> None:
    held = draft()
    take_draft(Draft.of(repaired(held.brief(), repair)))


if __name__ == "__main__":
    show()
