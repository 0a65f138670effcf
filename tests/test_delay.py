"""Results that are still to come when the data are exported: told from drift, and not held against recent posts."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from mediaplan.brief.briefs import Brief
from mediaplan.brief.from_table import brief_from
from mediaplan.brief.writing import brief_json
from mediaplan.errors import InputError
from mediaplan.history.reading.reading import read_history
from mediaplan.history.records.records import DIMENSIONS, History
from mediaplan.response.estimating.delay import maturity
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.worlds.mechanistic import World
from mediaplan.worlds.sizes import SIZES

FIRST = date(2026, 9, 7)
DAYS = 70


def rates(level: float = 0.5, weekend: float = 1.0, last_weeks: float = 1.0) -> np.ndarray:
    """Results per money of each day: a weekly pattern, and a real change two weeks before the end."""
    day = np.arange(DAYS)
    weekday = np.where(day % 7 >= 5, weekend, 1.0)
    return level * weekday * np.where(day >= DAYS - 14, last_weeks, 1.0)


def world(delay: float, rate: np.ndarray, seed: int, lines: int = 6) -> History:
    """Daily rows of some lines, of which two begin five days before the end; results come late."""
    random = np.random.default_rng(seed)
    rows = []
    for line in range(lines):
        for day in range(DAYS - 5 if line < 2 else 0, DAYS):
            spend = float(random.integers(20, 40))
            came = random.poisson(rate[day] * spend)
            late = random.geometric(1.0 / (1.0 + delay), came) - 1
            rows.append(
                {
                    "date": (FIRST + timedelta(days=day)).isoformat(),
                    "post": f"p{line}",
                    "spend": spend,
                    "results:lead": int((day + late < DAYS).sum()),
                }
            )
    return read_history(pd.DataFrame(rows), currency="EUR")


def promised(response) -> np.ndarray:
    """Expected leads of each post for 30 EUR a day over the week after."""
    names = response.names["post"]
    n = len(names)
    codes = {d: np.full(n, -1, dtype=np.int32) for d in DIMENSIONS} | {"post": np.arange(n, dtype=np.int32)}
    start = np.full(n, np.datetime64(FIRST + timedelta(days=DAYS)))
    curves = response.curves(Lines(response.names, codes, start, np.full(n, 7, dtype=np.int32)))
    return curves.results(np.full(n, 210.0))[0].mean(axis=1)


def said_delay(response) -> float:
    found = [w for w in response.warnings if "days after the money" in str(w)]
    return float(found[0].values["days"]) if found else 0.0


@pytest.mark.parametrize("mean", [0.5, 1.5, 6.0])
@pytest.mark.parametrize(("age", "days"), [(0, 1), (3, 1), (0, 7), (5, 30)])
def test_maturity_is_the_chance_that_a_result_of_one_of_the_days_has_arrived(mean, age, days):
    stay = mean / (1.0 + mean)
    late = np.arange(2000)
    chance = (1.0 - stay) * stay**late
    assert (late * chance).sum() == pytest.approx(mean, rel=1e-6)
    arrived = np.mean([chance[: age + back + 1].sum() for back in range(days)])
    assert maturity(np.array([float(age)]), np.array([float(days)]), mean)[0] == pytest.approx(arrived)


@pytest.mark.parametrize("delay", [1.5, 4.0])
def test_daily_rows_tell_the_delay(delay):
    told = [said_delay(fit(world(delay, rates(), seed))) for seed in range(4)]
    assert np.mean(told) == pytest.approx(delay, rel=0.3)


@pytest.mark.parametrize("last_weeks", [0.6, 1.0, 1.6])
def test_no_delay_is_invented_where_there_is_drift_or_a_pattern_of_weekdays(last_weeks):
    told = [said_delay(fit(world(0.0, rates(0.5, 0.5, last_weeks), seed))) for seed in range(4)]
    assert max(told) < 0.3


@pytest.mark.parametrize("given", [None, 4.0])
def test_recent_posts_are_not_punished_for_results_that_are_still_to_come(given):
    ratios, blind = [], []
    for seed in range(4):
        history = world(4.0, rates(), seed)
        recent, old = np.split(promised(fit(history, delay=given)), [2])
        ratios.append(recent.mean() / old.mean())
        recent, old = np.split(promised(fit(history, delay=0.0)), [2])
        blind.append(recent.mean() / old.mean())
    assert np.mean(blind) < 0.85
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.1)


def test_in_markets_of_people_a_given_delay_promises_nearly_what_complete_counts_promise():
    gap = {0.0: [], SIZES["small"].delay: []}
    for seed in range(6):
        market = World(seed, SIZES["small"])
        whole = market.counted(market.flight + timedelta(days=60))
        paid = market.history.rows["spend"].sum()
        came = whole.rows["results:lead"].sum() / paid
        for delay, found in gap.items():
            response = fit(market.history, posts=market.posts, audiences=market.audiences, delay=delay)
            complete = fit(whole, posts=market.posts, audiences=market.audiences, delay=0.0)
            both = [
                r.estimate.fits[0].drifts[0].effect[0, -1] + r.estimate.fits[0].fixed[0]
                for r in (response, complete)
            ]
            found.append(both[0] - both[1])
        assert came > 0
    unaware, aware = (abs(np.mean(found)) for found in gap.values())
    assert aware < unaware


def test_weekly_rows_say_nothing_of_a_delay():
    daily = world(4.0, rates(), 1)
    week = (daily.rows["date"] - pd.Timestamp(FIRST)).dt.days // 7
    rows = daily.rows.assign(date=pd.Timestamp(FIRST) + pd.to_timedelta(7 * week, unit="D"))
    weekly = rows.groupby(["date", "post"], as_index=False)[["spend", "results:lead"]].sum().assign(days=7)
    assert said_delay(fit(read_history(weekly, currency="EUR"))) == 0.0


def test_clicks_come_at_once():
    history = world(4.0, rates(), 1)
    clicks = history.rows.assign(clicks=history.rows["results:lead"])
    response = fit(History(clicks, "EUR", ("lead",)), kinds=("click",), delay=4.0)
    assert said_delay(response) == 0.0


@pytest.mark.parametrize("given", [-1.0, float("nan"), float("inf"), 1000.0])
def test_a_delay_that_can_t_be_is_refused(given):
    with pytest.raises(InputError) as caught:
        fit(world(0.0, rates(), 1), delay=given)
    assert caught.value.problems[0].column == "delay"


BRIEF = {"budget": 100, "currency": "EUR", "flight": {"start": "2026-11-30", "days": 7}}


def test_a_brief_says_the_delay_and_says_it_again_when_written():
    brief = brief_from(BRIEF | {"delay": {"days": 3}})
    assert brief.delay == 3.0
    assert brief_from(brief_json(brief)) == brief
    assert Brief(budget=100, currency="EUR", start="2026-11-30", days=7, delay=3).delay == 3.0


@pytest.mark.parametrize("given", [{"days": -1}, {"day": 3}, "3 days", True, {"days": "x"}, {"days": 900}])
def test_a_brief_s_delay_that_can_t_be_is_refused(given):
    with pytest.raises(InputError) as caught:
        brief_from(BRIEF | {"delay": given})
    assert [problem.column for problem in caught.value.problems] == ["delay"]


def test_too_few_results_by_day_tell_no_delay_and_a_warning_says_so():
    random = np.random.default_rng(4)
    days = pd.date_range("2026-09-01", periods=56)
    rows = pd.DataFrame(
        {"date": days, "channel": "facebook", "spend": 20.0, "results": random.poisson(2.0, 56)}
    )
    few = fit(read_history(rows.astype({"results": float}), currency="EUR"), draws=4)
    assert [str(word) for word in few.warnings if "can't be told" in str(word)]
    assert not [str(word) for word in few.warnings if "days after the money on average" in str(word)]
    given = fit(read_history(rows.astype({"results": float}), currency="EUR"), draws=4, delay=0.0)
    assert not [str(word) for word in given.warnings if "can't be told" in str(word)]
    many = fit(read_history(rows.assign(results=10.0 * rows["results"]), currency="EUR"), draws=4)
    assert not [str(word) for word in many.warnings if "can't be told" in str(word)]
