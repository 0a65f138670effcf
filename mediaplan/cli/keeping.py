"""What the commands about the workspace share: where it is, whose data, how it is said."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mediaplan.cli.arguments import Parser
from mediaplan.errors import Problem, UsageError
from mediaplan.words import Sentence, Words

if TYPE_CHECKING:
    from mediaplan.workspace.imports import Import
    from mediaplan.workspace.workspaces import Workspace

ENVIRONMENT = "MEDIAPLAN_WORKSPACE"
"""Environment variable that says where the workspace is."""

FILE = "mediaplan.sqlite"
"""The workspace where nothing else is said: a file in the current folder."""

NAME = Sentence("NAME")


def add_workspace(parser: Parser) -> None:
    """`--workspace`."""
    parser.says(
        "--workspace",
        metavar="URL",
        help=Sentence(
            "Where it is kept: a file (SQLite) or postgresql://…; default: {variable}, else {file} here.",
            variable=ENVIRONMENT,
            file=FILE,
        ),
    )


def add_client(parser: Parser, *, required: bool = True) -> None:
    """`--client`."""
    parser.says("--client", metavar=NAME, required=required, help=Sentence("Whose data and plans."))


def address(named: str | None = None) -> str:
    """Where the workspace is: as the call says, else the environment, else in the current folder."""
    return named if named is not None else os.environ.get(ENVIRONMENT) or FILE


@contextmanager
def opened(options: argparse.Namespace, *, make: bool = False) -> Iterator[Workspace]:
    """The workspace that the options name; `make` it where it is not there."""
    from mediaplan.workspace.workspaces import open_workspace

    workspace = open_workspace(address(options.workspace), make=make)
    try:
        yield workspace
    finally:
        workspace.close()


def now() -> datetime:
    """This second (UTC), as a workspace keeps it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def numbers(texts: Sequence[str], column: str) -> list[int]:
    """Numbers of imports or plans.

    Raises:
        UsageError: One is no number.
    """
    for text in texts:
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9):
            message = Sentence("“{value}” is no number of an import or a plan.", value=text)
            remedy = Sentence("“mediaplan list --client …” says which there are.")
            raise UsageError(Problem(message, remedy, column=column, value=text))
    return [int(text) for text in texts]


def line(each: Import, words: Words) -> str:
    """One import on one line: number, file, what it tells of, how much."""
    told = each.content
    said = words.text(
        "{number}  {file} ({role}): rows {rows}",
        number=str(each.number),
        file=each.file,
        role=ROLES[each.role],
        rows=told["rows"],
    )
    if "first" in told:
        said += ", " + words.text(
            "{first} to {last}, {amounts}",
            first=_day(told["first"]),
            last=_day(told["last"]),
            amounts=amounts(told["spend"], words),
        )
    return said


def _day(text: str) -> Any:
    return datetime.fromisoformat(text).date()


def amounts(spend: Sequence[dict[str, Any]], words: Words) -> str:
    """Money of one or several currencies."""
    from decimal import Decimal

    return words.say(
        tuple(
            words.currency(float(Decimal(total["amount"])), total["currency"])
            if total["currency"]
            else words.number(float(Decimal(total["amount"])))
            for total in spend
        )
    )


ROLES = {
    "history": Sentence("history"),
    "posts": Sentence("posts"),
    "audiences": Sentence("audiences"),
    "actuals": Sentence("actuals"),
}
