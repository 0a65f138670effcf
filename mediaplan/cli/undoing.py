"""`mediaplan undo`: take imports back; what they had replaced counts again."""

from __future__ import annotations

import argparse

from mediaplan.cli.arguments import Parser, add_output
from mediaplan.cli.keeping import add_client, add_workspace, line, now, numbers, opened
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence

HELP = Sentence("Take imports back: what they had replaced counts again.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "numbers",
        nargs="*",
        metavar="N",
        help=Sentence("Numbers of imports (“mediaplan list”); default: all files of the last call."),
    )
    add_client(parser)
    add_workspace(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Take back; see `mediaplan.cli.main.main` for what is returned."""
    with opened(options) as workspace:
        undone = workspace.undo(options.client, numbers(options.numbers, "N"), at=now())
        if voice.json:
            told = [each.to_dict() for each in undone]
            voice.document({"schema": "mediaplan/undo/1", "client": options.client, "imports": told})
    for each in undone:
        voice.say(Sentence("Taken back: {line}", line=line(each, voice.words)))
    return 0
