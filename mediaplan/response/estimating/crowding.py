"""Lines of one channel and audience in the same week: how much they wear the same people, as far as the history shows.

    results of a line = what it would bring alone / (1 + load)
    load              = crowded · (daily results alone of all lines of its pool and week) / (usual · people ^ 0.8)

`crowded` is the load of a usual pool and week of the history, one number for all pools; weeks in which a pool got more
than in others tell it. The likelihood alone asks for too little, since other effects take a part of it, and for nothing
at all where nobody is shared. The prior is a push that wins where the history is silent, and loses where it objects. It
grows with the weeks, as what the likelihood misses does: few weeks could not object, and are pushed little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.response.rows.cases import Cases, Keys

Array = NDArray[np.float64]

OF = ("channel", "audience")
"""Whose combinations are pools."""

CROWDED, CERTAINTY = 0.15, 13.0
"""Prior mean of `crowded`, which is not below 0, and its precision for each week of the history."""

PEOPLE = 0.8
"""Power of the audience's size in what its pool has to give."""

MOST = 3.0
"""What the history may ask for."""

MOST_DOUBT = 1.0

WEEK = 7.0


@dataclass(frozen=True, eq=False)
class Crowd:
    """What was learnt.

    Attributes:
        crowded: Load of a usual pool and week, ≥ 0.
        doubt: Standard deviation of its logarithm.
        usual: Daily results of a usual pool and week.
        of: Dimensions whose combinations are pools.
    """

    crowded: float
    doubt: float
    usual: float
    of: tuple[str, ...]

    def wear(self, cases: Cases) -> Array:
        """One over the daily results that the pool of each case would give to endless money, shape (cases,)."""
        wear: Array = self.crowded / (self.usual * np.exp(PEOPLE * cases.people))
        return wear


class Crowding:
    """The crowding of n observations while it is fitted.

    Attributes:
        kept: Shape (n,), results over those that the line would have brought alone.
        slope: Shape (n,), of the logarithm of `kept` in `crowded`.
        crowded: As of `Crowd`.
        precision: Of its prior.
    """

    def __init__(
        self,
        of: tuple[str, ...],
        cases: Cases,
        sizes: Mapping[str, int],
        days: Array,
        carries: NDArray[np.bool_],
    ) -> None:
        """Where tables tell of the same money, only the observations that carry it (`carries`) crowd."""
        key = pool_keys(of, cases, sizes)
        week = np.floor(cases.day / WEEK)
        group, _ = pd.factorize(key * 1_000_000 + week.astype(np.int64))
        self.of = of
        self._inside = (key >= 0) & carries
        self._group = group
        span = min(WEEK, float((cases.day + days / 2.0).max() - (cases.day - days / 2.0).min()))
        self._days = np.maximum(days, span)
        self._people = np.exp(PEOPLE * cases.people)
        self.crowded = CROWDED
        self.precision = CERTAINTY * len(np.unique(week[carries]))

    @property
    def told(self) -> bool:
        """Whether any observation tells its pool; where none does, what pools wear is a part of every rate."""
        return bool(self._inside.any())

    def start(self, counts: Array) -> None:
        """What is usual, by the counts."""
        together = self._together(counts)
        self.usual = float((together * counts).sum() + 0.5) / float(counts.sum() + 0.5)
        self.refresh(counts)

    def _together(self, alone: Array) -> Array:
        """Daily results of each observation's pool and week."""
        each = np.where(self._inside, alone / self._days, 0.0)
        together: Array = np.bincount(self._group, each).astype(np.float64)[self._group]
        return together

    def refresh(self, alone: Array) -> None:
        """Judge the load anew by what lines would bring alone, shape (n,)."""
        each = np.where(self._inside, self._together(alone) / (self.usual * self._people), 0.0)
        self.kept: Array = 1.0 / (1.0 + self.crowded * each)
        self.slope: Array = -each * self.kept

    def move(self, step: float) -> None:
        """A step of `crowded`."""
        self.crowded = float(np.clip(self.crowded + step, 0.0, MOST))

    def fitted(self, variance: float) -> Crowd:
        """What was learnt; `variance` is that of `crowded`."""
        doubt = min(float(np.sqrt(variance)) / max(self.crowded, 1e-9), MOST_DOUBT)
        return Crowd(self.crowded, doubt, self.usual, self.of)


def pool_keys(of: tuple[str, ...], cases: Cases, sizes: Mapping[str, int]) -> Keys:
    """One number for the pool of each case; -1 where it is not known."""
    key = np.zeros(len(cases), dtype=np.int64)
    missing = np.zeros(len(cases), dtype=np.bool_)
    for dimension in of:
        code = cases.codes[dimension]
        key = key * sizes[dimension] + code
        missing |= code < 0
    return np.where(missing, -1, key)
