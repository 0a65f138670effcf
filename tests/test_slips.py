"""Slips of the pen in a brief: what was written is said back, and the remedy is one that works."""

from __future__ import annotations

import re

import pytest

import mediaplan as mp
from mediaplan.money import LARGEST, Money, checked_currency
from mediaplan.words import Words

BRIEF = 'currency = "XOF"\nbudget = 1_000\nflight = {{ start = {start}, days = 14 }}\n'


def remedy(error: mp.InputError, language: str = "en") -> str:
    (problem,) = error.problems
    return Words(language).say(problem.remedy)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("€", {"EUR"}),
        ("Euros", {"EUR"}),
        ("EURO", {"EUR"}),
        ("£", {"GBP"}),
        ("naira", {"NGN"}),
        ("FCFA", {"XAF", "XOF"}),
        ("f cfa", {"XAF", "XOF"}),
    ],
)
def test_a_currency_in_people_s_words_is_answered_with_the_codes_it_may_mean(written, meant):
    with pytest.raises(mp.InputError, match="is no currency code") as caught:
        checked_currency(written)
    for language in ("en", "fr"):
        codes = set(re.findall(r"\b[A-Z]{3}\b", remedy(caught.value, language)))
        assert codes == meant
        assert {checked_currency(code) for code in codes} == meant


@pytest.mark.parametrize("written", ["", "dollars", "franc", "beaucoup"])
def test_a_word_of_many_currencies_or_of_none_is_answered_with_what_a_code_looks_like(written):
    with pytest.raises(mp.InputError, match="no currency code") as caught:
        checked_currency(written)
    assert remedy(caught.value) == "Give an ISO 4217 code such as XOF, EUR or USD."


@pytest.mark.parametrize(("written", "currency"), [("10.5", "XOF"), ("12.345", "EUR"), ("-0.0005", "TND")])
def test_an_amount_that_is_too_fine_is_answered_with_one_that_is_taken(written, currency):
    with pytest.raises(mp.InputError, match="smallest amount") as caught:
        Money.read(written, currency)
    found = re.fullmatch(r"Round it, for example to (\S+)\.", remedy(caught.value))
    assert found is not None
    near = Money.read(found[1], currency)
    assert abs(near.amount - float(written)) <= Money(1, currency).amount


def test_more_money_than_can_be_planned_is_answered_with_the_most_that_can():
    with pytest.raises(mp.InputError, match="more money than can be planned") as caught:
        Money.read("1e20", "XOF")
    assert Money(LARGEST, "XOF").minor == int(re.sub(r"\D", "", remedy(caught.value)))


@pytest.mark.parametrize("start", ["2026-02-30", "2025-02-29"])
def test_a_day_that_no_calendar_has_is_said_with_its_line(start):
    with pytest.raises(mp.InputError, match="calendar") as caught:
        mp.parse_brief(BRIEF.format(start=start))
    assert [problem.row for problem in caught.value.problems] == [3]


@pytest.mark.parametrize("money", ["depense", "Dépense", "cost", "coût", "Amount spent (XOF)", "cout total"])
def test_a_history_whose_money_goes_by_another_name_is_told_so_and_taken_for_no_platform_s(money, tmp_path):
    path = tmp_path / "history.csv"
    path.write_text(
        f"date,channel,audience,post,{money},impressions,clicks,results:lead\n2026-09-01,facebook,a,p,100,900,30,4\n",
        encoding="utf-8",
    )
    with pytest.raises(mp.InputError) as caught:
        mp.read_history(path, currency="XOF")
    assert [problem.column for problem in caught.value.problems] == ["spend"]
    assert money in remedy(caught.value)
