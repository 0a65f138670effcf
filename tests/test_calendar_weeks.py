"""Drift is told by calendar weeks: the same money by day and by week wanders over the same ones."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from fits_by_hand import history

from mediaplan.response.diagnosis.diagnosing import diagnose
from mediaplan.response.estimating.drift import week_of
from mediaplan.response.fitting import fit

MONDAY = date(2026, 9, 7)
RESULTS = (14, 28, 21, 35, 7)


def told(days: int):
    """Five weeks of two channels, in rows of so many days, results in proportion."""
    rows = [
        {
            "date": pd.Timestamp(MONDAY + timedelta(weeks=week, days=day)),
            "days": days,
            "channel": channel,
            "post": "p1",
            "spend": 70.0 * days / 7,
            "results:lead": results * days / 7,
        }
        for week, results in enumerate(RESULTS)
        for day in range(0, 7, days)
        for channel in ("facebook", "instagram")
    ]
    return diagnose(fit(history(rows))).findings[0].weeks


@pytest.mark.parametrize("days", [1, 7])
def test_the_weeks_of_the_course_begin_on_the_mondays_of_the_history(days):
    assert [week.start for week in told(days)] == [MONDAY + timedelta(weeks=week) for week in range(5)]


def test_the_same_results_by_day_and_by_week_take_the_same_course():
    daily, weekly = ([week.times.mean for week in told(days)] for days in (1, 7))
    assert np.corrcoef(daily, weekly)[0, 1] > 0.98
    assert int(np.argmax(daily)) == int(np.argmax(weekly)) == 3


def test_a_week_runs_from_monday_to_sunday():
    days = np.array([date(1970, 1, 1).toordinal() + at for at in range(-10, 400)])
    weeks = week_of((days - date(1970, 1, 1).toordinal()).astype(float))
    monday = np.array([date.fromordinal(int(day)).weekday() for day in days]) == 0
    assert np.array_equal(np.diff(weeks) == 1, monday[1:])
