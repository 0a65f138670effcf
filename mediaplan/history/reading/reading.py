"""Files become records: the start of the river. Every fault of every file is said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from mediaplan.errors import InputError, Problem
from mediaplan.history.columns.columns import Columns, read_columns
from mediaplan.history.columns.currencies import Rates, factors, pegged, rates_of, unconvertible
from mediaplan.history.columns.kinds import CLICK
from mediaplan.history.files.decoding import decoded
from mediaplan.history.files.large import Progress
from mediaplan.history.files.sources import File, Source, spread
from mediaplan.history.naming.describing import together
from mediaplan.history.overlaps.overlap import distinct
from mediaplan.history.overlaps.renewing import refreshed, repeated
from mediaplan.history.reading.tabling import Tabled, added_up, emptied, read_each
from mediaplan.history.records.records import (
    COUNTS,
    DIMENSIONS,
    RESULT_PREFIX,
    Audiences,
    History,
    Origin,
    Posts,
)
from mediaplan.history.records.views import View
from mediaplan.history.rows.listings import audience_rows, post_rows
from mediaplan.history.rows.parts import read_part
from mediaplan.history.rows.rows import Part
from mediaplan.history.tables.tables import Table
from mediaplan.money import checked_currency, decimals
from mediaplan.words import Sentence

__all__ = [
    "Columns",
    "File",
    "history_of",
    "read_audiences",
    "read_columns",
    "read_history",
    "read_parts",
    "read_posts",
]

_FIRST = ["date", "days", *DIMENSIONS, "hour", "spend", *COUNTS]


def read_history(
    *sources: Source,
    columns: tuple[Columns | Mapping[str, Any], ...] = (),
    currency: str | None = None,
    exchange: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> History:
    """What was spent and what came of it, from one or several tables.

    Blank counts are "not reported" (NaN). A blank cell in a column of results is 0 results: platforms leave it
    empty where money brought none. Rows that are sums of the others are left out, and a warning says so.
    Tables that break the same money down in different ways are not added up: one gives the totals, the others stand beside
    it in `History.others`. Where exports of the
    same breakdown overlap, the newer one's rows replace the same rows of the older one.

    Args:
        sources: Paths, uploads (`File`) or DataFrames; CSV, TSV, XLSX or Parquet. A folder stands for its tables, a
            pattern (`exports/*.csv`) for the files that it fits.
        columns: Mappings of foreign columns; for each file the first whose glob matches.
        currency: The brief's: what rows without a currency are in, and what the others are converted to.
            Default: the only one that the tables state.
        exchange: Units of `currency` for one of another, by its code, or tables of those by the date from
            which they hold: `{"EUR": 655.957}`, `{"USD": {"2026-09-01": 600, "2026-10-01": 610}}`. Between EUR,
            XOF and XAF none is needed: their parity is fixed.
        progress: Told the share (0-1) of all files that was read.

    Raises:
        InputError: Everything that is wrong, each with file, row, column, value and what to do.
    """
    if not sources:
        raise InputError(Problem(Sentence("no history was given."), Sentence("Name at least one file.")))
    parts, contents = read_parts(*sources, columns=columns, currency=currency, progress=progress)
    return history_of(parts, contents, currency=currency, exchange=exchange)


def read_parts(
    *sources: Source,
    columns: tuple[Columns | Mapping[str, Any], ...] = (),
    currency: str | None = None,
    progress: Progress | None = None,
) -> tuple[list[Part], list[bytes]]:
    """What each table says by itself, before any is compared with another: the first half of `read_history`.

    Args:
        sources: Paths, uploads (`File`) or DataFrames; folders and patterns as in `read_history`.
        columns: Mappings of foreign columns; for each file the first whose glob matches.
        currency: What rows without a currency are in, where that is known.
        progress: Told the share (0-1) of all files that was read.

    Returns:
        The parts, and what tells the bytes of each one's file from others (b"" for a DataFrame).

    Raises:
        InputError: Everything that is wrong with any of them.
    """
    maps = tuple(m if isinstance(m, Columns) else read_columns(m) for m in columns)
    return _parts(spread(*sources), maps, None if currency is None else checked_currency(currency), progress)


def history_of(
    parts: list[Part],
    contents: list[bytes],
    *,
    currency: str | None = None,
    exchange: Mapping[str, Any] | None = None,
) -> History:
    """The History that tables make together, each money once: the second half of `read_history`.

    Args:
        parts: What each table says, the older before the newer.
        contents: What tells the bytes of each one's file from others; b"" where that is not known.
        currency: As in `read_history`.
        exchange: As in `read_history`.

    Raises:
        InputError: Money that no rate converts, a table given twice, tables that can't be told apart.
    """
    target = _only_currency(parts) if currency is None else checked_currency(currency)
    rates = rates_of(exchange, target)
    views = _converted(parts, contents, target, rates)
    if problems := repeated(views):
        raise InputError(*problems)
    renewed = refreshed(views, target)
    apart = distinct(renewed.views, target)
    if apart.problems:
        raise InputError(*apart.problems)
    rows = _together([view.rows for view in apart.kept], [view.rows for view in apart.others])
    kinds = tuple(c.removeprefix(RESULT_PREFIX) for c in _kinds(rows))
    said = tuple(warning for part in parts for warning in part.warnings)
    warnings = (
        *added_up(parts),
        *said,
        *_at_parity(parts, target, exchange or {}),
        *renewed.warnings,
        *apart.warnings,
    )
    others = tuple(view.rows.reindex(columns=rows.columns) for view in apart.others)
    about = together(part.about for part in parts)
    return History(
        rows, target, kinds, warnings, tuple(view.name for view in views), others, renewed.retold, about
    )


def read_posts(*sources: Source) -> Posts:
    """The posts that can be sponsored, from one table or several (paths, uploads or DataFrames).

    Raises:
        InputError: Everything that is wrong, each with file, row, column, value and what to do; a post that stands
            in two tables too.
    """
    return Posts(*_listed(sources, post_rows, ("post",)))


def read_audiences(*sources: Source) -> Audiences:
    """The audiences as the social-media manager names them, from one table or several (paths, uploads or DataFrames).

    Raises:
        InputError: Everything that is wrong, each with file, row, column, value and what to do; an audience that
            stands in two tables for the same channel too.
    """
    return Audiences(*_listed(sources, audience_rows, ("audience", "channel")))


def _listed(
    sources: tuple[Source, ...],
    read: Callable[[Table], tuple[pd.DataFrame, Origin]],
    keys: tuple[str, ...],
) -> tuple[pd.DataFrame, Origin]:
    """The rows of all tables, and where they stand; a fault for each whose keys stand in a table before."""
    if not sources:
        raise InputError(Problem(Sentence("no table was given."), Sentence("Name at least one file.")))
    found: list[tuple[pd.DataFrame, Origin]] = []
    problems: list[Problem] = []
    stands: dict[tuple[str, ...], str] = {}
    for source in spread(*sources):
        try:
            rows, origin = read(decoded(source)[0])
        except InputError as error:
            problems += error.problems
            continue
        found.append((rows, origin))
        mine = list(zip(*(rows[name].fillna("") for name in keys), strict=True))
        for at, key in enumerate(mine):
            if key in stands:
                message = Sentence("“{name}” stands in “{file}” too.", name=key[0], file=stands[key])
                remedy = Sentence("Keep it in one of the tables.")
                problems.append(Problem(message, remedy, column=keys[0], value=key[0], **origin.place(at)))
        stands |= dict.fromkeys(mine, origin.file or "–")
    if problems:
        raise InputError(*problems)
    if len(found) == 1:
        return found[0]
    warnings = tuple(warning for _, origin in found for warning in origin.warnings)
    rows = pd.concat([rows for rows, _ in found], ignore_index=True)
    return rows, Origin(warnings=warnings)


def _parts(
    sources: tuple[Source, ...], maps: tuple[Columns, ...], currency: str | None, progress: Progress | None
) -> tuple[list[Part], list[bytes]]:
    """Every source's rows and bytes; the faults of all sources together."""
    problems: list[Problem] = []
    whole_money = currency is not None and decimals(currency) == 0

    def read(_: Source, tabled: Tabled | InputError) -> tuple[Part, bytes] | None:
        if isinstance(tabled, InputError):
            problems.extend(tabled.problems)
            return None
        part = read_part(tabled.table, tabled.mapping, currency, whole_money=whole_money)
        problems.extend(sorted(part.problems, key=lambda each: (each.row is None, each.row or 0)))
        return emptied(part), tabled.content

    found = [each for each in read_each(sources, maps, read, progress) if each is not None]
    if problems:
        raise InputError(*problems)
    return [part for part, _ in found], [content for _, content in found]


def _only_currency(parts: list[Part]) -> str:
    found = sorted({code for part in parts for code in part.rows["currency"].dropna().unique()})
    if len(found) == 1:
        return str(found[0])
    if found:
        message = Sentence("this history has money in several currencies: {found}.", found=tuple(found))
        raise InputError(
            Problem(
                message,
                Sentence(
                    "State the currency to convert to: in a brief (--brief), whose [exchange] holds the rates,"
                    " or with --currency where a command takes it."
                ),
            )
        )
    raise InputError(
        Problem(
            Sentence("nothing says which currency this money is in."),
            Sentence(
                "State the currency: in a column “currency” with codes such as XOF or EUR, in a brief (--brief),"
                " or with --currency where a command takes it."
            ),
            file=parts[0].table.file,
        )
    )


def _converted(parts: list[Part], contents: list[bytes], currency: str, rates: Rates) -> list[View]:
    views = []
    problems: list[Problem] = []
    for at, (part, content) in enumerate(zip(parts, contents, strict=True), start=1):
        codes = part.rows["currency"].fillna(currency)
        fault = unconvertible(part.table.file, set(codes.unique()), rates, currency)
        if fault:
            problems.append(fault)
            continue
        by, wrong = factors(codes, part.rows["date"], rates, part.table.file)
        problems += wrong
        rows = part.rows.drop(columns="currency").assign(spend=part.rows["spend"] * by)
        name = part.table.file or f"DataFrame {at}"
        views.append(View(name, rows, content, part.platform.name if part.platform else None, part.campaigns))
    if problems:
        raise InputError(*problems)
    return views


def _at_parity(parts: list[Part], currency: str, exchange: Mapping[str, Any]) -> Iterator[Sentence]:
    """A word on money that was converted at a parity fixed by treaty, because nobody gave a rate."""
    for part in parts:
        codes = part.rows["currency"].dropna().unique()
        for code in sorted(set(codes) & set(pegged(currency)) - {str(key).upper() for key in exchange}):
            yield Sentence(
                "{file}: money in {currency} counts at the fixed parity: 1 EUR = 655.957 XOF or XAF.",
                file=part.table.file or "–",
                currency=code,
            )


def _kinds(rows: pd.DataFrame) -> list[str]:
    """The columns of results, sorted."""
    return sorted(column for column in map(str, rows.columns) if column.startswith(RESULT_PREFIX))


def _together(tables: list[pd.DataFrame], others: list[pd.DataFrame]) -> pd.DataFrame:
    """All rows, with the columns of `History.rows` in order; where one table counts clicks as results, all do.

    What only `others` count has a column too.
    """
    rows = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]
    click = RESULT_PREFIX + CLICK
    kinds = sorted({kind for table in (rows, *others) for kind in _kinds(table)})
    rows = rows.reindex(columns=[*rows, *(kind for kind in kinds if kind not in rows)])
    if click in kinds and len(tables) > 1:
        rows[click] = rows[click].where(rows[click].notna(), rows["clicks"])
    ordered = rows[[*_FIRST, *kinds, *(["group"] if others else [])]].reset_index(drop=True)
    return ordered.astype({"days": np.int64})
