"""What a fit of one kind of result has found: all that forecasts, findings and later fits take from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.crowding import Crowd
from mediaplan.response.estimating.drift import Drifted
from mediaplan.response.estimating.effects import Effects
from mediaplan.response.estimating.weekdays import ALIKE, Weekdays

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fitted:
    """The fitted model of one kind of result.

    Attributes:
        fixed: Shape (2 + signals + 3,): mean, age, signals; global log kappa, power of people, spread of the curve.
        covariance: Of `fixed`.
        levels: Effects on the log rate.
        drifts: Effects that wander.
        scales: Effects on log kappa.
        usual: Log of kappa before anything is learnt, money per calendar day.
        load: u at the money that taught most: there the history says what money brings, whatever kappa is.
        bend: One minus the elasticity there.
        dispersion: Of the counts.
        likeness: How much shared effects differ in this history, beside what is usual.
        crowd: How much lines of one pool wear the same people; `None` without pools.
        weekdays: What each brings; the effects are those of a usual week.
        follows: Shape (2,), how far effects follow those on clicks, by post and by place; `None` = clicks were not asked.
        clicks: The same model of clicks, where they were asked.
    """

    fixed: Array
    covariance: Array
    levels: tuple[Effects, ...]
    drifts: tuple[Drifted, ...]
    scales: tuple[Effects, ...]
    usual: float
    load: float
    bend: float
    dispersion: float
    likeness: float
    crowd: Crowd | None
    weekdays: Weekdays = ALIKE
    follows: Array | None = None
    clicks: Fitted | None = None
