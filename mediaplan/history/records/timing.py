"""Whether a history lies where it can teach a flight: before it, and not long before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import History
from mediaplan.money import Money, decimals
from mediaplan.words import Sentence

OLD = 60
"""Days between the history and the flight from which the evidence is called old."""


@dataclass(frozen=True, eq=False)
class Ends:
    """When the rows of a history end, n different days.

    Attributes:
        day: Shape (n,), datetime64[D], sorted.
        rows: Shape (n,), rows whose last day it is.
        spend: Shape (n,), their money, major units of `currency`.
        currency: ISO 4217 code.
    """

    day: NDArray[np.datetime64]
    rows: NDArray[np.int64]
    spend: NDArray[np.float64]
    currency: str

    @classmethod
    def of(cls, history: History) -> Ends:
        """The ends of all its rows."""
        rows = history.rows
        last = (rows["date"] + pd.to_timedelta(rows["days"] - 1, unit="D")).to_numpy().astype("datetime64[D]")
        day, place = np.unique(last, return_inverse=True)
        spend = np.bincount(place, rows["spend"].to_numpy(dtype=np.float64), len(day))
        return cls(day, np.bincount(place, minlength=len(day)), spend.astype(np.float64), history.currency)


def timing(ends: Ends, start: date) -> tuple[Sentence, ...]:
    """What a person should know of the history's dates beside the flight's.

    Args:
        ends: When the rows of the history end.
        start: First day of the flight.
    """
    first = np.datetime64(start)
    late = ends.day >= first
    said = []
    if late.any():
        spent = float(ends.spend[late].sum())
        said.append(
            Sentence(
                "Rows of the history that lie in the flight or after it, from {start} on: {count} ({amount}, the last "
                "on {last}). Check their dates and the flight's.",
                start=start,
                count=int(ends.rows[late].sum()),
                amount=Money(round(spent * 10 ** decimals(ends.currency)), ends.currency),
                last=ends.day[-1].item(),
            )
        )
    before = ends.day[~late]
    if len(before) and (gap := int((first - before[-1]).astype(int))) > OLD:
        said.append(
            Sentence(
                "The history ends on {last}, {days} days before the flight: the evidence is old, and what money buys "
                "may have changed.",
                last=before[-1].item(),
                days=gap,
            )
        )
    return tuple(said)
