"""Lines of a rate card that grow better before they grow worse (S-shaped curves): where on them the best plan can lie.

As long as nothing is chosen whole, such a line is as good as its concave envelope, which has straight lines over the
dents. At the prices p of that relaxation, with f_i what money is worth on line i, a plan with x_i in a tier T is worth

    at most    bound - (max over all x of (f_i(x) - p_i·x) - max over x in T of (f_i(x) - p_i·x))

so that tiers which lose more than what separates the bound from a plan at hand are left out. Few lines are then left
whose tiers branch and bound must hold in order.

Source:
    Udell and Boyd, "Maximizing a sum of sigmoids" (2013), for the envelopes; leaving out by reduced costs as in
    Dantzig, Fulkerson and Johnson, "Solution of a large-scale traveling-salesman problem" (1954).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.shared_rows import Shared
from mediaplan.response.ladders import Ladders

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


def dented(objective: Objective, terms: Sequence[Linear], limits: Limits) -> Index:
    """Places in the rate card of lines whose tiers must be held in order, and count by nothing but their worth.

    Lines in whole units, with money due once or a least, and those whose results or units a rule limits are not among
    them.
    """
    given = objective.given
    if given is None or objective.views:
        return np.zeros(0, dtype=np.intp)
    line = given.line
    plain = given.ordered & ~given.whole & (given.fixed <= 0) & ~objective.curved(line)
    plain &= (limits.least[line] == 0) & (limits.step[line] <= 1) & ~limits.broken[line]
    for term in terms:
        if term.results is not None:
            plain &= ~(term.results[:, line] != 0).any(axis=0)
        if isinstance(term, Shared):
            plain &= ~(term.flow[:, line] != 0).any(axis=0)
    return np.flatnonzero(plain)


def under_envelopes(objective: Objective, limits: Limits, places: Index) -> Objective:
    """The objective with the concave envelopes, within their limits, of the lines at these places of its rate card."""
    card = _at(objective, places)
    corners, worth = _corners(objective, limits, card)
    kept = _envelope(corners, worth)
    count = np.arange(kept.shape[1])
    start = np.maximum.accumulate(np.where(kept, count, 0), axis=1)[:, :-1]
    end = np.minimum.accumulate(np.where(kept, count, len(count) - 1)[:, ::-1], axis=1)[:, ::-1][:, 1:]
    return _with_slopes(objective, places, _chord(corners, worth, start, end))


def in_tiers_left(
    objective: Objective, limits: Limits, places: Index, paid: Array, loss: float
) -> tuple[Objective, Limits]:
    """The question without the tiers in which a plan loses more than `loss`; between those that are left it leaps.

    Args:
        objective: What money is worth.
        limits: Of the lines.
        places: Of the lines to look at, in the rate card: `dented`.
        paid: Shape (lines,), what the prices of the relaxation make a minor unit pay.
        loss: Of the objective's worth.

    Returns:
        What money is worth in the tiers that are left, and the limits of the lines around them.
    """
    card = _at(objective, places)
    corners, worth = _corners(objective, limits, card)
    gain = worth + (objective.price - paid[card.line])[:, None] * corners
    best = np.maximum(gain[:, 1:], gain[:, :-1])
    left = (best >= gain.max(axis=1, keepdims=True) - loss) & (np.diff(corners, axis=1) > 0)
    tier, count = np.arange(left.shape[1]), left.shape[1]
    first = left.argmax(axis=1)
    last = np.where(left.any(axis=1), count - 1 - left[:, ::-1].argmax(axis=1), 0)
    leapt = ~left & (tier < last[:, None])
    # A leap goes from the end of the last tier that is left before it to the start of the next one.
    start = np.maximum.accumulate(np.where(left, tier + 1, 0), axis=1)
    end = np.minimum.accumulate(np.where(left, tier, count)[:, ::-1], axis=1)[:, ::-1]
    chord = _chord(corners, worth, np.where(leapt, start, tier), np.where(leapt, end, tier + 1))
    slope = np.where(tier > last[:, None], 0.0, chord)
    row = np.arange(len(places))
    least, most, needed = limits.least.copy(), limits.most.copy(), limits.needed.copy()
    least[card.line] = np.floor(corners[row, first]).astype(np.int64)
    most[card.line] = np.minimum(most[card.line], np.ceil(corners[row, last + 1]).astype(np.int64))
    needed[card.line] |= least[card.line] > 0
    return _with_slopes(objective, places, slope, leapt), replace(
        limits, least=least, most=most, needed=needed
    )


def _at(objective: Objective, places: Index) -> Ladders:
    """The ladders at these places, still by the objective's lines."""
    given = objective.given
    assert given is not None
    line = given.line[places]
    return replace(given.take(line), line=line)


def _corners(objective: Objective, limits: Limits, card: Ladders) -> tuple[Array, Array]:
    """Shape (given, tiers + 1): where tiers end within the lines' limits, minor units, and what results are worth there."""
    # A tier without an end goes as far as the line's limit, and the tiers of no length behind it stand there.
    endless = np.logical_or.accumulate(~np.isfinite(card.length), axis=1)
    ends = np.where(np.pad(endless, ((0, 0), (1, 0))), np.inf, card.corners)
    corners = np.minimum(ends / objective.major, limits.most[card.line, None].astype(float))
    slope = card.unit_worth(objective.weights) / card.cost
    return corners, np.einsum("gt,gct->gc", slope, card.inside(corners * objective.major))


def _envelope(corners: Array, worth: Array) -> Mask:
    """Shape (given, corners): which corners lie on the concave envelope, the first and the last ones among them."""
    row, place = np.arange(len(corners)), np.arange(corners.shape[1])
    kept = np.zeros(corners.shape, dtype=bool)
    kept[:, [0, -1]] = True
    at = np.zeros(len(corners), dtype=np.intp)
    for _ in place:
        far, more = corners - corners[row, at][:, None], worth - worth[row, at][:, None]
        slope = np.where((far > 0) & (place > at[:, None]), more / np.where(far > 0, far, 1.0), -np.inf)
        steepest = slope.max(axis=1)
        # Of those in one line the farthest: its tiers then have one slope, and need no order.
        beyond = len(place) - 1 - (slope >= steepest[:, None])[:, ::-1].argmax(axis=1)
        at = np.where(steepest > -np.inf, beyond, at)
        kept[row, at] = True
    return kept


def _chord(corners: Array, worth: Array, start: Index, end: Index) -> Array:
    """Shape (given, tiers): worth per minor unit from the one corner to the other, 0 where they are the same."""
    row = np.arange(len(corners))[:, None]
    far = corners[row, end] - corners[row, start]
    chord: Array = np.where(far > 0, worth[row, end] - worth[row, start], 0.0) / np.where(far > 0, far, 1.0)
    return chord


def _with_slopes(objective: Objective, places: Index, slope: Array, leapt: Mask | None = None) -> Objective:
    """The objective with other worth per minor unit and leaps, shape (places, tiers) both.

    The worth is put into the kind of result that counts most.
    """
    given = objective.given
    assert given is not None
    weights = objective.weights[:, given.line[places]]
    kind = np.abs(weights).argmax(axis=0)
    weight = weights[kind, np.arange(len(places))]
    slopes = given.slope.copy()
    slopes[:, places] = 0.0
    each = slope / (objective.major * np.where(weight == 0, 1.0, weight))[:, None]
    slopes[kind, places] = np.where(weight[:, None] == 0, 0.0, each)
    leaps = None
    if leapt is not None:
        leaps = np.zeros(given.length.shape, dtype=bool)
        leaps[places] = leapt
    changed = replace(given, slope=slopes, leapt=leaps)
    return replace(objective, curves=replace(objective.curves, given=changed))
