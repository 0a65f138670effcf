"""Numbers, shares and money as they are written: held against Babel, which reads the same CLDR."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from babel import Locale
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mediaplan.words import Words
from mediaplan.words.numerals import WHOLE

LANGUAGE = st.sampled_from(["en", "fr"])
NUMBER = (
    st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False)
    | st.floats(-2000, 2000)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
)


@settings(max_examples=400, deadline=None)
@given(LANGUAGE, NUMBER, st.integers(0, 6))
@example("fr", -0.0, 2)
@example("en", -0.004, 2)
@example("en", 0.125, 2)
@example("fr", 999999.995, 2)
@example("en", float("inf"), 0)
@example("fr", 10**4000 + 1, 3)
def test_numbers_of_a_given_length_are_written_as_babel_writes_them(language, number, digits):
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    with localcontext(WHOLE):
        assert Words(language).number(number, digits) == format_decimal(
            number, format=pattern, locale=language
        )


@settings(max_examples=300, deadline=None)
@given(LANGUAGE, NUMBER, st.integers(0, 3))
@example("en", 0.29, 0)
@example("fr", -1e-9, 1)
def test_shares_are_written_as_babel_writes_them(language, share, digits):
    pattern = "#,##0." + "#" * digits + ("\u202f%" if language == "fr" else "%")
    with localcontext(WHOLE):
        assert Words(language).percent(share, digits) == format_percent(
            share, format=pattern, locale=language
        )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_money_of_every_currency_is_written_as_babel_writes_it(language):
    for code in Locale("en").currencies:
        after = language == "fr" or get_currency_symbol(code, locale=language)[-1:].isalpha()
        for amount in (1234567.895, -0.5, Decimal(12), 0):
            for digits in (0, 2):
                number = "#,##0.00" if digits else "#,##0"
                pattern = f"{number}\u00a0¤" if after else f"¤{number}"
                said = format_currency(amount, code, format=pattern, locale=language, currency_digits=False)
                assert Words(language).currency(amount, code, digits=digits) == said


@settings(max_examples=200, deadline=None)
@given(LANGUAGE, st.floats(-1e6, 1e6))
@example("en", 9.999)
@example("fr", 99.96)
@example("en", 12.0)
def test_without_a_length_the_smaller_a_number_the_more_decimals_it_has(language, number):
    size = abs(number)
    pattern = "#,##0" if size >= 100 or number == round(number) else "#,##0.#" if size >= 10 else "#,##0.##"
    assert Words(language).number(number) == format_decimal(number, format=pattern, locale=language)
