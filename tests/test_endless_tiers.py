"""Rate cards whose last tier has no end, beside tiers that grow better: planned as well as by counting every amount."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import mediaplan as mp

GRID = 10
"""Euros between two amounts of the count; where every tier ends on it, a best plan lies on it."""


def planned(rows: pd.DataFrame, budget: int) -> mp.Plan:
    brief = mp.Brief(currency="EUR", budget=budget, start="2026-03-02", days=14)
    return mp.plan(brief, mp.from_rates(mp.read_rates(rows), currency="EUR", as_of=brief.start))


def invented(random: np.random.Generator) -> pd.DataFrame:
    """Three lines of one to four tiers, the last without an end; some grow better before they grow worse."""
    rows = []
    for channel in "abc":
        tiers = int(random.integers(1, 5))
        ends = [float(GRID * random.integers(2, 20)) for _ in range(tiers - 1)]
        rows += [
            {
                "channel": channel,
                "cost": 1.0,
                "results": float(random.integers(1, 60)) / 1000.0,
                "up_to": end,
            }
            for end in (*ends, np.nan)
        ]
    return pd.DataFrame(rows)


def counted(rows: pd.DataFrame, budget: int) -> float:
    """The most results of all amounts on the grid, line after line."""
    best = np.zeros(budget // GRID + 1)
    money = GRID * np.arange(len(best))
    for _, tiers in rows.groupby("channel"):
        ends = tiers["up_to"].fillna(np.inf).cumsum().to_numpy()
        starts = np.concatenate([[0.0], ends[:-1]])
        inside = np.clip(money[:, None] - starts, 0.0, np.where(np.isinf(ends), np.inf, ends - starts))
        worth = inside @ tiers["results"].to_numpy()
        best = np.array([(worth[: k + 1] + best[k::-1]).max() for k in range(len(best))])
    return float(best[-1])


@pytest.mark.parametrize("seed", range(12))
def test_a_card_without_an_end_is_planned_as_well_as_by_counting(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows, budget = invented(random), int(GRID * random.integers(20, 80))
    plan = planned(rows, budget)
    assert plan.objective == pytest.approx(counted(rows, budget), rel=1e-4)
    assert plan.certificate.bound >= counted(rows, budget) * (1.0 - 1e-9)


def test_money_beyond_the_best_tiers_goes_to_the_tier_without_an_end() -> None:
    rows = pd.DataFrame(
        {
            "channel": ["radio", "web", "web", "web"],
            "cost": [250.0, 1.0, 1.0, 1.0],
            "results": [3.5, 0.01, 0.03, 0.005],
            "up_to": [10.0, 500.0, 2000.0, np.nan],
            "whole": ["yes", "no", "no", "no"],
        }
    )
    plan = planned(rows, 5100)
    assert plan.objective == pytest.approx(10 * 3.5 + 65.0 + 100 * 0.005)
    assert plan.unspent.minor == 0
