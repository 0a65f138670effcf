"""What a person types into a field becomes plain text that the core reads, and back: numbers, percentages."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from mediaplan.slots import WEEKDAYS
from mediaplan.words import MINUS, Words

_SPACES = re.compile("[\\s\u00a0\u2009\u202f_'’]+")
_SIGN = re.compile(r"F\.?CFA|CFA|US\$|[A-Za-z]{3}|[€$£¥₦₵]", re.IGNORECASE)
FRENCH_WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")
_DAY_FIRST = re.compile(r"\b(\d\d)[/.](\d\d)[/.](\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_RUN = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*(?:–|—|-|/|to|au|à)\s*(\d{4}-\d\d-\d\d))?")
LONGEST_NUMBER = 300
"""Digits beyond which a whole number stays text."""


def plain(text: str, language: str) -> str:
    """A typed number as a brief writes it: digits and a dot; what is no number stays as it was typed.

    Args:
        text: `1 500 000 F CFA`, `1,500.50`, `12,5 %`.
        language: In French a comma is the decimal mark, in English it groups thousands.
    """
    bare = _SPACES.sub("", text)
    percent = bare.endswith("%")
    bare = _SIGN.sub("", bare.removesuffix("%"))
    bare = bare.replace(",", "." if language == "fr" else "").replace(MINUS, "-")
    if not _NUMBER.fullmatch(bare):
        return text.strip()
    return bare + (" %" if percent else "")


def written(text: str, words: Words) -> str:
    """Plain text of a number as the language writes it, all its digits kept; other text as it is."""
    number = text.removesuffix("%").strip()
    if not _NUMBER.fullmatch(number):
        return text
    exact = Decimal(number)
    digits = max(0, -int(exact.as_tuple().exponent))
    if text.endswith("%"):
        # The sign as the language sets it around all digits: a float would lose the last of them.
        return words.percent(0, 0).replace("0", words.number(exact, digits))
    return words.number(exact, digits)


def share(text: str) -> float | str:
    """The share (0–1) that plain text says: `20 %` and `20` are 0.2, `0.2` is too, `1` is 0.01; other text as it is."""
    number = text.removesuffix("%").strip()
    try:
        exact = Decimal(number)
    except InvalidOperation:
        return text
    if not exact.is_finite():
        return text
    return float(exact / 100 if text.endswith("%") or exact >= 1 else exact)


def percent(share: float) -> str:
    """A share as plain text of a percentage: 0.2 is `20 %`."""
    exact = (Decimal(repr(share)) * 100).normalize()
    return f"{exact:f} %"


def number(text: str) -> int | float | str:
    """The number that plain text says; other text as it is."""
    bare = text.strip()
    if len(bare) < LONGEST_NUMBER and re.fullmatch(r"-?\d+", bare):
        return int(bare)
    try:
        found = float(bare)
    except ValueError:
        return text
    return found if math.isfinite(found) else text


def days_typed(text: str, language: str) -> list[str]:
    """The days that a person types as a brief writes them: `first/last` for runs; what is no day stays as typed.

    Args:
        text: `2026-12-24 – 2026-12-26, 2026-12-31`; in French `24/12/2026 – 26/12/2026` too.
        language: In English a date with strokes is not taken: people read it in two ways.
    """
    return [_run(piece.strip(), language) for piece in re.split(r"[,;\n]", text) if piece.strip()]


def _run(text: str, language: str) -> str:
    iso = _DAY_FIRST.sub(r"\3-\2-\1", text) if language == "fr" else text
    found = _RUN.fullmatch(iso)
    if found is None:
        return text
    return found[1] if found[2] is None else f"{found[1]}/{found[2]}"


def days_written(days: Sequence[str], language: str) -> str:
    """Days of a brief as the language writes them, so that `days_typed` reads them back."""
    runs = [_RUN.fullmatch(run) for run in days]
    pairs = zip(days, runs, strict=True)
    said = ", ".join(f"{run[1]} – {run[2]}" if run and run[2] else day for day, run in pairs)
    return _ISO.sub(r"\3/\2/\1", said) if language == "fr" else said


def spans(days: str) -> str:
    """Weekdays one by one as people write them: `mon|tue|wed|thu|fri` is `mon-fri`."""
    found = days.split("|")
    if len(found) < 3 or "".join(found) not in "".join(WEEKDAYS):
        return days
    return f"{found[0]}-{found[-1]}"


def weekdays(days: str, language: str) -> str:
    """English names of weekdays in the language; a brief reads both."""
    if language != "fr":
        return days
    french = dict(zip(WEEKDAYS, FRENCH_WEEKDAYS, strict=True))
    return re.sub(r"[a-z]+", lambda name: french.get(name[0], name[0]), days)
