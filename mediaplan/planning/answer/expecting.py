"""What a plan's money is expected to bring: means, and intervals of what will be realised and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.answer.contents import Estimate
from mediaplan.planning.asking.increments import Increments
from mediaplan.planning.asking.worths import Worths
from mediaplan.response.curves import Curves, pooled, realised

Array = NDArray[np.float64]
T = TypeVar("T")

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
        return _tails(self.level)

    def of(self, lines: NDArray[np.bool_] | NDArray[np.intp]) -> tuple[Estimate, Estimate, Estimate]:
        """Results, value and cost per result of some lines together."""
        if lines.dtype != np.bool_ and len(lines) == 1:
            return self._each[int(lines[0])]
        money = float(self.amounts[lines].sum())
        results, value = self._both(
            lambda mean, realised: Estimate(
                float(mean[lines].sum()), *_bounds(realised[lines].sum(axis=0), self._tails)
            )
        )
        return results, value, _cost(money, results)

    def of_parts(self, parts: Sequence[NDArray[np.bool_]]) -> list[tuple[Estimate, Estimate, Estimate]]:
        """What `of` says of each of several parts of the lines."""
        if not parts:
            return []
        results, value = self._both(
            lambda mean, realised: _estimates(
                np.array([mean[part].sum() for part in parts]),
                np.stack([realised[part].sum(axis=0) for part in parts]),
                self._tails,
            )
        )
        money = [float(self.amounts[part].sum()) for part in parts]
        return [(r, v, _cost(m, r)) for r, v, m in zip(results, value, money, strict=True)]

    @cached_property
    def _each(self) -> list[tuple[Estimate, Estimate, Estimate]]:
        """What `of` says of each line alone."""
        results, value = self._both(lambda mean, realised: _estimates(mean, realised, self._tails))
        return [
            (r, v, _cost(float(money), r)) for money, r, v in zip(self.amounts, results, value, strict=True)
        ]

    def intervals(self) -> dict[float, tuple[float, float]]:
        """Level -> low and high of all results together."""
        bounds = _bounds(
            self.realised_results.sum(axis=0), [tail for level in LEVELS for tail in _tails(level)]
        )
        return dict(zip(LEVELS, zip(bounds[::2], bounds[1::2], strict=True), strict=True))

    def _both(self, said: Callable[[Array, Array], T]) -> tuple[T, T]:
        """What is said of means and realisations of results, and of value: the same where each result is worth 1."""
        results = said(self.results, self.realised_results)
        if self.value is self.results and self.realised_value is self.realised_results:
            return results, results
        return results, said(self.value, self.realised_value)


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

    def weighed(worth: Array) -> tuple[Array, Array]:
        return (worth * mean).sum(axis=0), (worth[:, :, None] * counts).sum(axis=0) * doubt

    results = weighed(worths.count)
    value = results if np.array_equal(worths.count, worths.value) else weighed(worths.value)
    return Expectation(amounts, results[0], value[0], results[1], value[1], level)


def _estimates(mean: Array, realisations: Array, tails: tuple[float, float]) -> list[Estimate]:
    """Of each line: shape (lines,) means and (lines, realisations)."""
    below, above = np.quantile(realisations, tails, axis=1)
    return [Estimate(*map(float, each)) for each in zip(mean, below, above, strict=True)]


def _cost(money: float, results: Estimate) -> Estimate:
    """Money per result."""
    return Estimate(_per(money, results.mean), _per(money, results.high), _per(money, results.low))


def _tails(level: float) -> tuple[float, float]:
    return (1 - level) / 2, (1 + level) / 2


def _bounds(values: Array, tails: Sequence[float]) -> list[float]:
    bounds: list[float] = np.quantile(values, tails).tolist() if values.size else [0.0] * len(tails)
    return bounds


def _per(money: float, results: float) -> float:
    return money / results if results > 0 else float("nan")
