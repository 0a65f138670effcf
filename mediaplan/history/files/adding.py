"""Pieces of a large table become one: rows of the same dates and names are added up as they come, in little memory.

Where the pieces come from (`large`, `batches`) is no matter here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.tables.tables import Table
from mediaplan.words import Sentence

PIECE = 200_000
"""Rows of a piece."""

MOST_ODD = 20_000
"""Rows that can't be added up, beyond which the file is no plain one."""

MOST_DIGITS = 6
"""Digits behind the point up to which sums are exact."""

_DENSE = 4
"""Places per row up to which every combination of keys may have a place of its own, taken or not."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Wanted:
    """Which columns of a file matter.

    Attributes:
        positions: Where they stand, in order.
        header: Their names, trimmed.
        figures: Positions of those that hold figures to be added up; the others are keys.
        spend: Position of the money.
        titles: By position, the name as it stands in the file.
    """

    positions: tuple[int, ...]
    header: tuple[str, ...]
    figures: frozenset[int]
    spend: int
    titles: Mapping[int, str]

    @property
    def keys(self) -> tuple[int, ...]:
        """Positions of dates and names."""
        return tuple(at for at in self.positions if at not in self.figures)


@dataclass(frozen=True, eq=False)
class Gathered:
    """All pieces of a file.

    Attributes:
        together: One row for each combination of keys: by position keys as categories and figures as numbers, and
            `line`, where it stands first.
        odd: Rows that can't be added up, as they stand.
        count: Rows that were added up.
    """

    together: pd.DataFrame
    odd: pd.DataFrame
    count: int

    def table(self, file: str, wanted: Wanted) -> Table:
        """The rows by line; a warning says how many were added up."""
        order = np.argsort(np.concatenate([self.together["line"], self.odd["line"]]), kind="stable")
        cells = []
        for at in wanted.positions:
            if at in wanted.figures and self.odd.empty:
                cells.append(self.together[at].to_numpy()[order])
                continue
            both = np.concatenate([_objects(self.together[at]), _objects(self.odd[at])])
            cells.append(both[order])
        lines = np.concatenate([self.together["line"].to_numpy(), self.odd["line"].to_numpy()])[order]
        warnings: tuple[Sentence, ...] = ()
        if len(self.together) < self.count:
            warnings = (
                Sentence(
                    "{file}: {count} rows were added up to {kept}: those of the same dates and names.",
                    file=file,
                    count=self.count,
                    kept=len(self.together),
                ),
            )
        return Table(file, wanted.header, tuple(cells), lines.astype(np.int64), warnings, is_added_up=True)


def _objects(column: pd.Series[Any]) -> NDArray[np.object_]:
    """Cells as objects, nothing as `None`."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = np.append(column.cat.categories.to_numpy(dtype=object), [None])
        return np.asarray(texts[column.cat.codes.to_numpy()])
    held = column.to_numpy(dtype=object)
    cells = held.copy()
    cells[np.asarray(pd.isna(held))] = None
    return cells


def gathered(
    pieces: Iterable[pd.DataFrame], wanted: Wanted, proved: frozenset[int] = frozenset()
) -> Gathered | None:
    """All pieces added up; `None` where too many rows can't be, or where something is no plain number.

    Args:
        pieces: Each with a column for each position: keys as categories of text, figures as numbers where all are; and
            `line`, where each row stands.
        wanted: What the columns are.
        proved: Figures whose point is a decimal mark beyond doubt.
    """
    unclear: set[int] = set()
    found: list[pd.DataFrame] = []
    odd: list[pd.DataFrame] = []
    count = 0
    for piece in pieces:
        if any(np.isinf(_numbers(piece[at])).any() for at in wanted.figures):
            return None  # what readers make of “inf”, which is no number here
        rows, strange = _parted(piece, wanted)
        odd.append(strange)
        if sum(map(len, odd)) > MOST_ODD:
            return None
        proved, unclear = _decided(rows, wanted, proved, unclear)
        count += len(rows)
        found.append(_summed(rows, wanted))
        if sum(map(len, found)) > 4 * PIECE:
            found = [_summed(_joined(found, wanted), wanted)]
    if not found or unclear - proved:
        return None
    return Gathered(_summed(_joined(found, wanted), wanted), pd.concat(odd), count)


def _decided(
    rows: pd.DataFrame, wanted: Wanted, proved: frozenset[int], unclear: set[int]
) -> tuple[frozenset[int], set[int]]:
    """The figures whose point is a decimal mark, and those with points of which nothing tells.

    A thousand is never written 0.xxx, 1234.xxx or with other than three digits behind the point.
    """
    sure = set(proved)
    for at in wanted.figures - proved:
        values = rows[at].to_numpy()
        parts = values[np.isfinite(values) & (values != np.floor(values))]
        whole = np.abs(parts * 1000 - np.round(parts * 1000)) < 1e-6 * np.abs(parts)
        if (~whole | (parts < 1) | (parts >= 1000)).any():
            sure.add(at)
        elif len(parts):
            unclear = unclear | {at}
    return frozenset(sure), unclear


def _parted(piece: pd.DataFrame, wanted: Wanted) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows whose figures can be added up, and the others as they stand: text, below zero, no money told."""
    strange = piece[wanted.spend].isna().to_numpy()
    plain = piece.copy(deep=False)
    for at in wanted.figures:
        plain[at] = values = _numbers(piece[at])
        if values.min(initial=0.0) >= 0:  # NaN, so false, where anything is not told
            continue
        unread = np.isnan(values) & piece[at].notna().to_numpy()
        strange = strange | unread | (values < 0)
    if not strange.any():
        return plain, piece[:0].copy()  # a view would keep the whole piece
    blank = piece[list(wanted.positions)].isna().all(axis=1).to_numpy()
    return plain[~strange], piece[strange & ~blank]


def _numbers(column: pd.Series[Any]) -> Floats:
    return np.asarray(pd.to_numeric(column, errors="coerce"), dtype=np.float64)


def _summed(rows: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """One row for each combination of keys, at its first line; a figure that no row tells is NaN."""
    places, size = _places(rows, wanted)
    first = np.full(size, -1, dtype=np.intp)
    first[places[::-1]] = np.arange(len(rows))[::-1]
    taken = first >= 0
    kept = rows.iloc[first[taken]]
    sums = {at: _sums(places, rows[at].to_numpy(), size)[taken] for at in wanted.figures}
    columns = {name: sums.get(name, kept[name]) for name in rows.columns}  # type: ignore[call-overload]
    return pd.DataFrame(columns, index=kept.index, copy=False)


def _places(rows: pd.DataFrame, wanted: Wanted) -> tuple[NDArray[np.intp], int]:
    """A number for each row, the same for the same keys, and one more than the highest there may be."""
    combined = np.zeros(len(rows), dtype=np.int64)
    span = 1
    for at in wanted.keys:
        size = len(rows[at].cat.categories) + 1
        if span > 2**62 // size:
            combined, different = pd.factorize(combined)
            span = len(different)
        combined, span = combined * size + rows[at].cat.codes.to_numpy() + 1, span * size
    if span <= _DENSE * len(rows):
        return combined, span
    places, different = pd.factorize(combined)
    return places, len(different)


def _sums(places: NDArray[np.intp], values: Floats, count: int) -> Floats:
    """The sum at each place, exact where the values have few digits; NaN where nothing is told."""
    told = ~np.isnan(values)
    whole = bool(told.all())
    filled, unit = values if whole else np.where(told, values, 0.0), 1.0
    for digits in range(MOST_DIGITS + 1):
        scaled = np.round(filled * 10.0**digits)
        if (scaled / 10.0**digits == filled).all():
            filled, unit = scaled, 10.0**digits
            break
    sums = np.asarray(np.bincount(places, weights=filled, minlength=count) / unit, dtype=np.float64)
    if not whole:
        sums[np.bincount(places[told], minlength=count) == 0] = np.nan
    return sums


def _joined(found: Sequence[pd.DataFrame], wanted: Wanted) -> pd.DataFrame:
    """Pieces under each other, their keys with common categories."""
    rows: dict[Any, Any] = {
        at: pd.api.types.union_categoricals([piece[at] for piece in found])
        if at in wanted.keys
        else np.concatenate([piece[at].to_numpy() for piece in found])
        for at in (*wanted.positions, "line")
    }
    return pd.DataFrame(rows)
