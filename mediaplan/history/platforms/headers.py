"""Headers as they are compared: accents, apostrophes, spaces, letter case and broken encodings apart."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mediaplan.errors import InputError
from mediaplan.money import checked_currency

_CURRENCY = re.compile(r"\s*\(([A-Z]{3})\)$")
_BROKEN = re.compile("[\u00c2\u00c3\u00e2\u00c5]")
_QUOTES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'", "\u200b": None, "\ufeff": None}
)


@lru_cache(maxsize=4096)
def compared(header: str) -> str:
    """A header without accents, letter case, kinds of space and apostrophe, or a "sharp" spelling of ligatures."""
    letters = header.translate(_QUOTES)
    if not letters.isascii():
        plain = unicodedata.normalize("NFKD", letters).replace("œ", "oe").replace("Œ", "OE")
        letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.split()).casefold()


@lru_cache(maxsize=65536)
def mended(text: str) -> str:
    """Text whose UTF-8 was once read as cp1252 (`dÃ©pensÃ©`), as it was meant; all other text as it stands."""
    if not _BROKEN.search(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def without_currency(header: str) -> tuple[str, str | None]:
    """A header without the currency's code that stands in brackets at its end, and that code."""
    if ")" not in header:
        return header, None
    match = _CURRENCY.search(header.replace("\u00a0", " ").replace("\u202f", " ").strip())
    if match is None:
        return header, None
    try:
        code = checked_currency(match[1])
    except InputError:
        return header, None
    return header.strip()[: -len(match[0].lstrip())], code
