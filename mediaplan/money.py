"""Exact money: whole minor units of a currency, costs on top, and shares that add up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.words import LANGUAGES, Sentence

if TYPE_CHECKING:
    from mediaplan.words import Words

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST = 10**15
"""Minor units that an amount may have at the most: beyond, doubles can't count single units."""

FEW = 4
"""Currencies of one word (such as “CFA”) that are named; of more (such as “dollar”) none."""


@lru_cache
def _currencies() -> dict[str, int]:
    """ISO 4217 code -> decimals of its minor unit, from CLDR."""
    from babel import Locale
    from babel.numbers import get_currency_precision

    return {str(code): get_currency_precision(str(code)) for code in Locale("en").currencies}


@lru_cache
def _in_use() -> frozenset[str]:
    """Codes of the currencies that some territory pays with today, from CLDR."""
    from babel.core import get_global

    paid = get_global("territory_currencies").values()
    return frozenset(code for spans in paid for code, _, until, tender in spans if tender and until is None)


@lru_cache
def _by_word() -> dict[str, frozenset[str]]:
    """What people write for a currency (its sign, a word of its name), folded -> codes in use, from CLDR."""
    from babel import Locale

    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        locale = Locale(language)
        for code in _in_use():
            sign = "".join(locale.currency_symbols.get(code, "").split())
            for word in (sign, *locale.currencies.get(code, "").split()):
                found.setdefault(_folded(word), set()).add(code)
    return {word: frozenset(codes) for word, codes in found.items()}


def _folded(word: str) -> str:
    """`F CFA` and `fcfa` are one word, and so are `euro` and `Euros`."""
    return "".join(word.split()).casefold().removesuffix("s")


def _meant(text: str) -> Sentence:
    """What to do about a text that is no currency's code."""
    codes = sorted(_by_word().get(_folded(text), ()))
    any_code = Sentence("Give an ISO 4217 code such as XOF, EUR or USD.")
    if not codes:
        return nearest(text, _in_use(), any_code)
    if len(codes) == 1:
        return Sentence("Did you mean “{name}”?", name=codes[0])
    return (
        Sentence("Did you mean one of these: {names}?", names=tuple(codes)) if len(codes) <= FEW else any_code
    )


def checked_currency(code: Any, **place: Any) -> str:
    """The ISO 4217 code in capitals.

    Raises:
        InputError: It is no currency's code; `place` (file, row, column) is said with it.
    """
    known = _currencies()
    text = str(code).strip().upper()
    if text in known:
        return text
    raise InputError(
        Problem(
            Sentence("“{code}” is no currency code.", code=str(code)),
            _meant(text),
            value=str(code),
            **place,
        )
    )


def decimals(currency: str) -> int:
    """Decimals of the currency's minor unit: 0 for XOF, 2 for EUR."""
    return _currencies()[currency]


@dataclass(frozen=True, order=True)
class Money:
    """An exact amount.

    Attributes:
        minor: Whole minor units (cents of EUR, francs of XOF); may be negative in differences.
        currency: ISO 4217 code.
    """

    minor: int
    currency: str

    @property
    def amount(self) -> float:
        """The amount in major units (12.34 for 1234 cents)."""
        return float(self.minor / 10 ** decimals(self.currency))

    @property
    def text(self) -> str:
        """The amount in major units with exactly the currency's digits, a dot, no grouping: what files hold."""
        return str(Decimal(self.minor).scaleb(-decimals(self.currency)))

    def worded(self, words: Words) -> str:
        """The amount as people write it, whole amounts without decimals."""
        whole = self.minor % 10 ** decimals(self.currency) == 0
        return words.currency(self.amount, self.currency, digits=0 if whole else None)

    @classmethod
    def read(cls, value: Any, currency: str, **place: Any) -> Money:
        """The amount that a brief or a form states: an int, a float, a Decimal or a text with a dot.

        Raises:
            InputError: No number, not finite, finer than a minor unit, beyond `LARGEST`, or in another currency.
        """
        if isinstance(value, Money):
            return value.stated_in(currency, **place)
        digits = decimals(currency)
        try:
            exact = Decimal("NaN" if isinstance(value, bool) else str(value).replace("_", "").strip()).scaleb(
                digits
            )
        except ArithmeticError:
            exact = Decimal("NaN")
        if not exact.is_finite():
            message = Sentence("“{value}” is no amount of money.", value=str(value))
            remedy = Sentence("Write amounts as plain numbers, such as 1500000 or 250.50.")
            raise InputError(Problem(message, remedy, **{"value": str(value), **place}))
        if abs(exact) > LARGEST:
            message = Sentence("{value} is more money than can be planned.", value=str(value))
            remedy = Sentence("Give {most} at the most.", most=cls(LARGEST, currency))
            raise InputError(Problem(message, remedy, **{"value": str(value), **place}))
        if exact != exact.to_integral_value():
            unit, near = cls(1, currency), cls(int(exact.to_integral_value()), currency)
            message = Sentence(
                "{value} is finer than {unit}, the smallest amount of this currency.",
                value=str(value),
                unit=unit,
            )
            remedy = Sentence("Round it, for example to {near}.", near=near.text)
            raise InputError(Problem(message, remedy, **{"value": str(value), **place}))
        return cls(int(exact), currency)

    def stated_in(self, currency: str, **place: Any) -> Money:
        """This amount, where it is in that currency.

        Raises:
            InputError: It is in another.
        """
        if self.currency == currency:
            return self
        message = Sentence("{value} is not in {currency}.", value=self, currency=currency)
        remedy = Sentence("State all amounts of a brief in its currency.")
        raise InputError(Problem(message, remedy, **{"value": self.text, **place}))


@dataclass(frozen=True)
class Costs:
    """What the client pays on top of the media money.

    Attributes:
        fee: Part of the media money (0.10 = 10 %), ≥ 0.
        tax: Part of media money and fee together, ≥ 0.
    """

    fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)

    def on(self, media: int) -> tuple[int, int]:
        """Fee and tax on that media money, each rounded half up to a minor unit."""
        fee = int((media * self.fee).to_integral_value(ROUND_HALF_UP))
        tax = int(((media + fee) * self.tax).to_integral_value(ROUND_HALF_UP))
        return fee, tax

    def media(self, budget: int) -> int:
        """The most media money whose total with fee and tax stays within `budget` (all minor units)."""
        media = int(budget / ((1 + self.fee) * (1 + self.tax))) + 2
        while media > 0 and media + sum(self.on(media)) > budget:
            media -= 1
        return max(media, 0)


def apportion(weights: Array, total: int) -> Integers:
    """Whole numbers that add up to `total`, as near to proportional as can be.

    Args:
        weights: Shape (n,), ≥ 0, not all 0.
        total: What to share out, minor units, ≥ 0.

    Returns:
        Shape (n,), minor units. Ties go to the earlier item.

    Source:
        Hamilton's method of largest remainders.
    """
    exact = weights / weights.sum() * total
    shares: Integers = np.floor(exact).astype(np.int64)
    left = total - int(shares.sum())
    order = np.argsort(shares - exact, kind="stable")
    shares[order[:left]] += 1
    return shares


def telling_step(budget: Money) -> Money:
    """The power of ten that is about a hundredth of a budget: the step in which prices are said."""
    places = len(str(max(budget.minor // 100, 1))) - 1
    smallest = 10 ** decimals(budget.currency)
    return Money(max(int(Decimal(10) ** places), min(smallest, budget.minor)), budget.currency)
