"""Sifting: the same optimum as the whole program, with prices that prove it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.many_lines.pieces import Straight
from mediaplan.planning.many_lines.sifting import sift
from mediaplan.planning.many_lines.sums import Sums
from mediaplan.planning.search.solving import best_money
from mediaplan.planning.solvers.highs import solve
from mediaplan.response.curves import Curves
from mediaplan.words import Sentence


def pieces(lines: int, seed: int, *, floors: float = 0.0, budget: float = 0.1) -> Straight:
    """Lines in eight channels, twenty audiences and ten posts; floors are parts of the budget for each channel."""
    random = np.random.default_rng(seed)
    length = np.exp(random.normal(0, 0.5, (lines, 6))) * 100
    slope = np.exp(random.normal(0, 0.8, lines))[:, None] * np.cumprod(
        random.uniform(0.5, 0.95, (lines, 6)), axis=1
    )
    money = budget * length.sum()
    rows, low, high = [np.ones(lines)], [-np.inf], [money]
    for groups, share in ((8, 0.2), (20, 0.08), (10, 0.15)):
        group = random.integers(0, groups, lines)
        for number in range(groups):
            rows.append((group == number).astype(float))
            low.append(floors * money if groups == 8 and floors else -np.inf)
            high.append(share * money)
    return Straight(slope, length, Sums(sp.csr_array(np.array(rows)), np.array(low), np.array(high)))


def whole_program(straight: Straight) -> float | None:
    """Its optimum by scipy, all pieces at once; `None` where there is none."""
    by_piece = sp.csr_array(np.repeat(straight.sums.rows.toarray(), straight.slope.shape[1], axis=1))
    over, under = np.isfinite(straight.sums.high), np.isfinite(straight.sums.low)
    found = linprog(
        -straight.slope.ravel(),
        A_ub=sp.vstack([by_piece[over], -by_piece[under]]),
        b_ub=np.concatenate([straight.sums.high[over], -straight.sums.low[under]]),
        bounds=np.column_stack([np.zeros(straight.length.size), straight.length.ravel()]),
    )
    return -found.fun if found.status == 0 else None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("floors", [0.0, 0.06])
@pytest.mark.parametrize("budget", [0.03, 0.4, 2.0])
def test_sifting_finds_the_optimum_of_the_whole_program(seed, floors, budget):
    straight = pieces(900, seed, floors=floors, budget=budget)
    known, found = whole_program(straight), sift(straight, solve)
    if known is None:
        assert found is None
        return
    assert found is not None
    assert found.value == pytest.approx(known, rel=1e-9)
    assert found.bound == pytest.approx(known, rel=1e-9)
    assert found.handed < straight.length.size or budget > 1


def test_its_prices_prove_its_worth_and_its_money_keeps_the_rows():
    straight = pieces(900, 7, floors=0.06)
    found = sift(straight, solve)
    assert found is not None
    sums = straight.sums.rows @ found.amounts
    size = straight.sums.high[0]
    assert (sums <= straight.sums.high + 1e-9 * size).all()
    assert (sums >= straight.sums.low - 1e-9 * size).all()
    limit = np.where(found.prices > 0, straight.sums.high, straight.sums.low)
    dual = float((found.prices * np.where(found.prices == 0, 0.0, limit)).sum())
    gain = straight.slope - (straight.sums.rows.T @ found.prices)[:, None]
    assert dual + float((np.maximum(gain, 0) * straight.length).sum()) == pytest.approx(found.value, rel=1e-9)


def test_rows_that_nothing_keeps_are_known_as_such():
    straight = pieces(900, 1)
    low = straight.sums.low.copy()
    low[1] = 1.01 * straight.sums.high[0]
    assert sift(Straight(straight.slope, straight.length, replace(straight.sums, low=low)), solve) is None


def test_a_rare_line_that_a_floor_needs_is_found_however_little_it_is_worth():
    straight = pieces(900, 2)
    slope = straight.slope.copy()
    slope[5] = 1e-6
    rows = sp.csr_array(sp.vstack([straight.sums.rows, sp.csr_array(np.eye(1, 900, 5))]))
    low, high = np.append(straight.sums.low, 50.0), np.append(straight.sums.high, np.inf)
    question = Straight(slope, straight.length, Sums(rows, low, high))
    found = sift(question, solve)
    assert found is not None
    assert found.amounts[5] == pytest.approx(50.0)
    assert found.value == pytest.approx(whole_program(question), rel=1e-9)


def test_prices_of_another_budget_only_save_time():
    straight = pieces(900, 3, budget=0.1)
    first = sift(straight, solve)
    more = Straight(straight.slope, straight.length, replace(straight.sums, high=1.5 * straight.sums.high))
    assert first is not None
    warm, cold = sift(more, solve, first.prices), sift(more, solve)
    assert warm is not None
    assert cold is not None
    assert warm.value == pytest.approx(cold.value, rel=1e-9)


def question(lines: int) -> tuple[list[Demand], Objective, int]:
    random = np.random.default_rng(0)
    rate = np.exp(random.normal(-1, 0.8, (1, lines, 1)) + random.normal(0, 0.3, (1, lines, 5)))
    scale = np.exp(random.normal(5, 0.7, (1, lines, 1)) + random.normal(0, 0.3, (1, lines, 5)))
    curves = Curves(("lead",), rate, scale, np.full(1, 0.1), np.ones(lines), np.ones(lines, dtype=bool))
    budget = lines * 900
    channel = np.arange(lines) % 4
    terms = [Linear.over(np.ones(lines), -np.inf, float(budget), np.ones(lines, dtype=bool))]
    for number, (low, high) in enumerate(((0.0, 0.2), (0.0, 0.3), (0.4, 1.0), (0.0, 0.15))):
        mask = channel == number
        terms.append(Linear.over(mask.astype(float), low * budget, high * budget, mask))
    return (
        [Demand(Sentence("x"), (term,)) for term in terms],
        Objective(curves, np.ones((1, lines)), 0.01),
        budget,
    )


def test_a_plan_of_many_lines_is_that_of_the_whole_question(monkeypatch):
    demands, objective, budget = question(600)
    quick = best_money(demands, objective, budget, solve)
    monkeypatch.setattr("mediaplan.planning.search.searching.is_plain", lambda *_: False)
    slow = best_money(demands, objective, budget, solve)
    assert quick is not None
    assert slow is not None
    assert quick.value == pytest.approx(slow.value, rel=1e-6)
    assert max(quick.value, slow.value) <= min(quick.bound, slow.bound)
    assert quick.bound - quick.value <= 1e-6 * quick.bound
    np.testing.assert_allclose(quick.prices, slow.prices, rtol=0.02, atol=1e-9)


def test_the_order_of_lines_does_not_matter_to_the_worth():
    demands, objective, budget = question(600)
    turned = np.random.default_rng(5).permutation(600)
    other = [Demand(d.said, tuple(t.take(turned) for t in d.terms if isinstance(t, Linear))) for d in demands]
    one = best_money(demands, objective, budget, solve)
    two = best_money(other, objective.take(turned), budget, solve)
    assert one is not None
    assert two is not None
    assert one.value == pytest.approx(two.value, rel=1e-6)


def test_a_plain_question_that_nothing_keeps_has_no_plan():
    demands, objective, budget = question(600)
    mask = np.arange(600) < 3
    never = Demand(Sentence("y"), (Linear.over(mask.astype(float), 2.0 * budget, np.inf, mask),))
    assert best_money([*demands, never], objective, budget, solve) is None
