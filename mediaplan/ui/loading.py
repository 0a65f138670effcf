"""The river, kept: what was read, fitted and planned once is not done again while its input stays the same.

A fault is a value here (an error in place of a result): pages show either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from mediaplan.answering import Records, Sources, learn, noticed, read_sources, respond
from mediaplan.answering.settling import Earlier, settled
from mediaplan.brief.briefs import Brief, Data
from mediaplan.brief.writing import brief_toml
from mediaplan.errors import MediaplanError
from mediaplan.history.files.sources import File
from mediaplan.history.reading.reading import read_history
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import plan
from mediaplan.planning.patience import Patience
from mediaplan.planning.replanning.explaining import explain
from mediaplan.planning.replanning.explanations import Explanation
from mediaplan.planning.replanning.frontier import Frontier, budgets_around, frontier
from mediaplan.planning.replanning.near_ties import NearTies, near_ties
from mediaplan.planning.replanning.simplifying import Simplified, fewest_lines
from mediaplan.response.diagnosis.diagnoses import Diagnosis
from mediaplan.response.diagnosis.diagnosing import diagnose
from mediaplan.response.responses import Response
from mediaplan.ui.keeping import plan_kept, records_kept
from mediaplan.ui.searching import searched
from mediaplan.words import Sentence, Words

Made = TypeVar("Made")

MOST_PLANS, MOST_ANSWERS = 64, 24
"""Plans, and answers made of many, that are kept for all sessions."""


@dataclass(frozen=True)
class Kept:
    """A client's data in a workspace, as they stood when they were chosen.

    Attributes:
        address: Where the workspace is.
        client: Whose.
        digest: SHA-256 of what stood.
    """

    address: str
    client: str
    digest: str


@dataclass(frozen=True)
class Files:
    """The tables of one client, each with its content.

    Attributes:
        history: Any number.
        posts, audiences: One each, or `None`.
        rates: A rate card, or `None`.
        kept: Where the data are instead, if they are a workspace's; the files have names only then.
    """

    history: tuple[File, ...] = ()
    posts: File | None = None
    audiences: File | None = None
    kept: Kept | None = None
    rates: File | None = None

    @classmethod
    def at(cls, folder: Path) -> Files:
        """The tables of a sample's folder."""

        def file(name: str) -> File | None:
            path = folder / name
            return File(name, path.read_bytes()) if path.exists() else None

        history = tuple(File(path.name, path.read_bytes()) for path in sorted(folder.glob("history*.csv")))
        return cls(history, file("posts.csv"), file("audiences.csv"))

    @property
    def data(self) -> Data:
        """Their names, as a brief that lies beside them writes them."""
        return Data(
            tuple(file.name for file in self.history),
            self.posts.name if self.posts else None,
            self.audiences.name if self.audiences else None,
            rates=self.rates.name if self.rates else None,
        )

    @property
    def enough(self) -> bool:
        """Whether a plan can be made from them: a history, or a rate card alone."""
        return bool(self.history) or self.rates is not None

    @property
    def sources(self) -> Sources:
        """Them as the sources of an answer."""
        return Sources(history=self.history, posts=self.posts, audiences=self.audiences, rates=self.rates)

    @property
    def digest(self) -> str:
        """SHA-256 of all names and contents."""
        total = hashlib.sha256(repr(self.kept).encode())
        for role, file in (
            *(("history", file) for file in self.history),
            ("posts", self.posts),
            ("audiences", self.audiences),
            ("rates", self.rates),
        ):
            if file is not None:
                total.update(f"{role}\0{file.name}\0{len(file.content)}\0".encode())
                total.update(file.content)
        return total.hexdigest()


def read(brief: Brief, files: Files) -> Records | MediaplanError:
    """What the files hold, or all their faults."""
    return _read(_reading_key(brief, files), brief, files)


def stated_currency(files: Files) -> str | None:
    """The one currency that the history itself states, if it does."""
    try:
        return read_history(*files.history).currency
    except MediaplanError:
        return None


def response_of(brief: Brief, files: Files) -> Response | MediaplanError:
    """What money buys according to the files, or why that can't be said."""
    records = read(brief, files)
    if isinstance(records, MediaplanError):
        return records
    asked = repr(
        (brief.slots, brief.goal.type, tuple(brief.goal.values), brief.as_of, brief.delay, brief.rates)
    )
    return _respond(_reading_key(brief, files) + asked, brief, records)


def _asked(brief: Brief, files: Files) -> tuple[Brief, Response] | MediaplanError:
    """The brief with the earlier money that its rules compare with, and what money buys; or what is wrong."""
    records, response = read(brief, files), response_of(brief, files)
    if isinstance(records, MediaplanError):
        return records
    if isinstance(response, MediaplanError):
        return response
    kept = files.kept
    numbered = None if kept is None else partial(plan_kept, kept.address, kept.client)
    try:
        with noticed(*response.warnings):
            return settled(brief, records.history, Earlier(numbered=numbered)), response
    except MediaplanError as error:
        return error


def plan_of(brief: Brief, files: Files) -> Plan | MediaplanError:
    """The plan, or why there is none."""
    asked = _asked(brief, files)
    if isinstance(asked, MediaplanError):
        return asked
    return _kept_plan(_key(*asked), lambda: _planned(plan, *asked))


def plan_searched(brief: Brief, files: Files, words: Words) -> Plan | MediaplanError:
    """The same on a page that shows a long search and lets it be stopped; what was stopped is this session's only."""
    asked = _asked(brief, files)
    if isinstance(asked, MediaplanError):
        return asked
    key = _key(*asked)
    if key in _plans():
        return _plans()[key]
    said = Sentence("Working out the plan…")
    search = searched(
        key,
        lambda patience: _or_fault(lambda: _planned(plan, *asked, patience=patience)),
        words,
        "search",
        said,
    )
    answer = search.answer()
    return answer if search.called_off else _kept_plan(key, lambda: answer)


def _planned(make: Callable[..., Made], brief: Brief, response: Response, **wanted: Patience) -> Made:
    """What is made by planning; an error tells what was noticed of the data."""
    with noticed(*response.warnings):
        return make(brief, response, **wanted)


def simplified_of(brief: Brief, files: Files, words: Words) -> Simplified | MediaplanError:
    """The plan with the fewest lines that is practically as good, or why there is none."""
    said = Sentence("Planning with fewer and fewer lines…")
    return _watched("simplified", fewest_lines, said, brief, files, words)


def near_ties_of(brief: Brief, files: Files, words: Words) -> NearTies | MediaplanError:
    """The plans that are practically as good as the best one, or why there are none."""
    said = Sentence("Looking for plans that are as good…")
    return _watched("near_ties", near_ties, said, brief, files, words)


def frontier_of(brief: Brief, files: Files, words: Words) -> Frontier | MediaplanError:
    """The best plans over budgets from a quarter of the brief's to twice as much, or why there are none."""

    def over(asked: Brief, response: Response, *, patience: Patience) -> Frontier:
        return frontier(asked, response, budgets=budgets_around(asked.budget), patience=patience)

    return _watched("frontier", over, Sentence("Working out the plan…"), brief, files, words)


def explanation_of(brief: Brief, files: Files, words: Words) -> Explanation | MediaplanError:
    """Why the plan is as it is, or why there is none."""
    said = Sentence("Planning again with one thing changed at a time…")
    return _watched("explanation", explain, said, brief, files, words)


def _watched(
    what: str, make: Callable[..., Made], said: Sentence, brief: Brief, files: Files, words: Words
) -> Made | MediaplanError:
    """An answer made of many plans, on a page that shows how long it takes and lets it be stopped.

    What was stopped is this session's only; the rest is kept for all.
    """
    asked = _asked(brief, files)
    if isinstance(asked, MediaplanError):
        return asked
    known = _answers()
    key = what + _key(*asked)
    if key in known:
        found: Made | MediaplanError = known[key]
        return found
    search = searched(
        key, lambda patience: _or_fault(lambda: _planned(make, *asked, patience=patience)), words, what, said
    )
    answer = search.answer()
    if not search.called_off:
        known[key] = answer
        for oldest in list(known)[:-MOST_ANSWERS]:
            known.pop(oldest, None)
    return answer


def _key(brief: Brief, response: Response) -> str:
    return response.digest + brief_toml(brief)


def learnt_of(brief: Brief, files: Files) -> Response | MediaplanError:
    """What the files tell by themselves, whether or not the brief chooses between kinds of result."""
    records = read(brief, files)
    if isinstance(records, MediaplanError):
        return records
    asked = repr((brief.slots, brief.goal.type, tuple(brief.goal.values), brief.as_of))
    return _learn(_reading_key(brief, files) + asked, brief, records)


def diagnosis_of(response: Response) -> Diagnosis:
    """What that response tells."""
    return _diagnose(response.digest + repr(response.names), response)


def _reading_key(brief: Brief, files: Files) -> str:
    return repr((files.digest, brief.currency, sorted(brief.exchange.items(), key=str), brief.columns))


@st.cache_resource(max_entries=8, show_spinner=False)
def _read(key: str, _brief: Brief, _files: Files) -> Records | MediaplanError:  # noqa: ARG001 - the cache's key
    kept = _files.kept
    if kept is None:
        return _or_fault(lambda: read_sources(_brief, _files.sources))
    return _or_fault(lambda: records_kept(kept.address, kept.client, _brief))


@st.cache_resource(max_entries=8, show_spinner=False)
def _respond(key: str, _brief: Brief, _records: Records) -> Response | MediaplanError:  # noqa: ARG001 - the cache's key
    return _or_fault(lambda: respond(_brief, _records))


@st.cache_resource(max_entries=8, show_spinner=False)
def _learn(key: str, _brief: Brief, _records: Records) -> Response | MediaplanError:  # noqa: ARG001 - the cache's key
    return _or_fault(lambda: learn(_brief, _records))


@st.cache_resource(max_entries=8, show_spinner=False)
def _diagnose(key: str, _response: Response) -> Diagnosis:  # noqa: ARG001 - the cache's key
    return diagnose(_response)


@st.cache_resource(show_spinner=False)
def _plans() -> dict[str, Plan | MediaplanError]:
    """Plans by what was asked, of all sessions, the oldest first."""
    return {}


def _kept_plan(key: str, make: Callable[[], Plan | MediaplanError]) -> Plan | MediaplanError:
    """The plan of that key, made where it is not kept yet."""
    known = _plans()
    if key not in known:
        known[key] = _or_fault(make)
        for oldest in list(known)[:-MOST_PLANS]:
            known.pop(oldest, None)
    return known[key]


@st.cache_resource(show_spinner=False)
def _answers() -> dict[str, Any]:
    """Answers made of many plans by what was asked, of all sessions, the oldest first."""
    return {}


def _or_fault(make: Callable[[], Made]) -> Made | MediaplanError:
    try:
        return make()
    except MediaplanError as error:
        return error
