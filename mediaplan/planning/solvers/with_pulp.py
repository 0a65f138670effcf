"""PuLP: the second engine, with any solver that PuLP knows, and the independent check of the first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.planning.formulation.program import Engine, Program, Solution, Solver
from mediaplan.planning.patience import ENDLESS, MOST_SECONDS, Wait
from mediaplan.planning.solvers.highs import SECONDS
from mediaplan.words import Sentence

SAID = {1: "Optimal", 2: "TimeLimit", 0: "TimeLimit", -1: "Infeasible"}
"""PuLP 3's status of a solution in PuLP 4's words."""
ENDED = {"Optimal": "optimal", "Infeasible": "infeasible", "TimeLimit": "stopped", "Not Solved": "stopped"}


def solver_named(name: str, wait: Wait = ENDLESS) -> Solver:
    """The engine that solves PuLP's model with that solver.

    Args:
        name: As PuLP calls it.
        wait: How long it may take; nobody is told, and what is called off ends with the program under way.

    Raises:
        InputError: PuLP has no such solver here.
    """
    available = pulp.listSolvers(onlyAvailable=True)
    if name not in available:
        raise InputError(
            Problem(
                Sentence("PuLP has no solver “{solver}” here.", solver=name),
                nearest(name, available),
                column="--engine",
                value=name,
            )
        )

    def solve(program: Program, wait: Wait) -> Solution:
        none = np.zeros(0)
        if wait.over:
            return Solution("stopped", none, -np.inf, np.inf, none)
        model, columns, rows = _model(program)
        ended = _ran(model, name, min(wait.left, MOST_SECONDS) if wait.limited else SECONDS, program.gap)
        if ended == "infeasible":
            return Solution("infeasible", none, -np.inf, -np.inf, none)
        found = np.array([column.value() or 0.0 for column in columns])
        if ended == "stopped" and not (found.any() and _kept(program, found)):
            return Solution("stopped", none, -np.inf, np.inf, none)
        value = float(program.gain @ found)
        if program.whole.any():
            return Solution("optimal" if ended == "optimal" else "stopped", found, value, np.inf, none)
        # The model minimises (signs of duals of maximised models differ between PuLP's versions and solvers).
        prices = np.array([0.0 if row is None else -_dual(model, row) for row in rows])
        return Solution("optimal", found, value, value, prices)

    return Engine(solve, wait, alone=True)


def _kept(program: Program, columns: NDArray[np.float64]) -> bool:
    """Whether a point keeps the program: PuLP's versions do not agree on how they say that there is none yet."""
    total, near = program.matrix @ columns, 1e-6 * (1.0 + np.abs(columns).max(initial=0.0))
    rows = (program.row_lower - near <= total) & (total <= program.row_upper + near)
    inside = (program.lower - near <= columns) & (columns <= program.upper + near)
    whole = np.abs(columns - np.round(columns))[program.whole] <= near
    return bool(rows.all() and inside.all() and whole.all())


def _model(program: Program) -> tuple[Any, list[Any], list[str | None]]:
    """The model, its columns, and the name of each row (`None` for rows without a limit)."""
    model = pulp.LpProblem("plan", pulp.LpMinimize)
    columns = [
        model.add_variable(
            f"x{j}",
            lowBound=None if np.isinf(program.lower[j]) else float(program.lower[j]),
            upBound=None if np.isinf(program.upper[j]) else float(program.upper[j]),
            cat="Integer" if program.whole[j] else "Continuous",
        )
        for j in range(len(program.gain))
    ]
    model += pulp.lpSum(-float(program.gain[j]) * columns[j] for j in np.flatnonzero(program.gain))
    rows: list[str | None] = []
    matrix = program.matrix
    for i in range(matrix.shape[0]):
        span = slice(matrix.indptr[i], matrix.indptr[i + 1])
        terms = list(zip(matrix.indices[span], matrix.data[span], strict=True))
        rows.append(_add_row(model, i, pulp.lpSum(float(a) * columns[j] for j, a in terms), program))
    return model, columns, rows


def _add_row(model: Any, i: int, total: Any, program: Program) -> str | None:
    low, high = program.row_lower[i], program.row_upper[i]
    if low == high:
        model += total == float(low), f"r{i}"
        return f"r{i}"
    if np.isfinite(high):
        model += total <= float(high), f"r{i}"
    if np.isfinite(low):
        model += total >= float(low), f"r{i}_low" if np.isfinite(high) else f"r{i}"
    return f"r{i}" if np.isfinite(low) or np.isfinite(high) else None


def _ran(model: Any, name: str, seconds: float, gap: float) -> str:
    """Run the solver and say how it ended: `optimal`, `infeasible` or `stopped`."""
    outcome = model.solve(pulp.getSolver(name, msg=False, gapRel=gap, timeLimit=seconds))
    # PuLP 4 returns a record. PuLP 3 returns a number that calls a time limit "Optimal": only `sol_status` tells.
    said = getattr(outcome, "status_str", None) or SAID.get(model.sol_status)
    ended = ENDED.get(str(said))
    if ended is None:
        raise RuntimeError(f"PuLP's {name} ended with {said}")
    return ended


def _dual(model: Any, row: str) -> float:
    named = {
        c.name: c
        for c in (model.constraints() if callable(model.constraints) else model.constraints.values())
    }
    total = named[row].pi or 0.0
    low = named.get(f"{row}_low")
    return float(total + ((low.pi or 0.0) if low is not None else 0.0))
