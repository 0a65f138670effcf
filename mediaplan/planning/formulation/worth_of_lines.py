"""What money on lines is worth to a program and its prices: one objective, or a mixture of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.response.ladders import Ladders

Array = NDArray[np.float64]


class Worth(Protocol):
    """What tells the worth of money on lines."""

    @property
    def lines(self) -> int:
        """Number of lines."""

    @property
    def major(self) -> float:
        """Major units in a minor one."""

    @property
    def given(self) -> Ladders | None:
        """What a rate card says of some lines."""

    def curved(self, lines: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of these lines have a curve beside what a rate card says."""

    def worth(self, amounts: Array) -> Array:
        """Shape (lines, knots) of amounts in minor units -> worth of each line."""

    def slope(self, amounts: Array) -> Array:
        """Shape (lines,): worth of each line's next minor unit."""

    def take(self, chosen: NDArray[np.intp]) -> Worth:
        """Only the chosen lines, by index."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """A weighted sum of objectives over the same lines."""

    parts: tuple[tuple[float, Objective], ...]

    @property
    def lines(self) -> int:
        """Number of lines."""
        return self.parts[0][1].lines

    @property
    def major(self) -> float:
        """Major units in a minor one."""
        return self.parts[0][1].major

    @property
    def given(self) -> Ladders | None:
        """What a rate card says of some lines."""
        return self.parts[0][1].given

    def curved(self, lines: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of these lines have a curve beside what a rate card says."""
        return self.parts[0][1].curved(lines)

    def worth(self, amounts: Array) -> Array:
        """Shape (lines, knots) of amounts in minor units -> worth of each line."""
        total: Array = np.add.reduce([weight * part.worth(amounts) for weight, part in self.parts])
        return total

    def slope(self, amounts: Array) -> Array:
        """Shape (lines,): worth of each line's next minor unit."""
        total: Array = np.add.reduce([weight * part.slope(amounts) for weight, part in self.parts])
        return total

    def take(self, chosen: NDArray[np.intp]) -> Mixture:
        """Only the chosen lines, by index."""
        return Mixture(tuple((weight, part.take(chosen)) for weight, part in self.parts))


def first_worth(objective: Worth, limits: Limits) -> Array:
    """Shape (lines,): most worth that a minor unit can have on each line: of the first, or on average of its least."""
    least = limits.least.astype(float)
    average = objective.worth(least[:, None])[:, 0] / np.maximum(least, 1.0)
    first = np.where((least > 0) & ~limits.needed, average, objective.slope(np.zeros(objective.lines)))
    given, corners = corners_of(objective, limits)
    if len(given):
        # Tiers may grow better: no money has more worth than the best of their ends.
        each = (objective.take(given).worth(corners) / np.maximum(corners, 1.0)).max(axis=1)
        first[given] = np.maximum(first[given], each)
    return first


def corners_of(objective: Worth, limits: Limits) -> tuple[NDArray[np.intp], Array]:
    """Lines of a rate card, and where their tiers begin and end within their limits, shape (given, corners), minor units."""
    given = objective.given
    if given is None or not len(given.line):
        return np.zeros(0, dtype=np.intp), np.zeros((0, 1))
    least, most = limits.least[given.line].astype(float), limits.most[given.line].astype(float)
    inner = np.clip(given.corners / objective.major, least[:, None], np.maximum(most, least)[:, None])
    return given.line, np.column_stack([least, inner, np.maximum(most, least)])
