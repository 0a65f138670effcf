"""Very many lines of which few may be funded: chosen among those that cuts on the counts of funded lines leave open.

How many lines of each limit are funded is whole. The relaxed plan does not know: it funds one and a half, and is worth more
than any plan. Cuts on the counts (see solvers/tightening) take most of that away at little cost: first with curves in few
pieces, which tells the lines of a plan near the best one; then with more pieces and among the lines that a better plan may
fund, which leaves so few of them that one program proves how good that plan is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mediaplan.errors import StoppedError
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.choosing import MOST_FREE
from mediaplan.planning.formulation.losing import Losing
from mediaplan.planning.formulation.narrowing import Narrowed, narrowed, within_rows
from mediaplan.planning.formulation.program import alone, wait_of
from mediaplan.planning.formulation.relaxing import Relaxed
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.within import CHOICE_LOSS, Chosen, best_within, is_bare, put_right
from mediaplan.planning.solvers.tightening import tightened

WIDE = 0.1
"""Part of the bound that a plan may lose whose lines are looked at."""
NEAR = 5e-3
"""The same of those that are looked at closely, once they are counted."""
SHORT = 1e-4
"""The same of those among which is chosen after that: often the best plan is there, or one hardly worse."""
TELLING = 0.5
"""Part of all lines that these are at the most, or else cuts on counts tell little of them."""
SOON = 5e-4
"""Part of its worth by which that plan may be worse than the best of these lines."""
SPARE = 0.95
"""Part of what is near enough by which plans may be better than that one, and are not looked for."""


def counted(asked: Asked, relaxed: Relaxed, known: Chosen | None) -> tuple[Chosen, Narrowed] | None:
    """A good plan, and a question that holds every plan that is better by enough; `None` where counts do not tell.

    Args:
        asked: The question.
        relaxed: Its best amounts when lines need not be chosen whole.
        known: A plan that there is already.
    """
    if not is_bare(asked) or alone(asked.solver):
        return None
    objective, wide = asked.objective, _wide(asked, relaxed)
    rough = _losing(asked, wide, roughly=True)
    if rough is None:
        return None
    question, losing = _closer(asked, wide, rough, NEAR * abs(rough.bound))
    few = losing.left(question, objective, SHORT * abs(losing.bound))
    if len(few.lines) > TELLING * len(wide.lines):
        return None
    best = _near(asked, few, relaxed, known)
    if best is None or best.stopped:
        return None if best is None else (best, question)
    enough = best.straight + SPARE * CHOICE_LOSS * abs(best.straight)
    if enough < question.ceiling:
        question, losing = _closer(asked, wide, rough, rough.bound - enough)
    return _left(best, enough, question, losing, objective)


def _left(
    best: Chosen, enough: float, question: Narrowed, losing: Losing, objective: Objective
) -> tuple[Chosen, Narrowed] | None:
    """The plan, and what holds every plan worth more than enough; `None` where such plans may be outside of the question."""
    if enough < question.ceiling:
        return None
    if enough < losing.bound:
        return best, losing.left(question, objective, losing.bound - enough)
    return replace(best, bound=min(best.bound, max(losing.bound, question.ceiling, best.straight))), question


def _closer(asked: Asked, wide: Narrowed, rough: Losing, short: float) -> tuple[Narrowed, Losing]:
    """The lines of plans that lose no more than that, and what they lose as seen by more pieces."""
    question = rough.left(wide, asked.objective, short)
    return question, _losing(asked, question) or rough


def _wide(asked: Asked, relaxed: Relaxed) -> Narrowed:
    """The lines that may be in a plan that is not far from the relaxed one, as many as can be counted."""
    size, profit = abs(relaxed.bound), np.sort(relaxed.proof.profit)[::-1]
    short = WIDE * size
    if len(profit) > MOST_FREE:
        short = min(short, max(-profit[MOST_FREE] * (1.0 - 1e-9), 0.0))
    return narrowed(relaxed, within_rows(asked.limits, asked.terms.linear), asked.objective, short)


def _losing(asked: Asked, question: Narrowed, *, roughly: bool = False) -> Losing | None:
    """What plans lose of the bound that cuts on the counts prove; `None` where there is nothing to count."""
    if not len(question.lines):
        return None
    inside = replace(asked, limits=question.limits)
    cuts = question.roughly if roughly else question.cuts
    program, layout = inside.program(question.lines, cuts, whole=True, above=True)
    if not program.stands:
        return None
    tight = tightened(program, wait_of(asked.solver))
    return None if tight is None else Losing.by(tight.bound, tight.reduced, layout, question)


def _near(asked: Asked, question: Narrowed, relaxed: Relaxed, known: Chosen | None) -> Chosen | None:
    """The best plan of a question, about, its money put right; or the one that is known, if that is better."""
    try:
        found = best_within(asked, question, relaxed, SOON)
    except StoppedError:
        if known is None:
            raise
        return replace(known, stopped=True)
    if found is None:
        return known
    best = found if found.stopped else put_right(asked, found, relaxed)
    return best if known is None or best.straight >= known.straight else replace(known, stopped=best.stopped)
