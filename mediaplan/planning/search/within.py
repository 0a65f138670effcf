"""The best plan among those of a narrowed question, lines, steps and tiers chosen whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import StoppedError
from mediaplan.planning.formulation.narrowing import Narrowed
from mediaplan.planning.formulation.program import GAP
from mediaplan.planning.formulation.relaxing import Relaxed, out_of_time
from mediaplan.planning.search.searching import Asked

Array = NDArray[np.float64]

CHOICE_LOSS = 1e-3
"""Part of the bound that straight pieces may lose once lines are chosen whole, before they are cut once more."""

FINER = 3
"""Times that the curves of chosen lines are cut where their money lies."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """Amounts that keep all limits, before they are payable.

    Attributes:
        amounts: Shape (lines,), minor units.
        straight: Worth of them on straight pieces.
        bound: No plan is worth more.
        stopped: Whether the engine reached its limit of time.
    """

    amounts: Array
    straight: float
    bound: float
    stopped: bool


def is_near(best: Chosen, enough: float = CHOICE_LOSS) -> bool:
    """Whether a plan is worth what no plan is worth more than, but for that part."""
    return best.bound - best.straight <= enough * abs(best.bound)


def best_within(asked: Asked, left: Narrowed, relaxed: Relaxed, gap: float = GAP) -> Chosen | None:
    """The best plan of a narrowed question, cutting the curves once more where the choice needs it."""
    if not len(left.lines):
        return None
    asked = replace(asked, limits=left.limits)
    cuts, best = left.cuts, None
    for _ in range(2):
        solution, layout, amounts = asked.solved(left.lines, cuts, whole=True, gap=gap)
        if solution.status == "infeasible":
            return None
        stopped = solution.status == "stopped"
        if stopped and best is not None and not solution.value * layout.worth > best.straight:
            return replace(best, stopped=True)
        if not len(solution.columns):
            raise StoppedError(out_of_time())
        bound = relaxed.bound
        if asked.objective.straight:
            bound = min(bound, max(solution.bound * layout.worth, left.ceiling))
        best = Chosen(amounts, solution.value * layout.worth, bound, stopped)
        true = asked.objective.total(amounts)
        if stopped or true - best.straight <= CHOICE_LOSS * abs(relaxed.bound):
            break
        cuts = asked.finer(cuts, amounts)
    return best


def put_right(asked: Asked, best: Chosen, relaxed: Relaxed) -> Chosen:
    """The same lines with the best money on their curves, cut where it lies until that is nearly all there is."""
    limits, funded = asked.limits, best.amounts > 0
    fixed = replace(
        limits,
        least=np.where(funded, limits.least, 0),
        most=np.where(funded, limits.most, 0),
        needed=limits.needed | (funded & (limits.least > 0)),
    )
    inside, lines = replace(asked, limits=fixed), np.flatnonzero(funded)
    cuts = inside.finer(relaxed.cuts, best.amounts)
    for _ in range(FINER):
        solution, layout, amounts = inside.solved(lines, cuts, whole=True)
        if solution.status != "optimal":
            break
        worth = solution.value * layout.worth
        if worth > best.straight:
            best = replace(best, amounts=amounts, straight=worth)
        cuts = inside.finer(cuts, amounts)
    return best


def is_bare(asked: Asked) -> bool:
    """Whether a plan under tangents keeps all rules, and is worth what curves alone say."""
    return keeps_under_tangents(asked) and not asked.objective.views


def keeps_under_tangents(asked: Asked) -> bool:
    """Whether a plan under tangents keeps all rules."""
    rows = any(term.results is not None or np.isfinite(term.soft) for term in asked.terms.linear)
    soft = any(np.isfinite(choice.soft) for choice in asked.terms.choices)
    return not (rows or soft or asked.objective.given is not None)
