"""Output that no terminal's encoding can break: what can't be written is written more simply."""

from __future__ import annotations

import codecs
import unicodedata
from typing import TextIO

SIMPLER = "mediaplan.simpler"
"""Name of the error handler that `any_encoding` puts on a stream."""

_PLAIN = str.maketrans(
    {
        "“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "–": "-", "—": "-", "−": "-", "‑": "-", "→": "->", "×": "x",
        "·": "-", "•": "-", "œ": "oe", "Œ": "OE", "≥": ">=", "≤": "<=", "✓": "+", "✗": "x", "█": "#", "▇": "#",
        "€": "EUR", "━": "-", "─": "-", "│": "|",
    }
)  # fmt: skip


def any_encoding(*streams: TextIO) -> None:
    """Let the streams write any text: on cp1252 or ASCII, `é` stays or becomes `e`, U+202F becomes a space."""
    codecs.register_error(SIMPLER, _simpler)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=SIMPLER)


def _simpler(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_plain(character) for character in text), error.end


def _plain(character: str) -> str:
    """The nearest ASCII; block elements become `#`, what has none `?`."""
    written = unicodedata.normalize("NFKD", character.translate(_PLAIN)).encode("ascii", "ignore").decode()
    if written or unicodedata.combining(character):
        return written
    return "#" if "\u2580" <= character <= "\u259f" else "?"
