"""Files and a brief become a plan: the whole river in one place, for the command line, the browser and batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mediaplan.brief.briefs import Brief
    from mediaplan.history.records import Audiences, History, Posts
    from mediaplan.planning.plans import Plan
    from mediaplan.response.responses import Response
    from mediaplan.words import Sentence

LATE = 31
"""Days after the last row beyond which a day of export is doubted."""


@dataclass(frozen=True)
class Sources:
    """Where the data of a brief are: paths, or uploaded files with their content.

    Attributes:
        history: Any number; empty = those that the brief names.
        posts, audiences: A table, or several as a tuple; `None` = the one that the brief names, if any.
        columns: Mappings of foreign columns, as tables; they go before the brief's own.
    """

    history: tuple[Any, ...] = ()
    posts: Any = None
    audiences: Any = None
    columns: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class Records:
    """What was read.

    Attributes:
        history: What happened.
        posts, audiences: Who was concerned; `None` where no table was given.
    """

    history: History
    posts: Posts | None
    audiences: Audiences | None


def read_sources(
    brief: Brief, sources: Sources = Sources(), progress: Callable[[float], None] | None = None
) -> Records:
    """Read all tables that a brief is to be answered from.

    Args:
        brief: Says the currency, the rates and, where `sources` doesn't, the files.
        sources: Where the data are.
        progress: Told the share (0-1) of a large file that was read.

    Raises:
        InputError: All faults of all files, or that no history is named.
    """
    from mediaplan.errors import InputError, Problem
    from mediaplan.history.columns import read_columns
    from mediaplan.history.reading import read_audiences, read_history, read_posts
    from mediaplan.words import Sentence

    files = sources.history or brief.data.history
    if not files:
        raise InputError(
            Problem(
                Sentence("there is no history to plan from."),
                Sentence(
                    "Name one with --history, or in the brief: data = {example}.",
                    example='{ history = ["history.csv"] }',
                ),
            )
        )
    problems: list[Problem] = []

    def attempt(read: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return read(*arguments, **named)
        except InputError as error:
            problems.extend(error.problems)
            return None

    tables = (*sources.columns, *brief.columns)
    columns = tuple(attempt(read_columns, table) for table in tables)
    history = None
    if not problems:
        history = attempt(
            read_history,
            *files,
            columns=columns,
            currency=brief.currency,
            exchange=brief.exchange,
            progress=progress,
        )
    posts_file, audiences_file = sources.posts or brief.data.posts, sources.audiences or brief.data.audiences
    posts = attempt(read_posts, *_several(posts_file)) if posts_file else None
    audiences = attempt(read_audiences, *_several(audiences_file)) if audiences_file else None
    if problems or history is None:
        raise InputError(*problems)
    return Records(history, posts, audiences)


def _several(files: Any) -> tuple[Any, ...]:
    return tuple(files) if isinstance(files, (tuple, list)) else (files,)


def respond(brief: Brief, records: Records) -> Response:
    """Fit what money buys, with the brief's slots and the kinds of result that its goal counts.

    Clicks beside results count where the goal names them: `type = "click"`.

    Raises:
        InputError: The history can't answer the brief's goal.
    """
    from mediaplan.history.timing import timing
    from mediaplan.planning.channels import new_channel_warning
    from mediaplan.response.fitting import fit

    _check_day(brief, records.history)
    response = fit(
        records.history,
        posts=records.posts,
        audiences=records.audiences,
        slots=brief.named_slots,
        kinds=kinds_of(brief, records.history),
        as_of=brief.as_of,
    )
    said = (*_of_listings(records), *timing(records.history, brief.start), *new_channel_warning(response))
    return replace(response, warnings=(*response.warnings, *said, *_doubts(brief, records.history)))


def _of_listings(records: Records) -> Iterator[Sentence]:
    for table in (records.posts, records.audiences):
        if table is not None:
            yield from table.origin.warnings


def kinds_of(brief: Brief, history: History) -> tuple[str, ...]:
    """The kinds of result that the brief's goal counts in that history.

    Raises:
        InputError: It counts none of that name, or several and the goal does not choose.
    """
    from mediaplan.history.kinds import CLICK

    clicked = CLICK not in history.kinds and bool(history.rows["clicks"].notna().any())
    return brief.goal.counted(history.kinds, (CLICK,) if clicked else ())


def _check_day(brief: Brief, history: History) -> None:
    """Refuse a day of export before anything happened."""
    from mediaplan.errors import InputError, Problem
    from mediaplan.words import Sentence

    if brief.as_of is None or not len(history.rows) or brief.as_of >= history.first:
        return
    raise InputError(
        Problem(
            Sentence(
                "on {day} the history had not begun: its first row is of {first}.",
                day=brief.as_of,
                first=history.first,
            ),
            Sentence("Give the day on which the data were exported, or leave as_of out."),
            column="as_of",
            value=brief.as_of.isoformat(),
        )
    )


def _doubts(brief: Brief, history: History) -> tuple[Sentence, ...]:
    """What deserves a word about the brief's dates and slots."""
    from mediaplan.words import Sentence

    found = []
    if brief.as_of is not None and brief.as_of > brief.start:
        found.append(
            Sentence(
                "The data are said to be of {day}, after the flight began; check as_of.", day=brief.as_of
            )
        )
    if brief.as_of is not None and (brief.as_of - history.last).days > LATE:
        found.append(
            Sentence(
                "The data are said to be of {day}, and the last row is of {last}; check as_of, or export again.",
                day=brief.as_of,
                last=history.last,
            )
        )
    found += [
        Sentence(
            "The slots “{one}” and “{other}” overlap: an hour of the history that both cover teaches about “{one}” only, and both may get money for it.",
            one=one,
            other=other,
        )
        for one, other in brief.named_slots.shared()
    ]
    return tuple(found)


def answer(brief: Brief, sources: Sources = Sources(), *, engine: str = "highs") -> Plan:
    """The plan for a brief: read, fit, plan.

    Raises:
        InputError: Something can't be used as it is.
        NoPlanError: The rules can't hold together.
        StoppedError: A limit was reached before there was a plan.
    """
    from mediaplan.planning.making import plan

    return plan(brief, respond(brief, read_sources(brief, sources)), engine=engine)


def columns_in(*files: Any) -> tuple[Any, ...]:
    """The `[[columns]]` tables of TOML files, for `--columns`, in the order of the files.

    Raises:
        InputError: All that is wrong with all of them.
    """
    from mediaplan.brief.reading import columns_from
    from mediaplan.errors import InputError, Problem

    problems: list[Problem] = []
    tables: list[Any] = []
    for file in files:
        try:
            tables += columns_from(file)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return tuple(tables)


@contextmanager
def about(brief: str | None, posts: Any = None) -> Iterator[None]:
    """Say the brief's file with every fault that names no file; the posts' file with faults of their status.

    Args:
        brief: The brief's file.
        posts: The posts' file, if there is one.
    """
    from mediaplan.errors import InputError, Problem

    def at(problem: Problem) -> Problem:
        if problem.file is not None:
            return problem
        of_posts = posts is not None and (problem.column or "").startswith("posts.")
        return problem.at(file=str(posts) if of_posts else brief)

    try:
        yield
    except InputError as error:
        raise InputError(*map(at, error.problems)) from error
