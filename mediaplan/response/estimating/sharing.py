"""What effects of a factor have in common with fixed effects: the data can't tell the two apart, the priors can.

Handing it over at once saves the many sweeps in which it would trickle, as `effects.Nest` does between two factors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.effects import Levels

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shared:
    """One factor and the fixed effects that can't be told from it but by their priors.

    Attributes:
        levels: Of the factor.
        columns: Places of these fixed effects among all.
        design: Shape (levels, columns), slope of each level's effect in each of them.
    """

    levels: Levels
    columns: Sequence[int]
    design: Array

    def hand_over(self, fixed: Array, prior: Array, precision: Array) -> None:
        """Move to the fixed effects what the levels share; no fitted value changes.

        Args:
            fixed: All fixed effects; changed in place.
            prior: Their prior means.
            precision: One over their prior variances.
        """
        columns, design, effect = list(self.columns), self.design, self.levels.effect
        tight, loose = 1.0 / self.levels.variance, precision[columns]
        pull = design.T @ effect[:-1] * tight - loose * (fixed - prior)[columns]
        moved = np.linalg.solve(design.T @ design * tight + np.diag(loose), pull)
        effect[:-1] -= design @ moved
        fixed[columns] += moved


def shared_with(levels: Levels, mean: int, signals: Array) -> Shared | None:
    """What a factor shares with the mean, and posts with their organic signals; `None` = nothing.

    Args:
        levels: Of the factor.
        mean: Place of the mean of its effects.
        signals: Shape (cases, signals), whose slopes stand from place 2 on, of factors on the rate; no columns of others.
    """
    columns = [mean] if (levels.code < len(levels.keys)).all() else []
    design = np.ones((len(levels.effect), len(columns)))
    if levels.factor.of == ("post",):
        columns += range(2, 2 + signals.shape[1])
        told = np.zeros((len(design), signals.shape[1]))
        told[levels.code] = signals
        design = np.column_stack([design, told])
    return Shared(levels, columns, design[:-1]) if columns else None
