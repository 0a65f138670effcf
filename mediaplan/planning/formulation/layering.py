"""Layers of people in a program: what a pool's lines bring on their own, and the part of it that is left, as pieces.

Columns, for pools p and pieces k:
    o_pk          what pool p takes on piece k: 0 ≤ o_pk ≤ length_pk
Rows, for each pool:
    Σ_k o_pk ≤ what flows into it: worth of its lines, or Σ slope_qk · o_qk of the narrower pools q within it
What flows out of the widest pools, Σ slope_pk · o_pk, is worth of the plan. Slopes fall, so that pieces fill in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.response.pools import Pools

Array = NDArray[np.float64]
Index = NDArray[np.intp]

PIECES = 14
"""Geometric cuts per pool in the first round; the rounds that follow cut where the solution lies."""

FULL = 30.0
"""Sizes that flow into a pool beyond which the first cut is one piece."""


class Builder(Protocol):
    """Columns and rows as they are added."""

    def add_columns(self, gain: Array, upper: Array) -> Index:
        """Columns from 0 to `upper` with their gain; returns their places."""

    def add_rows(self, lower: Array, upper: Array) -> Index:
        """Rows with their limits; returns their places."""

    def put(self, rows: Index, columns: Index, values: Array | float) -> None:
        """Entries of the matrix."""


def first_loads(objective: Objective, limits: Limits) -> tuple[Array, ...]:
    """By layer, shape (pools, cuts): from nothing to the most that can flow in, closest where little does."""
    if not objective.pools:
        return ()
    flow = objective.worth(limits.most.astype(float)[:, None])[:, 0]
    ladder = np.concatenate([[0.0], np.geomspace(1e-3, 1.0, PIECES)])
    loads = []
    for layer in objective.pools:
        most = layer.sums(flow)
        far = np.minimum(most, FULL * layer.size)
        loads.append(np.column_stack([far[:, None] * ladder, most]))
    return tuple(loads)


def with_loads(
    loads: Sequence[Array],
    objective: Objective,
    amounts: Array,
    prices: Sequence[Array] | None = None,
    around: float = 0.0,
) -> tuple[Array, ...]:
    """The cuts with more of them: where a plan lies, and where its prices say that it might.

    Args:
        loads: By layer, shape (pools, cuts).
        objective: Whose pools.
        amounts: Shape (lines,), minor units.
        prices: By layer, shape (pools,), worth of a unit that flows in; `None` = not known.
        around: Part of the price by which cuts are made on both sides as well; 0 = they are not.
    """
    if not objective.pools:
        return ()
    own = objective.worth(amounts[:, None])[:, 0]
    finer = []
    for at, layer in enumerate(objective.pools):
        inflow = layer.sums(own)
        own = own * layer.of_lines(1.0 / (1.0 + inflow / layer.size), 1.0)
        called = (
            [] if prices is None else beside(_called_for(objective.pools, prices, at), layer.size, around)
        )
        more = [inflow, *called]
        inside = np.clip(np.column_stack(more), 0.0, loads[at][:, -1:])
        finer.append(np.sort(np.concatenate([loads[at], inside], axis=1), axis=1))
    return tuple(finer)


def _called_for(pools: Sequence[Pools], prices: Sequence[Array], at: int) -> Array:
    """What should flow into each pool of a layer so that the next unit is worth its price, shape (pools,)."""
    out, paid = _outer_price(pools, prices, at), np.maximum(prices[at], 1e-12)
    wanted: Array = pools[at].size * (np.sqrt(np.maximum(out, 0.0) / paid) - 1.0)
    return wanted


def _outer_price(pools: Sequence[Pools], prices: Sequence[Array], at: int) -> Array:
    """Worth of a unit that flows out of each pool of a layer, shape (pools,)."""
    ones = np.ones(len(pools[at].size))
    if at + 1 == len(pools):
        return ones
    around = parents(pools, at)
    return np.where(around >= 0, prices[at + 1][around], ones)


def parents(pools: Sequence[Pools], at: int) -> Index:
    """Shape (pools,): the pool of the next layer that each pool of this one lies in; -1 = none."""
    inside = pools[at].member >= 0
    around = np.full(len(pools[at].size), -1, dtype=np.intp)
    if at + 1 < len(pools):
        around[pools[at].member[inside]] = pools[at + 1].member[inside]
    return around


def add_pools(
    build: Builder,
    objective: Objective,
    loads: Sequence[Array],
    unit: float,
    *,
    above: bool,
    onto: tuple[int, float] | None = None,
) -> tuple[Index, tuple[Index, ...]]:
    """Add rows and columns of all layers.

    Args:
        build: What is added to.
        objective: Whose pools.
        loads: By layer, shape (pools, cuts), where they are cut.
        unit: Worth of one unit of the program's value.
        above: Pieces are tangents instead of chords.
        onto: The row that what flows out is put into, and how many times; `None` = it is worth of the plan.

    Returns:
        Shape (lines,), the row that a line's worth flows into, -1 for lines of no pool; and by layer the pools' rows.
    """
    rows = tuple(
        build.add_rows(np.full(len(p.size), -np.inf), np.zeros(len(p.size))) for p in objective.pools
    )
    for at in reversed(range(len(rows))):
        layer = objective.pools[at]
        length, slope = _tangents(loads[at], layer.size) if above else chords_of(loads[at], layer.size)
        pool, piece = np.nonzero(length > 0)
        around = parents(objective.pools, at)[pool]
        last = around < 0
        slopes = slope[pool, piece]
        gain = np.where(last & (onto is None), slopes, 0.0)
        column = build.add_columns(gain, length[pool, piece] / unit)
        build.put(rows[at][pool], column, 1.0)
        if onto is not None:
            build.put(np.full(int(last.sum()), onto[0]), column[last], onto[1] * slopes[last])
        if at + 1 < len(rows):
            build.put(rows[at + 1][around[~last]], column[~last], -slopes[~last])
    place = into_pools(objective)
    every = np.concatenate([*rows, [-1]]).astype(np.intp)
    return every[place], rows


def into_pools(objective: Objective) -> Index:
    """Shape (lines,): the pool that each line's worth flows into first, counted through all layers; -1 = none."""
    into = np.full(objective.lines, -1, dtype=np.intp)
    starts = np.cumsum([0, *(len(layer.size) for layer in objective.pools)])
    for layer, start in reversed(list(zip(objective.pools, starts[:-1], strict=True))):
        into = np.where(layer.member >= 0, start + layer.member, into)
    return into


def onto_pools(pools: Sequence[Pools]) -> Index:
    """Shape (pools of all layers,): the pool of the next layer that each flows into, counted alike; -1 = none."""
    starts = np.cumsum([0, *(len(layer.size) for layer in pools)])
    around = [parents(pools, at) for at in range(len(pools))]
    onto = [np.where(a >= 0, a + start, -1) for a, start in zip(around, starts[1:], strict=True)]
    return np.concatenate(onto).astype(np.intp)


def beside(best: Array, bend: Array, around: float) -> list[Array]:
    """Where a curve's next unit is worth its price, and about where it is worth some part more and less.

    Args:
        best: Shape (curves,), where it is worth its price.
        bend: Shape (curves,), where it has about half of its first worth.
        around: Part of the price; 0 = neither more nor less.
    """
    factors = (1.0, 1.0 + around, 1.0 - around, 1.0 + around / 4, 1.0 - around / 4) if around else (1.0,)
    return [(bend + best) / np.sqrt(factor) - bend for factor in factors]


def by_layer(pools: Sequence[Pools], values: Array) -> tuple[Array, ...]:
    """Values of the pools of all layers, parted by layer."""
    return tuple(np.split(values, np.cumsum([len(layer.size) for layer in pools])[:-1])) if pools else ()


def chords_of(loads: Array, size: Array) -> tuple[Array, Array]:
    """Lengths and slopes between the cuts: nowhere above what is left."""
    share = loads / size[:, None]
    return np.diff(loads, axis=1), 1.0 / ((1.0 + share[:, :-1]) * (1.0 + share[:, 1:]))


def _tangents(loads: Array, size: Array) -> tuple[Array, Array]:
    """Lengths and slopes of the tangents at the cuts, each up to where it meets the next: nowhere below."""
    root = 1.0 + loads / size[:, None]
    # tangents of z / (1 + z) at a and b meet where (1 + z) is the harmonic-weighted middle: z = (a + b + 2ab)/(2 + a + b)
    a, b = loads[:, :-1] / size[:, None], loads[:, 1:] / size[:, None]
    meet = size[:, None] * (a + b + 2.0 * a * b) / (2.0 + a + b)
    ends = np.concatenate([loads[:, :1], meet, loads[:, -1:]], axis=1)
    return np.diff(ends, axis=1), 1.0 / root**2
