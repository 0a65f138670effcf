"""Looking back on little, or on what is odd: an error that says what is needed or a warning, never an undefined number."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from weeks_by_hand import LEAD, rows_of, small, world

from mediaplan.errors import InputError
from mediaplan.response.looking_back.backtest import backtest
from mediaplan.response.looking_back.foreseen import Measure
from mediaplan.words import Words


@pytest.mark.parametrize(
    "rows",
    [
        [("2026-10-05", 7, "a", 10, 1)],
        [("2026-10-05", 30, "a", 10, 1), ("2026-10-05", 30, "b", 10, 1)],
        [("2026-10-05", 7, "a", 10, 1), ("2026-10-12", 7, "a", 0, 0)],
    ],
)
def test_one_week_is_too_little_and_the_error_says_what_is_needed(rows):
    with pytest.raises(InputError) as caught:
        backtest(small(rows))
    assert "at least 2 weeks" in str(caught.value)
    assert "history: 1." in str(caught.value)


def test_two_weeks_are_judged_with_a_warning():
    rows = [("2026-10-05", 7, "a", 10, 1), ("2026-10-12", 7, "a", 10, 2)]
    found = backtest(small(rows))
    assert [w.actual for w in found.judgements[0].weeks] == [2.0]
    assert "weeks before the first of them: 1" in str(found.warnings[-1])


def test_only_weeks_with_three_before_them_are_judged_and_four_at_the_most():
    days = pd.date_range("2026-08-03", periods=12, freq="7D")
    for weeks, judged in ((3, 1), (4, 1), (5, 2), (7, 4), (12, 4)):
        rows = [(str(day.date()), 7, post, 10, 2) for day in days[:weeks] for post in "ab"]
        looked_back = backtest(small(rows))
        found = looked_back.judgements[0].weeks
        assert [w.start for w in found] == [day.date() for day in days[weeks - judged : weeks]]
        assert any("weeks before the first of them" in str(w) for w in looked_back.warnings) == (judged < 4)


def test_a_kind_that_is_not_counted_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="no “leads”"):
        backtest(world(700).history, measures=(Measure("leads", ("leads",)),))


def test_money_whose_results_are_not_told_is_named():
    history = world(700).history
    last = history.rows["date"] == history.rows["date"].max()
    hidden = last & (history.rows.index % 2 == 0)
    found = backtest(rows_of(history, **{LEAD: history.rows[LEAD].where(~hidden)}))
    money = history.rows["spend"][hidden].sum()
    assert [str(w) for w in found.warnings] == [
        f"Not looked back on for “lead”: €{money:,.2f} whose results are not told."
    ]
    assert found.judgements[0].weeks[-1].spend == pytest.approx(history.rows["spend"][last & ~hidden].sum())


def test_weeks_in_which_nothing_came_leave_no_number_undefined_in_the_document():
    rows = [(f"2026-10-{day:02}", 7, post, 10, 0) for day in (5, 12, 19, 26) for post in "ab"]
    found = backtest(small(rows)).to_dict(Words())
    json.dumps(found, allow_nan=False)
    assert all(c["mediaplan_against_it"]["verdict"] == "open" for c in found["measures"][0]["choices"])
    assert found["measures"][0]["coverage"]["weeks"]["0.8"] == 1.0
