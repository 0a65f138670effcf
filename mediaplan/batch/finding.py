"""Which briefs a batch is about, and where each one's files go."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

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
    read: dict[Path, _Read] = {}
    problems: list[Problem] = []
    for place in map(Path, places):
        given = place.is_file()
        here = {place: _Read.of(place.name, _table(place))} if given else _below(place, leave_out)
        read |= {path: each for path, each in here.items() if path not in read}
        if not here:
            problems.append(_nothing(place))
    if problems:
        raise InputError(*problems)
    shared = Counter(str(Path(name).with_suffix("")) for name, _ in read.values())
    found = [Found(path, name, _folder(name, shared)) for path, (name, _) in read.items()]
    found.sort(key=lambda brief: (brief.name, str(brief.path)))
    return tuple(each for brief in found for each in (brief, *_scenarios(brief, read[brief.path])))


class _Read(NamedTuple):
    """What is kept of a brief's file once it was looked into.

    Attributes:
        name: Its path below the folder that was asked for.
        scenarios: The names of the scenarios in it, usable or not; the number of those without one.
    """

    name: str
    scenarios: tuple[str, ...]

    @classmethod
    def of(cls, name: str, table: Any) -> _Read:
        """Of a file that holds that table."""
        tables = table.get("scenario", []) if isinstance(table, dict) else []
        listed = tables if isinstance(tables, list) else []
        given = [each.get("name") if isinstance(each, dict) else None for each in listed]
        named = (n if isinstance(n, str) and n.strip() else str(at) for at, n in enumerate(given, start=1))
        return cls(name, tuple(named))


def _scenarios(brief: Found, read: _Read) -> Iterator[Found]:
    """The scenarios that stand in a brief's file."""
    for number, name in enumerate(read.scenarios, start=1):
        word = re.sub(r"[^\w-]+", "-", name).strip("-")[:LONGEST]
        yield replace(brief, folder=f"{brief.folder}/scenario-{number}-{word}", scenario=name)


def _below(folder: Path, leave_out: Path | None) -> dict[Path, _Read]:
    """The TOML and JSON files below a folder that may be briefs.

    Hidden folders, `leave_out`, documents that mediaplan wrote and mappings are passed over.
    """
    found = {}
    for path in folder.rglob("*"):
        if path.suffix.lower() not in ENDINGS or not path.is_file():
            continue
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        own = leave_out is not None and leave_out.resolve() in path.resolve().parents
        if not hidden and not own and not _else(table := _table(path)):
            found[path] = _Read.of(name.as_posix(), table)
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
