"""The two kernel words: whatever a rule says, it says as a linear row over the lines' money or as a line's domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.lines import Lines

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Linear:
    """A limit on a weighted sum of the lines' money: `at_least ≤ Σ weights · amount ≤ at_most`.

    Attributes:
        weights: Shape (lines,).
        at_least, at_most: Minor units; -inf and inf where open.
        counted: Shape (lines,), lines that the rule's own limit speaks of.
        ratio: Whether it compares sums of money with each other (a share): then whole minor units may miss it by
            one unit for each counted line.
    """

    weights: Array
    at_least: float
    at_most: float
    counted: Mask
    ratio: bool = False


@dataclass(frozen=True, eq=False)
class Domain:
    """What each of some lines may receive: from `at_least` to `at_most`, in whole `step`s, or nothing.

    Attributes:
        lines: Shape (lines,), the lines it speaks of.
        at_least, at_most: Minor units; `at_most` inf where open.
        or_zero: Whether a line may also receive nothing.
        step: Minor units; 1 = any whole amount.
    """

    lines: Mask
    at_least: int = 0
    at_most: float = np.inf
    or_zero: bool = True
    step: int = 1


Term = Linear | Domain


@dataclass(frozen=True, eq=False)
class Space:
    """The lines of a plan with the words by which rules pick them.

    Attributes:
        lines: The lines that may receive money.
        attributes: `format` and `topic` of each line's post: shape (lines,), text or `None`.
        budget: Media money that may be spent, minor units.
    """

    lines: Lines
    attributes: Mapping[str, NDArray[np.object_]]
    budget: int

    def picks(self, wanted: Mapping[str, tuple[str, ...]]) -> Mask:
        """Lines that bear one of the wanted names in each dimension that is asked for."""
        mask = np.ones(len(self.lines), dtype=bool)
        for dimension, names in wanted.items():
            if not names:
                continue
            if dimension in self.attributes:
                mask &= np.isin(self.attributes[dimension], np.array(names, dtype=object))
            else:
                known = self.lines.names[dimension]
                chosen = np.array([any(_bears(dimension, n, w) for w in names) for n in known] + [False])
                mask &= chosen[self.lines.codes[dimension]]
        return mask


def _bears(dimension: str, name: str, wanted: str) -> bool:
    if dimension == "channel":
        return name == wanted or name.startswith(wanted + "/")
    return name == wanted
