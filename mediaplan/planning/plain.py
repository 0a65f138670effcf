"""Plain questions over very many lines: nothing but limits on money, so that curves cut straight can be sifted.

Prices found on a sample of the lines say which lines may be funded at all; only these are cut into pieces, the pieces
sifted, cut finer where plan and prices lie, until the bound is met. Lines that the prices call for join in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.bounding import paid_by_line
from mediaplan.planning.demands import Limits
from mediaplan.planning.formulating import Cuts, Terms, first_cuts
from mediaplan.planning.objective import Objective
from mediaplan.planning.program import Solver
from mediaplan.planning.sifting import Straight, sift
from mediaplan.planning.smoothing import Slopes, smoothed_prices

Array = NDArray[np.float64]
Index = NDArray[np.intp]

SAMPLE = 3000
"""Lines on which the first prices are found."""
HOPEFUL = 0.85
"""Part of its first price that a line's first money must be worth to be looked at."""


class Answer(NamedTuple):
    """What sifting found: shape (working lines,) minor units, worth on the pieces, and shape (terms,) prices."""

    amounts: Array
    straight: float
    prices: Array


def is_plain(terms: Terms, limits: Limits, objective: Objective) -> bool:
    """Whether nothing but limits on money that hold stands between the lines, and each may have any amount."""
    several = bool(terms.choices or objective.pools or objective.views)
    rows = all(term.results is None and not np.isfinite(term.soft) for term in terms.linear)
    gaps = ((limits.least > 0) & ~limits.needed) | (limits.step > 1) | limits.broken
    return rows and not several and not bool(gaps.any())


def straight_pieces(
    terms: Sequence[Linear], limits: Limits, objective: Objective, cuts: Cuts, share: float = 1.0
) -> Straight:
    """The curves between their cuts, and the rows over what lines receive beyond their least.

    Args:
        terms: Rows over money, of the same lines.
        limits: Of the lines.
        objective: What money is worth.
        cuts: Where curves are cut.
        share: Part of the limits that is for these lines.
    """
    length = np.diff(cuts.lines, axis=1)
    worth = np.diff(objective.worth(cuts.lines), axis=1)
    slope = np.divide(worth, length, out=np.full_like(worth, -np.inf), where=length > 0)
    # Pieces of no length take the slope of the one before, so that slopes fall along each line.
    slope = np.where(np.isfinite(slope), slope, 0.0)
    rows = sp.csr_array(np.array([term.weights for term in terms]).reshape(len(terms), len(length)))
    least = rows @ limits.least.astype(float)
    low = np.array([term.at_least for term in terms]) * share - least
    high = np.array([term.at_most for term in terms]) * share - least
    return Straight(slope, length, rows, low, high)


def first_prices(terms: Terms, limits: Limits, objective: Objective) -> Array:
    """Shape (terms,): prices on a sample of the lines, near those of all."""
    lines = objective.lines
    count = min(SAMPLE, lines)
    # The seed is part of the method: strides would fall in step with how lines are listed.
    chosen = np.sort(np.random.default_rng(0).permutation(lines)[:count])
    few, curves = limits.take(chosen), objective.take(chosen)
    pieces = straight_pieces(
        terms.take(chosen).linear, few, curves, first_cuts(few, curves), share=count / lines
    )
    return smoothed_prices(Slopes(pieces.slope, pieces.length), pieces.rows, pieces.low, pieces.high)


def hopeful(terms: Terms, limits: Limits, entry: Array, prices: Array) -> Index:
    """Lines whose first money is worth about its price or more."""
    paid, _ = paid_by_line(terms.linear, prices, len(entry))
    return np.flatnonzero((entry > HOPEFUL * paid) | limits.needed)


def sifted(
    terms: Terms,
    limits: Limits,
    objective: Objective,
    cuts: Cuts,
    solver: Solver,
    prices: Array,
) -> Answer | None:
    """The best money of the lines between their cuts; `None` where none keeps the terms."""
    pieces = straight_pieces(terms.linear, limits, objective, cuts)
    answer = sift(pieces, solver, prices)
    if answer is None:
        return None
    base = float(objective.worth(limits.least[:, None].astype(float)).sum())
    return Answer(answer.amounts + limits.least, answer.value + base, answer.prices)
