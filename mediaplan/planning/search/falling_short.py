"""Whether lines can bring the results that rules ask for, and what part of these is missing if they can't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Term, over_results, shortfall, sum_of_all
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.curved import row_scale
from mediaplan.planning.formulation.narrowing import narrowed
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.formulation.relaxing import SMALL, Relaxed, out_of_time
from mediaplan.planning.formulation.shared_rows import inexact
from mediaplan.planning.search.auditing import broken_demands
from mediaplan.planning.search.choosing_whole import chosen
from mediaplan.planning.search.most_counted import reach_of
from mediaplan.planning.search.searching import REACHED, Asked
from mediaplan.planning.search.touching import firm, on_people, others, touched

Array = NDArray[np.float64]

LEAST_SPENT = 1e-6
"""Part of the budget that a plan which is asked for results spends at the least."""
ENOUGH = 10 * REACHED
"""Part of the results asked for that may be missing."""
AROUND = 8
"""Times that rows which count only a part of those who share people are stated anew around the last plan."""
NEARER = 1e-3
"""Part of what is missing that each time must gain, for another one to be worth it."""
CUTS, FINER = 4, 0.1
"""Times that curves are cut finer until it is known whether chosen lines bring enough, and the part of what is missing that each
time must gain, for another one to be worth it."""


class Reaching:
    """Whether some plan keeps demands with the results that they ask for; it remembers the plans that it found.

    Demands that are asked about one after the other are often much alike, and what kept the last may keep the next.

    Args:
        objective: Whose curves tell the results.
        solver: The engine.
    """

    def __init__(self, objective: Objective, solver: Solver) -> None:
        self._objective = objective
        self._solver = solver
        self._plans: list[Array] = []

    def __call__(
        self, demands: Sequence[Demand], budget: int, *, closely: bool = False
    ) -> tuple[bool, float]:
        """Whether the demands can be kept, and what part of the results is missing; lines are chosen whole.

        Args:
            demands: What is to be kept.
            budget: Media money, minor units.
            closely: Whether it matters how much is missing: that takes longest to know. Otherwise, and where something is,
                all that is said is that it is.

        Returns:
            The part is summed over the rows about results; inf where even without them nothing keeps the demands.
        """
        spent = sum_of_all(self._objective.lines, max(1.0, budget * LEAST_SPENT), np.inf)
        rows = (spent, *(term for demand in demands for term in demand.terms))
        short = _Short(rows, self._objective, budget, self._solver)
        if closely:
            plan, missing = short.missing()
            self._plans += [] if plan is None else [plan]
            return missing <= ENOUGH, missing
        plan = short.without_missing()
        if plan is None:
            return False, np.inf
        self._plans.append(plan)
        return True, 0.0

    def known(self, demands: Sequence[Demand], budget: int) -> bool:
        """Whether a plan that was found before keeps these demands: then nothing need be worked out.

        Shares and ratios are kept as closely as by a plan that is worked out: not to a smallest unit for each line.
        """
        terms = [term for demand in demands for term in demand.terms]
        short = _Short(terms, self._objective, budget, self._solver)
        return any(
            plan.any()
            and short.of(plan) <= ENOUGH
            and all(_compared(term, plan) for term in terms)
            and not broken_demands(np.round(plan).astype(np.int64), demands, self._objective)
            for plan in reversed(self._plans)
        )


def _compared(term: Term, plan: Array) -> bool:
    """Whether a plan keeps a row that compares sums of money, but for what doubles miss; any other row is kept."""
    if not isinstance(term, Linear) or not term.ratio or term.results is not None or np.isfinite(term.soft):
        return True
    return shortfall(term, term.total(plan)) <= REACHED * (term.weights.absolute() @ plan) + REACHED


def least_short(
    terms: Sequence[Term], objective: Objective, budget: int, solver: Solver, plan: Array
) -> Array | None:
    """Amounts with which rows over results, stated around a plan, fall short as little as can be; lines chosen whole.

    Shape (lines,), minor units; `None` where even without those rows nothing keeps the terms. The arguments are those of
    `Asked.of`.
    """
    found = _Short(terms, objective, budget, solver).least(plan)
    return None if found is None else found[0]


@dataclass(frozen=True, eq=False)
class _Short:
    """The question how little the rows over results must fall short; the attributes are those of `Asked.of`."""

    terms: Sequence[Term]
    objective: Objective
    budget: int
    solver: Solver

    def missing(self) -> tuple[Array | None, float]:
        """The last plan, and the least part of the results that is missing, in all; inf where nothing keeps the other terms."""
        plan, missing = None, np.inf
        for _ in range(AROUND):
            found = self.least(plan)
            if found is None:
                break
            if plan is None and not self._around:
                return found
            plan, before = found[0], missing
            missing = min(missing, self.of(plan))
            if missing <= ENOUGH or before - missing <= NEARER * missing:
                break
        return plan, missing

    def without_missing(self) -> Array | None:
        """Amounts with which nothing is missing; `None` where none were found."""
        plan, missing = None, np.inf
        for _ in range(AROUND):
            asked = self.asked(plan)
            relaxed = None if asked is None else asked.relaxed(enough=-REACHED, or_never=True)
            if asked is None or relaxed is None or (plan is None and -relaxed.straight > ENOUGH):
                return None
            whole = self._enough(asked, relaxed, plan) if relaxed.choices else relaxed.amounts
            if not self._around or (whole is None and plan is None):
                return whole
            plan, before = relaxed.amounts if whole is None else whole, missing
            missing = min(missing, self.of(plan)) if whole is not None else missing
            if missing <= ENOUGH:
                return plan
            if before - missing <= NEARER * missing and before < np.inf:
                return None
        return None

    def least(self, plan: Array | None) -> tuple[Array, float] | None:
        """Amounts that miss as little as can be, rows stated around a plan, and what part by these; lines chosen whole."""
        asked = self.asked(plan)
        found = None if asked is None else asked.relaxed(enough=-REACHED)
        whole = None if asked is None or found is None else chosen(asked, found)
        if whole is None:
            return None
        if whole.stopped and whole.straight < -ENOUGH:
            raise StoppedError(out_of_time())
        return whole.amounts, max(-whole.straight, 0.0)

    def asked(self, plan: Array | None) -> Asked | None:
        """The question around a plan; `None` where nothing keeps the limits on people."""

        def short(rows: Sequence[Term]) -> Asked:
            return Asked.of(rows, self.objective, self.budget, self.solver, plan).short

        def planned(rows: Sequence[Term]) -> Array | None:
            relaxed = short(rows).relaxed(enough=-REACHED)
            return None if relaxed is None else relaxed.amounts

        touches = touched(firm(self.terms), planned)
        return None if touches is None else short((*others(self.terms), *(touch.row for touch in touches)))

    def of(self, plan: Array) -> float:
        """What part a plan misses, on the true curves."""
        results, missing = self.objective.results(plan), 0.0
        for row in self.terms:
            if isinstance(row, Linear) and over_results(row):
                size = 1000.0 * row_scale(row, max(self.budget / 1000.0, 1.0))
                missing += shortfall(row, row.total(plan, results)) / size
        return missing

    @property
    def _around(self) -> bool:
        """Whether rows are stated around plans."""
        return inexact(Asked.of(others(self.terms), self.objective, self.budget, self.solver).terms.linear)

    def _enough(self, asked: Asked, relaxed: Relaxed, plan: Array | None) -> Array | None:
        """Amounts of lines chosen whole that miss nothing of the rows as they are stated; `None` where none do.

        Of few lines, by tangents, under which none means that there are none, and by chords.
        """
        if self.objective.lines > SMALL:
            whole = chosen(asked, relaxed)
            return whole.amounts if whole is not None and whole.straight >= -ENOUGH else None
        people = bool(on_people(firm(self.terms)))
        reach = (
            None
            if people or plan is not None
            else reach_of(self.terms, self.objective, self.budget, self.solver, self.of, ENOUGH)
        )
        if reach is not None:
            return reach.plan
        left = narrowed(relaxed, asked.limits, asked.objective, ENOUGH + max(relaxed.proof.value, 0.0))
        near, cuts, short = replace(asked, limits=left.limits), left.cuts, -np.inf
        for _ in range(CUTS):
            for above in (True, False):
                solution, layout, amounts = near.solved(
                    left.lines, cuts, whole=True, above=above, beyond=-ENOUGH
                )
                if solution.status == "stopped":
                    raise StoppedError(out_of_time())
                reached = solution.status == "optimal" and solution.value * layout.worth >= -ENOUGH
                if above and not reached:
                    return None
                if reached and (not above or self.of(amounts) <= ENOUGH):
                    return amounts
                cuts = near.finer(cuts, amounts) if len(solution.columns) else cuts
            if solution.value <= short + FINER * abs(short):  # finer chords don't bring what is missing
                return None
            short = solution.value
        return None
