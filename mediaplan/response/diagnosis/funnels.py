"""What each name costs per thousand impressions, how many of these are clicked, how many clicks become results.

Raw ratios of few impressions say little, so each is drawn towards that of all names together:

    count of a week ~ mean m = of · rate · exp(effect of the name), variance m + dispersion · m²;   effect ~ N(0, variance)

Each unit of what was bought weighs the same, so that names with much evidence keep their raw ratio; weeks that stray
make it less certain (quasi-likelihood). A name of which little is told is no surer than the usual rate itself, which few
counts leave open. Variance and dispersion are learnt from the names, and drawn towards what is
usual. These are prices and rates as the money was spent: what else differs between names (a channel's posts) is in them.

Source:
    McCullagh, Nelder, "Generalized Linear Models", 1989, chapter 9 (quasi-likelihood).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.diagnosis.contrasts import Doubt, Span
from mediaplan.response.diagnosis.diagnoses import Funnel, FunnelName
from mediaplan.response.responses import Response
from mediaplan.response.stages import CLICKED, CONVERTED, PRICE, Stage

Array = NDArray[np.float64]

STAGES = (PRICE, CLICKED, CONVERTED)
"""What is told of each name."""

VARIANCE, FREEDOM = 0.3**2, 8.0
"""Usual variance of effects, and how many names that belief is worth."""

DISPERSION, DOUBT = 0.1, 0.1
"""Usual dispersion from week to week, and the standard deviation of that belief."""

USUAL = 0.5
"""Counts that the belief in the usual rate is worth before any were counted (Jeffreys)."""

ROUNDS, STEPS = 8, 4
"""Of learning variance and dispersion, and of Newton's method in each."""

LONGEST_STEP = 2.0

THOUSAND = 1000.0


def funnels(response: Response, kind: str) -> tuple[Funnel, ...]:
    """Prices and rates of each dimension of which tables tell two names or more, those with most impressions first."""
    if response.past is None:
        return ()
    found = []
    for dimension, names in response.names.items():
        mine = {
            stage.name: stage
            for stage in response.past.stages
            if stage.dimension == dimension and stage.kind in ("", kind) and stage.name in STAGES
        }
        rates = {name: _rates(stage, len(names)) for name, stage in mine.items()}
        told = [at for at in range(len(names)) if any(rate.told[at] for rate in rates.values())]
        if len(told) > 1:
            found.append(Funnel(dimension, _sorted([_name(names[at], at, rates) for at in told])))
    return tuple(found)


def _sorted(names: Sequence[FunnelName]) -> tuple[FunnelName, ...]:
    return tuple(sorted(names, key=lambda each: (-(each.impressions or 0.0), each.name)))


@dataclass(frozen=True, eq=False)
class _Rates:
    """One stage of n names.

    Attributes:
        usual: Of all names together.
        effects: Logarithms of each name's rate over it, shape (n,).
        came: Shape (n,), what was counted.
        told: Shape (n,), whether anything is told of a name.
    """

    usual: float
    effects: Doubt
    came: Array
    told: NDArray[np.bool_]

    def rate(self, at: int) -> Span | None:
        """Of one name; `None` where nothing is told."""
        if not self.told[at]:
            return None
        span = self.effects.factor(at)
        return Span(self.usual * span.mean, self.usual * span.low, self.usual * span.high)


def _name(name: str, at: int, rates: dict[str, _Rates]) -> FunnelName:
    spans = {stage: each.rate(at) for stage, each in rates.items()}
    bought = spans.get(PRICE)
    price = (
        None
        if bought is None
        else Span(*(THOUSAND / each for each in (bought.mean, bought.high, bought.low)))
    )
    came = {stage: float(each.came[at]) for stage, each in rates.items() if each.told[at]}
    return FunnelName(
        name,
        price,
        spans.get(CLICKED),
        spans.get(CONVERTED),
        came.get(PRICE),
        came.get(CLICKED),
        came.get(CONVERTED),
    )


def _rates(stage: Stage, size: int) -> _Rates:
    known = stage.code < size
    code, came, of = stage.code[known], stage.came[known], stage.of[known]
    total, whole = (np.bincount(code, each, size).astype(np.float64) for each in (came, of))
    told = whole > 0
    usual = (float(came.sum()) + 0.5) / max(float(of.sum()), 1e-300)
    effect, spread = _effects(code, came, of * usual, told)
    return _Rates(usual, Doubt(effect, np.sqrt(spread)), total, told)


def _effects(
    code: NDArray[np.int32], came: Array, due: Array, told: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Most likely effects and their variances, shape (names,) each.

    Args:
        code: Shape (n,), the name of each observation.
        came: Shape (n,), counts.
        due: Shape (n,), what they would be if names were alike.
        told: Shape (names,), of which names there are observations.
    """
    size, names = len(told), max(int(told.sum()), 1)
    total, expected, squares = (
        np.bincount(code, each, size).astype(np.float64) for each in (came, due, due**2)
    )
    bunched = squares / np.maximum(expected, 1e-300)
    effect, spread = np.zeros(size), np.zeros(size)
    variance, dispersion = VARIANCE, DISPERSION
    for _ in range(ROUNDS):
        for _ in range(STEPS):
            mean = expected * np.exp(effect)
            loose = 1.0 + dispersion * bunched * np.exp(effect)
            spread = 1.0 / (mean / loose + 1.0 / variance)
            step = ((total - mean) / loose - effect / variance) * spread
            effect = effect + np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        learnt = float((effect**2 + spread)[told].sum())
        variance = (learnt + FREEDOM * VARIANCE) / (names + FREEDOM)
        dispersion = _dispersion(came, due * np.exp(effect)[code], names)
    return effect, spread + (spread / variance) ** 2 / (_known(expected, dispersion * bunched) + USUAL)


def _known(expected: Array, bunching: Array) -> float:
    """How many independent counts all names together are worth: they say how sure the usual rate is."""
    return float((expected / (1.0 + bunching)).sum())


def _dispersion(came: Array, mean: Array, names: int) -> float:
    """By moments, drawn towards what is usual; as many degrees of freedom as there are names are used up."""
    mean = np.maximum(mean, 1e-12)
    weight = 0.5 * (mean / (1.0 + DISPERSION * mean)) ** 2
    spare = len(came) / max(len(came) - names, 0.25 * len(came), 1.0)
    excess = ((came - mean) ** 2 * spare - mean) / mean**2
    free = max(1.0 - names / max(len(came), 1), 0.0)
    prior = 1.0 / DOUBT**2
    return float(
        np.clip(
            (free * (weight * excess).sum() + prior * DISPERSION) / (free * weight.sum() + prior), 1e-4, 3.0
        )
    )
