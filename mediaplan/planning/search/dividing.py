"""Where rules count a part of those who share people: all plans divided by the money of the others (spatial branch and bound).

What the other lines take from such a rule is convex in what they bring, so that a program can state it around a plan, and
may then miss better ones, or as if they had no more than they must have, which promises too much. The more they must have,
the less too much. So plans are divided: those in which the line that takes most beyond what is stated has nothing, or no more
than half of that, and those in which it has more. The part that promises most is divided next. What the parts that are left
promise, no plan exceeds; what they promise rightly is a plan.

Source:
    J. E. Falk and R. M. Soland, "An algorithm for separable nonconvex programming problems", Management Science 15(9), 1969.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Domain, shortfall
from mediaplan.errors import StoppedError
from mediaplan.planning.formulation.shared_rows import Shared
from mediaplan.planning.formulation.sure_others import sure
from mediaplan.planning.search.around import best_around, best_stated
from mediaplan.planning.search.auditing import broken_demands
from mediaplan.planning.search.sought import Solved, Sought
from mediaplan.planning.search.within import CHOICE_LOSS

Array = NDArray[np.float64]

PARTS, FIRST_PARTS = 60, 12
"""Parts of all plans that are looked at, at the most; and until the first plan is found."""
WORK = 1500
"""Lines of all parts together: of many lines fewer parts are looked at."""
PATIENCE, NEARER = 12, 0.05
"""Parts that are divided for what no plan is worth more than to come nearer by that part of what is left to the best plan."""
TINY = 1e-300
"""So that nothing is divided by nothing."""


@dataclass(frozen=True, eq=False)
class _Part:
    """Some of all plans.

    Attributes:
        sought: What is sought, with the ranges of lines that make it this part.
        best: What the rows as they are stated promise of it.
        bound: No plan of it is worth more.
    """

    sought: Sought
    best: Solved
    bound: float

    @cached_property
    def kept(self) -> bool:
        """Whether what is promised keeps all that is asked for."""
        return not broken_demands(self.best.amounts, self.sought.demands, self.sought.objective)

    def plan(self, *, around: bool) -> Solved | None:
        """What is promised, if it keeps all that is asked for; else, if that is wanted, a plan made around it."""
        if self.kept or not around:
            return self.best if self.kept else None
        found = best_around(self.best.amounts.astype(float), self.best, self.sought)
        return None if found is None else replace(self, best=found).plan(around=False)


class _Search:
    """Parts that are left, the one that promises most first, and the best plan so far."""

    def __init__(self, whole: _Part, best: Solved | None) -> None:
        self.best, self.seen = best, 1
        self._sought, self._waiting = whole.sought, [(-whole.bound, 0, whole)]
        self._most, self._tops = WORK // whole.sought.objective.lines, [whole.bound]
        self._closed = -np.inf

    @property
    def bound(self) -> float:
        """No plan is worth more."""
        return max([self._closed, *(-above for above, _, _ in self._waiting)])

    def goes_on(self) -> bool:
        """Whether another part is worth dividing."""
        few = self.seen < min(self._most, FIRST_PARTS if self.best is None else PARTS)
        return bool(self._waiting) and few and not self._near() and not self._in_vain()

    def divide(self) -> None:
        """Divide the part that promises most."""
        _, _, part = heappop(self._waiting)
        halves = _halves(part)
        if not halves:  # what is promised too much is due to straight pieces
            self._closed = max(self._closed, part.bound)
        for half in halves:
            self.seen += 1
            asked = half.asked()
            found = best_stated(asked, asked.relaxed(), half)
            if found is not None:
                known = _Part(half, found, min(found.bound, part.bound))
                self._remember(known.plan(around=self.best is None))
                heappush(self._waiting, (-known.bound, self.seen, known))
        self._tops.append(self.bound)

    def _remember(self, plan: Solved | None) -> None:
        if plan is not None and (self.best is None or plan.value > self.best.value):
            self.best = plan

    def _near(self) -> bool:
        """Whether the best plan is as near to what no plan is worth more than as anybody is told."""
        if self.best is None or not self._sought.proving:
            return self.best is not None
        return self.bound - self.best.value <= CHOICE_LOSS * self._sought.objective.size(self.best.value)

    def _in_vain(self) -> bool:
        """Whether the last parts brought what no plan is worth more than hardly nearer to the best plan."""
        if self.best is None or len(self._tops) <= PATIENCE:
            return False
        left = self._tops[-1 - PATIENCE] - self.best.value
        return self._tops[-1] - self.best.value > (1.0 - NEARER) * left


def divided(sought: Sought, first: Solved, best: Solved | None) -> Solved | None:
    """The best amounts, and nearer to them what no plan is worth more than.

    Args:
        sought: What is sought.
        first: What the rows promise of all plans, if other lines have no more than they must.
        best: The best plan found so far; `None` where none was.

    Returns:
        `None` where no plan was found.

    Raises:
        StoppedError: The time was over before any was.
    """
    search, stopped = _Search(_Part(sought, first, first.bound), best), False
    while search.goes_on() and not stopped:
        try:
            search.divide()
        except StoppedError:
            if search.best is None:
                raise
            stopped = True
    if search.best is None:
        return None
    found = search.best
    bound = max(first.bound if stopped else search.bound, found.value)
    return replace(
        found, limits=first.limits, relaxed=first.relaxed, bound=bound, stopped=found.stopped or stopped
    )


def _halves(part: _Part) -> list[Sought]:
    """The two halves of a part by the money of the line that takes most beyond what is stated; none where none does."""
    limits, taken = part.best.limits, _taken(part)
    line = int(taken.argmax())
    if taken[line] <= 0:
        return []
    step, amount = int(limits.step[line]), int(part.best.amounts[line])
    least, most = int(limits.least[line]), int(limits.most[line])
    if not limits.needed[line] and least > step:
        return [_with(part.sought, line, 0, 0, or_zero=True), _with(part.sought, line, least, most)]
    low = least if limits.needed[line] else 0
    middle = (low + amount) // 2 // step * step
    return [
        _with(part.sought, line, low, middle, or_zero=low == 0),
        _with(part.sought, line, middle + step, most),
    ]


def _with(part: Sought, line: int, least: int, most: int, *, or_zero: bool = False) -> Sought:
    """The plans of a part that give a line so much."""
    here = np.zeros(part.objective.lines, dtype=np.bool_)
    here[line] = True
    return replace(part, terms=(*part.terms, Domain(here, least, most, or_zero)))


def _taken(part: _Part) -> Array:
    """Shape (lines,): what part of what a plan promises too much is due to each line that a rule does not count."""
    objective, money = part.sought.objective, part.best.amounts.astype(float)
    results = objective.results(money)
    unstated = objective.own_results(money) - objective.own_results(sure(part.best.limits))
    taken = np.zeros(objective.lines)
    for row, term in zip(part.sought.asked().terms.linear, part.best.terms, strict=True):
        if not isinstance(row, Shared) or row.exact:
            continue
        missed = shortfall(term, term.total(money, results))
        missed -= shortfall(row, row.said(objective, money)) if np.isfinite(term.soft) else 0.0
        if missed <= 0 or (part.kept and not np.isfinite(term.soft)):
            continue
        lost = np.maximum(-(objective.next_counted(money, row.flow) * unstated).sum(axis=0), 0.0)
        lost[(row.flow > 0).any(axis=0)] = 0.0
        taken += lost / max(float(lost.sum()), TINY)
    return taken
