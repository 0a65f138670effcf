"""Commands that ask about a plan by planning many times: what they all take, and how they plan within a limit."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mediaplan.cli import plan as planning
from mediaplan.cli.arguments import Parser, add_engine, add_output, add_scenario, add_time_limit
from mediaplan.cli.records import add_kept
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.brief.briefs import Brief
    from mediaplan.planning.patience import Patience
    from mediaplan.response.responses import Response


def add_question(parser: Parser) -> None:
    """The options that name the data, the scenario and the client, and those of the search."""
    planning.add_data(parser)
    add_scenario(parser)
    add_kept(parser)
    add_engine(parser)
    add_time_limit(parser, whole=True)
    add_output(parser)


@contextmanager
def question(
    options: argparse.Namespace, voice: Voice, said: Sentence
) -> Iterator[tuple[Brief, Response, Patience]]:
    """The brief that is asked about, what money buys for it, and how long all the planning within may take.

    Args:
        options: What `add_question` and `add_brief` took.
        voice: Who says how far it is.
        said: What is being done.

    Raises:
        InputError: The brief or its data can't be used; faults from within are told with the brief's name.
    """
    from mediaplan.answering import about, noticed
    from mediaplan.answering.waiting import patience

    brief, response, found = planning.respond_to(options, voice)
    heard = noticed(*response.warnings)
    with voice.searching(said) as progress, about(options.brief, found.posts), heard:
        yield brief, response, patience(options.time_limit, progress)
