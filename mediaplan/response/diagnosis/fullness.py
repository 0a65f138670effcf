"""How full the lines of a history are: what a little more money would still bring on each, at its usual money.

All lines of a usual week run beside each other, each as often as it did. Where they share people, more money on one takes
from the others, and that is taken off: what counts is what all of them together gain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.money import Money, decimals
from mediaplan.response.diagnosis.comparing import Usual, together, usual
from mediaplan.response.diagnosis.contrasts import DEVIATION, Span, doubt, log_means
from mediaplan.response.diagnosis.diagnoses import Saturated
from mediaplan.response.pools import Pools, kept, next_kept
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
    """The lines with most money in a usual week, n of them, most money first.

    Attributes:
        lines: Them, with the money of a week in which they run, and how often they do.
        now, more, slope: Shape (kinds, n, draws): results of a mean week on their own, with a tenth more money, and
            results per percent.
        pools: Layers of people whom they share, the narrowest first.
        worn, worn_more: Shape (n,): what each wears now, and with a tenth more money, in the unit of the sizes.
    """

    lines: Usual
    now: Array
    more: Array
    slope: Array
    pools: tuple[Pools, ...]
    worn: Array
    worn_more: Array

    @classmethod
    def of(cls, response: Response) -> Fullness | None:
        """The lines that the history bought; `None` without a history."""
        if response.past is None:
            return None
        lines = usual(response, MOST_FULL)
        curves, money = together(response, lines.codes), lines.amounts * (1.0 + MORE)
        often = lines.often[None, :, None]
        now = curves.results(lines.amounts) * often
        left = 1.0 / (1.0 + lines.amounts[None, :, None] / curves.scale)
        return cls(
            lines,
            now,
            curves.results(money) * often,
            now * left,
            curves.pools,
            curves.load(lines.amounts) * lines.often,
            curves.load(money) * lines.often,
        )

    def each(self, response: Response, kind: int) -> tuple[Saturated, ...]:
        """The first of them one by one."""
        every = tuple(range(len(DIMENSIONS)))
        return tuple(
            self._saturated(response, kind, np.array([line]), every, float(self.lines.amounts[line]))
            for line in range(min(MOST_LINES, len(self.lines)))
        )

    def pooled(self, response: Response, kind: int) -> tuple[Saturated, ...]:
        """All lines of each channel and audience together, most money first."""
        cut = (DIMENSIONS.index("channel"), DIMENSIONS.index("audience"))
        pairs, of = np.unique(self.lines.codes[:, cut], axis=0, return_inverse=True)
        of, weekly = of.reshape(-1), self.lines.amounts * self.lines.often
        if (pairs < 0).all():
            return ()
        found = []
        for place in range(len(pairs)):
            mine = np.flatnonzero(of == place)
            found.append(self._saturated(response, kind, mine, cut, float(weekly[mine].sum())))
        return tuple(sorted(found, key=lambda each: (-each.weekly.minor, each.label)))

    def _saturated(
        self, response: Response, kind: int, mine: NDArray[np.intp], cut: tuple[int, ...], weekly: float
    ) -> Saturated:
        names: dict[str, str | None] = dict.fromkeys(DIMENSIONS)
        for at in cut:
            code = int(self.lines.codes[mine[0], at])
            names[DIMENSIONS[at]] = None if code < 0 else response.names[DIMENSIONS[at]][code]
        share = kept(self.pools, self.worn)
        here = share[mine] @ self.now[kind, mine]
        added = next_kept(self.pools, self.worn)[mine] @ self.slope[kind, mine]
        return Saturated(
            **names,
            weekly=money_of(weekly, response.currency),
            elasticity=_share_of(added, here, 1.0, 0.0),
            gain=_share_of(here + self._gained(kind, mine, share), here, MORE, 1.0),
        )

    def _gained(self, kind: int, mine: NDArray[np.intp], share: Array) -> Array:
        """What all lines gain, shape (draws,), where those get a tenth more money; `share` is what lines keep now."""
        worn = self.worn.copy()
        worn[mine] = self.worn_more[mine]
        after = kept(self.pools, worn)
        own = after[mine] @ (self.more[kind, mine] - self.now[kind, mine])
        gained: Array = own + (after - share) @ self.now[kind]
        return gained


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
