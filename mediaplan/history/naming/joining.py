"""Ads are joined with the posts that they boost: by the post's number, its link or its title in the ad's name.

A platform's table of posts calls them by number; its ads are called as somebody liked, or “Post: …” by the platform.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from mediaplan.history.naming.vocabulary import plain
from mediaplan.history.records.records import History, Posts
from mediaplan.words import Sentence

SHORTEST_NUMBER = 6
"""Characters from which a platform's number in a name is no accident."""

SHORTEST_TITLE = 10
"""Letters and digits from which the beginning of a title is no accident."""

MOST_NAMES = 5
"""Posts that a warning names."""

_BEFORE = re.compile(
    r"^\s*(?:instagram |facebook )?(?:post|publication|publicación|publicação|beitrag|bericht)(?: instagram| facebook)?\s*:\s*",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://(?:www\.)?([^/?#\s]+/[^#\s]*[^/#\s])")
_TOKENS = re.compile(r"[^\W_]+")


def joined(history: History, posts: Posts) -> History:
    """The history with the names of the posts table, where its own names tell which post is meant.

    A name that the table has stays; one that could mean several posts stays too.

    Args:
        history: What was spent and what came of it.
        posts: With numbers, links and titles as far as they are known.
    """
    if not len(history.rows):
        return history
    names = pd.unique(pd.concat([rows["post"] for rows in (history.rows, *history.others)]).dropna())
    known = set(posts.names)
    open_names = [str(name) for name in names if name not in known]
    means = {name: post for name in open_names if (post := _meant(name, posts)) is not None}
    if not means:
        return history
    rows, *others = (
        each.assign(post=each["post"].map(lambda name: means.get(name, name)).astype("str"))
        for each in (history.rows, *history.others)
    )
    about = {
        fact: {means.get(name, name): text for name, text in told.items()}
        for fact, told in history.about.items()
    }
    warnings = (*history.warnings, _said(means))
    return replace(history, rows=rows, others=tuple(others), warnings=warnings, about=about)


def _meant(name: str, posts: Posts) -> str | None:
    """The one post that a name speaks of, by what tells most surely first."""
    rows = posts.rows
    for column, speaks in (("platform_id", _by_number), ("url", _by_link), ("title", _by_title)):
        if column not in rows:
            continue
        told = rows[rows[column].notna()]
        found = [
            post for post, value in zip(told["post"], told[column], strict=True) if speaks(name, str(value))
        ]
        if len(found) == 1:
            return str(found[0])
    return None


def _by_number(name: str, number: str) -> bool:
    return name == number or (len(number) >= SHORTEST_NUMBER and number in _TOKENS.findall(name))


def _by_link(name: str, link: str) -> bool:
    found = _LINK.match(link)
    return found is not None and bool(re.search(re.escape(found[1]) + r"(?![\w-])", name))


def _by_title(name: str, title: str) -> bool:
    """Whether a name is the title, or its beginning where a platform cut it off."""
    said, whole = plain(_BEFORE.sub("", name)), plain(title)
    if not said or not whole:
        return False
    is_cut = bool(_BEFORE.match(name)) or name.rstrip(' "”»').endswith(("…", "..."))
    return said == whole or (is_cut and len(said) >= SHORTEST_TITLE and whole.startswith(said))


def _said(means: dict[str, str]) -> Sentence:
    shown = [Sentence("“{name}” = “{post}”", name=name, post=post) for name, post in means.items()]
    return Sentence(
        "Names of the history that were found in the table of posts by number, link or title: {count} ({names}).",
        count=len(means),
        names=tuple(shown[:MOST_NAMES]) + (("…",) if len(shown) > MOST_NAMES else ()),
    )
