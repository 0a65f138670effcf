"""The best money on straight pieces, for very many lines and few limits: exact, without handing all pieces to the engine.

    maximise Σ slope_ik · s_ik     0 ≤ s_ik ≤ length_ik     x_i = Σ_k s_ik     low ≤ rows · x ≤ high

Prices of the rows decide each piece alone: one steeper than its line's price is full, a flatter one is empty, and only
those whose slope lies next to the price are in doubt. `smoothing` finds prices that are nearly right; the engine then
solves a small program over the pieces in doubt, its prices are held against all others, and those that they would move
are added, until none is left. The answer and its prices are then those of the whole program.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.planning.building import Builder
from mediaplan.planning.program import Solver
from mediaplan.planning.smoothing import Slopes, smoothed_prices

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

IN_DOUBT = 12
"""Pieces for each row that are in doubt at first, and the least of them all."""
LEAST_IN_DOUBT = 1500
MONEY_IN_DOUBT = 0.005
"""Part of the money at the first prices that they hold, as pieces cut very fine hold little."""
EXACT = 1e-11
"""Part of the worth that pieces not handed to the engine may still move."""
ROUNDS = 60
"""Times that pieces are added; each time at least one is, and as a rule three or four rounds do."""
DEAR = 30.0
"""How much dearer than the steepest piece missing a row is at first, so that no small program is impossible."""
DEARER = (1.0, 1e3)
"""Factors of that, one after the other; what even the last leaves missing is asked of the whole program."""


@dataclass(frozen=True, eq=False)
class Straight:
    """Lines' worth in straight pieces, and the limits on their money.

    Attributes:
        slope: Shape (lines, pieces), worth per unit of money, falling along each line.
        length: Shape (lines, pieces), money, ≥ 0.
        rows: Shape (rows, lines), what a unit of a line's money adds to each limited sum.
        low, high: Shape (rows,), limits of these sums; -inf and inf where open.
    """

    slope: Array
    length: Array
    rows: sp.csr_array
    low: Array
    high: Array


@dataclass(frozen=True, eq=False)
class Sifted:
    """The best money on straight pieces.

    Attributes:
        amounts: Shape (lines,), money.
        value: Worth of it.
        bound: What the prices prove that no money is worth more than.
        prices: Shape (rows,), worth per unit by which a limit gives way; negative for lower limits.
        handed: Pieces that the engine saw in the end.
    """

    amounts: Array
    value: float
    bound: float
    prices: Array
    handed: int


def sift(straight: Straight, solver: Solver, prices: Array | None = None) -> Sifted | None:
    """The best money; `None` where none keeps the rows.

    Args:
        straight: Pieces and rows.
        solver: The engine for the small programs.
        prices: Shape (rows,), of a question much like this one; `None` = not known.

    Raises:
        RuntimeError: The engine failed: our fault.
    """
    pieces = Slopes(straight.slope, straight.length)
    prices = smoothed_prices(pieces, straight.rows, straight.low, straight.high, prices)
    steepest = float(straight.slope.max(initial=0.0))
    for factor in DEARER:
        search = _Search(straight, solver, factor * DEAR * max(steepest, 1e-300))
        found = search.found(prices)
        if found is not None:
            return found
    everything = _Search(straight, solver, np.inf)
    return everything.found(prices)


class _Search:
    """Rounds over one set of pieces.

    `steep` is by how much a piece's slope is above its line's price at the prices of the round.
    """

    def __init__(self, straight: Straight, solver: Solver, dear: float) -> None:
        self.straight, self.solver, self.dear = straight, solver, dear
        self.by_line = sp.csr_array(straight.rows.T)
        self.unit = _unit(straight)
        slope = max(float(np.abs(straight.slope).max(initial=0.0)), 1e-300)
        self.worth = slope * self.unit

    def found(self, prices: Array) -> Sifted | None:
        """The best money; `None` where rows are missed."""
        start = steep = self.steep(prices)
        part = MONEY_IN_DOUBT
        in_doubt = self.nearest(start, part)
        for _ in range(ROUNDS):
            full = steep > 0
            full.ravel()[in_doubt] = False
            answer = self.solved(full, in_doubt)
            if answer is None:
                return None
            amounts, value, prices, missing = answer
            if missing and part < 1.0:  # its prices tell of the rows that are missed, not of money
                part *= 6.0
                in_doubt = np.union1d(in_doubt, self.nearest(start, part))
                continue
            steep = self.steep(prices)
            moved = np.where(full, -steep, steep)
            moved.ravel()[in_doubt] = 0.0
            np.maximum(moved, 0.0, out=moved)
            moved *= self.straight.length
            lost = float(moved.sum())
            if lost <= EXACT * max(abs(value), self.worth * 1e-9) or not np.isfinite(self.dear):
                if missing:
                    return None
                return Sifted(amounts, value, value + lost, prices, len(in_doubt))
            in_doubt = np.union1d(in_doubt, _most(moved.ravel(), len(in_doubt)))
        raise RuntimeError("the prices of the pieces do not settle")

    def steep(self, prices: Array) -> Array:
        """Shape (lines, pieces): slope less the line's price."""
        steep: Array = self.straight.slope - (self.by_line @ prices)[:, None]
        return steep

    def nearest(self, steep: Array, part: float) -> Index:
        """Pieces whose slope is nearest to the price, enough of them to hold a part of the money."""
        real = np.flatnonzero(self.straight.length.ravel() > 0)
        count = max(LEAST_IN_DOUBT, IN_DOUBT * self.straight.rows.shape[0])
        if not np.isfinite(self.dear) or part >= 1.0 or count >= len(real):
            return real
        far, length = np.abs(steep).ravel()[real], self.straight.length.ravel()[real]
        asked = part * float(self.straight.length[steep > 0].sum())
        while count < len(real):
            near = np.argpartition(far, count)[:count]
            if float(length[near].sum()) >= asked:
                return np.sort(real[near])
            count *= 2
        return real

    def solved(self, full: Mask, in_doubt: Index) -> tuple[Array, float, Array, bool] | None:
        """Money, worth and prices where only the pieces in doubt move, and whether a row is missed."""
        straight = self.straight
        length, slope = straight.length.ravel()[in_doubt], straight.slope.ravel()[in_doubt]
        amounts = np.where(full, straight.length, 0.0).sum(axis=1)
        value = float(np.where(full, straight.slope * straight.length, 0.0).sum())
        line = in_doubt // straight.slope.shape[1]
        build = Builder()
        columns = build.add_columns(slope * self.unit / self.worth, length / self.unit)
        now = straight.rows @ amounts
        rows = build.add_rows((straight.low - now) / self.unit, (straight.high - now) / self.unit)
        entries = sp.coo_array(self.by_line[line])
        build.put(rows[entries.coords[1]], columns[entries.coords[0]], entries.data)
        short = self.elastic(build, rows)
        solution = self.solver(build.program())
        if solution.status != "optimal":
            return None
        moved = np.clip(solution.columns[: len(columns)] * self.unit, 0.0, length)
        amounts += np.bincount(line, moved, minlength=len(amounts))
        missing = bool((solution.columns[short] > EXACT).any()) if len(short) else False
        prices = solution.prices * (self.worth / self.unit)
        return amounts, value + float(slope @ moved), prices, missing

    def elastic(self, build: Builder, rows: Index) -> Index:
        """Columns by which rows may be missed, dearly; their places."""
        if not np.isfinite(self.dear):
            return np.zeros(0, dtype=np.intp)
        places = []
        for limit, sign in ((self.straight.low, 1.0), (self.straight.high, -1.0)):
            asked = rows[np.isfinite(limit)]
            gain = np.array([-self.dear * self.unit / self.worth])
            column = build.add_columns(gain, np.full(len(asked), np.inf))
            build.put(asked, column, sign)
            places.append(column)
        return np.concatenate(places)


def _unit(straight: Straight) -> float:
    """Money that one unit of a column stands for, so that numbers are of like size."""
    limits = np.abs(np.concatenate([straight.low, straight.high]))
    limits = limits[np.isfinite(limits)]
    largest = float(limits.max(initial=0.0)) or float(straight.length.sum())
    return max(largest, 1e-300) / 1000.0


def _most(moved: Array, count: int) -> Index:
    """The `count` largest that are above nothing."""
    calling = np.flatnonzero(moved > 0)
    if len(calling) > count:
        calling = calling[np.argpartition(-moved[calling], count)[:count]]
    return calling
