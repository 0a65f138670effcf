"""Where the data of a brief are, and what was read of them, with all their faults at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mediaplan.brief.briefs import Brief
    from mediaplan.errors import Problem
    from mediaplan.history.reading.ratecards import Rates
    from mediaplan.history.records.records import Audiences, History, Posts
    from mediaplan.learning.ledger import Ledger
    from mediaplan.words import Sentence


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

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of result that history and rate card count; a card's of no kind are those of the history's only one."""
        from mediaplan.history.columns.kinds import RESULT

        own = self.history.kinds
        stated = () if self.rates is None else self.rates.kinds
        return (*own, *(kind for kind in stated if kind not in own and (kind != RESULT or len(own) != 1)))

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """What deserves a word of all that was read."""
        return _warnings(self.history, self.posts, self.audiences, self.rates)


def read_sources(
    brief: Brief | None, sources: Sources = Sources(), progress: Callable[[float], None] | None = None
) -> Records:
    """Read all tables that a brief is to be answered from.

    Args:
        brief: Whose currency, rates, mappings and files count; `None` = the currency that the history itself states.
        sources: Files that go before those that the brief names.
        progress: Told the share (0-1) of all files that was read.

    Raises:
        InputError: All faults of all files, or that no history is named.
    """
    import pandas as pd

    from mediaplan.brief.briefs import Data
    from mediaplan.errors import InputError
    from mediaplan.history.columns.columns import read_columns
    from mediaplan.history.naming.describing import described
    from mediaplan.history.naming.joining import joined
    from mediaplan.history.reading.ratecards import read_rates
    from mediaplan.history.reading.reading import read_audiences, read_history, read_posts
    from mediaplan.history.records.records import History
    from mediaplan.learning.reading import read_ledger

    named = Data() if brief is None else brief.data
    judged = brief is not None and bool(brief.judgements)
    files = sources.history or named.history
    rates_file = sources.rates or named.rates
    if not files and not judged and not rates_file:
        raise InputError(_no_history())
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
        raise InputError(*problems, warnings=_warnings(history, posts, audiences, rates))
    told = history if posts is None else joined(history, posts)
    return Records(told, described(posts, told), audiences, ledger, rates)


def _no_history() -> Problem:
    from mediaplan.errors import Problem
    from mediaplan.words import Sentence

    message = Sentence("there is no history to plan from.")
    remedy = Sentence(
        "Name one with --history or a rate card with --rates, or in the brief: data = {example}.",
        example='{ history = ["history.csv"] }',
    )
    return Problem(message, remedy)


def _warnings(history: History | None, *tables: Posts | Audiences | Rates | None) -> tuple[Sentence, ...]:
    """What deserves a word of those that were read, the history first."""
    listed = (warning for table in tables if table is not None for warning in table.origin.warnings)
    return (*(() if history is None else history.warnings), *listed)


def _several(files: Any) -> tuple[Any, ...]:
    return tuple(files) if isinstance(files, (tuple, list)) else (files,)


def _judged_kinds(brief: Brief) -> tuple[str, ...]:
    """Kinds of result that the judgements speak of: without a word, the goal's, or simply results."""
    usual = brief.goal.type or next(iter(brief.goal.values), "result")
    return tuple(sorted({judgement.type or usual for judgement in brief.judgements}))


def columns_in(*files: Any) -> tuple[Any, ...]:
    """The `[[columns]]` and `[[names]]` tables of TOML files, for `--mapping`, in the order of the files.

    Returns:
        Tables of columns, then one table with the `names` of all files.

    Raises:
        InputError: All that is wrong with all of them.
    """
    from mediaplan.brief.reading import columns_from
    from mediaplan.errors import InputError

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
