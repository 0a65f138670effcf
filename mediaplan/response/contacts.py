"""What a history tells of who saw what its money bought: impressions, and the people behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Contacts:
    """Sums by combination of names, n of them.

    Attributes:
        views: Shape (n,), impressions.
        money: Shape (n,), major units, of the rows that tell impressions.
        reached: Shape (n,), people that rows reached, row by row.
        shown: Shape (n,), impressions of the rows that tell them.
        again: Shape (n,), Σ reached · impressions over these rows.
    """

    views: Array
    money: Array
    reached: Array
    shown: Array
    again: Array

    @classmethod
    def of(cls, spend: Array, views: Array, reached: Array, total: Callable[[Array], Array]) -> Self:
        """Sum rows.

        Args:
            spend: Shape (rows,), major units.
            views: Shape (rows,), impressions; NaN = not told.
            reached: Shape (rows,), people; NaN = not told.
            total: Shape (rows,) -> sums by combination, shape (n,).
        """
        told = ~np.isnan(views) & (views > 0)
        both = told & ~np.isnan(reached) & (reached > 0)
        # Nobody can be reached more often than shown to.
        people = np.where(both, np.minimum(reached, np.where(told, views, 0.0)), 0.0)
        seen = np.where(both, views, 0.0)
        return cls(
            total(np.where(told, views, 0.0)),
            total(np.where(np.isnan(views), 0.0, spend)),
            total(people),
            total(seen),
            total(people * seen),
        )
