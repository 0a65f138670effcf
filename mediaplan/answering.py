"""Files and a brief become a plan: the whole river in one place, for the command line, the browser and batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mediaplan.brief.briefs import Brief
    from mediaplan.history.reading.ratecards import Rates
    from mediaplan.history.records.records import Audiences, History, Posts
    from mediaplan.learning.ledger import Ledger
    from mediaplan.planning.answer.plans import Plan
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
        ledger: A table of past plans; `None` = the one that the brief names, if any.
        rates: A rate card; `None` = the one that the brief names, if any.
    """

    history: tuple[Any, ...] = ()
    posts: Any = None
    audiences: Any = None
    columns: tuple[Any, ...] = ()
    ledger: Any = None
    rates: Any = None


@dataclass(frozen=True, eq=False)
class Records:
    """What was read.

    Attributes:
        history: What happened.
        posts, audiences: Who was concerned; `None` where no table was given.
        ledger: Past plans, promised against delivered; `None` where no table was given.
        rates: What lines cost and bring as stated; `None` where no table was given.
    """

    history: History
    posts: Posts | None
    audiences: Audiences | None
    ledger: Ledger | None = None
    rates: Rates | None = None


def read_sources(
    brief: Brief | None, sources: Sources = Sources(), progress: Callable[[float], None] | None = None
) -> Records:
    """Read all tables that a brief is to be answered from.

    Args:
        brief: Whose currency, rates, mappings and files count; `None` = the currency that the history itself states.
        sources: Files that go before those that the brief names.
        progress: Told the share (0-1) of a large file that was read.

    Raises:
        InputError: All faults of all files, or that no history is named.
    """
    import pandas as pd

    from mediaplan.brief.briefs import Data
    from mediaplan.errors import InputError, Problem
    from mediaplan.history.columns.columns import read_columns
    from mediaplan.history.naming.describing import described
    from mediaplan.history.naming.joining import joined
    from mediaplan.history.reading.ratecards import read_rates
    from mediaplan.history.reading.reading import read_audiences, read_history, read_posts
    from mediaplan.history.records.records import History
    from mediaplan.learning.reading import read_ledger
    from mediaplan.words import Sentence

    named = Data() if brief is None else brief.data
    judged = brief is not None and bool(brief.judgements)
    files = sources.history or named.history
    rates_file = sources.rates or named.rates
    if not files and not judged and not rates_file:
        raise InputError(
            Problem(
                Sentence("there is no history to plan from."),
                Sentence(
                    "Name one with --history or a rate card with --rates, or in the brief: data = {example}.",
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

    tables = (*sources.columns, *(() if brief is None else brief.columns))
    columns = tuple(attempt(read_columns, table) for table in tables)
    history = None
    if not files and brief is not None:
        history = History(pd.DataFrame(), brief.currency, _judged_kinds(brief))
    elif not problems:
        money = {} if brief is None else {"currency": brief.currency, "exchange": brief.exchange}
        history = attempt(read_history, *files, columns=columns, progress=progress, **money)
    rates = attempt(read_rates, rates_file) if rates_file else None
    posts_file, audiences_file = sources.posts or named.posts, sources.audiences or named.audiences
    posts = attempt(read_posts, *_several(posts_file)) if posts_file else None
    audiences = attempt(read_audiences, *_several(audiences_file)) if audiences_file else None
    ledger_file = sources.ledger or named.ledger
    ledger = attempt(read_ledger, ledger_file) if ledger_file else None
    if problems or history is None:
        raise InputError(*problems)
    told = history if posts is None else joined(history, posts)
    return Records(told, described(posts, told), audiences, ledger, rates)


def _several(files: Any) -> tuple[Any, ...]:
    return tuple(files) if isinstance(files, (tuple, list)) else (files,)


def respond(brief: Brief, records: Records) -> Response:
    """Fit what money buys, with the brief's slots and the kinds of result that its goal counts.

    Clicks beside results count where the goal names them: `type = "click"`.

    Raises:
        InputError: The history can't answer the brief's goal.
    """
    from mediaplan.response.given.rating import from_rates, rated

    if records.rates is None:
        return _learnt(brief, records)
    if len(records.history.rows) or brief.judgements:
        return rated(_learnt(brief, records), records.rates, brief.rates)
    return from_rates(
        records.rates,
        currency=brief.currency,
        as_of=brief.as_of or brief.start,
        posts=records.posts,
        audiences=records.audiences,
        slots=brief.named_slots,
    )


def _learnt(brief: Brief, records: Records) -> Response:
    """What the history and the judgements say."""
    from mediaplan.learning.correcting import trusted
    from mediaplan.planning.asking.judging import check_judgements, dated, with_names
    from mediaplan.response.fitting import fit
    from mediaplan.response.given.judging import judged

    if not len(records.history.rows):
        return _guessed(brief, records)
    _check_day(brief, records.history)
    response = fit(
        with_names(records.history, brief.judgements),
        posts=records.posts,
        audiences=records.audiences,
        slots=brief.named_slots,
        kinds=kinds_of(brief, records.history),
        as_of=brief.as_of,
        delay=brief.delay,
    )
    response = replace(response, warnings=(*response.warnings, *_doubts(brief, records.history)))
    check_judgements(brief, records.history, response)
    response = judged(response, dated(brief))
    return response if records.ledger is None else trusted(response, records.ledger)


def _judged_kinds(brief: Brief) -> tuple[str, ...]:
    """Kinds of result that the judgements speak of: without a word, the goal's, or simply results."""
    usual = brief.goal.type or next(iter(brief.goal.values), "result")
    return tuple(sorted({judgement.type or usual for judgement in brief.judgements}))


def _guessed(brief: Brief, records: Records) -> Response:
    """What the judgements say where there is no history."""
    from mediaplan.learning.correcting import trusted
    from mediaplan.planning.asking.judging import check_guess, dated
    from mediaplan.response.given.judging import guess

    kinds = brief.goal.counted(records.history.kinds)
    response = guess(
        dated(brief, kinds[0]),
        currency=brief.currency,
        as_of=brief.as_of or brief.start,
        kinds=kinds,
        posts=records.posts,
        audiences=records.audiences,
        slots=brief.named_slots,
    )
    check_guess(brief, response)
    return response if records.ledger is None else trusted(response, records.ledger)


def learn(brief: Brief | None, records: Records) -> Response:
    """Fit what a history tells by itself: for the kinds of result that a brief's goal counts, else for each.

    Raises:
        InputError: The goal counts what the history does not, or the history can't be fitted.
    """
    from mediaplan.history.columns.kinds import by_name
    from mediaplan.response.fitting import fit
    from mediaplan.slots import Slots

    kinds = None
    if brief is not None and (brief.goal.type or brief.goal.values):
        kinds = brief.goal.counted(records.history.kinds, by_name(records.history))
    return fit(
        records.history,
        posts=records.posts,
        audiences=records.audiences,
        slots=Slots() if brief is None else brief.named_slots,
        kinds=kinds,
        as_of=None if brief is None else brief.as_of,
        delay=None if brief is None else brief.delay,
    )


def kinds_of(brief: Brief, history: History) -> tuple[str, ...]:
    """The kinds of result that the brief's goal counts in that history.

    Raises:
        InputError: It counts none of that name, or several and the goal does not choose.
    """
    from mediaplan.history.columns.kinds import by_name

    return brief.goal.counted(history.kinds, by_name(history))


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
    from mediaplan.settling import settled

    records = read_sources(brief, sources)
    brief = settled(brief, records.history)
    return plan(brief, respond(brief, records), engine=engine)


def columns_in(*files: Any) -> tuple[Any, ...]:
    """The `[[columns]]` and `[[names]]` tables of TOML files, for `--mapping`, in the order of the files.

    Returns:
        Tables of columns, then one table with the `names` of all files.

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
    names = [rule for table in tables if set(table) == {"names"} for rule in table["names"]]
    found = tuple(table for table in tables if set(table) != {"names"})
    return (*found, {"names": names}) if names else found


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
