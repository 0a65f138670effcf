"""What `backtest` and `diagnose` look at: a history by itself, or what a brief says of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mediaplan.cli.arguments import FILE, Parser, add_mapping, add_tables
from mediaplan.cli.records import add_kept, check_kept, is_kept, records_for
from mediaplan.errors import Problem, UsageError
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.answering import Records
    from mediaplan.brief.briefs import Brief


def add_past(parser: Parser) -> None:
    """`--history`, `--posts`, `--audiences`, `--columns` and `--brief`; `--client` and `--workspace` in place of the files."""
    add_tables(parser)
    add_mapping(parser)
    parser.says(
        "--brief",
        metavar=FILE,
        help=Sentence(
            "A brief whose goal, slots, currency and files count; without it, each kind of result by itself."
        ),
    )
    add_kept(parser)


def read_past(options: argparse.Namespace, none: Sentence) -> tuple[Brief | None, Records]:
    """The brief, if one is named, and the tables.

    Args:
        options: As `add_past` has them.
        none: Said where no history is named.

    Raises:
        InputError: All faults of all files.
        UsageError: No history is named, or files beside a client.
    """
    from mediaplan.answering import about

    check_kept(options)
    if options.brief:
        from mediaplan.brief.reading import read_brief

        brief = read_brief(options.brief)
        with about(options.brief):
            return brief, records_for(options, brief)
    if not options.history and not is_kept(options):
        remedy = Sentence("Name one with --history, or a brief that names one with --brief.")
        raise UsageError(Problem(none, remedy, column="--history"))
    return None, records_for(options, None)
