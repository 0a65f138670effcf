"""The evidence behind a Response: what was spent on each combination of the history, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX
from mediaplan.history.records.timing import Ends
from mediaplan.response.contacts import Contacts
from mediaplan.response.packing import Groups, grouped, packed
from mediaplan.response.stages import Stage

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Past:
    """Sums of the rows with money by combination of names, n of them.

    Attributes:
        codes: Shape (n, 4), in the order post, channel, audience, slot; -1 = not broken down. A slot's code beyond
            the Response's names is one that only teaches.
        spend: Shape (n,), major units, > 0.
        days: Shape (n,), calendar days that the money ran over; days of rows side by side count once.
        clicks, shown: Shape (n,), clicks, and the impressions of the rows that tell both.
        results: By kind of the whole history, shape (n,).
        told: By kind, shape (n,), the money of the rows that tell it.
        ends: When the rows end.
        span: Calendar days from the first row with money to the last.
        contacts: How often people saw what the money bought.
        stages: What is told of impressions, clicks and results by name, by whatever table.
    """

    codes: NDArray[np.int32]
    spend: Array
    days: Array
    clicks: Array
    shown: Array
    results: Mapping[str, Array]
    told: Mapping[str, Array]
    ends: Ends
    span: int
    contacts: Contacts
    stages: tuple[Stage, ...] = ()

    @property
    def weekly(self) -> Array:
        """Shape (n,), money of a week in which the combination runs."""
        each: Array = 7.0 * self.spend / self.days
        return each

    def by(self, dimension: str, size: int, figures: Array) -> Array:
        """Sums by the names of one dimension.

        Args:
            dimension: One of post, channel, audience, slot.
            size: Number of names; combinations beyond them, or not broken down, are left out.
            figures: Shape (n,).

        Returns:
            Shape (size,).
        """
        code = self.codes[:, DIMENSIONS.index(dimension)]
        known = (code >= 0) & (code < size)
        summed: Array = np.bincount(code[known], figures[known], size).astype(np.float64)
        return summed


def past_of(rows: pd.DataFrame, codes: Mapping[str, NDArray[np.int32]], days: Array, ends: Ends) -> Past:
    """Sum the rows of a history that hold money.

    Args:
        rows: As of a `History`, each of them with money.
        codes: For each dimension shape (rows,).
        days: Shape (rows,), days that count for saturation.
        ends: When the rows of the whole history end.
    """
    combinations = grouped([codes[d] for d in DIMENSIONS])
    total = combinations.total
    spend, clicks, shown = (rows[c].to_numpy(dtype=np.float64) for c in ("spend", "clicks", "impressions"))
    both = ~(np.isnan(clicks) | np.isnan(shown))
    kinds = {str(c).removeprefix(RESULT_PREFIX): c for c in rows if str(c).startswith(RESULT_PREFIX)}
    counts = {kind: rows[column].to_numpy(dtype=np.float64) for kind, column in kinds.items()}
    if "click" not in counts and not np.isnan(clicks).all():
        counts["click"] = clicks
    return Past(
        np.column_stack([codes[d][combinations.one] for d in DIMENSIONS]),
        total(spend),
        _days(combinations, rows["date"].to_numpy(), days),
        total(np.where(both, clicks, 0.0)),
        total(np.where(both, shown, 0.0)),
        {kind: total(np.nan_to_num(count)) for kind, count in counts.items()},
        {kind: total(np.where(np.isnan(count), 0.0, spend)) for kind, count in counts.items()},
        ends,
        _span(rows),
        Contacts.of(spend, shown, rows["reach"].to_numpy(dtype=np.float64), total),
    )


def _span(rows: pd.DataFrame) -> int:
    last = rows["date"] + pd.to_timedelta(rows["days"], unit="D")
    return max(int((last.max() - rows["date"].min()).days), 1) if len(rows) else 1


def _days(combinations: Groups, start: NDArray[np.datetime64], days: Array) -> Array:
    """Shape (combinations,), days of each; rows that start on one day count once, with the longest."""
    key = packed([combinations.of, start.astype("datetime64[D]").astype(np.int64)])
    order = np.argsort(key)
    first = np.flatnonzero(np.append(True, np.diff(key[order]) != 0)[: len(order)])
    once = np.maximum.reduceat(days[order], first) if len(first) else days
    counted = np.bincount(combinations.of[order][first], once, len(combinations.one))
    return np.maximum(counted, 1e-9)
