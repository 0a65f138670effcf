"""Limits on money, stated once more for each group of lines that a choice counts: a group that is not funded receives nothing.

Rows, for the groups g of a choice and the tightest limit on money that counts all of their lines:
    Σ_{i in g} weight_i·x_i ≤ limit·z_g
Without them a relaxed program spreads little money over many lines of many groups, and hardly counts any of these as funded:
"at most 4 posts" would bind nothing where each post has some twenty lines.

Source:
    The strong form of fixed charges and variable upper bounds; L. A. Wolsey, Integer Programming, 1998, section 1.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Choice, Linear
from mediaplan.planning.formulation.building import Builder

Array = NDArray[np.float64]
Index = NDArray[np.intp]

MOST_TERMS = 200
"""Limits on money among which the tightest is looked for, at the most; the first, which is the budget, is one of them."""


@dataclass(frozen=True, eq=False)
class GroupCaps:
    """Where the limits of a choice's groups stand in a program.

    Attributes:
        row: Shape (groups,); -1 where there is none.
        term: Shape (groups,), the linear term whose limit it is.
        column: Shape (groups,), of the group.
        unit: Minor units of money that one unit of a row stands for.
    """

    row: Index
    term: Index
    column: Index
    unit: float

    @property
    def groups(self) -> Index:
        """Those that have such a row."""
        return np.flatnonzero(self.row >= 0)

    def prices(self, prices: Array) -> Array:
        """Shape (groups,): worth per minor unit by which a group's limit gives way, of the worth of program's rows."""
        paid: Array = np.where(self.row >= 0, np.maximum(prices[self.row], 0.0), 0.0) / self.unit
        return paid


def add_caps(
    build: Builder,
    choice: Choice,
    column: Index,
    capped: NDArray[np.bool_],
    terms: Sequence[Linear],
    x: Index,
    unit: float,
) -> GroupCaps:
    """Add the rows of one choice.

    Args:
        build: Where to.
        choice: Over the program's lines.
        column: Shape (groups,), of the groups; -1 for those without.
        capped: Shape (groups,), those that the choice would rather have unfunded.
        terms: Linear ones, over the program's lines.
        x: Shape (lines,), columns of money.
        unit: Minor units of money that one unit of a column stands for.
    """
    row = np.full(len(column), -1, dtype=np.intp)
    if not ((column >= 0) & capped).any():
        return GroupCaps(row, row, column, unit)
    term, limit = _tightest(choice, terms)
    asked = np.flatnonzero((column >= 0) & capped & (term >= 0))
    row[asked] = build.add_rows(np.full(len(asked), -np.inf), np.zeros(len(asked)))
    build.put(row[asked], column[asked], -limit[asked] / unit)
    member = row[choice.group] >= 0
    line, group = choice.line[member], choice.group[member]
    for number in np.unique(term[asked]).tolist():
        of_term = term[group] == number
        build.put(row[group[of_term]], x[line[of_term]], terms[number].weights.at(line[of_term]))
    return GroupCaps(row, term, column, unit)


def _tightest(choice: Choice, terms: Sequence[Linear]) -> tuple[Index, Array]:
    """For each group the limit on money that leaves it least, -1 where none counts all of its lines; and how much that is."""
    groups = len(choice.weights)
    term, limit, room = np.full(groups, -1, dtype=np.intp), np.zeros(groups), np.full(groups, np.inf)
    for number, each in enumerate(terms[:MOST_TERMS]):
        if each.results is not None or np.isfinite(each.soft) or not 0 < each.at_most < np.inf:
            continue
        if not (each.weights.entries()[1] >= 0).all():
            continue
        lightest = np.full(groups, np.inf)
        np.minimum.at(lightest, choice.group, each.weights.at(choice.line))
        all_counted = (lightest > 0) & (lightest < np.inf)
        leaves = np.where(all_counted, each.at_most / np.where(all_counted, lightest, 1.0), np.inf)
        tighter = leaves < room
        term[tighter], limit[tighter], room[tighter] = number, each.at_most, leaves[tighter]
    return term, limit


def money_paid(
    choice: Choice, caps: GroupCaps, terms: Sequence[Linear], prices: Array, paid: Array, worth: Array
) -> Array:
    """What these rows are worth to the groups, shape (groups,); what they make lines pay for each minor unit is added.

    Any price is valid. A group that the program does not know pays one at which it is worth nothing.

    Args:
        choice: Over all lines.
        caps: Of the same choice over the program's lines.
        terms: Linear ones, over all lines.
        prices: Shape (rows,), worth per unit by which a row's limit gives way.
        paid: Shape (lines,), added to.
        worth: Shape (groups,), what the choice itself is worth to them.
    """
    price, term = caps.prices(prices), caps.term
    unknown = (caps.column < 0) & (worth < 0)
    if unknown.any():
        tightest, limit = _tightest(choice, terms)
        unknown &= tightest >= 0
        price = np.where(unknown, -worth / np.where(unknown, limit, 1.0), price)
        term = np.where(unknown, tightest, term)
    more = np.zeros(len(worth))
    for number in np.unique(term[price > 0]).tolist():
        own = (price > 0) & (term == number)
        member = own[choice.group]
        line = choice.line[member]
        np.add.at(paid, line, price[choice.group[member]] * terms[number].weights.at(line))
        more += np.where(own, price * terms[number].at_most, 0.0)
    return more


def with_caps(prices: Array, caps: Sequence[GroupCaps], rows: Array, columns: Array) -> Array:
    """Prices of terms, shape (terms,), with those of the rows that state their limits once more: as far as groups are funded."""
    found = prices.copy()
    for each in caps:
        groups = each.groups
        np.add.at(found, each.term[groups], each.prices(rows)[groups] * columns[each.column[groups]])
    return found
