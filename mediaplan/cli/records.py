"""Where a command's data come from: loose files that it or its brief names, or a client's workspace."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediaplan.cli.arguments import Parser
from mediaplan.cli.keeping import add_client, add_workspace, address, opened
from mediaplan.errors import Problem, UsageError
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.answering import Records, Sources
    from mediaplan.brief.briefs import Brief

LOOSE = ("history", "posts", "audiences", "columns")
"""Options that name loose files."""


def add_kept(parser: Parser) -> None:
    """`--client` and `--workspace`, for commands that take loose files too."""
    add_client(parser, required=False)
    add_workspace(parser)


def is_kept(options: argparse.Namespace) -> bool:
    """Whether the data are those of a client's workspace; commands without that option take loose files."""
    return getattr(options, "client", None) is not None


def check_kept(options: argparse.Namespace) -> None:
    """Refuse options that go only with a client, or only without one.

    Raises:
        UsageError: They can't go together.
    """
    if not is_kept(options) and (getattr(options, "keep", False) or options.workspace is not None):
        message = Sentence("a workspace holds several clients, and none is named.")
        raise UsageError(
            Problem(message, Sentence("Say whose data are meant: --client NAME"), column="--client")
        )
    loose = [f"--{name}" for name in LOOSE if getattr(options, name, None)]
    if is_kept(options) and loose:
        message = Sentence("{options} can't be given with --client.", options=tuple(loose))
        remedy = Sentence("Import these files first, or leave --client out.")
        raise UsageError(Problem(message, remedy, column=loose[0]))


def records_for(
    options: argparse.Namespace, brief: Brief | None, progress: Callable[[float], None] | None = None
) -> Records:
    """What the options, or the brief they name, ask to be read.

    Args:
        options: With `client` and `workspace` as `add_kept` has them, where the command takes them.
        brief: As read from `options.brief`; `None` where none is named.
        progress: Told the share (0-1) of all files that was read.

    Raises:
        InputError: All faults of all files, or of the workspace.
    """
    from mediaplan.answering import read_sources

    found = sources(options)
    if is_kept(options):
        from mediaplan.history.reading.ratecards import read_rates
        from mediaplan.workspace.records import records_of

        kept = records_of(address(options.workspace), options.client, brief, found.ledger)
        return replace(kept, rates=read_rates(found.rates)) if found.rates else kept
    return read_sources(brief, found, progress)


def settled_brief(options: argparse.Namespace, brief: Brief, records: Records) -> Brief:
    """The brief with the earlier money that its rules compare with, from files beside it or the client's plans.

    Raises:
        InputError: It can't be read.
    """
    from mediaplan.answering.settling import Earlier, settled

    def numbered(number: int) -> dict[str, Any]:
        with opened(options) as workspace:
            return workspace.plan(options.client, number).document

    folder = Path(options.brief).parent
    return settled(brief, records.history, Earlier(folder, numbered if is_kept(options) else None))


def sources(options: argparse.Namespace) -> Sources:
    """Where loose data are: the options' files, else those that the brief names, found from where it stands."""
    return sources_of(asked_brief(options) if options.brief else None, options)


def asked_brief(options: argparse.Namespace) -> Brief:
    """The brief of the options, or its scenario that they name."""
    from mediaplan.answering import about
    from mediaplan.brief.reading import read_brief
    from mediaplan.brief.scenarios import scenario_named

    brief = read_brief(options.brief)
    name = getattr(options, "scenario", None)
    if name is None:
        return brief
    with about(options.brief):
        return scenario_named(brief, name)


def sources_of(brief: Brief | None, options: argparse.Namespace) -> Sources:
    """Where the loose data of that brief are, which stands in the options' file."""
    from mediaplan.answering import Sources, columns_in
    from mediaplan.brief.briefs import Data
    from mediaplan.brief.reading import found_from

    named = Data() if brief is None else found_from(brief.data, Path(options.brief).parent)
    return Sources(
        history=_several(options.history) or named.history,
        posts=_several(options.posts) or named.posts,
        audiences=_several(options.audiences) or named.audiences,
        columns=columns_in(*_several(options.columns)),
        ledger=getattr(options, "ledger", None) or named.ledger,
        rates=getattr(options, "rates", None) or named.rates,
    )


def _several(files: Any) -> tuple[str, ...]:
    return (files,) if isinstance(files, str) else tuple(files or ())
