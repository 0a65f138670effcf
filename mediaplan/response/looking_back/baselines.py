"""Named baselines, only to be compared with: the averages and splits that people plan by without a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX, History
from mediaplan.response.curves import Curves
from mediaplan.response.lines import Codes, Lines
from mediaplan.response.responses import Response
from mediaplan.response.rows.naming import Names, place

Array = NDArray[np.float64]

POOL = ("channel", "audience", "slot")
ENDLESS = 1e18
"""Money at which an average is taken to bend: never."""


@dataclass(frozen=True, eq=False)
class _Totals:
    """What was spent and counted on each combination of some dimensions, by sorted key."""

    of: tuple[str, ...]
    sizes: Mapping[str, int]
    keys: NDArray[np.int64]
    spend: Array
    counts: Array

    @classmethod
    def add(cls, of: tuple[str, ...], codes: Mapping[str, Codes], names: Names, figures: Array) -> _Totals:
        """Sum `figures`, shape (1 + kinds, rows): spend, then each kind's results."""
        sizes = {d: len(names.taught[d]) + 1 for d in DIMENSIONS}
        keys, at = np.unique(_key(of, codes, sizes), return_inverse=True)
        sums = np.stack([np.bincount(at, row, len(keys)) for row in figures]).astype(np.float64)
        return cls(of, sizes, keys, sums[0], sums[1:])

    def at(self, codes: Mapping[str, Codes]) -> tuple[Array, Array]:
        """Spend, shape (lines,), and counts, shape (kinds, lines), of each line's combination; 0 where never bought."""
        wanted = _key(self.of, codes, self.sizes)
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        known = self.keys[place] == wanted
        return np.where(known, self.spend[place], 0.0), np.where(known, self.counts[:, place], 0.0)


def _key(of: tuple[str, ...], codes: Mapping[str, Codes], sizes: Mapping[str, int]) -> NDArray[np.int64]:
    key = np.zeros(len(codes["post"]), dtype=np.int64)
    for dimension in of:
        key = key * sizes[dimension] + codes[dimension] + 1
    return key


@dataclass(frozen=True, eq=False)
class Averages:
    """Average results per money: of the line if it was bought, else of its channel, audience and slot, else of all.

    Attributes:
        kinds: Kinds of result.
        line, pool, all: Totals of the history.
    """

    kinds: tuple[str, ...]
    line: _Totals
    pool: _Totals
    all: _Totals

    def curves(self, lines: Lines) -> Curves:
        """Straight lines: the average goes on for ever."""
        rate = np.zeros((len(self.kinds), len(lines)))
        for totals in (self.all, self.pool, self.line):
            spend, counts = totals.at(lines.codes)
            rate = np.where(spend > 0, counts / np.maximum(spend, 1e-300), rate)
        spend, _ = self.line.at(lines.codes)
        shape = (*rate.shape, 1)
        return Curves(
            self.kinds, rate[:, :, None], np.full(shape, ENDLESS), np.zeros(len(self.kinds)), spend, spend > 0
        )


def naive(history: History, response: Response) -> Response:
    """The same response with averages instead of a model: what a linear program on cost per result is given."""
    estimate = _averages(history, response)
    return replace(response, estimate=estimate)


def _averages(history: History, response: Response) -> Averages:
    rows = history.rows
    placed = place(rows, response.slots, history.currency)
    slots = response.names["slot"]
    extra = tuple(sorted({str(label) for label in placed.labels.dropna().unique()} - set(slots)))
    names = Names(response.names, {**response.names, "slot": slots + extra})
    codes = {d: names.codes(d, placed.labels if d == "slot" else rows[d]) for d in DIMENSIONS}
    columns = [RESULT_PREFIX + k if RESULT_PREFIX + k in rows else "clicks" for k in response.kinds]
    figures = np.nan_to_num(rows[["spend", *columns]].to_numpy(dtype=np.float64).T)
    figures[1:, figures[0] == 0] = 0.0
    line, pool, everything = (_Totals.add(of, codes, names, figures) for of in (DIMENSIONS, POOL, ()))
    return Averages(response.kinds, line, pool, everything)


def equal_split(lines: Lines, budget: float) -> Array:
    """The same amount for each line.

    Args:
        lines: To share the money between.
        budget: Major units.

    Returns:
        Shape (lines,), major units.
    """
    return np.full(len(lines), budget / len(lines))


def past_split(history: History, response: Response, lines: Lines, budget: float) -> Array:
    """As much for each channel, audience and slot as in the past, in equal parts over its lines.

    Args:
        history: Whose split is repeated.
        response: Whose names the lines have.
        lines: To share the money between.
        budget: Major units.

    Returns:
        Shape (lines,), major units; an equal split where the past bought none of these places.
    """
    totals = _averages(history, response).pool
    spend, _ = totals.at(lines.codes)
    _, place, count = np.unique(
        _key(POOL, lines.codes, totals.sizes), return_inverse=True, return_counts=True
    )
    shares = spend / count[place]
    total = shares.sum()
    return shares / total * budget if total > 0 else equal_split(lines, budget)
