"""History → Response: which rows teach, one model for each kind of result, and what deserves a word."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.records import DIMENSIONS, RESULT_PREFIX, Audiences, History, Posts
from mediaplan.money import Money, decimals
from mediaplan.response.backfitting import Fitted, backfit
from mediaplan.response.cases import Attributes, Codes, attributes
from mediaplan.response.effects import Factor
from mediaplan.response.forecast import Cover, CrossedEstimate
from mediaplan.response.naming import Names, Placed, collect, place
from mediaplan.response.observations import Observations, calendar_days, days_since_epoch, observe
from mediaplan.response.responses import Response
from mediaplan.response.wearing import Wear, wear_of
from mediaplan.slots import Slots
from mediaplan.words import Sentence

Array = NDArray[np.float64]

FEW = 10
"""Results or observations below which an answer is mostly what is usual elsewhere."""

MANY = 10.0
"""Results per major unit of money above which figures are doubted."""


def fit(
    history: History,
    *,
    posts: Posts | None = None,
    audiences: Audiences | None = None,
    slots: Slots = Slots(),  # noqa: B008 - frozen and empty
    kinds: tuple[str, ...] | None = None,
    as_of: date | None = None,
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
        seed: Of the posterior draws.
        draws: Number of posterior draws.

    Raises:
        InputError: The history does not count a kind that is wanted, or no row of it holds both money and results.
    """
    until = as_of or (history.last if len(history.rows) else date.min)
    wanted = _checked_kinds(history, kinds)
    rows, late = _until(history, until)
    placed = place(rows, slots, history.currency)
    table = _table(rows, placed, collect(rows, placed, posts, audiences))
    about = attributes(table.names, posts, audiences, table.first_seen())
    parts = [_fit_kind(kind, table, about, history.currency) for kind in wanted]
    paid = rows["spend"].to_numpy() > 0
    wear = wear_of(rows, audiences, [table.counts(kind) for kind in wanted])
    return Response(
        currency=history.currency,
        kinds=wanted,
        names=table.names.known,
        seen=table.seen(),
        estimate=_estimate(
            table, about, wanted, tuple(part.fitted for part in parts), wear, placed.slots, seed, draws
        ),
        posts=posts,
        audiences=audiences,
        slots=placed.slots,
        as_of=until,
        median_line=float(np.median(rows["spend"].to_numpy()[paid])),
        warnings=(*history.warnings, *late, *placed.warnings, *(w for part in parts for w in part.warnings)),
        history_digest=history.digest,
        digest=_digest(history, posts, audiences, (slots, wanted, until, seed, draws)),
        seed=seed,
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


def _column(history: History, kind: str) -> str | None:
    """The column that counts this kind; clicks are a kind of result where nothing else was counted."""
    if RESULT_PREFIX + kind in history.rows:
        return RESULT_PREFIX + kind
    return "clicks" if kind == "click" and history.rows["clicks"].notna().any() else None


def _until(history: History, until: date) -> tuple[pd.DataFrame, tuple[Sentence, ...]]:
    """Rows that began up to that day."""
    late = (history.rows["date"] > pd.Timestamp(until)).to_numpy()
    if not late.any():
        return history.rows, ()
    word = Sentence(
        "Left out of the estimate: {amount} spent after {day} (rows: {count}).",
        count=int(late.sum()),
        day=until,
        amount=_money(history.rows["spend"].to_numpy()[late].sum(), history.currency),
    )
    return history.rows[~late].reset_index(drop=True), (word,)


@dataclass(frozen=True, eq=False)
class _Table:
    """The rows of the history as arrays.

    Attributes:
        rows: As of the history.
        names: Of each dimension.
        codes: For each dimension shape (rows,).
        start, days, counted: First day, dates covered, and days that count for saturation.
    """

    rows: pd.DataFrame
    names: Names
    codes: Mapping[str, Codes]
    start: Array
    days: Array
    counted: Array

    def first_seen(self) -> Array:
        """Shape (posts,), the first day of each post with money; NaN = never."""
        first = np.full(len(self.names.taught["post"]) + 1, np.inf)
        np.minimum.at(first, self.codes["post"], self.start)
        return np.where(np.isfinite(first), first, np.nan)[:-1]

    def seen(self) -> NDArray[np.int32]:
        """Combinations with money, as codes of names that lines may have."""
        paid = self.rows["spend"].to_numpy() > 0
        paid &= self.codes["slot"] < len(self.names.known["slot"])
        each = pd.DataFrame({d: self.codes[d][paid] for d in DIMENSIONS}).drop_duplicates()
        return each.sort_values(list(DIMENSIONS)).to_numpy(dtype=np.int32)

    def counts(self, kind: str) -> Array:
        """Shape (rows,), results of that kind, NaN = not told; clicks where nothing else counts them."""
        column = RESULT_PREFIX + kind
        return self.rows[column if column in self.rows else "clicks"].to_numpy(dtype=np.float64)

    def observe(self, counts: Array, taught: NDArray[np.bool_]) -> Observations:
        """The rows that teach, summed by line and week."""
        spend = self.rows["spend"].to_numpy(dtype=np.float64)
        codes = {d: self.codes[d][taught] for d in DIMENSIONS}
        columns = (self.start, self.days, self.counted, spend, counts)
        return observe(codes, *(column[taught] for column in columns))


def _table(rows: pd.DataFrame, placed: Placed, names: Names) -> _Table:
    labels = {d: placed.labels if d == "slot" else rows[d].to_numpy(dtype=object) for d in DIMENSIONS}
    codes = {d: names.codes(d, labels[d]) for d in DIMENSIONS}
    start = days_since_epoch(rows["date"])
    days = rows["days"].to_numpy(dtype=np.float64)
    counted = calendar_days(start, days, codes["slot"], names.taught["slot"], placed.slots)
    return _Table(rows, names, codes, start, days, counted)


@dataclass(frozen=True, eq=False)
class _Part:
    """What was learnt of one kind, and what deserves a word."""

    fitted: Fitted
    warnings: tuple[Sentence, ...]


def _fit_kind(kind: str, table: _Table, about: Attributes, currency: str) -> _Part:
    column, counts = RESULT_PREFIX + kind, table.counts(kind)
    spend = table.rows["spend"].to_numpy(dtype=np.float64)
    taught = (spend > 0) & ~np.isnan(counts)
    if not taught.any():
        raise InputError(
            Problem(
                Sentence(
                    "no row of the history holds both money and results of the kind “{kind}”.", kind=kind
                ),
                Sentence("Give a history in which some rows hold both, or ask for another kind of result."),
                column=column,
            )
        )
    seen = table.observe(counts, taught)
    cases = about.describe(seen.codes, seen.day)
    dimensions = {d for d, code in cases.codes.items() if (code >= 0).any()}
    fitted = backfit(seen, cases, about.sizes, dimensions)
    return _Part(fitted, _words(kind, counts, spend, len(seen), currency))


def _words(kind: str, counts: Array, spend: Array, observed: int, currency: str) -> tuple[Sentence, ...]:
    """What a reader of the plan should know of this kind's figures."""
    free = (spend == 0) & (counts > 0)
    unknown = (spend > 0) & np.isnan(counts)
    taught = (spend > 0) & ~np.isnan(counts)
    results, money = float(counts[taught].sum()), float(spend[taught].sum())
    said = []
    if free.any():
        said.append(
            Sentence(
                "Left out of the estimate: {results} results of the kind “{kind}” that no money stands beside "
                "(rows: {count}).",
                count=int(free.sum()),
                results=float(counts[free].sum()),
                kind=kind,
            )
        )
    if unknown.any():
        said.append(
            Sentence(
                "Left out of the estimate of “{kind}”: {amount} whose results are not told (rows: {count}).",
                count=int(unknown.sum()),
                amount=_money(spend[unknown].sum(), currency),
                kind=kind,
            )
        )
    if results == 0:
        said.append(
            Sentence(
                "No result of the kind “{kind}” came of {amount}: all that can be said is that it is rare.",
                kind=kind,
                amount=_money(money, currency),
            )
        )
    elif min(results, observed) < FEW:
        said.append(
            Sentence(
                "The estimate of “{kind}” rests on little (results: {results}; lines and weeks: {count}) and is "
                "mostly what is usual elsewhere.",
                results=results,
                kind=kind,
                count=observed,
            )
        )
    if results > MANY * money:
        said.append(
            Sentence(
                "{results} results of the kind “{kind}” for {amount} are unusually many: check the figures and "
                "the currency.",
                results=results,
                kind=kind,
                amount=_money(money, currency),
            )
        )
    return tuple(said)


def _estimate(
    table: _Table,
    about: Attributes,
    kinds: tuple[str, ...],
    fits: tuple[Fitted, ...],
    wear: Wear,
    slots: Slots,
    seed: int,
    draws: int,
) -> CrossedEstimate:
    paid = table.rows["spend"].to_numpy() > 0
    seen = table.observe(np.zeros(len(paid)), paid)
    cases = about.describe(seen.codes, seen.day)
    broken_down = tuple(d for d in DIMENSIONS if (seen.codes[d] >= 0).any())
    place_of = tuple(d for d in ("channel", "audience") if d in broken_down)
    daily = seen.spend / seen.days
    line, pair = (Cover.of(Factor(of, 0.0), cases, about.sizes, daily) for of in (broken_down, place_of))
    return CrossedEstimate(kinds, fits, about, slots, line, pair, wear, seed, draws)


def _money(amount: float, currency: str) -> Money:
    return Money(round(float(amount) * 10 ** decimals(currency)), currency)


def _digest(history: History, posts: Posts | None, audiences: Audiences | None, more: object) -> str:
    total = hashlib.sha256(history.digest.encode())
    for table in (posts, audiences):
        total.update(b"-" if table is None else table.rows.to_csv(index=False).encode())
    total.update(repr(more).encode())
    return total.hexdigest()
