"""`mediaplan verdict`: what came of the tests of a brief."""

from __future__ import annotations

import argparse

from mediaplan.cli.arguments import FILE, Parser, add_mapping, add_output
from mediaplan.cli.records import add_kept, check_kept, records_for
from mediaplan.cli.voice import Voice
from mediaplan.errors import InputError, Problem, UsageError
from mediaplan.words import Sentence

HELP = Sentence("What came of a brief's tests: which post is best, and how sure that is.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "brief", nargs="?", metavar="BRIEF", help=Sentence("The brief whose [[test]] tables are judged.")
    )
    parser.says(
        "--history",
        nargs="+",
        action="extend",
        default=[],
        metavar=FILE,
        help=Sentence("What was spent and what came of it while the tests ran."),
    )
    add_mapping(parser)
    parser.set_defaults(posts=None, audiences=None)
    add_kept(parser)
    add_output(parser)


def _take_brief(options: argparse.Namespace) -> None:
    """The brief may stand behind the options that take several files: it is then the last of the mappings.

    Raises:
        UsageError: No brief is named.
    """
    if options.brief is None and len(options.columns) > 1:
        options.brief = options.columns.pop()
    if options.brief is None:
        message = Sentence("no brief was named.")
        raise UsageError(Problem(message, Sentence("Name it first: mediaplan verdict BRIEF --history FILE")))


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Judge each test; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.answering import about, kinds_of
    from mediaplan.brief.reading import read_brief
    from mediaplan.learning.verdicts import verdict

    check_kept(options)
    _take_brief(options)
    with voice.step(Sentence("Reading the data…")), about(options.brief):
        brief = read_brief(options.brief)
        if not brief.tests:
            message = Sentence("this brief has no tests.")
            remedy = Sentence("Add a [[test]] table: docs/brief.md says how.")
            raise InputError(Problem(message, remedy, column="test"))
        history = records_for(options, brief).history
        kind = kinds_of(brief, history)[0]
        found = [verdict(test, history, start=brief.start, kind=kind) for test in brief.tests]
    voice.warn(history.warnings)
    if voice.json:
        voice.document(
            {
                "schema": "mediaplan/verdict/1",
                "currency": history.currency,
                "tests": [each.to_dict(voice.words) for each in found],
                "warnings": [voice.words.say(warning) for warning in history.warnings],
            }
        )
        return 0
    for each in found:
        voice.say(Sentence("{what}: {said}", what=each.test, said=each.sentence()))
    return 0
