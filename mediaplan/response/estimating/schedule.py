"""How often a fit revisits all effects, and when it learns their variances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mediaplan.response.estimating.variances import LARGEST

SWEEPS = 20
"""Times that all effects are revisited."""

TOGETHER = {7: 3, 11: 2, 14: 1}
"""Sweeps after which all variances are learnt at once from the latest observations, and rounds of doing so."""

WARM_SWEEPS, WARM_TOGETHER = 6, {1: 1}
"""The same for a fit that begins where an earlier one ended."""

MANY_SWEEPS, MANY_TOGETHER, MANY_WARM_SWEEPS = 12, {5: 3}, 3
"""The same for many observations: their sweeps learn variances that the latest hardly add to, and settle sooner."""

SMALL = 4 * LARGEST
"""Observations up to which these variances are better than what sweeps make of all observations."""

MANY = 50 * LARGEST
"""Observations from which they are many."""


@dataclass(frozen=True)
class Schedule:
    """The course of a fit.

    Attributes:
        sweeps: Times that all effects are revisited.
        by_sweeps: Sweeps that learn variances themselves, each block's from its own effects.
        together: Sweeps after which all variances are learnt at once, and rounds of doing so.
    """

    sweeps: int
    by_sweeps: range
    together: Mapping[int, int]


def schedule_of(observations: int, *, warm: bool) -> Schedule:
    """The course of a fit of so many observations; `warm` = it begins where an earlier fit ended."""
    many = observations > MANY
    if warm:
        sweeps, together = (MANY_WARM_SWEEPS, {}) if many else (WARM_SWEEPS, WARM_TOGETHER)
    else:
        sweeps, together = (MANY_SWEEPS, MANY_TOGETHER) if many else (SWEEPS, TOGETHER)
    if observations > SMALL:
        return Schedule(sweeps, range(2, sweeps), together)
    return Schedule(sweeps, range(2, 2 if warm else min(TOGETHER) + 1), together)
