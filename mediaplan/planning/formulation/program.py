"""A plan's question in plain arrays, and the answer: all that a solver ever sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.planning.patience import ENDLESS, Wait

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


GAP = 1e-4
"""Part of the value by which a whole point may be better than the one that is found, where nobody asks for another."""


@dataclass(frozen=True, eq=False)
class Program:
    """Maximise `gain · x` with `row_lower ≤ matrix · x ≤ row_upper`, `lower ≤ x ≤ upper`, some x whole.

    Attributes:
        gain, lower, upper: Shape (columns,).
        whole: Shape (columns,), which columns are whole numbers.
        matrix: Shape (rows, columns).
        row_lower, row_upper: Shape (rows,), -inf and inf where open.
        worth: Objective's worth of one unit of the value, for whoever is told how far the search is.
        stands: Whether an engine should first take it as it stands: simplified, it loses columns that only help the search.
        lean: Whether a point is soon good enough, so that an engine should look for few beside the rounded relaxation.
        beyond: Nobody asks for whole points of no more value: an engine may leave them out, and then says `infeasible`
            where there is no other, or a bound of any value up to that.
        gap: Part of the value by which a whole point may be better than the one that is found.
    """

    gain: Array
    lower: Array
    upper: Array
    whole: Mask
    matrix: sp.csr_array
    row_lower: Array
    row_upper: Array
    worth: float = 1.0
    stands: bool = False
    lean: bool = False
    beyond: float = -np.inf
    gap: float = GAP


@dataclass(frozen=True, eq=False)
class Solution:
    """What a solver found.

    Attributes:
        status: `optimal` (to the gap asked for), `infeasible`, `stopped` with or without columns.
        columns: Shape (columns,), or empty where there is no feasible point.
        value: `gain · columns`.
        bound: No feasible point is above it.
        prices: Shape (rows,): gain per unit by which a row's limit gives way; positive for upper limits that bind,
            negative for lower ones. Empty where columns are whole.
    """

    status: Literal["optimal", "infeasible", "stopped"]
    columns: Array
    value: float
    bound: float
    prices: Array


Solver = Callable[[Program], Solution]
"""A solver is one function."""


@dataclass(frozen=True, eq=False)
class Engine:
    """A solver that somebody waits for.

    Attributes:
        answers: A program, and how long it may still take -> its solution.
        wait: With all that the engine is asked, and all that is worked out beside it.
        alone: Whether it is to find the plan by itself, as the check of what is found without one.
    """

    answers: Callable[[Program, Wait], Solution]
    wait: Wait
    alone: bool = False

    def __call__(self, program: Program) -> Solution:
        """The solution of one program."""
        return self.answers(program, self.wait)


def alone(solver: Solver) -> bool:
    """Whether an engine is to find the plan by itself."""
    return isinstance(solver, Engine) and solver.alone


def wait_of(solver: Solver) -> Wait:
    """How long whoever asks that solver waits; for ever where nobody says."""
    return solver.wait if isinstance(solver, Engine) else ENDLESS
