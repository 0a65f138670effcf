"""Very few choices over very many pieces: branch and bound around HiGHS's simplex.

HiGHS's own branch and bound looks at such a program for a second before it branches (presolve, cuts, smaller programs
within), while each of its relaxations, begun where the last one ended, takes a millisecond and a handful settle it.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.formulation.program import Program
from mediaplan.planning.patience import Wait

Array = NDArray[np.float64]
Index = NDArray[np.int32]

FEW = 24
"""Choices up to which programs are looked at like this."""
PIECES = 20
"""Columns for each choice from which on they are."""
NODES = 300
"""Relaxations after which HiGHS's own search goes on instead."""
CLOSE = 1e-6
"""Part of the value that a relaxation must promise beyond the best point to be looked into."""
WHOLE = 1e-9
"""By how much a choice may miss being whole."""


def few_choices(program: Program) -> bool:
    """Whether a program has few enough choices, each between nothing and one."""
    choices = np.flatnonzero(program.whole)
    binary = (program.lower[choices] >= 0).all() and (program.upper[choices] <= 1).all()
    return 0 < len(choices) <= FEW and len(program.gain) >= PIECES * len(choices) and bool(binary)


@dataclass(frozen=True, eq=False)
class Branched:
    """What was found.

    Attributes:
        columns: Shape (columns,), the best point; empty where there is none.
        value, bound: Of it, and what no point is above.
    """

    columns: Array
    value: float
    bound: float


def branched(model: highspy.Highs, program: Program, wait: Wait) -> Branched | None:
    """The best point with whole choices; `None` where that takes too long to find out.

    Args:
        model: The program, its choices not whole.
        program: The same.
        wait: How long it may take.
    """
    choices = np.flatnonzero(program.whole).astype(np.int32)
    open_nodes = [(np.ceil(program.lower[choices]), np.floor(program.upper[choices]), np.inf)]
    best = Branched(np.zeros(0), -np.inf, -np.inf)
    for _ in range(NODES):
        if not open_nodes:
            return best
        if wait.over:
            return None
        lower, upper, promised = open_nodes.pop()
        if promised <= _worthwhile(best):
            best = Branched(best.columns, best.value, max(best.bound, promised))
            continue
        model.changeColsBounds(len(choices), choices, lower, upper)
        model.run()
        status = model.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            continue
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        value = float(model.getInfo().objective_function_value)
        if value <= _worthwhile(best):
            best = Branched(best.columns, best.value, max(best.bound, value))
            continue
        columns = np.array(model.getSolution().col_value)
        chosen = columns[choices]
        off = np.abs(chosen - np.round(chosen))
        if off.max() <= WHOLE:
            columns[choices] = np.round(chosen)
            best = Branched(columns, value, max(best.bound, value))
            continue
        at = int(off.argmax())
        down, up = (lower, _with(upper, at, 0.0), value), (_with(lower, at, 1.0), upper, value)
        open_nodes += [down, up] if chosen[at] >= 0.5 else [up, down]
    return None


def _worthwhile(best: Branched) -> float:
    """The value above which a relaxation is looked into."""
    return best.value + CLOSE * abs(best.value) if len(best.columns) else -np.inf


def _with(limits: Array, at: int, value: float) -> Array:
    """The limits with another one."""
    other = limits.copy()
    other[at] = value
    return other
