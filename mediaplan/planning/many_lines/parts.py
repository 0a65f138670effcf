"""A program over some of a question's straight pieces, the others being full or empty."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.planning.formulation.building import Builder
from mediaplan.planning.formulation.program import Program
from mediaplan.planning.many_lines.pieces import Straight

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


class Part:
    """A program over some of the pieces, the others full or empty; its numbers are of like size.

    Attributes:
        money: Money that one unit of a column of a line, and of a row, stands for.
        worth: Worth of one unit of the program's value, of a column of a pool, and of its row.
    """

    def __init__(self, straight: Straight, pieces: Index, full: Mask | None = None) -> None:
        self.straight, self.pieces, self.full = straight, pieces, full
        self.money = _unit(straight)
        self.worth = (
            max(float(np.abs(straight.slope[: straight.sums.lines]).max(initial=0.0)), 1e-300) * self.money
        )
        self.line = pieces // straight.slope.shape[1]
        self.slope, self.length = straight.slope.ravel()[pieces], straight.length.ravel()[pieces]
        self.column = np.full(len(straight.slope), self.money)
        self.column[straight.sums.lines :] = self.worth
        self.row = np.full(len(straight.sums.high), self.money)
        self.row[straight.sums.limits :] = self.worth

    def started(self) -> tuple[Array, Array, float]:
        """Shape (lines,) money and shape (rows,) sums of the full pieces, and their worth."""
        straight = self.straight
        if self.full is None:
            return np.zeros(len(straight.slope)), np.zeros(len(straight.sums.high)), 0.0
        money = np.where(self.full, straight.length, 0.0)
        worth = np.einsum("ij,ij->i", money, straight.slope)
        amounts = money.sum(axis=1)
        sums = straight.sums.of(amounts) - straight.sums.flow @ worth
        return amounts, sums, float(worth[straight.sums.counting].sum())

    def _columns(self, build: Builder) -> Index:
        unit = self.column[self.line]
        gain = np.where(self.straight.sums.counting[self.line], self.slope * unit / self.worth, 0.0)
        return build.add_columns(gain, self.length / unit)

    def _sums(self, build: Builder, rows: Index, columns: Index, line: Index) -> None:
        """What the columns' money, each of a line, adds to the rows."""
        straight = self.straight
        entries = sp.coo_array(straight.sums.by_line[line])
        at, row = entries.coords
        build.put(rows[row], columns[at], entries.data * self.column[line[at]] / self.row[row])
        if straight.sums.common is None or not straight.sums.common.any():
            return
        ours = np.flatnonzero(line < straight.sums.lines)
        every = build.add_columns(np.zeros(1), np.array([np.inf]), np.array([-np.inf]))
        total = build.add_rows(np.zeros(1), np.zeros(1))
        build.put(total, every, -1.0)
        build.put(np.repeat(total, len(ours)), columns[ours], 1.0)
        shared = np.flatnonzero(straight.sums.common)
        factor = straight.sums.common[shared] * self.money / self.row[shared]
        build.put(rows[shared], np.repeat(every, len(shared)), factor)

    def _flows(self, build: Builder, rows: Index, columns: Index) -> None:
        """What the pieces' worth adds to the rows of pools."""
        inside = np.flatnonzero(~self.straight.sums.counting[self.line])
        if self.straight.sums.into is not None and len(inside):
            line = self.line[inside]
            into = self.straight.sums.into[line]
            values = -self.slope[inside] * self.column[line] / self.row[into]
            build.put(rows[into], columns[inside], values)

    def elastic(self, dear: float) -> tuple[Program, Index]:
        """The program with columns by which rows that are no pools' may be missed, and their places."""
        straight, build = self.straight, Builder()
        columns = self._columns(build)
        _, now, _ = self.started()
        rows = build.add_rows((straight.sums.low - now) / self.row, (straight.sums.high - now) / self.row)
        self._sums(build, rows, columns, self.line)
        self._flows(build, rows, columns)
        places = []
        for limit, sign in ((straight.sums.low, 1.0), (straight.sums.high, -1.0)):
            asked = rows[: straight.sums.limits][np.isfinite(limit[: straight.sums.limits])]
            gain = np.array([-dear * self.money / self.worth])
            column = build.add_columns(gain, np.full(len(asked), np.inf))
            build.put(asked, column, sign)
            places.append(column)
        return build.program(), np.concatenate(places)

    def linked(self) -> Program:
        """The program with a column for each line's money beside its pieces, which keeps rows over many lines short."""
        straight, build = self.straight, Builder()
        columns = self._columns(build)
        rows = build.add_rows(straight.sums.low / self.row, straight.sums.high / self.row)
        lines, at = np.unique(self.line, return_inverse=True)
        x = build.add_columns(np.zeros(1), straight.length[lines].sum(axis=1) / self.column[lines])
        link = build.add_rows(np.zeros(len(x)), np.zeros(len(x)))
        build.put(link, x, 1.0)
        build.put(link[at], columns, -1.0)
        self._sums(build, rows, x, lines)
        self._flows(build, rows, columns)
        return build.program()

    def moved(self, columns: Array) -> tuple[Array, float]:
        """Shape (lines,) money, and worth, of what the program's columns and the full pieces say."""
        amounts, _, value = self.started()
        moved = np.clip(columns * self.column[self.line], 0.0, self.length)
        amounts += np.bincount(self.line, moved, minlength=len(amounts))
        counting = self.straight.sums.counting[self.line]
        return amounts, value + float(self.slope[counting] @ moved[counting])

    def prices(self, prices: Array) -> Array:
        """Shape (rows,): worth per unit by which a row's limit gives way."""
        found: Array = prices[: len(self.row)] * self.worth / self.row
        return found


def _unit(straight: Straight) -> float:
    """Money that one unit of a column stands for, so that numbers are of like size."""
    limits = np.abs(
        np.concatenate(
            [straight.sums.low[: straight.sums.limits], straight.sums.high[: straight.sums.limits]]
        )
    )
    limits = limits[np.isfinite(limits)]
    largest = float(limits.max(initial=0.0)) or float(straight.length[: straight.sums.lines].sum())
    return max(largest, 1e-300) / 1000.0
