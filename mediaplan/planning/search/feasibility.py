"""Whether any plan keeps the demands, and with how little money: asked of groups of like lines, so that it is quick.

Lines that no term tells apart are one column: its money is what they receive together, its whole number how many of
them receive anything. That is exact, and has as many columns as there are kinds of lines. What results the money brings
is not asked here: see `falling_short`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Choice, Linear
from mediaplan.brief.weights import Places, told_apart
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.formulation.alike_rows import is_plain_row, tightest
from mediaplan.planning.formulation.building import Builder
from mediaplan.planning.formulation.choosing import sizes
from mediaplan.planning.solvers.highs import solve

Array = NDArray[np.float64]
Index = NDArray[np.intp]


def least_money(terms: Sequence[Linear], limits: Limits, choices: Sequence[Choice] = ()) -> float | None:
    """The least money above nothing that keeps all terms and limits, minor units; `None` where nothing does.

    The arguments are those of `cheapest`.
    """
    found = cheapest(terms, limits, choices)
    return None if found is None else float(found.sum())


def cheapest(terms: Sequence[Linear], limits: Limits, choices: Sequence[Choice] = ()) -> Array | None:
    """Amounts that keep all terms and limits with the least money above nothing; `None` where nothing does.

    Args:
        terms: Linear terms; those over results, and those that may give way, are passed over.
        limits: Of the lines.
        choices: How many groups of lines are funded; those that may give way are passed over.

    Returns:
        Shape (lines,), minor units; what like lines receive together is shared out evenly among them.
    """
    if limits.broken.any():
        return None
    plain = [term for term in terms if is_plain_row(term)]
    hard = [plain[place] for place in tightest(plain)]
    counted = [choice for choice in choices if not np.isfinite(choice.soft)]
    kinds = _kinds(hard, limits, counted)
    unit = max(float(kinds.most.max()), 1.0) / 1000.0
    build = Builder()
    x = build.add_columns(-np.ones(1), kinds.most * kinds.count / unit)
    y = build.add_columns(
        np.zeros(1),
        np.where(kinds.most > 0, kinds.count, 0.0),
        np.where(kinds.needed, kinds.count, 0.0),
        whole=kinds.least > 0,
    )
    _domains(build, kinds, x, y, unit)
    for term in hard:
        line, weights = term.weights.take(kinds.first).entries()
        _row(build, x[line], weights, term.at_least / unit, term.at_most / unit)
    _row(build, x, np.ones(len(x)), 1.0 / unit, np.inf)
    for choice in counted:
        _counted(build, choice, kinds, y)
    solution = solve(build.program())
    if not len(solution.columns):
        return None
    each: Array = (solution.columns[: len(x)] * unit / kinds.count)[kinds.of]
    return each


@dataclass(frozen=True, eq=False)
class _Kinds:
    """Lines that nothing tells apart.

    Attributes:
        of: Shape (lines,), the kind of each.
        count: Shape (kinds,), lines of each.
        first: The first line of each kind, among all.
        least, most, needed, step: Shape (kinds,), as in `Limits`.
    """

    of: Index
    count: Array
    first: Places
    least: Array
    most: Array
    needed: NDArray[np.bool_]
    step: Array


def _kinds(terms: Sequence[Linear], limits: Limits, choices: Sequence[Choice]) -> _Kinds:
    lines = len(limits.least)
    weights = told_apart([term.weights for term in terms], lines)
    domain = np.stack([limits.least, limits.most, limits.needed, limits.step])
    told = np.array([_told_apart(choice, lines) for choice in choices]).reshape(2 * len(choices), lines)
    every = np.concatenate([[weights.real, weights.imag], domain, told])
    _, first, of, count = np.unique(every, axis=1, return_index=True, return_inverse=True, return_counts=True)
    least, most, needed, step = domain[:, first].astype(float)
    return _Kinds(of.ravel(), count.astype(float), Places.among(first, lines), least, most, needed > 0, step)


def _told_apart(choice: Choice, lines: int) -> Array:
    """Shape (2, lines): numbers that differ where a choice tells lines apart (sums of random ones, one per group)."""
    single = sizes(choice) == 1
    drawn = np.random.default_rng(len(choice.weights)).random((2, len(choice.weights)))
    mark = np.where(single, choice.weights, 7.0 + drawn)
    found = np.zeros((2, lines))
    for row in range(2):
        np.add.at(found[row], choice.line, mark[row][choice.group])
    return found


def _row(build: Builder, columns: Index, values: Array, lower: float, upper: float) -> None:
    row = build.add_rows(np.array([lower]), np.array([upper]))
    build.put(np.full(len(columns), row[0]), columns, values)


def _domains(build: Builder, kinds: _Kinds, x: Index, y: Index, unit: float) -> None:
    """least·y ≤ x ≤ most·y, and x in whole steps."""
    none, endless = np.zeros(len(x)), np.full(len(x), np.inf)
    over, under = build.add_rows(-endless, none), build.add_rows(none, endless)
    for rows, limit in ((over, kinds.most), (under, kinds.least)):
        build.put(rows, x, 1.0)
        build.put(rows, y, -limit / unit)
    stepped = np.flatnonzero(kinds.step > 1)
    if len(stepped):
        step = kinds.step[stepped]
        most = np.floor(kinds.most[stepped] * kinds.count[stepped] / step)
        steps = build.add_columns(np.zeros(1), most, whole=True)
        rows = build.add_rows(none[stepped], none[stepped])
        build.put(rows, x[stepped], 1.0)
        build.put(rows, steps, -step / unit)


def _counted(build: Builder, choice: Choice, kinds: _Kinds, y: Index) -> None:
    """How many groups of a choice are funded: groups of one by their kind's number, others by a switch of their own."""
    single = sizes(choice) == 1
    row = build.add_rows(np.array([choice.at_least]), np.array([choice.at_most]))
    lone = single[choice.group]
    own = np.zeros(len(y))
    kind = kinds.of[choice.line[lone]]
    own[kind] = choice.weights[choice.group[lone]]
    used = np.flatnonzero(own)
    build.put(np.full(len(used), row[0]), y[used], own[used])
    member = np.unique(np.stack([choice.group[~lone], kinds.of[choice.line[~lone]]]), axis=1)
    groups, place = np.unique(member[0], return_inverse=True)
    if not len(groups):
        return
    z = build.add_columns(np.zeros(1), np.ones(len(groups)), whole=True)
    build.put(np.full(len(groups), row[0]), z, choice.weights[groups])
    over = build.add_rows(np.full(len(place), -np.inf), np.zeros(len(place)))
    build.put(over, y[member[1]], 1.0)
    build.put(over, z[place], -kinds.count[member[1]])
    under = build.add_rows(np.full(len(groups), -np.inf), np.zeros(len(groups)))
    build.put(under, z, 1.0)
    build.put(under[place], y[member[1]], -1.0)
