"""People whom several lines reach: what wears them out together, as concave layers over the lines' own curves.

A layer parts lines into pools. Of the `z` results that its lines would bring before this layer, a pool gives

    z / (1 + z / size)

Layers lie within each other (the lines of a channel and audience, all lines), the narrowest first; each takes what the
one before it gives. What is worn is judged at the mean of the curves, so that a plan's mean is exactly what a linear
program with these layers maximises; how sure a size is, draws tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Pools:
    """One layer.

    Attributes:
        member: Shape (lines,), index of the line's pool; -1 = the line shares its people with no other.
        size: Shape (pools,), > 0: what a pool would give to endless money.
        weight: Shape (kinds, lines), what one result counts, in the unit of `size`.
        doubt: Standard deviation of the logarithm of all sizes together.
    """

    member: Index
    size: Array
    weight: Array
    doubt: float = 0.0

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Pools:
        """Only the chosen lines, by mask or by index; sizes stay."""
        return Pools(self.member[chosen], self.size, self.weight[:, chosen], self.doubt)

    def of_kinds(self, places: Sequence[int]) -> Pools:
        """Only these kinds of result."""
        return Pools(self.member, self.size, self.weight[list(places)], self.doubt)

    def measured_in(self, weight: Array, usual: Array) -> Pools:
        """The same pools with results counted otherwise: worn alike by results in their usual proportions.

        Args:
            weight: Shape (kinds, lines), what one result counts from now on.
            usual: Shape (kinds, lines), results in their usual proportions.
        """
        new, old = self.sums((weight * usual).sum(axis=0)), self.sums((self.weight * usual).sum(axis=0))
        told = (new > 0) & (old > 0)
        return Pools(
            self.member, np.where(told, self.size * new / np.where(told, old, 1.0), 1.0), weight, self.doubt
        )

    def sums(self, each: Array) -> Array:
        """Shape (pools,): totals of `each`, shape (lines,), by pool."""
        shared = self.member >= 0
        total: Array = np.bincount(self.member[shared], each[shared], len(self.size)).astype(np.float64)
        return total

    def of_lines(self, values: Array, otherwise: float) -> Array:
        """Shape (lines,): each line's entry of `values`, shape (pools,)."""
        return np.append(values, otherwise)[self.member]


def kept(layers: Sequence[Pools], worth: Array) -> Array:
    """Part of each line's own results that is left after all layers.

    Args:
        layers: The narrowest first.
        worth: Shape (lines,), what each line would bring on its own, in the unit of the sizes.

    Returns:
        Shape (lines,), 0 to 1.
    """
    left = np.ones(len(worth))
    for layer in layers:
        load = layer.sums(worth * left) / layer.size
        left = left * layer.of_lines(1.0 / (1.0 + load), 1.0)
    return left


def next_kept(layers: Sequence[Pools], worth: Array) -> Array:
    """Part of a line's next result that all lines together gain: what others lose by it is taken off.

    The arguments are those of `kept`.
    """
    left, tangent = np.ones(len(worth)), np.ones(len(worth))
    for layer in layers:
        part = layer.of_lines(1.0 / (1.0 + layer.sums(worth * left) / layer.size), 1.0)
        left, tangent = left * part, tangent * part**2
    return tangent


def next_taken(layers: Sequence[Pools], worth: Array, counted: Array) -> Array:
    """What a line's next worth takes from what is counted of all lines, as it wears their people.

    Of the sum of each line's counted results times what is left of them, the slope in `worth`.

    Args:
        layers: As in `kept`.
        worth: As in `kept`.
        counted: Shape (lines,), what each line would bring on its own of what is counted, in any unit.

    Returns:
        Shape (lines,), at most 0.
    """
    left, parts = [np.ones(len(worth))], []
    for layer in layers:
        parts.append(1.0 / (1.0 + layer.sums(worth * left[-1]) / layer.size))
        left.append(left[-1] * layer.of_lines(parts[-1], 1.0))
    taken, pull = np.zeros(len(worth)), np.asarray(counted, dtype=np.float64)
    for layer, part, before in zip(reversed(layers), reversed(parts), reversed(left[:-1]), strict=True):
        by_load = layer.of_lines(-layer.sums(pull * before) * part**2 / layer.size, 0.0)
        taken += by_load * before
        pull = pull * layer.of_lines(part, 1.0) + by_load * worth
    return taken


def draws_kept(layers: Sequence[Pools], worth: Array, draws: int, random: np.random.Generator) -> Array:
    """Part that is left if the sizes are other than thought, by draw; in the mean what `kept` says.

    Returns:
        Shape (lines, draws).
    """
    middle = kept(layers, worth)
    if not any(layer.doubt for layer in layers):
        return np.repeat(middle[:, None], draws, axis=1)
    chance = random.normal(size=(len(layers), draws))
    factors = np.exp(np.array([layer.doubt for layer in layers])[:, None] * chance)
    drawn = np.ones((len(worth), draws))
    for layer, larger in zip(layers, factors, strict=True):
        shared = np.flatnonzero(layer.member >= 0)
        pools, place = np.unique(layer.member[shared], return_inverse=True)
        into = sp.csr_array((np.ones(len(shared)), (place, shared)), shape=(len(pools), len(worth)))
        load = into @ (worth[:, None] * drawn) / (layer.size[pools][:, None] * larger)
        drawn[shared] /= (1.0 + load)[place]
    share: Array = drawn / drawn.mean(axis=1, keepdims=True) * middle[:, None]
    return share
