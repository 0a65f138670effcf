"""The peers' side of `peers_optimisers.py`: runs in a peer's own environment, which need not know mediaplan.

    python optimisers_of_peers.py PEER < QUESTION.json

prints the amounts of the peer's own optimiser, the median seconds of a repeated call, and the seconds of what comes
before the first one (imports and compiling; building the peer's model and its grid is not counted).
"""

from __future__ import annotations

import json
import sys
import time
import warnings

import numpy as np


def results(question: dict, money: np.ndarray) -> np.ndarray:
    """Of each channel, for money of shape (…, channels): the true curves."""
    top, half, slope = (np.asarray(question[key]) for key in ("top", "half", "slope"))
    if question["form"] == "hill":
        power = (money / half) ** slope
        return top * power / (1.0 + power)
    nothing = 1.0 / (1.0 + np.exp(slope))
    return top * (1.0 / (1.0 + np.exp(slope * (1.0 - money / half))) - nothing) / (1.0 - nothing)


def by_pymc(question: dict):
    """BudgetOptimizer over a model whose parameters have one posterior draw: the true ones; money in usual amounts."""
    import pymc as pm
    import pymc.dims as pmd
    import xarray as xr
    from pymc_marketing.mmm.budget_optimizer import BudgetOptimizer

    count = len(question["top"])
    names = [f"c{i:03d}" for i in range(count)]
    unit = float(np.mean(question["usual"]))
    draws = {key: np.asarray(question[key]) for key in ("top", "half", "slope")}
    draws["half"] = draws["half"] / unit
    with pm.Model(coords={"date": [0], "channel": names}) as model:
        money = pmd.Data("channel_data", np.ones((1, count)), dims=("date", "channel"))
        top, half, slope = (pmd.Normal(key, dims="channel") for key in draws)
        if question["form"] == "hill":
            power = (money / half) ** slope
            each = top * power / (1.0 + power)
        else:
            nothing = 1.0 / (1.0 + pmd.math.exp(slope))
            each = 1.0 / (1.0 + pmd.math.exp(slope * (1.0 - money / half))) - nothing
            each = top * each / (1.0 - nothing)
        pmd.Deterministic("channel_contribution", each)
        pmd.Deterministic("total", each.sum())
    posterior = xr.Dataset(
        {key: (("chain", "draw", "channel"), value[None, None]) for key, value in draws.items()},
        coords={"chain": [0], "draw": [0], "channel": names},
    )
    optimiser = BudgetOptimizer(
        model=model,
        idata=xr.DataTree.from_dict({"posterior": posterior}),
        num_periods=1,
        response_variable="total",
    )
    bounds = {name: (0.0, most / unit) for name, most in zip(names, question["most"], strict=True)}

    def allocated() -> np.ndarray:
        found = optimiser.allocate_budget(
            total_budget=question["budget"] / unit, budget_bounds=bounds, return_if_fail=True
        )
        return np.asarray(found.budgets.sel(channel=names)) * unit

    return allocated


def by_robyn(question: dict):
    """The allocator's own call of NLopt (augmented Lagrangian around SLSQP), from the usual amounts; Hill curves only."""
    from robyn.allocator.optimizer import eval_f, eval_g_eq, run_optimization

    names = [f"c{i:03d}" for i in range(len(question["top"]))]
    eval_f.eval_dict = eval_g_eq.eval_dict = known = {
        "coefs_eval": dict(zip(names, question["top"], strict=True)),
        "alphas_eval": {f"{name}_alphas": x for name, x in zip(names, question["slope"], strict=True)},
        "inflexions_eval": {f"{name}_gammas": x for name, x in zip(names, question["half"], strict=True)},
        "hist_carryover_eval": {name: np.zeros(1) for name in names},
        "total_budget_unit": question["budget"],
    }

    def allocated() -> np.ndarray:
        found = run_optimization(
            x0=np.asarray(question["usual"]),
            eval_f=lambda x, _: eval_f(x, known),
            eval_g_eq=lambda x, _: eval_g_eq(x, known),
            eval_g_ineq=None,
            lb=np.zeros(len(names)),
            ub=np.asarray(question["most"]),
            maxeval=100_000,
            local_opts={"algorithm": "NLOPT_LD_SLSQP", "xtol_rel": 1.0e-10},
        )
        if found["status"] < 0:
            return np.full(len(names), np.nan)  # what it hands back then is where it began
        return np.asarray(found["solution"])

    return allocated


def by_meridian(question: dict):
    """The grid search, on a grid of the true curves as fine as its default tolerance of the budget says."""
    import xarray as xr
    from meridian.analysis.optimizer import FixedBudgetScenario, OptimizationGrid, get_round_factor

    tolerance = 1e-4
    usual, most = np.asarray(question["usual"]), np.asarray(question["most"])
    names = [f"c{i:03d}" for i in range(len(usual))]
    digits = get_round_factor(question["budget"], tolerance)
    step = 10 ** (-digits)
    spend = np.full((int(most.max() // step) + 1, len(usual)), np.nan)
    for i, limit in enumerate(most):
        amounts = np.arange(0, limit + step / 2, step)
        spend[: len(amounts), i] = amounts
    dims = ("grid_spend_index", "channel")
    grid = OptimizationGrid(
        _grid_dataset=xr.Dataset(
            {"spend_grid": (dims, spend), "incremental_outcome_grid": (dims, results(question, spend))},
            coords={"grid_spend_index": np.arange(len(spend)), "channel": names},
            attrs={"spend_step_size": step},
        ),
        historical_spend=usual,
        use_kpi=True,
        use_posterior=True,
        use_optimal_frequency=False,
        start_date=None,
        end_date=None,
        gtol=tolerance,
        round_factor=digits,
        optimal_frequency=None,
        selected_geos=None,
        selected_times=None,
    )
    lower, upper = [1.0] * len(usual), list(most / usual - 1.0)

    def allocated() -> np.ndarray:
        found = grid.optimize(
            FixedBudgetScenario(total_budget=question["budget"]),
            spend_constraint_lower=lower,
            spend_constraint_upper=upper,
        )
        return found.optimized.to_numpy().astype(float)

    return allocated


PEERS = {"pymc-marketing": by_pymc, "robynpy": by_robyn, "google-meridian": by_meridian}
LONG = 3.0
"""Seconds after which a call is not repeated."""


def main() -> None:
    warnings.simplefilter("ignore")
    question = json.load(sys.stdin)
    begun = time.process_time()
    with np.errstate(all="ignore"):
        allocated = PEERS[sys.argv[1]](question)
        seconds = []
        for _ in range(4):
            begun_call = time.process_time()
            amounts = allocated()
            seconds.append(time.process_time() - begun_call)
            if not seconds[1:]:
                before = time.process_time() - begun
            if seconds[-1] > LONG:
                break
    repeated = seconds[1:] or seconds
    found = {"amounts": amounts.tolist(), "seconds": float(np.median(repeated)), "before": before}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
