"""One source's rows beside those of others: what they are about, for telling the same money from other money."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX
from mediaplan.money import Money, decimals

_KEY = ["date", "days", *DIMENSIONS, "hour"]


@dataclass(frozen=True, eq=False)
class View:
    """One source's rows, in the brief's currency.

    Attributes:
        name: The file's name, or its place among the sources.
        rows: As `History.rows`.
        content: What tells the file's bytes from others; b"" for a DataFrame.
        platform: Whose export it is; `None` where nothing tells.
        campaigns: Names of its campaigns, on the platform; empty where it does not tell.
    """

    name: str
    rows: pd.DataFrame
    content: bytes
    platform: str | None = None
    campaigns: frozenset[str] = frozenset()

    @cached_property
    def breakdown(self) -> frozenset[str]:
        """What the money is broken down by."""
        return frozenset(d for d in (*DIMENSIONS, "hour") if self.rows[d].notna().any())

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """What stands in each dimension that the money is broken down by; hours are no names."""
        return {d: frozenset(self.rows[d].dropna().unique()) for d in self.breakdown - {"hour"}}

    @cached_property
    def grain(self) -> int:
        """Days that a row covers as a rule."""
        return int(self.rows["days"].median())

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """Shape (rows,), what each row is about: date, days and names."""
        return np.asarray(pd.util.hash_pandas_object(self.rows[_KEY], index=False).to_numpy())

    @cached_property
    def digest(self) -> bytes:
        """What the rows say, in whatever order they and their columns stand."""
        rows = self.rows[sorted(self.rows.columns)]
        hashed = pd.util.hash_pandas_object(rows, index=False).sort_values().to_numpy()
        return hashlib.sha256(hashed.tobytes()).digest()

    @cached_property
    def last(self) -> pd.Timestamp:
        """Last day of any row."""
        ends = self.rows["date"] + pd.to_timedelta(self.rows["days"] - 1, unit="D")
        return pd.Timestamp(ends.max())

    @cached_property
    def total(self) -> float:
        """All money."""
        return float(self.rows["spend"].sum())

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """Kinds of result that it really counts: clicks that stand for results only where nothing else is counted."""
        return tuple(
            sorted(
                str(c) for c in self.rows if str(c).startswith(RESULT_PREFIX) and self.rows[c].notna().any()
            )
        )

    @cached_property
    def rank(self) -> tuple[int, ...]:
        """How much it tells, for comparison with others: results, dimensions, rows, and its content last."""
        beyond_clicks = [column for column in self.counted if column != RESULT_PREFIX + "click"]
        names = sum(int(self.rows[d].nunique()) for d in self.breakdown)
        content = int(np.bitwise_xor.reduce(self.keys)) if len(self.rows) else 0
        return len(beyond_clicks), len(self.breakdown), len(self.rows), names, content

    @cached_property
    def daily(self) -> pd.Series:
        """Money of each day that any row covers, spread evenly over the row's days; indexed as `dates`."""
        days = self.rows["days"].to_numpy()
        first = ((self.rows["date"].dt.normalize() - pd.Timestamp(0)) // pd.Timedelta(days=1)).to_numpy()
        each = np.repeat(first, days) + np.arange(days.sum()) - np.repeat(np.cumsum(days) - days, days)
        spend = np.repeat(self.rows["spend"].to_numpy() / days, days)
        return pd.Series(spend).groupby(each).sum()

    @cached_property
    def starts(self) -> frozenset[int]:
        """First days of its rows, counted from 1970-01-01."""
        first = (self.rows["date"].dt.normalize() - pd.Timestamp(0)) // pd.Timedelta(days=1)
        return frozenset(first.unique().tolist())

    @cached_property
    def dates(self) -> frozenset[int]:
        """Days that any row covers, counted from 1970-01-01."""
        first = ((self.rows["date"].dt.normalize() - pd.Timestamp(0)) // pd.Timedelta(days=1)).to_numpy()
        spans = set(zip(first.tolist(), self.rows["days"].tolist(), strict=True))
        return frozenset(day for start, days in spans for day in range(start, start + days))


def money(amount: float, currency: str) -> Money:
    """An amount in major units, rounded to a minor unit, as warnings say it."""
    return Money(round(amount * 10 ** decimals(currency)), currency)
