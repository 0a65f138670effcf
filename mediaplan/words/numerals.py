"""The digits of a number with the separators of a language, as Babel writes them, and eight times as fast.

A report holds hundreds of numbers, and a batch writes a thousand reports.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Literal

Language = Literal["en", "fr"]

MARKS: dict[Language, tuple[str, str]] = {"en": (",", "."), "fr": ("\u202f", ",")}
"""Between thousands, and before decimals."""

WHOLE = Context(prec=5000)
"""A refusal repeats any number that was typed, however long."""


def numeral(value: float | Decimal, language: Language, least: int, most: int) -> tuple[str, str]:
    """The sign of a number, "-" or nothing, and its digits.

    Args:
        value: Any number.
        language: Whose separators.
        least: Decimals that are always written.
        most: Decimals to which it is rounded, half to even.
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    sign = "-" if exact.is_signed() else ""
    if exact.is_infinite():
        return sign, "∞"
    thousands, point = MARKS[language]
    whole, _, part = f"{exact.copy_abs():,.{most}f}".partition(".")
    part = part[:least] + part[least:].rstrip("0")
    return sign, whole.replace(",", thousands) + (point + part if part else "")


def hundredfold(share: float | Decimal) -> Decimal:
    """A share as percent, to the last digit."""
    return Decimal(str(share)).scaleb(2, WHOLE)
