"""Exact money: reading, writing, sharing out, and costs on top."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediaplan.errors import InputError
from mediaplan.money import Costs, Money, apportion, checked_currency
from mediaplan.words import Words


@pytest.mark.parametrize(
    ("given_amount", "currency", "minor"),
    [
        (1500000, "XOF", 1500000),
        ("1500000", "XOF", 1500000),
        (12.34, "EUR", 1234),
        ("0.1", "EUR", 10),
        (0.1, "EUR", 10),
        (1e3, "JPY", 1000),
        ("1_000", "EUR", 100000),
    ],
)
def test_amounts_are_read_as_whole_minor_units(given_amount, currency, minor):
    assert Money.read(given_amount, currency).minor == minor


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        (0.5, "XOF", "0.5 is finer than 1\u00a0F\u202fCFA"),
        ("12.345", "EUR", "12.345 is finer than €0.01"),
        ("much", "EUR", "“much” is no amount"),
        (float("nan"), "EUR", "no amount"),
        (float("inf"), "EUR", "no amount"),
        (True, "EUR", "no amount"),
        (1e308, "EUR", "more money than can be planned"),
    ],
)
def test_amounts_that_cannot_be_exact_are_refused_with_the_value(value, currency, said):
    with pytest.raises(InputError, match=said):
        Money.read(value, currency)


def test_money_is_written_with_exactly_its_currency_digits():
    assert [Money(1500000, "XOF").text, Money(5, "EUR").text, Money(100000, "EUR").text] == [
        "1500000",
        "0.05",
        "1000.00",
    ]


def test_money_is_said_as_people_write_it_in_each_language():
    amounts = [Money(1500000, "XOF"), Money(123450, "EUR"), Money(100000, "EUR")]
    assert [Words("fr").say(m) for m in amounts] == [
        "1\u202f500\u202f000\u00a0F\u202fCFA",
        "1\u202f234,50\u00a0€",
        "1\u202f000\u00a0€",
    ]
    assert [Words("en").say(m) for m in amounts] == ["1,500,000\u00a0F\u202fCFA", "€1,234.50", "€1,000"]


def test_an_unknown_currency_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"EURO(.|\n)*Did you mean “EUR”"):
        checked_currency("EURO")


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(lambda w: sum(w) > 0), st.integers(0, 10**12)
)
def test_shares_add_up_to_the_unit_and_are_within_one_of_proportional(weights, total):
    shares = apportion(np.array(weights), total)
    assert int(shares.sum()) == total
    exact = np.array(weights) / sum(weights) * total
    assert (np.abs(shares - exact) <= 1 + 1e-3).all()
    assert (shares >= 0).all()


@given(st.integers(1, 10**9), st.decimals(0, 1, places=3), st.decimals(0, 1, places=3))
def test_media_money_is_the_most_that_leaves_room_for_fee_and_tax(budget, fee, tax):
    costs = Costs(Decimal(fee), Decimal(tax))
    media = costs.media(budget)
    assert media + sum(costs.on(media)) <= budget
    assert media + 1 + sum(costs.on(media + 1)) > budget


@pytest.mark.parametrize(
    ("code", "nearest"), [("FRANC", "FRF"), ("DEMM", "DEM"), ("ZWN2", "ZWN"), ("LTLL", "LTL")]
)
def test_no_currency_of_the_past_is_offered(code, nearest):
    with pytest.raises(InputError) as refused:
        checked_currency(code)
    assert f"“{nearest}”" not in str(refused.value)


def test_an_amount_in_another_currency_is_refused():
    assert Money.read(Money(5, "EUR"), "EUR") == Money(5, "EUR")
    with pytest.raises(InputError, match="not in XOF"):
        Money.read(Money(5, "EUR"), "XOF")


@pytest.mark.parametrize("value", ["1e999999999", "-1e999999999", "9" * 400])
def test_an_amount_of_any_size_is_a_problem_and_no_crash(value):
    with pytest.raises(InputError):
        Money.read(value, "EUR")
