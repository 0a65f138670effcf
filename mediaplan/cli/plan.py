"""`mediaplan plan`: a brief and its data become a plan on stdout, and its files where asked."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from mediaplan.cli.arguments import (
    FILE,
    FOLDER,
    Parser,
    add_brief,
    add_engine,
    add_mapping,
    add_output,
    add_scenario,
    add_tables,
    add_time_limit,
)
from mediaplan.cli.keeping import now, opened
from mediaplan.cli.records import (
    add_kept,
    asked_brief,
    check_kept,
    is_kept,
    records_for,
    settled_brief,
    sources,
)
from mediaplan.cli.voice import Voice
from mediaplan.errors import Problem, UsageError, reason
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.answering import Sources
    from mediaplan.brief.briefs import Brief
    from mediaplan.planning.answer.plans import Plan
    from mediaplan.response.responses import Response

HELP = Sentence("The plan for a brief: an amount for each line, what to expect of it, and why.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_brief(parser)
    add_data(parser)
    add_scenario(parser)
    add_kept(parser)
    parser.says(
        "--keep", action="store_true", help=Sentence("Keep the plan in the workspace, with a number.")
    )
    parser.says(
        "--backtest",
        action="store_true",
        help=Sentence("Look back first, and widen the intervals where they held too seldom; takes longer."),
    )
    add_folder(parser)
    add_engine(parser)
    add_time_limit(parser)
    add_output(parser)


def add_data(parser: Parser) -> None:
    """The options that name files to answer from."""
    add_tables(parser)
    parser.says(
        "--ledger",
        metavar=FILE,
        help=Sentence("Your own past plans, promised and delivered: they correct what this one promises."),
    )
    parser.says(
        "--rates",
        metavar=FILE,
        help=Sentence(
            "A rate card: what lines cost and bring as you state it, beside a history or without one."
        ),
    )
    add_mapping(parser)


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
    check_kept(options)
    if options.output is not None:
        check_folder(options.output)
    plan, response = make(options, voice)
    if options.output:
        write(plan, response, Path(options.output), voice)
    number = _keep(plan, options, voice) if options.keep else None
    show(plan, voice)
    if number is not None:
        voice.progress(
            Sentence("Kept for {client} as plan {number}.", client=options.client, number=str(number))
        )
    if options.output:
        voice.progress(
            Sentence(
                "Written to {folder}: plan.json, lines.csv, launch.csv, report.html.", folder=options.output
            )
        )
    return 0


def make(options: argparse.Namespace, voice: Voice) -> tuple[Plan, Response]:
    """The plan that the options ask for, and what it was made from."""
    from mediaplan.answering import about

    brief, response, found = respond_to(options, voice)
    with voice.searching(Sentence("Planning…")) as progress, about(options.brief, found.posts):
        from mediaplan.answering.waiting import plan

        limit = {"time_limit": options.time_limit, "progress": progress}
        return plan(brief, response, engine=options.engine, **limit), response


def respond_to(options: argparse.Namespace, voice: Voice) -> tuple[Brief, Response, Sources]:
    """The brief that the options ask about, what money buys for it, and the files where that was read."""
    with voice.measured(Sentence("Reading the brief and its data…")) as progress:
        from mediaplan.answering import Sources, about, noticed, respond

        brief = asked_brief(options)
        found = Sources() if is_kept(options) else sources(options)
        with about(options.brief):
            records = records_for(options, brief, progress)
            with noticed(*records.warnings):
                brief = settled_brief(options, brief, records)
    with voice.step(Sentence("Estimating what money buys…")), about(options.brief):
        response = respond(brief, records)
    if getattr(options, "backtest", False):
        with voice.step(Sentence("Looking back…")), about(options.brief), noticed(*response.warnings):
            from mediaplan.learning.correcting import widened
            from mediaplan.planning.asking.looking_back import look_back

            found_back = look_back(records.history, records.posts, records.audiences, brief)
            response = widened(response, found_back)
    return brief, response, found


def _keep(plan: Plan, options: argparse.Namespace, voice: Voice) -> int:
    """Keep the plan as it is said in the person's language; its number."""
    from mediaplan.brief.writing import brief_toml

    with opened(options) as workspace:
        document = plan.to_dict(voice.words.language)
        return workspace.keep_plan(options.client, document, brief_toml(plan.brief), at=now())


def show(plan: Plan, voice: Voice) -> None:
    """The plan on stdout, as a document or for a person; its warnings on stderr."""
    if voice.json:
        voice.document(plan.to_dict(voice.words.language))
        voice.warn(plan.warnings)
        return
    from mediaplan.report.terminal import show as show_plan

    show_plan(plan, voice.words, voice.console())


def check_folder(folder: str) -> None:
    """Refuse a folder that can't be written to, before anything is worked out; nothing stays behind.

    Raises:
        UsageError: No name, a file of that name, no right, no room.
    """
    place = Path(folder)
    if not folder.strip():
        raise _unusable(Sentence("“{folder}” is no name of a folder.", folder=folder), folder)
    if place.exists() and not place.is_dir():
        raise _unusable(Sentence("“{folder}” is a file.", folder=folder), folder)
    missing = [part for part in (place, *place.parents) if not part.exists()]
    made = []
    try:
        for part in reversed(missing):
            part.mkdir(exist_ok=True)
            made.append(part)
        with NamedTemporaryFile(dir=place, prefix=".mediaplan-"):
            pass
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        for part in reversed(made):
            with suppress(OSError):
                part.rmdir()


def unwritable(folder: str, error: OSError) -> UsageError:
    """The fault of a folder that can't be written to."""
    return _unusable(
        Sentence("“{folder}” can't be written to: {reason}.", folder=folder, reason=reason(error)), folder
    )


def _unusable(message: Sentence, folder: str) -> UsageError:
    remedy = Sentence("Give a folder, or a name that is not there yet.")
    return UsageError(Problem(message, remedy, column="-o", value=folder))


def write(plan: Plan, response: Response, folder: Path, voice: Voice) -> None:
    """Write the plan's files.

    Raises:
        UsageError: The folder can't be written to.
    """
    from mediaplan.report.files import write_plan
    from mediaplan.response.diagnosis.diagnosing import diagnose

    try:
        write_plan(plan, folder, voice.words, posts=response.posts, diagnosis=diagnose(response))
    except OSError as error:
        raise unwritable(str(folder), error) from error
