"""Sifting where lines share people, and where rows weigh all money: the same optimum as the whole program."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Demand, limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.bounding import lagrangian_bound
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.worth_of_lines import first_worth
from mediaplan.planning.many_lines.pieces import Straight
from mediaplan.planning.many_lines.plain import first_prices, on_curves
from mediaplan.planning.many_lines.sifting import sift, whole
from mediaplan.planning.many_lines.smoothing import smoothed_prices
from mediaplan.planning.many_lines.sums import Sums
from mediaplan.planning.search.solving import best_money
from mediaplan.planning.solvers.highs import solve
from mediaplan.response.curves import Curves
from mediaplan.response.pools import Pools
from mediaplan.words import Sentence

WIDE = 6


def falling(random: np.random.Generator, lines: int, steepest: np.ndarray) -> np.ndarray:
    return steepest[:, None] * np.cumprod(random.uniform(0.5, 0.95, (lines, WIDE)), axis=1)


def shared(
    seed: int, lines: int = 850, *, budget: float = 0.1, layers: int = 2, share: bool = False
) -> Straight:
    """Lines in channels, narrow pools and a wide one; the last tenth is in no narrow pool, and some are in none at all."""
    random = np.random.default_rng(seed)
    length = np.exp(random.normal(0, 0.5, (lines, WIDE))) * 100
    slope = falling(random, lines, np.exp(random.normal(0, 0.8, lines)))
    money = budget * length.sum()
    channel = np.arange(lines) % 8
    of = (channel == np.arange(8)[:, None]).astype(float)
    rows = sp.csr_array(np.vstack([np.ones(lines), of]))
    high, common = np.concatenate([[money], np.full(8, 0.2 * money)]), None
    if share:
        high[1:], common = 0.0, np.concatenate([[0.0], np.full(8, -0.2)])
    low = np.full(9, -np.inf)
    low[3] = 0.0 if share else 0.05 * money
    narrow = 12
    count = narrow + (layers - 1)
    into = 9 + random.integers(0, narrow, lines)
    into[-lines // 10 :] = 9 + narrow if layers == 2 else -1
    into[-lines // 30 :] = -1
    flowing = np.bincount(into[into >= 0] - 9, (slope * length).sum(axis=1)[into >= 0], count)
    flowing[narrow:] += flowing.sum()
    pieces = flowing[:, None] * random.dirichlet(np.ones(WIDE), count) * 0.3
    sums = Sums(
        sp.csr_array(sp.block_diag([rows, sp.eye_array(count)])),
        np.concatenate([low, np.full(count, -np.inf)]),
        np.concatenate([high, random.uniform(0, 50, count)]),
        np.concatenate([into, np.full(narrow, 9 + narrow if layers == 2 else -1), np.full(layers - 1, -1)]),
        count,
        None if common is None else np.pad(common, (0, count)),
    )
    slopes = np.vstack([slope, falling(random, count, np.ones(count))])
    return Straight(slopes, np.vstack([length, pieces]), sums)


def by_scipy(straight: Straight) -> float | None:
    """The optimum of all pieces at once; `None` where there is none."""
    by_piece = sp.kron(straight.sums.rows, np.ones((1, WIDE))).toarray()
    if straight.sums.common is not None:
        by_piece[:, : straight.sums.lines * WIDE] += straight.sums.common[:, None]
    gain = straight.slope.copy()
    for line, row in enumerate(straight.sums.into):
        if row >= 0:
            by_piece[row, line * WIDE : (line + 1) * WIDE] -= straight.slope[line]
            gain[line] = 0.0
    over, under = np.isfinite(straight.sums.high), np.isfinite(straight.sums.low)
    found = linprog(
        -gain.ravel(),
        A_ub=sp.csr_array(np.vstack([by_piece[over], -by_piece[under]])),
        b_ub=np.concatenate([straight.sums.high[over], -straight.sums.low[under]]),
        bounds=np.column_stack([np.zeros(gain.size), straight.length.ravel()]),
    )
    return -found.fun if found.status == 0 else None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("budget", [0.03, 0.4])
def test_sifting_shared_people_finds_the_optimum_of_the_whole_program(seed, layers, budget):
    straight = shared(seed, budget=budget, layers=layers)
    found = sift(straight, solve)
    assert found is not None
    assert found.value == pytest.approx(by_scipy(straight), rel=1e-9)
    assert found.bound == pytest.approx(found.value, rel=1e-9)
    assert found.handed < straight.length.size


def test_one_program_over_all_pieces_finds_the_same():
    straight = shared(5, lines=60, share=True)
    found = whole(straight, solve)
    assert found is not None
    assert found.value == pytest.approx(by_scipy(straight), rel=1e-9)


def test_where_no_line_can_take_money_nothing_is_the_best_unless_a_row_asks_for_some():
    nothing = Straight(
        np.ones((2, 3)), np.zeros((2, 3)), Sums(sp.csr_array(np.ones((1, 2))), np.zeros(1), np.ones(1))
    )
    found = sift(nothing, solve)
    assert found is not None
    assert not found.amounts.any()
    assert sift(replace(nothing, sums=replace(nothing.sums, low=np.ones(1))), solve) is None


@pytest.mark.parametrize("seed", range(3))
def test_shares_of_all_money_are_kept_without_rows_over_every_line(seed):
    straight = shared(seed, share=True)
    found = sift(straight, solve)
    assert found is not None
    assert found.value == pytest.approx(by_scipy(straight), rel=1e-9)
    money = found.amounts[: straight.sums.lines]
    channels = np.bincount(np.arange(straight.sums.lines) % 8, money)
    assert channels.max() <= 0.2 * money.sum() * (1 + 1e-9)


def test_the_prices_of_money_and_of_pools_prove_the_worth():
    straight = shared(7)
    found = sift(straight, solve)
    assert found is not None
    limit = np.where(found.prices > 0, straight.sums.high, straight.sums.low)
    dual = float((found.prices * np.where(found.prices == 0, 0.0, limit)).sum())
    gain = np.maximum(straight.steep(found.prices), 0.0)
    assert dual + float((gain * straight.length).sum()) == pytest.approx(found.value, rel=1e-9)


def test_what_pools_give_is_what_flowed_into_them():
    straight = shared(8)
    found = sift(straight, solve)
    assert found is not None
    left = np.minimum(
        found.amounts[:, None] - np.cumsum(straight.length, axis=1) + straight.length, straight.length
    )
    worth = (np.maximum(left, 0.0) * straight.slope).sum(axis=1)
    own = straight.sums.rows @ found.amounts - straight.sums.flow @ worth
    assert (own[9:] <= straight.sums.high[9:] + 1e-9 * found.value).all()
    assert worth[straight.sums.counting].sum() == pytest.approx(found.value, rel=1e-9)


def test_smoothed_prices_of_pools_are_near_the_exact_ones():
    straight = shared(9, lines=2000)
    found = sift(straight, solve)
    assert found is not None
    np.testing.assert_allclose(smoothed_prices(straight)[9:], found.prices[9:], atol=0.1)


def question(lines: int, layers: int) -> tuple[list[Demand], Objective]:
    """Lines of four channels with a budget, shares and a locked line; the people of ten pools, and all of them."""
    random = np.random.default_rng(1)
    rate = np.exp(random.normal(-1, 0.8, (1, lines, 1)) + random.normal(0, 0.3, (1, lines, 5)))
    scale = np.exp(random.normal(5, 0.7, (1, lines, 1)) + random.normal(0, 0.3, (1, lines, 5)))
    ones = np.ones((1, lines))
    member = np.where(np.arange(lines) % 17 == 0, -1, np.arange(lines) % 10).astype(np.int32)
    pools = (
        Pools(member, np.full(10, lines * 0.3), ones),
        Pools(np.zeros(lines, dtype=np.int32), np.array([lines * 2.0]), ones),
    )[:layers]
    curves = Curves(("lead",), rate, scale, np.full(1, 0.1), ones[0], ones[0] > 0, pools)
    budget = lines * 900
    every = np.ones(lines, dtype=bool)
    terms = [Linear.over(np.ones(lines), -np.inf, float(budget), every)]
    for channel, most in enumerate((0.2, 0.3, 1.0, 0.25)):
        mask = np.arange(lines) % 4 == channel
        terms.append(Linear.over(mask - most, -np.inf, 0.0, mask, ratio=True))
    return [Demand(Sentence("x"), (term,)) for term in terms], Objective(curves, ones, 0.01)


@pytest.mark.parametrize("curved", [True, False])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_plan_of_many_lines_that_share_people_is_that_of_the_whole_question(layers, curved, monkeypatch):
    demands, objective = question(600, layers)
    budget = 600 * 900
    if not curved:  # as where Newton's method finds no prices
        monkeypatch.setattr("mediaplan.planning.many_lines.plain.on_curves", lambda *_, **__: None)
    quick = best_money(demands, objective, budget, solve)
    monkeypatch.setattr("mediaplan.planning.search.searching.is_plain", lambda *_: False)
    slow = best_money(demands, objective, budget, solve)
    assert quick is not None
    assert slow is not None
    assert quick.value == pytest.approx(slow.value, rel=1e-6)
    assert max(quick.value, slow.value) <= min(quick.bound, slow.bound)
    assert quick.bound - quick.value <= 1e-6 * quick.bound
    np.testing.assert_allclose(quick.prices, slow.prices, rtol=0.02, atol=1e-4 * quick.prices.max())


def test_money_that_lines_must_have_flows_into_their_pools():
    demands, objective = question(600, 2)
    free = best_money(demands, objective, 600 * 900, solve)
    locked = replace(demands[0])
    least = np.zeros(600)
    least[3] = 1.0
    must = Demand(Sentence("y"), (Linear.over(least, 20_000.0, np.inf, least > 0),))
    held = best_money([locked, *demands[1:], must], objective, 600 * 900, solve)
    assert free is not None
    assert held is not None
    assert held.amounts[3] >= 20_000
    assert held.value <= free.value * (1 + 1e-9)
    assert held.bound - held.value <= 1e-6 * held.bound


def test_amounts_on_the_true_curves_keep_their_limits_and_their_prices_prove_them_best():
    demands, objective = question(600, 2)
    terms = [term for demand in demands for term in demand.terms if isinstance(term, Linear)]
    limits = limits_of(terms, 600, 600 * 900)
    start = first_prices(Terms.of(terms), limits, objective)
    found = on_curves(terms, limits, objective, start)
    assert found is not None
    for term in terms:
        assert term.at_least - 0.01 <= term.total(found.amounts) <= term.at_most + 0.01
    entry = first_worth(objective, limits)
    prices = found.prices[: len(terms)]
    charged = (np.zeros(600), np.zeros(600), 0.0)
    proof = lagrangian_bound(objective, limits, terms, prices, found.amounts, entry, charged, np.zeros(0))
    assert found.worth == pytest.approx(proof.value, rel=1e-9)
