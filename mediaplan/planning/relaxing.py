"""The best amounts when lines need not be chosen whole, and how near they are to the best there is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.bounding import Bound
from mediaplan.planning.formulating import Cuts

Array = NDArray[np.float64]
Index = NDArray[np.intp]

CLOSE_ENOUGH = 2e-7
"""Part of the bound that straight pieces may lose."""
SMALL = 400
"""Lines that go to the engine at once; of more, the best and those that the prices call for."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The best amounts when lines need not be chosen whole.

    Attributes:
        amounts: Shape (lines,), minor units.
        straight: Worth of them on straight pieces.
        prices: Shape (terms,).
        bound: No plan is worth more.
        cuts: Where curves and pools were cut in the end.
        working: Shape (working lines,), index of those that the program had.
        choices: Whether lines still have to be chosen whole.
        proof: What the last prices prove.
    """

    amounts: Array
    straight: float
    prices: Array
    bound: float
    cuts: Cuts
    working: Index
    choices: bool
    proof: Bound

    @property
    def loss(self) -> float:
        """Part of the bound that may be missing."""
        return (self.bound - self.straight) / max(abs(self.bound), 1e-300)


def called_for(proof: Bound, working: Index) -> Index:
    """Lines not yet worked with that would be worth more than they pay at the proof's prices, the best first."""
    gain = proof.profit.copy()
    gain[working] = 0.0
    calling = np.flatnonzero(gain > 0)
    return calling[np.argsort(-gain[calling], kind="stable")][:SMALL]
