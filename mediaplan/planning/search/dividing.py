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

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Domain, shortfall
from mediaplan.planning.formulation.shared_rows import Shared
from mediaplan.planning.formulation.sure_others import sure
from mediaplan.planning.search.around import best_around, best_stated
from mediaplan.planning.search.auditing import broken_demands
from mediaplan.planning.search.sought import Solved, Sought
from mediaplan.planning.search.within import CHOICE_LOSS

Array = NDArray[np.float64]

PARTS, FIRST_PARTS = 60, 20
"""Parts of all plans that are looked at, at the most; and until the first plan is found."""
WORK = 1500
"""Lines of all parts together: of many lines fewer parts are looked at."""
PATIENCE, NEARER = 8, 0.05
"""Parts that are divided for what no plan is worth more than to come nearer by that part of what is left to the best plan."""
TINY = 1e-300
"""So that nothing is divided by nothing."""


@dataclass(frozen=True, eq=False)
class _Part:
    """Some of all plans.

    Attributes:
        sought: What is sought, with the ranges of lines that make it this part.
        best: What the rows as they are stated promise of it.
        kept: Whether that keeps all that is asked for.
    """

    sought: Sought
    best: Solved
    kept: bool

    @classmethod
    def of(cls, sought: Sought, best: Solved) -> _Part:
        """The part of that best plan."""
        return cls(sought, best, not broken_demands(best.amounts, sought.demands, sought.objective))


def divided(sought: Sought, first: Solved, best: Solved | None) -> Solved | None:
    """The best amounts, and nearer to them what no plan is worth more than.

    Args:
        sought: What is sought.
        first: What the rows promise of all plans, if other lines have no more than they must.
        best: The best plan found so far; `None` where none was.

    Returns:
        `None` where no plan was found.
    """
    waiting, closed, seen = [(-first.bound, 0, _Part.of(sought, first))], -np.inf, 1
    most, tops = WORK // len(first.amounts), [first.bound]
    while (
        waiting
        and seen < min(most, FIRST_PARTS if best is None else PARTS)
        and not _enough(best, -waiting[0][0], sought)
        and not _in_vain(tops, best)
    ):
        above, _, part = heappop(waiting)
        halves = _halves(part)
        if not halves:  # what is promised too much is due to straight pieces
            closed = max(closed, -above)
        for half in halves:
            seen += 1
            asked = half.asked()
            found = best_stated(asked, asked.relaxed(), half)
            if found is None:
                continue
            known = _Part.of(half, found)
            plan = (
                found
                if known.kept or best is not None
                else best_around(found.amounts.astype(float), found, half)
            )
            if plan is not None and not broken_demands(plan.amounts, sought.demands, sought.objective):
                best = plan if best is None or plan.value > best.value else best
            heappush(waiting, (-min(found.bound, -above), seen, known))
        tops.append(-waiting[0][0] if waiting else -np.inf)
    if best is None:
        return None
    bound = max(best.value, closed, *(-above for above, _, _ in waiting))
    return replace(best, limits=first.limits, relaxed=first.relaxed, bound=bound)


def _enough(best: Solved | None, bound: float, sought: Sought) -> bool:
    """Whether the best plan is as near to what no plan is worth more than as anybody is told."""
    if best is None:
        return False
    return not sought.proving or bound - best.value <= CHOICE_LOSS * sought.objective.size(best.value)


def _in_vain(tops: Sequence[float], best: Solved | None) -> bool:
    """Whether the last parts brought what no plan is worth more than hardly nearer to the best plan."""
    if best is None or len(tops) <= PATIENCE:
        return False
    return tops[-1] - best.value > (1.0 - NEARER) * (tops[-1 - PATIENCE] - best.value)


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
