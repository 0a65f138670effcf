"""`mediaplan plan`: a brief and its data become a plan on stdout, and its files where asked."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mediaplan.cli.arguments import FILE, FOLDER, Parser, add_engine, add_output
from mediaplan.cli.voice import Voice
from mediaplan.errors import Problem, UsageError
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.answering import Records, Sources
    from mediaplan.planning.plans import Plan

HELP = Sentence("The plan for a brief: an amount for each line, what to expect of it, and why.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "brief",
        metavar="BRIEF",
        help=Sentence("The brief: a TOML or JSON file (“mediaplan template brief”)."),
    )
    parser.says(
        "--history",
        nargs="+",
        action="extend",
        default=[],
        metavar=FILE,
        help=Sentence("What was spent and what came of it: CSV, TSV, XLSX or Parquet, one file or several."),
    )
    parser.says("--posts", metavar=FILE, help=Sentence("The posts that can be boosted."))
    parser.says("--audiences", metavar=FILE, help=Sentence("The audiences, their sizes and values."))
    parser.says(
        "--columns",
        metavar=FILE,
        help=Sentence("A TOML file whose [[columns]] say what foreign columns mean."),
    )
    add_folder(parser)
    add_engine(parser)
    add_output(parser)


def add_folder(parser: Parser) -> None:
    """`-o`."""
    parser.says(
        "-o",
        "--output",
        metavar=FOLDER,
        help=Sentence(
            "Folder for plan.json, lines.csv, launch.csv and report.html; without it nothing is written."
        ),
    )


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Answer the brief; see `mediaplan.cli.main.main` for what is returned."""
    if options.output:
        check_folder(options.output)
    plan, records = make(options, voice)
    if options.output:
        write(plan, records, Path(options.output), voice)
    show(plan, voice)
    if options.output:
        voice.progress(
            Sentence(
                "Written to {folder}: plan.json, lines.csv, launch.csv, report.html.", folder=options.output
            )
        )
    return 0


def make(options: argparse.Namespace, voice: Voice) -> tuple[Plan, Records]:
    """The plan that the options ask for, and what it was made from."""
    with voice.step(Sentence("Reading the brief and its data…")):
        from mediaplan.answering import read_sources, respond
        from mediaplan.brief.reading import read_brief

        brief = read_brief(options.brief)
        records = read_sources(brief, sources(options))
    with voice.step(Sentence("Estimating what money buys…")):
        response = respond(brief, records)
    with voice.step(Sentence("Planning…")):
        from mediaplan.planning.making import plan

        return plan(brief, response, engine=options.engine), records


def sources(options: argparse.Namespace) -> Sources:
    """Where the data are: the options' files, else those that the brief names, found from where it stands."""
    from mediaplan.answering import Sources, columns_in
    from mediaplan.brief.reading import read_brief, resolved

    named = resolved(read_brief(options.brief), Path(options.brief).parent).data
    return Sources(
        history=tuple(options.history) or named.history,
        posts=options.posts or named.posts,
        audiences=options.audiences or named.audiences,
        columns=columns_in(options.columns) if options.columns else (),
    )


def show(plan: Plan, voice: Voice) -> None:
    """The plan on stdout, as a document or for a person; its warnings on stderr."""
    if voice.json:
        voice.document(plan.to_dict(voice.words.language))
        voice.warn(plan.warnings)
        return
    from mediaplan.report.terminal import show as show_plan

    show_plan(plan, voice.words, voice.console())


def check_folder(folder: str) -> None:
    """Refuse a folder that is a file, before anything is worked out.

    Raises:
        UsageError: There is a file of that name.
    """
    if Path(folder).exists() and not Path(folder).is_dir():
        message = Sentence("“{folder}” is a file.", folder=folder)
        raise UsageError(
            Problem(
                message,
                Sentence("Give a folder, or a name that is not there yet."),
                column="-o",
                value=folder,
            )
        )


def write(plan: Plan, records: Records, folder: Path, voice: Voice) -> None:
    """Write the plan's files.

    Raises:
        UsageError: The folder can't be written to.
    """
    from mediaplan.report.files import write_plan

    try:
        write_plan(plan, folder, voice.words, posts=records.posts)
    except OSError as error:
        message = Sentence(
            "“{folder}” can't be written to: {reason}.",
            folder=str(folder),
            reason=error.strerror or str(error),
        )
        raise UsageError(
            Problem(message, Sentence("Give another folder with -o."), column="-o", value=str(folder))
        ) from error
