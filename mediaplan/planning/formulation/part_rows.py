"""What rows prove together that count only a part of those who share people, whatever plan they are stated around.

At their prices every result is worth a number to the goal and all rows together. A pool gives what its lines bring, the least
of their worths for all of it, the next for all but those of the least, and so on: each a pool by itself, nowhere below what
those lines give when the others are there, and nowhere above its tangent.

More is proven of a row whose lines all lie in one pool of the widest layer. With Y what they give to that pool, Z what all
lines give, and S its size, it asks for

    Y / (1 + Z / S) ≥ N,  which is  Y - N · (1 + Z / S) ≥ 0

a row over what flows into the pool, with no other curve in it: what the others take is counted. What is worth less than
nothing there is left out.
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
    """What the lines' own results are worth to the objective and some rows together, at the most, in plans that keep these.

    Attributes:
        weights: Shape (kinds, lines), of one own result.
        constant: What is added to their sum.
    """

    weights: Array
    constant: float


def held(objective: Objective, rows: Sequence[tuple[Shared, float]], amounts: Array) -> Held:
    """What the objective and rows as rules say them are worth together, less what the rows' limits pay.

    Args:
        objective: What is maximised; it has no views.
        rows: As if others took nothing, each with its price: worth per unit of the limit.
        amounts: Shape (lines,), minor units, where tangents are taken.
    """
    *inner, widest = objective.curves.pools
    load = (widest.weight * objective.own_results(amounts)).sum(axis=0)
    flows = [load]
    for layer in inner:
        flows.append(flows[-1] * layer.of_lines(1.0 / (1.0 + layer.sums(flows[-1]) / layer.size), 1.0))
    pools = [_one_pool(row, widest) for row, _ in rows]
    behind = np.array(objective.weights)
    for (row, price), pool in zip(rows, pools, strict=True):
        behind = behind + (0.0 if pool is not None else abs(price) * row.flow)
    weights, constant = _within(widest, behind, flows[-1])
    part = 1.0 / (1.0 + widest.sums(flows[-1]) / widest.size)
    for (row, price), pool in zip(rows, pools, strict=True):
        if pool is None:
            continue
        paid = -price * part[pool]
        others = np.where(widest.member == pool, widest.weight, 0.0)
        weights = weights + paid * (row.flow - row.at_least / widest.size[pool] * others)
        constant += (-price - paid) * row.at_least
    weights = np.maximum(weights, 0.0)
    for layer, flow in zip(reversed(inner), reversed(flows[:-1]), strict=True):
        weights, more = _within(layer, weights, flow)
        constant += more
    return Held(weights, constant)


def _one_pool(row: Shared, layer: Pools) -> int | None:
    """The pool of a layer in which all lines lie of a row that asks for nothing but their results."""
    if row.sign < 0 or row.weights.any() or (row.results is not None and row.results.any()):
        return None
    inside = np.unique(layer.member[(row.flow > 0).any(axis=0)])
    return int(inside[0]) if len(inside) == 1 and inside[0] >= 0 else None


def _within(layer: Pools, weights: Array, load: Array) -> tuple[Array, float]:
    """What results are worth before a layer, if they are worth that behind it, and a constant."""
    wears = layer.weight > 0
    each = np.where(wears, weights / np.where(wears, layer.weight, 1.0), 0.0).max(axis=0)
    shared = np.flatnonzero((layer.member >= 0) & (each > 0))
    worth, constant = np.zeros(len(each)), 0.0
    order = shared[np.lexsort((each[shared], layer.member[shared]))]
    for mine in np.split(order, np.flatnonzero(np.diff(layer.member[order])) + 1):
        if not len(mine):
            continue
        size = float(layer.size[layer.member[mine[0]]])
        levels, first = np.unique(each[mine], return_index=True)
        for start, step in zip(first, np.diff(levels, prepend=0.0), strict=True):
            part = 1.0 / (1.0 + load[mine[start:]].sum() / size)
            worth[mine[start:]] += step * part**2
            constant += float(step * size * (1.0 - part) ** 2)
    inside = (layer.member >= 0)[None, :] & wears
    return np.where(inside, worth[None, :] * layer.weight, weights), constant
