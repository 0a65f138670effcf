"""All effects of a fit: which there are, and what they have in common with each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.drift import DRIFTS, Drift
from mediaplan.response.estimating.effects import Levels, Nest, nests
from mediaplan.response.estimating.fixed import Fixed
from mediaplan.response.estimating.sharing import Shared, shared_with
from mediaplan.response.rows.cases import Cases
from mediaplan.response.rows.factors import FACTORS, SCALE_FACTORS, present
from mediaplan.response.rows.tables import Joint

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Blocks:
    """Effects while they are fitted, block by block.

    Attributes:
        intercepts: Of tables that tell of the same money again.
        effects: Crossed effects on the log rate, the finest the last.
        drifts: Effects that wander.
        scales: Crossed effects on log kappa.
        nests: Factors within others.
        shared: What factors have in common with fixed effects.
    """

    intercepts: tuple[Levels, ...]
    effects: tuple[Levels, ...]
    drifts: tuple[Drift, ...]
    scales: tuple[Levels, ...]
    nests: tuple[Nest, ...]
    shared: tuple[Shared, ...]

    @classmethod
    def start(cls, joint: Joint, cases: Cases, sizes: Mapping[str, int]) -> Blocks:
        """All effects nothing.

        Args:
            joint: The observations.
            cases: The same, described.
            sizes: Number of names of each dimension that may have effects.
        """
        dimensions = {d for d in sizes if (cases.codes[d] >= 0).any()}
        all_sizes = {**sizes, **joint.sizes}
        intercepts = [Levels.start(f, cases, all_sizes) for f in joint.factors]
        effects = [Levels.start(f, cases, sizes) for f in present(FACTORS, dimensions)]
        known = {levels.factor.of: levels for levels in effects}
        scales = [
            known[f.of].beside(f) if f.of in known else Levels.start(f, cases, sizes)
            for f in present(SCALE_FACTORS, dimensions)
        ]
        drifts = [
            Drift.start(of, prior, cases, 1 if of is None else sizes[of])
            for of, prior in DRIFTS
            if of is None or of in dimensions
        ]
        rates = intercepts + effects
        shared = [shared_with(levels, 0, cases.signals) for levels in rates]
        shared += [shared_with(levels, -3, cases.signals[:, :0]) for levels in scales]
        return cls(
            tuple(intercepts),
            tuple(effects),
            tuple(drifts),
            tuple(scales),
            tuple(nests(rates) + nests(scales)),
            tuple(each for each in shared if each is not None),
        )

    @property
    def levels(self) -> tuple[Levels, ...]:
        """All crossed effects on the log rate."""
        return self.intercepts + self.effects

    @property
    def rates(self) -> tuple[Levels | Drift, ...]:
        """All effects on the log rate."""
        return self.levels + self.drifts

    @property
    def learnt(self) -> tuple[Levels | Drift, ...]:
        """Those whose variances are learnt together."""
        return self.effects + self.drifts

    def hand_up(self, fixed: Fixed) -> None:
        """Move what effects share to where it belongs; no fitted value changes."""
        for nest in self.nests:
            nest.hand_up()
        for shared in self.shared:
            shared.hand_over(fixed.value, fixed.prior, fixed.precision)
