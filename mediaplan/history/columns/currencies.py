"""Which currency each row is in, and the conversion of all money into the brief's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem
from mediaplan.history.columns.picking import Picks
from mediaplan.history.tables.cells import names
from mediaplan.history.tables.dates import as_days
from mediaplan.history.tables.tables import Cells, Fault
from mediaplan.money import checked_currency
from mediaplan.words import Sentence

_DOLLARS = frozenset(
    {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "LRD", "NAD", "TTD", "JMD", "BBD", "BZD"}
)
_FRANCS = frozenset({"XOF", "XAF"})
_SIGNS = {
    "€": frozenset({"EUR"}), "£": frozenset({"GBP"}), "$": _DOLLARS, "US$": frozenset({"USD"}),
    "¥": frozenset({"JPY", "CNY"}), "₦": frozenset({"NGN"}), "₵": frozenset({"GHS"}),
    "FCFA": _FRANCS, "CFA": _FRANCS,
}  # fmt: skip
PEGGED = {"EUR": 1.0, "XOF": 655.957, "XAF": 655.957}
"""Units for one euro, fixed by treaty since 1999-01-01.

Source:
    Council Decision 98/683/EC on the CFA franc; parity of the French franc, 6.55957 for one euro, and of the CFA
    franc, 100 for one French franc. Both CFA francs have the same parity.
"""

Faults = list[tuple[str, list[Fault]]]
Rates = dict[str, list[tuple[date, float]]]
"""By currency: from which date on, and units of the brief's currency for one."""


def row_currencies(
    picks: Picks, signs: dict[int, str], currency: str | None
) -> tuple[pd.Series[str], Faults]:
    """The ISO code of each row's money: its `currency` cell, else the sign on its spend, else NaN.

    Args:
        picks: The table's columns.
        signs: Signs on the cells of spend, by position.
        currency: The brief's, which a sign of several currencies stands for if it can.
    """
    count = len(picks.table.rows)
    column = picks.columns.get("currency")
    codes = np.full(count, np.nan, dtype=object) if column is None else names(column.cells)
    faults: Faults = []
    if column is not None:
        codes, wrong = _checked(codes)
        faults.append((column.name, wrong))
    spend = picks.columns.get("spend")
    if spend is not None and signs:
        faults.append((spend.name, _signed(codes, signs, currency)))
    return pd.Series(codes, dtype="str"), faults


def _checked(codes: Cells) -> tuple[Cells, list[Fault]]:
    known: dict[Any, str | Problem | float] = {}
    faults = []
    result = np.full(len(codes), np.nan, dtype=object)
    for at, code in enumerate(codes):
        if code not in known:
            known[code] = _code(code)
        found = known[code]
        if isinstance(found, Problem):
            faults.append(Fault(at, str(code), found.message, found.remedy))
        else:
            result[at] = found
    return result, faults


def _code(code: Any) -> str | Problem | float:
    if not isinstance(code, str):
        return math.nan
    try:
        return checked_currency(code)
    except InputError as error:
        return error.problems[0]


def _signed(codes: Cells, signs: dict[int, str], currency: str | None) -> list[Fault]:
    """Fill the codes that only a sign tells; a fault where sign and code disagree or it tells too little."""
    faults = []
    for at, sign in signs.items():
        meant = _SIGNS.get(sign) or {_code(sign)}
        code = codes[at]
        if isinstance(code, str):
            if code not in meant:
                message = Sentence(
                    "this money says {sign}, its row says {currency}.", sign=sign, currency=code
                )
                faults.append(Fault(at, sign, message, Sentence("Correct the one that is wrong.")))
            continue
        only = next(iter(meant))
        if len(meant) == 1 and isinstance(only, str):
            codes[at] = only
        elif currency in meant:
            codes[at] = currency
        else:
            message = Sentence("“{sign}” does not say which currency this is.", sign=sign)
            faults.append(
                Fault(
                    at,
                    sign,
                    message,
                    Sentence("State the currency, or add a column “currency” with codes such as XOF or EUR."),
                )
            )
    return faults


def rates_of(exchange: Mapping[str, Any] | None, currency: str) -> Rates:
    """The rates that a brief gives, and those that are fixed by treaty where it gives none.

    Args:
        exchange: Units of `currency` for one of the key's, or a table of those by their first date.
        currency: The brief's.

    Raises:
        InputError: All that is wrong with them.
    """
    problems: list[Problem] = []
    rates: Rates = {}
    for key, value in (exchange or {}).items():
        place = f"exchange.{key}"
        code = _code(str(key))
        if not isinstance(code, str):
            problems.append(code.at(column=place) if isinstance(code, Problem) else _no_rate(place, value))
            continue
        table = value.items() if isinstance(value, Mapping) else [(date.min, value)]
        rates[code] = []
        for start, rate in table:
            day = start if start == date.min else as_days(start)
            number = _rate(rate)
            if day is None:
                message = Sentence("“{value}” is no date that can be read.", value=str(start))
                remedy = Sentence("Write dates as year-month-day, such as {example}.", example="2026-11-30")
                problems.append(Problem(message, remedy, column=place, value=str(start)))
            elif number is None:
                problems.append(_no_rate(place, rate))
            else:
                rates[code].append((day, number))
        rates[code].sort()
    if problems:
        raise InputError(*problems)
    known = {code: [(date.min, rate)] for code, rate in pegged(currency).items()} | rates
    return known | {currency: [(date.min, 1.0)]}


def pegged(currency: str) -> dict[str, float]:
    """Units of `currency` for one of each other whose parity with it is fixed: EUR, XOF and XAF among each other."""
    if currency not in PEGGED:
        return {}
    return {code: PEGGED[currency] / units for code, units in PEGGED.items() if code != currency}


def _rate(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 < number < 1e12 else None


def _no_rate(place: str, value: Any) -> Problem:
    return Problem(
        Sentence("“{value}” is no rate of exchange.", value=str(value)),
        Sentence("Give units of the brief's currency for one of this, a number above zero."),
        column=place,
        value=str(value),
    )


def unconvertible(file: str | None, found: set[str], rates: Rates, currency: str) -> Problem | None:
    """The fault of a table with money that no rate converts: every currency found, and the lines to add."""
    lacking = sorted(found - set(rates))
    if not lacking:
        return None
    lines = tuple(f"{code} = …" for code in lacking)
    return Problem(
        Sentence(
            "money in {found} is not mixed with the brief's {currency}.",
            found=tuple(sorted(found)),
            currency=currency,
        ),
        Sentence(
            "Add to the brief, under [exchange], units of {currency} for one: {lines}",
            currency=currency,
            lines=lines,
        ),
        file=file,
        column="currency",
        value=", ".join(lacking),
    )


def factors(
    codes: pd.Series[str], dates: pd.Series, rates: Rates, file: str | None
) -> tuple[NDArray[np.float64], list[Problem]]:
    """By what each row's money is multiplied, and a problem for each currency whose rates begin too late."""
    result = np.ones(len(codes))
    problems = []
    days = dates.to_numpy().astype("datetime64[D]")
    for code in codes.unique():
        mine = (codes == code).to_numpy()
        starts = np.array([start for start, _ in rates[code]], dtype="datetime64[D]")
        values = np.array([rate for _, rate in rates[code]])
        at = np.searchsorted(starts, days[mine], side="right") - 1
        if (at < 0).any():
            first = days[mine].min().astype(object)
            message = Sentence("there is no rate of {currency} for {first}.", currency=code, first=first)
            remedy = Sentence(
                "Add to the brief, under [exchange.{currency}], a rate from that day on.", currency=code
            )
            problems.append(Problem(message, remedy, file=file, column="currency", value=code))
            continue
        result[mine] = values[at]
    return result, problems
