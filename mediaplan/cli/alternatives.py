"""`mediaplan alternatives`: plans that are practically as good as the best one and differ most from it."""

from __future__ import annotations

import argparse

from mediaplan.cli.arguments import Parser, add_brief, share, whole_number
from mediaplan.cli.questions import add_question, question
from mediaplan.cli.records import check_kept
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence

HELP = Sentence("Plans that are practically as good as the best one and differ most from it.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_brief(parser)
    parser.says(
        "--within",
        type=share("--within", zero=False),
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
    add_question(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Plan again, away from the best plan's lines; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.planning.replanning.near_ties import near_ties
    from mediaplan.report.terminal_tables import show_near_ties

    check_kept(options)
    said = Sentence("Looking for plans that are as good…")
    with question(options, voice, said) as (brief, response, patience):
        answer = near_ties(
            brief,
            response,
            within=options.within,
            count=options.count,
            engine=options.engine,
            patience=patience,
        )
    if voice.json:
        voice.document(answer.to_dict(voice.words.language))
    else:
        show_near_ties(answer, voice.words, voice.console())
    voice.warn(answer.warnings)
    return 0
