"""Several whole numbers of each row in one: rows are then sorted, grouped and told apart by a single column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Keys = NDArray[np.int64]

ROOM = 2**62
"""Numbers that fit into a key."""

DENSE = 4
"""Possible keys for each row up to which they are ticked off in a list: beyond, sorting them takes less memory."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows that are alike in several columns, `groups` of them, sorted as the columns sort, the first of them first.

    Attributes:
        of: Shape (rows,), number of each row's group.
        one: Shape (groups,), a row of each.
    """

    of: Index
    one: Index

    def total(self, values: Array) -> Array:
        """Shape (groups,), sums of what rows hold, shape (rows,)."""
        summed: Array = np.bincount(self.of, values, len(self.one)).astype(np.float64, copy=False)
        return summed


def grouped(columns: Sequence[ArrayLike]) -> Groups:
    """Rows that are alike in all columns, together.

    Args:
        columns: Each of shape (rows,), whole numbers.
    """
    of, different = ranked(packed(columns))
    one = np.zeros(len(different), dtype=np.intp)
    one[of] = np.arange(len(of))
    return Groups(of, one)


def packed(columns: Sequence[ArrayLike]) -> Keys:
    """Shape (rows,), keys that sort as the columns do, the first of them first; the same only where all columns are.

    Args:
        columns: Each of shape (rows,), whole numbers.
    """
    key, room = np.zeros(len(np.asarray(columns[0])), dtype=np.int64), 1
    if not len(key):
        return key
    for each in columns:
        column = np.asarray(each).astype(np.int64)
        column -= column.min()
        span = int(column.max()) + 1
        if room * span > ROOM:
            (key, several), (column, others) = ranked(key), ranked(column)
            room, span = len(several), len(others)
        key, room = key * span + column, room * span
    return key


def ranked(numbers: Keys) -> tuple[Index, Keys]:
    """The place of each number among all different ones, and these, sorted.

    Args:
        numbers: Shape (rows,), ≥ 0.
    """
    span = int(numbers.max(initial=-1)) + 1
    if (numbers[1:] >= numbers[:-1]).all():
        new = np.append(True, numbers[1:] > numbers[:-1])[: len(numbers)]
        return np.cumsum(new) - 1, numbers[new]
    if span > DENSE * len(numbers):
        different, sorted_place = np.unique(numbers, return_inverse=True)
        return sorted_place.astype(np.intp, copy=False), different
    there = np.zeros(span, dtype=bool)
    there[numbers] = True
    place = np.cumsum(there) - 1
    return place[numbers], np.flatnonzero(there).astype(np.int64, copy=False)
