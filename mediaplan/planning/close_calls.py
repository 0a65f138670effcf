"""Close calls: lines with money that the evidence can't prefer to a line without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records import DIMENSIONS
from mediaplan.money import Money
from mediaplan.planning.solving import Solved
from mediaplan.planning.worths import Worths
from mediaplan.response.contrasts import ratio
from mediaplan.response.curves import Curves
from mediaplan.response.lines import Lines
from mediaplan.response.preferring import ENOUGH, likely
from mediaplan.words import Sentence

Array = NDArray[np.float64]

ALTERNATIVES = 20
"""Lines without money, the best for their first money, among which a line's next-best alternative is sought."""
MOST_PAIRS = 3
"""Close calls that a plan names; its lines hold all of them."""


@dataclass(frozen=True)
class CloseCall:
    """A line without money that might be as good as one with money.

    Attributes:
        other: Its place among all lines.
        probability: That the funded line is better with its money.
    """

    other: int
    probability: float


@dataclass(frozen=True, eq=False)
class Doubted:
    """The close calls of a plan, and how they are said.

    Attributes:
        calls: By the line's place among all lines.
        lines: All of them.
        amounts: Shape (lines,), minor units.
        currency: ISO 4217 code.
    """

    calls: Mapping[int, CloseCall]
    lines: Lines
    amounts: NDArray[np.int64]
    currency: str

    def of(self, line: int) -> Sentence | None:
        """What is said of the line's next-best alternative; `None` where the line is surely better."""
        if line not in self.calls:
            return None
        return Sentence(
            "Not enough evidence to prefer it to “{other}” (probability that it is better: {probability}).",
            other=self._alternative(line),
            probability=likely(self.calls[line].probability),
        )

    def of_plan(self) -> tuple[Sentence, ...]:
        """What the whole plan says of them: at most one sentence, with the pairs that have most money."""
        close = sorted(self.calls, key=lambda line: (-self.amounts[line], line))
        if not close:
            return ()
        pairs = [self._pair(line) for line in close[:MOST_PAIRS]]
        return (
            Sentence(
                "For {count} of {lines} lines ({amount}) the evidence is not enough to say that no line without money "
                "would do as well. Those with most money: {pairs}.",
                count=len(close),
                lines=int((self.amounts > 0).sum()),
                amount=Money(int(self.amounts[close].sum()), self.currency),
                pairs=reduce(lambda said, pair: Sentence("{said}; {pair}", said=said, pair=pair), pairs),
            ),
        )

    def _pair(self, line: int) -> Sentence:
        names = [name for d in DIMENSIONS if (name := self.lines.label(d, line)) is not None]
        return Sentence(
            "“{one}” or “{other}” ({amount}, the first is better with probability {probability})",
            one=" × ".join(names) or self.lines.first_day(line),
            other=self._alternative(line),
            amount=Money(int(self.amounts[line]), self.currency),
            probability=likely(self.calls[line].probability),
        )

    def _alternative(self, line: int) -> str | date:
        """The next-best alternative by the names in which it differs, else by its first day."""
        other = self.calls[line].other
        names = [(self.lines.label(d, line), self.lines.label(d, other)) for d in DIMENSIONS]
        differ = [name for mine, name in names if name is not None and name != mine]
        return " × ".join(differ) or self.lines.first_day(other)


def close_calls(
    solved: Solved, curves: Curves, worths: Worths, slopes: Array, major: float
) -> dict[int, CloseCall]:
    """Funded lines whose next-best alternative is practically as good, by their place among all lines.

    The alternative has no money, is the same to every rule that has a price, and may receive what the line has.

    Args:
        solved: The amounts.
        curves: Of all lines.
        worths: Of results on them.
        slopes: Shape (lines,), worth of the next minor unit on each line.
        major: Major units in a minor one.
    """
    idle = np.flatnonzero((solved.amounts == 0) & (solved.limits.most > 0) & (slopes > 0))
    funded = np.flatnonzero(solved.amounts)
    terms = zip(solved.terms, solved.prices, strict=True)
    weights = np.stack([term.weights for term, price in terms if price != 0] or [np.zeros(len(slopes))])
    kinds, kind_of = np.unique(weights[:, funded], axis=1, return_inverse=True)
    of_idle, found = weights[:, idle], {}
    for kind, lines in enumerate(funded[kind_of.reshape(-1) == kind] for kind in range(kinds.shape[1])):
        alike = idle[(of_idle == kinds[:, kind, None]).all(axis=0)]
        best = alike[np.argsort(-slopes[alike], kind="stable")][:ALTERNATIVES]
        for line in lines.tolist():
            others = best[_may_take(solved, best, line)]
            if len(others):
                found[line] = _closest(line, others, curves, worths, float(solved.amounts[line]) * major)
    return {line: call for line, call in found.items() if call.probability < ENOUGH}


def _may_take(solved: Solved, idle: NDArray[np.intp], line: int) -> NDArray[np.bool_]:
    amount, limits = solved.amounts[line], solved.limits
    may: NDArray[np.bool_] = (limits.least[idle] <= amount) & (amount <= limits.most[idle])
    return may


def _closest(line: int, others: NDArray[np.intp], curves: Curves, worths: Worths, money: float) -> CloseCall:
    """The alternative that would bring most for the line's money, and how surely the line is better."""
    both = np.append(others, line)
    results = curves.take(both).results(np.full(len(both), money))
    worth = (worths.goal[:, both, None] * results).sum(axis=0)
    best = int(np.argmax(worth[:-1].mean(axis=1)))
    return CloseCall(int(others[best]), float(ratio(worth[-1], worth[best]).above()))
