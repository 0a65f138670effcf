"""Repairs of targets over shared people, lines chosen whole: the smallest there are, by all plans, and found with few questions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import every_line, response
from pools_by_hand import left_of

import mediaplan as mp
from mediaplan.planning.clashes.repairs import _search


@pytest.mark.parametrize("seed", [1, 2])
def test_the_budget_is_raised_to_the_least_that_any_plan_in_steps_needs(seed):
    known = response(
        posts=2, channels=("facebook", "tiktok"), audiences=1, slots=(), seed=seed, draws=1, pool_size=8.0
    )
    curves = known.curves(every_line(known))
    rate, scale = curves.rate[0, :, 0], curves.scale[0, :, 0]
    plans = np.array(list(itertools.product([0, *range(120, 601, 40)], repeat=4)))
    spent = plans.sum(axis=1)
    results = np.array([left_of(curves.pools, rate * x / (1 + x / scale)).sum() for x in plans])
    target = 1.15 * results[spent <= 400].max()
    rules = (mp.EachLine(or_zero=True, at_least=120, step=40), mp.ResultsTarget(at_least=target))
    brief = mp.Brief(budget=400, currency="EUR", start="2026-11-30", days=7, rules=rules)
    with pytest.raises(mp.NoPlanError) as refused:
        mp.plan(brief, known)
    raised = next(r for r in refused.value.repairs if "budget" in str(r.change))
    assert float(raised.after) == spent[results >= target].min()
    assert mp.plan(brief.but(budget=raised.after), known).totals.results.mean >= target * (1 - 1e-6)


class Questions:
    """A limit that works from some number on, where plans are in steps; plans found are remembered."""

    def __init__(self, least: int, step: int):
        self.least, self.step, self.asked = least, step, 0
        self.found: int | None = None

    def __call__(self, units: int, /, *, known: bool = False) -> bool:
        if known or (self.found is not None and units >= self.found):
            return self.found is not None and units >= self.found
        self.asked += 1
        if units < self.least:
            return False
        plan = units // self.step * self.step
        self.found = plan if self.found is None else min(self.found, plan)
        return True


@settings(max_examples=200, derandomize=True)
@given(
    start=st.integers(0, 10**6),
    steps=st.integers(1, 400),
    step=st.sampled_from([1, 7, 500, 5000]),
    capped=st.booleans(),
)
def test_the_smallest_change_is_found_whatever_plans_are_remembered(start, steps, step, capped):
    least = (start // step + steps) * step
    works = Questions(least, step)
    assert _search(works, start, most=2 * least if capped else None) == least
    # Steps that grow eightfold go beyond the least by eight times its distance at the most; that is halved until no plan is in
    # between, and beside each half where a plan is found, the number below it is asked about.
    away = max(least - start, 1)
    growing, halves = 2 + np.ceil(np.log2(7 * away + 1) / 3), 1 + max(np.log2(8 * away / step), 0.0)
    assert works.asked <= growing + 2 * halves


def test_a_change_that_never_is_enough_is_none():
    assert _search(Questions(1000, 1), 5, most=999) is None
