"""Choices in a Program: which groups of lines are funded, and what the prices of that prove about each line.

Columns and rows, for the groups g of a choice and their lines i:
    z_g           whether the group receives anything; of a group of one it is the line's own switch y_i
    y_i ≤ z_g     where the choice would rather have z low      z_g ≤ Σ y_i     where it would rather have it high
    at_least ≤ Σ_g weight_g·z_g ≤ at_most

Whole columns that count the funded lines of each limit on money say nothing new, but branching on them, and cutting, does:
where many lines are about as good as each other, leaving one out changes nothing, and having one less of them does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Choice, Linear
from mediaplan.planning.formulation.building import Builder
from mediaplan.planning.formulation.group_caps import GroupCaps, money_paid

Array = NDArray[np.float64]
Index = NDArray[np.intp]


MOST_COUNTED = 200
"""Limits whose funded lines are counted, at the most."""
MOST_FREE = 1000
"""Lines yet to be chosen up to which they are counted."""


@dataclass(frozen=True, eq=False)
class ChoiceRows:
    """Where a choice stands in a program.

    Attributes:
        row: Of its limit.
        column: Shape (groups,), of a group of several lines; -1 for others.
        floor: Shape (groups,), row `z ≤ Σ y`; -1 where there is none.
        ceiling: Shape (memberships of the program's lines,), row `y ≤ z`; -1 where there is none.
    """

    row: int
    column: Index
    floor: Index
    ceiling: Index


def sizes(choice: Choice) -> Index:
    """Shape (groups,): lines of each group."""
    return np.bincount(choice.group, minlength=len(choice.weights)).astype(np.intp)


def add_choice(build: Builder, choice: Choice, single: NDArray[np.bool_], on: Index) -> ChoiceRows:
    """Put a choice into a program.

    Args:
        build: Where to.
        choice: Over the program's lines.
        single: Shape (groups,), groups of one line, counted among all lines.
        on: Shape (lines,), columns of the lines' switches, -1 for lines that can't be funded.
    """
    groups = len(choice.weights)
    row = int(build.add_rows(np.array([choice.at_least]), np.array([choice.at_most]))[0])
    able = on[choice.line] >= 0
    own = able & single[choice.group]
    build.put(np.full(int(own.sum()), row), on[choice.line[own]], choice.weights[choice.group[own]])
    column = np.full(groups, -1, dtype=np.intp)
    several = np.unique(choice.group[able & ~single[choice.group]])
    column[several] = build.add_columns(np.zeros(1), np.ones(len(several)), whole=True)
    build.put(np.full(len(several), row), column[several], choice.weights[several])
    low, high = pushed(choice)
    member = able & (column[choice.group] >= 0)
    ceiling = np.full(len(choice.line), -1, dtype=np.intp)
    under = np.flatnonzero(member & low[choice.group])
    ceiling[under] = build.add_rows(np.full(len(under), -np.inf), np.zeros(len(under)))
    build.put(ceiling[under], on[choice.line[under]], 1.0)
    build.put(ceiling[under], column[choice.group[under]], -1.0)
    floor = np.full(groups, -1, dtype=np.intp)
    lifted = several[high[several]]
    floor[lifted] = build.add_rows(np.full(len(lifted), -np.inf), np.zeros(len(lifted)))
    build.put(floor[lifted], column[lifted], 1.0)
    over = np.flatnonzero(member & high[choice.group])
    build.put(floor[choice.group[over]], on[choice.line[over]], -1.0)
    return ChoiceRows(row, column, floor, ceiling)


def pushed(choice: Choice) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Shape (groups,) each: groups that the limits would rather have unfunded, and funded."""
    capped, asked = np.isfinite(choice.at_most), np.isfinite(choice.at_least)
    low = (capped & (choice.weights > 0)) | (asked & (choice.weights < 0))
    high = (capped & (choice.weights < 0)) | (asked & (choice.weights > 0))
    return low, high


def add_counts(build: Builder, terms: Sequence[Linear], free: Index, on: Index) -> bool:
    """Count the funded lines of each limit on money in a whole column.

    Args:
        build: Where to.
        terms: Over the program's lines.
        free: Index of lines whose switch is yet to be chosen.
        on: Shape (lines,), columns of the lines' switches.

    Returns:
        Whether there is any such column.
    """
    counted: set[bytes] = set()
    for term in terms[:MOST_COUNTED] if len(free) <= MOST_FREE else ():
        members = free[term.weights.at(free) > 0]
        if term.results is not None or len(members) < 2 or members.tobytes() in counted:
            continue
        counted.add(members.tobytes())
        column = build.add_columns(np.zeros(1), np.array([float(len(members))]), whole=True)
        row = build.add_rows(np.zeros(1), np.zeros(1))
        build.put(np.repeat(row, len(members)), on[members], 1.0)
        build.put(row, column, -1.0)
    return bool(counted)


def charges(
    terms: tuple[Sequence[Linear], Sequence[Choice]],
    places: tuple[Sequence[ChoiceRows], Sequence[GroupCaps]],
    working: Index,
    prices: Array,
    lines: int,
) -> tuple[Array, Array, float]:
    """What the prices of choices make each line pay for being funded at all, and for money, and a constant of the bound.

    Any prices give a valid bound (weak duality); those of the program's rows give the tightest.

    Args:
        terms: Linear ones and choices, over all lines.
        places: Of the same choices over the working lines, in the program, and of their groups' limits on money.
        working: Index of the working lines.
        prices: Shape (rows,), worth per unit by which a row's limit gives way.
        lines: Number of all lines.

    Returns:
        Shape (lines,), worth; the same per minor unit; and worth.
    """
    paid, money, constant = np.zeros(lines), np.zeros(lines), 0.0
    within = np.full(lines, -1, dtype=np.intp)
    within[working] = np.arange(len(working))
    for choice, place, caps in zip(terms[1], *places, strict=True):
        price = float(np.clip(prices[place.row], -choice.soft, choice.soft))
        limit = choice.at_most if price > 0 else choice.at_least
        if not np.isfinite(limit):
            price = 0.0
        constant += price * limit if price else 0.0
        single = sizes(choice) == 1
        lone = single[choice.group]
        np.add.at(paid, choice.line[lone], price * choice.weights[choice.group[lone]])
        # A group of one is its line's own switch, and pays the choice itself.
        base = np.where(single, 0.0, -price * choice.weights)
        more = money_paid(choice, caps, terms[0], prices, money, base)
        constant += _of_groups(choice, place, within, prices, (base, more), paid)
    return paid, money, constant


def _of_groups(
    choice: Choice, place: ChoiceRows, within: Index, prices: Array, worths: tuple[Array, Array], paid: Array
) -> float:
    """Charge the lines of groups of several, and return what is left with the groups.

    These are worth what the choice gives them, and what their limits on money do.
    """
    single, (worth, more) = sizes(choice) == 1, worths
    lifted = np.where(place.floor >= 0, np.maximum(prices[place.floor], 0.0), np.maximum(worth, 0.0))
    worth = worth - lifted + more
    here = np.flatnonzero(within[choice.line] >= 0)
    under = np.where(place.ceiling >= 0, np.maximum(prices[place.ceiling], 0.0), 0.0)
    np.add.at(worth, choice.group[here], under)
    np.add.at(paid, choice.line[here], under)
    several = ~single[choice.group]
    np.add.at(paid, choice.line[several], -lifted[choice.group[several]])
    return float(np.maximum(worth, 0.0)[~single & (sizes(choice) > 0)].sum())
