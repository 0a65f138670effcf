"""Whether any plan keeps the demands, and with how little money: asked of groups of like lines, so that it is quick.

Lines that no term tells apart are one column: its money is what they receive together, its whole number how many of
them receive anything. That is exact, and has as many columns as there are kinds of lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.demands import Limits
from mediaplan.planning.program import Program
from mediaplan.planning.solvers.highs import solve

Array = NDArray[np.float64]


def least_money(terms: Sequence[Linear], limits: Limits) -> float | None:
    """The least money above nothing that keeps all terms and limits, minor units; `None` where nothing does.

    Args:
        terms: Linear terms.
        limits: Of the lines.
    """
    if limits.broken.any():
        return None
    weights = np.array([term.weights for term in terms]).reshape(len(terms), len(limits.least))
    domain = np.stack([limits.least, limits.most, limits.needed, limits.step])
    groups, count = np.unique(np.concatenate([weights, domain]), axis=1, return_counts=True)
    weights, (least, most, needed, step) = groups[: len(terms)], groups[len(terms) :]
    unit = max(float(most.max()), 1.0) / 1000.0
    kinds = len(count)
    # Columns: money x, lines that receive anything y, steps n. Rows: least·y ≤ x ≤ most·y, x = step·n, the terms.
    at = np.arange(kinds)
    stepped = np.flatnonzero(step > 1)
    over = sp.hstack([sp.eye_array(kinds), sp.diags_array(-most / unit), sp.csr_array((kinds, len(stepped)))])
    under = sp.hstack(
        [sp.eye_array(kinds), sp.diags_array(-least / unit), sp.csr_array((kinds, len(stepped)))]
    )
    picked = sp.coo_array(
        (np.ones(len(stepped)), (np.arange(len(stepped)), stepped)), shape=(len(stepped), kinds)
    )
    steps = sp.hstack([picked, sp.csr_array((len(stepped), kinds)), sp.diags_array(-step[stepped] / unit)])
    spent = np.concatenate([np.ones(kinds), np.zeros(kinds + len(stepped))])
    rows = np.hstack([weights, np.zeros((len(terms), kinds + len(stepped)))])
    program = Program(
        gain=-spent,
        lower=np.concatenate([np.zeros(kinds), np.where(needed > 0, count, 0), np.zeros(len(stepped))]),
        upper=np.concatenate([most * count / unit, count, np.floor(most * count / step)[stepped]]).astype(
            float
        ),
        whole=np.concatenate([np.zeros(kinds, dtype=bool), least[at] > 0, np.ones(len(stepped), dtype=bool)]),
        matrix=sp.csr_array(sp.vstack([over, under, steps, sp.csr_array(np.vstack([rows, spent]))])),
        row_lower=np.concatenate(
            [
                np.full(kinds, -np.inf),
                np.zeros(kinds + len(stepped)),
                [t.at_least / unit for t in terms],
                [1.0 / unit],
            ]
        ),
        row_upper=np.concatenate(
            [
                np.zeros(kinds),
                np.full(kinds, np.inf),
                np.zeros(len(stepped)),
                [t.at_most / unit for t in terms],
                [np.inf],
            ]
        ),
    )
    solution = solve(program)
    return float(solution.columns[:kinds].sum() * unit) if len(solution.columns) else None
