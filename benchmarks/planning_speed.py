"""How fast the best money is found, against the usual tools, on the same instances, in one run on one machine.

An instance: lines with ten straight pieces each (slopes falling), a budget, and limits for 8 channels, 50 audiences,
42 slots and the posts. `loose`: the budget is a thirtieth of all money that lines could take, few limits bind; `tight`:
it is a third, and caps bind everywhere. Each method builds its model from the same arrays and solves it, in a process of
its own; the seconds are of the processor. `mediaplan` is `mediaplan.planning.many_lines.sifting.sift` around HiGHS.

    python benchmarks/planning_speed.py                                # lines 100, 1 000 and 10 000; under two minutes
    python benchmarks/planning_speed.py --lines 100000 --peers highspy
    python benchmarks/planning_speed.py --lines 1000000 --peers --budgets loose
    python benchmarks/planning_speed.py --lines --what frontier slider clients "client plans" fitted "choices 1000" "choices 10000"
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: one thread is what is compared
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import scipy.sparse as sp
from planning_questions import choices, client_plans, fitted
from planning_waits import cautious, refusals

from mediaplan.planning.many_lines.pieces import Straight
from mediaplan.planning.many_lines.sifting import sift
from mediaplan.planning.many_lines.sums import Sums
from mediaplan.planning.solvers.highs import solve

PIECES = 10
PEERS = ("highspy", "pulp", "scipy", "scipy over pieces", "cvxpy")
SAME = 1e-9
"""Relative difference of optima that is none."""


def instance(lines: int, kind: str, seed: int = 0) -> Straight:
    random = np.random.default_rng(seed)
    slope = np.exp(random.normal(0, 0.8, (lines, 1))) * np.cumprod(
        random.uniform(0.55, 0.95, (lines, PIECES)), axis=1
    )
    length = np.exp(random.normal(0, 0.5, (lines, PIECES))) * 100
    tight = kind == "tight"
    budget = float(length.sum()) * (1 / 3 if tight else 1 / 30)
    posts = max(lines // 400, 4)
    limits, rows = [budget], [np.zeros(lines, dtype=np.int64)]
    for groups, share in ((8, 0.2), (50, 0.03), (42, 0.035), (posts, 1.3 / posts)):
        rows.append(len(limits) + random.integers(0, groups, lines))
        limits += [share * (0.6 if tight else 1.0) * budget] * groups
    where = (np.concatenate(rows), np.tile(np.arange(lines), len(rows)))
    matrix = sp.csr_array((np.ones(len(where[0])), where), shape=(len(limits), lines))
    return Straight(slope, length, Sums(matrix, np.full(len(limits), -np.inf), np.array(limits)))


def by_mediaplan(straight: Straight) -> float:
    found = sift(straight, solve)
    assert found is not None
    return found.value


def linked(straight: Straight) -> tuple[np.ndarray, sp.csr_array, sp.csr_array]:
    """The small form for the others: x and s, x_i = Σ s_ik, rows over x. Gains, links, rows."""
    lines = len(straight.slope)
    gain = np.concatenate([np.zeros(lines), straight.slope.ravel()])
    sums = sp.kron(sp.eye_array(lines), -np.ones((1, PIECES)))
    links = sp.csr_array(sp.hstack([sp.eye_array(lines), sums]))
    rows = sp.csr_array(
        sp.hstack([straight.sums.rows, sp.csr_array((len(straight.sums.high), straight.slope.size))])
    )
    return gain, links, rows


def uppers(straight: Straight) -> np.ndarray:
    return np.concatenate([straight.length.sum(axis=1), straight.length.ravel()])


def by_highspy(straight: Straight) -> float:
    import highspy

    gain, links, rows = linked(straight)
    columns = sp.csc_array(sp.vstack([links, rows]))
    lp, none = highspy.HighsLp(), np.zeros(links.shape[0])
    lp.num_row_, lp.num_col_ = columns.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = gain, np.zeros(len(gain)), uppers(straight)
    lp.row_lower_ = np.concatenate([none, straight.sums.low])
    lp.row_upper_ = np.concatenate([none, straight.sums.high])
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        columns.indptr,
        columns.indices,
        columns.data,
    )
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("threads", 1)
    model.setOptionValue("presolve", "off")  # the faster of the two on this shape
    model.passModel(lp)
    model.run()
    return float(model.getInfo().objective_function_value)


def by_pulp(straight: Straight) -> float:
    import pulp

    model = pulp.LpProblem("plan", pulp.LpMaximize)
    x = [pulp.LpVariable(f"x{i}", 0) for i in range(len(straight.slope))]
    gain = []
    for i, (slopes, lengths) in enumerate(zip(straight.slope, straight.length, strict=True)):
        s = [pulp.LpVariable(f"s{i}_{k}", 0, float(length)) for k, length in enumerate(lengths)]
        model += x[i] == pulp.lpSum(s)
        gain += [(piece, float(slope)) for piece, slope in zip(s, slopes, strict=True)]
    model.setObjective(pulp.LpAffineExpression(gain))
    for number, limit in enumerate(straight.sums.high):
        lines = straight.sums.rows[[number]].indices
        model += pulp.lpSum(x[i] for i in lines) <= float(limit)
    model.solve(pulp.HiGHS(msg=False, threads=1))
    return float(pulp.value(model.objective))


def by_scipy(straight: Straight) -> float:
    from scipy.optimize import linprog

    gain, links, rows = linked(straight)
    bounds = np.column_stack([np.zeros(len(gain)), uppers(straight)])
    found = linprog(
        -gain, A_ub=rows, b_ub=straight.sums.high, A_eq=links, b_eq=np.zeros(links.shape[0]), bounds=bounds
    )
    return float(-found.fun)


def by_scipy_over_pieces(straight: Straight) -> float:
    """As most would state it: no columns for lines, each row over all pieces of its lines."""
    from scipy.optimize import linprog

    pieces = sp.kron(sp.eye_array(len(straight.slope)), np.ones((1, PIECES)))
    bounds = np.column_stack([np.zeros(straight.slope.size), straight.length.ravel()])
    found = linprog(
        -straight.slope.ravel(),
        A_ub=sp.csr_array(straight.sums.rows @ pieces),
        b_ub=straight.sums.high,
        bounds=bounds,
    )
    return float(-found.fun)


def by_cvxpy(straight: Straight) -> float:
    import cvxpy

    s = cvxpy.Variable(straight.slope.shape)
    limits = [s >= 0, s <= straight.length, straight.sums.rows @ cvxpy.sum(s, axis=1) <= straight.sums.high]
    model = cvxpy.Problem(cvxpy.Maximize(cvxpy.sum(cvxpy.multiply(straight.slope, s))), limits)
    return float(model.solve(solver=cvxpy.HIGHS))


METHODS = {
    "mediaplan": by_mediaplan,
    "highspy": by_highspy,
    "pulp": by_pulp,
    "scipy": by_scipy,
    "scipy over pieces": by_scipy_over_pieces,
    "cvxpy": by_cvxpy,
}


def measure(method: str, lines: int, kind: str) -> dict[str, float]:
    """Seconds, optimum and peak memory, in a process of its own; `nan` where it is not over in time."""
    child = [sys.executable, __file__, "--alone", method, str(lines), kind]
    try:
        done = subprocess.run(child, capture_output=True, text=True, timeout=900, check=False)
    except subprocess.TimeoutExpired:
        return {"seconds": float("nan"), "value": float("nan"), "megabytes": float("nan")}
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def alone(method: str, lines: int, kind: str) -> None:
    import resource

    straight, small = instance(lines, kind), instance(100, kind)
    METHODS[method](small)  # what is imported at the first use is no time of this instance
    seconds = []
    for _ in range(5 if lines <= 1000 else 1):
        begun = time.process_time()
        value = METHODS[method](straight)
        seconds.append(time.process_time() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": float(np.median(seconds)), "value": value, "megabytes": peak}))


def programs(sizes: list[int], kinds: list[str], peers: list[str]) -> bool:
    print("lines    budget  method             CPU s   ratio   difference  peak MB")
    same = True
    for lines in sizes:
        for kind in kinds:
            ours = measure("mediaplan", lines, kind)
            for method in ("mediaplan", *peers):
                other = ours if method == "mediaplan" else measure(method, lines, kind)
                off = abs(other["value"] / ours["value"] - 1)
                same &= not off > SAME
                print(
                    f"{lines:<8} {kind:<7} {method:<17} {other['seconds']:7.4f} "
                    f"{other['seconds'] / ours['seconds']:7.1f}   {off:8.1e}  {other['megabytes']:8.0f}",
                    flush=True,
                )
    return same


def with_budget(straight: Straight, factor: float) -> Straight:
    high = straight.sums.high.copy()
    high[0] *= factor
    return Straight(straight.slope, straight.length, replace(straight.sums, high=high))


def frontier() -> None:
    straight, prices, values = instance(10_000, "loose"), None, []
    begun = time.process_time()
    for factor in np.linspace(0.2, 2.0, 100):
        found = sift(with_budget(straight, factor), solve, prices)
        prices = found.prices
        values.append(found.value)
    ours = time.process_time() - begun
    begun = time.process_time()
    factors = np.linspace(0.2, 2.0, 100)[[0, 49, 99]]
    theirs = [by_pulp(with_budget(straight, factor)) for factor in factors]
    each = (time.process_time() - begun) / len(factors)
    off = max(abs(a / values[k] - 1) for a, k in zip(theirs, (0, 49, 99), strict=True))
    print(
        f"frontier of 100 budgets, 10 000 lines: {ours:.2f} CPU s; PuLP {100 * each:.0f} s "
        f"(a hundred times the mean of three solves), {100 * each / ours:.0f} times; difference {off:.1e}"
    )


def slider() -> None:
    straight = instance(10_000, "loose")
    prices = sift(straight, solve).prices
    seconds = []
    for factor in np.random.default_rng(1).uniform(0.7, 1.4, 30):
        begun = time.perf_counter()
        found = sift(with_budget(straight, factor), solve, prices)
        seconds.append(time.perf_counter() - begun)
        prices = found.prices
    print(
        f"slider, new budget on 10 000 lines: median {1000 * np.median(seconds):.0f} ms, "
        f"worst of 30 {1000 * max(seconds):.0f} ms of wall time"
    )


def client(seed: int) -> float:
    return by_mediaplan(instance(100, "loose", seed))


def clients() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(client, range(4)))
        begun = time.perf_counter()
        list(pool.map(client, range(1000), chunksize=20))
        seconds = time.perf_counter() - begun
    print(f"1 000 programs of 100 lines, 2 processes: {seconds:.1f} s of wall time")


OTHERS = {
    "frontier": frontier,
    "slider": slider,
    "clients": clients,
    "client plans": client_plans,
    "fitted": fitted,
    "choices 1000": lambda: choices(1000),
    "choices 10000": lambda: choices(10_000),
    "cautious": cautious,
    "refusals": refusals,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, nargs="*", default=[100, 1000, 10_000])
    parser.add_argument("--budgets", nargs="+", choices=("loose", "tight"), default=["loose", "tight"])
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--what", nargs="*", choices=tuple(OTHERS), default=[])
    parser.add_argument("--alone", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        alone(asked.alone[0], int(asked.alone[1]), asked.alone[2])
        return 0
    same = programs(asked.lines, asked.budgets, asked.peers) if asked.lines else True
    for name in asked.what:
        OTHERS[name]()
    if not same:
        print(f"optima differ by more than {SAME}", file=sys.stderr)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
