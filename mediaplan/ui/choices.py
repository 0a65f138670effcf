"""What a rule of the form can pick lines by: every name that the data and the draft know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from mediaplan.answering import Records
from mediaplan.brief.picking import PICKS, names_of
from mediaplan.slots import dayparts
from mediaplan.ui.drafts import Draft
from mediaplan.words import Sentence, Words


def choices(records: Records | None, draft: Draft) -> list[str]:
    """`dimension=name` for all names, those that the draft already picks included.

    Args:
        records: What was read; `None` while nothing is.
        draft: Its slots go before the history's.
    """
    known = {pick: set[str]() for pick in PICKS}
    if records is not None:
        known |= {pick: set(names) for pick, names in _recorded(records).items()}
    if named := {slot.name.strip() for slot in draft.slots if slot.name.strip()}:
        known["slot"] = named
    for pick, names in _drafted(draft):
        known[pick] |= names
    for group, members in draft.groups:
        for names in known.values():
            if names & set(members):
                names.add(group)
    order = ("channel", "audience", "slot", "format", "topic", "post")
    return [f"{pick}={name}" for pick in order for name in sorted(known[pick], key=str.casefold)]


def _drafted(draft: Draft) -> Iterator[tuple[str, set[str]]]:
    """The names by which the draft's rules and worlds pick lines, wherever they say them."""
    added = [table for scenario in draft.scenarios for table in _tables(scenario.get("add_rule"))]
    for table in (*draft.rules, *added, *(world for _, world in draft.worlds)):
        for said in (table, *(table.get(key) for key in ("needs", "of", "to"))):
            if isinstance(said, Mapping):
                yield from ((pick, set(names_of(said.get(pick)) or ())) for pick in PICKS)


def _tables(given: Any) -> list[Mapping[str, Any]]:
    several = given if isinstance(given, list) else [given]
    return [table for table in several if isinstance(table, Mapping)]


def _recorded(records: Records) -> Mapping[str, Iterable[str]]:
    rows = records.history.rows
    found = {name: _texts(rows[name]) for name in ("post", "channel", "audience", "slot")}
    if not found["slot"] and rows["hour"].notna().any():
        found["slot"] = {slot.name for slot in dayparts()}
    if records.audiences is not None:
        found["audience"] |= set(records.audiences.names)
        found["channel"] |= _texts(records.audiences.rows["channel"])
    if records.posts is not None:
        posts = records.posts.rows
        found["post"] |= set(records.posts.names)
        found["channel"] |= {name for names in posts["channels"] for name in names}
        found |= {name: _texts(posts[name]) for name in ("format", "topic")}
    found["channel"] |= {name.partition("/")[0] for name in found["channel"]}
    return found


def _texts(column: pd.Series) -> set[str]:
    return {str(value) for value in column.dropna().unique()}


def choice_said(choice: str, words: Words) -> str:
    """A choice as people read it: `channel: instagram`."""
    pick, _, name = choice.partition("=")
    said = {
        "post": Sentence("post: {name}", name=name),
        "channel": Sentence("channel: {name}", name=name),
        "audience": Sentence("audience: {name}", name=name),
        "slot": Sentence("slot: {name}", name=name),
        "format": Sentence("format: {name}", name=name),
        "topic": Sentence("topic: {name}", name=name),
    }
    return words.say(said[pick])
