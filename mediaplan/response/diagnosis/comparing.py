"""What the money of each usual line would bring on another channel, audience, slot or post, beside all that usually runs.

Where lines share people, each keeps as much of its results there as the lines that usually run there do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.curves import Curves
from mediaplan.response.diagnosis.contrasts import Doubt, doubt, log_means
from mediaplan.response.lines import Lines
from mediaplan.response.pools import kept
from mediaplan.response.responses import Response

Array = NDArray[np.float64]

MOST_USUAL = 40
"""Lines that stand for a usual week: those with most money."""

MOST_BESIDE = 400
"""Lines that wear people in a usual week: those with most money."""

FEWEST_USUAL = 4
"""Of them, where very many names are compared."""

MOST_LINES = 10_000
"""Lines whose curves are asked for in one comparison."""

MOST_AT_ONCE = 4_000
"""Lines whose curves are held at once."""


@dataclass(frozen=True, eq=False)
class Usual:
    """The lines that a history mostly bought, with the money of a week in which they run.

    Attributes:
        codes: Shape (n, 4), in the order post, channel, audience, slot.
        amounts: Shape (n,), major units of money for 7 days in which they run.
        often: Shape (n,), share of weeks in which they run, 0 to 1.
    """

    codes: NDArray[np.int32]
    amounts: Array
    often: Array

    def __len__(self) -> int:
        return len(self.amounts)

    def biggest(self, most: int) -> Usual:
        """At most so many of them, those with most money."""
        chosen = np.sort(np.argsort(-self.amounts, kind="stable")[:most])
        return Usual(self.codes[chosen], self.amounts[chosen], self.often[chosen])


@dataclass(frozen=True, eq=False)
class Compared:
    """The names of one dimension, each with what the same money would bring on it.

    Attributes:
        dimension: `channel`, `audience`, `slot`, `post`, `format` or `topic`.
        names: n of them, sorted.
        log: Shape (kinds, n), logarithm of the results, over all draws.
        blocks: Shape (kinds, n, blocks), by blocks of draws.
        draws: Their number.
        bought: Shape (n,), whether the history spent money there: what is usual is the geometric mean of these.
    """

    dimension: str
    names: tuple[str, ...]
    log: Array
    blocks: Array
    draws: int
    bought: NDArray[np.bool_]

    def against_usual(self, kind: int) -> Doubt:
        """Logarithms of each name's results over the usual ones."""
        usual = self.bought if self.bought.any() else np.ones(len(self.names), dtype=bool)
        mean = self.log[kind] - self.log[kind][usual].mean()
        blocks = self.blocks[kind] - self.blocks[kind][usual].mean(axis=0)
        return doubt(mean, blocks, self.draws)

    def against(self, kind: int, other: int) -> Doubt:
        """Logarithms of each name's results over those of the one at that place."""
        mean = self.log[kind] - self.log[kind][other]
        return doubt(mean, self.blocks[kind] - self.blocks[kind][other], self.draws)

    def grouped(self, dimension: str, groups: NDArray[np.object_]) -> Compared | None:
        """Groups of the names by their geometric means; `None` where there are fewer than two.

        Args:
            dimension: What the groups are.
            groups: Shape (n,), each name's group; `None` = in none.
        """
        names = tuple(sorted({str(group) for group in groups if group is not None}))
        if len(names) < 2:
            return None
        masks = [groups == name for name in names]
        # a group is what was bought of it; what was not says nothing of its own
        known = [mask & self.bought if (mask & self.bought).any() else mask for mask in masks]
        return Compared(
            dimension,
            names,
            np.stack([self.log[:, mask].mean(axis=1) for mask in known], axis=1),
            np.stack([self.blocks[:, mask].mean(axis=1) for mask in known], axis=1),
            self.draws,
            np.array([bool((mask & self.bought).any()) for mask in masks]),
        )


def usual(response: Response, most: int = MOST_USUAL) -> Usual:
    """The lines that stand for a usual week: at most so many, those with most money first."""
    past = response.past
    if past is None:
        codes = response.seen[:most]
        return Usual(codes, np.full(len(codes), response.median_line), np.zeros(len(codes)))
    runs = past.codes[:, DIMENSIONS.index("slot")] < len(response.names["slot"])
    chosen = np.flatnonzero(runs)
    chosen = chosen[np.argsort(-past.spend[chosen], kind="stable")][:most]
    often = np.minimum(past.days[chosen] / past.span, 1.0)
    return Usual(past.codes[chosen], past.weekly[chosen], often)


def week_of(response: Response, codes: NDArray[np.int32]) -> Lines:
    """Those combinations in the week after the history.

    Args:
        response: Whose names.
        codes: Shape (n, 4).
    """
    start = np.datetime64(response.as_of + timedelta(days=1))
    size = len(codes)
    return Lines(
        response.names,
        {d: codes[:, place].astype(np.int32) for place, d in enumerate(DIMENSIONS)},
        np.full(size, start, dtype="datetime64[D]"),
        np.full(size, 7, dtype=np.int32),
    )


def together(response: Response, codes: NDArray[np.int32]) -> Curves:
    """The curves of those combinations in that week, all layers of people worn by the number of results.

    Args:
        response: What money buys.
        codes: Shape (n, 4).
    """
    curves = response.curves(week_of(response, codes))
    return curves.measured_in(np.ones((len(curves.kinds), len(codes))))


def compared(
    response: Response, dimension: str, lines: Usual, chosen: tuple[int, ...] | None = None
) -> Compared | None:
    """Each name of a dimension in the place of whatever the usual lines have there.

    Args:
        response: What money buys.
        dimension: `post`, `channel`, `audience` or `slot`.
        lines: The usual ones; of very many names, only the first of them stand for a usual week.
        chosen: Places of the names to compare; default: all.

    Returns:
        `None` where there are fewer than two names, or no usual line.
    """
    known = response.names[dimension]
    each = np.array(range(len(known)) if chosen is None else chosen, dtype=np.int32)
    if len(each) < 2 or not len(lines):
        return None
    lines, beside = lines.biggest(max(FEWEST_USUAL, MOST_LINES // len(each))), usual(response, MOST_BESIDE)
    place = DIMENSIONS.index(dimension)
    at_once = max(1, MOST_AT_ONCE // len(lines))
    parts = []
    for first in range(0, len(each), at_once):
        mine = each[first : first + at_once]
        codes = np.tile(lines.codes, (len(mine), 1))
        codes[:, place] = np.repeat(mine, len(lines))
        results = _beside(response, codes, np.tile(lines.amounts, len(mine)), beside)
        parts.append(results.reshape(results.shape[0], len(mine), len(lines), -1).sum(axis=2))
    brought = np.concatenate(parts, axis=1)
    mean, blocks = log_means(brought)
    names = tuple(known[place] for place in each)
    return Compared(dimension, names, mean, blocks, brought.shape[-1], _bought(response, dimension)[each])


def _beside(response: Response, codes: NDArray[np.int32], amounts: Array, beside: Usual) -> Array:
    """What money on those combinations brings in a usual week, each by itself, shape (kinds, n, draws)."""
    curves = together(response, np.concatenate([codes, beside.codes]))
    asked = np.arange(len(codes))
    results = curves.take(asked).results(amounts)
    if not curves.pools:
        return results
    worn = curves.load(np.concatenate([np.zeros(len(codes)), beside.amounts]))
    worn[len(codes) :] *= beside.often
    left: Array = results * kept(curves.pools, worn)[asked][None, :, None]
    return left


def _bought(response: Response, dimension: str) -> NDArray[np.bool_]:
    """Shape (names,): whether the history spent money there."""
    seen = response.seen[:, DIMENSIONS.index(dimension)]
    found = np.zeros(len(response.names[dimension]), dtype=bool)
    found[seen[seen >= 0]] = True
    return found
