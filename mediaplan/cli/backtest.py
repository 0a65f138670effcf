"""`mediaplan backtest`: would its plans have been better on one's own past, and are its intervals honest?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from mediaplan.cli import plan as planning
from mediaplan.cli.arguments import FILE, Parser, add_output
from mediaplan.cli.voice import Voice
from mediaplan.errors import InputError, Problem, UsageError
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.answering import Records
    from mediaplan.brief.briefs import Brief

HELP = Sentence("Look back on your own past: would its plans have been better, do its intervals hold?")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "--history",
        nargs="+",
        action="extend",
        default=[],
        metavar=FILE,
        help=Sentence("What was spent and what came of it: CSV, TSV, XLSX or Parquet, one file or several."),
    )
    parser.says("--posts", metavar=FILE, help=Sentence("The posts that can be boosted."))
    parser.says("--audiences", metavar=FILE, help=Sentence("The audiences, their sizes and values."))
    parser.says(
        "--columns",
        metavar=FILE,
        help=Sentence("A TOML file whose [[columns]] say what foreign columns mean."),
    )
    parser.says(
        "--brief",
        metavar=FILE,
        help=Sentence(
            "A brief whose goal, slots, currency and files count; without it, each kind of result by itself."
        ),
    )
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Look back on the last weeks; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.planning.looking_back import look_back

    with voice.step(Sentence("Reading the data…")):
        brief, records = _read(options)
    with voice.step(Sentence("Looking back…")):
        found = look_back(records.history, records.posts, records.audiences, brief)
    if voice.json:
        voice.document(found.to_dict(voice.words))
        voice.warn(found.warnings)
        return 0
    from mediaplan.report.backtest_view import show

    show(found, voice.words, voice.console())
    return 0


def _read(options: argparse.Namespace) -> tuple[Brief | None, Records]:
    """The brief, if one is named, and the tables."""
    if options.brief:
        from mediaplan.answering import read_sources
        from mediaplan.brief.reading import read_brief

        brief = read_brief(options.brief)
        return brief, read_sources(brief, planning.sources(options))
    if not options.history:
        raise UsageError(
            Problem(
                Sentence("there is no history to look back on."),
                Sentence("Name one with --history, or a brief that names one with --brief."),
                column="--history",
            )
        )
    return None, _tables(options)


def _tables(options: argparse.Namespace) -> Records:
    """The tables that the options name, in the currency that the history itself states."""
    from mediaplan.answering import Records, columns_in
    from mediaplan.history.columns import read_columns
    from mediaplan.history.reading import read_audiences, read_history, read_posts

    problems: list[Problem] = []

    def attempt(read: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return read(*arguments, **named)
        except InputError as error:
            problems.extend(error.problems)
            return None

    foreign = attempt(columns_in, options.columns) if options.columns else ()
    columns = tuple(attempt(read_columns, table) for table in foreign or ())
    history = None if problems else attempt(read_history, *options.history, columns=columns)
    posts = attempt(read_posts, options.posts) if options.posts else None
    audiences = attempt(read_audiences, options.audiences) if options.audiences else None
    if problems or history is None:
        raise InputError(*problems)
    return Records(history, posts, audiences)
