"""The page of the data: choose a sample or one's own files, see what was read and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mediaplan.answering import Records
from mediaplan.brief.reading import parse_brief
from mediaplan.errors import InputError
from mediaplan.ui.currencies import currency_name, offered
from mediaplan.ui.drafts import Draft
from mediaplan.ui.faults import show_faults, show_warnings
from mediaplan.ui.loading import Files, read, stated_currency
from mediaplan.ui.naming import show_names
from mediaplan.ui.overview import show_columns, show_overview
from mediaplan.ui.places import BRIEF
from mediaplan.ui.samples import NAMES, sample_briefs, sample_files
from mediaplan.ui.session import OWN, blank_draft, bound, change, draft, files, take_draft, take_files, words
from mediaplan.ui.uploads import TABLES, uploaded
from mediaplan.words import Words


def show() -> None:
    """The whole page."""
    said = words()
    st.title(said.text("What happened so far"))
    st.markdown(
        said.text(
            "mediaplan learns from your past results what your money buys: on which channel, for whom, when, with which post."
        )
    )
    options = [*NAMES, OWN]
    st.pills(
        said.text("Whose data?"),
        options=options,
        format_func=lambda name: said.say(NAMES[name]) if name in NAMES else said.text("My own files"),
        **bound("chosen", st.session_state["chosen"] or None, _choose),
    )
    match st.session_state["chosen"]:
        case "":
            _welcome(said)
            return
        case "own":
            _uploads(said)
        case sample:
            _sample_brief(said, sample)
    if files().enough:
        _what_was_read(said)


def _choose(name: str | None) -> None:
    st.session_state["chosen"] = name or ""
    st.session_state["brief_fault"] = None
    if name is not None and name in NAMES:
        _start_from(name, next(iter(sample_briefs(name))))
    else:
        take_draft(blank_draft())
        take_files(Files())


def _start_from(sample: str, brief: str) -> None:
    st.session_state["sample_brief"] = brief
    take_draft(Draft.of(sample_briefs(sample)[brief]))
    take_files(sample_files(sample))


def _welcome(words: Words) -> None:
    with st.container(border=True):
        st.subheader(words.text("New here?"))
        st.markdown(
            words.text(
                "Choose a sample above: it takes you from past results to a finished plan in two clicks. Your own files can follow later."
            )
        )
    with st.container(border=True):
        st.subheader(words.text("What you need"))
        st.markdown(
            "\n".join(
                (
                    f"- {words.text('**History** (needed): what was spent and what came of it, one row per day, post, channel, audience. An export of your ad account is a good start.')}",
                    f"- {words.text('**Posts** (optional): which posts can be boosted, which are on hold.')}",
                    f"- {words.text('**Audiences** (optional): how many people are in each, and what a result there is worth.')}",
                )
            )
        )
        _templates(words)


def _templates(words: Words) -> None:
    from mediaplan.history.columns.template import TEMPLATES

    with st.container(horizontal=True):
        for kind, label in (
            ("history", words.text("Example history.csv")),
            ("posts", words.text("Example posts.csv")),
            ("audiences", words.text("Example audiences.csv")),
        ):
            st.download_button(
                label,
                TEMPLATES[kind].csv.encode("utf-8-sig"),
                file_name=f"{kind}.csv",
                mime="text/csv",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
                key=f"template_{kind}",
            )


def _sample_brief(words: Words, sample: str) -> None:
    briefs = sample_briefs(sample)
    if len(briefs) > 1:
        st.selectbox(
            words.text("Brief to start from"),
            options=list(briefs),
            format_func=lambda name: briefs[name].name,
            **bound("sample_brief", st.session_state["sample_brief"], lambda name: _start_from(sample, name)),
        )


def _uploads_beside(words: Words) -> None:
    """The tables that may stand beside a history, one of each."""
    stated = words.text("What lines cost and bring as a seller states it, beside what your history tells.")
    tables = (
        ("posts", words.text("Posts (optional)"), None),
        ("audiences", words.text("Audiences (optional)"), None),
        ("rates", words.text("Rate card (optional)"), stated),
    )
    for place, (kind, label, said) in zip(st.columns(3), tables, strict=True):
        place.file_uploader(
            label, type=TABLES, key=f"upload_{kind}", on_change=_take_one, args=(kind,), help=said
        )


def _uploads(words: Words) -> None:
    with st.container(border=True):
        st.file_uploader(
            words.text("History: what was spent and what came of it"),
            type=TABLES,
            accept_multiple_files=True,
            key="upload_history",
            on_change=_take_history,
            help=words.text("CSV, TSV, Excel or Parquet; several files if your platforms export one each."),
        )
        _uploads_beside(words)
        _in_hand(words)
        left, right = st.columns(2)
        left.selectbox(
            words.text("Currency of the amounts"),
            options=offered(draft().currency),
            format_func=lambda code: currency_name(code, words),
            **bound("currency", draft().currency),
        )
        right.file_uploader(
            words.text("A brief you already have (optional)"),
            type=["toml", "json"],
            key="upload_brief",
            on_change=_take_brief,
        )
        if fault := st.session_state.get("brief_fault"):
            show_faults(words, fault, words.text("This brief can't be read as it is."))
    if not files().history:
        st.caption(words.text("No history yet? Start from an example:"))
        _templates(words)


def _in_hand(words: Words) -> None:
    """The files that are held although an uploader, shown anew, looks empty."""
    held = files()
    names = [file.name for file in (*held.history, held.posts, held.audiences, held.rates) if file]
    shown = st.session_state
    if names and not any(shown.get(f"upload_{role}") for role in ("history", "posts", "audiences", "rates")):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(words.text("In use: {names}", names=tuple(names)))
            st.button(
                words.text("Remove"),
                icon=":material/delete:",
                type="tertiary",
                on_click=take_files,
                args=(Files(),),
            )


def _take_history() -> None:
    taken = tuple(uploaded(one) for one in st.session_state["upload_history"])
    take_files(replace(_loose(), history=taken))
    if currency := stated_currency(files()):
        change(currency=currency)


def _take_one(role: str) -> None:
    held = st.session_state[f"upload_{role}"]
    taken = uploaded(held) if held else None
    match role:
        case "posts":
            take_files(replace(_loose(), posts=taken))
        case "audiences":
            take_files(replace(_loose(), audiences=taken))
        case _:
            take_files(replace(_loose(), rates=taken))


def _loose() -> Files:
    """The files in hand; none where the data in hand are a workspace's, which don't mix with files."""
    return Files() if files().kept else files()


def _take_brief() -> None:
    held = st.session_state["upload_brief"]
    st.session_state["brief_fault"] = None
    if held is None:
        return
    try:
        brief = parse_brief(held.getvalue(), file=held.name)
    except InputError as error:
        st.session_state["brief_fault"] = error
        return
    # The brief's own file names are left aside: the browser's files count, never files of this machine.
    take_draft(Draft.of(brief).but(data=files().data))


def _what_was_read(words: Words) -> None:
    with st.spinner(words.text("Reading…")):
        found = read(draft().for_reading(), files())
    if not isinstance(found, Records):
        show_faults(words, found, words.text("These files can't be used as they are."))
        st.caption(words.text("Put them right in your file and upload it again: nothing was changed."))
        show_warnings(words, found.warnings)
        return
    if files().history:
        show_overview(words, found)
        if not files().kept:
            show_names(words, files())
        show_columns(words, draft().for_reading().columns)
        show_warnings(words, found.history.warnings)
    else:
        st.caption(
            words.text("A rate card alone: the plan takes what it states, and learns nothing from the past.")
        )
    if st.button(
        words.text("Next: the brief"),
        type="primary",
        icon=":material/arrow_forward:",
        icon_position="right",
        key="next",
    ):
        st.switch_page(BRIEF)


if __name__ == "__main__":
    show()
