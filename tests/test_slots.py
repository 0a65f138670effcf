"""Dayparts and flights."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediaplan.errors import InputError
from mediaplan.slots import Flight, Slot, dayparts


def test_a_slot_is_read_from_its_days_and_hours():
    assert Slot.read("soir", "mon-fri", "18-22") == Slot(
        "soir", frozenset(range(5)), frozenset({18, 19, 20, 21})
    )
    assert Slot.read("we", "sat|sun").days == {5, 6}
    assert Slot.read("nuit", hours="22-2").hours == {22, 23, 0, 1}
    assert Slot.read("semaine", "lun-ven", "8h-12h").hours == {8, 9, 10, 11}
    assert Slot.read("retour", "sun-mon").days == {6, 0}
    assert Slot.read("midi", hours="12").hours == {12}


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
