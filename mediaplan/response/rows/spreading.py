"""The rows of a past week spread over the lines that all tables together say they ran on.

A table that is not broken down by audience says nothing of who saw its posts, but another table of the same money does.
Each row's money is taken to be spread as that one tells, over as many lines as the fit takes it to (`tables`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.rows.cases import Codes
from mediaplan.response.rows.observations import Observations
from mediaplan.response.rows.tables import SOURCE, Mix, Sources, joined

Array = NDArray[np.float64]

MOST_PARTS = 100
"""Lines that one row is spread over at the most, those with most money."""


@dataclass(frozen=True, eq=False)
class Money:
    """Money of one week as a table tells it, n rows.

    Attributes:
        codes: Shape (n, 4), in the order post, channel, audience, slot; -1 = not broken down.
        group: Shape (n,), which money it is, ≥ 0: tables of one group tell of the same.
        spend: Shape (n,), major units, > 0.
    """

    codes: Codes
    group: Codes
    spend: Array


@dataclass(frozen=True, eq=False)
class Spread:
    """Rows and the parts that they are spread over, m parts of n rows.

    Attributes:
        of: Shape (m,), each part's row, rising.
        codes: Shape (m, 4), of each part.
        share: Shape (m,), of the row's money; adds up to 1 for each row.
        lines: Shape (n,), lines that each row's money is taken to be on, ≥ 1.
    """

    of: NDArray[np.intp]
    codes: Codes
    share: Array
    lines: Array

    @property
    def first(self) -> NDArray[np.intp]:
        """Shape (n,), the first part of each row."""
        return np.searchsorted(self.of, np.arange(len(self.lines)))


def spread_over(asked: Money, beside: Sequence[Money]) -> Spread:
    """Spread rows over what the tables beside them tell.

    Args:
        asked: The rows.
        beside: Other tables of the same money.
    """
    tables = (asked, *beside)
    sources = Sources(len(tables))
    each = [_observed(table, place, len(tables)) for place, table in enumerate(tables)]
    joint = joined(each[0], _stacked(each), sources)
    parts = pd.DataFrame({d: asked.codes[:, at] for at, d in enumerate(DIMENSIONS)})
    parts = parts.assign(row=np.arange(len(parts)), share=1.0)
    for mix in joint.mixes:
        parts = _parted(parts, mix)
    parts = parts.sort_values("row", kind="stable")
    return Spread(
        parts["row"].to_numpy(dtype=np.intp),
        parts[list(DIMENSIONS)].to_numpy(dtype=np.int32),
        parts["share"].to_numpy(dtype=np.float64),
        joint.lines,
    )


def _parted(parts: pd.DataFrame, mix: Mix) -> pd.DataFrame:
    """Parts cut by one more dimension, of each row the largest."""
    names = pd.DataFrame({"row": mix.row, "name": mix.code, "part": mix.share})
    parts = parts.merge(names, on="row", how="left")
    name = parts.pop("name")
    parts[mix.dimension] = name.fillna(parts[mix.dimension]).astype(np.int32)
    parts["share"] *= parts.pop("part").fillna(1.0)
    parts = parts.sort_values(["row", "share"], ascending=[True, False], kind="stable")
    parts = parts[parts.groupby("row").cumcount() < MOST_PARTS]
    return parts.assign(share=parts["share"] / parts.groupby("row")["share"].transform("sum"))


def _observed(table: Money, place: int, tables: int) -> Observations:
    """The rows as observations of one week, nothing counted."""
    codes = {d: table.codes[:, at] for at, d in enumerate(DIMENSIONS)}
    source = (table.group * tables + place).astype(np.int32)
    none = np.zeros(len(table.spend))
    return Observations({**codes, SOURCE: source}, none, none + 1.0, table.spend, none, table.spend, none)


def _stacked(each: Sequence[Observations]) -> Observations:
    codes = {key: np.concatenate([one.codes[key] for one in each]) for key in (*DIMENSIONS, SOURCE)}
    columns = (
        np.concatenate([getattr(one, name) for one in each])
        for name in ("day", "days", "spend", "counts", "exposure", "week")
    )
    return Observations(codes, *columns)
