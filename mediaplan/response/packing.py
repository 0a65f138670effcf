"""Several whole numbers of each row in one: rows are then sorted, grouped and told apart by a single column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Keys = NDArray[np.int64]

ROOM = 2**62
"""Numbers that fit into a key."""


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
            (key, room), (column, span) = _ranked(key), _ranked(column)
        key, room = key * span + column, room * span
    return key


def _ranked(numbers: Keys) -> tuple[Keys, int]:
    """The place of each among all different ones, and how many these are."""
    different, place = np.unique(numbers, return_inverse=True)
    return place.astype(np.int64), len(different)
