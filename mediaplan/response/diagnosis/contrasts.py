"""One thing against another by the same posterior draws: what differs, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.saturation import NODES

Array = NDArray[np.float64]

LEVEL = 0.8
"""Of all intervals of a diagnosis."""

DEVIATION = 1.2815515655446004
"""Standard deviations of a normal on either side of its middle that hold 80 %."""

BLOCK = len(NODES)
"""Draws that are taken together. Each draw holds one hyperbola of the mixture, which is the curve's form and no doubt;
so many draws in a row hold them all."""

NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class Span:
    """A number with its 80 % interval."""

    mean: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """The three by their names."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


@dataclass(frozen=True, eq=False)
class Doubt:
    """Normal numbers by mean and standard deviation, each of the same shape."""

    mean: Array
    deviation: Array

    def above(self, limit: float = 0.0) -> Array:
        """The probability that each lies above the limit; what is not in doubt and equal counts half."""
        off, sure = self.mean - limit, self.deviation <= NEGLIGIBLE
        certain: Array = np.where(np.abs(off) <= NEGLIGIBLE, 0.5, (off > 0).astype(np.float64))
        if (
            sure.all()
        ):  # of a rate card everything is, and scipy.special takes longer to load than its plan to make
            return certain
        from scipy.special import ndtr

        return np.where(sure, certain, ndtr(off / np.where(sure, 1.0, self.deviation)))

    def factor(self, place: int) -> Span:
        """One of them, a logarithm, as a factor."""
        middle, off = float(self.mean[place]), DEVIATION * float(self.deviation[place])
        return Span(*(float(np.exp(middle + side)) for side in (0.0, -off, off)))


def log_means(results: Array) -> tuple[Array, Array]:
    """Logarithms of results, over all draws and by blocks of draws.

    Args:
        results: Shape (…, draws), > 0.

    Returns:
        Shape (…,) and (…, blocks).
    """
    draws = results.shape[-1]
    size = BLOCK if draws >= 2 * BLOCK else 1
    blocks = results[..., : draws // size * size].reshape(*results.shape[:-1], -1, size).mean(axis=-1)
    tiny = np.finfo(np.float64).tiny
    return np.log(np.maximum(results.mean(axis=-1), tiny)), np.log(np.maximum(blocks, tiny))


def doubt(mean: Array, blocks: Array, draws: int) -> Doubt:
    """A quantity that is known by its value over all draws and by its value in each block.

    A block's mean strays less than a draw does, by the square root of its size.

    Args:
        mean: Shape (…,).
        blocks: Shape (…, blocks).
        draws: Their number.
    """
    size = BLOCK if draws >= 2 * BLOCK else 1
    spread = blocks.std(axis=-1) * np.sqrt(size) if blocks.shape[-1] > 1 else np.zeros(mean.shape)
    return Doubt(mean, spread)


def ratio(one: Array, other: Array) -> Doubt:
    """The logarithm of one result over another, draw by draw.

    Args:
        one: Shape (…, draws), expected results, > 0.
        other: Another; the two may be broadcast.
    """
    (mean, blocks), (against, against_blocks) = log_means(one), log_means(other)
    return doubt(mean - against, blocks - against_blocks, one.shape[-1])


def loss(chance: Doubt) -> Array:
    """What knowing better would bring: the mean of the part above 0, beyond what the mean alone would bring.

    Source:
        The unit normal linear loss integral: Raiffa and Schlaifer, "Applied Statistical Decision Theory", 1961.
    """
    from scipy.special import ndtr

    deviation = np.maximum(chance.deviation, NEGLIGIBLE)
    z = np.abs(chance.mean) / deviation
    density = np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * np.pi)
    expected: Array = deviation * (density - z * ndtr(-z))
    return np.maximum(expected, 0.0)
