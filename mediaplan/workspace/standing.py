"""What counts now: the standing imports of a client as the records that a brief is answered from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from mediaplan.answering import Records
from mediaplan.errors import InputError, Problem
from mediaplan.history.naming.describing import described
from mediaplan.history.naming.joining import joined as with_posts
from mediaplan.history.overlaps.renewing import refreshed
from mediaplan.history.reading.reading import history_of as joined
from mediaplan.history.records.records import Audiences, History, Origin, Posts
from mediaplan.history.records.views import View
from mediaplan.history.rows.rows import Part
from mediaplan.history.tables.tables import Table
from mediaplan.words import Sentence
from mediaplan.workspace.imports import Import, imports_of
from mediaplan.workspace.rows import audiences_of, history_of, posts_of


def standing(connection: Connection, client: int, role: str, plan: int | None = None) -> list[Import]:
    """The imports of a role that were not taken back, in order."""
    return [
        each
        for each in imports_of(connection, client)
        if each.undone_at is None and each.role == role and each.plan == plan
    ]


def records(
    connection: Connection,
    client: int,
    currency: str | None = None,
    exchange: Mapping[str, Any] | None = None,
) -> Records:
    """The records of a client, by the rules that hold for loose files.

    Args:
        connection: Any.
        client: The client's key.
        currency: The brief's; default: the only one that the tables state.
        exchange: Rates as in a brief.

    Raises:
        InputError: No history was imported, or what was can't be put together (see `read_history`).
    """
    found = standing(connection, client, "history")
    if not found:
        raise InputError(
            Problem(
                Sentence("no history was imported for this client yet."),
                Sentence("Import one: mediaplan import FILE --client …"),
            )
        )
    history, posts = _history(connection, found, currency, exchange), _posts(connection, client)
    told = history if posts is None else with_posts(history, posts)
    return Records(told, described(posts, told), _audiences(connection, client))


def actuals(
    connection: Connection,
    client: int,
    plan: int,
    currency: str | None = None,
    exchange: Mapping[str, Any] | None = None,
) -> History:
    """What a kept plan really spent and got.

    Raises:
        InputError: No actuals were imported for that plan, or they can't be put together.
    """
    found = standing(connection, client, "actuals", plan)
    if not found:
        message = Sentence("no actuals were imported for plan {number} yet.", number=str(plan))
        remedy = Sentence(
            "Import them: mediaplan import --actuals FILE --plan {number} --client …", number=str(plan)
        )
        raise InputError(Problem(message, remedy))
    return _history(connection, found, currency, exchange)


def _history(
    connection: Connection, found: Sequence[Import], currency: str | None, exchange: Mapping[str, Any] | None
) -> History:
    parts = [part(connection, each) for each in found]
    return joined(parts, [b""] * len(parts), currency=currency, exchange=exchange)


def part(connection: Connection, each: Import) -> Part:
    """What one import says by itself, as if its file had just been read."""
    rows = history_of(connection, each.key, each.content["columns"])
    return Part(
        Table(each.file, (), (), np.empty(0, dtype=np.int64)),
        rows,
        (),
        each.warnings,
        about=each.content.get("about", {}),
    )


def _posts(connection: Connection, client: int) -> Posts | None:
    found = standing(connection, client, "posts")
    read = [posts_of(connection, each.key, each.content["columns"]) for each in found]
    if not read:
        return None
    rows = _newest([rows for rows, _ in read], ["post"])
    return Posts(rows, _origin(found, [lines for _, lines in read]))


def _audiences(connection: Connection, client: int) -> Audiences | None:
    found = standing(connection, client, "audiences")
    read = [audiences_of(connection, each.key, each.content["columns"]) for each in found]
    if not read:
        return None
    rows = _newest([rows for rows, _ in read], ["audience", "channel"])
    return Audiences(rows, _origin(found, [lines for _, lines in read]))


def _newest(tables: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """The rows of all tables; of those about the same thing the last."""
    rows = tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
    return rows.drop_duplicates(keys, keep="last", ignore_index=True)


def _origin(found: Sequence[Import], lines: Sequence[tuple[int, ...]]) -> Origin:
    """Where the rows stand: only of one table can it be said."""
    warnings = tuple(warning for each in found for warning in each.warnings)
    return Origin(found[0].file, lines[0], warnings) if len(found) == 1 else Origin(warnings=warnings)


@dataclass(frozen=True)
class Counting:
    """How much of an import counts.

    Attributes:
        number: The import's.
        rows: How many it brought.
        counting: How many of them no newer import tells again.
    """

    number: int
    rows: int
    counting: int


def counting(connection: Connection, found: Sequence[Import]) -> tuple[list[Counting], tuple[Sentence, ...]]:
    """Which rows of which import count beside the newer ones, and what is said of those that don't.

    Imports are compared where their money is in the same currency: their own figures say whether they are the same.
    """
    counts = {each.number: 0 for each in found}
    said: list[Sentence] = []
    for currency, together in _by_currency(found).items():
        views = [
            View(each.file, part(connection, each).rows.assign(number=each.number), b"") for each in together
        ]
        renewed = refreshed(views, currency)
        said += renewed.warnings
        for view in renewed.views:
            counts[int(view.rows["number"].iloc[0])] = len(view.rows)
    return [Counting(each.number, each.content["rows"], counts[each.number]) for each in found], tuple(said)


def _by_currency(found: Sequence[Import]) -> dict[str, list[Import]]:
    """The imports by their money's currency; what states none or several goes under the first known."""
    groups: dict[str, list[Import]] = {}
    for each in found:
        codes = [total["currency"] for total in each.content["spend"]]
        groups.setdefault(next((code for code in codes if code), "XXX"), []).append(each)
    return groups
