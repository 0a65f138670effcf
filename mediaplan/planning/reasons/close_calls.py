"""Close calls: lines with money that the evidence can't prefer to a line without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.weights import told_apart
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.money import Money
from mediaplan.planning.asking.worths import Worths
from mediaplan.planning.search.sought import Solved
from mediaplan.response.curves import Curves
from mediaplan.response.diagnosis.contrasts import ratio
from mediaplan.response.diagnosis.preferring import ENOUGH, likely
from mediaplan.response.lines import Lines
from mediaplan.response.packing import grouped
from mediaplan.response.pools import Pools, kept, next_kept
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
    told = told_apart([term.weights for term, price in terms if price != 0], len(slopes))
    _, kind_of = np.unique(told[np.concatenate([funded, idle])], return_inverse=True)
    of_funded, of_idle = np.split(kind_of, [len(funded)])
    order, found = np.argsort(of_idle, kind="stable"), []
    for kind, places in _groups(of_funded):
        first, last = np.searchsorted(of_idle[order], [kind, kind + 1])
        alike = idle[order[first:last]]
        best = alike[np.argsort(-slopes[alike], kind="stable")][:ALTERNATIVES]
        instead = curves.take(best)
        for place, line in zip(places.tolist(), funded[places].tolist(), strict=True):
            may = _may_take(solved, best, line)
            if may.any():
                found.append((line, *together.closest(place, best, instead, may)))
    return _doubtful(found)


def _doubtful(found: Sequence[tuple[int, int, Array, Array]]) -> dict[int, CloseCall]:
    """Of funded lines, each with its alternative and what the two add by draw, those that are not surely better."""
    if not found:
        return {}
    lines, others, one, other = zip(*found, strict=True)
    better = ratio(np.stack(one), np.stack(other)).above().tolist()
    calls = (CloseCall(at, probability) for at, probability in zip(others, better, strict=True))
    return {line: call for line, call in zip(lines, calls, strict=True) if call.probability < ENOUGH}


def _groups(kind_of: NDArray[np.intp]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Each kind with the places that are of it."""
    order = np.argsort(kind_of, kind="stable")
    kinds, first = np.unique(kind_of[order], return_index=True)
    for kind, start, end in zip(kinds.tolist(), first, np.append(first, len(order))[1:], strict=True):
        yield kind, order[start:end]


def _may_take(solved: Solved, idle: NDArray[np.intp], line: int) -> NDArray[np.bool_]:
    amount, limits = solved.amounts[line], solved.limits
    may: NDArray[np.bool_] = (limits.least[idle] <= amount) & (amount <= limits.most[idle])
    return may


@dataclass(frozen=True, eq=False)
class _Together:
    """The funded lines of a plan, n of them, that wear the people whom they share.

    Lines of the same pools are worn alike, so that what a pair of lines takes from the rest is told by such groups, G of them.

    Attributes:
        funded: Shape (n,), their places among all lines.
        amounts: Shape (n,), major units.
        worth: Shape (n, draws), of each on its own.
        worn: Shape (n,), what each wears, in the unit of the pools' sizes.
        tangent: Shape (lines,), part of the next result on any line that all lines together gain.
        groups: Shape (lines,), 0 to G - 1.
        layers: The pools, of one line for each group.
        together: Shapes (G,) and (G, draws), `worn` and `worth` of the funded lines of each group together.
        curves: Of all lines.
        worths: Of results on them.
    """

    funded: NDArray[np.intp]
    amounts: Array
    worth: Array
    worn: Array
    tangent: Array
    groups: NDArray[np.intp]
    layers: tuple[Pools, ...]
    together: tuple[Array, Array]
    curves: Curves
    worths: Worths

    @classmethod
    def of(cls, funded: NDArray[np.intp], amounts: Array, curves: Curves, worths: Worths) -> _Together:
        mine, lines = curves.take(funded), len(curves.cover)
        worth = (worths.goal[:, funded, None] * mine.results(amounts)).sum(axis=0)
        worn, everywhere = mine.load(amounts), np.zeros(lines)
        everywhere[funded] = worn
        tangent = next_kept(curves.pools, everywhere)
        alike = grouped([np.zeros(lines), *(layer.member for layer in curves.pools)])
        groups, layers = alike.of, tuple(layer.take(alike.one) for layer in curves.pools)
        load = np.zeros(len(alike.one))
        np.add.at(load, groups[funded], worn)
        rest = np.zeros((len(alike.one), worth.shape[1]))
        np.add.at(rest, groups[funded], worth)
        return cls(funded, amounts, worth, worn, tangent, groups, layers, (load, rest), curves, worths)

    def closest(
        self, place: int, others: NDArray[np.intp], instead: Curves, may: NDArray[np.bool_]
    ) -> tuple[int, Array, Array]:
        """The alternative that would bring most for a funded line's money.

        Args:
            place: Of the funded line.
            others: Lines without money.
            instead: Their curves.
            may: Which of them may receive the line's money.

        Returns:
            Its place among all lines; and what the line, and it instead, add to the rest of the plan, shape (draws,).
        """
        money = np.full(len(others), self.amounts[place])
        worth = (self.worths.goal[:, others, None] * instead.results(money)).sum(axis=0)
        best = int(np.argmax(np.where(may, worth.mean(axis=1) * self.tangent[others], -np.inf)))
        other = int(others[best])
        line = self._added(place, int(self.funded[place]), self.worth[place], float(self.worn[place]))
        another = self._added(place, other, worth[best], float(instead.load(money)[best]))
        return other, line, another

    def _added(self, place: int, line: int, worth: Array, worn: float) -> Array:
        """What a line with the money of the funded one at `place` adds to the rest of the plan, shape (draws,).

        Args:
            place: Of the funded line, which has no money then.
            line: Its place among all lines.
            worth: Shape (draws,), of that line on its own.
            worn: What it wears.
        """
        if not self.layers:
            return worth
        load, rest = self.together
        without, added = int(self.groups[self.funded[place]]), int(self.groups[line])
        load = load.copy()
        load[without] = max(load[without] - self.worn[place], 0.0)
        before = kept(self.layers, load)
        load[added] += worn
        after = kept(self.layers, load)
        lost = after - before
        gained: Array = after[added] * worth + lost @ rest - lost[without] * self.worth[place]
        # what takes more from the rest than it brings is worth nothing
        return np.maximum(gained, np.finfo(np.float64).tiny)
