"""What effects of a dimension do to an observation that is not broken down by it: their average over its money.

A row "audience a" ran on some channels; its expected results are those of its money on each. The names, and their shares
of the money, come from the other tables of the same money (`tables.Mix`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.effects import Levels
from mediaplan.response.rows.cases import Attributes, Cases
from mediaplan.response.rows.factors import keys_of
from mediaplan.response.rows.observations import Observations
from mediaplan.response.rows.tables import Mix

Array = NDArray[np.float64]


class Blend:
    """The average of a fit's effects over what observations are not broken down by.

    Args:
        mixes: What each observation's money was spread over, by dimension.
        seen: The observations.
        about: Formats and topics of posts.
        levels: All effects of the fit; those of one missing dimension with known ones count.
    """

    def __init__(
        self, mixes: Sequence[Mix], seen: Observations, about: Attributes, levels: Sequence[Levels]
    ) -> None:
        self.rows = len(seen)
        self.parts = []
        for mix in mixes:
            codes = {d: code[mix.row] for d, code in seen.codes.items()} | {mix.dimension: mix.code}
            cases = about.describe(codes, seen.day[mix.row])
            of_post = {"format", "topic"} if mix.dimension == "post" else set()
            mine = [
                (one, place_of(one, cases, about.sizes))
                for one in levels
                if {mix.dimension, *of_post} & {*one.factor.of}
            ]
            self.parts.append((mix, mine))

    def __call__(self) -> Array:
        """Shape (n,), what each log mean gains by effects of the dimensions that it lacks, as they are now."""
        gained = np.zeros(self.rows)
        for mix, levels in self.parts:
            effect = sum((one.effect[place] for one, place in levels), np.zeros(len(mix.row)))
            mean = np.bincount(mix.row, mix.share * np.exp(effect), self.rows)
            gained += np.log(mean, out=np.zeros(self.rows), where=mean > 0)
        return gained


def place_of(levels: Levels, cases: Cases, sizes: Mapping[str, int]) -> NDArray[np.intp]:
    """Shape (cases,), index into `levels.effect`; its last place where a level is not known."""
    if not len(levels.keys):
        return np.zeros(len(cases), dtype=np.intp)
    key = keys_of(levels.factor, cases, sizes)
    at = np.minimum(np.searchsorted(levels.keys, key), len(levels.keys) - 1)
    found: NDArray[np.intp] = np.where(levels.keys[at] == key, at, len(levels.keys))
    return found
