"""`mediaplan simplify`: the plan with the fewest lines that is practically as good."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from mediaplan.cli import plan as planning
from mediaplan.cli.arguments import Parser, add_brief, share
from mediaplan.cli.questions import add_question, question
from mediaplan.cli.records import check_kept
from mediaplan.cli.voice import Voice
from mediaplan.words import Percent, Sentence

HELP = Sentence("The plan with the fewest lines that is practically as good as the best one.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_brief(parser)
    parser.says(
        "--within",
        type=share("--within", zero=True),
        default=0.005,
        metavar="PART",
        help=Sentence("Part of what the best plan brings that may be lost; default: 0.005."),
    )
    planning.add_folder(parser)
    add_question(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Plan with fewer and fewer lines; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.planning.replanning.simplifying import fewest_lines

    check_kept(options)
    if options.output is not None:
        planning.check_folder(options.output)
    said = Sentence("Planning with fewer and fewer lines…")
    with question(options, voice, said) as (brief, response, patience):
        simple = fewest_lines(
            brief, response, within=options.within, engine=options.engine, patience=patience
        )
    if options.output:
        planning.write(simple.plan, response, Path(options.output), voice)
    if voice.json:
        voice.document(simple.to_dict(voice.words.language))
        voice.warn(simple.warnings)
        return 0
    planning.show(simple.plan, voice)
    voice.result("")
    voice.say(simple.sentence())
    voice.warn(simple.warnings[len(simple.plan.warnings) :])
    for lines, part in simple.parts:
        shown = Percent(part, 2) if math.isfinite(part) else None
        if simple.costs:
            voice.say(
                Sentence("  lines, at most {lines}: {part} of the lowest cost", lines=lines, part=shown)
            )
        else:
            voice.say(Sentence("  lines, at most {lines}: {part} of the best", lines=lines, part=shown))
    return 0
