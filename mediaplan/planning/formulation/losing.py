"""What is left to choose by the reduced costs of a program: lines and amounts that cost a plan more than it may lose.

Every column that is off its limit takes its reduced cost of what the program's prices prove. A line's corner has one, and so
have its switch and its money: a plan that has the line there is worth less than the bound by all three.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Layout
from mediaplan.planning.formulation.narrowing import Narrowed, knots_within

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Losing:
    """What plans lose of a bound.

    Attributes:
        bound: No plan is worth more that the question holds.
        line: Shape (corners,), index of the line, rising.
        at: Shape (corners,), minor units, rising within each line.
        lost: Shape (corners,), worth that a plan loses at least which has the line there.
        idle: Shape (lines,), the same of a plan that gives the line nothing.
    """

    bound: float
    line: Index
    at: Array
    lost: Array
    idle: Array

    @classmethod
    def by(cls, bound: float, reduced: Array, layout: Layout, within: Narrowed) -> Losing:
        """By the reduced costs, shape (columns,), of the program that states a narrowed question."""
        owed = np.minimum(reduced, 0.0) * layout.worth
        here = layout.cornered
        lost = -(
            owed[layout.corner] + owed[layout.on[here]] + owed[layout.amount[here]] * layout.at / layout.unit
        )
        steps = layout.steps[here]
        lost -= np.where(steps >= 0, owed[steps] * layout.at / within.limits.step[within.lines[here]], 0.0)
        idle = np.zeros(len(within.limits.least))
        idle[within.lines[here]] = np.maximum(reduced[layout.on[here]], 0.0) * layout.worth
        return cls(bound * layout.worth, within.lines[here], layout.at, lost, idle)

    def left(self, within: Narrowed, objective: Objective, short: float) -> Narrowed:
        """Of a narrowed question what plans hold that are worth less than the bound by no more than that."""
        limits, alive = within.limits, self.lost <= short
        # Between two corners a plan loses no less than at one of them: so far a line reaches.
        joined = self.line[1:] == self.line[:-1]
        near = alive.copy()
        near[1:] |= joined & alive[:-1]
        near[:-1] |= joined & alive[1:]
        low, high = limits.most.astype(float), limits.least.astype(float)
        np.minimum.at(low, self.line[near], self.at[near])
        np.maximum.at(high, self.line[near], self.at[near])
        least, most = limits.least.copy(), limits.most.copy()
        reached = np.unique(self.line[near])
        step = limits.step[reached]
        least[reached] = np.maximum(least[reached], np.floor(low[reached] / step).astype(np.int64) * step)
        most[reached] = np.minimum(most[reached], np.ceil(high[reached] / step).astype(np.int64) * step)
        limits = replace(limits, least=least, most=most, needed=limits.needed | (self.idle > short))
        lines = np.union1d(reached, np.setdiff1d(within.lines, self.line))
        cuts = replace(within.cuts, lines=knots_within(within.relaxed, limits, objective))
        return Narrowed(lines, limits, cuts, max(within.ceiling, self.bound - short), within.relaxed, np.inf)
