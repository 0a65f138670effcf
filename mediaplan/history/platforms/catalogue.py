"""The platforms that are known: their columns' names per language and their rules, read from the tables in names/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from mediaplan.history.platforms.headers import compared, mended, without_currency
from mediaplan.history.tables.dates import Order
from mediaplan.history.tables.figures import Mark

ORDER = (
    "meta", "google", "linkedin", "tiktok", "snapchat", "pinterest", "x",
    "facebook_posts", "instagram_posts", "youtube_posts",
)  # fmt: skip
"""The tables, in the order that decides between equals."""

OTHER = "other"
"""The word of columns that are known and not needed."""

API = "api"
"""The "language" of tables with the names of a platform's programming interface."""


@dataclass(frozen=True)
class Platform:
    """One kind of export of one platform.

    Attributes:
        name: As documents say it: `meta`, `google`.
        title: As people say it.
        kind: `history` (money) or `posts` (without money).
        channel: The channel of all rows that say none; "" where the export does not tell.
        needs: Sets of own words, of which one must be there as a whole.
        never: Compared headers that its tables never have (those of its charts do).
        totals: How sums are told from other rows: `blank` (no dimension says anything) or `label` ("Total").
        titles: How the lines above its tables begin, as headers are compared.
        period: Where the period stands if no column tells: `preamble`, or "".
        decimal: The decimal mark that its own files use, where nothing in a column tells; `none` if it varies.
        decimals: The same by language, where languages differ.
        orders: Order of day and month by language, where its files write numbers with slashes or hyphens.
        names: By language and compared header, the own word.
    """

    name: str
    title: str
    kind: str
    channel: str
    needs: tuple[frozenset[str], ...]
    never: frozenset[str]
    totals: str
    titles: tuple[str, ...]
    period: str
    decimal: Mark
    decimals: Mapping[str, Mark]
    orders: Mapping[str, Order]
    names: Mapping[str, Mapping[str, str]]

    def knows(self, header: Sequence[str]) -> int:
        """How many of a line's cells are names of its columns, in the language in which most are."""
        keys = [{compared(mended(name)), compared(without_currency(mended(name))[0])} for name in header]
        return max(sum(not key.isdisjoint(names) for key in keys) for names in self.names.values())


@cache
def platforms() -> tuple[Platform, ...]:
    """All of them, in the order that decides between equals."""
    return tuple(_platform(stem) for stem in ORDER)


@cache
def known_headers() -> frozenset[str]:
    """The compared headers of all platforms in all languages."""
    return frozenset(header for one in platforms() for names in one.names.values() for header in names)


@cache
def telling(name: str) -> frozenset[str]:
    """The compared headers that only exports of money of that platform have."""
    mine: set[str] = set()
    others: set[str] = set()
    for platform in platforms():
        if platform.kind == "history":
            for names in platform.names.values():
                told = {header for header, word in names.items() if word != OTHER or platform.name != name}
                (mine if platform.name == name else others).update(told)
    return frozenset(mine - others)


def _platform(stem: str) -> Platform:
    content = (files(__package__) / "names" / f"{stem}.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(content)
    languages = {
        language: {compared(header): word for word, headers in words.items() for header in headers}
        for language, words in table.items()
        if isinstance(words, dict) and language not in ("orders", "decimals")
    }
    return Platform(
        name=table.get("platform", stem),
        title=table["title"],
        kind=table.get("kind", "history"),
        channel=table.get("channel", ""),
        needs=tuple(frozenset(words) for words in table["needs"]),
        never=frozenset(table.get("never", ())),
        totals=table.get("totals", "label"),
        titles=tuple(table.get("titles", ())),
        period=table.get("period", ""),
        decimal=table.get("decimal", "none"),
        decimals=table.get("decimals", {}),
        orders=table.get("orders", {}),
        names=languages,
    )
