"""`mediaplan list`: the clients of a workspace, what was imported for them and which plans are kept."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mediaplan.cli.arguments import Parser, add_output
from mediaplan.cli.keeping import add_client, add_workspace, line, opened
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.workspace.plans import KeptPlan
    from mediaplan.workspace.workspaces import Client

HELP = Sentence("The clients of a workspace, their imports and plans.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_client(parser, required=False)
    add_workspace(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """List; see `mediaplan.cli.main.main` for what is returned."""
    with opened(options) as workspace:
        found = workspace.clients() if options.client is None else [workspace.client(options.client)]
        if voice.json:
            voice.document(
                {
                    "schema": "mediaplan/list/1",
                    "workspace": workspace.address,
                    "clients": [client.to_dict() for client in found],
                }
            )
            return 0
    if not found:
        voice.say(Sentence("No client yet: “mediaplan import” takes files in."))
    for client in found:
        _show(client, voice)
    return 0


def _show(client: Client, voice: Voice) -> None:
    voice.result(client.name)
    for each in client.imports:
        said = line(each, voice.words)
        voice.say(
            Sentence("  {line}", line=said)
            if each.undone_at is None
            else Sentence("  {line} – taken back on {day}", line=said, day=each.undone_at.date())
        )
    for plan in client.plans:
        voice.say(plan_line(plan))


def plan_line(plan: KeptPlan) -> Sentence:
    """One kept plan on one line."""
    from mediaplan.money import Money

    told = plan.to_dict()
    return Sentence(
        "  plan {number}  {name}: {spent} on {lines} lines, expected results {results}",
        number=str(plan.number),
        name=plan.name,
        spent=Money.read(told["spent"], told["currency"]),
        lines=told["lines"],
        results=told["results"],
    )
