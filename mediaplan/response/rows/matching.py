"""Cells whose lines are seen without a search, or after a short one.

Two tables by post of which one tells 12.40 and 30.10 on two channels, the other 12.40 and 30.10 on two audiences, tell of
two lines. A table with a single row says nothing of which line is which, and agrees with any. Where amounts don't match one
to one, a few searches that all find the same lines, and no more of them than the longest table has rows, are enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.rows.coupling import EQUAL, Cells, Coupled

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

APART = 2.0 * EQUAL
"""Units by which the amounts of a cell differ at least, for its lines to be told by them."""

SURE = 0.99
"""Chance of each line of a cell from which its searches agree."""


@dataclass(frozen=True, eq=False)
class Puzzle:
    """Cells of which the lines of some are known.

    Attributes:
        cells: All of them.
        settled: What those that are known hold.
        left: Shape (open cells,), the others.
    """

    cells: Cells
    settled: Coupled
    left: Index

    @classmethod
    def of(cls, cells: Cells) -> Puzzle:
        """What amounts tell by themselves."""
        found, told = _matched(cells)
        return cls(cells, found, np.flatnonzero(~told))

    @property
    def open(self) -> Cells:
        """The cells that are not known."""
        return self.cells.some(self.left)

    def with_found(self, found: Coupled) -> Coupled:
        """What all cells hold, those that are open as `found`."""
        agreed = self.settled.agreed.copy()
        agreed[self.left] = found.agreed
        return Coupled(
            np.append(self.settled.cell, self.left[found.cell]),
            np.append(self.settled.combination, found.combination),
            np.append(self.settled.money, found.money),
            np.append(self.settled.chance, found.chance),
            agreed,
        )

    def settle(self, found: Coupled) -> tuple[Puzzle, Coupled]:
        """The puzzle with those open cells settled that `found` is sure of, and what it says of the others."""
        sure = _sure(self.open, found)
        number = np.cumsum(~sure) - 1
        known = _taken(found, sure[found.cell])
        others = _taken(found, ~sure[found.cell])
        settled = self.with_found(replace(known, agreed=np.where(sure, found.agreed, 0.0)))
        others = replace(others, cell=number[others.cell], agreed=found.agreed[~sure])
        return Puzzle(self.cells, settled, self.left[~sure]), others


def _taken(found: Coupled, chosen: Mask) -> Coupled:
    """Only the chosen entries."""
    cell, combination = found.cell[chosen], found.combination[chosen]
    return Coupled(cell, combination, found.money[chosen], found.chance[chosen], found.agreed)


def _sure(block: Cells, found: Coupled) -> Mask:
    """Shape (cells,), whether all searches found the same lines, as few as can be, and amounts tell them apart."""
    cells = len(block.line)
    most = np.column_stack([(amounts > 0).sum(axis=1) for amounts in block.amounts]).max(axis=1)
    doubtful = np.bincount(found.cell, found.chance < SURE, cells) > 0
    sure: Mask = (np.bincount(found.cell, minlength=cells) == most) & ~doubtful
    for amounts in block.amounts:
        rising = np.sort(amounts, axis=1)
        sure &= ((np.diff(rising, axis=1) > APART) | (rising[:, :-1] <= 0)).all(axis=1)
    return sure


def _matched(block: Cells) -> tuple[Coupled, Mask]:
    """The lines of the cells that need no search, and which these are, shape (cells,)."""
    several = np.column_stack([(amounts > 0).sum(axis=1) for amounts in block.amounts])
    most = several.max(axis=1)
    alone = (several == 1) & (most > 1)[:, None]
    told: Mask = (alone | (several == most[:, None])).all(axis=1)
    chosen = np.flatnonzero(told)
    mine, alone, most = block.some(chosen), alone[chosen], most[chosen]
    row, money = _ordered(mine, alone, int(most.max(initial=1)))
    line = np.arange(money.shape[1]) < most[:, None]
    at = _combination(mine, row)
    fits = (~line | ((at >= 0) & _same(money))).all(axis=1)
    fits &= _distinct(money, line) | ((~alone).sum(axis=1) == 1)
    told[chosen] = fits
    cell, place = np.nonzero(line & fits[:, None])
    least = _least(money)[cell, place]
    agreed = np.bincount(chosen[cell], least, len(told)).astype(np.float64)
    return Coupled(chosen[cell], at[cell, place], least, np.ones(len(cell)), agreed), told


def _ordered(block: Cells, alone: Mask, width: int) -> tuple[Index, Array]:
    """Rows of each cell and table, those with most money first, and their money; NaN where a table has a single row.

    Returns:
        Two of shape (cells, width, tables).
    """
    rows = np.zeros((len(alone), width, alone.shape[1]), dtype=np.intp)
    money = np.zeros(rows.shape)
    for table, amounts in enumerate(block.amounts):
        order = np.argsort(-amounts, axis=1, kind="stable")[:, :width]
        several = ~alone[:, table, None]
        rows[:, : order.shape[1], table] = np.where(several, order, 0)
        money[:, : order.shape[1], table] = np.take_along_axis(amounts, order, axis=1)
        money[:, :, table] = np.where(several, money[:, :, table], np.nan)
    return rows, money


def _least(money: Array) -> Array:
    least: Array = np.fmin.reduce(money, axis=2)
    return least


def _largest(money: Array) -> Array:
    largest: Array = np.fmax.reduce(money, axis=2)
    return largest


def _same(money: Array) -> Mask:
    """Shape (cells, width), whether all tables tell the same amount."""
    same: Mask = _largest(money) - _least(money) <= EQUAL
    return same


def _distinct(money: Array, line: Mask) -> Mask:
    """Shape (cells,), whether no two lines have about the same amount."""
    gap: Array = _least(money)[:, :-1] - _largest(money)[:, 1:]
    told: Mask = (gap > APART) | ~line[:, 1:]
    distinct: Mask = np.all(told, axis=1)
    return distinct


def _combination(block: Cells, row: Index) -> Index:
    """Shape (cells, width), which combination has those rows; -1 = none."""
    shape = tuple(amounts.shape[1] for amounts in block.amounts)
    known = np.full((len(row), int(np.prod(shape))), -1, dtype=np.intp)
    cell, place = np.nonzero(block.line >= 0)
    known[cell, np.ravel_multi_index(tuple(each[cell, place] for each in block.rows), shape)] = place
    wanted = np.ravel_multi_index(tuple(np.moveaxis(row, 2, 0)), shape)
    return np.take_along_axis(known, wanted, axis=1)
