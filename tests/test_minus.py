"""Negative numbers: with the minus sign where people read them, with a hyphen where programs do, understood either way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediaplan.cli.encoding import SIMPLER, any_encoding
from mediaplan.money import Money
from mediaplan.words import LANGUAGES, Percent, Sentence, Words
from mediaplan.words.sentences import Exact

SAID = [
    (-3, "−3", "−3"),
    (-0.43, "−0.43", "−0,43"),
    (Decimal("-12345.5"), "−12,346", "−12\u202f346"),
    (Percent(-0.043), "−4.3%", "−4,3\u202f%"),
    (Money(-1250, "EUR"), "−€12.50", "−12,50\u00a0€"),
    (Money(-1250, "XOF"), "−1,250\u00a0F\u202fCFA", "−1\u202f250\u00a0F\u202fCFA"),
    (Exact(-0.001), "−0.001", "−0,001"),
]


@pytest.mark.parametrize(("value", "english", "french"), SAID)
def test_people_read_the_minus_sign(value, english, french):
    said = Sentence("{value}", value=value)
    assert (Words("en").say(said), Words("fr").say(said)) == (english, french)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_rounded_to_nothing_has_no_sign(language):
    words = Words(language)
    said = (
        words.number(-0.001, 2),
        words.percent(-0.0001, 1),
        words.currency(-0.001, "EUR"),
        words.number(-0.0),
    )
    assert all("−" not in each and "-" not in each for each in said)


def test_files_keep_the_hyphen():
    assert Money(-1250, "EUR").text == "-12.50"


@given(number=st.decimals(-(10**9), 10**9, places=3), language=st.sampled_from(LANGUAGES))
def test_what_a_field_of_the_form_shows_is_understood_again(number, language):
    pytest.importorskip("streamlit")
    from mediaplan.ui.typed import plain, written

    shown = written(f"{number:f}", Words(language))
    assert "-" not in shown
    assert Decimal(plain(shown, language)) == number


def test_a_terminal_without_the_sign_gets_a_hyphen():
    any_encoding()
    assert "−4".encode("cp1252", SIMPLER) == "−4".encode("ascii", SIMPLER) == b"-4"
