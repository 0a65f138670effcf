"""Which briefs a batch is about, and where each one's files go."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mediaplan.brief.parsing import parsed
from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence

ENDINGS = (".toml", ".json")
LONGEST = 60
"""Characters of a scenario's name in the name of its folder."""


@dataclass(frozen=True)
class Found:
    """A brief's file, or a scenario in it.

    Attributes:
        path: Where it is.
        name: Its path below the folder that was asked for, with forward slashes.
        folder: Where its files go below the output folder: `name` without its ending, or with it where two briefs
            would share a folder; below that a folder for each scenario.
        scenario: The scenario's name, or its number where it has none (which is a fault, to be said when it is
            answered); `None` = the brief itself.
    """

    path: Path
    name: str
    folder: str
    scenario: str | None = None


def find(places: Iterable[str | Path], *, leave_out: Path | None = None) -> tuple[Found, ...]:
    """All briefs below the places, sorted by name, each followed by its scenarios in their order.

    Args:
        places: Folders, or briefs themselves.
        leave_out: A folder whose files are no briefs: where the plans are written to.

    Raises:
        InputError: A place is not there, or holds no file that could be a brief.
    """
    read: dict[Path, tuple[str, Any]] = {}
    problems: list[Problem] = []
    for place in map(Path, places):
        here = {place: (place.name, _table(place))} if place.is_file() else _below(place, leave_out)
        read |= {path: each for path, each in here.items() if path not in read}
        if not here:
            problems.append(_nothing(place))
    if problems:
        raise InputError(*problems)
    shared = Counter(str(Path(name).with_suffix("")) for name, _ in read.values())
    found = [Found(path, name, _folder(name, shared)) for path, (name, _) in read.items()]
    found.sort(key=lambda brief: (brief.name, str(brief.path)))
    return tuple(each for brief in found for each in (brief, *_scenarios(brief, read[brief.path][1])))


def _scenarios(brief: Found, table: Any) -> Iterator[Found]:
    """The scenarios that stand in a brief's file, which holds that table, usable or not."""
    tables = table.get("scenario", []) if isinstance(table, dict) else []
    for number, each in enumerate(tables if isinstance(tables, list) else [], start=1):
        given = each.get("name") if isinstance(each, dict) else None
        name = given if isinstance(given, str) and given.strip() else str(number)
        word = re.sub(r"[^\w-]+", "-", name).strip("-")[:LONGEST]
        yield replace(brief, folder=f"{brief.folder}/scenario-{number}-{word}", scenario=name)


def _below(folder: Path, leave_out: Path | None) -> dict[Path, tuple[str, Any]]:
    """Path -> name of the TOML and JSON files below a folder that may be briefs, and what they hold.

    Hidden folders, `leave_out`, documents that mediaplan wrote and mappings are passed over.
    """
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        own = leave_out is not None and leave_out.resolve() in path.resolve().parents
        if path.suffix.lower() in ENDINGS and path.is_file() and not (hidden or own):
            table = _table(path)
            if not _else(table):
                found[path] = (name.as_posix(), table)
    return found


def _else(table: Any) -> bool:
    """Whether a file that holds this is certainly something else than a brief; what can't be read stays, to be said."""
    if not isinstance(table, dict):
        return False
    written = str(table.get("schema", "")).startswith("mediaplan/")
    return written or (bool(table) and set(table) <= {"columns", "names"})


def _table(path: Path) -> Any:
    """What the file holds; `None` where it can't be read."""
    try:
        return parsed(path.read_bytes(), path.name, Sentence("Check the path."))
    except (OSError, InputError):
        return None


def _folder(name: str, shared: Counter[str]) -> str:
    bare = str(Path(name).with_suffix(""))
    return bare if shared[bare] == 1 else name


def _nothing(place: Path) -> Problem:
    if not place.exists():
        return Problem(
            Sentence("there is no such file or folder."), Sentence("Check the path."), file=str(place)
        )
    return Problem(
        Sentence("no brief is below this folder."),
        Sentence(
            "A brief is a file that ends with .toml or .json: “mediaplan template brief” writes an example."
        ),
        file=str(place),
    )
