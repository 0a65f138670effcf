"""Weeks to look back on: what was known before each of them, and what was then bought.

A week's results, and all that came later, are kept from whoever foretells it. Which lines were bought and for how
much is told: that was decided before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.columns.kinds import THE_HISTORY, by_name
from mediaplan.history.records.records import COUNTS, RESULT_PREFIX, History
from mediaplan.response.rows.naming import place
from mediaplan.slots import Slots
from mediaplan.words import Sentence

MOST_WEEKS = 4
"""Weeks looked back on."""

ENOUGH_PAST = 3
"""Weeks that should lie before a week that is looked back on."""


@dataclass(frozen=True, eq=False)
class Origin:
    """A moment of the past: what a planner knew on the eve of a week.

    Attributes:
        start, end: First and last day of the week's rows.
        past: Rows that were over before `start`; and rows without money or results that name what is bought next.
        past_weeks: Weeks with money and results in `past`.
        bought: Rows of a history with money that began in the week.
        beside: The same money as other tables break it down.
    """

    start: date
    end: date
    past: History
    past_weeks: int
    bought: pd.DataFrame
    beside: tuple[pd.DataFrame, ...] = ()


def column_of(kind: str, rows: pd.DataFrame) -> str:
    """The column that counts this kind: clicks where nothing else does."""
    return RESULT_PREFIX + kind if RESULT_PREFIX + kind in rows else "clicks"


def origins(
    history: History, slots: Slots, measures: Sequence[Sequence[str]], as_of: date | None
) -> tuple[Origin, ...]:
    """The last weeks that have enough past, the earliest first.

    Weeks end on the weekday of the history's last day, so that the last one is whole.

    Args:
        history: What was spent and what came of it.
        slots: The brief's named slots, as for the fit.
        measures: Kinds of result that are looked at together; a week counts where some row holds all of one, and
            every kind must have been counted before it.
        as_of: Rows that begin later are left out; `None` = none are.

    Raises:
        InputError: A kind is not in the history, or there are fewer than two weeks.
    """
    kinds = list(dict.fromkeys(kind for measure in measures for kind in measure))
    _check_kinds(history, kinds)
    rows, *others = (
        _settled(table, slots, history.currency, as_of) for table in (history.rows, *history.others)
    )
    paid = (rows["spend"] > 0).to_numpy()
    counted = {kind: paid & rows[column_of(kind, rows)].notna().to_numpy() for kind in kinds}
    told = np.logical_or.reduce([np.logical_and.reduce([counted[k] for k in each]) for each in measures])
    last = _ends(rows).max()
    before_week, week = _ends(rows), _weeks(rows, last)
    found = []
    for number in np.unique(week[told]):
        mine = paid & (week == number)
        start = rows["date"][mine].min()
        before = (before_week < start).to_numpy()
        if all((before & known).any() for known in counted.values()):
            past_weeks = len(np.unique(week[before & told]))
            tables = [(each[_ends(each) < start], _bought(each, last, number)) for each in (rows, *others)]
            found.append(_origin(history, start, tables, past_weeks))
    if not found:
        raise InputError(_too_little(len(np.unique(week[told]))))
    enough = [origin for origin in found if origin.past_weeks >= ENOUGH_PAST][:MOST_WEEKS]
    return tuple(reversed(enough or found[:1]))


def _check_kinds(history: History, kinds: Sequence[str]) -> None:
    missing = [kind for kind in kinds if kind not in (*history.kinds, *by_name(history))]
    if missing:
        raise InputError(
            *(
                Problem(
                    Sentence("{source} counts no “{kind}”.", kind=kind, source=THE_HISTORY),
                    nearest(kind, history.kinds),
                    value=kind,
                )
                for kind in missing
            )
        )


def _too_little(weeks: int) -> Problem:
    return Problem(
        Sentence(
            "looking back takes at least 2 weeks, one to learn from and a later one to foretell; weeks with money "
            "and results in the history: {count}.",
            count=weeks,
        ),
        Sentence(
            "Give a longer history (7 weeks or more tell most), with a row for each day or week instead of one for "
            "the whole period."
        ),
    )


def _ends(rows: pd.DataFrame) -> pd.Series:
    """The last day of each row."""
    ends: pd.Series = rows["date"] + pd.to_timedelta(rows["days"] - 1, unit="D")
    return ends


def _weeks(rows: pd.DataFrame, last: pd.Timestamp) -> NDArray[np.int64]:
    """Shape (rows,), in which week before the last day each begins."""
    week: NDArray[np.int64] = ((last - rows["date"]).dt.days // 7).to_numpy(dtype=np.int64)
    return week


def _bought(rows: pd.DataFrame, last: pd.Timestamp, week: int) -> pd.DataFrame:
    mine: pd.DataFrame = rows[(rows["spend"] > 0).to_numpy() & (_weeks(rows, last) == week)]
    return mine


def _settled(rows: pd.DataFrame, slots: Slots, currency: str, as_of: date | None) -> pd.DataFrame:
    """The rows up to that day, each with its slot's name in place of an hour."""
    if as_of is not None:
        rows = rows[rows["date"] <= pd.Timestamp(as_of)].reset_index(drop=True)
    return rows.assign(slot=place(rows, slots, currency).labels.astype("str"), hour=np.nan)


def _origin(
    history: History, start: pd.Timestamp, tables: list[tuple[pd.DataFrame, pd.DataFrame]], past_weeks: int
) -> Origin:
    """A week from each table's rows before it and in it."""
    past = [_naming(before, bought, start) for before, bought in tables]
    rows, *beside = (bought.reset_index(drop=True) for _, bought in tables)
    retold = tuple(each for each in history.retold if pd.Timestamp(each.seen) < start)
    others = tuple(each for each in past[1:] if len(each))
    known = History(past[0], history.currency, history.kinds, others=others, retold=retold)
    return Origin(start.date(), _ends(rows).max().date(), known, past_weeks, rows, tuple(beside))


def _naming(past: pd.DataFrame, bought: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """The past, and rows without money or results that name what is bought next."""
    counts = [str(column) for column in past if column in COUNTS or str(column).startswith(RESULT_PREFIX)]
    blank = dict.fromkeys(counts, np.nan)
    named = bought.assign(date=start - pd.Timedelta(days=1), days=1, spend=0.0, **blank)
    return pd.concat([past, named], ignore_index=True)


def summed(rows: pd.DataFrame, codes: NDArray[np.int32], figures: NDArray[np.float64]) -> Summed:
    """Sum a week's rows by line.

    Args:
        rows: As of a history.
        codes: Shape (rows, dimensions), the line of each row.
        figures: Shape (figures, rows).
    """
    lines, place_of = np.unique(codes, axis=0, return_inverse=True)
    place_of = place_of.reshape(-1)
    first = rows["date"].to_numpy().astype("datetime64[D]")
    days = rows["days"].to_numpy(dtype=np.int64)
    start = np.full(len(lines), first.max())
    np.minimum.at(start, place_of, first)
    end = start.copy()
    np.maximum.at(end, place_of, first + days)
    # rows of the same dates run side by side: their days count once
    span = (end - start).astype(np.int64)
    total = np.bincount(place_of, days, len(lines)).astype(np.int64)
    sums = np.stack([np.bincount(place_of, figure, len(lines)) for figure in figures])
    return Summed(lines, start, np.minimum(span, total).astype(np.int32), sums.astype(np.float64), place_of)


@dataclass(frozen=True, eq=False)
class Summed:
    """A week's rows by line, n lines.

    Attributes:
        codes: Shape (n, dimensions).
        start: Shape (n,), first day.
        days: Shape (n,), calendar days.
        figures: Shape (figures, n), sums.
        of: Shape (rows,), the line of each row.
    """

    codes: NDArray[np.int32]
    start: NDArray[np.datetime64]
    days: NDArray[np.int32]
    figures: NDArray[np.float64]
    of: NDArray[np.intp]
