"""S-shaped curves stated as tiers: planned as well as by programs that know nothing of envelopes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

import mediaplan as mp

DAYS: dict[str, Any] = {"start": "2026-03-02", "days": 14}


def s_shaped(lines: int, tiers: int, seed: int) -> pd.DataFrame:
    """Tiers of Hill curves of slopes from 1.5 to 4, cut evenly; some with a second dent."""
    random = np.random.default_rng(seed)
    rows = []
    for line in range(lines):
        ends = np.linspace(0.0, float(random.integers(20, 60)), tiers + 1)
        half, slope = random.uniform(5, 30), random.uniform(1.5, 4)
        results = random.uniform(50, 150) * ends**slope / (half**slope + ends**slope)
        if random.random() < 0.3:
            results += random.uniform(10, 60) / (1 + np.exp(0.5 * (0.8 * ends[-1] - ends)))
            results -= results[0]
        each = np.diff(results) / np.diff(ends)
        rows += [
            {"channel": f"c{line}", "cost": 1.0, "results": bought, "up_to": length}
            for bought, length in zip(each, np.diff(ends), strict=True)
        ]
    return pd.DataFrame(rows)


def optimum(rows: pd.DataFrame, budget: float, most: float = np.inf, group: tuple[str, ...] = ()) -> float:
    """The most results, by a program of this test alone: money in each tier, and whether it is reached."""
    count = len(rows)
    length, same = rows["up_to"].to_numpy(), rows["channel"].to_numpy()
    money, reached = np.eye(2 * count)[:count], np.eye(2 * count)[count:]
    limits = [(money.sum(axis=0), budget), (np.isin(same, group) @ money, most)]
    for k in range(count):
        limits.append((money[k] - length[k] * reached[k], 0.0))
        if k and same[k] == same[k - 1]:
            limits.append((length[k - 1] * reached[k] - money[k - 1], 0.0))
    found = milp(
        np.concatenate([-rows["results"].to_numpy(), np.zeros(count)]),
        integrality=np.repeat([0, 1], count),
        bounds=Bounds(0.0, np.concatenate([length, np.ones(count)])),
        constraints=[LinearConstraint(row, -np.inf, limit) for row, limit in limits],
        options={"mip_rel_gap": 1e-9},
    )
    return -float(found.fun)


def planned(rows: pd.DataFrame, budget: float, *rules: Any, engine: str = "highs") -> mp.Plan:
    brief = mp.Brief(currency="EUR", budget=budget, rules=rules, **DAYS)
    response = mp.from_rates(mp.read_rates(rows), currency="EUR", as_of=brief.start)
    return mp.plan(brief, response, engine=engine)


@pytest.mark.parametrize("seed", range(10))
def test_s_shaped_lines_are_planned_as_well_as_by_an_independent_program(seed: int) -> None:
    rows, budget = s_shaped(9, 7, seed), 30.0 + 18 * seed
    pulp = seed % 5 == 4
    plan, best = planned(rows, budget, engine="pulp" if pulp else "highs"), optimum(rows, budget)
    assert plan.objective == pytest.approx(best, rel=3e-4)  # the engine's gap, and amounts in cents
    assert plan.objective <= best * (1 + 1e-9)
    assert plan.certificate.bound >= best * (1 - 1e-9)
    assert plan.certificate.gap <= (1e-2 if pulp else 3e-4)  # PuLP tells no bound of its own


@pytest.mark.parametrize("seed", range(6))
def test_rules_over_money_are_kept_by_s_shaped_lines(seed: int) -> None:
    rows, group = s_shaped(8, 6, 100 + seed), ("c0", "c1", "c2", "c3")
    plan = planned(rows, 120, mp.Spend(channel=list(group), at_most=45))
    best = optimum(rows, 120, 45, group)
    assert plan.objective == pytest.approx(best, rel=3e-4)
    assert plan.certificate.bound >= best * (1 - 1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_s_shaped_lines_that_must_be_chosen_are_planned_like_their_tiers(seed: int) -> None:
    """A limit that never binds, on units or on the number of lines, asks the same by other programs."""
    rows = s_shaped(7, 6, 200 + seed)
    free = planned(rows, 110)
    for rule in (mp.Units(at_most=10_000), mp.LineCount(at_most=7)):
        assert planned(rows, 110, rule).objective == pytest.approx(free.objective, rel=2e-4)


def test_very_many_s_shaped_lines_are_planned_to_a_proven_gap() -> None:
    rows = s_shaped(420, 4, 1)
    plan = planned(rows, 3000)
    assert plan.certificate.status == "optimal"
    assert plan.certificate.gap < 3e-4


def test_whole_units_of_very_many_lines_are_bought_whole() -> None:
    random = np.random.default_rng(3)
    rows = pd.DataFrame(
        {
            "channel": [f"c{i:03d}" for i in range(420)],
            "cost": random.integers(3, 40, 420).astype(float),
            "results": random.uniform(1, 30, 420),
            "up_to": 4.0,
            "whole": "yes",
        }
    )
    plan = planned(rows, 1000)
    assert all(line.units == pytest.approx(round(line.units)) for line in plan.lines_planned)
    best = milp(
        -rows["results"].to_numpy(),
        integrality=np.ones(420),
        bounds=Bounds(0.0, 4.0),
        constraints=LinearConstraint(rows["cost"].to_numpy(), -np.inf, 1000.0),
    )
    assert plan.objective == pytest.approx(-best.fun, rel=1.5e-4)
