"""What names of ads say of their posts, format and topic, is put where the table of posts says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from mediaplan.history.naming.rules import OF_POST
from mediaplan.history.records.records import History, Posts

About = Mapping[str, Mapping[str, str]]
"""By fact (`format`, `topic`) and post, what names say of it."""


def about_posts(posts: pd.Series[Any], facts: Mapping[str, pd.Series[Any]]) -> dict[str, dict[str, str]]:
    """What the rows of a table say of their posts; a post of which they say several things is left open.

    Args:
        posts: Shape (rows,), names; NaN where a row names none.
        facts: By fact, shape (rows,), text or NaN.
    """
    found = {}
    for fact, texts in facts.items():
        pairs = pd.DataFrame({"post": posts, "text": texts}).dropna().drop_duplicates()
        once = pairs[~pairs["post"].duplicated(keep=False)]
        found[fact] = dict(zip(once["post"].map(str), once["text"].map(str), strict=True))
    return {fact: told for fact, told in found.items() if told}


def together(several: Iterable[About]) -> dict[str, dict[str, str]]:
    """What several tables say; of one post the last counts, as with newer exports."""
    found: dict[str, dict[str, str]] = {}
    for about in several:
        for fact, told in about.items():
            found.setdefault(fact, {}).update(told)
    return found


def described(posts: Posts | None, history: History) -> Posts | None:
    """The posts, with format and topic as names of ads say them where the table leaves them blank.

    Without a table the posts are those of the history, as they are without any word on them.
    """
    if not any(history.about.values()):
        return posts
    if posts is None:
        tables = (history.rows, *history.others)
        names = sorted({str(name) for rows in tables for name in rows["post"].dropna().unique()})
        posts = Posts(_plain(names))
    rows = posts.rows.copy()
    for fact in OF_POST:
        told = rows["post"].map(history.about.get(fact, {})).astype("str")
        rows[fact] = rows[fact].where(rows[fact].notna(), told)
    return Posts(rows, posts.origin)


def _plain(names: list[str]) -> pd.DataFrame:
    """Rows of posts of which only the name is known."""
    nothing = pd.Series(np.full(len(names), np.nan, dtype=object), dtype="str")
    return pd.DataFrame(
        {
            "post": pd.Series(names, dtype="str"),
            "title": nothing,
            "channels": pd.Series([()] * len(names), dtype=object),
            "format": nothing,
            "topic": nothing,
            "published": np.full(len(names), np.datetime64("NaT", "us")),
            "status": pd.Series(["ready"] * len(names), dtype="str"),
            "reason": nothing,
            "value": np.ones(len(names)),
            "url": nothing,
            "platform_id": nothing,
        }
    )
