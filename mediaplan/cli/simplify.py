"""`mediaplan simplify`: the plan with the fewest lines that is practically as good."""

from __future__ import annotations

import argparse
from pathlib import Path

from mediaplan.cli import plan as planning
from mediaplan.cli.arguments import Parser, add_engine, add_output
from mediaplan.cli.voice import Voice
from mediaplan.errors import Problem, UsageError
from mediaplan.words import Sentence

HELP = Sentence("The plan with the fewest lines that is practically as good as the best one.")


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
        default=0.005,
        metavar="PART",
        help=Sentence("Part of what the best plan brings that may be lost; default: 0.005."),
    )
    planning.add_data(parser)
    parser.says(
        "--scenario",
        metavar="NAME",
        help=Sentence("Answer this [[scenario]] of the brief instead of the brief itself."),
    )
    planning.add_folder(parser)
    add_engine(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Plan with fewer and fewer lines; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.answering import about
    from mediaplan.planning.simplifying import fewest_lines

    if options.output is not None:
        planning.check_folder(options.output)
    brief, response, found = planning.respond_to(options, voice)
    with voice.step(Sentence("Planning with fewer and fewer lines…")), about(options.brief, found.posts):
        simple = fewest_lines(brief, response, within=options.within, engine=options.engine)
    if options.output:
        planning.write(simple.plan, response, Path(options.output), voice)
    if voice.json:
        voice.document(simple.to_dict(voice.words.language))
        voice.warn(simple.plan.warnings)
        return 0
    planning.show(simple.plan, voice)
    voice.result("")
    voice.say(simple.sentence())
    for lines, value in simple.curve:
        voice.say(
            Sentence(
                "  lines, at most {lines}: {part} of the best",
                lines=lines,
                part=_of(value, simple.full.objective, voice),
            )
        )
    return 0


def _of(value: float, best: float, voice: Voice) -> str:
    return voice.words.percent(value / best, 2) if best > 0 else voice.words.say(None)


def _part(text: str) -> float:
    try:
        part = float(text)
    except ValueError:
        part = -1.0
    if 0 <= part < 1:
        return part
    message = Sentence("“{value}” is no part of what a plan brings.", value=text)
    remedy = Sentence("Give a number from 0 to below 1, such as 0.005.")
    raise UsageError(Problem(message, remedy, column="--within", value=text))
