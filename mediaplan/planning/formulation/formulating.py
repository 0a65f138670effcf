"""Demands and curves become a Program: money on lines whose concave curves are cut into straight pieces (see curved).

Columns, for lines i:
    x_i           money of the line
    y_i           whether it receives anything (only where it has a minimum, or a choice counts it)
    n_i           its number of steps (only where it has a step)
Rows:
    x_i = step_i·n_i
    every linear term over x and the curves' results, with a column of shortfall where it may give way
    every choice over y (see choosing)
Objective: what the curves are worth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Choice, Linear, Term
from mediaplan.brief.weights import Places
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.building import Builder
from mediaplan.planning.formulation.choosing import ChoiceRows, add_choice, add_counts, pushed, sizes
from mediaplan.planning.formulation.curved import (
    Curved,
    Pieces,
    Stated,
    add_corners,
    add_pieces,
    pieces_of,
    row_scale,
)
from mediaplan.planning.formulation.cuts import Called, Cuts
from mediaplan.planning.formulation.giving_way import falls_short, give_way
from mediaplan.planning.formulation.group_caps import GroupCaps, add_caps
from mediaplan.planning.formulation.layering import add_pools
from mediaplan.planning.formulation.program import Program
from mediaplan.planning.formulation.shared_rows import Shared
from mediaplan.planning.formulation.tiers import add_tiers
from mediaplan.planning.formulation.worst_view import ViewRows, add_views

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Layout:
    """The way back from a program's columns and rows to lines and terms.

    Attributes:
        unit: Minor units of money that one unit of a column stands for.
        amount: Shape (lines,), columns x.
        term_rows: Shape (linear terms,), rows.
        pool_rows: By layer of people, shape (pools,), rows.
        shared: For each linear term the same of its own layers.
        scale: Shape (linear terms,), units of a term's limit that one unit of its row stands for.
        worth: Objective's worth that one unit of the program's value stands for.
        choices: Where each choice stands.
        caps: Where limits on the money of each choice's groups stand.
        views: Where each view of the objective stands.
        corner: Shape (corners,), columns of the lines' corners, line by line.
        cornered, at: Shape (corners,), the line of each, and minor units of money there.
        on, steps: Shape (lines,), columns of the lines' switches, and of their numbers of steps; -1 where there is none.
    """

    unit: float
    amount: Index
    term_rows: Index
    pool_rows: tuple[Index, ...]
    shared: tuple[tuple[Index, ...], ...]
    scale: Array
    worth: float
    choices: tuple[ChoiceRows, ...]
    caps: tuple[GroupCaps, ...]
    views: ViewRows
    corner: Index
    cornered: Index
    at: Array
    on: Index
    steps: Index

    def amounts(self, columns: Array) -> Array:
        """Shape (lines,), minor units, not yet whole."""
        return columns[self.amount] * self.unit

    def prices(self, prices: Array) -> Array:
        """Shape (linear terms,): worth per unit by which a term's limit gives way."""
        return prices[self.term_rows] * self.worth / self.scale

    def called(self, prices: Array, best: Array) -> Called:
        """Where prices of the program say that a plan might lie, beside the lines' best amounts."""
        rows = tuple(
            tuple(prices[of_layer] / abs(price) for of_layer in layers) if price != 0 else None
            for price, layers in zip(prices[self.term_rows], self.shared, strict=True)
        )
        inflow = tuple(prices[of_layer] for of_layer in self.pool_rows)
        return Called(best, inflow, rows, self.views.called(prices))


@dataclass(frozen=True, eq=False)
class Terms:
    """The demands on several lines at once, by their kernel word.

    Attributes:
        linear: Rows over money and results.
        choices: How many groups of lines are funded.
        single: For each choice, shape (groups,): groups of one line, counted among all lines.
    """

    linear: tuple[Linear, ...]
    choices: tuple[Choice, ...]
    single: tuple[NDArray[np.bool_], ...]

    @classmethod
    def of(cls, terms: Iterable[Term]) -> Terms:
        """Those of all demands; domains are passed over."""
        several = tuple(terms)
        choices = tuple(term for term in several if isinstance(term, Choice))
        linear = tuple(term for term in several if isinstance(term, Linear))
        return cls(linear, choices, tuple(sizes(choice) == 1 for choice in choices))

    def take(self, chosen: Index) -> Terms:
        """The same over the chosen lines, by index."""
        places = Places.among(chosen, self.linear[0].weights.lines) if self.linear else None
        return Terms(
            tuple(term.take(chosen, places) for term in self.linear),
            tuple(choice.take(chosen) for choice in self.choices),
            self.single,
        )


def formulate(
    terms: Terms,
    limits: Limits,
    budget: int,
    objective: Objective,
    cuts: Cuts,
    *,
    above: bool = False,
    whole: bool = True,
) -> tuple[Program, Layout]:
    """State the question in plain arrays.

    Args:
        terms: Of all demands.
        limits: Domains of the lines.
        budget: Media money, minor units; sets the scale of the columns.
        objective: What money is worth on each line.
        cuts: Where curves and pools are cut, of the same lines.
        above: Pieces are tangents, nowhere below the curves, instead of chords, nowhere above: the program's best
            value is then a bound on every plan's worth.
        whole: Whether lines and steps are chosen whole.

    Returns:
        The program, and the way back from it.
    """
    unit = max(budget / 1000.0, 1.0)
    pieces = pieces_of(objective, cuts.lines, limits, unit, terms.linear, above=above)
    build = Builder()
    x = build.add_columns(np.zeros(1), limits.most / unit)
    link = build.add_rows(np.zeros(len(x)), np.zeros(len(x)))
    build.put(link, x, 1.0)
    pool, pool_rows = add_pools(build, objective, cuts.pools, pieces.worth, above=above)
    on = _switches(build, limits, pieces, link, pool, unit)
    s = add_pieces(build, pieces, link, pool, unit)
    w = add_corners(build, pieces, link, on, pool, unit)
    curved = Curved(s, w, on, add_tiers(build, limits, objective, link, on, unit, pieces.worth))
    steps = _steps(build, limits, x, unit)
    _broken(build, limits, x, unit)
    scale = np.array([row_scale(term, unit) for term in terms.linear])
    rows = _terms(build, terms.linear, x, unit, scale)
    stated = Stated(pieces, curved, unit, above)
    shared = tuple(
        _outcomes(build, term, int(row), objective, stated, float(size), loads)
        for term, row, size, loads in zip(terms.linear, rows, scale, cuts.rows, strict=True)
    )
    places = tuple(
        add_choice(build, choice, single, on)
        for choice, single in zip(terms.choices, terms.single, strict=True)
    )
    caps = tuple(
        add_caps(build, choice, place.column, pushed(choice)[0], terms.linear, x, unit)
        for choice, place in zip(terms.choices, places, strict=True)
    )
    give_way(build, terms.linear, rows, scale / pieces.worth)
    for choice, place in zip(terms.choices, places, strict=True):
        falls_short(build, choice, np.array([place.row]), choice.soft / pieces.worth)
    views = add_views(build, objective, stated, cuts.views)
    counted = whole and add_counts(build, terms.linear, np.flatnonzero(pieces.cornered), on)
    program = build.program()
    chosen = program.whole if whole else np.zeros_like(program.whole)
    program = replace(program, whole=chosen, worth=pieces.worth, stands=counted)
    line, number = pieces.corner
    at = pieces.ends[line, number]
    return program, Layout(
        unit, x, rows, pool_rows, shared, scale, pieces.worth, places, caps, views, w, line, at, on, steps
    )


def _switches(build: Builder, limits: Limits, pieces: Pieces, link: Index, pool: Index, unit: float) -> Index:
    """Columns y of lines with a minimum, -1 for the others."""
    on = np.full(len(limits.least), -1, dtype=np.intp)
    # A line that can't receive nothing has its switch fixed at 1: no choice for the engine to branch on.
    for switched, lowest in (
        (np.flatnonzero((limits.least > 0) & limits.needed), 1.0),
        (np.flatnonzero((limits.least > 0) & ~limits.needed), 0.0),
    ):
        if not len(switched):
            continue
        bare = ~pieces.cornered[switched]
        pooled = pool[switched] >= 0
        gain = np.where(bare & ~pooled, pieces.base[switched], 0.0)
        lower = np.full(len(switched), lowest)
        on[switched] = build.add_columns(gain, np.ones(len(switched)), lower, whole=lowest == 0.0)
        plain = switched[bare]
        due = np.where(pieces.tiered, 0.0, limits.least)
        build.put(link[plain], on[plain], -due[plain] / unit)
        inside = switched[bare & pooled]
        build.put(pool[inside], on[inside], -pieces.base[inside])
    return on


def _steps(build: Builder, limits: Limits, x: Index, unit: float) -> Index:
    """Columns n, -1 for lines without a step."""
    steps = np.full(len(x), -1, dtype=np.intp)
    stepped = np.flatnonzero(limits.step > 1)
    if len(stepped):
        step = limits.step[stepped]
        count = build.add_columns(np.zeros(1), np.floor(limits.most[stepped] / step), whole=True)
        rows = build.add_rows(np.zeros(len(stepped)), np.zeros(len(stepped)))
        build.put(rows, x[stepped], 1.0)
        build.put(rows, count, -step / unit)
        steps[stepped] = count
    return steps


def _broken(build: Builder, limits: Limits, x: Index, unit: float) -> None:
    """A row that nothing can keep for each line whose limits cross, so that every engine finds it infeasible."""
    crossed = np.flatnonzero(limits.broken)
    if len(crossed):
        rows = build.add_rows(limits.least[crossed] / unit, np.full(len(crossed), np.inf))
        build.put(rows, x[crossed], 1.0)


def _terms(build: Builder, terms: Sequence[Linear], x: Index, unit: float, scale: Array) -> Index:
    low = np.array([term.at_least for term in terms]) / scale
    high = np.array([term.at_most for term in terms]) / scale
    rows = build.add_rows(low, high)
    for row, term, size in zip(rows, terms, scale, strict=True):
        line, weight = term.weights.entries()
        build.put(np.full(len(line), row), x[line], weight * (unit / size))
    return rows


def _outcomes(
    build: Builder,
    term: Linear,
    row: int,
    objective: Objective,
    stated: Stated,
    size: float,
    loads: tuple[Array, ...],
) -> tuple[Index, ...]:
    """What lines add to a row over results, by themselves and through layers of people; the rows of these."""
    if term.results is None:
        return ()
    rows, times = np.full(objective.lines, row), np.full(objective.lines, 1.0 / size)
    if term.results.any():
        stated.put(build, rows, replace(objective.weighted(term.results), price=0.0), times)
    if not isinstance(term, Shared):
        return ()
    flowing = term.flowing(objective)
    pool, layers = add_pools(build, flowing, loads, size, above=stated.above, onto=(row, term.sign))
    through = pool >= 0
    stated.put(build, np.where(through, pool, row), flowing, np.where(through, -times, term.sign * times))
    return layers
