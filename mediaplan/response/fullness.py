"""How full the lines of a history are: what a little more money would still bring on each, at its usual money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records import DIMENSIONS
from mediaplan.money import Money, decimals
from mediaplan.response.comparing import Usual, week_of
from mediaplan.response.contrasts import DEVIATION, Span, doubt, log_means
from mediaplan.response.diagnosis import Saturated
from mediaplan.response.responses import Response

Array = NDArray[np.float64]

MORE = 0.1
"""Part of its money that a line gets more, to see how full it is."""

MOST_FULL = 400
"""Lines of which it is asked how full they are: those with most money."""

MOST_LINES = 12
"""Of them, those that are told one by one."""


@dataclass(frozen=True, eq=False)
class Fullness:
    """The lines with most money in a week in which they run, n of them.

    Attributes:
        lines: Them, with the money of a week in which they run.
        weekly: Shape (n,), their money of a mean week of the history, major units.
        now, more, slope: Shape (kinds, n, draws): results now, with a tenth more money, and results per percent.
    """

    lines: Usual
    weekly: Array
    now: Array
    more: Array
    slope: Array

    @classmethod
    def of(cls, response: Response) -> Fullness | None:
        """The lines that the history bought; `None` without a history."""
        past = response.past
        if past is None:
            return None
        runs = past.codes[:, DIMENSIONS.index("slot")] < len(response.names["slot"])
        chosen = np.flatnonzero(runs)
        chosen = chosen[np.argsort(-past.spend[chosen], kind="stable")][:MOST_FULL]
        lines = Usual(past.codes[chosen], past.weekly[chosen])
        curves = response.curves(week_of(response, lines.codes))
        now = curves.results(lines.amounts)
        left = 1.0 / (1.0 + lines.amounts[None, :, None] / curves.scale)
        weekly = 7.0 * past.spend[chosen] / past.span
        return cls(lines, weekly, now, curves.results(lines.amounts * (1.0 + MORE)), now * left)

    def each(self, response: Response, kind: int) -> tuple[Saturated, ...]:
        """The first of them one by one."""
        return tuple(
            self._saturated(
                response,
                kind,
                np.array([line]),
                tuple(range(len(DIMENSIONS))),
                float(self.lines.amounts[line]),
            )
            for line in range(min(MOST_LINES, len(self.lines)))
        )

    def pools(self, response: Response, kind: int) -> tuple[Saturated, ...]:
        """All lines of each channel and audience together, most money first."""
        cut = (DIMENSIONS.index("channel"), DIMENSIONS.index("audience"))
        pairs, of = np.unique(self.lines.codes[:, cut], axis=0, return_inverse=True)
        of = of.reshape(-1)
        if (pairs < 0).all():
            return ()
        found = []
        for place in range(len(pairs)):
            mine = np.flatnonzero(of == place)
            found.append(self._saturated(response, kind, mine, cut, float(self.weekly[mine].sum())))
        return tuple(sorted(found, key=lambda each: (-each.weekly.minor, each.label)))

    def _saturated(
        self, response: Response, kind: int, mine: NDArray[np.intp], cut: tuple[int, ...], weekly: float
    ) -> Saturated:
        names: dict[str, str | None] = dict.fromkeys(DIMENSIONS)
        for at in cut:
            code = int(self.lines.codes[mine[0], at])
            names[DIMENSIONS[at]] = None if code < 0 else response.names[DIMENSIONS[at]][code]
        now, more, slope = (part[kind, mine].sum(axis=0) for part in (self.now, self.more, self.slope))
        return Saturated(
            **names,
            weekly=money_of(weekly, response.currency),
            elasticity=_share_of(slope, now, 1.0, 0.0),
            gain=_share_of(more, now, MORE, 1.0),
        )


def _share_of(part: Array, whole: Array, most: float, less: float) -> Span:
    """One sum over another, by blocks of draws, less a constant; between 0 and `most`."""
    (up, up_blocks), (down, down_blocks) = log_means(part), log_means(whole)
    middle = np.exp(up - down)
    spread = doubt(middle, np.exp(up_blocks - down_blocks), len(part)).deviation
    off = DEVIATION * float(spread)
    return Span(*(float(np.clip(middle - less + side, 0.0, most)) for side in (0.0, -off, off)))


def money_of(amount: float, currency: str) -> Money:
    """Major units as money, to the nearest minor unit."""
    return Money(round(float(amount) * 10 ** decimals(currency)), currency)
