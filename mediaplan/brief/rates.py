"""Dates and rates of exchange as a brief states them, and the gathering of what is wrong with its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mediaplan.errors import InputError, Problem
from mediaplan.money import checked_currency
from mediaplan.slots import EARLIEST, LATEST
from mediaplan.words import Sentence

LARGEST_RATE = 10**12
"""Units of one currency for one of another that no rate reaches."""


def attempt(problems: list[Problem], make: Callable[..., Any], *arguments: Any) -> Any:
    """What `make` gives; `None` where it finds problems, which are added."""
    try:
        return make(*arguments)
    except InputError as error:
        problems += error.problems
        return None


def refusal(message: Sentence, remedy: Sentence, column: str, value: Any) -> InputError:
    """The error of one field."""
    return InputError(Problem(message, remedy, column=column, value=str(value)))


def day(given: Any, column: str) -> date:
    """A date, or ISO text that states one.

    Raises:
        InputError: It is none, or beyond `EARLIEST` and `LATEST`.
    """
    remedy = Sentence("Write dates as year-month-day, such as 2026-11-30.")
    try:
        read = given.date() if isinstance(given, datetime) else given
        read = read if isinstance(read, date) else date.fromisoformat(str(given))
    except ValueError:
        raise refusal(Sentence("“{value}” is no date.", value=str(given)), remedy, column, given) from None
    if not EARLIEST <= read <= LATEST:
        message = Sentence("“{value}” is no date that can be planned for.", value=read.isoformat())
        raise refusal(message, remedy, column, given)
    return read


def exchange_rates(given: Any, currency: str) -> dict[str, Any]:
    """The rates with codes in capitals, and the dates of dated rates as ISO text.

    Args:
        given: Units of `currency` for one of another, by code: numbers, or tables of numbers by date.
        currency: The brief's.

    Raises:
        InputError: All that is wrong with them.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        message = Sentence("“{value}” is no table of rates.", value=str(given))
        remedy = Sentence("Write {example}.", example="exchange = { EUR = 655.957 }")
        raise refusal(message, remedy, "exchange", given)
    problems: list[Problem] = []
    read = {}
    for key, rate in given.items():
        column = f"exchange.{key}"
        code = attempt(problems, _code, key, column)
        read[code] = attempt(problems, _rate, rate, str(key), column)
        if code == currency and not problems and not _is_one(rate):
            problems.append(_own(currency, rate, column))
    if problems:
        raise InputError(*problems)
    return read


def _code(key: Any, column: str) -> str:
    return checked_currency(key, column=column)


def _rate(rate: Any, code: str, column: str) -> Any:
    numbers = list(rate.values()) if isinstance(rate, Mapping) else [rate]
    if not numbers or not all(_is_rate(number) for number in numbers):
        remedy = Sentence(
            "Give units of the brief's currency for one {currency}, such as 655.957.", currency=code
        )
        raise refusal(Sentence("“{rate}” is no rate.", rate=str(rate)), remedy, column, rate)
    if not isinstance(rate, Mapping):
        return rate
    problems: list[Problem] = []
    dated = {str(attempt(problems, day, start, column)): number for start, number in rate.items()}
    if problems:
        raise InputError(*problems)
    return dated


def _is_rate(rate: Any) -> bool:
    return not isinstance(rate, bool) and isinstance(rate, (int, float, Decimal)) and 0 < rate < LARGEST_RATE


def _is_one(rate: Any) -> bool:
    return all(number == 1 for number in (rate.values() if isinstance(rate, Mapping) else [rate]))


def _own(currency: str, rate: Any, column: str) -> Problem:
    message = Sentence("one {currency} is one {currency}, not {rate}.", currency=currency, rate=str(rate))
    remedy = Sentence("Leave this rate out: the brief is in {currency}.", currency=currency)
    return Problem(message, remedy, column=column, value=str(rate))
