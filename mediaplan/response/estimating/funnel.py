"""Effects of dimensions that no results are told by, from the stages before the result: clicks, or impressions.

Platforms break hours and regions down by clicks and impressions only. What an hour costs in clicks says something of
what it costs in results: an effect on results per money is taken to be `slope` times that on clicks per money. The
slope is learnt from the dimensions where both are told, and drawn towards a prior.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.estimating.effects import Effects
from mediaplan.response.estimating.fitted import Fitted
from mediaplan.response.rows.factors import usual_variance
from mediaplan.response.rows.observations import Observations

Array = NDArray[np.float64]

SLOPE = (0.7, 0.3)
"""Prior mean and standard deviation of the slope."""

OWN = 0.5
"""Part of the usual variance of an effect that the stage before does not tell."""


def slope(results: Fitted, stage: Fitted) -> float:
    """By how much effects on results follow those on the stage, where both are told: a regression through 0."""
    precision, pull = 1.0 / SLOPE[1] ** 2, SLOPE[0] / SLOPE[1] ** 2
    staged = {levels.factor.of: levels for levels in stage.levels}
    for mine in results.levels:
        theirs = staged.get(mine.factor.of)
        if theirs is None or len(mine.factor.of) > 1 or not np.array_equal(mine.keys, theirs.keys):
            continue
        weight = 1.0 / (mine.spread[:-1] + OWN * usual_variance(mine.factor))
        # what all names have in common stands for the mean as well, which no name differs by
        here, there = (
            each.effect[:-1] - np.average(each.effect[:-1], weights=weight) for each in (mine, theirs)
        )
        precision += float((weight * there**2).sum())
        pull += float((weight * there * here).sum())
    return pull / precision


def lacking(told: Observations, money: Observations) -> set[str]:
    """Dimensions that money is broken down by, but no results."""
    return {d for d in DIMENSIONS if (money.codes[d] >= 0).any() and not (told.codes[d] >= 0).any()}


def borrowed(
    results: Fitted, stage: Fitted, missing: set[str], money: Observations, sizes: Mapping[str, int]
) -> Fitted:
    """The fit of results with effects of the missing dimensions as the stage tells them.

    They are centred so that the money of the past, spread as it was, brings what it brought.

    Args:
        results: Fitted without these dimensions.
        stage: Fitted to clicks or impressions, with them.
        missing: The dimensions.
        money: All that was spent.
        sizes: Number of names of each dimension.
    """
    by = slope(results, stage)
    mine = [levels for levels in stage.levels if missing & {*levels.factor.of} and len(levels.factor.of) <= 2]
    added = []
    for levels in mine:
        effect = by * levels.effect
        spread = by**2 * levels.spread + OWN * usual_variance(levels.factor)
        spread[-1] = 0.0
        effect[:-1] -= _usual(levels, effect, money, sizes)
        added.append(Effects(levels.factor, levels.keys, effect, spread, levels.factor.variance))
    known = [levels for levels in results.levels if not missing & {*levels.factor.of}]
    return replace(results, levels=(*known, *added))


def _usual(levels: Effects, effect: Array, money: Observations, sizes: Mapping[str, int]) -> float:
    """Logarithm of the mean of what effects do to money, over all that is told by their dimensions."""
    key, known = np.zeros(len(money), dtype=np.int64), np.ones(len(money), dtype=bool)
    for dimension in levels.factor.of:
        if dimension not in money.codes:
            return 0.0
        key = key * sizes[dimension] + money.codes[dimension]
        known &= money.codes[dimension] >= 0
    known &= np.isin(key, levels.keys)
    at = np.searchsorted(levels.keys, key[known])
    if not known.any():
        return 0.0
    return float(np.log(np.average(np.exp(effect[at]), weights=money.spend[known])))
