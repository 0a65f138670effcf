"""`mediaplan show`: what a client's data amount to, one of its imports, or one of its plans."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mediaplan.cli.arguments import FILE, Parser, add_output
from mediaplan.cli.keeping import add_client, add_workspace, line, numbers, opened
from mediaplan.cli.listing import plan_line
from mediaplan.cli.voice import Voice
from mediaplan.errors import InputError, Problem, UsageError
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.answering import Records
    from mediaplan.workspace.plans import KeptPlan
    from mediaplan.workspace.standing import Counting
    from mediaplan.workspace.workspaces import Client, Workspace

HELP = Sentence("What a client's data amount to, each money once; or one of its imports or plans.")
NO_CURRENCY = "XXX"
"""The code of ISO 4217 for amounts in no currency."""


def arguments(parser: Parser) -> None:
    """What the command takes."""
    add_client(parser, required=False)
    add_workspace(parser)
    parser.says(
        "--import", dest="number", metavar="N", help=Sentence("One import: what was read, by which rules.")
    )
    parser.says("--plan", metavar="N", help=Sentence("One kept plan, as it was made."))
    parser.says(
        "--currency",
        metavar="CODE",
        help=Sentence("What to state all money in; default: the only currency of the data."),
    )
    parser.says(
        "--brief",
        metavar=FILE,
        help=Sentence(
            "A brief whose currency and rates ([exchange]) count, where the data have several currencies."
        ),
    )
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Show; see `mediaplan.cli.main.main` for what is returned."""
    if options.number and options.plan:
        message = Sentence("--import and --plan can't be shown at once.")
        raise UsageError(Problem(message, Sentence("Ask for one of them.")))
    with opened(options) as workspace:
        client = _client(workspace, options.client)
        if options.plan:
            _plan(workspace.plan(client.name, numbers([options.plan], "--plan")[0]), voice)
        elif options.number:
            _import(workspace, client, numbers([options.number], "--import")[0], voice)
        else:
            _data(workspace, client, options, voice)
    return 0


def _client(workspace: Workspace, name: str | None) -> Client:
    """The client that is named, or the only one."""
    if name is not None:
        return workspace.client(name)
    found = workspace.clients()
    if len(found) == 1:
        return found[0]
    message = Sentence("which client? There are {count} here.", count=len(found))
    known = tuple(client.name for client in found[:12])
    raise UsageError(
        Problem(message, Sentence("Name one with --client: {names}", names=known), column="--client")
    )


def _plan(plan: KeptPlan, voice: Voice) -> None:
    """The document as it was made, or its lines."""
    from mediaplan.money import Money

    if voice.json:
        voice.document(plan.document)
        return
    voice.say(plan_line(plan))
    currency = str(plan.document["currency"])
    for each in plan.document["lines"]:
        place = tuple(
            each[name] for name in ("post", "channel", "audience", "slot") if each[name] is not None
        )
        results = each["results"]["mean"]
        amount = Money.read(each["amount"], currency)
        voice.say(Sentence("  {amount}  {place}: {results}", amount=amount, place=place, results=results))


def _import(workspace: Workspace, client: Client, number: int, voice: Voice) -> None:
    words = voice.words
    each = next((one for one in client.imports if one.number == number), None)
    if each is None:
        message = Sentence("there is no import {number}.", number=str(number))
        remedy = Sentence("“mediaplan list --client …” says which there are.")
        raise InputError(Problem(message, remedy, column="--import", value=str(number)))
    counts = _counts(workspace, client, number) if each.undone_at is None else None
    warnings = [words.say(warning) for warning in each.warnings]
    if voice.json:
        told = {**each.to_dict(), "counting": counts, "warnings": warnings}
        voice.document({"schema": "mediaplan/show/1", "client": client.name, "import": told})
        return
    voice.result(line(each, words))
    if counts is not None:
        voice.say(Sentence("Rows that count: {count}; newer imports tell the others again.", count=counts))
    if each.mapping is not None:
        voice.say(Sentence("Read by: {mapping}", mapping=str(each.mapping)))
    voice.say(Sentence("Digest (SHA-256): {digest}", digest=each.digest))
    voice.warn(each.warnings)


def _counts(workspace: Workspace, client: Client, number: int) -> int | None:
    """How many rows of an import of history count."""
    found = workspace.counting(client.name, [number])[0]
    return next((one.counting for one in found if one.number == number), None)


def _stated(options: argparse.Namespace) -> tuple[str | None, Mapping[str, Any] | None]:
    """The currency to state money in, and the rates of others, as the options or the brief say.

    Raises:
        InputError: The brief can't be read.
        UsageError: The brief is in another currency than the one asked for.
    """
    if options.brief is None:
        return options.currency, None
    from mediaplan.brief.reading import read_brief
    from mediaplan.money import checked_currency

    brief = read_brief(options.brief)
    if options.currency and checked_currency(options.currency, column="--currency") != brief.currency:
        message = Sentence(
            "the rates of this brief are in {currency}, not {asked}.",
            currency=brief.currency,
            asked=options.currency,
        )
        raise UsageError(Problem(message, Sentence("Leave --currency out."), column="--currency"))
    return brief.currency, brief.exchange


def _data(workspace: Workspace, client: Client, options: argparse.Namespace, voice: Voice) -> None:
    from mediaplan.history.records.summary import summary

    currency, rates = _stated(options)
    with voice.step(Sentence("Reading…")):
        records = workspace.records(client.name, currency or _unless_stated(client), rates)
        counts, _ = workspace.counting(client.name)
    found = summary(records.history).to_dict()
    found["currency"] = None if found["currency"] == NO_CURRENCY else found["currency"]
    if voice.json:
        voice.document(_document(client, records, found, counts, voice))
    else:
        _say(client, records, found, counts, voice)
    voice.warn(records.history.warnings)


def _unless_stated(client: Client) -> str | None:
    """The currency of data that state none."""
    stated = any(
        total["currency"]
        for each in client.standing
        if each.role == "history"
        for total in each.content["spend"]
    )
    return None if stated else NO_CURRENCY


def _document(
    client: Client, records: Records, found: dict[str, Any], counts: list[Counting], voice: Voice
) -> dict[str, Any]:
    listed = {"posts": records.posts, "audiences": records.audiences}
    return {
        "schema": "mediaplan/show/1",
        "client": client.name,
        "history": found,
        **{name: None if table is None else len(table.names) for name, table in listed.items()},
        "imports": [{"number": one.number, "rows": one.rows, "counting": one.counting} for one in counts],
        "warnings": [voice.words.say(warning) for warning in records.history.warnings],
    }


def _say(
    client: Client, records: Records, found: dict[str, Any], counts: list[Counting], voice: Voice
) -> None:
    history = records.history
    words = voice.words
    spent = words.currency(float(found["spend"]), found["currency"]) if found["currency"] else found["spend"]
    voice.say(
        Sentence(
            "{client}: {spent} from {first} to {last}, rows {rows}",
            client=client.name,
            spent=spent,
            first=history.first,
            last=history.last,
            rows=found["rows"],
        )
    )
    for kind, count in found["results"].items():
        voice.say(Sentence("  results “{kind}”: {count}", kind=kind, count=count))
    for table, said in ((records.posts, Sentence("posts")), (records.audiences, Sentence("audiences"))):
        if table is not None:
            voice.say(Sentence("  {what}: {count}", what=said, count=len(table.names)))
    for one in counts:
        if one.counting < one.rows:
            voice.say(
                Sentence(
                    "  import {number}: {counting} of {rows} rows count, newer imports tell the others again",
                    number=str(one.number),
                    counting=one.counting,
                    rows=one.rows,
                )
            )
