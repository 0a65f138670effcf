"""`mediaplan backtest`: would its plans have been better on one's own past, and are its intervals honest?"""

from __future__ import annotations

import argparse

from mediaplan.cli.arguments import Parser, add_output
from mediaplan.cli.past import add_past, read_past
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence

HELP = Sentence("Look back on your own past: would its plans have been better, do its intervals hold?")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_past(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Look back on the last weeks; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.answering import about, noticed
    from mediaplan.planning.asking.looking_back import look_back

    with voice.step(Sentence("Reading the data…")):
        brief, records = read_past(options, Sentence("there is no history to look back on."))
    heard = noticed(*records.warnings)
    with voice.step(Sentence("Looking back…")), about(options.brief), heard:
        found = look_back(records.history, records.posts, records.audiences, brief)
    if voice.json:
        voice.document(found.to_dict(voice.words))
        voice.warn(found.warnings)
        return 0
    from mediaplan.report.backtest_view import show

    show(found, voice.words, voice.console())
    return 0
