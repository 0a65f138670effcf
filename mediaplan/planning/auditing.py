"""Does a plan keep what was asked? Checked on whole amounts alone, by code that never sees the program."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Domain, Linear
from mediaplan.planning.demands import Demand
from mediaplan.words import Sentence

Integers = NDArray[np.int64]


def broken_demands(amounts: Integers, demands: Sequence[Demand]) -> tuple[Sentence, ...]:
    """The demands that the amounts do not keep, as people say them; empty for a sound plan.

    Money limits hold exactly. Ratios may miss by one minor unit for each line they count.

    Args:
        amounts: Shape (lines,), minor units.
        demands: What the plan must keep.
    """
    return tuple(demand.said for demand in demands if not all(_keeps(amounts, term) for term in demand.terms))


def _keeps(amounts: Integers, term: Linear | Domain) -> bool:
    if isinstance(term, Domain):
        own = amounts[term.lines]
        inside = (own >= term.at_least) & (own <= term.at_most) & (own % term.step == 0)
        return bool((inside | (term.or_zero & (own == 0))).all())
    # Sums of whole amounts with weights 0 and 1 are exact in doubles; ratios are allowed their rounding.
    total = float(term.weights @ amounts)
    slack = float(term.counted.sum()) + 1e-9 * float(amounts.sum()) if term.ratio else 0.0
    return term.at_least - slack <= total <= term.at_most + slack
