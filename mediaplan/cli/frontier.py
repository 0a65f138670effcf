"""`mediaplan frontier`: the best plans over a range of budgets, and where to stop."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mediaplan.cli import plan as planning
from mediaplan.cli.arguments import FOLDER, Parser, add_engine, add_output, add_scenario, add_time_limit
from mediaplan.cli.records import add_kept, asked_brief, check_kept
from mediaplan.cli.voice import Voice
from mediaplan.errors import InputError, Problem, UsageError
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.brief.briefs import Brief
    from mediaplan.money import Money

HELP = Sentence("The best plans over a range of budgets: what more money brings, and where to stop.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says("brief", metavar="BRIEF", help=Sentence("The brief; its own budget does not count."))
    parser.says(
        "--budgets",
        metavar="A:B:N",
        help=Sentence("N budgets from A to B, such as 500000:3000000:11; default: around the brief's own."),
    )
    parser.says(
        "--worth",
        metavar=Sentence("MONEY"),
        help=Sentence("What one more result is worth to you; default: twice the average cost of a result."),
    )
    planning.add_data(parser)
    add_scenario(parser)
    add_kept(parser)
    parser.says(
        "-o",
        "--output",
        metavar=FOLDER,
        help=Sentence("Folder for frontier.json and a report with all plans; without it nothing is written."),
    )
    add_engine(parser)
    add_time_limit(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Answer the brief for each budget; 4 where none of them has a plan."""
    from mediaplan.answering import about, noticed
    from mediaplan.answering.waiting import frontier
    from mediaplan.report.terminal_tables import show_frontier

    check_kept(options)
    if options.output is not None:
        planning.check_folder(options.output)
    brief = asked_brief(options)
    budgets = budgets_asked(options.budgets, brief)
    worth = _worth(options.worth, brief)
    brief, response, found = planning.respond_to(options, voice)
    with voice.step(Sentence("Planning…")), about(options.brief, found.posts):
        answer = frontier(
            brief,
            response,
            budgets=budgets,
            worth=worth,
            engine=options.engine,
            time_limit=options.time_limit,
        )
    if not answer.plans:
        refused = answer.points[-1].refusal
        assert refused is not None
        with noticed(*response.warnings):
            raise refused
    if options.output:
        from mediaplan.report.files import write_frontier

        try:
            write_frontier(answer, Path(options.output), voice.words, response.posts)
        except OSError as error:
            raise planning.unwritable(options.output, error) from error
    if voice.json:
        voice.document(answer.to_dict(voice.words.language))
    else:
        show_frontier(answer, voice.words, voice.console())
    voice.warn(answer.warnings)
    return 0


def budgets_asked(text: str | None, brief: Brief) -> tuple[Money, ...]:
    """The budgets that `A:B:N` stands for.

    Raises:
        UsageError: It can't be read.
        InputError: Nothing is asked for, and the brief has no budget either.
    """
    from mediaplan.money import Money
    from mediaplan.planning.replanning.frontier import MOST_POINTS, budgets_around, budgets_between

    if text is None:
        if brief.budget is None:
            message = Sentence("neither --budgets nor the brief says how much money.")
            raise InputError(Problem(message, Sentence("Give --budgets A:B:N."), column="--budgets"))
        return budgets_around(brief.budget)
    parts = text.split(":")
    try:
        low, high, count = (part.strip().replace("_", "") for part in parts)
        points = int(count)
        least, most = Money.read(low, brief.currency), Money.read(high, brief.currency)
        right = 2 <= points <= MOST_POINTS and 0 < least.minor < most.minor
    except (ValueError, InputError):
        right = False
    if not right:
        message = Sentence("“{value}” is no range of budgets.", value=text)
        remedy = Sentence(
            "Give the least, the most and their number (2 to {most}): --budgets 500000:3000000:11",
            most=str(MOST_POINTS),
        )
        raise UsageError(Problem(message, remedy, column="--budgets", value=text))
    return budgets_between(least, most, points)


def _worth(text: str | None, brief: Brief) -> float | None:
    from mediaplan.money import Money

    if text is None:
        return None
    try:
        worth = Money.read(text, brief.currency)
    except InputError as error:
        raise UsageError(*(problem.at(column="--worth") for problem in error.problems)) from None
    if worth.minor <= 0:
        message = Sentence("“{value}” is no worth of a result.", value=text)
        raise UsageError(Problem(message, Sentence("Give an amount above 0."), column="--worth", value=text))
    return worth.amount
