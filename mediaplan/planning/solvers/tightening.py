"""A program's relaxation made tighter by Gomory's cuts: what it proves of all whole points, column by column.

Of a relaxation's basis, the row of a whole column that is not whole there says n + Σ a_j t_j = b, with t_j ≥ 0 how far each
column and row outside the basis is from its limit. No whole point has b rounded either way between, so that with f = b - ⌊b⌋

    Σ γ_j t_j ≥ 1,    γ_j = f_j / f, or (1 - f_j) / (1 - f) where f_j > f, of whole t_j and f_j = a_j - ⌊a_j⌋
                      γ_j = a_j / f, or -a_j / (1 - f) where a_j < 0, of all others

holds for all of them, and not for the relaxed point. Only columns that count are cut on: they are few, and tell of many.

Source:
    R. E. Gomory, "An algorithm for the mixed integer problem", RAND Corporation 1960.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.planning.formulation.program import Program
from mediaplan.planning.patience import ENDLESS, Wait
from mediaplan.planning.solvers.highs import modelled

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

ROUNDS = 6
"""Times that cuts are added at the most."""
FALL = 3e-4
"""Part of the bound by which a round must lower it for another one."""
MOST = 150
"""Cuts of one round, at the most."""
WHOLE = 1e-3
"""By how much a column must miss being whole to be cut on: what is nearly whole makes cuts of doubtful digits."""
NOTHING = 1e-12
"""Parts of a row of the basis that are rounding."""
SAFE = 1e-7
"""Part of a cut's largest weight by which it asks for less, so that rounding leaves out no whole point."""


@dataclass(frozen=True, eq=False)
class Tightened:
    """What a tightened relaxation proves.

    Attributes:
        bound: No whole point has more value.
        reduced: Shape (columns,): each column that is off its lower limit takes at least that much of it, for each
            unit, where this is negative; where it is positive, likewise off its upper limit.
    """

    bound: float
    reduced: Array


def tightened(program: Program, wait: Wait = ENDLESS) -> Tightened | None:
    """What the relaxation proves with cuts on the columns that count; `None` where it has no solution, or no time is left.

    Args:
        program: The question. Its columns have limits.
        wait: How long it may still take.
    """
    model = modelled(program, np.zeros_like(program.whole))
    model.setOptionValue("presolve", "off")
    if wait.limited:
        model.setOptionValue("time_limit", wait.left)
    rows = _Rows(sp.csr_array(program.matrix), program.row_lower, program.row_upper)
    known: Tightened | None = None
    for turn in range(ROUNDS + 1):
        if wait.over:
            return known
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return known
        found = model.getSolution()
        before, bound = known, float(model.getInfo().objective_function_value)
        known = Tightened(bound, np.array(found.col_dual))
        slow = before is not None and before.bound - bound < FALL * abs(bound)
        cuts = None if turn == ROUNDS or slow else _cuts(model, program, rows, np.array(found.col_value))
        if cuts is None:
            break
        rows = rows.and_cuts(*cuts, model)
    return known


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows of a program, cuts included, as they stand in its model."""

    matrix: sp.csr_array
    lower: Array
    upper: Array

    def and_cuts(self, weights: Array, least: Array, model: highspy.Highs) -> _Rows:
        """With these below."""
        cuts, endless = sp.csr_array(weights), np.full(len(least), np.inf)
        model.addRows(len(least), least, endless, cuts.nnz, cuts.indptr[:-1], cuts.indices, cuts.data)
        matrix = sp.csr_array(sp.vstack([self.matrix, cuts]))
        return _Rows(matrix, np.concatenate([self.lower, least]), np.concatenate([self.upper, endless]))


def _cuts(model: Any, program: Program, rows: _Rows, columns: Array) -> tuple[Array, Array] | None:
    """Cuts that the relaxed point misses: shape (cuts, columns) of weights, and what their sums are at least."""
    basic = np.array(model.getBasicVariables()[1])
    places = _to_cut_on(basic, program, columns)
    if not len(places):
        return None
    inside = np.where(basic >= 0, basic, len(columns) - 1 - basic)
    outside = np.ones(len(columns) + len(rows.lower), dtype=bool)
    outside[inside] = False
    own = _Outside.of(columns, program.lower, program.upper, outside[: len(columns)])
    sums = _Outside.of(rows.matrix @ columns, rows.lower, rows.upper, outside[len(columns) :])
    inverse = np.array([model.getBasisInverseRow(int(place))[1] for place in places])
    inverse[np.abs(inverse) < NOTHING] = 0.0
    table = inverse @ rows.matrix
    right = inverse @ sums.limit - table @ own.limit
    part = (right - np.floor(right))[:, None]
    part = np.where((part > WHOLE) & (part < 1.0 - WHOLE), part, np.nan)
    weights, of_sums = np.zeros_like(table), np.zeros_like(inverse)
    whole = program.whole[own.free]
    own.weigh(weights, table, part, own.free[whole], _counted)
    own.weigh(weights, table, part, own.free[~whole], _moved)
    sums.weigh(of_sums, -inverse, part, sums.free, _moved)
    least = 1.0 + weights @ own.limit + of_sums @ sums.limit
    return _missed(weights + of_sums @ rows.matrix, least, columns)


def _to_cut_on(basic: Index, program: Program, columns: Array) -> Index:
    """Places in the basis of columns that count and are not whole, the farthest from it first."""
    places = np.flatnonzero(basic >= 0)
    column = basic[places]
    off = np.abs(columns[column] - np.round(columns[column]))
    cut = program.whole[column] & (program.upper[column] - program.lower[column] > 1.0) & (off > WHOLE)
    return places[cut][np.argsort(-off[cut], kind="stable")][:MOST]


@dataclass(frozen=True, eq=False)
class _Outside:
    """Columns or rows outside a basis.

    Attributes:
        limit: Shape (all,), the limit that each is at; 0 for those inside.
        sign: Shape (all,), 1 where it can but rise, -1 where it can but fall.
        free: Index of those that can move.
    """

    limit: Array
    sign: Array
    free: Index

    @classmethod
    def of(cls, values: Array, lower: Array, upper: Array, outside: Mask) -> _Outside:
        """Those of a mask, by their values and limits."""
        above = np.abs(upper - values) < np.abs(values - lower)
        limit = np.where(outside, np.where(above, upper, lower), 0.0)
        return cls(limit, np.where(above, -1.0, 1.0), np.flatnonzero(outside & (upper > lower)))

    def weigh(
        self,
        weights: Array,
        table: Array,
        part: Array,
        which: Index,
        weighed: Callable[[Array, Array], Array],
    ) -> None:
        """Put the weights of these into a cut."""
        sign = self.sign[which]
        weights[:, which] = weighed(table[:, which] * sign, part) * sign


def _counted(step: Array, part: Array) -> Array:
    """Weights of what is whole."""
    of_step = step - np.floor(step)
    return np.where(of_step <= part, of_step / part, (1.0 - of_step) / (1.0 - part))


def _moved(step: Array, part: Array) -> Array:
    """Weights of what is not."""
    return np.maximum(step / part, step / (part - 1.0))


def _missed(weights: Array, least: Array, columns: Array) -> tuple[Array, Array] | None:
    """Of cuts those that the point misses, weighed so that the largest weight is 1; rounding leaves out no whole point."""
    size = np.maximum(np.abs(weights).max(axis=1), NOTHING)
    weights, least = weights / size[:, None], least / size
    weights[np.abs(weights) < NOTHING] = 0.0
    least = least - SAFE * (1.0 + np.abs(least))
    missed = np.isfinite(least) & (weights @ columns < least)
    return (weights[missed], least[missed]) if missed.any() else None
