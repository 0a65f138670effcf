"""Files that are no tables, called by the name of what they are."""

from __future__ import annotations

from mediaplan.errors import InputError, Problem
from mediaplan.history.files.sources import File
from mediaplan.words import Sentence

_FOREIGN = (
    (b"%PDF", Sentence("a PDF")),
    (b"\x89PNG", Sentence("an image")),
    (b"\xff\xd8\xff", Sentence("an image")),
    (b"GIF8", Sentence("an image")),
    (b"\x1f\x8b", Sentence("a compressed file")),
    (b"7z\xbc\xaf", Sentence("a compressed file")),
    (b"Rar!", Sentence("a compressed file")),
    (b"SQLite format 3", Sentence("a database")),
    (b"<!doctype", Sentence("a web page")),
    (b"<html", Sentence("a web page")),
    (b"<?xml", Sentence("an XML file")),
    (b"{\\rtf", Sentence("a text document")),
)
"""How files that are no tables begin, in lower case for text."""


def refuse_foreign(file: File) -> None:
    """Refuse a file that begins as files of another kind do.

    Raises:
        InputError: It does.
    """
    start = file.content[:64].lstrip().lower()
    kind = next((said for mark, said in _FOREIGN if start.startswith(mark.lower())), None)
    if kind is not None:
        raise InputError(not_a_table(file.name, kind))


def not_a_table(name: str, kind: Sentence) -> Problem:
    """The fault of a file of another kind."""
    return Problem(
        Sentence("this is no table: it looks like {kind}.", kind=kind),
        Sentence("Give a table as CSV, XLSX or Parquet."),
        file=name,
    )
