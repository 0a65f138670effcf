"""`mediaplan why`: why the plan is as it is."""

from __future__ import annotations

import argparse
from typing import Any

from mediaplan.cli.arguments import Parser, add_brief
from mediaplan.cli.questions import add_question, question
from mediaplan.cli.records import check_kept
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence

HELP = Sentence(
    "Why the plan is as it is: what each rule costs, what more money buys, why posts are left out."
)


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_brief(parser)
    parser.says(
        "--pair",
        nargs=2,
        metavar="POST",
        help=Sentence("Only this: why the first of these posts, and not the second."),
    )
    add_question(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Explain the brief's plan; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.planning.replanning.explaining import explain, instead
    from mediaplan.planning.replanning.explanations import SCHEMA
    from mediaplan.report.terminal_tables import show_explanation

    check_kept(options)
    said = Sentence("Planning again with one thing changed at a time…")
    with question(options, voice, said) as (brief, response, patience):
        wanted: dict[str, Any] = {"engine": options.engine, "patience": patience}
        if options.pair:
            pair = instead(brief, response, *options.pair, **wanted)
            if voice.json:
                voice.document(
                    {"schema": SCHEMA, "instead": pair.to_dict(voice.words.language), "warnings": []}
                )
            voice.say(pair.sentence())
            return 0
        explanation = explain(brief, response, **wanted)
    if voice.json:
        voice.document(explanation.to_dict(voice.words.language))
    else:
        show_explanation(explanation, voice.words, voice.console())
    voice.warn(explanation.warnings)
    return 0
