"""Close calls: lines with money that the evidence can't prefer to a line without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.money import Money
from mediaplan.planning.asking.worths import Worths
from mediaplan.planning.search.best_amounts import Solved
from mediaplan.response.curves import Curves
from mediaplan.response.diagnosis.contrasts import ratio
from mediaplan.response.diagnosis.preferring import ENOUGH, likely
from mediaplan.response.lines import Lines
from mediaplan.response.pools import kept, next_kept
from mediaplan.words import Sentence

Array = NDArray[np.float64]

ALTERNATIVES = 20
"""Lines without money, the best for their first money, among which a line's next-best alternative is sought."""


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
        """What the whole plan says of them: one short sentence, as each line says its own."""
        if not self.calls:
            return ()
        return (
            Sentence(
                "{count} of {lines} lines ({amount}) are close calls: another may do as well, each line says which.",
                count=len(self.calls),
                lines=int((self.amounts > 0).sum()),
                amount=Money(int(self.amounts[list(self.calls)].sum()), self.currency),
            ),
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
    together = _Together.of(funded, solved.amounts[funded].astype(np.float64) * major, curves, worths)
    terms = zip(solved.terms, solved.prices, strict=True)
    weights = np.stack([term.weights for term, price in terms if price != 0] or [np.zeros(len(slopes))])
    kinds, kind_of = np.unique(weights[:, funded], axis=1, return_inverse=True)
    of_idle, found = weights[:, idle], {}
    for kind, places in enumerate(np.flatnonzero(kind_of.reshape(-1) == k) for k in range(kinds.shape[1])):
        alike = idle[(of_idle == kinds[:, kind, None]).all(axis=0)]
        best = alike[np.argsort(-slopes[alike], kind="stable")][:ALTERNATIVES]
        for place, line in zip(places.tolist(), funded[places].tolist(), strict=True):
            others = best[_may_take(solved, best, line)]
            if len(others):
                found[line] = together.closest(place, others)
    return {line: call for line, call in found.items() if call.probability < ENOUGH}


def _may_take(solved: Solved, idle: NDArray[np.intp], line: int) -> NDArray[np.bool_]:
    amount, limits = solved.amounts[line], solved.limits
    may: NDArray[np.bool_] = (limits.least[idle] <= amount) & (amount <= limits.most[idle])
    return may


@dataclass(frozen=True, eq=False)
class _Together:
    """The funded lines of a plan, n of them, that wear the people whom they share.

    Attributes:
        funded: Shape (n,), their places among all lines.
        amounts: Shape (n,), major units.
        worth: Shape (n, draws), of each on its own.
        worn: Shape (n,), what each wears, in the unit of the pools' sizes.
        tangent: Shape (lines,), part of the next result on any line that all lines together gain.
        curves: Of all lines.
        worths: Of results on them.
    """

    funded: NDArray[np.intp]
    amounts: Array
    worth: Array
    worn: Array
    tangent: Array
    curves: Curves
    worths: Worths

    @classmethod
    def of(cls, funded: NDArray[np.intp], amounts: Array, curves: Curves, worths: Worths) -> _Together:
        mine = curves.take(funded)
        worth = (worths.goal[:, funded, None] * mine.results(amounts)).sum(axis=0)
        worn, everywhere = mine.load(amounts), np.zeros(len(curves.cover))
        everywhere[funded] = worn
        return cls(funded, amounts, worth, worn, next_kept(curves.pools, everywhere), curves, worths)

    def closest(self, place: int, others: NDArray[np.intp]) -> CloseCall:
        """The alternative that would bring most for a funded line's money, and how surely the line is better."""
        money = np.full(len(others), self.amounts[place])
        results = self.curves.take(others).results(money)
        worth = (self.worths.goal[:, others, None] * results).sum(axis=0)
        best = int(np.argmax(worth.mean(axis=1) * self.tangent[others]))
        other = int(others[best])
        line = self._added(place, int(self.funded[place]), self.worth[place])
        return CloseCall(other, float(ratio(line, self._added(place, other, worth[best])).above()))

    def _added(self, place: int, line: int, worth: Array) -> Array:
        """What a line with the money of the funded one at `place` adds to the rest of the plan, shape (draws,)."""
        if not self.curves.pools:
            return worth
        own = self.curves.take(np.array([line])).load(self.amounts[place : place + 1])
        rest, worn = np.delete(self.worth, place, axis=0), np.delete(self.worn, place)
        taken = np.append(np.delete(self.funded, place), line)
        layers = [layer.take(taken) for layer in self.curves.pools]
        before, after = (kept(layers, np.append(worn, last)) for last in (0.0, own[0]))
        added: Array = after[-1] * worth + (after - before)[:-1] @ rest
        # what takes more from the rest than it brings is worth nothing
        return np.maximum(added, np.finfo(np.float64).tiny)
