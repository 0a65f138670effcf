"""Where curves and pools are cut into straight pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.layering import first_loads, with_loads
from mediaplan.planning.formulation.shared_rows import Shared
from mediaplan.planning.formulation.worst_view import finer_view_loads, first_view_loads
from mediaplan.planning.formulation.worth_of_lines import corners_of

Array = NDArray[np.float64]
Index = NDArray[np.intp]

PIECES = 14
"""Geometric knots per line in the first round; the rounds that follow put knots where they matter."""
LADDER = np.concatenate([[0.0], np.geomspace(1 / 250, 1.0, PIECES)])
"""Where they are, as parts of the range in which the curve bends."""


@dataclass(frozen=True, eq=False)
class Cuts:
    """Where curves are cut into straight pieces.

    Attributes:
        lines: Shape (lines, knots), minor units, sorted from each line's least to its most.
        pools: By layer, shape (pools, knots), worth that flows in.
        rows: For each linear term the same of its own layers; none of terms without.
        views: For each view of the objective the same of its own layers.
    """

    lines: Array
    pools: tuple[Array, ...]
    rows: tuple[tuple[Array, ...], ...]
    views: tuple[tuple[Array, ...], ...] = ()

    def take(self, chosen: Index) -> Cuts:
        """Only the chosen lines, by index."""
        return replace(self, lines=self.lines[chosen])

    def finer(
        self,
        more: Array,
        limits: Limits,
        pools: tuple[Array, ...],
        rows: tuple[tuple[Array, ...], ...],
    ) -> Cuts:
        """With more knots, shape (lines, any), kept within each line's limits; and with other pools' knots."""
        inside = np.clip(more, limits.least[:, None], limits.most[:, None])
        lines = np.sort(np.concatenate([self.lines, inside], axis=1), axis=1)
        return replace(self, lines=lines, pools=pools, rows=rows)

    def around(
        self,
        amounts: Array,
        limits: Limits,
        objective: Objective,
        terms: Sequence[Linear],
        called: Called | None = None,
    ) -> Cuts:
        """With more knots where a plan lies, and where its prices say that it might.

        Args:
            amounts: Shape (lines,), minor units.
            limits: Of the lines.
            objective: What is maximised.
            terms: Linear ones, as the program states them.
            called: What the prices say; `None` = nothing.
        """
        called = called or Called(None, None, (None,) * len(terms), None)
        places = [amounts] if called.best is None else [amounts, called.best]
        rows = tuple(
            with_loads(loads, term.flowing(objective), amounts, inflow) if isinstance(term, Shared) else ()
            for term, loads, inflow in zip(terms, self.rows, called.rows, strict=True)
        )
        pools = with_loads(self.pools, objective, amounts, called.inflow)
        views = finer_view_loads(self.views, objective, amounts, called.views)
        return replace(self.finer(np.stack(places, axis=1), limits, pools, rows), views=views)


@dataclass(frozen=True, eq=False)
class Called:
    """Where the prices of a program say that a plan might lie.

    Attributes:
        best: Shape (lines,), minor units; `None` = not known, like all that follows.
        inflow: By layer, shape (pools,), worth of a unit that flows in.
        rows: For each linear term the same of its own layers, in units of the row; `None` where the row has no price.
        views: For each view of the objective the same of its own layers, likewise.
    """

    best: Array | None
    inflow: tuple[Array, ...] | None
    rows: tuple[tuple[Array, ...] | None, ...]
    views: tuple[tuple[Array, ...] | None, ...] | None


def first_cuts(limits: Limits, objective: Objective, terms: Sequence[Linear] = ()) -> Cuts:
    """`PIECES` + 2 knots from each line's least to its most, most of them where the curve bends; likewise for pools."""
    span = (limits.most - limits.least).astype(float)
    far = np.minimum(span, 50.0 * objective.bend)
    inner: Array = limits.least[:, None] + far[:, None] * LADDER
    lines = np.concatenate([inner, (limits.least + span)[:, None]], axis=1)
    given, corners = corners_of(objective, limits)
    if len(given):
        more = np.repeat(lines[:, -1:], corners.shape[1], axis=1)
        more[given] = corners
        straight = given[~objective.curved(given)]
        lines[straight] = lines[straight, -1:]
        lines = np.sort(np.concatenate([lines, more], axis=1), axis=1)
    rows = first_row_loads(terms, limits, objective)
    return Cuts(lines, first_loads(objective, limits), rows, first_view_loads(objective, limits))


def first_row_loads(
    terms: Sequence[Linear], limits: Limits, objective: Objective
) -> tuple[tuple[Array, ...], ...]:
    """For each linear term where its own layers are cut first."""
    return tuple(
        first_loads(term.flowing(objective), limits) if isinstance(term, Shared) else () for term in terms
    )
