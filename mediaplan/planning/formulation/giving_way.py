"""Rows that may give way, in a Program: columns by which they fall short, at their price."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Choice, Linear
from mediaplan.planning.formulation.building import Builder

Array = NDArray[np.float64]
Index = NDArray[np.intp]


def give_way(build: Builder, terms: Sequence[Linear], rows: Index, price: Array) -> None:
    """Add the shortfalls of rows over money and results.

    The tangents of one limit on people have one shortfall: a plan misses the limit by the most that any of them says.

    Args:
        build: Where to.
        terms: Of the rows; those that hold are passed over.
        rows: Shape (terms,), their places.
        price: Shape (terms,), what a unit of each row costs for each unit of the term's `soft`; the same for all rows of
            a limit.
    """
    together: dict[int, list[int]] = {}
    for number, term in enumerate(terms):
        if term.tangent_of is None:
            falls_short(build, term, rows[[number]], term.soft * float(price[number]))
        else:
            together.setdefault(term.tangent_of, []).append(number)
    for numbers in together.values():
        first = numbers[0]
        falls_short(build, terms[first], rows[numbers], terms[first].soft * float(price[first]))


def falls_short(build: Builder, term: Linear | Choice, rows: Index, price: float) -> None:
    """Columns by which rows that may give way fall short together, at that price in the program's value."""
    if not np.isfinite(price):
        return
    for limit, sign in ((term.at_least, 1.0), (term.at_most, -1.0)):
        if np.isfinite(limit):
            column = build.add_columns(np.array([-price]), np.array([np.inf]))
            build.put(rows, np.repeat(column, len(rows)), sign)
