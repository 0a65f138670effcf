"""`mediaplan export`: everything of a client as plain files; `mediaplan import FOLDER` brings them back."""

from __future__ import annotations

import argparse
from pathlib import Path

from mediaplan.cli.arguments import FOLDER, Parser, add_output
from mediaplan.cli.keeping import add_client, add_workspace, opened
from mediaplan.cli.plan import check_folder, unwritable
from mediaplan.cli.voice import Voice
from mediaplan.errors import Problem, UsageError
from mediaplan.words import Sentence

HELP = Sentence("Everything of a client as plain files; “mediaplan import FOLDER” brings them back.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_client(parser)
    add_workspace(parser)
    parser.says("-o", "--output", metavar=FOLDER, required=True, help=Sentence("A new folder for the files."))
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Export; see `mediaplan.cli.main.main` for what is returned."""
    check_folder(options.output)
    folder = Path(options.output)
    if folder.is_dir() and any(folder.iterdir()):
        message = Sentence("“{folder}” holds files already.", folder=options.output)
        remedy = Sentence("Give an empty folder, or a name that is not there yet.")
        raise UsageError(Problem(message, remedy, column="-o", value=options.output))
    with opened(options) as workspace:
        files = workspace.bundle(options.client).files
    try:
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    except OSError as error:
        raise unwritable(options.output, error) from error
    if voice.json:
        voice.document(
            {
                "schema": "mediaplan/export/1",
                "client": options.client,
                "folder": options.output,
                "files": sorted(files),
            }
        )
    voice.say(Sentence("Files written to {folder}: {count}.", folder=options.output, count=len(files)))
    return 0
