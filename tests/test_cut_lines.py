"""Lines that are cut by date: the pieces of one line never count twice, and sell no more of a rate card than the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import response
from small_questions import few

import mediaplan as mp
from mediaplan.planning.making import asked

START = date(2026, 11, 30)
"""A Monday."""
SLOTS = {
    "soir": mp.Slot.read("soir", "mon-fri", "18-22"),
    "week-end": mp.Slot.read("week-end", "sat-sun", "8-22"),
}
CARD = [
    {"channel": "tv", "slot": "soir", "cost": 1, "results": 2, "up_to": 100},
    {"channel": "tv", "slot": "soir", "cost": 1, "results": 1, "up_to": 200},
    {"channel": "tv", "slot": "week-end", "cost": 1, "results": 1.5, "up_to": 90},
]


def planned(*rules: object, rows: list[dict[str, object]] = CARD, days: int = 14, **more: object) -> mp.Plan:
    brief = mp.Brief(
        currency="EUR", budget=1000, start=START, days=days, rules=rules, slots=tuple(SLOTS.values()), **more
    )  # type: ignore[arg-type]
    rates = mp.read_rates(pd.DataFrame(rows))
    card = mp.from_rates(rates, currency="EUR", as_of=START, slots=brief.named_slots)
    return mp.plan(brief, card)


def pieces(plan: mp.Plan, slot: str) -> list[tuple[date, int]]:
    return [(line.start, line.days) for line in plan.lines_planned if line.slot == slot]


def ran(plan: mp.Plan, slot: str) -> list[date]:
    """Days on which the slot's money runs, each as often as a line with money runs on it."""
    days = [start + timedelta(i) for start, many in pieces(plan, slot) for i in range(many)]
    return [day for day in days if day.weekday() in SLOTS[slot].days]


dates = st.integers(0, 13).map(lambda at: START + timedelta(at))
date_rules = st.one_of(
    st.lists(dates, min_size=1, max_size=3).map(
        lambda some: mp.Blackout(date=[day.isoformat() for day in some])
    ),
    st.builds(mp.Blackout, date=dates, slot=st.sampled_from(["soir", "week-end"])),
    st.builds(mp.NotBefore, date=dates),
    st.builds(mp.NotAfter, date=dates),
)


def test_days_on_which_a_slot_does_not_run_take_nothing_from_its_lines():
    saturdays = mp.Blackout(date=["2026-12-05", "2026-12-12"])
    assert pieces(planned(saturdays), "soir") == [(START, 14)]
    sundays = mp.Blackout(date=["2026-12-06", "2026-12-13"])
    assert pieces(planned(saturdays, sundays), "soir") == [(START, 14)]
    assert pieces(planned(saturdays, sundays), "week-end") == []


@given(st.lists(date_rules, max_size=3).map(tuple))
@few
def test_however_dates_are_kept_free_nothing_runs_twice_on_a_day_and_nothing_is_gained(rules):
    try:
        plan = planned(*rules)
    except mp.NoPlanError:
        return
    for slot in SLOTS:
        days = ran(plan, slot)
        assert len(days) == len(set(days))
    assert plan.objective <= planned().objective + 1e-6


def test_a_week_sells_as_much_of_a_card_as_its_days_are_of_the_flight():
    whole, weeks = planned(), planned(split="week")
    assert weeks.objective == pytest.approx(whole.objective)
    assert {line.amount.minor for line in weeks.lines_planned if line.slot == "soir"} == {15_000}
    assert {line.amount.minor for line in weeks.lines_planned if line.slot == "week-end"} == {4_500}


def test_a_blackout_takes_its_days_part_of_what_a_card_sells():
    plan = planned(mp.Blackout(date="2026-12-09"))  # one of ten days on which “soir” runs
    assert sum(line.amount.minor for line in plan.lines_planned if line.slot == "soir") == 27_000
    assert pieces(plan, "soir") == [(START, 9), (date(2026, 12, 10), 4)]


def test_several_blackouts_leave_what_all_of_them_leave():
    plan = planned(mp.Blackout(date="2026-12-03"), mp.Blackout(date="2026-12-09"))
    assert pieces(plan, "soir") == [(START, 3), (date(2026, 12, 4), 5), (date(2026, 12, 10), 4)]
    assert (
        sum(line.amount.minor for line in plan.lines_planned if line.slot == "soir") == 24_000
    )  # 8 of 10 days


def test_a_piece_in_which_a_slot_never_runs_is_no_line():
    known = response(posts=1, channels=("tv",), audiences=1, slots=("soir",))
    brief = mp.Brief(
        currency="EUR", budget=1000, start=START, days=14, slots=(SLOTS["soir"],),
        rules=(mp.Blackout(date=["2026-12-04", "2026-12-07"]),),
    )  # fmt: skip
    lines = asked(brief, replace(known, slots=brief.named_slots)).space.lines
    whole, *parts = sorted(
        zip(lines.start.tolist(), lines.days.tolist(), strict=True), key=lambda line: -line[1]
    )
    assert whole == (START, 14)
    assert sorted(parts) == [(START, 4), (date(2026, 12, 8), 6)]  # but not the Saturday and Sunday in between


def test_whole_units_are_sold_whole_in_pieces_too():
    rows = [
        {"channel": "tv", "slot": "any", "cost": 10, "results": 5, "up_to": 9, "whole": "yes", "fixed": 3}
    ]
    plan = planned(mp.Blackout(date="2026-12-07"), rows=rows)
    amounts = {line.days: line.amount.minor for line in plan.lines_planned}
    assert amounts == {7: 4300, 6: 3300}  # 9 × 7 / 14 and 9 × 6 / 14 units, and what is due for each


def test_tiers_without_an_end_have_none_in_a_week_either():
    rows = [
        {"channel": "tv", "slot": "any", "cost": 1, "results": 2, "up_to": 40},
        {"channel": "tv", "slot": "any", "cost": 1, "results": 1},
    ]
    plan = planned(rows=rows, split="week")
    assert plan.objective == pytest.approx(40 * 2 + 960)
