"""The workspace behind the pages: opened for each thing that is done in it, and let go of again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from mediaplan.answering import Records
from mediaplan.brief.briefs import Brief
from mediaplan.brief.writing import brief_toml
from mediaplan.cli.keeping import address, now
from mediaplan.history.files.large import Progress
from mediaplan.planning.answer.plans import Plan
from mediaplan.words import Sentence, Words
from mediaplan.workspace.address import file_of, url_of
from mediaplan.workspace.imports import Import
from mediaplan.workspace.readings import Given
from mediaplan.workspace.records import records_of
from mediaplan.workspace.workspaces import Client, Workspace, open_workspace


@contextmanager
def _opened(place: str, *, make: bool = False) -> Iterator[Workspace]:
    workspace = open_workspace(place, make=make)
    try:
        yield workspace
    finally:
        workspace.close()


def place() -> str:
    """Where the pages' workspace is: as the command or the environment says, else in the current folder."""
    return address()


def clients_kept(at: str) -> list[Client]:
    """All clients; none where nobody has made the workspace yet.

    Raises:
        InputError: It can't be opened.
    """
    file = file_of(url_of(at))
    if file is not None and not file.exists():
        return []
    with _opened(at, make=file is None) as workspace:
        return workspace.clients()


def import_files(
    at: str, client: str, given: Given, progress: Progress | None = None
) -> tuple[list[Import], list[Sentence]]:
    """Import uploads; each one's record, and what is said of them.

    Args:
        at: Where the workspace is.
        client: Whose uploads they are.
        given: They, and how they are to be read.
        progress: Told the share (0-1) of them that was read.

    Raises:
        InputError: What is wrong with them; nothing was imported then.
    """
    with _opened(at, make=True) as workspace:
        imports = workspace.keep(client, workspace.read(client, given, progress), given, at=now())
        said = [warning for each in imports if each.new for warning in each.warnings]
        new = [each.number for each in imports if each.new and each.role == "history"]
        return imports, said + list(workspace.counting(client, new)[1] if new else ())


def undo_imports(at: str, client: str, numbers: Sequence[int]) -> None:
    """Take imports back.

    Raises:
        InputError: They stand no longer.
    """
    with _opened(at) as workspace:
        workspace.undo(client, numbers, at=now())


def keep_plan(at: str, client: str, plan: Plan, words: Words) -> int:
    """Keep a plan as it is said in that language; its number."""
    with _opened(at) as workspace:
        return workspace.keep_plan(client, plan.to_dict(words.language), brief_toml(plan.brief), at=now())


def records_kept(at: str, client: str, brief: Brief) -> Records:
    """What a brief is answered from.

    Raises:
        InputError: No history was imported, or it can't be put together.
    """
    return records_of(at, client, brief)


def plan_kept(at: str, client: str, number: int) -> dict[str, Any]:
    """The document of a kept plan.

    Raises:
        InputError: There is none of that number.
    """
    with _opened(at) as workspace:
        return workspace.plan(client, number).document
