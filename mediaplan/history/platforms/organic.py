"""Posts as a platform counts them without money become the contract's columns of a posts table."""

from __future__ import annotations

import numpy as np

from mediaplan.errors import Problem
from mediaplan.history.columns.picking import Picked, Picks
from mediaplan.history.platforms.recognising import Recognised
from mediaplan.history.platforms.reports import without_sums
from mediaplan.history.tables.cells import each, is_nothing, text_of
from mediaplan.history.tables.dates import date_of, proven_order
from mediaplan.history.tables.tables import Cells, Table
from mediaplan.words import Sentence

LONGEST_TITLE = 120
"""Characters of a caption that serve as a title."""


def posts_of(found: Recognised, table: Table) -> Picks:
    """The posts of a page, an account or a channel.

    The platform's number of a post is its name, its title the longer one of title and caption.

    Args:
        found: What the table was recognised as.
        table: As decoded.
    """
    kept = without_sums(found, table)
    columns = {
        word: Picked(kept.header[place], kept.cells[place])
        for word in ("post", "url", "format", *_organic(found))
        if (place := found.first(word)) is not None
    }
    columns["platform_id"] = columns["post"]
    columns["channels"] = Picked(
        "channels", np.full(len(kept.rows), found.platform.channel, dtype=object), constant=True
    )
    titles = [
        kept.cells[place] for word in ("title", "description") if (place := found.first(word)) is not None
    ]
    if titles:
        columns["title"] = Picked("title", _longest(titles))
    if (place := found.first("published")) is not None:
        columns["published"] = Picked(kept.header[place], _days(found, kept.cells[place]))
    return Picks(kept, columns)


def _organic(found: Recognised) -> list[str]:
    return [word for word in found.columns if word.startswith("organic_")]


def _longest(columns: list[Cells]) -> Cells:
    """Of each row the longest text, its first line."""
    texts = [max((text_of(cell) for cell in row), key=len) for row in zip(*columns, strict=True)]
    titles = np.empty(len(texts), dtype=object)
    titles[:] = [next(iter(text.splitlines()), "")[:LONGEST_TITLE].strip() for text in texts]
    return titles


def _days(found: Recognised, cells: Cells) -> Cells:
    """Days as ISO, by the order that the column proves, else by the platform's own; others as they stand."""
    order = proven_order({text for text in each(cells, str) if not is_nothing(text)})
    if order == "unclear":
        order = found.platform.orders.get(found.language or "", "unclear")

    def iso(text: str) -> str:
        day = date_of(text, order)
        return text if day is None else day.isoformat()

    return each(cells, iso)


def no_posts(found: Recognised, table: Table) -> Problem:
    """The fault of a report of money where posts are asked for."""
    return table.problem(
        Sentence("this is a report of money ({title}), no table of posts.", title=found.platform.title),
        Sentence("Give it as history (--history); posts are a table with a column “post”."),
    )
