"""Plain questions on their true curves: random limits against the program of chords, and what engines leave behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mediaplan.brief.terms import Domain, Linear
from mediaplan.planning.asking.demands import Demand, limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.search.rounding import payable
from mediaplan.planning.search.solving import best_money
from mediaplan.planning.solvers.highs import solve
from mediaplan.planning.solvers.with_pulp import solver_named
from mediaplan.response.curves import Curves
from mediaplan.response.pools import Pools
from mediaplan.words import Sentence

LINES = 30


def objective(random: np.random.Generator, *, pools: bool) -> Objective:
    rate = np.exp(random.normal(-1, 0.8, (2, LINES, 4)))
    scale = np.exp(random.normal(5, 0.7, (2, LINES, 4)))
    weights = np.array([np.ones(LINES), np.full(LINES, 0.3)])
    member = random.integers(-1, 4, LINES).astype(np.int32)
    layers = (
        Pools(member, random.uniform(20, 200, 4), weights),
        Pools(np.zeros(LINES, dtype=np.int32), np.array([300.0]), weights),
    )
    ones = np.ones(LINES)
    found = Curves(("lead", "click"), rate, scale, np.full(2, 0.1), ones, ones > 0, layers if pools else ())
    return Objective(found, weights, 0.01)


def limited(random: np.random.Generator, budget: int) -> list[Linear | Domain]:
    """A budget, floors and ceilings of four channels as money and as shares, and a line that must have some."""
    every = np.ones(LINES, dtype=bool)
    channel = random.integers(0, 4, LINES)
    terms: list[Linear | Domain] = [Linear.over(np.ones(LINES), -np.inf, float(budget), every)]
    for number in range(4):
        mask = channel == number
        share = float(random.choice([0.1, 0.3, 0.6]))
        if random.random() < 0.5:
            terms.append(Linear.over(mask - share, -np.inf, 0.0, mask, ratio=True))
        else:
            terms.append(Linear.over(mask.astype(float), 0.2 * share * budget, share * budget, mask))
    terms.append(Domain(np.arange(LINES) == 3, at_least=budget // 50, or_zero=False))
    terms.append(Domain(every, at_most=budget / 5))
    return terms


@pytest.mark.parametrize("seed", range(12))
def test_random_limits_give_the_plan_that_the_program_of_chords_gives(seed, monkeypatch):
    random = np.random.default_rng(seed)
    worth = objective(random, pools=seed % 2 == 0)
    budget = int(random.choice([2_000, 200_000, 20_000_000]))
    demands = [Demand(Sentence("x"), (term,)) for term in limited(random, budget)]
    quick = best_money(demands, worth, budget, solve)
    monkeypatch.setattr("mediaplan.planning.search.searching.is_plain", lambda *_: False)
    slow = best_money(demands, worth, budget, solve)
    assert (quick is None) == (slow is None)
    if quick is None or slow is None:
        return
    assert quick.value == pytest.approx(slow.value, rel=1e-3 if budget < 10_000 else 1e-6)
    assert max(quick.value, slow.value) <= min(quick.bound, slow.bound) * (1 + 1e-12)


def test_what_an_engine_leaves_on_a_line_that_is_off_is_nothing():
    worth = objective(np.random.default_rng(0), pools=False)
    budget = 100_000
    every = np.ones(LINES, dtype=bool)
    terms = [Linear.over(np.ones(LINES), -np.inf, 9_000.0, every), Domain(every, at_least=3_000)]
    amounts = np.zeros(LINES)
    amounts[[1, 2, 4]] = 3_000.0
    amounts[[7, 8]] = 1.5e-5
    limits = limits_of(terms, LINES, budget)
    paid = payable(amounts, worth.slope(amounts), limits, terms[:1], worth)
    assert paid.tolist() == np.where(amounts > 1, 3_000, 0).tolist()


def test_another_engine_finds_the_plan_by_itself():
    asked = []
    pulp = solver_named("HiGHS")

    def counted(program, wait):
        asked.append(program)
        return pulp.answers(program, wait)

    ours_alone = replace(pulp, answers=counted)
    worth = objective(np.random.default_rng(3), pools=True)
    demands = [
        Demand(Sentence("x"), (Linear.over(np.ones(LINES), -np.inf, 5e4, np.ones(LINES, dtype=bool)),))
    ]
    ours, theirs = best_money(demands, worth, 50_000, solve), best_money(demands, worth, 50_000, ours_alone)
    assert asked
    assert ours is not None
    assert theirs is not None
    assert ours.value == pytest.approx(theirs.value, rel=1e-6)
