"""History → Response: which rows teach, one model for each kind of result, and what deserves a word."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem, check_made, nearest
from mediaplan.history.columns.kinds import CLICK
from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX, Audiences, History, Posts
from mediaplan.history.records.timing import Ends
from mediaplan.money import decimals
from mediaplan.one_thread import on_one_thread
from mediaplan.response.estimating.delay import LONGEST
from mediaplan.response.estimating.drift import week_of
from mediaplan.response.estimating.fitted import Fitted
from mediaplan.response.estimating.wearing import Wear, wear_of
from mediaplan.response.fitter import Fitter
from mediaplan.response.forecast import CrossedEstimate, covers
from mediaplan.response.past import Past, past_of
from mediaplan.response.responses import Response
from mediaplan.response.rows.arrays import Table, rows_until, table_of
from mediaplan.response.rows.cases import Attributes, attributes
from mediaplan.response.rows.crossing import crossed
from mediaplan.response.rows.naming import collect, place
from mediaplan.response.rows.observations import days_since_epoch
from mediaplan.response.rows.tables import SOURCE
from mediaplan.response.stages import Figures, stages_of
from mediaplan.slots import Slots
from mediaplan.words import Sentence

Array = NDArray[np.float64]


@on_one_thread
def fit(
    history: History,
    *,
    posts: Posts | None = None,
    audiences: Audiences | None = None,
    slots: Slots = Slots(),  # noqa: B008 - frozen and empty
    kinds: tuple[str, ...] | None = None,
    as_of: date | None = None,
    delay: float | None = None,
    warm: Response | None = None,
    seed: int = 1,
    draws: int = 100,
) -> Response:
    """Estimate what money buys on any line from what it bought.

    Args:
        history: What was spent and what came of it.
        posts: Formats, topics, dates and organic figures of posts; not needed.
        audiences: Sizes of audiences; not needed.
        slots: The brief's named slots; empty = the slots of the history count.
        kinds: Kinds of result wanted; default: those of the history.
        as_of: Day up to which results were counted; default: the last day of the history.
        delay: Days from money to counted result, on average; default: as rows by day tell it. Clicks come at once.
        warm: What an earlier history was fitted to: the fit begins there and takes fewer sweeps, for about the same
            answer (see docs/how-it-decides.md); default: it begins at what is usual.
        seed: Of the posterior draws.
        draws: Number of posterior draws.

    Raises:
        InputError: The history does not count a kind that is wanted, no row of it holds both money and results, or the
            delay is no number of days.
    """
    check_made(history, History, "history", "mediaplan.read_history(…)")
    for given, kind, name in ((posts, Posts, "posts"), (audiences, Audiences, "audiences")):
        if given is not None:
            check_made(given, kind, name, f"mediaplan.read_{name}(…)")
    _check_delay(delay)
    until = as_of or (history.last if len(history.rows) else date.min)
    wanted = _checked_kinds(history, kinds)
    rows, source, sources, late = rows_until(history, until)
    placed = place(rows, slots, history.currency)
    table = table_of(rows, source, sources, placed, collect(rows, placed, posts, audiences))
    about = attributes(table.names, posts, audiences, table.first_seen())
    listed = tuple(word for one in (posts, audiences) if one is not None for word in one.origin.warnings)
    last = days_since_epoch(pd.Series([pd.Timestamp(until)]))[0]
    whole = crossed(table, 10.0 ** decimals(history.currency))
    fitter = Fitter(whole, about, history.currency, last, delay, warm, placed.slots, history.retold)
    parts = fitter.parts(wanted)
    paid = (rows["spend"].to_numpy() > 0) & table.once
    wear = _wear(table, audiences, wanted)
    digest = history.digest
    return Response(
        currency=history.currency,
        kinds=wanted,
        names=table.names.known,
        seen=whole.table.seen(),
        estimate=_estimate(
            whole.table, about, wanted, tuple(part.fitted for part in parts), wear, placed.slots, seed, draws
        ),
        posts=posts,
        audiences=audiences,
        slots=placed.slots,
        as_of=until,
        median_line=float(np.median(rows["spend"].to_numpy()[paid])),
        warnings=(
            *history.warnings,
            *late,
            *placed.warnings,
            *(w for part in parts for w in part.warnings),
            *listed,
        ),
        history_digest=digest,
        digest=_digest(
            digest,
            posts,
            audiences,
            (slots, wanted, until, seed, draws, *(() if delay is None else (delay,)), *_begun(warm)),
        ),
        seed=seed,
        past=_past(table, Ends.of(history)),
    )


def _checked_kinds(history: History, kinds: tuple[str, ...] | None) -> tuple[str, ...]:
    wanted = history.kinds if kinds is None else kinds
    missing = [kind for kind in wanted if _column(history, kind) is None]
    if missing or not wanted:
        raise InputError(
            *(
                Problem(
                    Sentence("the history does not count results of the kind “{kind}”.", kind=kind),
                    nearest(kind, history.kinds),
                    column=RESULT_PREFIX + kind,
                    value=kind,
                )
                for kind in missing or ["result"]
            )
        )
    return tuple(wanted)


def _begun(warm: Response | None) -> tuple[str, ...]:
    return () if warm is None else (warm.digest,)


def _column(history: History, kind: str) -> str | None:
    """The column that counts this kind; clicks are a kind of result where nothing else was counted."""
    if RESULT_PREFIX + kind in history.rows:
        return RESULT_PREFIX + kind
    return "clicks" if kind == "click" and history.rows["clicks"].notna().any() else None


def _check_delay(delay: float | None) -> None:
    if delay is not None and not 0.0 <= delay <= LONGEST:
        raise InputError(
            Problem(
                Sentence("a delay of {days} days can't be.", days=delay),
                Sentence("Give the mean days from money to counted result, from 0 to {most}.", most=LONGEST),
                column="delay",
                value=str(delay),
            )
        )


def _wear(table: Table, audiences: Audiences | None, kinds: tuple[str, ...]) -> Wear:
    once = table.once
    told_once = table.only(once)
    wear = wear_of(told_once.rows, audiences, [told_once.counts(kind) for kind in kinds])
    daily, usual = wear.daily.copy(), wear.usual.copy()
    for at, kind in enumerate(kinds):
        counts = table.counts(kind)
        known = (table.spend > 0) & ~np.isnan(counts)
        if (known & once).any() or not known.any():
            continue
        # only other tables of the same money count this kind: the first of them, so that nothing counts twice
        mine = table.codes[SOURCE] == table.codes[SOURCE][known].min()
        told = wear_of(table.rows[mine], audiences, [counts[mine]])
        daily[at], usual[at] = told.daily[0], told.usual[0]
    return replace(wear, daily=daily, usual=usual)


def _past(table: Table, ends: Ends) -> Past:
    paid = table.only(table.spend > 0)
    once = paid.only(paid.once)
    past = past_of(once.rows, once.codes, once.counted, ends)
    return replace(past, stages=stages_of(_figures(paid)))


def _figures(paid: Table) -> Figures:
    """All rows with money, of all tables."""
    rows, source = paid.rows, paid.codes[SOURCE]
    spend, shown, clicks = (rows[c].to_numpy(dtype=np.float64) for c in ("spend", "impressions", "clicks"))
    results = {
        str(column).removeprefix(RESULT_PREFIX): rows[column].to_numpy(dtype=np.float64)
        for column in rows
        if str(column).startswith(RESULT_PREFIX)
    }
    return Figures(
        {d: paid.codes[d] for d in DIMENSIONS},
        source,
        paid.sources.group(source),
        week_of(paid.start + (paid.days - 1.0) / 2.0),
        spend,
        shown,
        clicks,
        {CLICK: clicks, **results},
    )


def _estimate(
    table: Table,
    about: Attributes,
    kinds: tuple[str, ...],
    fits: tuple[Fitted, ...],
    wear: Wear,
    slots: Slots,
    seed: int,
    draws: int,
) -> CrossedEstimate:
    line, pair = (
        covers(table.money, about, table.sources, of) for of in (DIMENSIONS, ("channel", "audience"))
    )
    return CrossedEstimate(kinds, fits, about, slots, line, pair, wear, seed, draws)


def _digest(history: str, posts: Posts | None, audiences: Audiences | None, more: object) -> str:
    total = hashlib.sha256(history.encode())
    for table in (posts, audiences):
        total.update(b"-" if table is None else table.rows.to_csv(index=False).encode())
    total.update(repr(more).encode())
    return total.hexdigest()
