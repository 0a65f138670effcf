"""Tests that lines which share people are worn out together: in curves, programs, bounds and prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import response
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import EachLine
from mediaplan.planning.making import plan
from mediaplan.response.curves import Curves, misfit, pooled, realised
from mediaplan.response.estimating.crowding import SHARING, USUAL, believed, lean
from mediaplan.response.estimating.wearing import WEARINESS, stretches_of, wear_of
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.response.pools import Pools, kept, next_kept
from mediaplan.worlds import additive, mechanistic
from mediaplan.worlds.settings import SETTINGS
from mediaplan.worlds.sizes import SIZES


def layers(lines=4):
    """Pairs of lines in pools of size 10, all of them in one of size 30."""
    weight = np.ones((1, lines))
    pair = (np.arange(lines) // 2).astype(np.int32)
    return (
        Pools(pair, np.full(lines // 2, 10.0), weight),
        Pools(np.zeros(lines, dtype=np.int32), np.array([30.0]), weight, doubt=0.5),
    )


def curves(pools, lines=4, draws=20, **more):
    random = np.random.default_rng(3)
    rate = np.exp(random.normal(0.0, 0.3, (1, lines, draws)))
    scale = 20.0 * np.exp(random.normal(0.0, 0.2, (1, lines, draws)))
    return Curves(
        ("lead",), rate, scale, np.array([0.1]), np.ones(lines), np.ones(lines, dtype=bool), pools, **more
    )


def brief(budget, *rules):
    return Brief(budget=budget, currency="EUR", start="2026-12-01", days=7, rules=rules)


def test_layers_wear_one_after_the_other():
    worth = np.array([10.0, 0.0, 5.0, 5.0])
    # Each pair brings 10 alone and 10 / (1 + 10/10) = 5 together; both bring 10, and 10 / (1 + 10/30) = 7.5 in all.
    assert worth @ kept(layers(), worth) == pytest.approx(7.5)
    assert kept(layers(), worth) == pytest.approx(np.full(4, 0.375))


def test_what_is_kept_of_the_next_result_is_the_slope_of_the_whole():
    worth, step = np.array([7.0, 1.0, 4.0, 9.0]), 1e-6

    def whole(each):
        return each @ kept(layers(), each)

    slopes = [(whole(worth + step * e) - whole(worth - step * e)) / (2 * step) for e in np.eye(4)]
    assert next_kept(layers(), worth) == pytest.approx(slopes, rel=1e-6)


def test_pools_counted_in_worth_are_worn_as_before_by_results_in_usual_proportions():
    pool, results = layers()[0], np.array([[3.0, 5.0, 2.0, 1.0]])
    valued = pool.measured_in(np.array([[4.0, 4.0, 7.0, 7.0]]), results)
    weighed = (valued.weight * results).sum(axis=0)
    assert kept((valued,), weighed) == pytest.approx(kept((pool,), results[0]))


def test_realised_counts_of_shared_people_are_about_the_mean_that_was_promised():
    shared = curves(layers(), usual=np.array([0.5]))
    money = np.array([10.0, 20.0, 5.0, 15.0])
    promised = pooled(shared, money).mean(axis=2).sum()
    drawn = realised(shared, money, seed=1, copies=400).sum(axis=(0, 1))
    assert drawn.mean() == pytest.approx(promised, rel=0.02)
    sure = replace(shared, pools=tuple(replace(p, doubt=0.0) for p in layers()))
    assert drawn.std() > realised(sure, money, seed=1, copies=400).sum(axis=(0, 1)).std()


def test_a_plan_no_better_than_the_past_is_taken_at_its_word_and_a_bolder_one_is_less_sure():
    money = np.full(4, 10.0)
    plain = curves(())
    average = plain.results(money).mean(axis=2).sum() / money.sum()
    doubts = [misfit(replace(plain, usual=np.array([average / gain])), money) for gain in (1.0, 2.0, 4.0)]
    assert doubts[0] == pytest.approx(0.0, abs=1e-9)
    assert doubts[2] == pytest.approx(2 * doubts[1], rel=1e-6)
    assert misfit(plain, money) == 0.0


class InLayers:
    """An invented estimate with a second layer: everybody."""

    def __init__(self, inner, size):
        self.inner, self.size = inner, size

    def curves(self, lines):
        found = self.inner.curves(lines)
        n = len(lines)
        everybody = Pools(np.zeros(n, dtype=np.int32), np.array([self.size]), np.ones((1, n)))
        return replace(found, pools=(*found.pools, everybody))


def in_layers(**more):
    known = response(posts=2, channels=("a", "b"), audiences=1, slots=(), seed=5, pool_size=8.0, **more)
    return replace(known, estimate=InLayers(known.estimate, 12.0))


def test_the_plan_in_layers_is_the_best_there_is_and_its_bound_is_met():
    made = plan(brief(2000), in_layers())
    known = in_layers()
    names = [(line.post, line.channel) for line in made.lines_planned]
    codes = {
        "post": np.array([0, 0, 1, 1], dtype=np.int32),
        "channel": np.array([0, 1, 0, 1], dtype=np.int32),
        "audience": np.zeros(4, dtype=np.int32),
        "slot": np.full(4, -1, dtype=np.int32),
    }
    lines = Lines(known.names, codes, np.full(4, np.datetime64("2026-12-01")), np.full(4, 7, dtype=np.int32))
    free = known.curves(lines)

    def lost(share):
        part = np.exp(share - share.max())
        return -pooled(free, 2000 * part / part.sum()).mean(axis=2).sum()

    best = -min(
        minimize(
            lost, start, method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-9, "fatol": 1e-12}
        ).fun
        for start in (np.zeros(4), np.array([1.0, 0.0, 0.0, 1.0]))
    )
    assert names
    assert made.objective == pytest.approx(best, rel=1e-5)
    assert made.objective == pytest.approx(made.totals.results.mean, rel=1e-9)
    assert made.certificate.bound >= best * (1 - 1e-9)
    assert made.certificate.gap < 1e-5


def test_choices_in_layers_are_proven_too():
    made = plan(brief(600, EachLine(or_zero=True, at_least=150)), in_layers())
    assert made.certificate.gap <= 2e-3
    assert all(line.amount.amount >= 150 for line in made.lines_planned)


def test_the_cost_of_the_next_result_counts_what_other_lines_lose():
    less, more = (plan(brief(budget), in_layers()) for budget in (2000, 2010))
    gained = more.totals.results.mean - less.totals.results.mean
    assert {round(line.marginal_cpr / (10 / gained), 2) for line in less.lines_planned} <= {0.99, 1.0, 1.01}


def test_lines_that_never_run_at_the_same_time_share_nobody():
    start = np.array(["2026-12-01", "2026-12-03", "2026-12-08"], dtype="datetime64[D]")
    member, days = stretches_of(Lines({}, {}, start, np.array([3, 5, 7], dtype=np.int32)))
    assert member.tolist() == [0, 0, 1]
    assert days.tolist() == [7.0, 7.0]


def test_how_worn_people_are_is_impressions_per_person_and_week():
    world = mechanistic.World(1, SIZES["small"])
    rows, counts = world.history.rows, [world.history.rows["results:lead"].to_numpy()]
    people = world.audiences.rows.groupby("audience")["size"].max().sum()
    weekly = rows["impressions"].sum() / world.setting.weeks
    told = wear_of(rows, world.audiences, counts)
    assert told.worn == pytest.approx(WEARINESS * weekly / people, rel=1e-9)
    assert told.daily[0] * 7 * world.setting.weeks == pytest.approx(counts[0].sum() + 0.5)
    assert wear_of(rows.assign(impressions=np.nan), world.audiences, counts).worn == 0.0
    by_day = pd.concat(
        [
            rows.assign(
                date=rows["date"] + pd.Timedelta(days=day), days=1, spend=rows["spend"] / 7,
                impressions=rows["impressions"] / 7, **{"results:lead": rows["results:lead"] / 7},
            )
            for day in range(7)
        ],
        ignore_index=True,
    )  # fmt: skip
    again = wear_of(by_day, world.audiences, [by_day["results:lead"].to_numpy()])
    assert again.worn == pytest.approx(told.worn)


def crowded(world):
    return fit(world.history, posts=world.posts, audiences=world.audiences).estimate.fits[0].crowd.crowded


def test_pools_are_found_where_people_are_shared_and_not_where_they_are_not():
    """The same worlds but for that, in pairs."""
    apart, shared = (
        [crowded(additive.World(seed, SETTINGS[setting])) for seed in range(860_000, 860_006)]
        for setting in ("base", "overlap")
    )
    assert np.mean(apart) < 0.03
    assert np.mean(shared) > 0.05
    assert sum(more > less for less, more in zip(apart, shared, strict=True)) >= 5
    # Worlds that are clear: many weeks in which a neighbour's money is felt, and some in which it never is.
    assert crowded(additive.World(7, SETTINGS["overlap"])) > 0.1
    assert crowded(additive.World(0, SETTINGS["base"])) == 0.0


def test_sharing_is_found_in_histories_too_large_to_be_taken_together():
    """Several thousand observations: nobody shared or few, and the load that is true of the same world."""
    large = {"channels": 6, "audiences": 20, "slots": 12, "posts": 20, "habits": 40, "budget": 80_000.0}
    apart, shared = (additive.World(5, replace(SETTINGS[name], **large)) for name in ("base", "overlap"))
    assert len(shared.history.rows) > 5000
    assert crowded(apart) < 0.02
    assert 0.15 < crowded(shared) < 0.6


def test_what_neighbours_lean_on_a_lines_own_chance_is_what_simulated_chance_makes_of_it():
    """Nobody is shared: 48 lines in 12 pools and weeks, effects fitted to counts that are nothing but effects and noise."""
    random, lines = np.random.default_rng(8), 48
    pool = np.arange(lines) % 4
    week = np.arange(lines) // 4 % 3
    chance = random.uniform(0.2, 0.6, lines)
    effects = 0.3 * np.equal.outer(pool, pool) + 0.1 * np.equal.outer(week, week) + 0.05
    covariance = effects + np.diag(chance)
    inverse = np.linalg.inv(covariance)
    together = np.equal.outer(pool * 3 + week, pool * 3 + week) & ~np.eye(lines, dtype=bool)
    seen = random.multivariate_normal(np.zeros(lines), covariance, size=20_000)
    residuals = seen @ inverse
    mates = together * np.exp(residuals @ effects)[:, None, :]  # load by what is fitted to each of the others
    came = -np.einsum("sij,si->s", mates, residuals)
    told = np.array([lean(each.sum(axis=1), each, inverse, chance).sum() for each in mates[::20]])
    assert came.mean() < -1.0
    assert told.mean() == pytest.approx(came.mean(), abs=4 * came.std() / len(came) ** 0.5)


def test_neighbours_that_are_not_among_the_rows_lean_as_much_as_those_that_are():
    """Of 40 alike lines in one pool and week, half are among the rows; effects are fitted to all."""
    random, half, lines = np.random.default_rng(9), 20, 40
    effects = np.full((lines, lines), 0.2) + 0.1 * np.eye(lines)  # of the pool, and of each line
    covariance = effects + 0.5 * np.eye(lines)
    inverse = np.linalg.inv(covariance[:half, :half])
    seen = random.multivariate_normal(np.zeros(lines), covariance, size=20_000)
    fitted = np.exp(seen @ np.linalg.inv(covariance) @ effects)
    residuals = seen[:, :half] @ inverse
    load = fitted.sum(axis=1)[:, None] - fitted[:, :half]
    came = -(load * residuals).sum(axis=1)
    apart = ~np.eye(half, dtype=bool)
    chance = np.full(half, 0.5)
    told = [
        lean(each, apart * row[:half], inverse, chance).sum()
        for each, row in zip(load[::10], fitted[::10], strict=True)
    ]
    assert np.mean(told) == pytest.approx(came.mean(), rel=0.1)


def test_few_weeks_hardly_make_believe_in_shared_people():
    few = [crowded(additive.World(seed, SETTINGS["short"])) for seed in range(860_000, 860_003)]
    assert np.mean(few) < 0.05


@given(estimate=st.floats(-0.5, 1.0), error=st.floats(0.05, 0.5))
def test_what_is_believed_of_sharing_is_the_mean_over_its_prior(estimate, error):
    def likelihood(c):
        return np.exp((estimate**2 - (estimate - c) ** 2) / (2 * error**2))  # beside that of c = 0

    def slab(power):
        return quad(
            lambda c: c**power * likelihood(c) * 2 * norm.pdf(c, 0, USUAL),
            *(0, 4),
            points=[max(estimate, 0.0), max(estimate, 0.0) + error],
            epsabs=0.0,
        )[0]

    whole = (1 - SHARING) * likelihood(0.0) + SHARING * slab(0)
    mean, square = SHARING * slab(1) / whole, SHARING * slab(2) / whole
    assert believed(estimate, error) == pytest.approx((mean, (square - mean**2) ** 0.5), rel=1e-4, abs=1e-9)


def test_where_the_history_says_nothing_of_sharing_its_prior_is_believed():
    assert believed(0.7, np.inf) == pytest.approx(believed(0.7, 1e4), rel=1e-3)
