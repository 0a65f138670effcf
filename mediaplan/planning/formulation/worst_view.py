"""The worst of several views of a plan, each with people of its own whom lines share: as a program states it, and proves it.

Column:
    t             what the plan is worth in the worst view
Rows, for each view v:
    t ≤ what its layers of people leave of its lines' worth, by its own pieces (see layering) - offset_v

At prices of these rows that add up to 1, no plan is worth more than the priced sum of all views, nor than that of their
tangents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.building import Builder
from mediaplan.planning.formulation.curved import Stated
from mediaplan.planning.formulation.layering import add_pools, first_loads, with_loads

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Loads = tuple[tuple[Array, ...], ...]


@dataclass(frozen=True, eq=False)
class ViewRows:
    """Where the views stand in a program.

    Attributes:
        row: Shape (views,), rows that hold the objective below each of them.
        pools: For each view, by layer of its people, shape (pools,), rows.
    """

    row: Index
    pools: tuple[tuple[Index, ...], ...]

    def called(self, prices: Array) -> tuple[tuple[Array, ...] | None, ...]:
        """For each view and by layer, shape (pools,), its worth of a unit that flows in; `None` where it has no price."""
        return tuple(
            tuple(prices[layer] / price for layer in layers) if price > 0 else None
            for price, layers in zip(prices[self.row], self.pools, strict=True)
        )


def first_view_loads(objective: Objective, limits: Limits) -> Loads:
    """For each view, by layer, where its pools are cut first."""
    return tuple(first_loads(view, limits) for view in objective.views)


def finer_view_loads(
    loads: Loads, objective: Objective, amounts: Array, called: Sequence[tuple[Array, ...] | None] | None
) -> Loads:
    """The same with more cuts, where a plan lies and where prices say that it might.

    Args:
        loads: For each view, by layer, shape (pools, cuts).
        objective: Whose views.
        amounts: Shape (lines,), minor units.
        called: See `ViewRows.called`; `None` = not known.
    """
    inflows = [None] * len(loads) if called is None else called
    return tuple(
        with_loads(each, view, amounts, inflow)
        for each, view, inflow in zip(loads, objective.views, inflows, strict=True)
    )


def add_views(build: Builder, objective: Objective, stated: Stated, loads: Loads) -> ViewRows:
    """Add the column that is maximised where the worst of several views counts, and its rows.

    Args:
        build: What is added to.
        objective: Whose views.
        stated: Curves as they stand in the program.
        loads: For each view, by layer, where its pools are cut.
    """
    count, worth = len(objective.views), stated.pieces.worth
    if not count:
        return ViewRows(np.zeros(0, dtype=np.intp), ())
    worst = build.add_columns(np.ones(1), np.array([np.inf]), np.array([-np.inf]))
    offsets = np.array([view.offset for view in objective.views])
    rows = build.add_rows(np.full(count, -np.inf), -offsets / worth)
    build.put(rows, np.repeat(worst, count), 1.0)
    pools = []
    for row, view, cuts in zip(rows, objective.views, loads, strict=True):
        into, layers = add_pools(build, view, cuts, worth, above=stated.above, onto=(int(row), -1.0))
        stated.put(build, np.where(into >= 0, into, row), view, np.full(view.lines, -1.0 / worth))
        pools.append(layers)
    return ViewRows(rows, tuple(pools))


@dataclass(frozen=True, eq=False)
class Priced:
    """What the views are worth together at their prices, at the most.

    Attributes:
        parts: The price of each view that has one, and the worth of lines on their own in it, by the tangent of its pools.
        constant: What is added to their sum.
    """

    parts: tuple[tuple[float, Objective], ...]
    constant: float


def priced_views(objective: Objective, prices: Array, amounts: Array) -> Priced:
    """The views at their prices.

    Args:
        objective: Whose views.
        prices: Shape (views,): any weights prove a bound once they add up to 1, as they are made to.
        amounts: Shape (lines,), minor units, where tangents are taken.
    """
    parts, constant = [], 0.0
    for part, view in zip(_adding_up(prices), objective.views, strict=True):
        if part > 0:
            keep, rest = view.keeping(amounts)
            parts.append((float(part), view.weighted(keep[None, :] * view.weights)))
            constant += float(part) * (rest - view.offset)
    return Priced(tuple(parts), constant)


def _adding_up(prices: Array) -> Array:
    weights = np.maximum(prices, 0.0)
    total = float(weights.sum())
    return weights / total if total > 0 else np.full(len(weights), 1.0 / max(len(weights), 1))
