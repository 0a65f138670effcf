"""The text of a TOML or JSON file becomes a table; what can't be parsed is said with its line."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from mediaplan.errors import InputError, Problem, reason
from mediaplan.history.files.sources import File
from mediaplan.words import Sentence

_FAULTS = (
    (
        r"overwrite a value|Cannot declare|Cannot mutate|Duplicate",
        Sentence("a key or a table stands here twice"),
    ),
    (r"Invalid date", Sentence("a day or an hour stands here that the calendar does not have")),
    (r"Invalid value|Expecting value", Sentence("no value that can be read stands here")),
    (
        r"Expected '=' after a key|Expecting ':'|Invalid initial character",
        Sentence("no key with a value stands here"),
    ),
    (
        r"Unclosed|Unterminated|Expected ']'|Illegal character",
        Sentence("a text, a list or a table is not closed here"),
    ),
    (r"Expected newline|Extra data|Expecting ','", Sentence("something stands behind the end of a value")),
)
"""What the parsers say, as an expression, and how it is said to a person."""


def content_of(source: str | Path | File) -> bytes:
    """All bytes of a brief or a mapping.

    Raises:
        InputError: It can't be read.
    """
    if isinstance(source, File):
        return source.content
    try:
        return Path(source).read_bytes()
    except (OSError, ValueError) as error:
        found = reason(error) if isinstance(error, OSError) else Sentence("there is no such file or folder")
        message = Sentence("this file can't be read: {reason}.", reason=found)
        raise InputError(Problem(message, Sentence("Check the path."), file=str(source))) from None


def parsed(content: bytes | str, file: str | None, remedy: Sentence) -> Any:
    """The table that a text states.

    Args:
        content: Bytes are UTF-8, with or without byte-order mark.
        file: Its name, for messages; JSON where it ends with `.json`.
        remedy: What to do where it can't be parsed.

    Raises:
        InputError: It can't be parsed.
    """
    kind = "JSON" if file and file.lower().endswith(".json") else "TOML"
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return json.loads(text) if kind == "JSON" else tomllib.loads(text.replace("\r\n", "\n"))
    except UnicodeDecodeError:
        message = Sentence("this file is not written in UTF-8.")
        raise InputError(Problem(message, Sentence("Save it as UTF-8."), file=file)) from None
    except (ValueError, RecursionError) as error:
        raise InputError(_unparsed(error, kind, file, remedy, len(text.rstrip().splitlines()))) from None


def _unparsed(error: Exception, kind: str, file: str | None, remedy: Sentence, last: int) -> Problem:
    """What the parser found; `last` is the last line, which "end of document" stands for."""
    row = re.search(r"line (\d+)", str(error))
    line = int(row[1]) if row else last if "end of document" in str(error) else None
    detail = re.split(r" \(at |: line ", str(error), maxsplit=1)[0]
    found = next((said for pattern, said in _FAULTS if re.search(pattern, detail)), None)
    message = Sentence("this is no {kind}: the parser says “{detail}”.", kind=kind, detail=detail)
    if found is not None:
        message = Sentence("this is no {kind}: {found} (“{detail}”).", kind=kind, found=found, detail=detail)
    return Problem(message, remedy, file=file, row=line or None)
