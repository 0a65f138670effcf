"""What a plan buys of a rate card: units of each line, and what else they use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.curves import Curves
from mediaplan.response.ladders import UNITS, USES

DIGITS = 9
"""Of units that are said: money in minor units tells no more."""


class Asked(Protocol):
    """What is needed of a question."""

    every: Curves
    major: float


@dataclass(frozen=True, eq=False)
class Bought:
    """Units and other resources by line.

    Attributes:
        card: Shape (lines,), lines of the card.
        counts: By what is counted, shape (lines,); empty without a rate card.
    """

    card: NDArray[np.bool_]
    counts: dict[str, NDArray[np.float64]]

    @classmethod
    def of(cls, question: Asked, amounts: NDArray[np.int64]) -> Self:
        """What those amounts, shape (lines,) in minor units, buy."""
        given = question.every.given
        if given is None:
            return cls(np.zeros(len(amounts), dtype=bool), {})
        card = np.zeros(len(amounts), dtype=bool)
        card[given.line] = True
        each = np.zeros((len(question.every.kinds), len(amounts)))
        each[:, given.line] = given.results(amounts.astype(np.float64) * question.major)
        names = enumerate(question.every.kinds)
        return cls(card, {n: each[k] for k, n in names if n == UNITS or n.startswith(USES)})

    def units(self, line: int) -> float | None:
        """Units of a line; `None` where the rate card does not hold it."""
        return _said(self.counts[UNITS][line]) if self.card[line] else None

    def uses(self, line: int) -> dict[str, float] | None:
        """What else the line uses; `None` where there is no rate card at all."""
        if not self.counts:
            return None
        named = {name: each for name, each in self.counts.items() if name != UNITS}
        return {name.removeprefix(USES): _said(each[line]) for name, each in named.items()}


def _said(number: float) -> float:
    return round(float(number), DIGITS)
