"""Lines, steps and tiers chosen whole: the best plan near the relaxed one, and how near to the best it is proven to be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import StoppedError
from mediaplan.planning.formulation.narrowing import Narrowed, narrowed
from mediaplan.planning.formulation.program import GAP
from mediaplan.planning.formulation.relaxing import CLOSE_ENOUGH, SMALL, Relaxed, out_of_time
from mediaplan.planning.formulation.shared_rows import around_plan
from mediaplan.planning.search.counting import counted
from mediaplan.planning.search.envelopes import in_tiers_left, under_envelopes
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.within import (
    CHOICE_LOSS,
    Chosen,
    best_within,
    is_bare,
    is_near,
    keeps_under_tangents,
    put_right,
)

Array = NDArray[np.float64]

FIRST_SHORT = 1e-4
"""Part of the bound by which the plans among which is first chosen of many lines may be worth less: often that is enough."""
SHORT = 5e-4
"""The same of few lines, or where it was not enough."""
WIDER = 5.0
"""Times that part, where none of them keeps the terms."""
TURNS = 4
"""Times that plans are chosen among; the last time among all."""
SPARE = 0.5
"""Part of that by which plans among very many lines may be better than the best one found, and are not looked for."""
MORE_SPARE, MANY_LEFT = 0.95, 100
"""The same where more lines than that might be in a better plan."""
FINELY = 0.2
"""Part of what a plan may fall short of the bound by which an engine's choice may be worse than the best one."""
HOPED = 0.05
"""Part of what a plan under envelopes loses on the curves themselves that the best plan is first hoped to lose."""


def chosen(asked: Asked, relaxed: Relaxed) -> Chosen | None:
    """Choose lines, steps and tiers whole; `None` where that can't be done."""
    if not relaxed.choices:
        return Chosen(relaxed.amounts, relaxed.straight, relaxed.bound, stopped=relaxed.stopped)
    if np.isfinite(asked.known) and keeps_under_tangents(asked):
        return best_by_tangents(asked, relaxed)
    return _in_few_tiers(asked, relaxed) if len(asked.dented) else _among(asked, relaxed)


def _in_few_tiers(asked: Asked, relaxed: Relaxed) -> Chosen | None:
    """The same, first near what the relaxation hopes for.

    Where that plan does not prove to be near enough, it is looked for again as far as it leaves room for better ones.
    """
    concave = under_envelopes(asked.objective, asked.limits, asked.dented)
    above = concave.total(relaxed.amounts) - asked.objective.total(relaxed.amounts)
    loss = HOPED * max(above + relaxed.proof.value - relaxed.straight, CLOSE_ENOUGH * abs(relaxed.bound))
    best = _near(asked, relaxed, loss)
    if best is None:
        return _among(asked, relaxed)
    if best.stopped or best.straight >= relaxed.proof.value - loss:
        return best
    further = _near(asked, relaxed, relaxed.proof.value - best.straight)
    if further is None:
        return replace(best, bound=relaxed.bound)
    if further.straight < best.straight:
        return replace(best, bound=further.bound, stopped=further.stopped)
    return further


def _near(asked: Asked, relaxed: Relaxed, loss: float) -> Chosen | None:
    """Chosen whole from the tiers in which a plan loses no more than that to the bound."""
    paid = relaxed.proof.paid
    objective, limits = in_tiers_left(asked.objective, asked.limits, asked.dented, paid, loss)
    inside = np.clip(relaxed.cuts.lines, limits.least[:, None], limits.most[:, None])
    near = replace(relaxed, cuts=replace(relaxed.cuts, lines=inside))
    left, asked = narrowed(near, limits, objective, loss), replace(asked, objective=objective)
    best = best_within(asked, left, relaxed)
    return proven(asked, best, left) if asked.proving and best is not None else best


def best_by_tangents(asked: Asked, relaxed: Relaxed) -> Chosen | None:
    """The plan that is best by tangents, no worse by these than what is known, and a bound; `None` where there is none."""
    known = asked.known - CLOSE_ENOUGH * abs(asked.known)  # the plan that is known is one of those asked for
    left = narrowed(relaxed, asked.limits, asked.objective, max(relaxed.proof.value - known, 0.0))
    if not len(left.lines):
        return None
    inside, gap = replace(asked, limits=left.limits), max(GAP, FINELY * asked.enough)
    over, layout, amounts = inside.solved(
        left.lines, left.cuts, whole=True, above=True, beyond=known, gap=gap
    )
    if over.status == "infeasible":
        return None
    if not len(over.columns):
        raise StoppedError(out_of_time())
    bound = min(relaxed.bound, max(over.bound * layout.worth, left.ceiling, known))
    return Chosen(amounts, asked.objective.total(amounts), bound, stopped=over.status == "stopped")


def _among(asked: Asked, relaxed: Relaxed) -> Chosen | None:
    """The same from all tiers."""
    best, left = among_few(asked, relaxed)
    return proven(asked, best, left) if asked.proving and best is not None else best


def among_few(asked: Asked, relaxed: Relaxed) -> tuple[Chosen | None, Narrowed]:
    """The best plan among those that come near the relaxed one, then among all that might be better than that.

    Of very many lines, it is looked for among more and more of them only while these are few; the rest is left to the bound.

    Returns:
        The plan, and a question that holds every plan which is better.
    """
    small, size = len(relaxed.amounts) <= SMALL, abs(relaxed.bound)
    enough = max(asked.enough, 0.0 if small else CHOICE_LOSS)
    best: Chosen | None = None
    if not small:
        left = narrowed(relaxed, asked.limits, asked.objective, FIRST_SHORT * size)
        best = best_within(asked, left, relaxed, max(GAP, FINELY * asked.enough))
        if best is not None and (best.stopped or is_near(best, enough)):
            return best, left
        counts = counted(asked, relaxed, best)
        if counts is not None:
            return counts
    short, found, wider = SHORT * size, None, np.inf
    for turn in range(TURNS):
        left = narrowed(relaxed, asked.limits, asked.objective, short if turn + 1 < TURNS else np.inf)
        # A plan that is only compared with another needs no third look, which is mostly for the bound.
        looked = len(left.lines) > SMALL or (turn > 1 and not asked.proving)
        if found is not None and not small and looked:
            left = narrowed(relaxed, asked.limits, asked.objective, wider)
            break
        found = best_within(asked, left, relaxed, max(GAP, FINELY * asked.enough))
        if found is None and left.ceiling == -np.inf:
            break
        if found is None:
            short *= WIDER
            continue
        best = found if best is None or found.straight > best.straight else best
        near = enough > 0 and is_near(best, enough)
        if found.stopped or near or left.ceiling <= best.straight:
            break
        lost = relaxed.proof.value - best.straight
        part = MORE_SPARE if int((relaxed.proof.profit >= -lost).sum()) > MANY_LEFT else SPARE
        wider = max(2.0 * short, lost - (0.0 if small else part * CHOICE_LOSS * size))
        short = wider if small else min(wider, WIDER * short)
    return best, left


def proven(asked: Asked, best: Chosen, left: Narrowed) -> Chosen:
    """The same plan, or a better one that comes up, with a closer bound, where it needs one.

    By straight pieces nowhere below the curves.
    """
    if best.stopped or is_near(best, max(asked.enough, CHOICE_LOSS)) or around_plan(asked.terms.linear):
        return best
    asked = replace(asked, limits=left.limits)
    # Of few lines all is asked for: a small rise of the bound would be the whole gap.
    many = len(asked.entry) > SMALL
    known = max(best.straight, left.ceiling) if many else -np.inf
    cuts = asked.finer(left.proving if many else left.cuts, best.amounts)
    over, layout, amounts = asked.solved(left.lines, cuts, whole=True, above=True, beyond=known)
    true = asked.objective.total(amounts)
    if is_bare(asked) and len(over.columns) and true > asked.objective.total(best.amounts):
        best = replace(best, amounts=amounts, straight=true)
        best = put_right(asked, best, left.relaxed) if many else best
    return replace(best, bound=min(best.bound, max(over.bound * layout.worth, left.ceiling, known)))
