"""`mediaplan plan`: a brief and its data become a plan on stdout, and its files where asked."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from mediaplan.cli.arguments import FILE, FOLDER, Parser, add_engine, add_output
from mediaplan.cli.keeping import add_client, add_workspace, now, opened
from mediaplan.cli.voice import Voice
from mediaplan.errors import Problem, UsageError, reason
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.answering import Records, Sources
    from mediaplan.brief.briefs import Brief
    from mediaplan.planning.plans import Plan
    from mediaplan.response.responses import Response

HELP = Sentence("The plan for a brief: an amount for each line, what to expect of it, and why.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "brief",
        metavar="BRIEF",
        help=Sentence("The brief: a TOML or JSON file (“mediaplan template brief”)."),
    )
    several: dict[str, Any] = {"nargs": "+", "action": "extend", "default": [], "metavar": FILE}
    parser.says(
        "--history",
        **several,
        help=Sentence("What was spent and what came of it: CSV, TSV, XLSX or Parquet, one file or several."),
    )
    parser.says("--posts", **several, help=Sentence("The posts that can be boosted."))
    parser.says("--audiences", **several, help=Sentence("The audiences, their sizes and values."))
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
    parser.says(
        "--columns",
        **several,
        help=Sentence("A TOML file whose [[columns]] say what foreign columns mean."),
    )
    add_client(parser, required=False)
    add_workspace(parser)
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
    _check_workspace(options)
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
    with voice.measured(Sentence("Reading the brief and its data…")) as progress:
        from mediaplan.answering import Sources, about, read_sources, respond
        from mediaplan.brief.reading import read_brief

        brief = read_brief(options.brief)
        found = Sources() if _kept(options) else sources(options)
        with about(options.brief):
            records = _records(options, brief) if _kept(options) else read_sources(brief, found, progress)
    with voice.step(Sentence("Estimating what money buys…")), about(options.brief):
        response = respond(brief, records)
    if getattr(options, "backtest", False):
        with voice.step(Sentence("Looking back…")), about(options.brief):
            from mediaplan.learning.correcting import widened
            from mediaplan.planning.looking_back import look_back

            found_back = look_back(records.history, records.posts, records.audiences, brief)
            response = widened(response, found_back)
    with voice.step(Sentence("Planning…")), about(options.brief, found.posts):
        from mediaplan.planning.making import plan

        return plan(brief, response, engine=options.engine), response


def _kept(options: argparse.Namespace) -> bool:
    """Whether the data are those of a client's workspace; commands without that option take loose files."""
    return getattr(options, "client", None) is not None


def _check_workspace(options: argparse.Namespace) -> None:
    """Refuse options that go only with a client, or only without one.

    Raises:
        UsageError: They can't go together.
    """
    if not _kept(options) and (options.keep or options.workspace is not None):
        message = Sentence("a workspace holds several clients, and none is named.")
        raise UsageError(
            Problem(message, Sentence("Say whose data are meant: --client NAME"), column="--client")
        )
    loose = [f"--{name}" for name in ("history", "posts", "audiences", "columns") if getattr(options, name)]
    if _kept(options) and loose:
        message = Sentence("{options} can't be given with --client.", options=tuple(loose))
        remedy = Sentence("Import these files first, or plan from loose files without --client.")
        raise UsageError(Problem(message, remedy, column=loose[0]))


def _records(options: argparse.Namespace, brief: Brief) -> Records:
    """What the workspace holds of the client, in the brief's currency."""
    with opened(options) as workspace:
        return workspace.records(options.client, brief.currency, brief.exchange)


def _keep(plan: Plan, options: argparse.Namespace, voice: Voice) -> int:
    """Keep the plan as it is said in the person's language; its number."""
    from mediaplan.brief.writing import brief_toml

    with opened(options) as workspace:
        document = plan.to_dict(voice.words.language)
        return workspace.keep_plan(options.client, document, brief_toml(plan.brief), at=now())


def sources(options: argparse.Namespace) -> Sources:
    """Where the data are: the options' files, else those that the brief names, found from where it stands."""
    from mediaplan.answering import Sources, columns_in
    from mediaplan.brief.reading import read_brief, resolved

    named = resolved(read_brief(options.brief), Path(options.brief).parent).data
    return Sources(
        history=_several(options.history) or named.history,
        posts=_several(options.posts) or named.posts,
        audiences=_several(options.audiences) or named.audiences,
        columns=columns_in(*_several(options.columns)),
        ledger=getattr(options, "ledger", None) or named.ledger,
        rates=getattr(options, "rates", None) or named.rates,
    )


def _several(files: Any) -> tuple[str, ...]:
    return (files,) if isinstance(files, str) else tuple(files or ())


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
    from mediaplan.response.diagnosing import diagnose

    try:
        write_plan(plan, folder, voice.words, posts=response.posts, diagnosis=diagnose(response))
    except OSError as error:
        raise unwritable(str(folder), error) from error
