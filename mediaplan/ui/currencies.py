"""Currencies to choose from, by their names."""

from __future__ import annotations

from mediaplan.words import Words

OFFERED = (
    "XOF", "XAF", "EUR", "USD", "GBP", "CHF", "CAD", "MAD", "TND", "DZD", "EGP", "NGN", "GHS", "KES", "ZAR", "GNF",
    "CDF", "RWF", "MGA", "MRU", "HTG", "AED", "INR", "BRL", "MXN", "JPY", "AUD", "SEK", "NOK", "DKK", "PLN",
)  # fmt: skip
"""ISO 4217 codes; a currency that a file or brief brings is offered too."""


def offered(current: str) -> list[str]:
    """The codes to choose from, `current` among them."""
    return [*OFFERED] if current in OFFERED else [current, *OFFERED]


def currency_name(code: str, words: Words) -> str:
    """`XOF · franc CFA (BCEAO)`."""
    from babel.numbers import get_currency_name

    return f"{code} · {get_currency_name(code, locale=words.locale)}"
