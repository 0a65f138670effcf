"""Files and a brief become a plan: the whole river in one place, for the command line, the browser and batches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mediaplan.brief.briefs import Brief
    from mediaplan.history.records import Audiences, History, Posts
    from mediaplan.planning.plans import Plan
    from mediaplan.response.responses import Response


@dataclass(frozen=True)
class Sources:
    """Where the data of a brief are: paths, or uploaded files with their content.

    Attributes:
        history: Any number; empty = those that the brief names.
        posts, audiences: One each; `None` = the one that the brief names, if any.
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


def read_sources(brief: Brief, sources: Sources = Sources()) -> Records:
    """Read all tables that a brief is to be answered from.

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
            read_history, *files, columns=columns, currency=brief.currency, exchange=brief.exchange
        )
    posts_file, audiences_file = sources.posts or brief.data.posts, sources.audiences or brief.data.audiences
    posts = attempt(read_posts, posts_file) if posts_file is not None else None
    audiences = attempt(read_audiences, audiences_file) if audiences_file is not None else None
    if problems or history is None:
        raise InputError(*problems)
    return Records(history, posts, audiences)


def respond(brief: Brief, records: Records) -> Response:
    """Fit what money buys, with the brief's slots and the kinds of result that its goal counts.

    Raises:
        InputError: The history can't answer the brief's goal.
    """
    from mediaplan.response.fitting import fit

    return fit(
        records.history,
        posts=records.posts,
        audiences=records.audiences,
        slots=brief.named_slots,
        kinds=brief.goal.counted(records.history.kinds),
        as_of=brief.as_of,
    )


def answer(brief: Brief, sources: Sources = Sources(), *, engine: str = "highs") -> Plan:
    """The plan for a brief: read, fit, plan.

    Raises:
        InputError: Something can't be used as it is.
        NoPlanError: The rules can't hold together.
        StoppedError: A limit was reached before there was a plan.
    """
    from mediaplan.planning.making import plan

    return plan(brief, respond(brief, read_sources(brief, sources)), engine=engine)


def columns_in(path: str | Path) -> tuple[Any, ...]:
    """The `[[columns]]` tables of a TOML file, for `--columns`.

    Raises:
        InputError: The file can't be read.
    """
    import tomllib

    from mediaplan.errors import InputError, Problem
    from mediaplan.words import Sentence

    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        message = Sentence("the mapping can't be read: {reason}.", reason=str(error))
        remedy = Sentence("Write it as TOML with [[columns]] tables: see docs/formats.md.")
        raise InputError(Problem(message, remedy, file=str(path))) from None
    return tuple(table.get("columns", ()))
