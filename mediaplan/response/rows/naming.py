"""The names a Response knows, and the slot that each row of the history belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, Audiences, Posts
from mediaplan.money import Money, decimals
from mediaplan.slots import Slots, dayparts
from mediaplan.words import Sentence

OTHER = "other"
"""Label of hours that no named slot covers: they teach the fit and get no money."""


@dataclass(frozen=True, eq=False)
class Placed:
    """The slots of a history's rows.

    Attributes:
        labels: The slot of each row; missing where it is not broken down by slot.
        slots: The brief's named slots, else the dayparts that the history's hours fall into, else none.
        known: Sorted names of the slots that may get money.
        taught: Sorted labels that only teach the fit.
        warnings: What those hold.
    """

    labels: pd.Series
    slots: Slots
    known: tuple[str, ...]
    taught: tuple[str, ...]
    warnings: tuple[Sentence, ...] = ()


def place(rows: pd.DataFrame, slots: Slots, currency: str) -> Placed:
    """Find the slot of each row: its label if it has one, else the slot that its hour falls into.

    Args:
        rows: As of a `History`.
        slots: The brief's named slots; where it names none, hours fall into six dayparts of four hours.
        currency: Of the rows' money, for what the warnings say.
    """
    labels = rows["slot"]
    hourly = (rows["hour"].notna() & labels.isna()).to_numpy()
    parts = slots if slots.named else Slots({part.name: part for part in dayparts()})
    if hourly.any():
        labels = labels.astype(object)
        labels[hourly] = _fallen(rows[hourly], parts)
    present = _present(labels)
    if slots.named:
        taught = tuple(sorted(present - set(slots.named)))
        uncovered = hourly & (labels == OTHER).to_numpy()
        warnings = (
            *_unmatched(slots, present),
            *_unlisted(rows, labels, uncovered, taught, currency),
            *_uncovered(rows, uncovered, currency),
        )
        return Placed(labels, slots, tuple(sorted(slots.named)), taught, warnings)
    fallen = {name: part for name, part in parts.named.items() if hourly.any() and name in present}
    return Placed(labels, Slots(fallen), tuple(sorted(present)), ())


def _fallen(rows: pd.DataFrame, slots: Slots) -> NDArray[np.object_]:
    """The first slot that runs at the row's hour on every day of the row, else `OTHER`."""
    hour = rows["hour"].to_numpy(dtype=np.int64)
    days = np.minimum(rows["days"].to_numpy(dtype=np.int64), 7)
    weekday = rows["date"].dt.day_of_week.to_numpy(dtype=np.int64)
    each = np.array([_slot_of(moment, slots) for moment in range(7 * 7 * 24)], dtype=object)
    fallen: NDArray[np.object_] = each[(weekday * 7 + days - 1) * 24 + hour]
    return fallen


def _slot_of(moment: int, slots: Slots) -> str:
    span, hour = divmod(moment, 24)
    first, more = divmod(span, 7)
    covered = {(first + i) % 7 for i in range(more + 1)}
    return next((s.name for s in slots.named.values() if covered <= s.weekdays_at(hour)), OTHER)


def _unmatched(slots: Slots, present: set[str]) -> tuple[Sentence, ...]:
    """Said where no row lies in any slot of the brief: nothing tells them apart."""
    if present & set(slots.named):
        return ()
    if not present:
        return (
            Sentence(
                "The history has neither slots nor hours: it can't tell the brief's slots {named} apart.",
                named=_quoted(slots.named),
            ),
        )
    return (
        Sentence(
            "No row of the history lies in any slot of the brief ({named}): what they bring is only what is usual. "
            "Slots of the history: {found}. Use these names or cover their hours in [slots].",
            named=_quoted(slots.named),
            found=_quoted(present - {OTHER}) or Sentence("none, only hours"),
        ),
    )


def _unlisted(
    rows: pd.DataFrame,
    labels: pd.Series,
    uncovered: NDArray[np.bool_],
    taught: tuple[str, ...],
    currency: str,
) -> tuple[Sentence, ...]:
    """What lies in slots of the history that the brief does not name."""
    mine = labels.isin(taught).to_numpy() & ~uncovered
    held = float(rows["spend"].to_numpy()[mine].sum())
    if not held:
        return ()
    return (
        Sentence(
            "No slot of the brief is called {labels}: the {amount} spent there teach the estimate, but no line gets "
            "money there.",
            labels=_quoted(_present(labels[mine])),
            amount=Money(round(held * 10 ** decimals(currency)), currency),
        ),
    )


def _uncovered(rows: pd.DataFrame, uncovered: NDArray[np.bool_], currency: str) -> tuple[Sentence, ...]:
    """What lies in hours that no slot of the brief covers."""
    held = float(rows["spend"].to_numpy()[uncovered].sum())
    if not held:
        return ()
    return (
        Sentence(
            "No slot of the brief covers these hours on every day of their rows: {hours}. The {amount} spent there "
            "teach the estimate, but no line gets money there.",
            hours=_hours_said(rows["hour"].to_numpy()[uncovered]),
            amount=Money(round(held * 10 ** decimals(currency)), currency),
        ),
    )


def _hours_said(hours: NDArray[np.float64]) -> tuple[str, ...]:
    """Hours as runs: `03:00–05:00`."""
    numbers = np.unique(hours.astype(np.int64))
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return tuple(f"{run[0]:02d}:00–{run[-1] + 1:02d}:00" for run in runs)


def _quoted(names: Iterable[str]) -> tuple[Sentence, ...]:
    return tuple(Sentence("“{name}”", name=name) for name in sorted(names))


@dataclass(frozen=True, eq=False)
class Names:
    """The names of each dimension.

    Attributes:
        known: For each dimension its sorted names; lines may be made of these.
        taught: For each dimension `known` and, behind them, labels that only teach the fit.
    """

    known: Mapping[str, tuple[str, ...]]
    taught: Mapping[str, tuple[str, ...]]

    def codes(self, dimension: str, labels: pd.Series) -> NDArray[np.int32]:
        """Shape (labels,), index of each into `taught`; -1 where it is missing."""
        index = pd.Index(np.array(self.taught[dimension], dtype=object), dtype=object)
        number, different = pd.factorize(labels)
        place = index.get_indexer(pd.Index(different, dtype=object)).astype(np.int32)
        codes: NDArray[np.int32] = np.append(place, np.int32(-1))[number]
        return codes


def collect(rows: pd.DataFrame, placed: Placed, posts: Posts | None, audiences: Audiences | None) -> Names:
    """Collect the names of the history, the posts, the audiences and the slots.

    A post's `channels` choose among the channels of the history and the audiences; they name new ones only where
    nothing else names any.

    Args:
        rows: As of a `History`.
        placed: Their slots.
        posts: A table that may hold names that the history lacks.
        audiences: Another.
    """
    found = {d: _present(rows[d]) for d in ("post", "channel", "audience")}
    asked: set[str] = set() if audiences is None else _present(audiences.rows["channel"])
    if posts is not None:
        found["post"] |= _present(posts.rows["post"])
        if not asked | found["channel"]:
            asked = {channel for some in posts.rows["channels"] for channel in some}
    if audiences is not None:
        found["audience"] |= _present(audiences.rows["audience"])
    found["channel"] |= _platforms(asked, found["channel"])
    known = {d: tuple(sorted(found[d])) for d in ("post", "channel", "audience")} | {"slot": placed.known}
    return Names(
        {d: known[d] for d in DIMENSIONS},
        {d: known[d] + (placed.taught if d == "slot" else ()) for d in DIMENSIONS},
    )


def _platforms(asked: Iterable[str], seen: set[str]) -> set[str]:
    """Channels that tables ask for, without those that stand for placements: `instagram` beside `instagram/feed`."""
    all_names = set(asked) | seen
    return {name for name in asked if not any(other.startswith(name + "/") for other in all_names)}


def _present(column: pd.Series) -> set[str]:
    return {*pd.Series(column.unique()).dropna().astype(str)}
