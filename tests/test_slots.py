"""Dayparts and flights."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediaplan.brief.briefs import Brief
from mediaplan.brief.writing import brief_table
from mediaplan.errors import InputError
from mediaplan.slots import Flight, Slot, Slots, dayparts


def test_a_slot_is_read_from_its_days_and_hours():
    assert Slot.read("soir", "mon-fri", "18-22") == Slot(
        "soir", frozenset(range(5)), frozenset({18, 19, 20, 21})
    )
    assert Slot.read("we", "sat|sun").days == {5, 6}
    assert Slot.read("nuit", hours="22-2").hours == {22, 23, 0, 1}
    assert Slot.read("semaine", "lun-ven", "8h-12h").hours == {8, 9, 10, 11}
    assert Slot.read("retour", "sun-mon").days == {6, 0}
    assert Slot.read("midi", hours="12").hours == {12}


def test_hours_after_midnight_belong_to_the_evening_before():
    night = Slot.read("nuit", "sat", "22-2")
    saturday, sunday = date(2026, 9, 12), date(2026, 9, 13)
    assert [hour for hour in range(24) if night.covers(saturday, hour)] == [22, 23]
    assert [hour for hour in range(24) if night.covers(sunday, hour)] == [0, 1]
    assert not any(night.covers(date(2026, 9, 14), hour) for hour in range(24))
    early = Slot.read("early", "sat", "0-2|22-24")
    assert [hour for hour in range(24) if early.covers(saturday, hour)] == [0, 1, 22, 23]
    assert not any(early.covers(sunday, hour) for hour in range(24))


@given(
    days=st.sampled_from(["sat", "mon-fri", "mon-sun", "fri|sun"]),
    first=st.integers(0, 23),
    length=st.integers(1, 24),
)
def test_a_slot_runs_as_long_as_its_hours_say_from_each_of_its_evenings_on(days, first, length):
    slot = Slot.read("x", days, f"{first}-{(first + length) % 24 or 24}")
    monday = datetime(2026, 9, 7, tzinfo=UTC)
    clock = {
        monday + timedelta(days=day, hours=hour)
        for day in range(14)
        for hour in range(24)
        if slot.covers((monday + timedelta(days=day)).date(), hour)
    }
    starts = [monday + timedelta(days=d, hours=first) for d in range(-1, 14) if (d % 7) in slot.days]
    told = {start + timedelta(hours=i) for start in starts for i in range(length)}
    assert clock == {moment for moment in told if monday <= moment < monday + timedelta(days=14)}


def test_one_hour_on_both_sides_of_midnight_is_refused():
    with pytest.raises(InputError, match="1:00 both of its own day"):
        Slot.read("x", "sat", "1-6|22-2")


def test_a_slot_over_midnight_is_written_and_read_back_as_it_was():
    for hours in ("22-2", "0-2|22-24", "12-14|22-2", "18-18", "0-24"):
        slot = Slot.read("nuit", "sat", hours)
        brief = Brief(name="b", budget=10, currency="EUR", start="2026-11-30", days=7, slots=(slot,))
        texts = brief_table(brief)["slots"]["nuit"]
        assert Slot.read("nuit", **texts) == slot


@pytest.mark.parametrize(
    ("days", "hours"),
    [("mon-xyz", "18-22"), ("", "0-24"), ("mon", "18-25"), ("mon", "evening"), ("1-5", "1")],
)
def test_a_slot_that_cannot_be_read_is_refused(days, hours):
    with pytest.raises(InputError, match="slot “soir”"):
        Slot.read("soir", days, hours)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 23))
def test_the_six_dayparts_cover_each_hour_once(day, hour):
    assert sum(part.covers(day, hour) for part in dayparts()) == 1


@given(
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.integers(1, 100),
    st.sampled_from(["none", "week", "day"]),
)
def test_the_pieces_of_a_flight_are_the_flight(start, days, split):
    flight = Flight(start, days, split)
    covered = [day for piece in flight.pieces() for day in piece.calendar()]
    assert covered == list(flight.calendar())
    assert covered[-1] == flight.end


def test_a_weekday_slot_runs_on_weekdays_of_the_flight_only():
    flight = Flight(date(2026, 11, 27), 5)  # a Friday
    assert flight.dates(Slot.read("soir", "mon-fri")) == (
        date(2026, 11, 27),
        date(2026, 11, 30),
        date(2026, 12, 1),
    )


def test_a_flight_without_days_is_refused():
    with pytest.raises(InputError, match="0 days"):
        Flight(date(2026, 1, 1), 0)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (("mon-fri", "18-22"), ("sat-sun", "8-22"), False),
        (("mon-sat", "18-22"), ("sat-sun", "8-22"), True),
        (("mon-fri", "6-9"), ("mon-fri", "9-12"), False),
        (("fri", "22-2"), ("sat", "0-4"), True),
        (("fri", "22-2"), ("fri", "0-4"), False),
    ],
)
def test_slots_that_run_at_the_same_time_are_named(one, other, shared):
    first, second = Slot.read("a", *one), Slot.read("b", *other)
    found = Slots({"a": first, "b": second}).shared()
    assert found == ((("a", "b"),) if shared else ())


@pytest.mark.parametrize(
    ("start", "days"), [(date(9999, 12, 25), 14), (date(2199, 12, 31), 2), (date.min, 3)]
)
def test_a_flight_beyond_the_calendar_is_refused(start, days):
    with pytest.raises(InputError) as refused:
        Flight(start, days)
    assert [problem.column for problem in refused.value.problems] == ["flight.start"]
    assert Flight(date(2199, 12, 31), 1).end == date(2199, 12, 31)
