"""The languages people read: catalogue look-up and the writing of numbers, dates, money and lists (by Babel)."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from mediaplan.words.sentences import Sentence

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

MINUS = "\u2212"
"""The minus sign, as wide as the digits; a hyphen would let a line break behind it."""
WHOLE = Context(prec=5000)
"""Babel rounds in the context's precision and raises beyond it; a refusal repeats any number that was typed."""


def preferred_language(environment: Mapping[str, str] | None = None) -> Language:
    """The first of `LANGUAGES` that the locale variables ask for; English if none does.

    Args:
        environment: Where to look (`LC_ALL`, `LC_MESSAGES`, `LANG`, in this order); default: the process's.
    """
    found = os.environ if environment is None else environment
    wanted = next((found[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if found.get(name)), "en")
    return cast("Language", wanted[:2].lower()) if wanted[:2].lower() in LANGUAGES else "en"


QUOTES = {"en": ("“”", "‘’"), "fr": ("«»", "“”")}
"""By language, quotation marks and those of what is quoted within."""


def _quoted_within(text: str, outer: str, inner: str) -> str:
    """The text with other marks around quotations within quotations; as it is where its marks don't pair."""
    opening, closing = outer[0], outer[1]
    if text.count(opening) < 2:
        return text
    said: list[str] = []
    depth = 0
    for sign in text:
        if sign == closing:
            depth -= 1
        if depth and sign in outer:
            if sign == closing and said[-1] == "\u202f":
                said.pop()
            said.append(inner[sign == closing])
        elif not (sign == "\u202f" and said and depth > 1 and said[-1] == inner[0]):
            said.append(sign)
        if sign == opening:
            depth += 1
        if depth < 0:
            return text
    return text if depth else "".join(said)


@lru_cache
def _catalogue(language: Language) -> Mapping[str, str]:
    """English template -> template in `language`; empty for English."""
    if language == "en":
        return {}
    from babel.messages.pofile import read_po

    with resources.files("mediaplan.words").joinpath(f"{language}.po").open("rb") as file:
        return {cast("str", m.id): cast("str", m.string) for m in read_po(file) if m.id and m.string}


@lru_cache
def _locale(language: Language) -> Locale:
    """The language as Babel knows it: by its name, Babel would make it anew for every number."""
    from babel import Locale

    return Locale.parse(language)


@lru_cache(maxsize=64)
def _pattern(text: str) -> NumberPattern:
    """How a number is written, as Babel reads it."""
    from babel.numbers import parse_pattern

    return parse_pattern(text)


def _signed(number: str) -> str:
    """The number with the sign of people's texts, which Babel writes as a hyphen; what is rounded to nothing has none."""
    nothing = not any(digit in number for digit in "123456789")
    return number.replace("-", "" if nothing else MINUS)


class Words:
    """One language's way of saying things.

    Args:
        language: `"en"` or `"fr"`.
    """

    def __init__(self, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r}: {' or '.join(LANGUAGES)}")
        self.language: Language = language

    @property
    def locale(self) -> Locale:
        """The language as Babel knows it."""
        return _locale(self.language)

    def text(self, template: str, /, **values: Any) -> str:
        """Say a template at once: `words.text("{n} {n:line|lines}", n=3)`."""
        said = {name: _Said(self.say(value), self._is_one(value)) for name, value in values.items()}
        whole = _catalogue(self.language).get(template, template).format_map(said)
        return _quoted_within(whole, *QUOTES[self.language])

    def _is_one(self, value: Any) -> bool:
        """Whether what is counted stands in the singular: in English by 1, in French by all that is said as less than 2."""
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            return False
        size: Any = abs(value)  # of any length: whole numbers need not fit a double
        return bool(size < 1.995 if self.language == "fr" else 0.995 <= size < 1.005)

    def say(self, value: Any) -> str:  # noqa: PLR0911 - one line for each kind of value
        """Say any value that may stand in a `Sentence`; `None` and NaN are said as a dash."""
        if isinstance(value, Sentence):
            return self.text(value.template, **value.values)
        if hasattr(value, "worded"):
            return cast("str", value.worded(self))
        if isinstance(value, str):
            return value
        if isinstance(value, date):
            return self.date(value)
        if isinstance(value, (tuple, list)):
            return ", ".join(self.say(item) for item in value)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return "–"
        return self.number(value)

    def number(self, value: float | Decimal, digits: int | None = None) -> str:
        """A number with the language's separators.

        Args:
            value: Any number.
            digits: Decimals; default: none from 100 on, one from 10 on, else two, zeros dropped; whole numbers none.
        """
        from babel.numbers import format_decimal

        if digits is not None:
            pattern = "#,##0." + "0" * digits if digits else "#,##0"
        else:
            size = max(value, -value)
            pattern = (
                "#,##0" if size >= 100 or value == round(value) else "#,##0.#" if size >= 10 else "#,##0.##"
            )
        with localcontext(WHOLE):
            return _signed(format_decimal(value, format=_pattern(pattern), locale=self.locale))

    def percent(self, share: float, digits: int = 1, *, zeros: bool = False) -> str:
        """A share (0–1) as a percentage with up to `digits` decimals; with all of them where `zeros` stay, as in columns."""
        from babel.numbers import format_percent

        space = "\u202f" if self.language == "fr" else ""
        pattern = "#,##0." + ("0" if zeros else "#") * digits + space + "%"
        with localcontext(WHOLE):
            return _signed(format_percent(share, format=_pattern(pattern), locale=self.locale))

    def currency(self, amount: float, currency: str, *, digits: int | None = None) -> str:
        """An amount in major units with its currency's sign; `digits` as in `number`, default the currency's own."""
        from babel.numbers import format_currency, get_currency_precision, get_currency_symbol

        decimals = get_currency_precision(currency) if digits is None else digits
        number = "#,##0" + ("." + "0" * decimals if decimals else "")
        lettered = get_currency_symbol(currency, locale=self.locale)[-1:].isalpha()
        pattern = f"{number}\u00a0¤" if self.language == "fr" or lettered else f"¤{number}"
        with localcontext(WHOLE):
            said = format_currency(
                amount, currency, format=_pattern(pattern), locale=self.locale, currency_digits=False
            )
        return _signed(said)

    def date(self, day: date) -> str:
        """A date, short: `Mon 30 Nov 2026`, `lun. 30 nov. 2026`."""
        from babel.dates import format_date

        return format_date(day, format="EEE d MMM y", locale=self.locale)


@dataclass(frozen=True)
class _Said:
    """A value as it is said; `{days:day|days}` says the word that goes with the number instead of the number.

    Attributes:
        text: The value in that language.
        one: Whether what it counts stands in the singular.
    """

    text: str
    one: bool

    def __format__(self, words: str) -> str:
        singular, _, plural = words.partition("|")
        return (singular if self.one else plural) if plural else self.text
