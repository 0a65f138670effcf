"""Rows that an older and a newer export both tell: results that the newer one adds say how late they are counted.

It stands beside `renewing`, which lets the newer export count and would otherwise forget what the older one said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import RESULT_PREFIX
from mediaplan.history.records.views import View

Array = NDArray[np.float64]

SAME = 0.01
"""Relative difference of money up to which a row was over in the older export."""


@dataclass(frozen=True, eq=False)
class Retold:
    """What two exports counted of the same rows, n of them.

    Attributes:
        seen: Last day of the newer export.
        days: Shape (n,), days that each row covers.
        age, later: Shape (n,), days from each row's last day to the last day of the older and of the newer export.
        counts: By column of results, shape (2, n): what the older and the newer export counted.
    """

    seen: date
    days: Array
    age: Array
    later: Array
    counts: Mapping[str, Array]

    @classmethod
    def of(cls, older: View, newer: View, again: NDArray[np.bool_]) -> Retold | None:
        """The rows of the older view that the newer tells again; `None` where nothing can have grown.

        Args:
            older: A view.
            newer: One that ends later.
            again: Shape (rows of the older,), which of its rows the newer tells.
        """
        kinds = sorted(
            {c for c in map(str, older.rows) if c.startswith(RESULT_PREFIX)} & {*map(str, newer.rows)}
        )
        if not kinds or older.last >= newer.last:
            return None
        before, after = (
            _sums(older, again, kinds),
            _sums(newer, np.isin(newer.keys, older.keys[again]), kinds),
        )
        after = after.loc[before.index]
        off = (before["spend"] - after["spend"]).abs()
        same = off <= SAME * after["spend"]
        before, after = before[same], after[same]
        if not len(before):
            return None
        days = before["days"].to_numpy(dtype=np.float64)
        ends = before["date"] + pd.to_timedelta(days - 1.0, unit="D")
        age, later = (_days(view.last - ends) for view in (older, newer))
        counts = {
            kind: np.stack([each[kind].to_numpy(dtype=np.float64) for each in (before, after)])
            for kind in kinds
        }
        return cls(newer.last.date(), days, age, later, counts)

    def told(self, column: str) -> tuple[Array, Array, Array, Array, Array] | None:
        """Days, age, later, older and newer counts of the rows that count this column; `None` where none does."""
        if column not in self.counts:
            return None
        before, after = self.counts[column]
        known = ~np.isnan(before + after)
        if not known.any():
            return None
        return self.days[known], self.age[known], self.later[known], before[known], after[known]

    @property
    def content(self) -> bytes:
        """All that it says, for a digest."""
        columns = [self.days, self.age, self.later, *(self.counts[kind] for kind in sorted(self.counts))]
        said = np.concatenate([np.atleast_2d(column) for column in columns])
        return said[:, np.lexsort(said)].tobytes()


def _days(spans: pd.Series) -> Array:
    days: Array = spans.dt.days.to_numpy(dtype=np.float64)
    return days


def _sums(view: View, mine: NDArray[np.bool_], kinds: list[str]) -> pd.DataFrame:
    """Money and results by what a row is about; a row whose results are not told tells none."""
    rows = view.rows[mine].groupby(view.keys[mine])
    sums = rows[["spend", *kinds]].sum(min_count=1)
    return sums.join(rows[["date", "days"]].first())
