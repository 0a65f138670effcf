"""Weekdays that bring more than others: told by rows dated by day, believed as far as they tell, and planned with."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from mediaplan.history.reading.reading import read_history
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.estimating.weekdays import ALIKE, Weekdays
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.slots import Slot, Slots

MONDAY = date(2026, 8, 31)
WEEKEND = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.5, 1.5])


def by_day(pattern, weeks=8, rate=4.0, seed=1, by_week=False):
    """Five posts that get the same money every day; what it brings depends on the weekday."""
    random = np.random.default_rng(seed)
    rows = [
        {
            "date": (MONDAY + timedelta(days=day)).isoformat(),
            "post": f"p{post}",
            "spend": 10.0,
            "results:lead": int(random.poisson(rate * 10.0 * pattern[day % 7])),
        }
        for day in range(7 * weeks)
        for post in range(5)
    ]
    if by_week:
        frame = pd.DataFrame(rows)
        frame["date"] = [MONDAY + timedelta(days=row // 5 // 7 * 7) for row in range(len(rows))]
        sums = frame.groupby(["date", "post"], as_index=False).sum()
        rows = sums.assign(days=7, date=sums["date"].astype(str)).to_dict("records")
    return read_history(pd.DataFrame(rows), currency="EUR")


def expected(response, start, days, slot=-1):
    """Results of the first post for 10 EUR a day."""
    codes = {d: np.array([-1], dtype=np.int32) for d in DIMENSIONS}
    codes |= {"post": np.array([0], dtype=np.int32), "slot": np.array([slot], dtype=np.int32)}
    lines = Lines(response.names, codes, np.array([np.datetime64(start)]), np.array([days], dtype=np.int32))
    return float(response.curves(lines).results(np.array([10.0 * days]))[0].mean())


def factors(response):
    return response.estimate.fits[0].weekdays.factor


def test_a_pattern_of_weekdays_is_found_and_is_that_of_a_week_in_the_mean():
    found = factors(fit(by_day(WEEKEND)))
    assert found.mean() == pytest.approx(1.0)
    assert found == pytest.approx(WEEKEND / WEEKEND.mean(), rel=0.07)


def test_money_on_good_weekdays_is_expected_to_bring_more_and_a_week_what_it_brought():
    response, after = fit(by_day(WEEKEND)), MONDAY + timedelta(weeks=8)
    weekdays, weekend = expected(response, after, 5), expected(response, after + timedelta(days=5), 2)
    assert (weekend / 2) / (weekdays / 5) == pytest.approx(1.5, rel=0.06)
    whole = expected(response, after, 7)
    assert whole == pytest.approx(expected(fit(by_day(WEEKEND, by_week=True)), after, 7), rel=1e-3)


def test_few_results_move_little_and_chance_is_not_a_pattern():
    few = factors(fit(by_day(WEEKEND, weeks=4, rate=0.04)))
    assert np.abs(few - 1.0).max() < 0.2
    assert np.abs(factors(fit(by_day(np.ones(7), seed=4))) - 1.0).max() < 0.05


def test_single_days_on_which_everything_strays_are_no_weekday():
    """Every Saturday of a weekday pattern is good; one Saturday on which all went wild is not a pattern of Saturdays."""
    history = by_day(np.ones(7), weeks=5)
    wild = (history.rows["date"] == pd.Timestamp(MONDAY + timedelta(days=5))).to_numpy()
    history.rows.loc[wild, "results:lead"] *= 3
    assert factors(fit(history))[5] < 1.2  # its mean over five weeks is 1.4


@pytest.mark.parametrize("weeks", [1, 3])
def test_less_than_four_weeks_say_nothing(weeks):
    assert fit(by_day(WEEKEND, weeks=weeks)).estimate.fits[0].weekdays is ALIKE


def test_weekly_rows_say_nothing():
    assert fit(by_day(WEEKEND, by_week=True)).estimate.fits[0].weekdays is ALIKE


def test_the_mean_over_dates_is_that_of_each_date_counted_one_by_one():
    weekdays = Weekdays(np.array([0.5, 0.7, 0.9, 1.0, 1.1, 1.3, 1.5]))
    slots = Slots({"soir": Slot.read("soir", "mon-wed"), "fin": Slot.read("fin", "sat-sun")})
    names, random = ("fin", "soir", "toujours"), np.random.default_rng(2)
    start, days = random.integers(20_000, 20_100, 60), random.integers(1, 30, 60)
    slot = random.integers(-1, 3, 60).astype(np.int32)
    runs = [{5, 6}, {0, 1, 2}, set(range(7)), set(range(7))]

    def by_hand(first, length, code):
        fall = [(date(1970, 1, 1) + timedelta(days=int(first) + d)).weekday() for d in range(length)]
        mine = [weekdays.factor[day] for day in fall if day in runs[code]]
        return np.mean(mine) if mine else 1.0

    by_date = [by_hand(*case) for case in zip(start, days, slot, strict=True)]
    assert weekdays.over(start.astype(float), days.astype(float), slot, names, slots) == pytest.approx(
        by_date
    )
