"""The files of briefs and mappings are read: TOML or JSON, with every fault said with the file's name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mediaplan.brief.briefs import Brief, Data
from mediaplan.brief.from_table import HOW_TO_MAP, brief_from, mapping_from
from mediaplan.brief.parsing import content_of, parsed
from mediaplan.brief.scenarios import scenarios_of
from mediaplan.errors import InputError, MediaplanError
from mediaplan.history.files.sources import File
from mediaplan.words import Sentence


def read_brief(source: str | Path) -> Brief:
    """The brief in a TOML or JSON file.

    Args:
        source: The file's path; JSON where its name ends with `.json`.

    Raises:
        InputError: All faults, each with the file's name and the key.
    """
    return parse_brief(content_of(source), file=str(source))


def parse_brief(content: bytes | str, *, file: str | None = None) -> Brief:
    """The brief in the text of a TOML or JSON file.

    Args:
        content: Bytes are UTF-8, with or without byte-order mark.
        file: Its name, for messages; JSON where it ends with `.json`.

    Raises:
        InputError: All faults, each with the file's name and the key.
    """
    remedy = Sentence("“mediaplan template brief” writes an example to start from.")
    table = parsed(content, file, remedy)
    try:
        brief = brief_from(table)
        scenarios_of(brief)
    except MediaplanError as error:
        raise InputError(*(problem.at(file=file) for problem in error.problems)) from None
    return brief


def columns_from(source: str | Path | File) -> tuple[Mapping[str, Any], ...]:
    """The `[[columns]]` and `[[names]]` tables of a TOML file that holds nothing else, for `--mapping`.

    Returns:
        Tables of columns; all rules for names are the `names` of a table of their own.

    Raises:
        InputError: It can't be read, or holds something else.
    """
    return parse_columns(content_of(source), source.name if isinstance(source, File) else str(source))


def parse_columns(content: bytes, file: str) -> tuple[Mapping[str, Any], ...]:
    """The same of a file's content; `file` is its name, for faults.

    Raises:
        InputError: As `columns_from`.
    """
    table = parsed(content, file, HOW_TO_MAP)
    try:
        return mapping_from(table)
    except InputError as error:
        raise InputError(*(problem.at(file=file) for problem in error.problems)) from None


def found_from(data: Data, folder: Path) -> Data:
    """The files that a brief names, found from `folder`, where the brief stands."""
    return Data(
        tuple(str(folder / name) for name in data.history),
        data.posts and str(folder / data.posts),
        data.audiences and str(folder / data.audiences),
        data.ledger and str(folder / data.ledger),
        data.rates and str(folder / data.rates),
    )
