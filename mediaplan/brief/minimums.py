"""What platforms accept at the least for one line and day: a dated table of facts, or the brief's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from mediaplan.errors import InputError, Problem
from mediaplan.history.columns.currencies import PEGGED
from mediaplan.money import Money, decimals
from mediaplan.words import Sentence

CHEAPEST_DOLLAR = 0.62
"""Euros."""


@dataclass(frozen=True)
class Minimum:
    """One fact about one platform.

    Attributes:
        platforms: Channels that it holds for, placements included.
        per_day: US dollars for one line and calendar day.
        source: Where it was read.
        results, currencies: For which it holds; empty = all that no other row of the platform names.
    """

    platforms: tuple[str, ...]
    per_day: float
    source: str
    results: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()

    def holds(self, channel: str, kind: str, currency: str) -> bool:
        """Whether it is about that channel, however its letters are written, kind of result and currency."""
        return (
            channel.split("/", maxsplit=1)[0].strip().casefold() in self.platforms
            and (not self.results or kind in self.results)
            and (not self.currencies or currency in self.currencies)
        )


@dataclass(frozen=True)
class Minimums:
    """The minimums that a brief asks for.

    Attributes:
        platform: Whether the dated table of platforms counts.
        own: Channel -> money per line and calendar day, from the brief; goes before the table.
    """

    platform: bool = False
    own: Mapping[str, Money] = field(default_factory=dict)

    def per_day(self, channel: str, kind: str, currency: str, dollar: float | None) -> float:
        """Least money for one line and day, minor units of `currency`; 0 where nothing is known.

        Args:
            channel: The line's channel.
            kind: Kind of result that the plan is after.
            currency: The brief's.
            dollar: Units of `currency` for one US dollar; needed where the table counts.

        Raises:
            InputError: The table counts and `dollar` is not given.
        """
        own = next(
            (self.own[name] for name in (channel, channel.split("/", maxsplit=1)[0]) if name in self.own),
            None,
        )
        if own is not None:
            return float(own.minor)
        if not self.platform:
            return 0.0
        return known_minimum(channel, kind, currency, dollar)

    def to_value(self) -> object:
        """As a brief writes it; `None` where nothing is asked."""
        if self.own:
            return {channel: money.text for channel, money in self.own.items()}
        return "platform" if self.platform else None


def unknown_to_table(channel: str) -> bool:
    """Whether the dated table says nothing of that channel's platform."""
    platform = channel.split("/", maxsplit=1)[0].strip().casefold()
    return not any(platform in row.platforms for row in table())


def least_dollar(currency: str) -> float | None:
    """Units of a currency that a US dollar costs at the very least; `None` where that can't be said.

    The dollar was never cheaper than 0.62 EUR (2008-07-15, 1 EUR = 1.599 USD, European Central Bank).
    """
    return CHEAPEST_DOLLAR * PEGGED[currency] if currency in PEGGED else None


def known_minimum(channel: str, kind: str, currency: str, dollar: float | None) -> float:
    """The platforms' own minimum from the dated table, minor units for one line and day; see `Minimums.per_day`."""
    fact = next((row for row in table() if row.holds(channel, kind, currency)), None)
    if fact is None:
        return 0.0
    if currency == "USD":
        dollar = 1.0
    if dollar is None:
        raise InputError(
            Problem(
                Sentence(
                    "the platforms' minimums are stated in US dollars, and the brief does not say what a dollar costs."
                ),
                Sentence(
                    "Add [exchange] USD = (units of {currency} for one dollar), or give your own [minimums].",
                    currency=currency,
                ),
                column="minimums",
                value="platform",
            )
        )
    return float(fact.per_day * dollar * 10 ** decimals(currency))


@lru_cache
def table() -> tuple[Minimum, ...]:
    """The dated table, its more particular rows first as in the file."""
    return tuple(
        Minimum(
            platforms=tuple(row["platforms"]),
            per_day=float(row["per_day"]),
            source=str(row["source"]),
            results=tuple(row.get("results", ())),
            currencies=tuple(row.get("currencies", ())),
        )
        for row in _file()["minimum"]
    )


def checked() -> date:
    """The day on which the table was last compared with its sources."""
    day = _file()["checked"]
    assert isinstance(day, date)
    return day


@lru_cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(
        resources.files("mediaplan.brief").joinpath("minimums.toml").read_text(encoding="utf-8")
    )
