"""A search for plans that a page need not wait for: it runs beside the page, says how far it is, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import Generic, TypeVar

import streamlit as st

from mediaplan.answering.waiting import patience
from mediaplan.errors import MediaplanError
from mediaplan.planning.patience import Patience, Progress
from mediaplan.ui.markup import escaped
from mediaplan.words import Percent, Sentence, Words

Made = TypeVar("Made")
Make = Callable[[Patience], Made | MediaplanError]

SILENT = 2.0
"""Seconds before a search is said to be long."""
OFTEN = 0.3
"""Seconds between two looks at how far it is."""


class Search(Generic[Made]):
    """A search under way, or ended.

    Attributes:
        progress: How far it is; `None` before anything is known.
        called_off: Whether somebody stopped it.
    """

    def __init__(self, make: Make[Made]) -> None:
        self.progress: Progress | None = None
        self._answer: Made | MediaplanError | None = None
        self._fault: Exception | None = None
        self._off = Event()
        self._make = make
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def called_off(self) -> bool:
        """Whether somebody stopped it."""
        return self._off.is_set()

    def call_off(self) -> None:
        """Stop with the best plan so far."""
        self._off.set()

    def ended(self, within: float) -> bool:
        """Whether it has ended, after so many seconds at the most."""
        self._thread.join(within)
        return not self._thread.is_alive()

    def answer(self) -> Made | MediaplanError:
        """What came of it, once it has ended.

        Raises:
            Exception: A fault of ours that the search met.
        """
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        assert self._answer is not None
        return self._answer

    def _run(self) -> None:
        try:
            self._answer = self._make(patience(progress=self._told, called_off=self._off.is_set))
        except Exception as fault:  # noqa: BLE001 - raised where the answer is asked for
            self._fault = fault

    def _told(self, progress: Progress) -> None:
        self.progress = progress


def searched(
    key: str,
    make: Make[Made],
    words: Words,
    what: str,
    said: Sentence,
) -> Search[Made]:
    """The search of that key in this session, ended; while it is long the page shows how far it is, and a button to stop.

    Args:
        key: What is asked: another one stops the search under way.
        make: The answer with that patience.
        words: In which language.
        what: Which of the session's searches it is.
        said: What is being done.
    """
    state = st.session_state
    under_way: tuple[str, Search[Made]] | None = state.get(what)
    if under_way is None or under_way[0] != key:
        if under_way is not None:
            under_way[1].call_off()
        state[what] = (key, Search(make))
    search: Search[Made] = state[what][1]
    with st.spinner(words.say(said)):
        if not search.ended(SILENT):
            _watched(search, words, what)
    return search


def was_stopped(what: str = "search") -> bool:
    """Whether somebody stopped this session's last search of that name."""
    held = st.session_state.get(what)
    return held is not None and bool(held[1].called_off)


def forget_search(what: str = "search") -> None:
    """Search anew the next time."""
    st.session_state.pop(what, None)


def search_on(words: Words, what: str = "search") -> None:
    """Where somebody stopped the search: a button that searches again, to the end."""
    if was_stopped(what):
        st.button(
            words.text("Search to the end"),
            icon=":material/search:",
            on_click=forget_search,
            args=(what,),
            key="search_on" if what == "search" else f"{what}_on",
        )


def _watched(search: Search[Made], words: Words, what: str) -> None:
    place = st.empty()
    with place.container(border=True):
        said = st.empty()
        st.button(
            words.text("Stop with the best plan so far") if what == "search" else words.text("Stop here"),
            icon=":material/stop_circle:",
            on_click=search.call_off,
            key=f"stop_{what}",
        )
    since = monotonic()
    while not search.ended(OFTEN):
        said.markdown(escaped(words.say(_how_far(search, monotonic() - since + SILENT))))
    place.empty()


def _how_far(search: Search[Made], seconds: float) -> Sentence:
    if search.called_off:
        return Sentence("Stopping…")
    progress = search.progress
    if progress is None or not progress.gap < float("inf"):
        return Sentence("Searching for {seconds} seconds; no plan yet.", seconds=int(seconds))
    return Sentence(
        "Searching for {seconds} seconds; the plan found so far can be better by {gap} at the most.",
        seconds=int(seconds),
        gap=Percent(progress.gap, 2),
    )
