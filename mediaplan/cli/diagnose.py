"""`mediaplan diagnose`: what goes with results in one's own past, how sure that is, what to learn next."""

from __future__ import annotations

import argparse

from mediaplan.cli.arguments import Parser, add_output
from mediaplan.cli.past import add_past, read_past
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence

HELP = Sentence(
    "What goes with results in your past: channels, audiences, posts, how full they are, how sure."
)


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_past(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Diagnose the past; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.answering import about, learn
    from mediaplan.response.diagnosing import diagnose

    with voice.step(Sentence("Reading the data…")):
        brief, records = read_past(options, Sentence("there is no history to diagnose."))
    with voice.step(Sentence("Estimating what money buys…")), about(options.brief):
        found = diagnose(learn(brief, records))
    if voice.json:
        voice.document(found.to_dict(voice.words.language))
        voice.warn(found.warnings)
        return 0
    from mediaplan.report.diagnosis_view import show

    show(found, voice.words, voice.console())
    return 0
