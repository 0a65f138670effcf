"""The best money on straight pieces, for very many lines and few limits: exact, without handing all pieces to the engine.

Prices of the rows decide each piece alone: one steeper than its line's price is full, a flatter one is empty, and only
those whose slope lies next to the price are in doubt. `smoothing` finds prices that are nearly right; the engine then
solves a small program over the pieces in doubt, its prices are held against all others, and those that they would move
are added, until none is left. The answer and its prices are then those of the whole program.

Pools are few: their pieces are always in doubt. A small question is handed over whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.formulation.program import Solver, wait_of
from mediaplan.planning.many_lines.parts import Part
from mediaplan.planning.many_lines.pieces import Straight
from mediaplan.planning.many_lines.smoothing import smoothed_prices

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

FEW = 5000
"""Pieces up to which a question is handed over whole."""
IN_DOUBT = 12
"""Pieces for each row that are in doubt at first, and the least of them all."""
LEAST_IN_DOUBT = 1500
MONEY_IN_DOUBT = 0.005
"""Part of the money at the first prices that they hold, as pieces cut very fine hold little."""
EXACT = 1e-11
"""Part of the worth that pieces not handed to the engine may still move."""
NEAR = 0.03
"""Part of the limits by which sums may be off at prices that are taken as nearly right."""
ROUNDS = 60
"""Times that pieces are added; each time at least one is, and as a rule three or four rounds do."""
DEAR = 30.0
"""How much dearer than the steepest piece missing a row is at first, so that no small program is impossible."""
DEARER = (1.0, 1e3)
"""Factors of that, one after the other; what even the last leaves missing is asked of the whole program."""


@dataclass(frozen=True, eq=False)
class Sifted:
    """The best money on straight pieces.

    Attributes:
        amounts: Shape (lines,), money; of pools, what flows out of their rows.
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
        prices: Shape (rows,), of a question much like this one, or nearly right ones; `None` = not known.

    Raises:
        RuntimeError: The engine failed: our fault.
    """
    if straight.length.size <= FEW:
        return whole(straight, solver)
    if prices is None or not _near(straight, prices):
        prices = smoothed_prices(straight, prices, wait_of(solver))
    steepest = max(float(straight.slope[: straight.sums.lines].max(initial=0.0)), 1e-300)
    for factor in DEARER:
        found = _Search(straight, solver, factor * DEAR * steepest).found(prices)
        if found is not None:
            return found
    return whole(straight, solver)


def whole(straight: Straight, solver: Solver) -> Sifted | None:
    """The same by one program over all pieces."""
    real = np.flatnonzero(straight.length.ravel() > 0)
    part = Part(straight, real)
    if not len(real):
        sums, nothing = straight.sums, np.zeros(len(straight.slope))
        kept = (sums.low <= 0).all() and (sums.high >= 0).all()
        return Sifted(nothing, 0.0, 0.0, np.zeros(len(sums.low)), 0) if kept else None
    solution = solver(part.linked())
    if solution.status != "optimal":
        return None
    amounts, value = part.moved(solution.columns[: len(real)])
    return Sifted(amounts, value, value, part.prices(solution.prices), len(real))


class _Search:
    """Rounds over one set of pieces.

    `steep` is by how much a piece's slope is above its line's price at the prices of the round.
    """

    def __init__(self, straight: Straight, solver: Solver, dear: float) -> None:
        self.straight, self.solver, self.dear = straight, solver, dear

    def found(self, prices: Array) -> Sifted | None:
        """The best money; `None` where rows are missed."""
        straight = self.straight
        start = steep = straight.steep(prices)
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
            steep = straight.steep(prices)
            moved = np.where(full, -steep, steep)
            moved.ravel()[in_doubt] = 0.0
            np.maximum(moved, 0.0, out=moved)
            moved *= straight.length
            lost = float(moved.sum())
            if lost <= EXACT * max(abs(value), 1e-300):
                return None if missing else Sifted(amounts, value, value + lost, prices, len(in_doubt))
            in_doubt = np.union1d(in_doubt, _most(moved.ravel(), len(in_doubt)))
        raise RuntimeError("the prices of the pieces do not settle")

    def nearest(self, steep: Array, part: float) -> Index:
        """Pieces whose slope is nearest to the price, enough of them to hold a part of the money; and all of pools."""
        straight, width = self.straight, self.straight.slope.shape[1]
        ours = straight.sums.lines * width
        lengths = straight.length.ravel()
        pools = ours + np.flatnonzero(lengths[ours:] > 0)
        real = np.flatnonzero(lengths[:ours] > 0)
        count = max(LEAST_IN_DOUBT, IN_DOUBT * straight.sums.limits)
        if part >= 1.0 or count >= len(real):
            return np.concatenate([real, pools])
        far, length = np.abs(steep.ravel()[real]), lengths[real]
        asked = part * float(length[steep.ravel()[real] > 0].sum())
        while count < len(real):
            near = np.argpartition(far, count)[:count]
            if float(length[near].sum()) >= asked:
                return np.concatenate([np.sort(real[near]), pools])
            count *= 2
        return np.concatenate([real, pools])

    def solved(self, full: Mask, in_doubt: Index) -> tuple[Array, float, Array, bool] | None:
        """Money, worth and prices where only the pieces in doubt move, and whether a row is missed."""
        part = Part(self.straight, in_doubt, full)
        program, short = part.elastic(self.dear)
        solution = self.solver(program)
        if solution.status != "optimal":
            return None
        amounts, value = part.moved(solution.columns[: len(in_doubt)])
        missing = bool((solution.columns[short] > EXACT).any())
        return amounts, value, part.prices(solution.prices), missing


def _near(straight: Straight, prices: Array) -> bool:
    """Whether the steeper pieces at those prices add up to about what the priced limits allow."""
    sums = straight.sums
    filled = np.where(straight.steep(prices) > 0, straight.length, 0.0).sum(axis=1)
    now = sums.of(filled)[: sums.limits]
    low, high, paid = sums.low[: sums.limits], sums.high[: sums.limits], prices[: sums.limits]
    # A priced limit is to be met, the others only kept.
    over = np.where(paid > 0, np.abs(now - high), now - high) > NEAR * np.abs(high)
    under = np.where(paid < 0, np.abs(now - low), low - now) > NEAR * np.abs(low)
    return not bool((over | under).any())


def _most(moved: Array, count: int) -> Index:
    """The `count` largest that are above nothing."""
    calling = np.flatnonzero(moved > 0)
    if len(calling) > count:
        calling = calling[np.argpartition(-moved[calling], count)[:count]]
    return calling
