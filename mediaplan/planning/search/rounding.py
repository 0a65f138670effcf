"""Amounts become whole minor units that still keep every demand and leave nothing behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.program import Program
from mediaplan.planning.patience import ENDLESS
from mediaplan.planning.solvers.highs import solve

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

NODES = 20
"""Of branch and bound, where limits that give way are weighed against units."""
CLOSE = 1e-5
"""Minor units by which a solver's amount may miss a whole one."""
SLIGHT = 1e-9
"""Part of a unit that doubles may miss where units are counted."""


def payable(
    amounts: Array, slopes: Array, limits: Limits, terms: Sequence[Linear], objective: Objective
) -> Integers:
    """Whole amounts next to the program's, worth as much as can be.

    Each amount is its floor or the unit above, chosen together by a small integer program over the funded lines, so
    that money limits hold exactly. Ratios hold exactly where whole units allow, else within one unit on each funded
    line that they count.

    Args:
        amounts: Shape (lines,), minor units, as solved.
        slopes: Shape (lines,), worth of the next unit on each line.
        limits: Of the lines; stepped lines go to the nearest step and stay there, and those of whole units
            to the nearest unit.
        terms: Linear terms to keep, as rules say them; those that only guide are left to the program, unless they may
            give way, and then count at their price.
        objective: Whose curves tell the results.

    Returns:
        Shape (lines,), minor units.

    Raises:
        RuntimeError: No whole amounts next to these keep the terms: our fault.
    """
    # An engine's "nothing" is as much as its tolerance; a line that may be off is off, or has at least its least.
    off = ~limits.needed & (2.0 * amounts < limits.least)
    amounts = np.where(off, 0.0, amounts)
    whole = np.round(amounts / limits.step).astype(np.int64) * limits.step
    sold = objective.given
    if sold is not None and sold.whole.any():
        money = np.round(sold.whole_money(amounts * objective.major) / objective.major).astype(np.int64)
        whole[sold.line[sold.whole]] = money[sold.whole]
    in_units = (
        np.zeros(len(whole), dtype=bool) if sold is None else _marked(sold.line[sold.whole], len(whole))
    )
    loose = (limits.step == 1) & (amounts > CLOSE) & ~in_units
    base = np.where((limits.step > 1) | in_units, whole, np.floor(amounts + CLOSE).astype(np.int64))
    base = np.where(base > 0, np.clip(base, np.minimum(limits.least, base.clip(min=1)), limits.most), 0)
    base = np.where(loose & (limits.least > 0), np.maximum(base, limits.least), base)
    free = np.flatnonzero(loose)
    kept = [term for term in terms if np.isfinite(term.soft) or not term.guide]
    for slack, reach in ((0.0, 1), (1.0, 1), (1.0, 3)):
        rows = [_row(term, base, free, objective, reach) for term in kept]
        moved = _moves(base, free, slopes, limits, rows, slack, reach)
        if moved is not None:
            result = base.copy()
            result[free] += moved
            return result
    raise RuntimeError("no whole amounts keep the plan's limits")


def _marked(places: NDArray[np.intp], lines: int) -> NDArray[np.bool_]:
    mask = np.zeros(lines, dtype=bool)
    mask[places] = True
    return mask


class _Row(NamedTuple):
    """A linear term at the whole amounts from which units are moved.

    Attributes:
        weights: Shape (free lines,), what a unit adds; of results, on the curve's slope.
        low, high: What may be added.
        give: By how much whole units may miss the limit.
        blur: What doubles can't tell apart.
        soft: Worth that a unit of shortfall costs; inf = the limit holds.
        limit: Rows of the same limit fall short together (see `Linear.tangent_of`).
    """

    weights: Array
    low: float
    high: float
    give: float
    blur: float
    soft: float
    limit: int | None


def _row(term: Linear, base: Integers, free: NDArray[np.intp], objective: Objective, reach: int) -> _Row:
    """The term where units are moved; what it may miss counts the lines that stay funded whichever way they move."""
    money = base.astype(float)
    weights, now = term.weights.at(free), term.weights @ money
    give, blur = term.give(base >= reach), 1e-7
    if term.results is not None:
        slope = objective.outcome_slope(money, objective.next_counted(money, term.results))
        funded = np.isin(free, term.counted)
        give = float(np.abs(slope[free[funded]]).sum() + np.abs(weights[funded]).sum())
        weights, now = weights + slope[free], term.total(money, objective.results(money))
        blur = 1e-9 * max(abs(now), 1e-3)
    if np.isfinite(term.soft):
        give = blur = 0.0
    low, high = term.at_least - now, term.at_most - now
    return _Row(weights, low, high, give, blur, term.soft, term.tangent_of)


def _moves(
    base: Integers,
    free: NDArray[np.intp],
    slopes: Array,
    limits: Limits,
    rows: Sequence[_Row],
    slack: float,
    reach: int,
) -> Integers | None:
    """Units to add to the free lines, from `1 - reach` to `reach`; `None` where none keep the terms."""
    down = 1 - reach
    lower = np.maximum(np.full(len(free), down), np.minimum(limits.least[free] - base[free], 0)).astype(float)
    upper = np.minimum(reach, limits.most[free] - base[free]).astype(float)
    low = np.array([row.low - slack * row.give - row.blur for row in rows])
    high = np.array([row.high + slack * row.give + row.blur for row in rows])
    if len(free) == 0:
        kept = all(np.isfinite(r.soft) or (a <= 0 <= b) for r, a, b in zip(rows, low, high, strict=True))
        return np.zeros(0, dtype=np.int64) if kept else None
    upper = np.maximum(upper, lower)
    weights = np.array([row.weights for row in rows]).reshape(len(rows), len(free))
    # Of very many rules hardly any is so near its limit that a unit more or less matters.
    more, less = weights * upper, weights * lower
    near = (np.maximum(more, less).sum(axis=1) > high) | (np.minimum(more, less).sum(axis=1) < low)
    bearing = [row for row, matters in zip(rows, near, strict=True) if matters]
    if not any(np.isfinite(row.soft) for row in bearing):
        only = _only_moves(weights[near], low[near], high[near], lower, upper)
        if only is not None:
            return only
    short, price = _shortfalls(bearing)
    several = len(price)
    # Lines that are full bring nothing more: then only prices count.
    size = next((s for s in (float(np.abs(slopes[free]).max()), *price) if s > 0), 1.0)
    program = Program(
        np.concatenate([slopes[free], -price]) / size,
        np.concatenate([lower, np.zeros(several)]),
        np.concatenate([upper, np.full(several, np.inf)]),
        np.arange(len(free) + several) < len(free),
        sp.csr_array(sp.hstack([sp.csr_array(weights[near]), short])),
        low[near],
        high[near],
    )
    # Where limits give way, units are weighed against them: to do so to the last would take very long.
    solution = solve(program, replace(ENDLESS, nodes=NODES) if several else ENDLESS)
    found = solution.columns[: len(free)]
    return np.round(found).astype(np.int64) if len(solution.columns) else None


def _only_moves(weights: Array, low: Array, high: Array, lower: Array, upper: Array) -> Integers | None:
    """The moves that are left where rows alone leave one for each line, and they keep them; `None` where that is not so.

    Of straight tiers most amounts are whole already, and each limit that binds keeps them where they are.
    """
    more, less = np.maximum(weights * upper, weights * lower), np.minimum(weights * upper, weights * lower)
    size = np.where(weights == 0, 1.0, np.abs(weights))
    # By how much each line may leave its cheapest, and its dearest, place in each row.
    under = np.floor((high - less.sum(axis=1))[:, None] / size + SLIGHT)
    over = np.floor((more.sum(axis=1) - low)[:, None] / size + SLIGHT)
    rising, falling = weights > 0, weights < 0
    most = np.where(rising, lower + under, np.where(falling, lower + over, upper)).min(axis=0, initial=np.inf)
    least = np.where(rising, upper - over, np.where(falling, upper - under, lower)).max(
        axis=0, initial=-np.inf
    )
    least, most = np.maximum(least, lower), np.minimum(most, upper)
    if (least != most).any():
        return None
    total = weights @ least
    return least.astype(np.int64) if ((total >= low) & (total <= high)).all() else None


def _shortfalls(rows: Sequence[_Row]) -> tuple[sp.csr_array, Array]:
    """Columns by which rows fall short, shape (rows, columns), and what a unit of each costs."""
    places: dict[tuple[str, float], int] = {}
    entries: list[tuple[int, int, float]] = []
    price: list[float] = []
    for number, row in enumerate(rows):
        for limit, sign in ((row.low, 1.0), (row.high, -1.0)):
            if not (np.isfinite(row.soft) and np.isfinite(limit)):
                continue
            key = ("of its own", sign * (number + 1)) if row.limit is None else ("of a limit", row.limit)
            if key not in places:
                places[key] = len(places)
                price.append(row.soft)
            entries.append((number, places[key], sign))
    at, column, signs = zip(*entries, strict=True) if entries else ((), (), ())
    shape = (len(rows), len(places))
    return sp.csr_array(sp.coo_array((np.array(signs, dtype=float), (at, column)), shape=shape)), np.array(
        price
    )
