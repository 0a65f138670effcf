"""The estimator: what it must keep whatever the history, and what it must find in worlds whose truth is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fits_by_hand import LEAD, crossed, fitted, history, same, world, world_lines
from scipy.special import gammaln

from mediaplan.history.records.records import DIMENSIONS, History, Posts
from mediaplan.response.curves import pooled, realised
from mediaplan.response.estimating import backfitting, schedule
from mediaplan.response.estimating.drift import RHO, _precision, _solve
from mediaplan.response.estimating.saturation import NODES, USUAL, Saturation
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.response.looking_back.baselines import naive, past_split
from mediaplan.response.rows.cases import OLDEST, attributes
from mediaplan.response.rows.naming import collect, place
from mediaplan.response.rows.observations import calendar_days
from mediaplan.slots import Slot, Slots
from mediaplan.worlds.additive import World
from mediaplan.worlds.settings import SETTINGS

# law 9: time scales


def test_a_table_by_day_and_the_same_table_by_week_tell_the_same_story():
    random = np.random.default_rng(1)
    weekly = [
        {
            "date": pd.Timestamp("2026-09-07") + pd.Timedelta(weeks=int(week)),
            "post": f"p{post}",
            "channel": f"c{post % 3}",
            "spend": 7.0 * random.integers(1, 40),
            LEAD: 7.0 * random.poisson(3),
        }
        for week in range(8)
        for post in range(6)
    ]
    daily = [
        row
        | {
            "date": row["date"] + pd.Timedelta(days=d),
            "days": 1,
            "spend": row["spend"] / 7,
            LEAD: row[LEAD] / 7,
        }
        for row in weekly
        for d in range(7)
    ]
    by_week, by_day = fit(history(weekly)), fit(history(daily))
    lines = crossed(by_week)
    same(by_week.curves(lines), by_day.curves(lines), 1e-6)


def test_a_slot_of_two_weekdays_counts_a_week_however_its_rows_are_cut():
    slots = Slots({"week-end": Slot.read("week-end", "sat-sun"), "all": Slot("all")})
    names = ("all", "week-end")
    monday = float((pd.Timestamp("2026-09-07") - pd.Timestamp(0)).days)
    start = np.array([monday, monday + 5, monday + 6, monday, monday])
    days = np.array([7.0, 1.0, 1.0, 7.0, 14.0])
    counted = calendar_days(start, days, np.array([1, 1, 1, 0, 1]), names, slots)
    np.testing.assert_allclose(counted, [7.0, 3.5, 3.5, 7.0, 14.0])


def test_twice_the_days_with_the_same_daily_money_give_twice_the_results():
    response = fitted()
    short = response.curves(crossed(response, start="2031-01-06", days=7))
    long = response.curves(crossed(response, start="2031-01-06", days=14))
    # years later drift is forgotten and posts tire no further: only the days differ
    np.testing.assert_allclose(long.scale, 2.0 * short.scale)
    one, two = (c.results(np.full(c.rate.shape[1], m)).mean(axis=2) for c, m in ((short, 10.0), (long, 20.0)))
    np.testing.assert_allclose(two, 2.0 * one, rtol=0.05)
    assert two.sum() == pytest.approx(2.0 * one.sum(), rel=0.01)


def test_rows_that_run_side_by_side_on_the_same_days_saturate_together():
    row = {"post": "a", "channel": "f", "spend": 50.0, LEAD: 5.0}
    split = fit(history([row, row]))
    whole = fit(history([row | {"spend": 100.0, LEAD: 10.0}]))
    same(split.curves(crossed(split)), whole.curves(crossed(whole)), 1e-9)


# laws of order and unit


def test_the_order_of_rows_does_not_matter():
    w = world()
    order = np.random.default_rng(5).permutation(len(w.history.rows))
    mixed = History(w.history.rows.iloc[order].reset_index(drop=True), "EUR", ("lead",))
    other = fit(mixed, posts=w.posts, audiences=w.audiences)
    lines = world_lines(w, other)
    same(fitted().curves(lines), other.curves(lines))
    assert other.digest == fitted().digest


def test_another_unit_of_money_changes_the_figures_and_nothing_else():
    w = world()
    rows = w.history.rows.assign(spend=w.history.rows["spend"] * 655.957)
    other = fit(History(rows, "XOF", ("lead",)), posts=w.posts, audiences=w.audiences)
    lines = world_lines(w, other)
    one, two = fitted().curves(lines), other.curves(lines)
    np.testing.assert_allclose(two.rate * 655.957, one.rate, rtol=1e-6)
    np.testing.assert_allclose(two.scale / 655.957, one.scale, rtol=1e-6)


def test_a_line_has_the_same_curve_in_whatever_company_it_is_asked_for():
    response, lines = fitted(), world_lines(world(), fitted())
    some = np.array([400, 17, 230])
    same(response.curves(lines).take(some), response.curves(lines.take(some)), 1e-12)


def test_few_draws_tell_nearly_what_many_tell():
    w = world()
    lines = world_lines(w, fitted())
    few, many = (
        fit(w.history, posts=w.posts, audiences=w.audiences, draws=n).curves(lines) for n in (21, 400)
    )
    assert (few.draws, many.draws) == (21, 400)
    money = np.full(len(lines), 40.0)
    np.testing.assert_allclose(*(c.results(money)[0].mean(axis=1) for c in (few, many)), rtol=0.1)
    # lucky draws of single lines would win the plan: there are none
    np.testing.assert_allclose(few.rate.mean(axis=2), many.rate.mean(axis=2), rtol=0.05)


# what it finds


def test_backfitting_ends_where_the_penalised_likelihood_is_highest(monkeypatch):
    """Oracle: the likelihood written out again, its slope by finite differences."""
    states = []
    original = backfitting._Fit.fitted
    monkeypatch.setattr(backfitting._Fit, "fitted", lambda self: states.append(self) or original(self))
    monkeypatch.setattr(schedule, "SWEEPS", 60)
    w = World(11, replace(SETTINGS["base"], weeks=5, channels=2, audiences=2, slots=2, posts=3))
    fit(w.history, posts=w.posts, audiences=w.audiences)
    state = states[0]
    steps = [
        step
        for levels in state.blocks.levels
        for step in newton_steps(state, levels, levels.effect, levels.variance, 0)
    ]
    steps += [
        step
        for levels in state.blocks.scales
        for step in newton_steps(state, levels, levels.effect, levels.variance, 1)
    ]
    assert len(steps) > 60
    assert max(steps) < 0.02, "no effect wants to move further"


def newton_steps(state, levels, effect, variance, kind):
    """Size of the Newton step that each of some levels would still like to take."""

    def height(move):
        means = state.means
        load = means.load * np.exp(-move) if kind else means.load
        plain = means.bare if kind else means.bare * np.exp(move)
        tilts = np.exp(-state.fixed.value[-1] * np.array(NODES))
        mean = plain * np.mean([(1 + USUAL * t) / (1 + load * t) for t in tilts], axis=0)
        mean = mean * means.crowding.kept  # who is crowded by whom is judged between sweeps
        size, counts = 1.0 / means.dispersion, means.counts
        return (gammaln(counts + size) + counts * np.log(mean) - (counts + size) * np.log(mean + size)).sum()

    for level in range(min(len(levels.keys), 12)):
        mask = (levels.code == level).astype(float)
        prior = [-((effect[level] + d) ** 2) / (2 * variance) for d in (-1e-3, 0.0, 1e-3)]
        low, mid, high = (height(d * mask) + p for d, p in zip((-1e-3, 0.0, 1e-3), prior, strict=True))
        yield abs((high - low) / 2e-3 / ((low - 2 * mid + high) / 1e-6))


def test_the_curve_of_no_spread_is_the_hyperbola_and_its_slopes_are_those_of_finite_differences():
    load = np.geomspace(1e-3, 1e3, 25)
    np.testing.assert_allclose(Saturation.of(load, 0.0).kept, (1 + USUAL) / (1 + load), rtol=1e-12)
    for spread in (0.1, 0.7, 3.0):
        here = Saturation.of(load, spread)
        assert Saturation.of(np.array([USUAL]), spread).kept == pytest.approx(1.0)
        wider, tighter = (np.log(Saturation.of(load, spread + d).kept) for d in (1e-5, -1e-5))
        np.testing.assert_allclose(here.turn, (wider - tighter) / 2e-5, atol=1e-7)
        more, less = (np.log(Saturation.of(load * np.exp(-d), spread).kept) for d in (1e-5, -1e-5))
        np.testing.assert_allclose(here.bend, (more - less) / 2e-5, atol=1e-7)


def test_results_that_grow_like_a_power_of_money_are_not_forced_into_a_hyperbola():
    """Money over three orders of magnitude, results like its 0.6th power: foretold within a tenth everywhere."""
    random = np.random.default_rng(4)
    money = np.exp(random.uniform(np.log(1.0), np.log(1000.0), 400))
    rows = [
        {"post": f"p{i}", "spend": m, LEAD: c}
        for i, (m, c) in enumerate(zip(money, random.poisson(4.0 * money**0.6), strict=True))
    ]
    response = fit(history(rows))
    assert response.estimate.fits[0].fixed[-1] > 1.5
    curves = response.curves(crossed(response, "2026-09-07"))
    for amount in (3.0, 30.0, 300.0):
        promised = curves.results(np.full(400, amount))[0].mean()
        assert promised == pytest.approx(4.0 * amount**0.6, rel=0.1)


def test_what_lines_have_of_their_own_is_told_from_what_comes_anew_every_week():
    """Worlds of lines that share nothing, half of them seen twice: as much chance stray, kept by the line or not."""

    def learnt(own, anew, seed):
        random = np.random.default_rng(seed)
        rate = np.exp(random.normal(0.0, np.sqrt(own), (10, 4, 5)))
        seen = [(p, c, a, w) for p, c, a in np.ndindex(10, 4, 5) for w in range(1 + (p + c + a) % 2)]
        rows = [
            {
                "date": pd.Timestamp("2026-09-07") + pd.Timedelta(weeks=w),
                "post": f"p{p}",
                "channel": f"c{c}",
                "audience": f"a{a}",
                "spend": 10.0,
                LEAD: random.poisson(8.0 * rate[p, c, a] * random.gamma(1 / anew, anew)),
            }
            for p, c, a, w in seen
        ]
        found = fit(history(rows)).estimate.fits[0]
        return found.levels[-1].variance, found.dispersion

    kept = np.mean([learnt(0.7, 0.15, seed) for seed in range(5)], axis=0)
    anew = np.mean([learnt(0.0, 0.9, seed) for seed in range(5)], axis=0)
    assert kept[0] > 0.12 > 0.04 > anew[0]
    assert anew[1] > 0.45 > 0.35 > kept[1]


def test_where_nothing_is_shared_it_stops_believing_that_lines_are_alike():
    likeness = []
    for seed in range(200, 206):
        w, response = world(seed, "nostruct"), fitted(seed, "nostruct")
        assert (
            response.estimate.fits[0].levels[-1].variance > 0.2
        )  # 0.81 in truth, 0.03 before anything is learnt
        curves = response.curves(world_lines(w, response))
        known = curves.seen
        rate = np.log(w._next[0])[known]
        likeness.append(np.corrcoef(rate, np.log(curves.rate[0].mean(axis=1))[known])[0, 1])
    assert np.mean(likeness) > 0.6


def test_a_post_that_nobody_saw_is_as_young_as_one_that_begins_with_its_first_row():
    rows = [{"post": p, "spend": 10.0, "days": 28, LEAD: 30.0} for p in "abcdef"]
    new = Posts(
        pd.DataFrame({"post": ["a", "z"], "published": pd.to_datetime([None, None])}).assign(
            format=np.nan, topic=np.nan, channels=[()] * 2
        )
    )
    response = fit(history(rows), posts=new)
    lines = crossed(response, "2026-09-07", 28)
    age = response.estimate.attributes.describe(lines.codes, np.full(7, 13.5), np.zeros(7)).age
    told = {lines.label("post", i): age[i] for i in range(7)}
    assert told["z"] == pytest.approx(13.5 / 7)
    promised = response.curves(lines).results(np.full(7, 10.0))[0].mean(axis=1)
    assert promised[-1] == pytest.approx(30.0, rel=0.15)


@pytest.mark.parametrize("known", [DIMENSIONS, ("post",), ("channel", "slot"), ()], ids=str)
def test_told_of_its_own_past_it_promises_what_came(known):
    w = world(12)
    rows = w.history.rows.assign(**{d: np.nan for d in DIMENSIONS if d not in known})
    response = fit(History(rows, "EUR", ("lead",)), posts=w.posts, audiences=w.audiences)
    codes = {d: pd.Index(response.names[d]).get_indexer(rows[d]).astype(np.int32) for d in DIMENSIONS}
    lines = Lines(
        response.names,
        codes,
        rows["date"].to_numpy().astype("datetime64[D]"),
        np.full(len(rows), 7, dtype=np.int32),
    )
    promised = pooled(response.curves(lines), rows["spend"].to_numpy())[0].mean(axis=1)
    if known == DIMENSIONS:  # else several rows are one line's week, and saturate together
        assert promised.sum() == pytest.approx(rows[LEAD].sum(), rel=0.06)
        assert np.corrcoef(np.sqrt(promised), np.sqrt(rows[LEAD]))[0, 1] > 0.9
    weekly = rows.assign(line=rows[list(known)].astype(str).agg("/".join, axis=1) if known else "all")
    keys = [weekly["date"], weekly["line"]]
    together = weekly.groupby(keys)["spend"].transform("sum").to_numpy()
    once = ~weekly.duplicated(subset=["date", "line"]).to_numpy()
    shared = pooled(response.curves(lines.take(once)), together[once])[0].mean(axis=1)
    assert shared.sum() == pytest.approx(rows[LEAD].sum(), rel=0.06)


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("weeks", [[3.0], [0.0, 2.0], [0.0, 1.0, 2.0, 5.0, 6.0]])
def test_the_drift_solves_what_a_dense_inverse_solves(groups, weeks):
    random, weeks = np.random.default_rng(2), np.array(weeks)
    covariance = 0.3 * RHO ** np.abs(weeks[:, None] - weeks[None, :])
    diagonal, beside = _precision(np.diff(weeks), 0.3)
    dense = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
    np.testing.assert_allclose(dense @ covariance, np.eye(len(weeks)), atol=1e-12)
    shape = groups, len(weeks)
    told, right = random.uniform(0, 3, shape), random.normal(size=shape)
    answer, spread, next_to = _solve(told + diagonal, beside, right)
    for g in range(groups):
        inverse = np.linalg.inv(dense + np.diag(told[g]))
        np.testing.assert_allclose(answer[g], inverse @ right[g])
        np.testing.assert_allclose(spread[g], np.diag(inverse))
        np.testing.assert_allclose(next_to[g], np.diag(inverse, 1))


def test_it_recovers_who_is_good_and_how_soon_money_saturates():
    likeness, promise = [], []
    for seed in range(200, 206):
        w = world(seed, "long")
        curves = fitted(seed, "long").curves(world_lines(w, fitted(seed, "long")))
        rate, _, value = w._next
        likeness.append(np.corrcoef(np.log(rate), np.log(curves.rate[0].mean(axis=1)))[0, 1])
        money = np.full(len(w.lines), 40.0)
        promise.append(
            np.log((value[:, None] * curves.results(money)[0]).mean(axis=1).sum() / w.worth(money).sum())
        )
    assert np.mean(likeness) > 0.8
    assert abs(np.mean(promise)) < 0.15


def test_it_plans_far_better_than_averages_in_worlds_it_was_not_told_of():
    from mediaplan.worlds.oracle import best

    shares = []
    for seed in range(300, 306):
        w, response = world(seed), fitted(seed)
        lines, value = world_lines(w, response), w._next[2]
        top = w.worth(best(w.lines, w.worth, 2000.0)).sum()
        for answer in (response, naive(w.history, response)):
            curves = answer.curves(lines)

            def worth(money, curves=curves, value=value):
                return np.stack([value * curves.results(m)[0].mean(axis=1) for m in money])

            shares.append(w.worth(best(w.lines, worth, 2000.0)).sum() / top)
    model, average = np.mean(shares[::2]), np.mean(shares[1::2])
    assert model > 0.65
    assert average < 0.5


def test_intervals_hold_what_is_realised_about_as_often_as_they_say():
    random, held = np.random.default_rng(8), []
    for seed in range(400, 440):
        w, response = world(seed, "short"), fitted(seed, "short")
        lines = world_lines(w, response)
        money = past_split(w.history, response, lines, 2000.0)
        total = realised(response.curves(lines), money, seed=1).sum(axis=(0, 1))
        mean = w.worth(money) / w._next[2]
        actual = random.poisson(mean * random.gamma(1 / 0.15, 0.15, len(mean))).sum()
        low, high = np.quantile(total, [0.1, 0.9])
        held.append(low <= actual <= high)
    assert 0.6 <= np.mean(held) <= 0.97  # two standard errors around 0.8 are 0.13


def test_posts_tire_with_age():
    rows = [
        {"date": pd.Timestamp("2026-08-03") + pd.Timedelta(weeks=w), "post": f"p{p}", "spend": 50.0,
         LEAD: float(round(200 * np.exp(-0.2 * (w - p))))}
        for p in range(8) for w in range(p, min(p + 5, 12))
    ]  # fmt: skip
    response = fit(history(rows))
    assert response.estimate.fits[0].fixed[1] == pytest.approx(-0.2, abs=0.07)


def test_age_stops_counting_after_a_while():
    w = world()
    placed = place(w.history.rows, Slots(), "EUR")
    names = collect(w.history.rows, placed, w.posts, w.audiences)
    about = attributes(names, w.posts, w.audiences, np.full(len(names.taught["post"]), np.nan))
    codes = {d: np.zeros(2, dtype=np.int32) for d in DIMENSIONS}
    cases = about.describe(codes, np.array([about.born[0] - 7.0, about.born[0] + 7000.0]))
    np.testing.assert_allclose(cases.age, [0.0, OLDEST])


# baselines


def test_naive_averages_fall_back_from_the_line_to_its_place_to_all():
    rows = [
        {"post": "a", "channel": "f", "audience": "x", "slot": "s", "spend": 10.0, LEAD: 4.0},
        {"post": "b", "channel": "f", "audience": "x", "slot": "s", "spend": 30.0, LEAD: 4.0},
        {"post": "b", "channel": "g", "audience": "x", "slot": "s", "spend": 60.0, LEAD: 2.0},
    ]
    rows.append(rows[0] | {"channel": "h", "spend": 0.0, LEAD: 0.0})
    past = history(rows)
    answer = naive(past, fit(past))
    lines = crossed(answer)
    rate = answer.curves(lines).rate[0, :, 0]
    found = {(lines.label("post", i), lines.label("channel", i)): rate[i] for i in range(len(lines))}
    assert found == pytest.approx(
        {
            ("a", "f"): 0.4,
            ("b", "f"): 4 / 30,
            ("b", "g"): 2 / 60,
            ("a", "g"): 2 / 60,
            ("a", "h"): 0.1,
            ("b", "h"): 0.1,
        }
    )
    np.testing.assert_allclose(past_split(past, answer, lines, 100.0), [20, 30, 0, 20, 30, 0])
