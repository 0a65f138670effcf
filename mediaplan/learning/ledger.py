"""The ledger: what the user's own past plans promised and what came of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

LAST = 6
"""Past plans that count, the latest ones."""
DOUBT = 6.0
LEAST, MOST = -0.4, 0.2
"""Plans that the prior counts for; the logarithm of the correction is not taken for more than that."""
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

        With e the error of each of n plans: n / (n + 6) · mean(e), within -0.4 and 0.2; 0 without any.

        Source:
            A normal mean shrunken to 0 by a prior that is worth six plans (empirical Bayes; the same as for weeks of
            the backtest, response/honesty.py).
        """
        errors = [entry.error for entry in self.counted]
        if not errors:
            return 0.0
        shrunken = len(errors) / (len(errors) + DOUBT) * float(np.mean(errors))
        return float(np.clip(shrunken, LEAST, MOST))

    @property
    def factor(self) -> float:
        """Delivered for one promised, as is to be expected next time."""
        return math.exp(self.bias)

    def but(self, more: Iterable[LedgerEntry]) -> Ledger:
        """The ledger with more entries."""
        return replace(self, entries=(*self.entries, *more))
