"""The rows of a history as arrays: where names become numbers, before any kind of result is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX, History
from mediaplan.response.packing import packed
from mediaplan.response.rows.cases import Codes
from mediaplan.response.rows.evidence import said_money
from mediaplan.response.rows.naming import Names, Placed
from mediaplan.response.rows.observations import Observations, Runs, calendar_days, days_since_epoch
from mediaplan.response.rows.tables import SOURCE, Sources, combinations, joined, stacked
from mediaplan.words import Sentence

Array = NDArray[np.float64]


def rows_until(history: History, until: date) -> tuple[pd.DataFrame, Codes, Sources, tuple[Sentence, ...]]:
    """Rows of all tables that began up to that day, the source of each, and how sources are numbered."""
    rows, source, sources = stacked(history)
    late = (rows["date"] > pd.Timestamp(until)).to_numpy()
    if not late.any():
        return rows, source, sources, ()
    once = late & sources.once(source)
    word = Sentence(
        "Left out of the estimate: {amount} spent after {day} (rows: {count}).",
        count=int(once.sum()),
        day=until,
        amount=said_money(rows["spend"].to_numpy()[once].sum(), history.currency),
    )
    return rows[~late].reset_index(drop=True), source[~late], sources, (word,)


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of the history as arrays.

    Attributes:
        rows: As of the history, of all tables.
        sources: How sources are numbered.
        names: Of each dimension.
        codes: For each dimension shape (rows,), and the source.
        start, days, counted: First day, dates covered, and days that count for saturation.
    """

    rows: pd.DataFrame
    sources: Sources
    names: Names
    codes: Mapping[str, Codes]
    start: Array
    days: Array
    counted: Array

    @property
    def once(self) -> NDArray[np.bool_]:
        """Shape (rows,), those in which each money stands once."""
        return self.sources.once(self.codes[SOURCE])

    @cached_property
    def spend(self) -> Array:
        """Shape (rows,), major units."""
        return self.rows["spend"].to_numpy(dtype=np.float64)

    def only(self, chosen: NDArray[np.bool_]) -> Table:
        """The same with only the chosen rows, shape (rows,); as it is where all are."""
        if chosen.all():
            return self
        codes = {key: code[chosen] for key, code in self.codes.items()}
        start, days, counted = (each[chosen] for each in (self.start, self.days, self.counted))
        rows = self.rows[chosen]
        return replace(self, rows=rows, codes=codes, start=start, days=days, counted=counted)

    def counts(self, kind: str) -> Array:
        """Shape (rows,), results of that kind, NaN = not told; clicks where nothing else counts them."""
        return self.rows[self.column(kind)].to_numpy(dtype=np.float64)

    def column(self, kind: str) -> str:
        """The column that counts this kind: clicks where nothing else does."""
        own = RESULT_PREFIX + kind
        return own if own in self.rows else "clicks"

    def first_seen(self) -> Array:
        """Shape (posts,), the first day of each post with money; NaN = never."""
        first = np.full(len(self.names.taught["post"]) + 1, np.inf)
        np.minimum.at(first, self.codes["post"], self.start)
        return np.where(np.isfinite(first), first, np.nan)[:-1]

    def seen(self) -> NDArray[np.int32]:
        """Combinations with money, sorted, as codes of names that lines may have."""
        money = self.money
        once = self.sources.once(money.codes[SOURCE])
        each = combinations(money, once, joined(money.take(once), money, self.sources).mixes)
        return each[each[:, DIMENSIONS.index("slot")] < len(self.names.known["slot"])]

    @cached_property
    def runs(self) -> Runs:
        """The rows as runs of money."""
        return Runs(self.codes, self.start, self.days, self.counted, self.spend)

    @property
    def money(self) -> Observations:
        """All money, summed by source, line and week; nothing is counted."""
        return self.runs.money

    def observe(
        self, counts: Array, taught: NDArray[np.bool_], exposure: Array | None = None
    ) -> Observations:
        """The rows that teach, summed by source, line and week."""
        return self.runs.observe(counts, self.spend if exposure is None else exposure, taught)

    @cached_property
    def lines(self) -> NDArray[np.int64]:
        """Shape (rows,), one number for each line of each source."""
        number, _ = pd.factorize(packed(list(self.codes.values())))
        return number.astype(np.int64)


def table_of(rows: pd.DataFrame, source: Codes, sources: Sources, placed: Placed, names: Names) -> Table:
    """Put the rows into numbers.

    Args:
        rows: Of all tables.
        source: Shape (rows,), the table of each.
        sources: How these are numbered.
        placed: The slots of the rows.
        names: Of each dimension.
    """
    codes = {d: names.codes(d, placed.labels if d == "slot" else rows[d]) for d in DIMENSIONS}
    codes[SOURCE] = source
    start = days_since_epoch(rows["date"])
    days = rows["days"].to_numpy(dtype=np.float64)
    counted = calendar_days(start, days, codes["slot"], names.taught["slot"], placed.slots)
    return Table(rows, sources, names, codes, start, days, counted)
