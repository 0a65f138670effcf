"""Which of the contract's own tables one is, by its headers: one that is given in place of another is refused by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mediaplan.errors import Problem
from mediaplan.history.columns.foreign import meant
from mediaplan.history.columns.picking import Picks, alike_header
from mediaplan.history.records.records import RESULT_PREFIX
from mediaplan.history.tables.tables import Table, folded
from mediaplan.words import Sentence

_MONEY = {"date", "spend", "clicks", "results", "impressions"}
_HAPPENED = {"date", "days", "hour", "spend", "impressions", "reach", "clicks"}


@dataclass(frozen=True)
class OwnTable:
    """One kind of table.

    Attributes:
        said: As faults call it.
        option: Of the command line, by which it is given.
        like: Whether headers, folded, are those of such a table and of no other.
    """

    said: Sentence
    option: str
    like: Callable[[set[str]], bool]


def _brings(own: set[str]) -> bool:
    return any(name == "results" or name.startswith(RESULT_PREFIX) for name in own)


def _tells_of_the_past(own: set[str]) -> bool:
    """Whether a column is a history's, under its own name or as people call it in their languages; a cost may be either."""
    return bool(own & _HAPPENED) or any(meant(name) in _HAPPENED for name in own - {"cost"})


OWN_TABLES: Mapping[str, OwnTable] = {
    "history": OwnTable(Sentence("a history"), "--history", lambda own: {"date", "spend"} <= own),
    "posts": OwnTable(
        Sentence("a table of posts"),
        "--posts",
        lambda own: (
            "post" in own
            and bool(own & {"title", "status", "published", "platform_id", "reason"})
            and not own & _MONEY
        ),
    ),
    "audiences": OwnTable(
        Sentence("a table of audiences"),
        "--audiences",
        lambda own: "audience" in own and bool(own & {"size", "value"}) and not own & _MONEY,
    ),
    "rates": OwnTable(
        Sentence("a rate card"),
        "--rates",
        lambda own: "cost" in own and _brings(own) and not _tells_of_the_past(own),
    ),
    "ledger": OwnTable(
        Sentence("a ledger of past plans"), "--ledger", lambda own: {"promised", "delivered"} <= own
    ),
}
"""By the word of `mediaplan template`."""


def instead(found: OwnTable, wanted: OwnTable) -> Sentence:
    """What to do with a table that was given in place of another."""
    return Sentence(
        "Give it as {found} ({option}), and {wanted} here.",
        found=found.said,
        option=found.option,
        wanted=wanted.said,
    )


def misgiven(table: Table, wanted: str) -> Problem | None:
    """The fault of a table that is another one than is wanted; `None` where it may be the wanted one.

    A history is left to whoever reads the wanted one: lists of posts or audiences may tell what each has cost so far.

    Args:
        table: As decoded.
        wanted: Key of `OWN_TABLES`.
    """
    own = {folded(name) for name in table.header}
    alike = [kind for kind, other in OWN_TABLES.items() if other.like(own)]
    if not alike or wanted in alike or "history" in alike:
        return None
    found, asked = OWN_TABLES[alike[0]], OWN_TABLES[wanted]
    return table.problem(
        Sentence("this is {found}, and {wanted} is asked for.", found=found.said, wanted=asked.said),
        instead(found, asked),
    )


def lacking(picks: Picks, column: str, wanted: str) -> Problem:
    """The fault of a required column that a table lacks which no mapping is about.

    Args:
        picks: The columns that it has.
        column: That it lacks.
        wanted: Key of `OWN_TABLES`.
    """
    headers = [header for header in picks.table.header if header]
    template = f"mediaplan template {wanted}"
    header = alike_header(column, headers)
    if header is not None:
        remedy = Sentence(
            "Is it “{header}”? Rename it to “{column}”. “{template}” shows what is asked for.",
            header=header,
            column=column,
            template=template,
        )
    else:
        remedy = Sentence(
            "Rename the column that holds it (found here: {headers}), or add it. “{template}” shows what is asked for.",
            headers=(*headers[:12], *(("…",) if len(headers) > 12 else ())),
            template=template,
        )
    message = Sentence("there is no column “{column}”.", column=column)
    return picks.table.problem(message, remedy, column=column)
