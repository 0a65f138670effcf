"""The rows of several tables, sorted into the cells that `coupling` searches, and what it found, as rows of lines again.

A cell holds the rows of all tables that may share money: same dates, same names of all that the tables have in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.rows.coupling import FEWEST, Cells, Coupled, coupled
from mediaplan.response.rows.matching import Puzzle

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Pattern = frozenset[str]

SAME = 0.05
"""Relative difference up to which the tables' money of a cell is the same."""

LARGEST = 4_000_000
"""Combinations of rows, times lines that any amounts can be made of, up to which a cell is searched."""

MOST = 60_000_000
"""The same of all cells: time and memory."""

SPARED = 0.5
"""Lines on average, out of the searches that weigh, that a cell needs less where its amounts tell."""

FINEST = 5_000.0
"""Units to which the money of a cell is told at least: to a whole unit, amounts of a few units all look alike."""

HOPELESS = 0.2
"""Part of the money in cells whose amounts tell their lines, as few searches find, below which no more are made."""

NUMBERS = 1_048_573
"""A prime: lines beyond so many share numbers, and with them what is known of their likelihood."""


@dataclass(frozen=True, eq=False)
class Lines:
    """What the searches found.

    Attributes:
        rows: One row for each possible line of each cell: `part 0`, … (the part of each table), `cell`, `spend`, `chance`.
        parts: Of each table: the sums of its rows by cell and names, with the codes of what it is broken down by, `cell`,
            `start`, `days`, `counted`, `spend`.
        agreed: Part of the money of these cells that two searches put on the same lines.
        fewer: Part of it in cells that need fewer lines than any amounts would.
    """

    rows: pd.DataFrame
    parts: tuple[pd.DataFrame, ...]
    agreed: float
    fewer: float

    @property
    def cells(self) -> Numbers:
        """Those that lines were found in."""
        found: Numbers = self.rows["cell"].unique()
        return found


def lines_of(
    tables: Sequence[pd.DataFrame], patterns: Sequence[Pattern], sizes: Mapping[str, int], unit: float
) -> Lines | None:
    """Search the lines that the rows of several tables are sums of.

    Args:
        tables: Columns of codes for each dimension, `cell`, `start`, `days`, `counted`, `spend` (major units).
        patterns: What each is broken down by.
        sizes: Number of names of each dimension.
        unit: Minor units in a major unit.

    Returns:
        What was found; `None` where no cell can be searched.
    """
    parts = tuple(_parts(table, pattern) for table, pattern in zip(tables, patterns, strict=True))
    good = _searchable(parts)
    if not len(good):
        return None
    parts = tuple(part[part["cell"].isin(good)].reset_index(drop=True) for part in parts)
    blocks = list(_blocks(parts, patterns, sizes, unit))
    found = _found(blocks, parts)
    if found is None:
        return None
    rows = _rows(blocks, found)
    spent = parts[0].groupby("cell")["spend"].sum()
    rows["spend"] *= rows["cell"].map(spent) / rows.groupby("cell")["spend"].transform("sum")
    agreed = sum(float((one.agreed / block.units).sum()) for block, one in zip(blocks, found, strict=True))
    return Lines(rows, parts, agreed / float(spent.sum()), _fewer(rows, parts))


def _found(blocks: Sequence[_Block], parts: Sequence[pd.DataFrame]) -> list[Coupled] | None:
    """What each block's cells hold; `None` where few searches say that amounts don't tell it."""
    puzzles = [Puzzle.of(block.cells) for block in blocks]
    beside = [(puzzle.cells, puzzle.settled) for puzzle in puzzles]
    few = coupled([puzzle.open for puzzle in puzzles], NUMBERS, 1, FEWEST, beside)
    found = [puzzle.with_found(one) for puzzle, one in zip(puzzles, few, strict=True)]
    if _fewer(_rows(blocks, found), parts) < HOPELESS:
        return None
    settled = [puzzle.settle(one) for puzzle, one in zip(puzzles, few, strict=True)]
    beside = [(puzzle.cells, puzzle.settled) for puzzle, _ in settled]
    more = coupled([p.open for p, _ in settled], NUMBERS, beside=beside, first=[one for _, one in settled])
    return [puzzle.with_found(one) for (puzzle, _), one in zip(settled, more, strict=True)]


def _rows(blocks: Sequence[_Block], found: Sequence[Coupled]) -> pd.DataFrame:
    """What was found in all blocks."""
    each = [block.rows(one) for block, one in zip(blocks, found, strict=True)]
    return pd.DataFrame({name: np.concatenate([rows[name] for rows in each]) for name in each[0]})


def _fewer(rows: pd.DataFrame, parts: Sequence[pd.DataFrame]) -> float:
    """Part of the money in cells whose lines amounts tell: that need a line less than any amounts would, or are trivial.

    Of k tables with n rows in all, n - k + 1 lines are enough for any amounts that add up alike.
    """
    sizes = pd.concat([part.groupby("cell").size() for part in parts], axis=1)
    needed = rows.groupby("cell")["chance"].sum().reindex(sizes.index)
    trivial = ((sizes > 1).sum(axis=1) <= 1) & needed.notna()
    told = trivial | (needed <= sizes.sum(axis=1) - len(parts) + 1 - SPARED)
    return float(np.average(told, weights=parts[0].groupby("cell")["spend"].sum()))


def _parts(table: pd.DataFrame, pattern: Pattern) -> pd.DataFrame:
    """The rows of a table summed by cell and names, as `Lines` holds them."""
    own = [d for d in DIMENSIONS if d in pattern]
    table = table.assign(end=table["start"] + table["days"])
    sums = {"start": ("start", "min"), "end": ("end", "max")}
    sums |= {"counted": ("counted", "sum"), "spend": ("spend", "sum")}
    parts = table.groupby(["cell", *own], as_index=False).agg(**sums)
    parts["days"] = parts.pop("end") - parts["start"]
    parts["counted"] = np.minimum(parts["counted"], parts["days"])
    return parts


def _searchable(parts: Sequence[pd.DataFrame]) -> Numbers:
    """Cells of which all tables tell the same money, and that are not too large, the smaller ones first in doubt."""
    by_cell = [part.groupby("cell")["spend"].agg(["sum", "size"]) for part in parts]
    joined = pd.concat(by_cell, axis=1, join="inner")
    money, rows = joined["sum"].to_numpy(), joined["size"].to_numpy(dtype=np.float64)
    same = np.ptp(money, axis=1) <= SAME * money.max(axis=1)
    work = rows.prod(axis=1) * (rows.sum(axis=1) - len(parts) + 1)
    order = np.argsort(work, kind="stable")
    fits = np.zeros(len(work), dtype=bool)
    fits[order] = np.cumsum(work[order]) <= MOST
    good: Numbers = joined.index.to_numpy(dtype=np.int64)[same & fits & (work <= LARGEST)]
    return good


@dataclass(frozen=True, eq=False)
class _Block:
    """Cells of about the same size.

    Attributes:
        cells: As they are searched.
        number: Shape (cells,), of each cell.
        part: For each table shape (cells, rows), which of its parts; -1 = none.
        units: Shape (cells,), units to which amounts are told in a major unit of money.
    """

    cells: Cells
    number: Numbers
    part: tuple[Numbers, ...]
    units: Array

    def rows(self, found: Coupled) -> dict[str, Array | Numbers]:
        """What was found in these cells, columns of `Lines.rows`."""
        at = (found.cell, found.combination)
        columns: dict[str, Array | Numbers] = {
            f"part {k}": part[found.cell, rows[at]]
            for k, (part, rows) in enumerate(zip(self.part, self.cells.rows, strict=True))
        }
        columns["cell"] = self.number[found.cell]
        columns["spend"] = found.money / self.units[found.cell]
        columns["chance"] = found.chance
        return columns


def _blocks(
    parts: Sequence[pd.DataFrame], patterns: Sequence[Pattern], sizes: Mapping[str, int], unit: float
) -> Iterator[_Block]:
    """Cells sorted by size, so that few rows of nothing fill them up."""
    # a column of a table is asked for in every block: looking it up would take a third of the time
    told = [{str(name): part[name].to_numpy() for name in part} for part in parts]
    number = np.unique(told[0]["cell"])
    several = np.column_stack([part.groupby("cell").size().to_numpy() for part in parts])
    padded = np.where(several <= 4, several, 2 ** np.ceil(np.log2(several))).astype(np.int64)
    for shape in np.unique(padded, axis=0):
        mine = (padded == shape).all(axis=1)
        placed = [
            _placed(part["cell"], number[mine], int(rows)) for part, rows in zip(told, shape, strict=True)
        ]
        money = [np.where(at >= 0, part["spend"][at], 0.0) for part, at in zip(told, placed, strict=True)]
        whole = money[0].sum(axis=1)
        factor = np.maximum(unit, FINEST / whole)
        amounts = tuple(_scaled(each, whole) * factor[:, None] for each in money)
        yield _Block(_combined(amounts, told, patterns, sizes, placed), number[mine], tuple(placed), factor)


def _scaled(money: Array, whole: Array) -> Array:
    """Amounts that add up to the whole of each cell; as they are where only rounding is between them."""
    total = money.sum(axis=1)
    factor = np.where(np.abs(total - whole) <= 1e-4 * whole, 1.0, whole / total)
    scaled: Array = money * factor[:, None]
    return scaled


def _placed(cell: Numbers, number: Numbers, rows: int) -> Numbers:
    """Shape (cells, rows), which parts each cell holds; -1 behind the last. `cell` is that of each part, rising."""
    first, last = (np.searchsorted(cell, number, side=side) for side in ("left", "right"))
    at = first[:, None] + np.arange(rows)
    return np.where(at < last[:, None], at, -1).astype(np.int64)


def _combined(
    amounts: tuple[Array, ...],
    parts: Sequence[Mapping[str, Array | Numbers]],
    patterns: Sequence[Pattern],
    sizes: Mapping[str, int],
    placed: Sequence[Numbers],
) -> Cells:
    """Cells with all combinations of one row of each table that name the same names."""
    rows = [each.ravel() for each in np.indices([at.shape[1] for at in placed], dtype=np.int16)]
    common = frozenset.intersection(*patterns)
    line = np.zeros((len(placed[0]), len(rows[0])), dtype=np.int64)
    place, possible = line.copy(), np.ones(line.shape, dtype=bool)
    seen: dict[str, Numbers] = {}
    for part, pattern, at, row in zip(parts, patterns, placed, rows, strict=True):
        mine = at[:, row]
        possible &= mine >= 0
        for dimension in sorted(pattern):
            code = part[dimension][mine].astype(np.int64)
            if dimension in seen:
                possible &= seen[dimension] == code
                continue
            seen[dimension] = code
            line = (line * sizes[dimension] + code) % NUMBERS
            if dimension not in common:
                place = (place * sizes[dimension] + code) % NUMBERS
    line = np.where(possible, line, -1)
    first = np.argsort(~possible, axis=1, kind="stable")[:, : max(int(possible.sum(axis=1).max()), 1)]
    line, place = (np.take_along_axis(each, first, axis=1) for each in (line, place))
    return Cells(amounts, tuple(row[first] for row in rows), line, place)
