"""The ledger: what the user's own past plans promised and what came of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

LAST = 6
"""Past plans that count, the latest ones."""
OFF, OFF_BY = 0.25, 0.3
"""Prior chance that promises are off in general, and standard deviation of the logarithm by which they then are."""
STRAY, STRAY_COUNT = 0.25, 4.0
"""Standard deviation of the logarithm of delivered over promised of single plans, and plans that this belief is worth."""
LEAST, MOST = -0.4, 0.2
"""The logarithm of the correction is not taken for more than that."""
HALF = 0.5
"""Results added to both sides of each ratio: none delivered is no proof of never any."""


@dataclass(frozen=True)
class LedgerEntry:
    """One past plan.

    Attributes:
        plan: Its name.
        start: First day of its flight.
        days: Of its flight.
        promised: Results that it said were to be expected.
        delivered: Results that were counted.
        factor: Correction by this ledger that was already in the promise; 1 = none.
    """

    plan: str
    start: date
    days: int
    promised: float
    delivered: float
    factor: float = 1.0

    @property
    def error(self) -> float:
        """Logarithm of delivered over promised, as the plan would have promised without a ledger."""
        return math.log((self.delivered + HALF) / (self.promised / self.factor + HALF))


@dataclass(frozen=True)
class Ledger:
    """Past plans, promised against delivered.

    Attributes:
        entries: In any order; the latest `LAST` by their start count.
    """

    entries: tuple[LedgerEntry, ...] = ()

    @property
    def counted(self) -> tuple[LedgerEntry, ...]:
        """Those that count, the earliest first."""
        return tuple(sorted(self.entries, key=lambda entry: (entry.start, entry.plan)))[-LAST:]

    @property
    def bias(self) -> float:
        """Logarithm of delivered over promised that is to be expected next time.

        One plan strays from another by chance; all of them being off is another matter, and is not believed at
        once. So the mean error is weighed: with v its variance, by the plans' own scatter and by the
        chance of counting, promises are off (by a normal amount of variance t = 0.3²) with the chance w that Bayes'
        rule gives, and what is expected is w · t / (t + v) · mean(e), within -0.4 and 0.2; 0 without any plan.

        Source:
            A spike at 0 and a normal slab: Mitchell and Beauchamp, "Bayesian variable selection in linear
            regression", JASA 1988.
        """
        counted = self.counted
        if not counted:
            return 0.0
        errors = np.array([entry.error for entry in counted])
        mean = float(errors.mean())
        scatter = float(((errors - mean) ** 2).sum()) + STRAY_COUNT * STRAY**2
        chance = float(np.mean([1.0 / (entry.promised / entry.factor + HALF) for entry in counted]))
        variance = (scatter / (len(errors) - 1.0 + STRAY_COUNT) + chance) / len(errors)
        part = OFF_BY**2 / (OFF_BY**2 + variance)
        odds = (
            OFF / (1.0 - OFF) * math.sqrt(1.0 - part) * math.exp(min(0.5 * mean**2 * part / variance, 500.0))
        )
        return float(np.clip(odds / (1.0 + odds) * part * mean, LEAST, MOST))

    @property
    def factor(self) -> float:
        """Delivered for one promised, as is to be expected next time."""
        return math.exp(self.bias)

    def but(self, more: Iterable[LedgerEntry]) -> Ledger:
        """The ledger with more entries."""
        return replace(self, entries=(*self.entries, *more))
