"""How the bytes of a text file spell its letters: by its mark, its zero bytes, UTF-8's own rules, its French letters."""

from __future__ import annotations

import codecs

_FRENCH = set("éèêëàâäçîïôöùûüÿœæÉÈÊÀÂÇÎÔÙŒ°€’«»–—\u00a0\u202f")
_PIECE = 2**20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(content: bytes) -> str:
    """The encoding of a text file: by its mark, its zero bytes, UTF-8's own rules, or its French letters.

    Returns:
        `utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be`, `utf-8`, `cp1252` or `mac_roman`.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    head = content[:65536]
    if head.count(0) > len(head) // 8:
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    if is_utf_8(content):
        return "utf-8"
    windows, mac = (_french(head.decode(name, "replace")) for name in ("cp1252", "mac_roman"))
    return "cp1252" if windows >= mac else "mac_roman"


def is_utf_8(content: bytes) -> bool:
    """Whether all bytes are UTF-8, looked at piece by piece: as one text they would take as much memory again."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _PIECE):
            decoder.decode(content[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _french(text: str) -> int:
    """How many letters beyond ASCII are French ones, less the others."""
    return sum((c in _FRENCH) - (c not in _FRENCH) for c in text if ord(c) > 127)
