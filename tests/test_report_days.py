"""What a plan says day by day: the calendar and the launch sheet add up to its money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans_by_hand import SHOP, agency_plan, plan_of, shop_plan, shop_posts

from mediaplan.brief.briefs import Brief
from mediaplan.money import Money
from mediaplan.report.launch import HEADS, launch_rows
from mediaplan.report.tables import MOST_COLUMNS, MOST_ROWS, calendar, parts, per_day
from mediaplan.slots import Slot
from mediaplan.words import Words

EN, FR = Words("en"), Words("fr")


# Money per day


@pytest.mark.parametrize("plan", [shop_plan(), agency_plan()], ids=["XOF", "EUR"])
@pytest.mark.parametrize("dimension", ["channel", "audience", "slot", "post"])
def test_a_calendar_adds_up_to_what_the_plan_spends(plan, dimension):
    grid = calendar(plan, dimension)
    assert grid.minor.sum() == plan.spent.minor
    assert grid.by_period.sum() == plan.spent.minor
    amounts = {row.name: row.amount.minor for row in parts(plan, dimension)}
    if None not in grid.names:
        assert dict(zip(grid.names, grid.minor.sum(axis=0), strict=True)) == amounts


@given(
    amount=st.integers(1, 10**12),
    start=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    days=st.integers(1, 90),
    slot=st.sampled_from(["matin", "soir", "week-end", "always", None]),
)
def test_a_line_s_days_add_up_are_even_and_lie_in_its_slot(amount, start, days, slot):
    plan = shop_plan()
    line = replace(plan.lines_planned[0], slot=slot, start=start, days=days, amount=Money(amount, "XOF"))
    daily = per_day(plan, line)
    assert sum(money.minor for money in daily.values()) == amount
    assert max(daily.values()).minor - min(daily.values()).minor <= 1
    assert all(start <= day < start + timedelta(days=days) for day in daily)
    weekend = {day for day in daily if day.weekday() >= 5}
    if slot in ("matin", "soir") and any((start + timedelta(days=i)).weekday() < 5 for i in range(days)):
        assert not weekend
    if slot in ("always", None):
        assert len(daily) == days


def test_days_are_taken_together_where_a_flight_is_long():
    brief = Brief(name="year", budget=100_000, currency="XOF", start="2026-01-01", days=365)
    plan = plan_of(brief, (("a", "facebook", None, None, 36_501, 5.0), ("b", "tiktok", None, None, 7, 1.0)))
    grid = calendar(plan, "channel")
    assert len(grid.periods) <= MOST_ROWS
    assert sum(period.days for period in grid.periods) == 365
    assert grid.periods[-1].end == brief.flight.end
    assert grid.minor.sum() == 36_508


def test_the_smallest_names_of_a_wide_calendar_are_taken_together():
    rows = tuple(("a", f"channel{n}", None, None, 1000 - n, 5.0) for n in range(9))
    brief = Brief(name="wide", budget=10_000, currency="XOF", start="2026-01-01", days=3)
    grid = calendar(plan_of(brief, rows), "channel")
    assert grid.names == ("channel0", "channel1", "channel2", "channel3", None)
    assert len(grid.names) == MOST_COLUMNS
    assert grid.minor[:, -1].sum() == sum(1000 - n for n in range(4, 9))


def test_lines_that_nothing_breaks_down_stand_in_one_column():
    grid = calendar(agency_plan(), "slot")
    assert grid.names == (None,)
    assert grid.minor.sum() == 100_000


# The launch sheet


@pytest.mark.parametrize("plan", [shop_plan(), agency_plan()], ids=["XOF", "EUR"])
def test_launch_rows_add_up_to_what_is_spent(plan):
    rows = launch_rows(plan, None, EN)
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal(plan.spent.text)
    for row in rows:
        assert list(row) == list(HEADS)
        daily, amount = Decimal(row["amount_per_day"]), Decimal(row["amount"])
        least = Decimal(Money(1, plan.brief.currency).text)
        assert daily * row["days"] <= amount < (daily + least) * row["days"]
        assert daily * row["days"] + Decimal(row["rest"]) == amount


def test_a_launch_row_says_who_when_and_where():
    row = launch_rows(shop_plan(), shop_posts(), FR)[0]
    assert row == {
        "platform": "facebook",
        "placement": "",
        "post": "p01",
        "platform_id": "001",
        "title": "Rentrée : la liste de fournitures, prête en une heure",
        "link": "https://www.example.com/p01",
        "audience": "parents-abidjan",
        "slot": "soir",
        "weekdays": "lun., mar., mer., jeu., ven.",
        "hours": "18:00–22:00",
        "start": "2026-11-30 18:00",
        "end": "2026-12-11 22:00",
        "timezone": "Africa/Niamey",
        "days": 10,
        "amount": "180000",
        "amount_per_day": "18000",
        "rest": "0",
        "currency": "XOF",
        "units": "",
    }


def test_without_slots_a_line_runs_around_the_clock_to_the_last_minute():
    row = launch_rows(agency_plan(), None, EN)[0]
    assert (row["start"], row["end"]) == ("2026-12-28 00:00", "2027-01-06 23:59")
    assert (row["weekdays"], row["hours"], row["days"]) == ("every day", "00:00–24:00", 10)


@pytest.mark.parametrize(
    ("hours", "runs"),
    [
        ("18-22", [(18, 22)]),
        ("22-2", [(22, 2)]),
        ("20-24", [(20, 24)]),
        ("0-6", [(0, 6)]),
        ("0-24", [(0, 24)]),
        ("8-10|18-20", [(8, 10), (18, 20)]),
        ("22-2|12-14", [(12, 14), (22, 2)]),
    ],
)
def test_hours_are_told_as_runs_around_the_clock(hours, runs):
    assert list(Slot.read("x", "mon-sun", hours).runs()) == runs


def test_a_slot_over_midnight_ends_on_the_day_after():
    plan = shop_plan()
    brief = plan.brief.but(slots=(Slot.read("soir", "mon-sun", "22-2"),))
    row = launch_rows(replace(plan, brief=brief), None, EN)[0]
    assert (row["start"], row["end"]) == ("2026-11-30 22:00", "2026-12-14 02:00")
    assert row["hours"] == "22:00–02:00 the day after"
    split = plan.brief.but(slots=(Slot.read("soir", "mon-sun", "0-2|22-24"),))
    row = launch_rows(replace(plan, brief=split), None, EN)[0]
    assert (row["start"], row["end"]) == ("2026-11-30 00:00", "2026-12-13 23:59")
    assert row["hours"] == "00:00–02:00, 22:00–24:00"


def test_a_daypart_of_the_history_keeps_its_hours():
    rows = tuple((*row[:3], "08-12", *row[4:]) for row in SHOP)
    row = launch_rows(shop_plan(rows=rows), None, EN)[0]
    assert (row["hours"], row["start"]) == ("08:00–12:00", "2026-11-30 08:00")
