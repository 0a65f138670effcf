"""Demands and curves become a Program: concave curves as straight pieces, minimums in perspective form.

Columns, for lines i and pieces k:
    x_i           money of the line
    s_ik          its money on piece k: 0 ≤ s_ik ≤ length_ik
    y_i           whether it receives anything (only where it has a minimum)
    n_i           its number of steps (only where it has a step)
Rows:
    x_i = least_i·y_i + Σ_k s_ik          s_ik ≤ length_ik·y_i          x_i = step_i·n_i
    every linear term over x
Objective: Σ_i (worth_i(least_i)·y_i + Σ_k slope_ik·s_ik), slopes falling, so that pieces fill in order.

`s_ik ≤ length_ik·y_i` (the perspective form) makes the relaxation the convex hull of "nothing, or at least the
minimum on a concave curve".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.demands import Limits
from mediaplan.planning.layering import add_pools, first_loads
from mediaplan.planning.objective import Objective
from mediaplan.planning.program import Program

Array = NDArray[np.float64]
Index = NDArray[np.intp]

PIECES = 14
"""Geometric knots per line in the first round; the rounds that follow put knots where they matter."""


@dataclass(frozen=True, eq=False)
class Layout:
    """The way back from a program's columns and rows to lines and terms.

    Attributes:
        unit: Minor units of money that one unit of a column stands for.
        amount: Shape (lines,), columns x.
        term_rows: Shape (linear terms,), rows.
        pool_rows: By layer of people, shape (pools,), rows.
        worth: Objective's worth that one unit of the program's value stands for.
    """

    unit: float
    amount: Index
    term_rows: Index
    pool_rows: tuple[Index, ...]
    worth: float

    def amounts(self, columns: Array) -> Array:
        """Shape (lines,), minor units, not yet whole."""
        return columns[self.amount] * self.unit

    def prices(self, prices: Array) -> Array:
        """Shape (linear terms,): worth per minor unit by which a term's limit gives way."""
        return prices[self.term_rows] * self.worth / self.unit

    def inflow_prices(self, prices: Array) -> tuple[Array, ...]:
        """By layer of people, shape (pools,): worth of a unit of worth that flows into a pool."""
        return tuple(prices[rows] for rows in self.pool_rows)


@dataclass(frozen=True, eq=False)
class Cuts:
    """Where curves are cut into straight pieces.

    Attributes:
        lines: Shape (lines, knots), minor units, sorted from each line's least to its most.
        pools: By layer, shape (pools, knots), worth that flows in.
    """

    lines: Array
    pools: tuple[Array, ...]

    def take(self, chosen: Index) -> Cuts:
        """Only the chosen lines, by index."""
        return Cuts(self.lines[chosen], self.pools)

    def finer(self, more: Array, limits: Limits, pools: tuple[Array, ...]) -> Cuts:
        """With more knots, shape (lines, any), kept within each line's limits; and with other pools' knots."""
        inside = np.clip(more, limits.least[:, None], limits.most[:, None])
        lines = np.sort(np.concatenate([self.lines, inside], axis=1), axis=1)
        return Cuts(lines, pools)


class _Builder:
    """Columns and rows as they are added, in coordinate form."""

    def __init__(self) -> None:
        self.columns: list[tuple[Array, Array, Array, bool]] = []
        self.entries: list[tuple[Index, Index, Array]] = []
        self.limits: list[tuple[Array, Array]] = []
        self.width = 0
        self.height = 0

    def add_columns(
        self, gain: Array, upper: Array, lower: Array | None = None, *, whole: bool = False
    ) -> Index:
        count = len(upper)
        self.columns.append(
            (np.broadcast_to(gain, count), np.zeros(count) if lower is None else lower, upper, whole)
        )
        self.width += count
        return np.arange(self.width - count, self.width)

    def add_rows(self, lower: Array, upper: Array) -> Index:
        count = len(lower)
        self.limits.append((lower, upper))
        self.height += count
        return np.arange(self.height - count, self.height)

    def put(self, rows: Index, columns: Index, values: Array | float) -> None:
        self.entries.append((rows, columns, np.broadcast_to(np.asarray(values, dtype=float), rows.shape)))

    def program(self) -> Program:
        rows, columns, values = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        matrix = sp.csr_array(sp.coo_array((values, (rows, columns)), shape=(self.height, self.width)))
        whole = [np.full(len(upper), whole) for _, _, upper, whole in self.columns]
        return Program(
            np.concatenate([gain for gain, *_ in self.columns]).astype(float),
            np.concatenate([lower for _, lower, *_ in self.columns]),
            np.concatenate([upper for _, _, upper, _ in self.columns]),
            np.concatenate(whole),
            matrix,
            np.concatenate([low for low, _ in self.limits]),
            np.concatenate([high for _, high in self.limits]),
        )


def formulate(
    terms: Sequence[Linear],
    limits: Limits,
    budget: int,
    objective: Objective,
    cuts: Cuts,
    *,
    above: bool = False,
) -> tuple[Program, Layout]:
    """State the question in plain arrays.

    Args:
        terms: Linear terms of all demands.
        limits: Domains of the lines.
        budget: Media money, minor units; sets the scale of the columns.
        objective: What money is worth on each line.
        cuts: Where curves and pools are cut, of the same lines.
        above: Pieces are tangents, nowhere below the curves, instead of chords, nowhere above: the program's best
            value is then a bound on every plan's worth.

    Returns:
        The program, and the way back from it.
    """
    unit = max(budget / 1000.0, 1.0)
    pieces = _pieces(objective, cuts.lines, unit, above=above)
    build = _Builder()
    x = build.add_columns(np.zeros(1), limits.most / unit)
    link = build.add_rows(np.zeros(len(x)), np.zeros(len(x)))
    build.put(link, x, 1.0)
    pool, pool_rows = add_pools(build, objective, cuts.pools, pieces.worth, above=above)
    on = _switches(build, limits, pieces, link, pool, unit)
    _curve_pieces(build, limits, pieces, link, on, pool, unit)
    _steps(build, limits, x, unit)
    _broken(build, limits, x, unit)
    rows = _terms(build, terms, x, unit)
    return build.program(), Layout(unit, x, rows, pool_rows, pieces.worth)


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Straight pieces of all curves, flat, scaled so that a unit of a column at the steepest start is worth 1.

    Attributes:
        line: Shape (pieces,), whose piece it is.
        length: Shape (pieces,), minor units.
        slope: Shape (pieces,), program's value per minor unit.
        base: Shape (lines,), program's value of each line's least.
        worth: Of one unit of the program's value.
    """

    line: Index
    length: Array
    slope: Array
    base: Array
    worth: float


def _pieces(objective: Objective, knots: Array, unit: float, *, above: bool) -> _Pieces:
    values = objective.worth(knots)
    length, slope = _tangents(objective, knots, values) if above else _chords(knots, values)
    real = length > 0
    steepest = float(objective.slope(np.zeros(objective.lines)).max())
    worth = (steepest if steepest > 0 else 1.0) * unit
    return _Pieces(np.nonzero(real)[0], length[real], slope[real] / worth, values[:, 0] / worth, worth)


def _chords(knots: Array, values: Array) -> tuple[Array, Array]:
    """Lengths and slopes of the straight pieces between the knots: nowhere above the curve."""
    length = np.diff(knots, axis=1)
    return length, np.diff(values, axis=1) / np.where(length > 0, length, 1.0)


def _tangents(objective: Objective, knots: Array, values: Array) -> tuple[Array, Array]:
    """Lengths and slopes of the tangents at the knots, each up to where it meets the next: nowhere below the curve."""
    slope = np.stack([objective.slope(knots[:, k]) for k in range(knots.shape[1])], axis=1)
    fall = slope[:, :-1] - slope[:, 1:]
    reach = np.diff(values, axis=1) - slope[:, 1:] * np.diff(knots, axis=1)
    meet = knots[:, :-1] + np.where(fall > 0, reach / np.where(fall > 0, fall, 1.0), 0.0)
    meet = np.clip(meet, knots[:, :-1], knots[:, 1:])
    ends = np.concatenate([knots[:, :1], meet, knots[:, -1:]], axis=1)
    return np.diff(ends, axis=1), slope


def first_cuts(limits: Limits, objective: Objective) -> Cuts:
    """`PIECES` + 2 knots from each line's least to its most, most of them where the curve bends; likewise for pools."""
    span = (limits.most - limits.least).astype(float)
    far = np.minimum(span, 50.0 * objective.bend)
    ladder = np.concatenate([[0.0], np.geomspace(1 / 250, 1.0, PIECES)])
    inner: Array = limits.least[:, None] + far[:, None] * ladder[None, :]
    lines = np.concatenate([inner, (limits.least + span)[:, None]], axis=1)
    return Cuts(lines, first_loads(objective, limits))


def _switches(
    build: _Builder, limits: Limits, pieces: _Pieces, link: Index, pool: Index, unit: float
) -> Index:
    """Columns y of lines with a minimum, -1 for the others."""
    on = np.full(len(limits.least), -1, dtype=np.intp)
    # A line that can't receive nothing has its switch fixed at 1: no choice for the engine to branch on.
    for switched, lowest in (
        (np.flatnonzero((limits.least > 0) & limits.needed), 1.0),
        (np.flatnonzero((limits.least > 0) & ~limits.needed), 0.0),
    ):
        if not len(switched):
            continue
        pooled = pool[switched] >= 0
        gain = np.where(pooled, 0.0, pieces.base[switched])
        lower = np.full(len(switched), lowest)
        on[switched] = build.add_columns(gain, np.ones(len(switched)), lower, whole=lowest == 0.0)
        build.put(link[switched], on[switched], -limits.least[switched] / unit)
        inside = switched[pooled]
        build.put(pool[inside], on[inside], -pieces.base[inside])
    return on


def _curve_pieces(
    build: _Builder, limits: Limits, pieces: _Pieces, link: Index, on: Index, pool: Index, unit: float
) -> None:
    """Columns s: money on each piece, in perspective form where its line has a switch."""
    line, length = pieces.line, pieces.length / unit
    inside = pool[line] >= 0
    s = build.add_columns(np.where(inside, 0.0, pieces.slope * unit), length)
    build.put(link[line], s, -1.0)
    build.put(pool[line[inside]], s[inside], -pieces.slope[inside] * unit)
    switched = (on[line] >= 0) & ~limits.needed[line]
    rows = build.add_rows(np.full(int(switched.sum()), -np.inf), np.zeros(int(switched.sum())))
    build.put(rows, s[switched], 1.0)
    build.put(rows, on[line[switched]], -length[switched])


def _steps(build: _Builder, limits: Limits, x: Index, unit: float) -> None:
    stepped = np.flatnonzero(limits.step > 1)
    if len(stepped):
        step = limits.step[stepped]
        count = build.add_columns(np.zeros(1), np.floor(limits.most[stepped] / step), whole=True)
        rows = build.add_rows(np.zeros(len(stepped)), np.zeros(len(stepped)))
        build.put(rows, x[stepped], 1.0)
        build.put(rows, count, -step / unit)


def _broken(build: _Builder, limits: Limits, x: Index, unit: float) -> None:
    """A row that nothing can keep for each line whose limits cross, so that every engine finds it infeasible."""
    crossed = np.flatnonzero(limits.broken)
    if len(crossed):
        rows = build.add_rows(limits.least[crossed] / unit, np.full(len(crossed), np.inf))
        build.put(rows, x[crossed], 1.0)


def _terms(build: _Builder, terms: Sequence[Linear], x: Index, unit: float) -> Index:
    low = np.array([term.at_least for term in terms]) / unit
    high = np.array([term.at_most for term in terms]) / unit
    rows = build.add_rows(low, high)
    for row, term in zip(rows, terms, strict=True):
        weighted = np.flatnonzero(term.weights)
        build.put(np.full(len(weighted), row), x[weighted], term.weights[weighted])
    return rows
