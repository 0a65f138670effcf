"""Crossed random effects: one factor of the model is a tuple of dimensions, one level a combination of their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.pieces import pieces
from mediaplan.response.packing import Index, Keys, ranked
from mediaplan.response.rows.cases import Cases
from mediaplan.response.rows.factors import Factor, keys_of

Array = NDArray[np.float64]

LONGEST_STEP = 2.0
"""Most that an effect moves in one sweep: Newton's step on a count of nothing would be endless."""


@dataclass(frozen=True, eq=False)
class Effects:
    """What was learnt of one factor.

    Attributes:
        factor: Whose levels they are.
        keys: Shape (levels,), sorted.
        effect: Shape (levels + 1,), the last always 0: that of cases whose level is not known.
        spread: Shape (levels + 1,), posterior variance given all else.
        variance: Of effects.
    """

    factor: Factor
    keys: Keys
    effect: Array
    spread: Array
    variance: float


@dataclass(eq=False)
class Levels:
    """One factor while it is fitted. The last place of `code`'s range holds cases whose level is not known.

    Attributes:
        factor: Whose levels they are.
        keys: Shape (levels,), sorted.
        code: Shape (cases,), index into `keys`, or their number where the level is not known.
        effect, spread, variance: As of `Effects`.
    """

    factor: Factor
    keys: Keys
    code: Index
    effect: Array
    spread: Array
    variance: float

    @classmethod
    def start(cls, factor: Factor, cases: Cases, sizes: Mapping[str, int]) -> Levels:
        """All effects nothing."""
        code, keys = placed(keys_of(factor, cases, sizes))
        return cls._nothing(factor, keys, code)

    @classmethod
    def _nothing(cls, factor: Factor, keys: Keys, code: Index) -> Levels:
        zeros = np.zeros(len(keys) + 1)
        return cls(factor, keys, code, zeros, zeros.copy(), factor.variance)

    def beside(self, factor: Factor) -> Levels:
        """Another factor of the same levels, all its effects nothing."""
        return self._nothing(factor, self.keys, self.code)

    @cached_property
    def one(self) -> Index:
        """Shape (levels,), a case of each."""
        one = np.zeros(len(self.effect), dtype=np.intp)
        one[self.code] = np.arange(len(self.code))
        return one[:-1]

    @cached_property
    def again(self) -> Index:
        """Cases whose level other cases have too."""
        several = np.bincount(self.code, minlength=len(self.effect)) > 1
        several[-1] = False
        return np.flatnonzero(several[self.code])

    def learnt(self) -> Effects:
        """What was learnt, without the cases that taught it."""
        return Effects(self.factor, self.keys, self.effect, self.spread, self.variance)

    def move(self, score: Array, weight: Array, told: Array | None = None) -> Array:
        """One Newton step of all levels; the move of each level, shape (levels + 1,).

        Args:
            score: Shape (cases,), slope of the log likelihood in the effect.
            weight: Shape (cases,), its Fisher information.
            told: Shape (cases,), the part of it that the counts are known for; `None` = all.
        """
        step, curvature = self._sum(score), self._sum(weight)
        step -= self.effect / self.variance
        curvature += 1.0 / self.variance
        step /= curvature
        np.clip(step, -LONGEST_STEP, LONGEST_STEP, out=step)
        step[-1] = 0.0
        self.effect += step
        if told is not None:
            curvature = self._sum(weight * told)
            curvature += 1.0 / self.variance
        np.divide(1.0, curvature, out=self.spread)
        return step

    def _sum(self, values: Array) -> Array:
        """Shape (levels + 1,), sums over the cases of each level."""
        return np.bincount(self.code, values, len(self.effect)).astype(np.float64, copy=False)

    def at(self, chosen: Index) -> Array:
        """The effects of the chosen cases, shape (chosen,)."""
        return self.effect[self.code[chosen]]

    def alike(self, one: Index, other: Index) -> NDArray[np.bool_]:
        """Whether two cases share an effect, shape (pairs,), for the cases `one` and `other` of each pair."""
        code = self.code[one]
        same: NDArray[np.bool_] = (code == self.code[other]) & (code < len(self.keys))
        return same

    def shrink(self) -> None:
        """Variance of effects by EM, half-shrunk to its prior: plain EM over-shrinks interactions."""
        n = len(self.keys)
        told = float((self.effect[:-1] ** 2 + self.spread[:-1]).sum())
        self.variance = (told + (n + 8.0) * self.factor.variance) / (2.0 * n + 8.0)


@dataclass(frozen=True, eq=False)
class Nest:
    """Levels of one factor within those of another: every post × channel within its channel.

    What all children of a parent have in common belongs to the parent: the data can't tell the two apart, the priors
    can. Handing it up at once saves the many sweeps in which it would trickle up.

    Attributes:
        child, parent: The two factors.
        of: Shape (levels of the child,), index of each one's parent.
    """

    child: Levels
    parent: Levels
    of: Index

    @cached_property
    def children(self) -> Index:
        """Shape (levels of the parent + 1,), how many children each has."""
        return np.bincount(self.of, minlength=len(self.parent.effect))

    def hand_up(self) -> None:
        """Move to each parent what its children share; no fitted value changes."""
        tight, loose = 1.0 / self.child.variance, 1.0 / self.parent.variance
        effects = self.child.effect[:-1]
        sums = np.bincount(self.of, effects, len(self.parent.effect))
        shared = (sums * tight - self.parent.effect * loose) / (self.children * tight + loose)
        shared[-1] = 0.0
        for piece in pieces(len(effects)):
            effects[piece] -= shared[self.of[piece]]
        self.parent.effect += shared


def nests(levels: Sequence[Levels]) -> list[Nest]:
    """All pairs of factors of which one is within the other, children before their parents' parents."""
    found = []
    for child in reversed(levels):
        within = {*child.factor.of} | ({"format", "topic"} if "post" in child.factor.of else set())
        alone = np.flatnonzero(child.code == len(child.keys))
        for parent in reversed(levels):
            if parent is child or not {*parent.factor.of} < within:
                continue
            # a case whose child is not known would be moved along with its parent
            if (parent.code[alone] == len(parent.keys)).all():
                found.append(Nest(child, parent, parent.code[child.one]))
    return found


def placed(key: Keys) -> tuple[Index, Keys]:
    """The place of each key among all different ones that are known, and these, sorted.

    Args:
        key: Shape (cases,); -1 = not known, whose place is behind the last.
    """
    place, different = ranked(key + 1)
    different -= 1
    if not len(different) or different[0] >= 0:
        return place, different
    place -= 1
    place[place < 0] = len(different) - 1
    return place, different[1:]
