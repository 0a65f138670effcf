"""`mediaplan import`: files become part of a client's workspace, all of them or none."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediaplan.cli.arguments import FILE, Parser, add_output
from mediaplan.cli.keeping import add_client, add_workspace, line, now, numbers, opened
from mediaplan.cli.voice import Voice
from mediaplan.errors import InputError, Problem, UsageError, reason
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.workspace.exporting import Bundle
    from mediaplan.workspace.imports import Import
    from mediaplan.workspace.readings import Given
    from mediaplan.workspace.workspaces import Workspace

HELP = Sentence("Take files into a client's workspace: nothing twice, all of them or none.")
MANIFEST = "client.json"


def arguments(parser: Parser) -> None:
    """What the command takes."""
    several: dict[str, Any] = {"nargs": "+", "action": "extend", "default": [], "metavar": FILE}
    parser.says(
        "history",
        nargs="*",
        metavar=FILE,
        help=Sentence("What was spent and what came of it; or a folder that “mediaplan export” wrote."),
    )
    add_client(parser)
    add_workspace(parser)
    parser.says("--posts", **several, help=Sentence("The posts that can be boosted."))
    parser.says("--audiences", **several, help=Sentence("The audiences, their sizes and values."))
    parser.says("--actuals", **several, help=Sentence("What a kept plan really spent and got, with --plan."))
    parser.says("--plan", metavar="N", help=Sentence("Number of the plan whose actuals these are."))
    parser.says(
        "--mapping",
        "--columns",
        dest="columns",
        **several,
        help=Sentence(
            "A TOML file whose [[columns]] and [[names]] say what foreign columns and names mean; the client's next imports are read by it too."
        ),
    )
    parser.says(
        "--currency",
        metavar="CODE",
        help=Sentence("What money is in where a table does not say; default: that of each brief."),
    )
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Import; see `mediaplan.cli.main.main` for what is returned."""
    if any(Path(file, MANIFEST).is_file() for file in options.history):
        return _restore(options, voice)
    given = _given(options)
    with opened(options, make=True) as workspace:
        with voice.measured(Sentence("Reading…")) as progress:
            readings = workspace.read(options.client, given, progress)
        with voice.step(Sentence("Keeping…")):
            imports = workspace.keep(options.client, readings, given, at=now())
        said = [warning for each in imports if each.new for warning in each.warnings]
        said += _replaced(workspace, options.client, imports)
        _show(workspace, options.client, imports, said, voice)
    return 0


def _given(options: argparse.Namespace) -> Given:
    """What the options name.

    Raises:
        UsageError: No file, or actuals without their plan, or the other way round.
        InputError: A mapping can't be used.
    """
    from mediaplan.answering import columns_in
    from mediaplan.money import checked_currency
    from mediaplan.workspace.readings import Given

    if not (options.history or options.posts or options.audiences or options.actuals):
        message = Sentence("no file was named.")
        raise UsageError(Problem(message, Sentence("Name at least one: mediaplan import FILE --client …")))
    if bool(options.actuals) != bool(options.plan):
        message = Sentence("--actuals and --plan go together.")
        raise UsageError(Problem(message, Sentence("Say whose actuals these are: --actuals FILE --plan N")))
    return Given(
        history=tuple(options.history),
        posts=tuple(options.posts),
        audiences=tuple(options.audiences),
        actuals=tuple(options.actuals),
        columns=columns_in(*options.columns),
        currency=checked_currency(options.currency, column="--currency") if options.currency else None,
        plan=numbers([options.plan], "--plan")[0] if options.plan else None,
    )


def _replaced(workspace: Workspace, client: str, imports: list[Import]) -> list[Sentence]:
    """What is said of rows that are told again, where this call brought any."""
    new = [each.number for each in imports if each.new and each.role == "history"]
    return list(workspace.counting(client, new)[1]) if new else []


def _show(
    workspace: Workspace, client: str, imports: list[Import], said: list[Sentence], voice: Voice
) -> None:
    words = voice.words
    if voice.json:
        voice.document(
            {
                "schema": "mediaplan/import/1",
                "workspace": workspace.address,
                "client": client,
                "imports": [{**each.to_dict(), "new": each.new} for each in imports],
                "warnings": [words.say(sentence) for sentence in said],
            }
        )
    for each in imports:
        voice.say(_said(each, line(each, words)))
    voice.warn(said)


def _said(each: Import, text: str) -> Sentence:
    if not each.new:
        return Sentence("Known already, nothing changed: {line}", line=text)
    if each.undone_at is not None:
        return Sentence("Brought back, taken back as it was: {line}", line=text)
    return Sentence("Imported: {line}", line=text)


def _restore(options: argparse.Namespace, voice: Voice) -> int:
    """Bring back the folder of an export."""
    if len(options.history) > 1 or options.posts or options.audiences or options.actuals or options.columns:
        message = Sentence("the folder of an export is brought back by itself.")
        raise UsageError(Problem(message, Sentence("Name nothing else beside it.")))
    bundle = _bundle(Path(options.history[0]))
    with opened(options, make=True) as workspace:
        with voice.step(Sentence("Keeping…")):
            imports = workspace.restore(options.client, bundle)
        _show(workspace, options.client, imports, [], voice)
    return 0


def _bundle(folder: Path) -> Bundle:
    """The files of an export."""
    from mediaplan.workspace.exporting import Bundle

    try:
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return Bundle({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})
    except OSError as error:
        message = Sentence("this folder can't be read: {reason}.", reason=reason(error))
        raise InputError(Problem(message, Sentence("Check the path."), file=str(folder))) from error
