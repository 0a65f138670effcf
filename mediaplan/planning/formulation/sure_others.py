"""What part of shared people those leave, at the most, whom a rule over results does not count: by the money they must have.

Of a pool of size S in which other lines bring at least B on their own, the lines that a rule counts get as from people of
whom S / (S + B) are left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.response.pools import Pools

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def sure(limits: Limits) -> Array:
    """Shape (lines,), minor units: money that each line has in every plan."""
    least: Array = np.where(limits.needed, limits.least, 0).astype(np.float64)
    return least


def parts_left(inside: Mask, objective: Objective, limits: Limits) -> list[Array]:
    """What part of each layer's people is left to the lines that a rule counts, in no plan more.

    What other lines give to the next layer grows with what they bring, and falls with what the counted lines of the same
    pool bring, which is as much as they may have.

    Args:
        inside: Shape (lines,), the lines that the rule counts and that wear others' people.
        objective: Whose curves and pools tell the results.
        limits: Of the lines.

    Returns:
        For each layer, shape (lines,), 0 to 1; 1 for lines that are in none of its pools.
    """
    pools = objective.curves.pools
    least, most = (_load(pools, objective, money) for money in (sure(limits), limits.most.astype(float)))
    parts = []
    for layer in pools:
        mine = inside & (layer.member >= 0)
        others = layer.sums(np.where(inside, 0.0, least))
        counted = layer.sums(np.where(mine, most, 0.0))
        part = layer.of_lines(layer.size / (layer.size + others), 1.0)
        parts.append(part)
        least = least * layer.of_lines(layer.size / (layer.size + others + counted), 1.0)
        most = most * part
    return parts


def _load(pools: Sequence[Pools], objective: Objective, money: Array) -> Array:
    load: Array = (pools[0].weight * objective.own_results(money)).sum(axis=0)
    return load
