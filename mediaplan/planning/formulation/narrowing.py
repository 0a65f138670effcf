"""What is left to choose: lines and amounts that the prices of a relaxed plan can't rule out (reduced-cost fixing).

At those prices every line has a worth beyond what it pays. A plan that funds a line which is worth less than it pays, or
passes over one that is worth more, or gives a line too little or too much, is worth less than the bound by that much. Where
only plans are looked for that come near enough to the bound, what loses more is left out, and the program is smaller.

Source:
    Reduced-cost fixing, as in E. Balas and C. H. Martin, "Pivot and complement", Management Science 26(1), 1980, by
    Lagrangian instead of linear prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.bounding import best_at
from mediaplan.planning.formulation.cuts import Cuts
from mediaplan.planning.formulation.relaxing import Relaxed
from mediaplan.planning.formulation.worth_of_lines import Mixture, Worth, corners_of

Array = NDArray[np.float64]
Index = NDArray[np.intp]

HALVINGS = 40
"""Of a line's range in the search for how little and how much it may receive."""
PIECES = 14
"""Pieces of a narrowed line's curve."""
STEPS = 30
"""Steps of a narrowed line up to which its curve is cut at each, so that it is exact where the line can be."""
ROUGHLY = 3
"""Knots between the ends of a line where few pieces do."""
FAR = 0.4
"""Part of what plans may be short by; lines that make a plan lose more are cut into few pieces for a proof."""


@dataclass(frozen=True, eq=False)
class Narrowed:
    """A smaller question that holds every plan which is worth more than its ceiling.

    Attributes:
        lines: Index of the lines that may be funded.
        limits: Of all lines.
        cuts: Where curves and pools are cut.
        ceiling: No plan that is left out is worth more.
        relaxed: The best amounts when lines need not be chosen whole.
        short: Worth by which plans may be short of it; infinite = nothing is left out.
    """

    lines: Index
    limits: Limits
    cuts: Cuts
    ceiling: float
    relaxed: Relaxed
    short: float

    @cached_property
    def proving(self) -> Cuts:
        """The cuts, in few pieces where a line is hardly worth its money: enough to prove a bound by tangents."""
        if not np.isfinite(self.short):
            return self.cuts
        far = ~self.limits.needed & (self.relaxed.proof.profit < -FAR * self.short)
        few = _few_knots(self.relaxed, self.limits)
        more = np.repeat(few[:, -1:], self.cuts.lines.shape[1] - few.shape[1], axis=1)
        lines = np.where(far[:, None], np.concatenate([few, more], axis=1), self.cuts.lines)
        return replace(self.cuts, lines=lines)

    @property
    def roughly(self) -> Cuts:
        """The cuts, in few pieces everywhere."""
        return replace(self.cuts, lines=_few_knots(self.relaxed, self.limits, ROUGHLY))


def narrowed(relaxed: Relaxed, limits: Limits, objective: Objective, short: float) -> Narrowed:
    """Leave out what makes a plan worth less than the bound of the relaxed one by more than that.

    Args:
        relaxed: The best amounts when lines need not be chosen whole, with what their prices prove.
        limits: Of the lines.
        objective: What is maximised.
        short: Worth, at least 0; infinite = leave out nothing, as where nothing would be left.
    """
    proof = relaxed.proof
    left = np.flatnonzero(limits.needed | (proof.profit >= -short))
    if not np.isfinite(short) or not len(left):
        every = np.arange(len(limits.least))
        return Narrowed(every, limits, relaxed.cuts, -np.inf, relaxed, np.inf)
    few = limits.take(left)
    needed = few.needed | ((proof.profit[left] > short) & (few.most > 0))
    least, most = _ranges(relaxed, left, few, needed, objective, short)
    low, high, sure = limits.least.copy(), limits.most.copy(), limits.needed.copy()
    low[left], high[left] = least, most
    sure[left] = needed & (least > 0)
    limits = replace(limits, least=low, most=high, needed=sure)
    cuts = replace(relaxed.cuts, lines=knots_within(relaxed, limits, objective))
    return Narrowed(left, limits, cuts, proof.value - short, relaxed, short)


def within_rows(limits: Limits, terms: Sequence[Linear]) -> Limits:
    """The limits of lines, none of which receives more than a limit on money leaves it by itself.

    A relaxed program would otherwise fund a part of a line with more than all of that.
    """
    most = limits.most.astype(float)
    for term in terms:
        line, weight = term.weights.entries()
        if (
            term.results is None
            and np.isfinite(term.at_most)
            and not np.isfinite(term.soft)
            and (weight > 0).all()
        ):
            np.minimum.at(most, line, term.at_most / weight)
    whole = np.floor(most / limits.step).astype(np.int64) * limits.step
    never = ~limits.needed & (whole < limits.least)
    least = np.where(never, 0, limits.least)
    return replace(limits, least=least, most=np.where(never, 0, np.maximum(whole, least)))


def _few_knots(relaxed: Relaxed, limits: Limits, between: int = 1) -> Array:
    """Shape (lines, knots): each line's ends, some between them, and where it is worth most beyond what it pays.

    By tangents at these a line is worth no more beyond that than by its curve.
    """
    low, high = limits.least.astype(float), np.maximum(limits.most, limits.least).astype(float)
    best, _ = best_at(relaxed.proof.priced, relaxed.proof.paid, low, high)
    start = np.maximum(low, 1.0)
    parts = np.linspace(0.0, 1.0, between + 2)[None, 1:-1]
    inner = start[:, None] * (np.maximum(high, start) / start)[:, None] ** parts
    inner = inner.clip(low[:, None], high[:, None])
    return np.sort(np.column_stack([low, best, inner, high]), axis=1)


def _ranges(
    relaxed: Relaxed,
    lines: Index,
    limits: Limits,
    needed: NDArray[np.bool_],
    objective: Objective,
    short: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How little and how much each line may receive, if anything, in whole steps."""
    low, high = limits.least.astype(float), limits.most.astype(float)
    middle = np.clip(relaxed.proof.best[lines], low, high)
    ends = []
    for end in (low, high):
        inside, outside = middle.copy(), end.copy()
        far = relaxed.proof.lost(lines, outside, limits.needed) > short
        for _ in range(HALVINGS):
            between = 0.5 * (inside + outside)
            over = relaxed.proof.lost(lines, between, limits.needed) > short
            inside, outside = np.where(over, inside, between), np.where(over, between, outside)
        ends.append(np.where(far, outside, end))
    least = np.floor(ends[0] / limits.step).astype(np.int64) * limits.step
    most = np.ceil(ends[1] / limits.step).astype(np.int64) * limits.step
    least = np.clip(least, limits.least, limits.most)
    most = np.clip(most, least, limits.most)
    # Tiers of a rate card may grow better, and a line without a least may receive nothing: their range stays.
    stays = np.isin(lines, [] if objective.given is None else objective.given.line)
    if not _concave(relaxed.proof.priced):
        stays[:] = True
    least = np.where(stays | ((limits.least == 0) & ~needed), limits.least, least)
    return least, np.where(stays, limits.most, most)


def _concave(priced: Worth) -> bool:
    """Whether what the lines are worth less what rows over results ask for is sure to have one top."""
    parts = [part for _, part in priced.parts] if isinstance(priced, Mixture) else [priced]
    return all(isinstance(part, Objective) and bool((part.weights >= 0).all()) for part in parts)


def knots_within(relaxed: Relaxed, limits: Limits, objective: Objective) -> Array:
    """Shape (lines, knots): each line's steps where they are few, else closer where the curve bends, in whole steps."""
    low, high = limits.least.astype(float)[:, None], limits.most.astype(float)[:, None]
    step = limits.step.astype(float)[:, None]
    part = np.linspace(0.0, 1.0, PIECES + 1)[None, :]
    bend = np.maximum(objective.bend, 1.0)[:, None]
    bent = (low + bend) * ((high + bend) / (low + bend)) ** part - bend
    near = np.stack([relaxed.amounts, relaxed.proof.best], axis=1)
    knots = np.concatenate([low, np.round(bent / step) * step, np.round(near / step) * step, high], axis=1)
    stepped = (step > 1) & ((high - low) <= STEPS * step)
    if stepped.any():
        each = np.where(stepped, low + step * np.arange(STEPS + 1)[None, :], high)
        knots = np.concatenate([np.where(stepped, high, knots), each], axis=1)
    _, corners = corners_of(objective, limits)
    if corners.shape[1] > 1 and objective.given is not None:
        more = np.repeat(high, corners.shape[1], axis=1)
        more[objective.given.line] = corners
        knots = np.concatenate([knots, more], axis=1)
    return np.sort(np.clip(knots, low, np.maximum(high, low)), axis=1)
