"""Invented worlds: the sample is what its seed says, and the benchmark's truth is one that can be trusted."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from mediaplan.history.reading.reading import read_audiences, read_history, read_posts
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.worlds.additive import World
from mediaplan.worlds.oracle import Task, best
from mediaplan.worlds.sample import sample_files, sample_folder, write_sample
from mediaplan.worlds.settings import SETTINGS

SMALL = replace(SETTINGS["base"], channels=2, audiences=2, slots=2, posts=3, habits=2)
FREE = Task(channel=(0.0, 1.0), audience=(0.0, 1.0), slot=(0.0, 1.0), post=(0.0, 1.0), line=0.25)


def table(name):
    return pd.read_csv(StringIO(sample_files()[name]), keep_default_na=False)


# the sample


def test_the_bundled_sample_is_what_its_seed_gives_to_the_byte():
    for name, text in sample_files().items():
        assert (sample_folder() / name).read_bytes() == text.encode("utf-8"), name


def test_the_command_writes_the_sample_where_it_is_told(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mediaplan.worlds", str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == 6
    assert (tmp_path / "boutique" / "history.csv").read_bytes() == (
        sample_folder() / "boutique" / "history.csv"
    ).read_bytes()


def test_writing_the_sample_twice_changes_nothing(tmp_path):
    first = {path: path.read_bytes() for path in write_sample(tmp_path)}
    assert {path: path.read_bytes() for path in write_sample(tmp_path)} == first


@pytest.mark.parametrize(
    ("folder", "currency", "kinds"),
    [("boutique", "XOF", ("lead", "message")), ("agency", "EUR", ("lead", "sale"))],
)
def test_the_sample_reads_without_a_word(folder, currency, kinds):
    place = sample_folder() / folder
    history = read_history(place / "history.csv")
    posts, audiences = read_posts(place / "posts.csv"), read_audiences(place / "audiences.csv")
    assert (history.currency, history.kinds, history.warnings) == (currency, kinds, ())
    assert (history.first, history.last) == (date(2026, 8, 31), date(2026, 11, 22))
    assert set(history.rows["post"]) < set(posts.names)
    assert set(history.rows["audience"]) == set(audiences.names)
    assert 8 <= len(posts.names) <= 12
    assert 200 <= len(history.rows) <= 400


@pytest.mark.parametrize(
    ("folder", "least", "most", "digits"), [("boutique", 25_000, 150_000, 0), ("agency", 500, 3_000, 2)]
)
def test_the_money_of_each_week_is_what_such_a_business_spends(folder, least, most, digits):
    history = table(f"{folder}/history.csv")
    weeks = history.groupby("date")["spend"].sum()
    assert len(weeks) == 12
    assert weeks.between(least, most).all()
    written = [row.split(",")[6] for row in sample_files()[f"{folder}/history.csv"].splitlines()[1:]]
    assert {len(amount.partition(".")[2]) for amount in written} == {digits}


@pytest.mark.parametrize("folder", ["boutique", "agency"])
def test_the_sample_shows_every_state_of_a_post(folder):
    posts = table(f"{folder}/posts.csv").set_index("post")
    held, ended = (posts[posts["status"] == state] for state in ("hold", "ended"))
    assert (len(held), len(ended)) == (1, 1)
    assert held["reason"].iloc[0]
    future = posts[posts["published"] > "2026-11-22"]
    assert len(future) == 1
    assert future["organic_reach"].iloc[0] == ""
    bought = table(f"{folder}/history.csv").merge(posts.reset_index(), on="post")
    assert (bought["date"] >= bought["published"]).all(), "no post has money before it is out"
    allowed = [
        not row.channels
        or any(row.channel == c or row.channel.startswith(c + "/") for c in row.channels.split("|"))
        for row in bought.itertuples()
    ]
    assert all(allowed), "no post has money on a channel that is not its own"


@pytest.mark.parametrize("folder", ["boutique", "agency"])
def test_the_counts_of_the_sample_can_be(folder):
    history = table(f"{folder}/history.csv")
    assert (history["clicks"] <= history["impressions"]).all()
    assert (history["reach"] <= history["impressions"]).all()
    sizes = table(f"{folder}/audiences.csv").groupby("audience")["size"].max()
    assert (history["reach"] <= history["audience"].map(sizes)).all()


# the additive worlds


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    one, two, other = World(5), World(5), World(6)
    pd.testing.assert_frame_equal(one.history.rows, two.history.rows)
    pd.testing.assert_frame_equal(one.posts.rows, two.posts.rows)
    assert (
        one.worth(np.full(len(one.lines), 3.0)).tolist() == two.worth(np.full(len(two.lines), 3.0)).tolist()
    )
    assert not one.history.rows["spend"].equals(other.history.rows["spend"])


def test_what_is_looked_at_first_does_not_change_a_world():
    one, two = World(5), World(5)
    one.worth(np.ones(len(one.lines)))
    one.posts, one.audiences  # noqa: B018 - looked at
    two.history  # noqa: B018
    pd.testing.assert_frame_equal(one.history.rows, two.history.rows)
    pd.testing.assert_frame_equal(one.posts.rows, two.posts.rows)


def test_a_base_world_has_the_shape_that_the_benchmark_describes():
    world = World(1)
    assert len(world.history.rows) == 12 * 8 * 5
    assert len(world.lines) == 8 * 4 * 5 * 4
    assert not world.lines.duplicated().any()
    assert world.flight == date(2026, 11, 23)
    weekly = world.history.rows.groupby("date")["spend"].sum()
    assert weekly.between(1_950, 2_100).all()  # the budget, but for rows raised to one euro


def test_posts_of_the_coming_week_are_ready_and_all_others_are_over():
    world = World(2)
    posts = world.posts.rows
    assert set(posts.loc[posts["status"] == "ready", "post"]) == set(world.lines["post"])
    assert set(posts["status"]) == {"ready", "ended"}
    bought = world.history.rows.merge(posts[["post", "published"]], on="post")
    assert (bought["date"] >= bought["published"]).all()


@pytest.mark.parametrize("seed", range(4, 9))
def test_true_worth_rises_ever_more_slowly_from_nothing(seed):
    world = World(seed)
    money = np.linspace(0.0, 400.0, 60)
    worth = np.stack([world.worth(np.full(len(world.lines), amount)) for amount in money])
    assert (worth[0] == 0).all()
    steps = np.diff(worth, axis=0)
    assert (steps > 0).all()
    assert (np.diff(steps, axis=0) <= 1e-9).all()


def test_the_counts_of_the_past_are_those_of_the_truth():
    counted, expected = 0.0, 0.0
    for seed in range(20, 40):
        world = World(seed)
        past = world._past
        for week in range(12):
            mine = past.week == week
            at = (past.post[mine], *(place[mine] for place in past.place))
            expected += world._expected(world._rate(week)[at], world._kappa[at], past.spend[mine]).sum()
        counted += world.history.rows["results:lead"].sum()
    assert counted == pytest.approx(expected, rel=0.03)


def test_a_planner_is_shown_the_contracts_columns_and_nothing_of_the_truth():
    world = World(1)
    assert set(world.history.rows) == {
        *DIMENSIONS, "date", "days", "hour", "spend", "impressions", "reach", "clicks", "results:lead",
    }  # fmt: skip
    assert set(world.posts.rows) == {
        "post", "title", "channels", "format", "topic", "published", "status", "reason", "value", "url",
        "platform_id", "organic_reach", "organic_engagements",
    }  # fmt: skip
    assert set(world.audiences.rows) == {"audience", "channel", "size", "value"}


def engagement_tells(setting):
    """Mean correlation of posts' organic engagement rates with their quality."""
    found = []
    for seed in range(50, 70):
        world = World(seed, SETTINGS[setting])
        rows = world.posts.rows
        rate = np.log((rows["organic_engagements"] + 0.5) / rows["organic_reach"])
        found.append(np.corrcoef(rate, world._quality)[0, 1])
    return np.mean(found)


def test_organic_figures_tell_of_quality_except_where_the_setting_says_they_do_not():
    assert engagement_tells("base") > 0.3
    assert abs(engagement_tells("weakpost")) < 0.15


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("short", lambda w, b: len(w.history.rows) == len(b.history.rows) / 3),
        ("long", lambda w, b: len(w.history.rows) == len(b.history.rows) / 12 * 26),
        (
            "sparse",
            lambda w, b: w.history.rows["results:lead"].sum() < b.history.rows["results:lead"].sum() / 4,
        ),
        ("loose", lambda w, b: np.median(w._kappa) > 4 * np.median(b._kappa)),
        ("drift", lambda w, b: w._time.std() > 1.3 * b._time.std()),
        ("concentrated", lambda w, b: w.history.rows["spend"].median() < b.history.rows["spend"].median()),
        ("nostruct", lambda w, _: np.ptp(w._log_rate.mean(axis=(0, 1, 2))) < 0.5 < w._log_rate.std()),
    ],
)
def test_each_setting_differs_from_the_base_as_its_name_says(setting, told):
    assert told(World(3, SETTINGS[setting]), World(3))


# the best plan


def test_the_oracle_agrees_with_an_optimiser_that_knows_no_breakpoints():
    world = World(7, SMALL)
    n, budget = len(world.lines), 400.0
    amounts = best(world.lines, world.worth, budget, FREE)
    other = minimize(
        lambda x: -world.worth(x).sum(),
        np.full(n, budget / n),
        bounds=[(0.0, 0.25 * budget)] * n,
        constraints={"type": "ineq", "fun": lambda x: budget - x.sum()},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-10},
    )
    assert world.worth(amounts).sum() == pytest.approx(-other.fun, rel=2e-3)


def test_the_oracle_keeps_every_limit_of_the_task():
    world, budget = World(8), 2000.0
    amounts = best(world.lines, world.worth, budget)
    assert amounts.sum() <= budget * (1 + 1e-9)
    assert (amounts <= 0.10 * budget + 1e-6).all()
    for dimension, (least, most) in {
        "channel": (0.05, 0.5), "audience": (0.05, 1.0), "slot": (0.0, 0.6), "post": (0.0, 0.4),
    }.items():  # fmt: skip
        shares = pd.Series(amounts).groupby(world.lines[dimension].to_numpy()).sum() / budget
        assert shares.between(least - 1e-9, most + 1e-9).all(), dimension


def test_the_oracle_s_amounts_are_never_below_nothing():
    world = World(950_021, SETTINGS["scurve"])  # here the solver says less than nothing for a line
    amounts = world.best_plan(Task())
    assert amounts.min() == 0.0
    assert np.isfinite(world.total(amounts))


def test_no_mix_of_the_oracle_with_another_allowed_plan_is_better():
    random = np.random.default_rng(0)
    world, budget = World(9), 2000.0
    n = len(world.lines)
    top = best(world.lines, world.worth, budget)
    height = world.worth(top).sum()
    equal = np.full(n, budget / n)
    for part in (0.01, 0.1, 0.5, 1.0):
        assert world.worth((1 - part) * top + part * equal).sum() <= height * (1 + 1e-3)
    # the best plan for curves seen through noise keeps the limits, and can't beat the truth's own
    for _ in range(3):
        noise = np.exp(random.normal(0.0, 0.3, n))
        other = best(world.lines, lambda money, noise=noise: noise * world.worth(money), budget)
        assert world.worth(other).sum() <= height * (1 + 1e-3)
