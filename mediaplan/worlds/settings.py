"""What an invented world is like: the named settings of the benchmark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np


@dataclass(frozen=True)
class Setting:
    """What a world is like; all `…_sd` are standard deviations of logarithms.

    Attributes:
        name: As the benchmark calls it.
        weeks: Of history.
        channels, audiences, slots: How many there are.
        posts: Alive at any time; each lives about four weeks and is replaced.
        habits: Lines bought for each post in each week.
        budget: Money of a week, EUR.
        price: Usual money per result of a line at its first unit of money, EUR.
        kappa: Usual money of a line and week at which saturation bites, EUR.
        structure: Factor on the standard deviations of everything that lines share.
        line_sd: What a line has of its own.
        post_sd: Of posts' own quality (its tail is a Student t with three degrees of freedom).
        drift_sd: Step of each channel's and audience's random walk from week to week.
        season: Height of the yearly wave.
        concentration: Of the past money over the lines bought; smaller is more concentrated.
        chase: How strongly past money follows good lines.
        organic: How much a post's organic figures tell of its quality (0 = nothing).
        dispersion: Of the counts beyond chance.
        pool: Usual results that the people of one channel and audience have to give in a week to all lines together,
            as multiples of what one line gives at `kappa`; infinite = lines share nobody.
        threshold: Power of money where the first of it brings little (an S-curve); 0 = curves are concave.
    """

    name: str = "base"
    weeks: int = 12
    channels: int = 4
    audiences: int = 5
    slots: int = 4
    posts: int = 8
    habits: int = 5
    budget: float = 2000.0
    price: float = 4.0
    kappa: float = 80.0
    structure: float = 1.0
    line_sd: float = 0.20
    post_sd: float = 0.4
    drift_sd: float = 0.07
    season: float = 0.15
    concentration: float = 0.3
    chase: float = 0.4
    organic: float = 0.5
    dispersion: float = 0.15
    pool: float = np.inf
    threshold: float = 0.0


_BASE = Setting()

SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        setting.name: setting
        for setting in (
            _BASE,
            replace(_BASE, name="short", weeks=4),
            replace(_BASE, name="long", weeks=26),
            replace(_BASE, name="sparse", price=30.0),
            replace(_BASE, name="drift", drift_sd=2.4 * _BASE.drift_sd, season=2 * _BASE.season),
            replace(_BASE, name="concentrated", concentration=0.12, chase=1.2),
            replace(_BASE, name="weakpost", organic=0.0),
            replace(_BASE, name="loose", kappa=400.0),
            replace(_BASE, name="overlap", pool=20.0),
            replace(_BASE, name="scurve", threshold=1.6),
            replace(_BASE, name="nostruct", structure=0.0, post_sd=0.0, line_sd=0.9),
        )
    }
)
"""The settings of the benchmark, by name."""
