"""Whether a history lies where it can teach a flight: before it, and not long before."""

from __future__ import annotations

from datetime import date

import pandas as pd

from mediaplan.history.records import History
from mediaplan.money import Money, decimals
from mediaplan.words import Sentence

OLD = 60
"""Days between the history and the flight from which the evidence is called old."""


def timing(history: History, start: date) -> tuple[Sentence, ...]:
    """What a person should know of the history's dates beside the flight's.

    Args:
        history: What happened.
        start: First day of the flight.
    """
    rows = history.rows
    if not len(rows):
        return ()
    last = rows["date"] + pd.to_timedelta(rows["days"] - 1, unit="D")
    late = (last >= pd.Timestamp(start)).to_numpy()
    before = last[~late]
    said = []
    if late.any():
        spent = float(rows["spend"].to_numpy()[late].sum())
        said.append(
            Sentence(
                "Rows of the history that lie in the flight or after it, from {start} on: {count} ({amount}, the last "
                "on {last}). Check their dates and the flight's.",
                start=start,
                count=int(late.sum()),
                amount=Money(round(spent * 10 ** decimals(history.currency)), history.currency),
                last=history.last,
            )
        )
    if len(before) and (gap := (pd.Timestamp(start) - before.max()).days) > OLD:
        said.append(
            Sentence(
                "The history ends on {last}, {days} days before the flight: the evidence is old, and what money buys "
                "may have changed.",
                last=before.max().date(),
                days=gap,
            )
        )
    return tuple(said)
