"""Where tables come from: a path, an upload or a DataFrame; where the river begins, and opens files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import pandas as pd

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.words import Sentence

LARGEST_FILE = 512 * 2**20
"""Bytes that a file may have at the most."""


@dataclass(frozen=True)
class File:
    """A file's content under its name: what an upload brings.

    Attributes:
        name: As the person gave it; said in every fault.
        content: All of its bytes.
    """

    name: str
    content: bytes


Source = str | PathLike[str] | File | pd.DataFrame
"""What a table can be read from."""


TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet", ".xls", ".xlsb", ".ods")
"""How the names of a folder's tables end; of the last, which can't be read, none is passed over without a word."""


def spread(*sources: Source) -> tuple[Source, ...]:
    """Sources with the tables of a folder, and the files that a pattern (`exports/*.csv`) fits, in its place, by name.

    A folder without tables, and a pattern that fits nothing, stay as they are, to be refused when they are opened.
    """
    return tuple(
        found
        for source in sources
        for found in (_within(source) or [source] if isinstance(source, (str, PathLike)) else [source])
    )


def _within(path: str | PathLike[str]) -> list[Source]:
    """The files that a path stands for, where it names none itself."""
    place = Path(path)
    try:
        if place.is_dir():
            found = [file for file in place.iterdir() if file.suffix.lower() in TABLES and file.is_file()]
        elif _is_pattern(place.name) and not place.exists():
            found = [file for file in place.parent.glob(place.name.replace("[", "[[]")) if file.is_file()]
        else:
            return []
    except (OSError, ValueError):
        return []
    return [str(file) for file in sorted(found) if not file.name.startswith(".")]


def _is_pattern(name: str) -> bool:
    return "*" in name or "?" in name


def sized(sources: Sequence[Source]) -> list[int]:
    """Bytes of each source; 0 of DataFrames, and of files that can't be looked at."""
    return [_size(source) for source in sources]


def _size(source: Source) -> int:
    if isinstance(source, File):
        return len(source.content)
    if isinstance(source, pd.DataFrame):
        return 0
    try:
        return Path(source).stat().st_size
    except (OSError, ValueError):
        return 0


def opened(path: str | PathLike[str]) -> File:
    """The file at `path`, whole.

    Raises:
        InputError: Nothing there, a folder, no permission, or more than `LARGEST_FILE`.
    """
    name = str(path)
    try:
        place = Path(name)
        if place.stat().st_size > LARGEST_FILE:
            raise InputError(too_large(name))
        return File(name, place.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(_unopened(name, error)) from error


def too_large(name: str, most: int = LARGEST_FILE) -> Problem:
    """The fault of a file that is larger, or unpacks to more, than `most` bytes."""
    return Problem(
        Sentence("this file holds more than can be read ({most} MB).", most=most // 2**20),
        Sentence("Export a shorter period, or fewer columns, and give several files."),
        file=name,
    )


def _unopened(name: str, error: Exception) -> Problem:
    if isinstance(error, IsADirectoryError) or (isinstance(error, PermissionError) and _is_folder(name)):
        return Problem(
            Sentence("this is a folder."),
            Sentence(
                "Give the files in it by name; a folder given as history is read with all its tables: {endings}.",
                endings=TABLES,
            ),
            file=name,
        )
    if isinstance(error, PermissionError):
        return Problem(
            Sentence("this file may not be read by you."),
            Sentence("Close it where it is open, or ask its owner for the right to read it."),
            file=name,
        )
    if isinstance(error, FileNotFoundError) and _is_pattern(Path(name).name):
        return Problem(
            Sentence("no file fits this pattern."),
            Sentence("Check the folder; * stands for any letters."),
            file=name,
        )
    if isinstance(error, FileNotFoundError):
        return Problem(Sentence("there is no such file."), _beside(name), file=name)
    return Problem(
        Sentence("this file can't be opened."),
        Sentence("Check its name, or copy it to another folder."),
        file=name,
    )


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except OSError:
        return False


def _beside(name: str) -> Sentence:
    """The nearest name in the same folder."""
    try:
        others = [other.name for other in Path(name).parent.iterdir() if other.is_file()]
    except OSError:
        others = []
    unlike = Sentence("Check the folder and the name; leave the file out where it is named if you have none.")
    return nearest(Path(name).name, others, unlike)
