"""`mediaplan demo`: the whole river on the bundled sample, and where to look next."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mediaplan.cli import plan as planning
from mediaplan.cli.arguments import FOLDER, Parser, add_engine, add_output, add_time_limit
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence

HELP = Sentence("The whole way on the bundled sample, and where to look next.")
WRITTEN = "mediaplan-demo"


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "-o",
        "--output",
        metavar=FOLDER,
        default=WRITTEN,
        help=Sentence("Folder for the plan's files; default: {folder}.", folder=WRITTEN),
    )
    add_engine(parser)
    add_time_limit(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Plan the sample's first brief, write its files, say where they are."""
    from mediaplan.worlds.sample import sample_folder

    planning.check_folder(options.output)
    options.brief = str(sample_folder() / "briefs" / "boutique.toml")
    options.history, options.posts, options.audiences, options.columns = [], [], [], []
    plan, response = planning.make(options, voice)
    planning.write(plan, response, Path(options.output), voice)
    planning.show(plan, voice)
    if not voice.json:
        voice.result("")
    program = program_name()
    for sentence in (
        Sentence("The report:        {path}", path=str(Path(options.output) / "report.html")),
        Sentence("What to type in:   {path}", path=str(Path(options.output) / "launch.csv")),
        Sentence("The brief:         {path}", path=options.brief),
        Sentence("In the browser:    {program} app", program=program),
        Sentence("Your own brief:    {program} template brief", program=program),
    ):
        voice.say(sentence)
    return 0


def program_name() -> str:
    """How this program was called, to call it again."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m mediaplan"
    return sys.argv[0] if called.stem == "mediaplan" and not called.is_absolute() else "mediaplan"
