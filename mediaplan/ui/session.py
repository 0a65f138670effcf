"""What one person has in hand in one browser tab: her language, her files, her draft of a brief."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, cast

import streamlit as st

from mediaplan.ui.drafts import Draft
from mediaplan.ui.loading import Files
from mediaplan.words import LANGUAGES, Words

OWN = "own"
"""The choice of files that are neither sample."""


def begin() -> None:
    """Give everything that the pages rely on a first value."""
    state = st.session_state
    for act, args in state.pop("later", ()):
        act(*args)
    state.setdefault("files", Files())
    state.setdefault("chosen", "")
    state.setdefault("draft", blank_draft())
    state.setdefault("version", 0)
    if state.get("language") not in LANGUAGES:
        state["language"] = browser_language()


def later(act: Callable[..., None], *args: Any) -> None:
    """Do something once all that was entered in the same go is held: what is removed would move its neighbours."""
    st.session_state["later"] = (*st.session_state.get("later", ()), (act, args))


def browser_language() -> str:
    """The first language of the browser that the pages speak, else English."""
    wanted = (st.context.locale or "en")[:2].lower()
    return wanted if wanted in LANGUAGES else "en"


def words() -> Words:
    """The language that was chosen."""
    return Words(st.session_state["language"])


def blank_draft() -> Draft:
    """A brief that nobody has written yet; it starts tomorrow."""
    return Draft(start=date.today() + timedelta(days=1))  # noqa: DTZ011 - the person's own calendar day


def draft() -> Draft:
    """The brief as it stands in the form."""
    return cast("Draft", st.session_state["draft"])


def files() -> Files:
    """The files in hand; no history = none yet."""
    return cast("Files", st.session_state["files"])


def take_files(taken: Files) -> None:
    """Work with these files from now on."""
    st.session_state["files"] = taken
    take_draft(draft().but(data=taken.data), anew=False)


def take_draft(taken: Draft, *, anew: bool = True) -> None:
    """Work with this draft from now on; `anew` where it did not come from the form itself."""
    st.session_state["draft"] = taken
    if anew:
        refill()
        st.session_state.pop("asked", None)


def change(**changes: Any) -> None:
    """Change the draft in some of its fields."""
    take_draft(draft().but(**changes), anew=False)


def refill() -> None:
    """Show the tables of the form again from the draft, forgetting how they were edited."""
    st.session_state["version"] += 1


def bound(name: str, shown: Any, keep: Any = None) -> Mapping[str, Any]:
    """Arguments of a widget that shows `shown` and hands what a person enters to `keep` (or to the draft's field).

    The draft is the truth: a widget's own state is dropped when another page is shown, and a click on another page
    may interrupt the run that would have read it.
    """
    key = f"field_{name}"
    st.session_state[key] = shown
    return {"key": key, "on_change": _kept, "args": (key, name, keep)}


def _kept(key: str, name: str, keep: Any) -> None:
    value = st.session_state[key]
    if keep is None:
        change(**{name: value})
    else:
        keep(value)
