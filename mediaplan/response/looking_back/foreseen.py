"""What was bought in a past week, what the model and the averages had foreseen of it, and what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, Audiences, Posts
from mediaplan.response.curves import pooled, realised
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Codes, Lines
from mediaplan.response.looking_back.baselines import naive
from mediaplan.response.looking_back.origins import Origin, Summed, column_of, summed
from mediaplan.response.responses import Response
from mediaplan.response.rows.naming import Names, collect, place
from mediaplan.response.rows.spreading import Money, spread_over
from mediaplan.response.rows.tables import stacked
from mediaplan.slots import Slots

Array = NDArray[np.float64]
Worth = Callable[[Response, Lines], Array]
"""Worth of one result of each kind on each line, shape (kinds, lines)."""

MOST_REALISATIONS = 4_000_000
"""Counts drawn for a week at the most; of many lines fewer copies tell as much."""

REACTIONS = ("likes", "comments", "shares", "saves")


@dataclass(frozen=True)
class Measure:
    """What is counted as success.

    Attributes:
        name: The kind of result, or what the brief calls it.
        kinds: Kinds of result that it adds up.
        worth: Weights of these kinds; `None` = one each.
        is_value: Whether it is value rather than a number of results.
    """

    name: str
    kinds: tuple[str, ...]
    worth: Worth | None = None
    is_value: bool = False


@dataclass(frozen=True, eq=False)
class Foreseen:
    """One week and one measure, n lines.

    Attributes:
        start, end: The week.
        past_weeks: Weeks that the model had learnt from.
        lines: Shape (n,), a name for each line that is the same in every week.
        spend: Shape (n,), major units of money, > 0.
        actual: Shape (n,), what came, in the measure.
        model, averages: Shape (n,), what the model and the average cost per result had foreseen.
        draws: Shape (n, realisations), what might come according to the model.
        engagement: Shape (n,), organic engagement per person reached, NaN where not known; `None` without figures.
        unit: Mean worth of one result.
        unknown: Money of rows whose results are not told, left out.
    """

    start: date
    end: date
    past_weeks: int
    lines: NDArray[np.object_]
    spend: Array
    actual: Array
    model: Array
    averages: Array
    draws: Array
    engagement: Array | None
    unit: float
    unknown: float

    def __len__(self) -> int:
        return len(self.spend)


def foresee(
    origin: Origin,
    measures: Sequence[Measure],
    *,
    posts: Posts | None,
    audiences: Audiences | None,
    slots: Slots,
    seed: int,
) -> tuple[Foreseen, ...]:
    """Fit what was known before the week and foretell what was bought in it, once for each measure.

    Args:
        origin: The week and its past.
        measures: What counts.
        posts: As for the fit.
        audiences: As for the fit.
        slots: As for the fit.
        seed: Of all random numbers.
    """
    kinds = tuple(dict.fromkeys(kind for measure in measures for kind in measure.kinds))
    response = fit(
        origin.past,
        posts=posts,
        audiences=audiences,
        slots=slots,
        kinds=kinds,
        as_of=(pd.Timestamp(origin.start) - pd.Timedelta(days=1)).date(),
        seed=seed,
    )
    rows, _, _ = stacked(origin.past)
    names = collect(rows, place(rows, slots, origin.past.currency), posts, audiences)
    averages = naive(origin.past, response)
    engaged = None if posts is None else engagement(posts)
    return tuple(_foretold(origin, m, response, averages, names, engaged) for m in measures)


def _foretold(
    origin: Origin,
    measure: Measure,
    response: Response,
    averages: Response,
    names: Names,
    engaged: Mapping[str, float] | None,
) -> Foreseen:
    columns = [column_of(kind, origin.bought) for kind in measure.kinds]
    known = origin.bought[columns].notna().all(axis=1).to_numpy()
    rows = origin.bought[known].reset_index(drop=True)
    asked = _money(rows, names)
    figures = rows[["spend", *columns]].to_numpy(dtype=np.float64).T
    week = summed(rows, np.column_stack([asked.codes, asked.group]), figures)
    spend, counts = week.figures[0], week.figures[1:]
    bought = Money(week.codes[:, : len(DIMENSIONS)], week.codes[:, -1], spend)
    parts = spread_over(bought, [_money(table, names) for table in origin.beside])
    lines, each = _lines(names, week, bought.codes), _lines(names, week, parts.codes, parts.of)
    each_weight = measure.worth(response, each) if measure.worth else np.ones((len(counts), len(each)))
    weights = np.add.reduceat(each_weight * parts.share, parts.first, axis=1)
    chosen = [response.kinds.index(kind) for kind in measure.kinds]
    curves = response.curves(each).of_kinds(measure.kinds).measured_in(each_weight)
    curves = replace(curves, scale=curves.scale / parts.lines[parts.of][None, :, None])
    copies = int(np.clip(MOST_REALISATIONS // max(curves.rate.size, 1), 1, 8))
    money = spend[parts.of] * parts.share
    mean = np.add.reduceat(pooled(curves, money).mean(axis=2), parts.first, axis=1)
    drawn = realised(curves, money, response.seed, copies, parts.first)
    model = (weights * mean).sum(axis=0)
    return Foreseen(
        origin.start,
        origin.end,
        origin.past_weeks,
        _called(lines),
        spend,
        (weights * counts).sum(axis=0),
        model,
        (weights * averages.curves(lines).results(spend)[chosen, :, 0]).sum(axis=0),
        (weights[:, :, None] * drawn).sum(axis=0),
        _engaged(lines, engaged),
        float(model.sum() / mean.sum()) if model.sum() > 0 else 1.0,
        float(origin.bought["spend"].to_numpy()[~known].sum()),
    )


def _money(rows: pd.DataFrame, names: Names) -> Money:
    codes = np.column_stack([names.codes(d, rows[d]) for d in DIMENSIONS])
    group = rows["group"].fillna(-1).to_numpy(dtype=np.int32) + 1 if "group" in rows else np.zeros(len(rows))
    return Money(codes, group.astype(np.int32), rows["spend"].to_numpy(dtype=np.float64))


def _lines(names: Names, week: Summed, codes: Codes, of: NDArray[np.intp] | None = None) -> Lines:
    """Lines of the week with these codes, on the dates of all its rows or of those."""
    by = {d: codes[:, at] for at, d in enumerate(DIMENSIONS)}
    start, days = (week.start, week.days) if of is None else (week.start[of], week.days[of])
    return Lines(names.taught, by, start, days)


def _called(lines: Lines) -> NDArray[np.object_]:
    """A name for each line, made of its names."""
    parts = [lines.labels(d) for d in DIMENSIONS]
    called = np.empty(len(lines), dtype=object)
    called[:] = list(zip(*parts, strict=True))
    return called


def _engaged(lines: Lines, engaged: Mapping[str, float] | None) -> Array | None:
    if engaged is None:
        return None
    rates: Array = np.array([engaged.get(post, np.nan) for post in lines.labels("post")], dtype=np.float64)
    return rates if len(np.unique(rates[~np.isnan(rates)])) > 1 else None


def engagement(posts: Posts) -> Mapping[str, float] | None:
    """Organic engagements per person reached, by post; `None` where the table does not hold both.

    Args:
        posts: With `organic_reach` and `organic_engagements`, or the single reactions that make them up.
    """
    rows = posts.rows
    single = [f"organic_{name}" for name in REACTIONS if f"organic_{name}" in rows]
    if "organic_reach" not in rows or not ("organic_engagements" in rows or single):
        return None
    if "organic_engagements" in rows:
        engagements = rows["organic_engagements"]
    else:
        engagements = rows[single].sum(axis=1, min_count=1)
    reached = rows["organic_reach"].where(rows["organic_reach"] > 0)
    rates = (engagements / reached).to_numpy(dtype=np.float64)
    return dict(zip(rows["post"].astype(str), rates.tolist(), strict=True))
