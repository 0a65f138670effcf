"""`mediaplan check`: what was read of any export, history, posts, audiences or brief; nothing is changed."""

from __future__ import annotations

import argparse
import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mediaplan.cli.arguments import FILE, Parser, add_mapping, add_output
from mediaplan.cli.voice import Voice
from mediaplan.errors import InputError, Problem, UsageError
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.history.checking.checks import Check, Checked
    from mediaplan.history.files.large import Progress

HELP = Sentence("What was read of any export, table or brief, and what is wrong with it; nothing is changed.")
LARGEST_BRIEF = 2**20
"""Bytes up to which a file may be a brief."""


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "files",
        nargs="*",
        metavar=FILE,
        help=Sentence(
            "Exports of the platforms, tables of history, posts or audiences, folders of them, or briefs."
        ),
    )
    add_mapping(parser)
    parser.says(
        "--currency", metavar="XOF", help=Sentence("The currency of money whose currency no file tells.")
    )
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Read the files and say what they hold; see `mediaplan.cli.main.main` for what is returned."""
    with voice.measured(Sentence("Reading the data…")) as progress:
        check = _checked(options, progress)
    if voice.json:
        _write(check, voice)
    else:
        from mediaplan.report.check_view import show

        show(check, voice.words, voice.console())
    return InputError.exit_code if check.refused else 0


def _write(check: Check, voice: Voice) -> None:
    """One document: what was read, or the problems of what can't be read beside it."""
    document = check.to_dict(voice.words)
    warnings = tuple(warning for file in check.files for warning in file.warnings)
    if check.refused:
        error = InputError(*check.refused, warnings=warnings)
        document = {**document, **error.to_dict(voice.words)}
        voice.warn_of(error)
    voice.warn(warnings)
    voice.document(document)


def _checked(options: argparse.Namespace, progress: Progress) -> Check:
    from mediaplan.answering import columns_in
    from mediaplan.history.checking.checking import checked
    from mediaplan.history.files.sources import spread
    from mediaplan.history.naming.proposing import Known

    named, mappings = _named(options)
    columns = tuple(columns_in(*mappings))
    paths = [str(path) for path in spread(*named)]
    briefs = {path: brief for path in dict.fromkeys(paths) if (brief := _brief(path)) is not None}
    tables = [path for path in paths if path not in briefs]
    slots = tuple(name for brief, _ in briefs.values() for name in brief.names)
    stated = {currency for _, currency in briefs.values() if currency}
    currency = options.currency or (stated.pop() if len(stated) == 1 else None)
    check = checked(*tables, columns=columns, currency=currency, known=Known(slot=slots), progress=progress)
    read = iter(check.files)
    files = tuple(briefs[path][0] if path in briefs else next(read) for path in paths)
    return replace(check, files=files)


def _named(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """The files to be checked, and the mappings.

    Behind `--mapping A` may stand more mappings, and files that are none: those are to be checked.

    Raises:
        UsageError: No file to be checked is named.
    """
    mappings = [path for at, path in enumerate(options.columns) if at == 0 or _is_mapping(path)]
    files = [*options.files, *(path for path in options.columns if path not in mappings)]
    if not files:
        message = Sentence("no file was named.")
        raise UsageError(Problem(message, Sentence("Name at least one: mediaplan check FILE")))
    return files, mappings


def _is_mapping(path: str) -> bool:
    """Whether a file holds what `--mapping` takes, and nothing else."""
    try:
        held = tomllib.loads(_start(path).decode("utf-8-sig"))
    except ValueError:
        return path.lower().endswith(".toml")
    return bool(held) and held.keys() <= {"columns", "names"}


def _brief(path: str) -> tuple[Checked, str | None] | None:
    """What was read of a brief, and its currency; `None` where the file is none: its content is neither TOML nor JSON."""
    from mediaplan.brief.reading import parse_brief
    from mediaplan.history.checking.checks import Checked

    content = _start(path)
    kind = _syntax(content)
    if kind is None:
        return None
    try:
        brief = parse_brief(content, file=path if path.lower().endswith(f".{kind}") else f"{path}.{kind}")
    except InputError as error:
        problems = tuple(problem.at(file=path) for problem in error.problems)
        return Checked(path, kind="brief", problems=problems, usable=False), None
    return Checked(path, kind="brief", names=tuple(slot.name for slot in brief.slots)), brief.currency


def _start(path: str) -> bytes:
    """The content of a file that is small enough for a brief; nothing where it can't be read."""
    try:
        place = Path(path)
        return place.read_bytes() if place.stat().st_size <= LARGEST_BRIEF else b""
    except (OSError, ValueError):
        return b""


def _syntax(content: bytes) -> str | None:
    """`json` or `toml` where the content is a table in one of them."""
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip().startswith("{"):
            json.loads(text)
            return "json"
        return "toml" if tomllib.loads(text) else None
    except (ValueError, RecursionError):
        return None
