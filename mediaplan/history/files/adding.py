"""Pieces of a large table become one: rows of the same dates and names are added up as they come, in little memory.

Where the pieces come from (`large`, `batches`) is no matter here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.tables.tables import Table

PIECE = 200_000
"""Rows of a piece."""

MOST_ODD = 20_000
"""Rows that can't be added up, beyond which the file is no plain one."""

MOST_DIGITS = 6
"""Digits behind the point up to which sums are exact."""

_DENSE = 4
"""Places per row up to which every combination of keys may have a place of its own, taken or not."""

_FEW = 100
"""Values that are looked at before all of them are."""

Codes = NDArray[np.signedinteger]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


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
class Piece:
    """Some rows of a file, column by column.

    Attributes:
        names: By position of each key, each row's place among some texts (-1: nothing stands there), and those texts.
        figures: By position of each figure, its cells: numbers, NaN where nothing stands; objects where some are none.
        lines: Shape (rows,), where each row stands.
    """

    names: Mapping[int, tuple[Codes, Sequence[str]]]
    figures: Mapping[int, NDArray[Any]]
    lines: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Texts:
    """The different texts of one column of a file, in the order in which they came, each with its place."""

    places: dict[str, int] = field(default_factory=dict)

    def coded(self, codes: Codes, texts: Sequence[str]) -> Codes:
        """Places among the texts of a piece become places among those of the file; -1 stays."""
        places = self.places
        known = [places.setdefault(text, len(places)) for text in texts]
        return np.array([*known, -1], dtype=np.int64)[codes]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that can be added up.

    Attributes:
        keys: By position, places among texts (-1: nothing).
        sizes: By position of a key, how many texts there are.
        figures: By position, numbers; NaN where nothing is told.
        lines: Where each row stands, or the first of those that it adds up.
    """

    keys: Mapping[int, Codes]
    sizes: Mapping[int, int]
    figures: Mapping[int, Floats]
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lines)

    def where(self, kept: Flags) -> Rows:
        """Some of the rows."""
        keys = {at: codes[kept] for at, codes in self.keys.items()}
        figures = {at: values[kept] for at, values in self.figures.items()}
        return Rows(keys, self.sizes, figures, self.lines[kept])


@dataclass(frozen=True, eq=False)
class Gathered:
    """All pieces of a file.

    Attributes:
        together: One row for each combination of keys.
        texts: By position of a key, its texts.
        odd: Rows that can't be added up, as they stand: by position, objects; and `line`.
        count: Rows that were added up.
    """

    together: Rows
    texts: Mapping[int, Texts]
    odd: pd.DataFrame
    count: int

    def table(self, file: str, wanted: Wanted) -> Table:
        """The rows by line."""
        lines = np.concatenate([self.together.lines, self.odd["line"].to_numpy(dtype=np.int64)])
        order = np.argsort(lines, kind="stable")
        cells = []
        for at in wanted.positions:
            if at in wanted.figures and self.odd.empty:
                cells.append(self.together.figures[at][order])
                continue
            both = np.concatenate([self._objects(at), _cells(self.odd[at].to_numpy(dtype=object))])
            cells.append(both[order])
        added = self.count - len(self.together)
        return Table(file, wanted.header, tuple(cells), lines[order], added_up=added)

    def _objects(self, at: int) -> NDArray[np.object_]:
        """The cells of a column, nothing as `None`."""
        if at in self.texts:
            return _named(self.together.keys[at], list(self.texts[at].places))
        return _cells(self.together.figures[at])


def gathered(
    pieces: Iterable[Piece], wanted: Wanted, proved: frozenset[int] = frozenset()
) -> Gathered | None:
    """All pieces added up; `None` where too many rows can't be, or where something is no plain number.

    Args:
        pieces: In the order of the file.
        wanted: What the columns are.
        proved: Figures whose point is a decimal mark beyond doubt.
    """
    unclear: set[int] = set()
    texts = {at: Texts() for at in wanted.keys}
    found: list[Rows] = []
    odd = [_nothing(wanted)]
    count = 0
    for piece in pieces:
        parted = _parted(piece, wanted)
        if parted is None:
            return None
        rows, strange = parted
        odd.append(strange)
        if sum(map(len, odd)) > MOST_ODD:
            return None
        proved, unclear = _decided(rows, wanted, proved, unclear)
        count += len(rows)
        found.append(_renamed(_summed(rows), piece, texts))
        if sum(map(len, found)) > 4 * PIECE:
            found = [_summed(_joined(found, texts))]
    if not found or unclear - proved:
        return None
    return Gathered(_summed(_joined(found, texts)), texts, pd.concat(odd, ignore_index=True), count)


def _decided(
    rows: Rows, wanted: Wanted, proved: frozenset[int], unclear: set[int]
) -> tuple[frozenset[int], set[int]]:
    """The figures whose point is a decimal mark, and those with points of which nothing tells.

    A thousand is never written 0.xxx, 1234.xxx or with other than three digits behind the point.
    """
    sure = set(proved)
    for at in wanted.figures - proved:
        values = rows.figures[at]
        parts = values[np.isfinite(values) & (values != np.floor(values))]
        whole = np.abs(parts * 1000 - np.round(parts * 1000)) < 1e-6 * np.abs(parts)
        if (~whole | (parts < 1) | (parts >= 1000)).any():
            sure.add(at)
        elif len(parts):
            unclear = unclear | {at}
    return frozenset(sure), unclear


def _parted(piece: Piece, wanted: Wanted) -> tuple[Rows, pd.DataFrame] | None:
    """Rows whose figures can be added up, and the others as they stand: text, below zero, no money told.

    `None` where a figure is what readers make of “inf”, which is no number here, or has more digits than any number.
    """
    try:
        figures = {at: _numbers(cells) for at, cells in piece.figures.items()}
    except OverflowError:  # hundreds of digits, which the usual reading refuses with their line
        return None
    strange = np.isnan(figures[wanted.spend])
    for at, values in figures.items():
        if values.min(initial=0.0) >= 0:  # NaN, so false, where anything is not told
            if np.isinf(values.max(initial=0.0)):
                return None
            continue
        if np.isinf(values).any():
            return None
        strange = strange | (np.isnan(values) & ~_is_blank(piece.figures[at])) | (values < 0)
    keys = {at: codes for at, (codes, _) in piece.names.items()}
    sizes = {at: len(texts) for at, (_, texts) in piece.names.items()}
    rows = Rows(keys, sizes, figures, piece.lines)
    if not strange.any():
        return rows, _nothing(wanted)
    return rows.where(~strange), _as_they_stand(piece, wanted, strange)


def _as_they_stand(piece: Piece, wanted: Wanted, which: Flags) -> pd.DataFrame:
    """Some rows of a piece, cell by cell; blank rows are left out."""
    cells: dict[Any, NDArray[Any]] = {
        at: _named(piece.names[at][0][which], piece.names[at][1])
        if at in piece.names
        else _cells(piece.figures[at][which])
        for at in wanted.positions
    }
    rows = pd.DataFrame(cells | {"line": piece.lines[which]})
    return rows[rows[list(wanted.positions)].notna().any(axis=1)]


def _nothing(wanted: Wanted) -> pd.DataFrame:
    """No rows as they stand."""
    cells: dict[Any, NDArray[Any]] = {at: np.empty(0, dtype=object) for at in wanted.positions}
    return pd.DataFrame(cells | {"line": np.empty(0, dtype=np.int64)})


def _is_blank(cells: NDArray[Any]) -> Flags:
    return np.asarray(pd.isna(cells), dtype=bool)


def _cells(column: NDArray[Any]) -> NDArray[np.object_]:
    """Cells as objects, nothing as `None`."""
    cells = column.astype(object)
    cells[_is_blank(column)] = None
    return cells


def _named(codes: Codes, texts: Sequence[str]) -> NDArray[np.object_]:
    """The text at each place, nothing as `None`."""
    return np.array([*texts, None], dtype=object)[codes]


def _numbers(cells: NDArray[Any]) -> Floats:
    return np.asarray(pd.to_numeric(cells, errors="coerce"), dtype=np.float64)


def _summed(rows: Rows) -> Rows:
    """One row for each combination of keys, at its first line; a figure that no row tells is NaN."""
    places, size = _places(rows)
    first = np.full(size, -1, dtype=np.intp)
    first[places[::-1]] = np.arange(len(rows))[::-1]
    taken = first >= 0
    kept = first[taken]
    keys = {at: codes[kept] for at, codes in rows.keys.items()}
    figures = {at: _sums(places, values, size)[taken] for at, values in rows.figures.items()}
    return Rows(keys, rows.sizes, figures, rows.lines[kept])


def _places(rows: Rows) -> tuple[NDArray[np.intp], int]:
    """A number for each row, the same for the same keys, and one more than the highest there may be."""
    combined = np.zeros(len(rows), dtype=np.int64)
    span = 1
    for at, codes in rows.keys.items():
        size = rows.sizes[at] + 1
        if span > 2**62 // size:
            combined, different = pd.factorize(combined)
            span = len(different)
        combined, span = combined * size + codes + 1, span * size
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
        if not _is_whole(filled[:_FEW], 10.0**digits):
            continue  # so most columns are gone through once
        if _is_whole(filled, 10.0**digits):
            filled, unit = np.round(filled * 10.0**digits), 10.0**digits
            break
    sums = np.asarray(np.bincount(places, weights=filled, minlength=count) / unit, dtype=np.float64)
    if not whole:
        sums[np.bincount(places[told], minlength=count) == 0] = np.nan
    return sums


def _is_whole(values: Floats, unit: float) -> bool:
    """Whether all values are whole numbers of the unit's inverse: cents where it is 100."""
    return bool((np.round(values * unit) / unit == values).all())


def _renamed(rows: Rows, piece: Piece, texts: Mapping[int, Texts]) -> Rows:
    """Rows of a piece, their keys as places among the texts of the file."""
    keys = {at: texts[at].coded(codes, piece.names[at][1]) for at, codes in rows.keys.items()}
    return Rows(keys, rows.sizes, rows.figures, rows.lines)


def _joined(found: Sequence[Rows], texts: Mapping[int, Texts]) -> Rows:
    """Rows of several pieces under each other."""
    one = found[0]
    return Rows(
        {at: np.concatenate([rows.keys[at] for rows in found]) for at in one.keys},
        {at: len(held.places) for at, held in texts.items()},
        {at: np.concatenate([rows.figures[at] for rows in found]) for at in one.figures},
        np.concatenate([rows.lines for rows in found]),
    )
