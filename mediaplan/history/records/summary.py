"""What was read, in a few numbers: for the person who checks that a file was understood."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from mediaplan.history.records.records import COUNTS, RESULT_PREFIX, History
from mediaplan.money import Money, decimals


@dataclass(frozen=True)
class Summary:
    """A History in a few numbers.

    Attributes:
        rows: How many.
        first, last: First and last day.
        spend: All money, rounded half up to a minor unit.
        counts: `impressions`, `reach`, `clicks`: their sums; `None` where no row reports them. Reach is the
            sum of the rows' and so counts people again whom several rows reached.
        results: Sum by kind.
        dimensions: By dimension the number of names; only dimensions that something is broken down by. Hours
            count as `slot`.
        sources: Names of the files.
    """

    rows: int
    first: date
    last: date
    spend: Money
    counts: Mapping[str, float | None]
    results: Mapping[str, float]
    dimensions: Mapping[str, int]
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it: money as text with the currency's digits, dates as ISO."""
        return {
            "rows": self.rows,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "currency": self.spend.currency,
            "spend": self.spend.text,
            **self.counts,
            "results": dict(self.results),
            "dimensions": dict(self.dimensions),
            "sources": list(self.sources),
        }


def summary(history: History) -> Summary:
    """What a History holds.

    Args:
        history: Any; it has at least one row.
    """
    rows = history.rows
    exact = Decimal(math.fsum(rows["spend"])).scaleb(decimals(history.currency))
    return Summary(
        rows=len(rows),
        first=history.first,
        last=history.last,
        spend=Money(int(exact.to_integral_value(ROUND_HALF_UP)), history.currency),
        counts={
            name: math.fsum(rows[name].dropna()) if rows[name].notna().any() else None for name in COUNTS
        },
        results={kind: math.fsum(rows[RESULT_PREFIX + kind].dropna()) for kind in history.kinds},
        dimensions={name: _names(history, name) for name in history.dimensions},
        sources=history.sources,
    )


def _names(history: History, dimension: str) -> int:
    """Different names of a dimension; for slots, hours where there are no names."""
    tables = (history.rows, *history.others)
    names = int(pd.concat([rows[dimension] for rows in tables]).nunique())
    return names or int(pd.concat([rows["hour"] for rows in tables]).nunique())
