"""A search for a plan that a page need not wait for: it runs beside the page, says how far it is, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

import streamlit as st

from mediaplan.answering.waiting import patience
from mediaplan.errors import MediaplanError
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.patience import Patience, Progress
from mediaplan.ui.markup import escaped
from mediaplan.words import Percent, Sentence, Words

Answer = Plan | MediaplanError
Make = Callable[[Patience], Answer]

SILENT = 2.0
"""Seconds before a search is said to be long."""
OFTEN = 0.3
"""Seconds between two looks at how far it is."""


class Search:
    """A search under way, or ended.

    Attributes:
        progress: How far it is; `None` before anything is known.
        called_off: Whether somebody stopped it.
    """

    def __init__(self, make: Make) -> None:
        self.progress: Progress | None = None
        self._answer: Answer | None = None
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

    def answer(self) -> Answer:
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


def searched(key: str, make: Make, words: Words) -> Search:
    """The search of that key in this session, ended; while it is long the page shows how far it is, and a button to stop.

    Args:
        key: What is asked: another one stops the search under way.
        make: The plan with that patience.
        words: In which language.
    """
    state = st.session_state
    under_way: tuple[str, Search] | None = state.get("search")
    if under_way is None or under_way[0] != key:
        if under_way is not None:
            under_way[1].call_off()
        state["search"] = (key, Search(make))
    search: Search = state["search"][1]
    with st.spinner(words.text("Working out the plan…")):
        if not search.ended(SILENT):
            _watched(search, words)
    return search


def was_stopped() -> bool:
    """Whether somebody stopped this session's last search."""
    held: tuple[str, Search] | None = st.session_state.get("search")
    return held is not None and held[1].called_off


def forget_search() -> None:
    """Search anew the next time."""
    st.session_state.pop("search", None)


def _watched(search: Search, words: Words) -> None:
    place = st.empty()
    with place.container(border=True):
        said = st.empty()
        st.button(
            words.text("Stop with the best plan so far"),
            icon=":material/stop_circle:",
            on_click=search.call_off,
            key="stop_search",
        )
    since = monotonic()
    while not search.ended(OFTEN):
        said.markdown(escaped(words.say(_how_far(search, monotonic() - since + SILENT))))
    place.empty()


def _how_far(search: Search, seconds: float) -> Sentence:
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
