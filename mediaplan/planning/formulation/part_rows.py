"""What rows prove that count only a part of those who share people, where all of it lies in one pool of the widest layer.

With Y what the counted lines give to that pool, Z what all lines give, and S its size, a row asks for

    Y / (1 + Z / S) ≥ N,  which is  Y - N · (1 + Z / S) ≥ 0

a row over what flows into the pool, with no other curve in it. At a price, every result is worth a number there, the
same for what the objective gains; what is worth less than nothing is left out. In the layer within, each pool gives what
its lines bring, the least of their worths for all of it, the next for all but those of the least, and so on: each a
pool by itself, nowhere below what those lines give when the others are there, and nowhere above its tangent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.shared_rows import Shared
from mediaplan.response.pools import Pools

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Held:
    """What the lines' own results are worth to the objective and some rows together, at the most.

    Attributes:
        weights: Shape (kinds, lines), of one own result.
        constant: What is added to their sum.
    """

    weights: Array
    constant: float


def provable(objective: Objective, row: Shared) -> bool:
    """Whether a row's own prices can prove a bound this way."""
    pools = objective.curves.pools
    if row.alone is None or row.sign < 0 or len(pools) > 2 or objective.views:
        return False
    inside = np.unique(pools[-1].member[(row.alone.flow > 0).any(axis=0)])
    own = row.alone.results is not None and row.alone.results.any()
    return len(inside) == 1 and bool(inside[0] >= 0) and not (own or row.alone.weights.any())


def held(objective: Objective, rows: Sequence[Shared], prices: Sequence[float], amounts: Array) -> Held:
    """What the objective and `provable` rows are worth together.

    Args:
        objective: What is maximised.
        rows: The rows.
        prices: Worth per unit of their limits, ≤ 0.
        amounts: Shape (lines,), minor units, where tangents are taken.
    """
    *inner, widest = objective.curves.pools
    load = (widest.weight * objective.own_results(amounts)).sum(axis=0)
    left = np.ones(len(load))
    for layer in inner:
        left = left * layer.of_lines(1.0 / (1.0 + layer.sums(load * left) / layer.size), 1.0)
    part = 1.0 / (1.0 + widest.sums(load * left) / widest.size)
    weights, constant = np.zeros_like(widest.weight), 0.0
    if objective.pools:
        weights = objective.weights * widest.of_lines(part**2, 1.0)
        constant = float((widest.size * (1.0 - part) ** 2).sum())
    for row, price in zip(rows, prices, strict=True):
        assert row.alone is not None
        pool = int(widest.member[(row.alone.flow > 0).any(axis=0)][0])
        paid = -price * part[pool]
        mine = widest.member == pool
        asked = paid * row.alone.at_least / widest.size[pool] * np.where(mine, widest.weight, 0.0)
        weights = weights + paid * row.alone.flow - asked
        constant -= paid * row.alone.at_least
    weights = np.maximum(weights, 0.0)
    for layer in inner:
        weights, more = _within(layer, weights, load)
        constant += more
    return Held(weights, constant)


def _within(layer: Pools, weights: Array, load: Array) -> tuple[Array, float]:
    """What own results are worth before a layer, if they are worth that behind it, and a constant."""
    wears = layer.weight > 0
    each = np.where(wears, weights / np.where(wears, layer.weight, 1.0), 0.0).max(axis=0)
    shared = np.flatnonzero((layer.member >= 0) & (each > 0))
    worth, constant = np.zeros(len(each)), 0.0
    for pool in np.unique(layer.member[shared]):
        mine = shared[layer.member[shared] == pool]
        levels = np.unique(each[mine])
        for level, step in zip(levels, np.diff(levels, prepend=0.0), strict=True):
            upper = mine[each[mine] >= level]
            part = 1.0 / (1.0 + load[upper].sum() / layer.size[pool])
            worth[upper] += step * part**2
            constant += step * layer.size[pool] * (1.0 - part) ** 2
    inside = (layer.member >= 0)[None, :] & wears
    return np.where(inside, worth[None, :] * layer.weight, weights), float(constant)
