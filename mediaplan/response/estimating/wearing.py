"""How tired all lines together made people in the past: how often they were reached, and what each time takes away.

A week of history hardly shows it: its money is much the same every week, and what it wore is part of every rate. A plan
that gets several times the results from the same people wears them more. How much is told by how often the history
reached them, where impressions are counted:

    worn = weariness · impressions of a week / people          what is left of results: 1 / (1 + worn)

The size of the pool of all people follows: results of a day, before they were worn, over `worn`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import Audiences
from mediaplan.response.lines import Lines
from mediaplan.response.pools import Index, Pools

Array = NDArray[np.float64]

WEARINESS = 0.05
"""Part of the results lost per impression of a week on each person, while it is small. Chosen in invented markets of
people (seeds 0 to 7), where attention falls by a quarter with each impression but few people get many."""

DOUBT = 0.7
"""Standard deviation of its logarithm."""

FREQUENCY = 1.0
"""Impressions of a week per person where nobody tells how many people there are."""


@dataclass(frozen=True, eq=False)
class Wear:
    """What the history's weeks took from the people whom all lines share.

    Attributes:
        worn: Load of the people in a usual week of the history; 0 = not known.
        daily: Shape (kinds,), results per calendar day in the history.
        usual: Shape (kinds,), results per major unit of money in the history.
    """

    worn: float
    daily: Array
    usual: Array

    @property
    def fresh(self) -> float:
        """Results that a line would bring alone, over those that it brought among the others."""
        return 1.0 + self.worn

    def pools(self, member: Index, days: Array) -> tuple[Pools, ...]:
        """All people as one pool, for lines that run at the same time.

        Args:
            member: Shape (lines,), the stretch of days that each line runs in.
            days: Shape (stretches,), their lengths.
        """
        if self.worn <= 0:
            return ()
        size = self.daily * self.fresh / self.worn
        weight = np.repeat(1.0 / (len(size) * size[:, None]), len(member), axis=1)
        return (Pools(member, days, weight, DOUBT),)


def wear_of(rows: pd.DataFrame, audiences: Audiences | None, counts: Sequence[Array]) -> Wear:
    """How often the history reached people.

    Args:
        rows: Of the history, with `date`, `days`, `spend`, `impressions`, `audience`.
        audiences: With sizes, or `None`.
        counts: By kind, shape (rows,), results; NaN = not told.
    """
    spend = rows["spend"].to_numpy(dtype=np.float64)
    paid = spend > 0
    with_money = rows if paid.all() else rows[paid]
    days = max(_covered(with_money), 1.0)
    results, money = (
        np.array([values[paid & ~np.isnan(count)].sum() for values, count in pairs])
        for pairs in ([(count, count) for count in counts], [(spend, count) for count in counts])
    )
    return Wear(
        WEARINESS * _frequency(with_money, audiences, days),
        (results + 0.5) / days,
        (results + 0.5) / np.maximum(money, 1e-9),
    )


def _frequency(rows: pd.DataFrame, audiences: Audiences | None, days: float) -> float:
    """Impressions of a week per person; 0 where no impressions are told."""
    if not rows["impressions"].sum() > 0:
        return 0.0
    told = rows[rows["impressions"].notna()]
    people = _people(told, audiences)
    known = told[told["audience"].isin(people.index)]
    if not known["impressions"].sum() > 0:
        return FREQUENCY
    weekly = known["impressions"].sum() / days * 7.0
    all_money = rows.loc[rows["audience"].isin(people.index), "spend"].sum()
    return float(weekly * all_money / known["spend"].sum() / people.sum())


def _people(rows: pd.DataFrame, audiences: Audiences | None) -> pd.Series:
    """People of each audience of the rows, on the channel where it has most."""
    if audiences is None:
        return pd.Series(dtype=np.float64)
    sizes = audiences.rows.dropna(subset=["size"]).groupby("audience")["size"].max()
    return sizes[sizes.index.isin(rows["audience"].dropna().unique()) & (sizes > 0)].astype(float)


def _covered(rows: pd.DataFrame) -> float:
    """Calendar days on which some row had money."""
    first = rows["date"].to_numpy(dtype="datetime64[D]").astype(np.int64)
    stretches = _merged(first, first + rows["days"].to_numpy(dtype=np.int64))
    return float(sum(end - start for start, end in stretches))


def _merged(first: NDArray[np.int64], after: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Stretches of days that hang together, from their first day to the one after their last."""
    order = np.argsort(first, kind="stable")
    first, latest = first[order], np.maximum.accumulate(after[order])
    new = np.append(True, first[1:] >= latest[:-1])
    ends = np.append(latest[:-1][new[1:]], latest[-1:])
    return [(int(a), int(b)) for a, b in zip(first[new], ends, strict=True)]


def stretches_of(lines: Lines) -> tuple[Index, Array]:
    """Which stretch each line runs in, and how many days each stretch has."""
    first = lines.start.astype("datetime64[D]").astype(np.int64)
    stretches = np.array(_merged(first, first + lines.days), dtype=np.int64).reshape(-1, 2)
    member = np.searchsorted(stretches[:, 0], first, side="right") - 1
    return member.astype(np.int32), np.maximum((stretches[:, 1] - stretches[:, 0]).astype(np.float64), 1.0)
