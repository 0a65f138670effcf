"""The form that takes files into a client's workspace, and what came of it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mediaplan.answering import columns_in
from mediaplan.errors import MediaplanError
from mediaplan.history.files.large import Progress
from mediaplan.history.files.sources import File
from mediaplan.ui.currencies import OFFERED, currency_name
from mediaplan.ui.faults import show_faults, show_warnings
from mediaplan.ui.keeping import import_files, place
from mediaplan.ui.markup import escaped
from mediaplan.ui.uploads import TABLES, uploaded
from mediaplan.words import Sentence, Words
from mediaplan.workspace.clients import taken
from mediaplan.workspace.readings import Given

ROLES = ("history", "posts", "audiences", "columns")
"""What is uploaded; each uploader's key is `import_ROLE_VERSION`, where the version empties them all after an import."""


def show_import_form(words: Words, client: str | None) -> None:
    """The form.

    Args:
        words: The person's language.
        client: Whose files these are; `None` = one that is to be named.
    """
    version = st.session_state.setdefault("imports_done", 0)
    with st.container(border=True):
        st.subheader(words.text("Import files"))
        if client is None:
            st.text_input(words.text("Name of the client"), key="client_name")
        st.file_uploader(
            words.text("History: what was spent and what came of it"),
            type=TABLES,
            accept_multiple_files=True,
            key=f"import_history_{version}",
            help=words.text("CSV, TSV, Excel or Parquet; several files if your platforms export one each."),
        )
        left, right = st.columns(2)
        left.file_uploader(words.text("Posts (optional)"), type=TABLES, key=f"import_posts_{version}")
        right.file_uploader(
            words.text("Audiences (optional)"), type=TABLES, key=f"import_audiences_{version}"
        )
        _show_how_to_read(words, version)
        if st.button(words.text("Import"), type="primary", icon=":material/upload:", key="import"):
            bar = st.progress(0.0, text=words.text("Reading…"))
            _import(client, _told(bar, words))
            st.rerun()


def _show_how_to_read(words: Words, version: int) -> None:
    """What files do not say by themselves: their currency, and what foreign columns mean."""
    with st.expander(words.text("Currency and foreign columns (optional)"), icon=":material/swap_horiz:"):
        st.selectbox(
            words.text("Currency where a file does not say"),
            options=OFFERED,
            index=None,
            format_func=lambda code: currency_name(code, words),
            placeholder=words.text("That of each brief"),
            key="import_currency",
        )
        st.file_uploader(
            words.text("What foreign columns mean (TOML)"),
            type=["toml"],
            key=f"import_columns_{version}",
            help=words.text("A file with [[columns]] tables; the client's next imports are read by it too."),
        )


def _told(bar: DeltaGenerator, words: Words) -> Progress:
    """What moves a bar on as files are read."""

    def tell(part: float) -> None:
        bar.progress(min(part, 1.0), text=words.text("Reading…"))

    return tell


def _import(client: str | None, progress: Progress) -> None:
    """Take the uploads in; all of them, or none and every fault."""
    state = st.session_state
    held = {role: state.get(f"import_{role}_{state['imports_done']}") or [] for role in ROLES}
    files: dict[str, tuple[File, ...]] = {
        role: tuple(uploaded(each) for each in (found if isinstance(found, list) else [found]))
        for role, found in held.items()
    }
    if not (files["history"] or files["posts"] or files["audiences"]):
        state["said_of_import"] = Sentence("Choose a file first.")
        return
    name = client or state.get("client_name", "")
    try:
        given = Given(
            history=files["history"],
            posts=files["posts"],
            audiences=files["audiences"],
            columns=columns_in(*files["columns"]),
            currency=state.get("import_currency"),
        )
        imports, said = import_files(place(), name, given, progress)
    except MediaplanError as error:
        state["said_of_import"] = error
        return
    state["client"] = taken(name)
    state["imports_done"] += 1
    state["said_of_import"] = (imports, said)


def show_what_was_said(words: Words) -> None:
    """What came of the last import or undo; said once."""
    match st.session_state.pop("said_of_import", None):
        case MediaplanError() as error:
            show_faults(words, error, words.text("Nothing was changed."))
        case Sentence() as sentence:
            st.info(words.say(sentence), icon=":material/info:")
        case (imports, said):
            for each in imports:
                name = escaped(each.file)
                if each.new:
                    text = words.text(
                        "{file} was imported: {rows} rows.", file=name, rows=each.content["rows"]
                    )
                    st.success(text, icon=":material/check_circle:")
                else:
                    text = words.text("{file} was known already: nothing changed.", file=name)
                    st.info(text, icon=":material/info:")
            show_warnings(words, said)
