"""HiGHS through highspy: the default engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.formulation.program import Program, Solution
from mediaplan.planning.patience import ENDLESS, Progress, Wait
from mediaplan.planning.solvers.branching import branched, few_choices

SECONDS = 60.0
"""A MILP is stopped after that, with the best plan so far and its bound, where nobody sets another limit."""
OFTEN = 0.2
"""Seconds between two words of how far a search is."""
OPTIONS = {
    # One constant number of threads per process: HiGHS's scheduler is global, and another number makes runs fail.
    "threads": 1,
    "random_seed": 0,
    "mip_abs_gap": 0.0,
    # Beginning anew after the root lets cuts and heuristics run twice on programs of few choices and many pieces.
    "mip_allow_restart": False,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "mip_feasibility_tolerance": 1e-9,
}
ROW_WISE = int(highspy.MatrixFormat.kRowwise)
MAXIMIZE = int(highspy.ObjSense.kMaximize)

SEARCHES = ("mip_heuristic_run_rins", "mip_heuristic_run_root_reduced_cost")
"""HiGHS's options for smaller programs within branch and bound, in which it looks for better points."""
NODES = 50
"""Of branch and bound for a program taken as it stands; one that takes more is asked again, simplified."""

NEARLY = 1e-7
"""By how much the best columns may miss a row: some hundred times the engine's tolerance."""
WHOLE = 1e-6
"""By how much a worth may miss a whole number, and HiGHS still takes it for one."""
ENDED = (
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kInterrupt,
)
"""Statuses of a search that was cut short."""
NONE_LEFT = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
    highspy.HighsModelStatus.kObjectiveBound,
)
"""Statuses of a program without a point, or without one of the value that is asked for."""


def solve(program: Program, wait: Wait = ENDLESS) -> Solution:
    """Solve by simplex, or by branch and bound where columns are whole.

    Args:
        program: The question.
        wait: How long it may still take, and who is told.

    Raises:
        RuntimeError: HiGHS failed: our fault, never the brief's.
    """
    none: NDArray[np.float64] = np.zeros(0)
    if wait.over:
        return Solution("stopped", none, -np.inf, np.inf, none)
    found = _few_branched(program, wait)
    if found is not None:
        return found
    model = modelled(program, program.whole)
    _limit(model, program, wait)
    whole = bool(program.whole.any())
    if whole:
        _search_less(model, program)
    if program.stands or not whole:
        # HiGHS's presolve takes quadratic time on few rows with very many columns, which is our shape.
        model.setOptionValue("presolve", "off")
    status = _run(model)
    if program.stands and whole and model.getModelStatus() == highspy.HighsModelStatus.kSolutionLimit:
        return solve(replace(program, stands=False), wait)
    if status == "unknown":  # simplex lost its way in rounding; presolved, the same program is another one
        model.clearSolver()
        model.setOptionValue("presolve", "on")
        status = _run(model)
    if status == "unknown":
        raise RuntimeError("HiGHS can't tell whether the program has a solution")
    if status == "infeasible":
        return Solution("infeasible", none, -np.inf, -np.inf, none)
    return _read(model, status, none if whole else np.array(model.getSolution().row_dual), whole=whole)


def _few_branched(program: Program, wait: Wait) -> Solution | None:
    """Few choices over many pieces, on simplex alone; `None` where that is not the program, or it did not end."""
    if not few_choices(program) or wait.nodes is not None:
        return None
    model = modelled(program, np.zeros_like(program.whole))
    _limit(model, program, wait)
    model.setOptionValue("presolve", "off")
    found = branched(model, program, wait)
    if found is None:
        return None
    none: NDArray[np.float64] = np.zeros(0)
    if not len(found.columns):
        return Solution("infeasible", none, -np.inf, -np.inf, none)
    return Solution("optimal", found.columns, found.value, max(found.bound, found.value), none)


def modelled(program: Program, whole: NDArray[np.bool_]) -> highspy.Highs:
    """The program as HiGHS has it, these of its columns whole, shape (columns,)."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.silent()
    for name, value in OPTIONS.items():
        if model.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise RuntimeError(f"HiGHS refuses option {name}")
    entries = program.matrix
    height, width = entries.shape
    # As arrays: a HighsLp takes each number by itself.
    status = model.passModel(
        width, height, entries.nnz, ROW_WISE, MAXIMIZE, 0.0,
        program.gain, program.lower, program.upper, program.row_lower, program.row_upper,
        entries.indptr, entries.indices, entries.data, whole.astype(np.int32),
    )  # fmt: skip
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS refuses the model")
    return model


def _limit(model: highspy.Highs, program: Program, wait: Wait) -> None:
    """Let the engine end with the wait or near enough, and tell of branch and bound meanwhile."""
    model.setOptionValue("time_limit", wait.left if wait.limited else SECONDS)
    model.setOptionValue("mip_rel_gap", program.gap)
    nodes = [limit for limit in (wait.nodes, NODES if program.stands else None) if limit is not None]
    if nodes:
        model.setOptionValue("mip_max_nodes", min(nodes))
    if not wait.watched:
        return

    last = 0.0

    def told(event: Any) -> None:
        nonlocal last
        found = event.data_out
        if found.running_time - last >= OFTEN:
            last = found.running_time
            best = found.mip_primal_bound if np.isfinite(found.mip_primal_bound) else np.nan
            wait.tell(Progress(best * program.worth, found.mip_dual_bound * program.worth))
        if wait.called_off:
            event.interrupt()

    # Simplex would ask after each of its many steps; what is called off ends before the next program instead.
    model.cbMipInterrupt.subscribe(told)


def _search_less(model: highspy.Highs, program: Program) -> None:
    """Leave out points that nobody asks for, and searches that take most of the time and find next to nothing.

    A close relaxation need but be rounded (RENS).
    """
    if np.isfinite(program.beyond):
        model.setOptionValue("objective_bound", _bound_of(program))
    if program.lean and program.stands:
        for name in SEARCHES:
            model.setOptionValue(name, False)


def _bound_of(program: Program) -> float:
    """What HiGHS, which minimises the negative of the value, need not look for from there on.

    Where it finds that all values are whole numbers it takes the bound for one too, and passes over the best one below it.
    """
    bound = -program.beyond
    whole = bool((np.abs(program.gain - np.round(program.gain)) <= WHOLE).all())
    return float(np.floor(bound) + 1.0) if whole else bound


def _run(model: highspy.Highs) -> str:
    model.run()
    status = model.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return "optimal"
    if status in NONE_LEFT:
        return "infeasible"
    if status in ENDED:
        return "stopped"
    if status == highspy.HighsModelStatus.kUnknown:
        return "unknown"
    raise RuntimeError(f"HiGHS ended with {model.modelStatusToString(status)}")


def _read(model: highspy.Highs, status: str, prices: NDArray[np.float64], *, whole: bool) -> Solution:
    info = model.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    # Undoing its own scaling, HiGHS may leave the best columns a little off a row, and then counts them as none.
    if not found and not (status == "optimal" and info.max_primal_infeasibility <= NEARLY):
        return Solution("stopped", np.zeros(0), -np.inf, np.inf, prices)
    columns = np.array(model.getSolution().col_value)
    value = float(info.objective_function_value)
    bound = float(info.mip_dual_bound) if whole and np.isfinite(info.mip_dual_bound) else value
    return Solution(
        "optimal" if status == "optimal" else "stopped", columns, value, max(bound, value), prices
    )
