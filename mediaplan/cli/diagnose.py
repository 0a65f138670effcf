"""`mediaplan diagnose`: what goes with results in one's own past, how sure that is, what to learn next."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mediaplan.cli.arguments import FOLDER, Parser, add_output
from mediaplan.cli.past import add_past, read_past
from mediaplan.cli.plan import check_folder, unwritable
from mediaplan.cli.voice import Voice
from mediaplan.errors import Problem, UsageError
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.response.diagnosis.diagnoses import Diagnosis

HELP = Sentence(
    "What goes with results in your past: channels, audiences, posts, how full they are, how sure."
)

PAGE = ".html"
UNWRITTEN = frozenset({".csv", ".docx", ".htm", ".json", ".pdf", ".pptx", ".toml", ".txt", ".xlsx"})
"""Endings of a name that is no folder's, and of no page."""


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_past(parser)
    parser.says(
        "-o",
        "--output",
        metavar=FOLDER,
        help=Sentence(
            "A file that ends with .html for the page, or a folder for diagnosis.json and report.html; without it "
            "nothing is written."
        ),
    )
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Diagnose the past; see `mediaplan.cli.main.main` for what is returned."""
    from mediaplan.answering import about, learn
    from mediaplan.response.diagnosis.diagnosing import diagnose

    if options.output is not None:
        _check_place(options.output)
    with voice.step(Sentence("Reading the data…")):
        brief, records = read_past(options, Sentence("there is no history to diagnose."))
    with voice.step(Sentence("Estimating what money buys…")), about(options.brief):
        found = diagnose(learn(brief, records))
    if options.output is not None:
        _write(found, options.output, voice)
    if voice.json:
        voice.document(found.to_dict(voice.words.language))
        voice.warn(found.warnings)
    else:
        from mediaplan.report.diagnosis_view import show

        show(found, voice.words, voice.console())
    if options.output is not None:
        voice.progress(Sentence("Written to {place}.", place=options.output))
    return 0


def _check_place(place: str) -> None:
    """Refuse a place that can't be written to, before anything is worked out.

    Raises:
        UsageError: As for a folder; or a document of a kind that is not written, or a folder named like a file.
    """
    ending = Path(place).suffix.lower()
    if ending in UNWRITTEN:
        message = Sentence("no diagnosis is written as “{ending}”.", ending=ending)
        remedy = Sentence("Give a file that ends with .html, or a folder.")
        raise UsageError(Problem(message, remedy, column="-o", value=place))
    if ending == PAGE and Path(place).is_dir():
        message = Sentence("“{folder}” is a folder.", folder=place)
        remedy = Sentence("Give a file that ends with .html, or a folder of another name.")
        raise UsageError(Problem(message, remedy, column="-o", value=place))
    check_folder(str(Path(place).parent) if ending == PAGE else place)


def _write(found: Diagnosis, place: str, voice: Voice) -> None:
    from mediaplan.report.files import write_diagnosis

    try:
        write_diagnosis(found, place, voice.words)
    except OSError as error:
        raise unwritable(place, error) from error
