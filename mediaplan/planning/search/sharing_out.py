"""Money shared out anew among lines that were chosen whole: the choice was made on straight pieces, which lose a little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import shortfall
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.relaxing import SMALL
from mediaplan.planning.formulation.tiers import tiered_lines
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.within import Chosen

Array = NDArray[np.float64]


def shared_out(asked: Asked, best: Chosen) -> Chosen:
    """The plan with the money of its lines where it is worth most on the true curves; the lines stay those chosen.

    Of very many lines, of tiers and where the search was cut short, the plan as it is: pieces lose little there, or nothing.

    Args:
        asked: The question that was answered.
        best: Its answer.
    """
    curved = not asked.objective.straight and not tiered_lines(asked.objective).any()
    if best.stopped or not curved or len(asked.entry) > SMALL:
        return best
    limits = _as_chosen(asked.limits, best.amounts)
    if (limits.least == limits.most).all():
        return best
    among = replace(asked, terms=Terms(asked.terms.linear, (), ()), limits=limits, proving=False)
    try:
        found = among.relaxed()
    except StoppedError:
        return best
    if found is None or found.choices or found.stopped:
        return best
    better = _worth(asked, found.amounts) > _worth(asked, best.amounts)
    return replace(best, amounts=found.amounts, straight=found.straight) if better else best


def _as_chosen(limits: Limits, amounts: Array) -> Limits:
    """The lines that were chosen and no others, those in steps at their step."""
    on = limits.needed | (limits.least == 0) | (2.0 * amounts >= limits.least)
    fixed = np.round(amounts / limits.step).astype(np.int64) * limits.step
    stepped = limits.step > 1
    least = np.where(stepped, fixed, np.where(on, limits.least, 0))
    most = np.where(stepped, fixed, np.where(on, limits.most, 0))
    return Limits(least, most, on & (least > 0), np.ones_like(limits.step), limits.broken)


def _worth(asked: Asked, amounts: Array) -> float:
    """Worth on the true curves, less what limits that give way take; those on choices take as much of all these plans."""
    results = asked.objective.results(amounts)
    short = sum(
        term.soft * shortfall(term, term.total(amounts, results))
        for term in asked.terms.linear
        if np.isfinite(term.soft)
    )
    return asked.objective.total(amounts) - float(short)
