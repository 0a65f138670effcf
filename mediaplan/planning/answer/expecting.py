"""What a plan's money is expected to bring: means, and intervals of what will be realised and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.answer.contents import Estimate
from mediaplan.planning.asking.increments import Increments
from mediaplan.planning.asking.worths import Worths
from mediaplan.response.curves import Curves, pooled, realised

Array = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.95)
"""Levels of the intervals that every plan's total has."""
REALISATIONS = 800
"""From which intervals are told: eight of each posterior draw, more where a rate card is as sure as one draw."""


@dataclass(frozen=True, eq=False)
class Expectation:
    """Results and value of the funded lines: means and realisations.

    Attributes:
        amounts: Shape (lines,), major units of money.
        results, value: Shape (lines,), means.
        realised_results, realised_value: Shape (lines, realisations).
    """

    amounts: Array
    results: Array
    value: Array
    realised_results: Array
    realised_value: Array
    level: float

    @cached_property
    def _tails(self) -> tuple[float, float]:
        return (1 - self.level) / 2, (1 + self.level) / 2

    def of(self, lines: NDArray[np.bool_] | NDArray[np.intp]) -> tuple[Estimate, Estimate, Estimate]:
        """Results, value and cost per result of some lines together."""
        if lines.dtype != np.bool_ and len(lines) == 1:
            return self._each[int(lines[0])]
        money = float(self.amounts[lines].sum())
        results = self._estimate(self.results[lines], self.realised_results[lines])
        value = self._estimate(self.value[lines], self.realised_value[lines])
        return results, value, _cost(money, results)

    def of_parts(self, parts: Sequence[NDArray[np.bool_]]) -> list[tuple[Estimate, Estimate, Estimate]]:
        """What `of` says of each of several parts of the lines."""
        if not parts:
            return []
        results, value = (
            _estimates(
                np.array([mean[part].sum() for part in parts]),
                np.stack([realised[part].sum(axis=0) for part in parts]),
                self._tails,
            )
            for mean, realised in ((self.results, self.realised_results), (self.value, self.realised_value))
        )
        money = [float(self.amounts[part].sum()) for part in parts]
        return [(r, v, _cost(m, r)) for r, v, m in zip(results, value, money, strict=True)]

    @cached_property
    def _each(self) -> list[tuple[Estimate, Estimate, Estimate]]:
        """What `of` says of each line alone."""
        results = _estimates(self.results, self.realised_results, self._tails)
        value = _estimates(self.value, self.realised_value, self._tails)
        return [
            (r, v, _cost(float(money), r)) for money, r, v in zip(self.amounts, results, value, strict=True)
        ]

    def intervals(self) -> dict[float, tuple[float, float]]:
        """Level -> low and high of all results together."""
        total = self.realised_results.sum(axis=0)
        return {level: _bounds(total, (1 - level) / 2, (1 + level) / 2) for level in LEVELS}

    def _estimate(self, mean: Array, realisations: Array) -> Estimate:
        low, high = _bounds(realisations.sum(axis=0), *self._tails)
        return Estimate(float(mean.sum()), low, high)


def expectation(
    curves: Curves,
    amounts: Array,
    worths: Worths,
    level: float,
    seed: int,
    increments: Increments | None = None,
) -> Expectation:
    """What those amounts are expected to bring.

    Args:
        curves: Of the funded lines.
        amounts: Shape (lines,), major units.
        worths: Of the same lines.
        level: Of the intervals of parts and lines.
        seed: Of the realisations.
        increments: Of the same lines, if the worths are those of incremental results: their doubt widens intervals.
    """
    mean = pooled(curves, amounts).mean(axis=2)
    counts = realised(curves, amounts, seed, copies=max(8, REALISATIONS // curves.draws))
    doubt = 1.0 if increments is None else increments.doubt(counts.shape[2], seed)
    return Expectation(
        amounts,
        (worths.count * mean).sum(axis=0),
        (worths.value * mean).sum(axis=0),
        (worths.count[:, :, None] * counts).sum(axis=0) * doubt,
        (worths.value[:, :, None] * counts).sum(axis=0) * doubt,
        level,
    )


def _estimates(mean: Array, realisations: Array, tails: tuple[float, float]) -> list[Estimate]:
    """Of each line: shape (lines,) means and (lines, realisations)."""
    below, above = np.quantile(realisations, tails, axis=1)
    return [Estimate(*map(float, each)) for each in zip(mean, below, above, strict=True)]


def _cost(money: float, results: Estimate) -> Estimate:
    """Money per result."""
    return Estimate(_per(money, results.mean), _per(money, results.high), _per(money, results.low))


def _bounds(values: Array, low: float, high: float) -> tuple[float, float]:
    if values.size == 0:
        return 0.0, 0.0
    below, above = np.quantile(values, [low, high])
    return float(below), float(above)


def _per(money: float, results: float) -> float:
    return money / results if results > 0 else float("nan")
