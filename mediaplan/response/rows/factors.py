"""Factors of the model: which tuples of dimensions have effects of their own, and the keys of their combinations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.rows.cases import Cases

Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Factor:
    """A term of the model.

    Attributes:
        of: Dimensions whose combinations are its levels.
        variance: Prior variance of an effect (scale of a scaled inverse chi-square).
    """

    of: tuple[str, ...]
    variance: float


FACTORS = (
    Factor(("channel",), 0.10),
    Factor(("audience",), 0.10),
    Factor(("slot",), 0.04),
    Factor(("channel", "audience"), 0.06),
    Factor(("channel", "slot"), 0.04),
    Factor(("audience", "slot"), 0.01),
    Factor(("format",), 0.04),
    Factor(("topic",), 0.04),
    Factor(("format", "channel"), 0.04),
    Factor(("topic", "audience"), 0.04),
    Factor(("post",), 0.15),
    Factor(("post", "channel"), 0.03),
    Factor(("post", "audience"), 0.03),
    Factor(("post", "channel", "audience", "slot"), 0.03),
)
"""Effects on the rate."""

SCALE_FACTORS = (
    Factor(("channel", "audience"), 0.35**2),
    Factor(("slot",), 0.2**2),
    Factor(("post", "channel", "audience", "slot"), 0.32**2),
)
"""Effects on the logarithm of the saturation scale; their variances are not estimated."""


def usual_variance(factor: Factor) -> float:
    """Variance of such effects before anything is learnt."""
    usual = {each.of: each.variance for each in FACTORS}
    return usual.get(factor.of, FACTORS[-1].variance)


def present(factors: tuple[Factor, ...], dimensions: set[str]) -> tuple[Factor, ...]:
    """The factors over dimensions that the history is broken down by; the line's over those that there are."""
    found: dict[tuple[str, ...], Factor] = {}
    for factor in factors:
        of = tuple(d for d in factor.of if d in dimensions)
        if of == factor.of or (len(factor.of) == 4 and of):
            found.setdefault(of, Factor(of, factor.variance))
    return tuple(found.values())


def keys_of(factor: Factor, cases: Cases, sizes: Mapping[str, int]) -> Keys:
    """One number for each case's level; -1 where a dimension is not known."""
    key = np.zeros(len(cases), dtype=np.int64)
    missing = np.zeros(len(cases), dtype=bool)
    for dimension in factor.of:
        code = cases.codes[dimension]
        key = key * sizes[dimension] + code
        missing |= code < 0
    return np.where(missing, -1, key)
