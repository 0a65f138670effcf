"""The page of the workspace: choose a client, take files in, take them back, plan with what stands, open plans."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from mediaplan.errors import InputError, MediaplanError
from mediaplan.history.files.sources import File
from mediaplan.money import Money
from mediaplan.ui.faults import show_faults
from mediaplan.ui.importing import show_import_form, show_what_was_said
from mediaplan.ui.keeping import clients_kept, place, undo_imports
from mediaplan.ui.loading import Files, Kept
from mediaplan.ui.places import BRIEF, DATA
from mediaplan.ui.session import OWN, bound, change, take_files, words
from mediaplan.words import Sentence, Words
from mediaplan.workspace.imports import Import
from mediaplan.workspace.plans import KeptPlan
from mediaplan.workspace.workspaces import Client

# Stands for a client that is not there yet. A comment, because Streamlit writes bare texts of a page onto it.
NEW = ""

ROLES = {
    "history": Sentence("History"),
    "posts": Sentence("Posts"),
    "audiences": Sentence("Audiences"),
    "actuals": Sentence("Actuals"),
}


def show() -> None:
    """The whole page."""
    said = words()
    st.title(said.text("Clients"))
    st.markdown(
        said.text(
            "What you import here stays: the same file never counts twice, a newer export replaces the same rows, and every import can be taken back."
        )
    )
    try:
        found = clients_kept(place())
    except MediaplanError as error:
        show_faults(said, error, said.text("The workspace can't be opened."))
        return
    chosen = _choice(said, found)
    show_import_form(said, chosen.name if chosen else None)
    show_what_was_said(said)
    if chosen is not None:
        _imports(said, chosen)
        _plans(said, chosen)


def _choice(words: Words, found: list[Client]) -> Client | None:
    """The client in hand; `None` = a new one."""
    by_name = {client.name: client for client in found}
    if not by_name:
        st.info(
            words.text("No client yet: name one and import your first export."), icon=":material/person_add:"
        )
        return None
    chosen = st.session_state.get("client")
    if chosen not in (*by_name, NEW):
        chosen = next(iter(by_name))
    st.pills(
        words.text("Whose data?"),
        options=[*by_name, NEW],
        format_func=lambda name: words.text("New client") if name == NEW else name,
        **bound("client", chosen, _choose),
    )
    return by_name.get(chosen)


def _choose(name: str | None) -> None:
    if name is not None:
        st.session_state["client"] = name


def _imports(words: Words, client: Client) -> None:
    st.subheader(words.text("Imports"))
    if not client.imports:
        st.caption(words.text("Nothing was imported yet."))
        return
    rows = pd.DataFrame([_row(words, each) for each in reversed(client.imports)])
    days = st.column_config.DateColumn(format="localized")
    heads = words.text("First day"), words.text("Last day"), words.text("Imported on")
    st.dataframe(
        rows,
        hide_index=True,
        column_config=dict.fromkeys(heads, days),
        alt=words.text("Imports"),
        placeholder="",
    )
    standing = {each.number: each for each in client.standing}
    if not standing:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            words.text("Plan with these data"),
            type="primary",
            icon=":material/arrow_forward:",
            key="plan_with",
            on_click=_work_with,
            args=(client,),
            disabled=not any(each.role == "history" for each in standing.values()),
        )
        chosen = st.multiselect(
            words.text("Imports to take back"),
            options=sorted(standing, reverse=True),
            format_func=lambda number: f"{number} · {standing[number].file}",
            key="undo_numbers",
            placeholder=words.text("None chosen"),
        )
        st.button(
            words.text("Take back"),
            icon=":material/undo:",
            key="undo",
            on_click=_undo,
            args=(client.name, tuple(chosen)),
            disabled=not chosen,
        )
    if st.session_state.pop("go_on", False):
        st.switch_page(BRIEF if st.session_state["draft"].budget else DATA)


def _row(words: Words, each: Import) -> dict[str, Any]:
    told = each.content
    first = last = None
    amounts = ""
    if "first" in told:
        first, last = (date.fromisoformat(told[name]) for name in ("first", "last"))
        amounts = " + ".join(
            words.currency(float(total["amount"]), total["currency"])
            if total["currency"]
            else words.number(float(total["amount"]))
            for total in told["spend"]
        )
    state = words.text("counts") if each.undone_at is None else words.text("taken back")
    return {
        words.text("No."): each.number,
        words.text("File"): each.file,
        words.text("What"): words.say(ROLES[each.role]),
        words.text("Rows"): told["rows"],
        words.text("First day"): first,
        words.text("Last day"): last,
        words.text("Spent"): amounts,
        words.text("Imported on"): each.imported_at.date(),
        words.text("State"): state,
    }


def _undo(client: str, numbers: tuple[int, ...]) -> None:
    state = st.session_state
    state.pop("undo_numbers", None)
    try:
        undo_imports(place(), client, numbers)
    except InputError as error:
        state["said_of_import"] = error
        return
    state["said_of_import"] = Sentence("Taken back; what it had replaced counts again.")


def _work_with(client: Client) -> None:
    """Make the client's data those in hand, as they stand now."""
    standing = [each for each in client.standing if each.role != "actuals"]
    digest = hashlib.sha256("\n".join(f"{each.role} {each.rows_digest}" for each in standing).encode())
    names = {role: [each.file for each in standing if each.role == role] for role in ROLES}
    take_files(
        Files(
            history=tuple(File(name, b"") for name in names["history"]),
            posts=File(names["posts"][-1], b"") if names["posts"] else None,
            audiences=File(names["audiences"][-1], b"") if names["audiences"] else None,
            kept=Kept(place(), client.name, digest.hexdigest()),
        )
    )
    codes = [
        total["currency"] for each in standing if "spend" in each.content for total in each.content["spend"]
    ]
    if currency := next((code for code in codes if code), None):
        change(currency=currency)
    st.session_state["chosen"], st.session_state["go_on"] = OWN, True


def _plans(words: Words, client: Client) -> None:
    st.subheader(words.text("Plans"))
    if not client.plans:
        st.caption(words.text("No plan was kept yet: the page of the plan has a button for it."))
        return
    plans = {plan.number: plan for plan in client.plans}
    number = st.selectbox(
        words.text("Plan to open"),
        options=sorted(plans, reverse=True),
        format_func=lambda each: f"{each} · {plans[each].name}",
        key="open_plan",
    )
    _plan(words, plans[number])


def _plan(words: Words, plan: KeptPlan) -> None:
    document = plan.document
    totals, currency = plan.to_dict(), document["currency"]
    with st.container(horizontal=True):
        st.metric(
            words.text("Spent"),
            words.say(Money.read(totals["spent"], currency)),
            border=True,
            width="content",
        )
        expected = words.text("Expected results")
        st.metric(expected, words.say(round(totals["results"], 1)), border=True, width="content")
        st.metric(words.text("Made on"), words.date(plan.made_at.date()), border=True, width="content")
    heads = {
        "post": words.text("Post"),
        "channel": words.text("Channel"),
        "audience": words.text("Audience"),
        "slot": words.text("Slot"),
    }
    lines = [
        {head: each[name] for name, head in heads.items()}
        | {
            words.text("Amount"): words.say(Money.read(each["amount"], currency)),
            words.text("Results"): words.number(each["results"]["mean"]),
        }
        for each in document["lines"]
    ]
    shown = pd.DataFrame(lines).dropna(axis="columns", how="all")
    st.dataframe(shown, hide_index=True, alt=words.text("Lines"), placeholder="")
    st.download_button(
        words.text("Data of the plan"),
        plan.text.encode(),
        file_name=f"plan-{plan.number:03d}.json",
        mime="application/json",
        icon=":material/data_object:",
        on_click="ignore",
        key="download_kept",
    )


if __name__ == "__main__":
    show()
