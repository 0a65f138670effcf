"""Markets of people: their truth obeys what money and people obey, and their best plan is one that can be trusted."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.worlds import additive
from mediaplan.worlds.attention import Week
from mediaplan.worlds.mechanistic import World
from mediaplan.worlds.oracle import Task, best, concave
from mediaplan.worlds.settings import SETTINGS
from mediaplan.worlds.sizes import SIZES
from mediaplan.worlds.together import best_alone, climb

SMALL = SIZES["small"]


@cache
def market(seed, size="small"):
    return World(seed, SIZES[size])


def some_money(world, seed, part=0.3):
    random = np.random.default_rng(seed)
    n = len(world.lines)
    return np.where(random.random(n) < part, random.gamma(0.5, 60.0, n), 0.0)


def by_hand(chance, value, shown, people, weariness):
    """Value of one group's week, impression after impression in tiny steps, the line worth most first."""
    steps, seen, total = 4000, 0.0, 0.0
    for line in sorted(range(len(chance)), key=lambda at: -chance[at] * value[at]):
        each = shown[line] / steps
        for _ in range(steps):
            total += value[line] * chance[line] * each * np.exp(-weariness * (seen + each / 2) / people)
            seen += each
    return total


# what a week brings


def week(people=(1000.0,), supply=((3000.0, 2000.0),), chance=((0.002, 0.001),), weariness=0.2, **more):
    supply = np.array(supply)
    return Week(
        **{
            "people": np.array(people),
            "supply": supply,
            "keenness": np.ones_like(supply),
            "price": np.full(supply.shape[1], 0.005),
            "depth": 60.0,
            "rise": 0.2,
            "chance": np.array(chance),
            "value": np.ones(supply.shape[1]),
            "weariness": weariness,
        }
        | more
    )


def test_a_week_is_the_sum_of_its_impressions_each_a_little_less_attended():
    one = week(value=np.array([1.0, 1.5]))
    money = np.array([8.0, 5.0])
    shown = one.shown(money)[0]
    expected = by_hand([0.002, 0.001], [1.0, 1.5], shown, 1000.0, 0.2)
    assert (one.value * one.results(money)).sum() == pytest.approx(expected, rel=1e-6)


def test_the_first_money_buys_impressions_at_the_price_and_ever_fewer_after_it():
    one = week()
    little = one.shown(np.array([0.001, 0.001]))[0]
    assert little == pytest.approx([0.2, 0.2], rel=1e-3)
    much = one.shown(np.array([1e6, 1e6]))[0]
    assert much == pytest.approx([3000.0, 2000.0])  # no more than there are
    # with people enough for all impressions, what is left is the auction: 2^-rise as many at the depth
    wide = week(supply=((1e12, 1e12),))
    first, second = (wide.shown(np.full(2, 60.0 + more))[0, 0] for more in (0.0, 0.01))
    assert (second - first) / 0.01 == pytest.approx(2**-0.2 / 0.005, rel=1e-3)


def test_delivery_goes_to_the_keenest_first():
    one = week(
        (1000.0, 1000.0), ((3000.0,), (3000.0,)), ((0.003,), (0.001,)), keenness=np.array([[1.5], [0.5]])
    )
    part = [
        one.shown(np.array([money]))[0, 0] / one.shown(np.array([money])).sum() for money in (0.01, 30.0, 1e4)
    ]
    assert part[0] == pytest.approx(0.75, abs=1e-3)
    assert part[0] > part[1] > part[2]
    assert part[2] == pytest.approx(0.5, abs=1e-3)


# laws of the truth


@pytest.mark.parametrize("seed", range(4))
def test_more_money_never_brings_less(seed):
    world, random = market(seed), np.random.default_rng(seed)
    for trial in range(20):
        money = some_money(world, trial)
        more = money + random.gamma(0.3, 30.0, len(money)) * (random.random(len(money)) < 0.2)
        assert world.total(more) >= world.total(money) * (1 - 1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_a_mix_of_two_plans_brings_at_least_the_mix_of_what_they_bring(seed):
    world = market(seed)
    for trial in range(20):
        one, two = some_money(world, trial), some_money(world, 100 + trial)
        middle = (world.total(one) + world.total(two)) / 2
        assert world.total((one + two) / 2) >= middle * (1 - 1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_two_lines_on_the_same_people_bring_less_together_than_each_alone(seed):
    world, n = market(seed), len(market(seed).lines)
    lines = world.lines
    same = (
        lines[["channel", "audience", "slot"]].eq(lines.loc[0, ["channel", "audience", "slot"]]).all(axis=1)
    )
    first, second = np.flatnonzero(same)[:2]
    one, two = np.zeros(n), np.zeros(n)
    one[first] = two[second] = 80.0
    apart, together = world.total(one) + world.total(two), world.total(one + two)
    assert together < apart * 0.99
    assert together > max(world.total(one), world.total(two))
    # and a line by itself is what it is alone
    assert world.total(one) == pytest.approx(world.alone(one).sum(), rel=1e-12)


def test_lines_that_share_nobody_do_not_wear_each_other_out():
    apart = week((1000.0, 500.0), ((3000.0, 0.0), (0.0, 900.0)), ((0.002, 0.0), (0.0, 0.001)))
    money = np.array([20.0, 30.0])
    assert apart.results(money) == pytest.approx(apart.alone(money), rel=1e-12)


def test_all_lines_together_wear_out_more_than_the_habits_of_the_past_did():
    past, plans = [], []
    for seed in range(4):
        world = market(seed, "medium")
        plan = best_alone(world.lines, world.alone, world.setting.budget, Task())
        plans.append(world.alone(plan).sum() / world.total(plan))
        past.append(world._past["alone"].sum() / world._past["results"].sum())
    assert 1.0 < np.mean(past) < 1.25 < 1.3 < np.mean(plans)


def test_what_changing_one_line_does_is_what_it_does():
    world, random = market(5), np.random.default_rng(0)
    money = some_money(world, 5)
    chosen = random.choice(len(money), 12, replace=False)
    others = random.gamma(0.5, 60.0, (3, 12))
    changes = world.given(money, chosen)(others)
    for row, column in np.ndindex(changes.shape):
        moved = money.copy()
        moved[chosen[column]] = others[row, column]
        assert changes[row, column] == pytest.approx(world.total(moved) - world.total(money), abs=1e-9)


def test_rates_are_no_sum_of_effects():
    """Were they, the logarithm of a post's rate against another's would be alike everywhere."""
    world = market(1, "medium")
    first = np.log(world.alone(np.full(len(world.lines), 0.01)))
    shape = (len(world.live), world.setting.channels, world.setting.audiences, world.setting.slots)
    rates = first.reshape(shape)
    rest = (
        rates - rates.mean(axis=(1, 2, 3), keepdims=True) - rates.mean(axis=0, keepdims=True) + rates.mean()
    )
    assert rest.std() > 0.15
    assert rates.std() > 2 * rest.std()  # but there is something that posts and places have of their own


# what a planner sees


@pytest.mark.parametrize("size", SIZES)
def test_the_same_seed_gives_the_same_world_and_another_seed_another(size):
    one, two, other = (World(seed, SIZES[size]) for seed in (5, 5, 6))
    one.posts, one.worth(np.ones(len(one.lines)))  # what is looked at first changes nothing
    assert one.history.digest == two.history.digest != other.history.digest
    pd.testing.assert_frame_equal(one.posts.rows, two.posts.rows)
    pd.testing.assert_frame_equal(one.audiences.rows, two.audiences.rows)
    money = np.full(len(one.lines), 3.0)
    assert one.worth(money).tolist() == two.worth(money).tolist()
    assert one.realise(money, 1).tolist() == two.realise(money, 1).tolist() != one.realise(money, 2).tolist()


@pytest.mark.parametrize("size", SIZES)
def test_a_market_is_as_large_as_its_size_says(size):
    world, s = market(2, size), SIZES[size]
    assert len(world.lines) == s.posts * s.channels * s.audiences * s.slots
    assert not world.lines.duplicated().any()
    assert len(world.history.rows) == s.weeks * s.posts * s.habits
    weekly = world.history.rows.groupby("date")["spend"].sum()
    assert weekly.between(0.98 * s.budget, 1.1 * s.budget).all()  # but for rows raised to one euro
    ready = world.posts.rows.loc[world.posts.rows["status"] == "ready", "post"]
    assert set(ready) == set(world.lines["post"])


def test_audiences_overlap_but_are_not_the_same_people():
    for seed in range(4):
        member = market(seed, "medium")._people.member
        shared = member.T @ member
        size = np.diag(shared)
        part = (shared / np.minimum.outer(size, size))[np.triu_indices(len(size), 1)]
        assert part.max() > 0.3
        assert part.min() < 0.9


def test_results_that_come_later_are_counted_later():
    world = market(3, "medium")
    last = world.flight - timedelta(days=1)
    columns = {days: world.counted(last + timedelta(days=days)).rows for days in (0, 2, 7, 40)}
    counts = [rows["results:lead"].to_numpy() for rows in columns.values()]
    for earlier, later in pairwise(counts):
        assert (later >= earlier).all()
    assert counts[-1].sum() == world._arrivals.sum()
    newest = (columns[0]["date"] == columns[0]["date"].max()).to_numpy()
    old = (columns[0]["date"] < columns[0]["date"].max() - pd.Timedelta(days=21)).to_numpy()
    # clicks of seven days, each with a geometric delay of 1.5 days on average: 1 - mean(q^(8 - d)), q = 0.6
    expected = 1 - np.mean([0.6 ** (7 - day) for day in range(7)])
    assert counts[0][newest].sum() / counts[-1][newest].sum() == pytest.approx(expected, abs=0.08)
    assert counts[0][old].sum() == counts[-1][old].sum()


def test_the_counts_of_the_past_are_those_of_the_truth():
    counted = sum(market(seed)._arrivals.sum() for seed in range(20))
    expected = sum(market(seed)._past["results"].sum() for seed in range(20))
    assert counted == pytest.approx(expected, rel=0.03)


def test_what_comes_of_a_plan_is_what_is_expected_of_it_on_average():
    world = market(4)
    money = some_money(world, 4)
    came = np.mean([world.realise(money, seed).sum() for seed in range(400)])
    assert came == pytest.approx(world._next.results(money).sum(), rel=0.02)


def test_the_figures_of_the_history_can_be():
    rows = market(2, "medium").history.rows
    assert (rows["reach"] <= rows["impressions"]).all()
    assert (rows["clicks"] <= rows["impressions"]).all()
    per_thousand = 1000 * rows["spend"].sum() / rows["impressions"].sum()
    assert 2 < per_thousand < 25
    assert 0.002 < rows["clicks"].sum() / rows["impressions"].sum() < 0.1


def test_a_planner_is_shown_the_same_columns_as_in_the_other_worlds():
    one, other = market(1), additive.World(1)
    assert list(one.history.rows) == list(other.history.rows)
    assert list(one.posts.rows) == list(other.posts.rows)
    assert list(one.audiences.rows) == list(other.audiences.rows)
    assert list(one.lines) == list(DIMENSIONS)


def test_people_tire_of_a_post_that_they_have_seen_much_of():
    fresh, stale = (World(8, replace(SMALL, staleness=staleness)) for staleness in (0.0, 0.5))
    seen = stale._stock[:, stale.live].sum(axis=0)
    money = np.ones(len(fresh.lines))
    kept = [
        world_stale / world_fresh
        for world_stale, world_fresh in zip(
            *(np.reshape(w.alone(money), (len(w.live), -1)).sum(axis=1) for w in (stale, fresh)), strict=True
        )
    ]
    assert np.array_equal(stale.live, fresh.live)
    assert max(kept) <= 1.0 + 1e-12
    assert np.argmin(kept) == np.argmax(seen / stale._people.count.sum())


# the best plan


def feasible(world, seed):
    """A plan that keeps the limits of the task: the best for value that somebody dreamt of."""
    random = np.random.default_rng(seed)
    dream = np.exp(random.normal(0.0, 1.0, len(world.lines)))
    return best(world.lines, lambda money: dream * np.sqrt(money), world.setting.budget)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_plan_beats_others_that_keep_the_limits(seed):
    world = market(seed)
    top = world.total(world.best_plan())
    alone = best_alone(world.lines, world.alone, world.setting.budget, Task())
    assert top >= world.total(alone)
    for trial in range(10):
        assert world.total(feasible(world, trial)) < 0.95 * top


@pytest.mark.parametrize("seed", range(3))
def test_no_plan_at_all_can_be_much_better_than_the_best_plan(seed):
    """The value is concave, so its tangent at the plan bounds what any plan within the limits can bring."""
    world = market(seed)
    plan, n, budget = world.best_plan(), len(world.lines), world.setting.budget
    step = 1e-4
    slope = world.given(plan, np.arange(n))((plan + step)[None, :])[0] / step
    bound = best(world.lines, lambda money: slope * money, budget)
    assert slope @ (bound - plan) < 0.015 * world.total(plan)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_plan_keeps_every_limit(seed):
    world = market(seed)
    plan, budget = world.best_plan(), world.setting.budget
    assert plan.sum() <= budget * (1 + 1e-9)
    assert (plan >= 0).all()
    assert (plan <= 0.10 * budget * (1 + 1e-6)).all()
    for dimension, (least, most) in {
        "channel": (0.05, 0.5), "audience": (0.05, 1.0), "slot": (0.0, 0.6), "post": (0.0, 0.4),
    }.items():  # fmt: skip
        shares = pd.Series(plan).groupby(world.lines[dimension].to_numpy()).sum() / budget
        assert shares.between(least - 1e-6, most + 1e-6).all(), dimension


# the same in the additive family


def test_climbing_ends_at_the_same_height_from_anywhere():
    world = market(1)
    heights = [climb(world.lines, world, feasible(world, s), 1000.0, Task()).value for s in range(3)]
    assert heights == pytest.approx([world.total(world.best_plan())] * 3, rel=5e-3)


def test_pools_of_the_additive_family_are_shared_by_channel_and_audience():
    world = additive.World(2, SETTINGS["overlap"])
    free = additive.World(2)
    n = len(world.lines)
    money = np.zeros(n)
    place = world.lines[["channel", "audience"]].eq(world.lines.loc[0, ["channel", "audience"]]).all(axis=1)
    first = np.flatnonzero(place)[:3]
    money[first] = 100.0
    assert world.alone(money) == pytest.approx(free.worth(money))
    value = world.worth(money)[first] / world.alone(money)[first]
    together = (world.alone(money)[first] / world._next[2][first]).sum()
    size = world._pool.ravel()[world._member[0]]
    assert value == pytest.approx(1 / (1 + together / size))
    elsewhere = np.flatnonzero(~place)[0]
    money[elsewhere] = 50.0
    assert world.worth(money)[first] / world.alone(money)[first] == pytest.approx(value)


def test_the_best_plan_for_shared_pools_beats_the_best_for_lines_as_if_alone():
    world = additive.World(3, SETTINGS["overlap"])
    alone = best(world.lines, world.alone, 2000.0)
    assert world.total(world.best_plan()) > 1.02 * world.total(alone)


def test_in_a_world_of_thresholds_the_first_money_brings_less_than_the_next():
    world = additive.World(3, SETTINGS["scurve"])
    n = len(world.lines)
    worth = [world.total(np.full(n, money)) for money in (0.0, 5.0, 10.0)]
    assert worth[1] - worth[0] < worth[2] - worth[1]
    plan = world.best_plan()
    assert world.total(plan) > 3 * world.total(np.full(n, 2000.0 / n))


def test_an_envelope_is_the_least_concave_curve_above_its_points():
    random = np.random.default_rng(1)
    x = np.cumsum(random.gamma(1.0, size=(30, 5)), axis=0)
    y = np.cumsum(random.gamma(0.3, size=(30, 5)), axis=0)
    hull = concave(x, y)
    slopes = np.diff(hull, axis=0) / np.diff(x, axis=0)
    assert (hull >= y - 1e-12).all()
    assert (np.diff(slopes, axis=0) <= 1e-9).all()
    # least: where it bends, it touches a point
    bends = np.diff(slopes, axis=0) < -1e-9
    assert np.allclose(hull[1:-1][bends], y[1:-1][bends])
