"""Tables of the same money put together to lines, where their amounts tell which lines there were.

In the river this stands between the rows of a history as numbers and the fit: where it succeeds, the rows that it put
together give way to lines with a chance each, and what the tables counted becomes sums that these lines keep to
(`raking`). Where amounts don't tell, rows stay what they are, and teach by their contrasts (`tables`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import COUNTS, DIMENSIONS, RESULT_PREFIX
from mediaplan.response.packing import packed
from mediaplan.response.rows.arrays import Table
from mediaplan.response.rows.cells import Lines, Pattern, lines_of
from mediaplan.response.rows.observations import Observations
from mediaplan.response.rows.raking import Margin, Sums
from mediaplan.response.rows.tables import SOURCE

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

AGREED = 0.75
"""Part of the money that two searches put on the same lines, from which they are believed: in invented worlds tables that
share the post reach more, tables that share but the date never do (`tests/test_agreement.py`)."""

FEWER = 0.5
"""Part of the money in cells that need fewer lines than any amounts would, from which amounts are taken to tell."""

TOLD = 0.5
"""Part of the results of the table that counts most, below which a table is taken not to count them: platforms leave
results blank on some breakdowns."""

COVERED = 0.9
"""Part of the money in cells that can be searched, from which tables are put together."""


@dataclass(frozen=True, eq=False)
class Crossing:
    """Rows of one money that were put together.

    Attributes:
        group: Whose money.
        patterns: What each of the tables breaks it down by, those first that tell most.
        taken: For each of them shape (rows of the table,), its rows that gave way.
    """

    group: int
    patterns: tuple[Pattern, ...]
    taken: tuple[Mask, ...]

    @property
    def dimensions(self) -> Pattern:
        """All that the lines are broken down by."""
        return frozenset().union(*self.patterns)


@dataclass(frozen=True, eq=False)
class Crossed:
    """A history's rows as the fit takes them.

    Attributes:
        told: As the tables tell them.
        table: The same, some put together.
        crossings: What was put together.
    """

    told: Table
    table: Table
    crossings: tuple[Crossing, ...] = ()

    def sums(self, seen: Observations, counts: Array, taught: Mask) -> Sums | None:
        """What observations of lines must keep to, the tables that carry the totals last; `None` = there are none.

        Args:
            seen: Observations of `table`.
            counts: Shape (rows of `told`,), results.
            taught: Shape (rows of `told`,), whether they are known.
        """
        found, lines = [], np.zeros(len(seen), dtype=bool)
        for crossing in self.crossings:
            mine = self._lines(seen, crossing)
            lines |= mine
            rows = [taken & taught for taken in crossing.taken]
            tells = _telling([float(counts[each].sum()) for each in rows])
            for pattern, each, telling in zip(crossing.patterns, rows, tells, strict=True):
                if telling and each.any():
                    found.append(_margin(seen, self.told.observe(counts, each), mine, pattern))
        row = np.flatnonzero(lines)
        return Sums(tuple(reversed(found)), row, self._chance(seen.take(lines))) if len(row) else None

    def _chance(self, lines: Observations) -> Array:
        """Chance that each observation of a line had money: the days that it is expected to have run, of all."""
        money = replace(self.table, counted=self.table.rows["whole"].to_numpy()).money
        by = ["week", SOURCE, *DIMENSIONS]
        mine, days = (
            pd.DataFrame({"week": each.week, **{d: each.codes[d] for d in by[1:]}}) for each in (lines, money)
        )
        whole = mine.merge(days.assign(days=money.days), on=by, how="left")["days"].to_numpy()
        chance: Array = np.clip(lines.days / whole, 0.0, 1.0)
        return chance

    def _lines(self, seen: Observations, crossing: Crossing) -> Mask:
        """Shape (observations,), those of lines that were put together."""
        mine = self.table.sources.group(seen.codes[SOURCE]) == crossing.group
        lines: Mask = mine & (_bits(seen.codes) == _bit(crossing.dimensions))
        return lines


def crossed(told: Table, unit: float) -> Crossed:
    """Put together what amounts tell.

    Args:
        told: All rows of all tables.
        unit: Minor units in a major unit of the currency.
    """
    if told.sources.tables == 1:
        return Crossed(told, told)
    rows = _frame(told)
    group = told.sources.group(told.codes[SOURCE])
    gone = np.zeros(len(rows), dtype=bool)
    crossings, put = [], []
    for one in np.unique(group):
        found = _crossing(told, rows[(group == one) & (rows["spend"] > 0)], int(one), unit)
        if found is not None:
            crossings.append(found[0])
            put.append(found[1])
            gone |= np.logical_or.reduce(found[0].taken)
    if not crossings:
        return Crossed(told, told)
    rows = pd.concat([rows[~gone], *put], ignore_index=True)
    codes = {d: rows[d].to_numpy(dtype=np.int32) for d in (*DIMENSIONS, SOURCE)}
    start, days, counted = (rows[c].to_numpy(dtype=np.float64) for c in ("start", "days", "counted"))
    table = replace(told, rows=rows, codes=codes, start=start, days=days, counted=counted)
    return Crossed(told, table, tuple(crossings))


def _frame(told: Table) -> pd.DataFrame:
    """All rows with what putting together needs; `whole` are the days that count if a line ran at all."""
    counts = [c for c in told.rows if c in COUNTS or str(c).startswith(RESULT_PREFIX)]
    columns = {"start": told.start, "days": told.days, "counted": told.counted, "whole": told.counted}
    columns["spend"] = told.spend
    return pd.DataFrame({**told.codes, **columns, **{str(c): told.rows[c].to_numpy() for c in counts}})


def _crossing(
    told: Table, rows: pd.DataFrame, group: int, unit: float
) -> tuple[Crossing, pd.DataFrame] | None:
    """The first family of tables of a group that can be put together."""
    bits = _bits({d: rows[d].to_numpy() for d in DIMENSIONS})
    sizes = {d: len(told.names.taught[d]) for d in DIMENSIONS}
    for patterns in _families(rows, bits):
        tables = [rows[bits == _bit(pattern)] for pattern in patterns]
        tables = _with_cells(tables, patterns)
        lines = lines_of(tables, patterns, sizes, unit)
        if lines is None or lines.agreed < AGREED or lines.fewer < FEWER or _covered(lines, tables) < COVERED:
            continue
        taken = []
        for table in tables:
            mask = np.zeros(len(told.rows), dtype=bool)
            mask[table.index[table["cell"].isin(lines.cells)]] = True
            taken.append(mask)
        put = _put(lines, tables, patterns)
        put[SOURCE] = group * told.sources.tables
        return Crossing(group, patterns, tuple(taken)), put
    return None


def _families(rows: pd.DataFrame, bits: NDArray[np.int64]) -> Iterator[tuple[Pattern, ...]]:
    """Tables that might be put together: all, where each two have a name in common or no two have; else those that
    have one dimension in common. None that another repeats.
    """
    place = pd.Series(rows[SOURCE].to_numpy()).groupby(bits).max().sort_values(kind="stable")
    first = pd.Series(rows[SOURCE].to_numpy()).groupby(bits).min()
    order = sorted(place.index, key=lambda one: (first[one], place[one], one))
    patterns = [frozenset(d for k, d in enumerate(DIMENSIONS) if one >> k & 1) for one in order]
    largest = tuple(one for one in patterns if not any(one < other for other in patterns))
    shared = [one & other for one, other in combinations(largest, 2)]
    tried = {largest: None} if all(shared) or not any(shared) else {}
    for dimension in DIMENSIONS:
        tried.setdefault(tuple(one for one in largest if dimension in one))
    yield from (family for family in tried if len(family) > 1)


def _with_cells(tables: list[pd.DataFrame], patterns: tuple[Pattern, ...]) -> list[pd.DataFrame]:
    """Rows with the number of their cell: same dates, or same week where tables cut time differently; same names."""
    whole = pd.concat(tables)
    ends = np.cumsum([len(table) for table in tables])
    span = packed([whole["start"], whole["days"]])
    spans = [np.unique(each) for each in np.split(span, ends[:-1])]
    common = sorted(frozenset.intersection(*patterns))
    if all(np.array_equal(each, spans[0]) for each in spans):
        by = ["start", "days", *common]
    else:
        middle = whole["start"] + (whole["days"] - 1) / 2.0
        whole = whole.assign(week=np.floor((middle - whole["start"].min()) / 7.0))
        by = ["week", *common]
    whole["cell"] = whole.groupby(by).ngroup()
    return [whole.iloc[end - len(table) : end] for end, table in zip(ends, tables, strict=True)]


def _covered(lines: Lines, tables: list[pd.DataFrame]) -> float:
    """Part of the money that lines were found for."""
    return float(lines.rows["spend"].sum() / tables[0]["spend"].sum())


def _put(lines: Lines, tables: list[pd.DataFrame], patterns: tuple[Pattern, ...]) -> pd.DataFrame:
    """The lines as rows of a table; their results are first guesses, by money."""
    rows = lines.rows
    put = pd.DataFrame(dict.fromkeys(DIMENSIONS, -1), index=rows.index)
    put["spend"] = rows["spend"]
    for number, (part, pattern) in enumerate(zip(lines.parts, patterns, strict=True)):
        at = rows[f"part {number}"].to_numpy()
        for dimension in pattern:
            put[dimension] = part[dimension].to_numpy()[at]
    first = lines.parts[0].iloc[rows["part 0"].to_numpy()].reset_index(drop=True)
    put["start"], put["days"] = first["start"], first["days"]
    counted = [part["counted"].to_numpy()[rows[f"part {k}"]] for k, part in enumerate(lines.parts)]
    put["whole"] = np.minimum.reduce(counted)
    put["counted"] = put["whole"] * rows["chance"]
    for column in tables[0]:
        if column in COUNTS or str(column).startswith(RESULT_PREFIX):
            put[column] = _guessed(lines, tables, patterns, str(column))
    return put


def _guessed(lines: Lines, tables: list[pd.DataFrame], patterns: tuple[Pattern, ...], column: str) -> Array:
    """Results of each line by its part of the money of the first table's row that tells them; NaN where none does."""
    guess = np.full(len(lines.rows), np.nan)
    money = lines.rows["spend"].to_numpy()
    tells = _telling([float(table[column].sum()) for table in tables])
    for number, (table, pattern) in enumerate(zip(tables, patterns, strict=True)):
        if not tells[number] or table[column].isna().all():
            continue
        by = ["cell", *sorted(pattern)]
        sums = table.groupby(by)[column].sum(min_count=1)
        part = lines.parts[number]
        told = sums.reindex(pd.MultiIndex.from_frame(part[by])).to_numpy(dtype=np.float64)
        at = lines.rows[f"part {number}"].to_numpy()
        guess = np.where(np.isnan(guess), told[at] * money / part["spend"].to_numpy()[at], guess)
    return guess


def _telling(totals: list[float]) -> list[bool]:
    """Which tables count, by the results of each."""
    return [total >= TOLD * max(totals) for total in totals]


def _margin(seen: Observations, sums: Observations, lines: Mask, pattern: Pattern) -> Margin:
    """Which sum each observation of a line is a part of."""
    row = np.flatnonzero(lines)
    columns = [(each.week, *(each.codes[d] for d in sorted(pattern))) for each in (seen, sums)]
    key = packed([np.append(mine[row], theirs) for mine, theirs in zip(*columns, strict=True)])
    keys, number = np.unique(key[len(row) :], return_inverse=True)
    counts = np.bincount(number, sums.counts, len(keys)).astype(np.float64)
    part = np.minimum(np.searchsorted(keys, key[: len(row)]), len(keys) - 1)
    known = keys[part] == key[: len(row)]
    return Margin(row[known], part[known], counts, pattern)


def _bits(codes: Mapping[str, NDArray[np.int32]]) -> NDArray[np.int64]:
    """Shape (rows,), one bit for each dimension that a row is broken down by."""
    known = np.column_stack([codes[d] >= 0 for d in DIMENSIONS])
    bits: NDArray[np.int64] = known @ (1 << np.arange(len(DIMENSIONS)))
    return bits


def _bit(pattern: Pattern) -> int:
    return sum(1 << place for place, d in enumerate(DIMENSIONS) if d in pattern)
