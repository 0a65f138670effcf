"""`mediaplan alternatives`: plans that are practically as good as the best one and differ most from it."""

from __future__ import annotations

import argparse

from mediaplan.cli import plan as planning
from mediaplan.cli.arguments import Parser, add_engine, add_output, whole_number
from mediaplan.cli.voice import Voice
from mediaplan.errors import Problem, UsageError
from mediaplan.words import Sentence

HELP = Sentence("Plans that are practically as good as the best one and differ most from it.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "brief",
        metavar="BRIEF",
        help=Sentence("The brief: a TOML or JSON file (“mediaplan template brief”)."),
    )
    parser.says(
        "--within",
        type=_part,
        default=0.01,
        metavar="PART",
        help=Sentence("Part of what the best plan brings that may be lost; default: 0.01."),
    )
    parser.says(
        "--count",
        type=whole_number("--count", 1, 10),
        default=3,
        metavar="N",
        help=Sentence("Plans to look for, at the most; default: 3."),
    )
    planning.add_data(parser)
    parser.says(
        "--scenario",
        metavar="NAME",
        help=Sentence("Answer this [[scenario]] of the brief instead of the brief itself."),
    )
    add_engine(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Plan again, away from the best plan's lines; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.answering import about
    from mediaplan.planning.near_ties import near_ties
    from mediaplan.report.terminal_tables import show_near_ties

    brief, response, found = planning.respond_to(options, voice)
    with voice.step(Sentence("Looking for plans that are as good…")), about(options.brief, found.posts):
        answer = near_ties(brief, response, within=options.within, count=options.count, engine=options.engine)
    if voice.json:
        voice.document(answer.to_dict(voice.words.language))
    else:
        show_near_ties(answer, voice.words, voice.console())
    voice.warn(answer.full.warnings)
    return 0


def _part(text: str) -> float:
    try:
        part = float(text)
    except ValueError:
        part = 0.0
    if 0 < part < 1:
        return part
    message = Sentence("“{value}” is no part of what a plan brings.", value=text)
    remedy = Sentence("Give a number above 0 and below 1, such as 0.01.")
    raise UsageError(Problem(message, remedy, column="--within", value=text))
