"""Curves in a Program: straight pieces where a line's switch is fixed or missing, else the corners of the pieces.

Columns, for lines i without a switch of their own and pieces k:
    s_ik          money on the piece: 0 ≤ s_ik ≤ length_ik; slopes fall, so that pieces fill in order
For lines i that may be off, and corners j, where pieces begin and end:
    w_ij          how much the line is at that corner, at least 0
Rows:
    x_i = least_i·y_i + Σ_k s_ik
    x_i = Σ_j corner_ij·w_ij          y_i = Σ_j w_ij
Worth: Σ_k slope_ik·s_ik, or Σ_j worth_i(corner_ij)·w_ij.

The corners make the relaxation the convex hull of "nothing, or at least the minimum on a concave curve", as the perspective
form does, with two rows for each line instead of one for each of its pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.building import Builder
from mediaplan.planning.formulation.straight import chords, over, tangents
from mediaplan.planning.formulation.tiers import (
    Tiers,
    put_tiers,
    steepest_tier,
    tiered_lines,
    worth_once,
)

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

SHORTEST = 1e-6
"""Minor units of money: shorter pieces are what doubles leave between two ends that are one, and have no slope to speak of."""


def row_scale(term: Linear, unit: float) -> float:
    """Units of a term's limit that one unit of its row stands for, so that rows are of like size."""
    if term.of_money:
        return unit
    asked = max(abs(limit) for limit in (term.at_least, term.at_most) if np.isfinite(limit))
    return asked / 1000.0 if asked > 0 else 1.0


@dataclass(frozen=True, eq=False)
class Pieces:
    """Straight pieces of all curves, scaled so that a unit of a column at the steepest start is worth 1.

    Attributes:
        ends: Shape (lines, knots), minor units: where pieces begin and end, those of no length included.
        knots: Shape (lines, knots), minor units: where they were cut; of tangents, one in each piece.
        real: Shape (lines, knots - 1), which pieces have a length; none of lines that are stated by tiers.
        slope: Shape (lines, knots - 1), program's value per minor unit.
        base: Shape (lines,), program's value of each line's least.
        worth: Of one unit of the program's value.
        cornered: Shape (lines,), lines that may be off, and are stated by their corners.
        tiered: Shape (lines,), lines that are stated by tiers instead (see tiers).
        at_ends: Shape (lines,), of tangents, lines whose every whole step is an end: theirs are chords, which are exact there.
    """

    ends: Array
    knots: Array
    real: Mask
    slope: Array
    base: Array
    worth: float
    cornered: Mask
    tiered: Mask
    at_ends: Mask

    @property
    def piece(self) -> tuple[Index, Index]:
        """Line and number of each piece that has a column."""
        line, number = np.nonzero(self.real & ~self.cornered[:, None])
        return line, number

    @property
    def corner(self) -> tuple[Index, Index]:
        """Line and number, into `ends`, of each corner that has a column."""
        first = np.ones((len(self.ends), 1), dtype=bool)
        line, number = np.nonzero(np.hstack([first, self.real]) & self.cornered[:, None])
        return line, number

    def rising(self, first: Array, slope: Array) -> Array:
        """Shape (lines, knots): what a curve of those slopes that begins there is at the ends."""
        rise = np.where(self.real, slope * np.diff(self.ends, axis=1), 0.0)
        risen: Array = first[:, None] + np.hstack([np.zeros((len(first), 1)), np.cumsum(rise, axis=1)])
        return risen


def pieces_of(
    objective: Objective, knots: Array, limits: Limits, unit: float, terms: Sequence[Linear], *, above: bool
) -> Pieces:
    """Cut all curves.

    Args:
        objective: The curves.
        knots: Shape (lines, knots), minor units, sorted from each line's least to its most.
        limits: Of the lines.
        unit: Minor units of money that one unit of a column of money stands for.
        terms: Linear ones.
        above: Pieces are tangents instead of chords.
    """
    values = objective.worth(knots)
    ends, slope, at_ends = knots, chords(knots, values), np.zeros(len(knots), dtype=np.bool_)
    if above:
        at_ends = _every_step(knots, limits)
        ends, slope = _or_tangents(objective, knots, values, at_ends)
    tiered = tiered_lines(objective)
    first = objective.slope(np.zeros(objective.lines))
    steepest = max(float(np.abs(first).max(initial=0.0)), steepest_tier(objective)) * unit
    dearest = max(
        (term.soft * row_scale(term, unit) for term in terms if np.isfinite(term.soft)), default=1.0
    )
    worth = steepest if steepest > 0 else dearest
    own = 0.0 if objective.views else 1.0  # the worst view is maximised instead
    base = own * np.where(tiered, worth_once(objective), values[:, 0]) / worth
    real = (np.diff(ends, axis=1) > SHORTEST) & ~tiered[:, None]
    cornered = (limits.least > 0) & ~limits.needed & ~tiered
    return Pieces(ends, knots, real, own * slope / worth, base, worth, cornered, tiered, at_ends)


def _every_step(knots: Array, limits: Limits) -> Mask:
    """Shape (lines,): lines in whole steps, all of which are knots."""
    new = np.diff(knots, axis=1, prepend=-1.0) > 0
    steps = ((knots % limits.step[:, None] == 0) & new).sum(axis=1)
    every: Mask = (limits.step > 1) & (steps == (limits.most - limits.least) // limits.step + 1)
    return every


def _or_tangents(objective: Objective, knots: Array, values: Array, at_ends: Mask) -> tuple[Array, Array]:
    """Ends and slopes of tangents, but of chords for lines that are only at knots."""
    ends, slope = tangents(objective, knots, values)
    ends[at_ends] = np.hstack([knots, knots[:, -1:]])[at_ends]
    slope[at_ends] = np.hstack([chords(knots, values), np.zeros((len(knots), 1))])[at_ends]
    return ends, slope


@dataclass(frozen=True, eq=False)
class Curved:
    """Where the curves stand in a program.

    Attributes:
        piece, corner: Shape (pieces,) and (corners,), columns s and w.
        on: Shape (lines,), columns y, -1 where there is none.
        tiers: Of lines that are stated by them.
    """

    piece: Index
    corner: Index
    on: Index
    tiers: Tiers


def add_pieces(build: Builder, pieces: Pieces, link: Index, pool: Index, unit: float) -> Index:
    """Columns s, with what they bring to the rows `link` of the lines' money, and to the rows of their pools."""
    line, number = pieces.piece
    slope = pieces.slope[line, number] * unit
    inside = pool[line] >= 0
    s = build.add_columns(np.where(inside, 0.0, slope), np.diff(pieces.ends, axis=1)[line, number] / unit)
    build.put(link[line], s, -1.0)
    build.put(pool[line[inside]], s[inside], -slope[inside])
    return s


def add_corners(build: Builder, pieces: Pieces, link: Index, on: Index, pool: Index, unit: float) -> Index:
    """Columns w, likewise, and the rows that tie them to the switches `on`."""
    line, number = pieces.corner
    worth = pieces.rising(pieces.base, pieces.slope)[line, number]
    inside = pool[line] >= 0
    w = build.add_columns(np.where(inside, 0.0, worth), np.ones(len(line)))
    build.put(link[line], w, -pieces.ends[line, number] / unit)
    build.put(pool[line[inside]], w[inside], -worth[inside])
    several, place = np.unique(line, return_inverse=True)
    rows = build.add_rows(np.zeros(len(several)), np.zeros(len(several)))
    build.put(rows[place], w, 1.0)
    build.put(rows, on[several], -1.0)
    return w


def put_curves(
    build: Builder,
    rows: Index,
    objective: Objective,
    pieces: Pieces,
    columns: Curved,
    scale: tuple[float, Array],
    *,
    above: bool,
) -> None:
    """What the lines are worth by that objective, put into rows.

    Args:
        build: What is added to.
        rows: Shape (lines,), the row that each line's worth goes into.
        objective: Tells the worth.
        pieces: Of the curves.
        columns: Where they stand.
        scale: Minor units of money in a unit of a column, and by what worth is multiplied, shape (lines,).
        above: Pieces are tangents instead of chords.
    """
    values = objective.worth(pieces.ends)
    if above:
        # Lines that are only at ends are on the curve itself there.
        raised = over(objective, pieces.ends, pieces.knots, pieces.real)
        values = np.where(pieces.at_ends[:, None], values, raised)
    slope = chords(pieces.ends, values)
    on, (unit, times) = columns.on, scale
    switched = np.flatnonzero((on >= 0) & ~pieces.tiered & ~pieces.cornered)
    line, cornered = pieces.piece[0], pieces.corner[0]
    build.put(rows[line], columns.piece, slope[pieces.piece] * unit * times[line])
    rising = pieces.rising(values[:, 0], slope)[pieces.corner]
    build.put(rows[cornered], columns.corner, rising * times[cornered])
    build.put(rows[switched], on[switched], values[switched, 0] * times[switched])
    put_tiers(build, rows, columns.tiers, objective, times)


@dataclass(frozen=True, eq=False)
class Stated:
    """The curves as they stand in a program.

    Attributes:
        pieces, curved: What they are made of, and where that is.
        unit: Minor units of money that one unit of a column of money stands for.
        above: Whether pieces are tangents instead of chords.
    """

    pieces: Pieces
    curved: Curved
    unit: float
    above: bool

    def put(self, build: Builder, rows: Index, objective: Objective, times: Array) -> None:
        """What lines are worth, so many times, put into the row of each line."""
        put_curves(build, rows, objective, self.pieces, self.curved, (self.unit, times), above=self.above)
