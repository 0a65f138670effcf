"""Less money on the lines whose sums are above their limits: a plan from prices that had no time to settle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Limits

Array = NDArray[np.float64]

TURNS = 20
"""Times that every limit is looked at: what is taken for one limit may break a share."""
KEPT = 1e-9
"""Part of the money that a sum may miss its limit by, as doubles do."""


def lessened(terms: Sequence[Linear], limits: Limits, amounts: Array) -> Array | None:
    """Amounts no larger than these that keep the terms; `None` where taking money away does not come to that.

    Of each sum that is too large, the lines that add to it lose one part of what they have beyond their least. A sum
    that is too small is one that is too large with its signs turned: what lines take off a share can be taken away.

    Args:
        terms: Limits on money.
        limits: Of the lines.
        amounts: Shape (lines,), minor units, none below its line's least.
    """
    least: Array = limits.least.astype(float)
    above: Array = amounts - least
    rows = [
        (term.weights.times(sign), sign * limit)
        for term in terms
        for sign, limit in ((1.0, term.at_most), (-1.0, term.at_least))
        if np.isfinite(limit)
    ]
    near = KEPT * float(amounts.sum())
    for _ in range(TURNS):
        kept = True
        for weights, most in rows:
            over = weights @ (least + above) - most
            if over <= near:
                continue
            each = weights.each()
            adding = each > 0
            part = over / max(float(each[adding] @ above[adding]), 1e-300)
            if part > 1.0:
                return None
            above[adding] *= 1.0 - part
            kept = False
        if kept:
            return least + above
    return None
