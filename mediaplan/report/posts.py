"""What a posts table says of each post to people: its title, its link, the platform's own number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mediaplan.history.records.records import Posts


@dataclass(frozen=True)
class Identity:
    """By what a person knows a post.

    Attributes:
        title: Its title, or empty.
        link: Its address on the web, or empty; only `http` and `https`.
        platform_id: The platform's own number, or empty.
    """

    title: str = ""
    link: str = ""
    platform_id: str = ""


def identities(posts: Posts | None) -> Mapping[str, Identity]:
    """Each post's identity by its name; empty without a table."""
    if posts is None:
        return {}
    rows = posts.rows.to_dict(orient="records")
    return {
        str(row["post"]): Identity(
            _text(row.get("title")), _link(row.get("url")), _text(row.get("platform_id"))
        )
        for row in rows
    }


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _link(value: Any) -> str:
    # A table from elsewhere may hold any text here: a link that runs code must never become one.
    address = _text(value)
    return address if address.casefold().startswith(("https://", "http://")) else ""
