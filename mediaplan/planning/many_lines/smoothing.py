"""Prices that are nearly right, for very many lines and few rows: the dual of straight pieces, smoothed, by Newton.

    gain_i(paid, value) = Σ_k length_ik · μ_i · log(1 + exp((slope_ik · value - paid) / μ_i))

With μ going to nothing `duals` then has the linear program's dual; with some μ it is smooth, and a Newton step costs one
pass over the pieces. Large questions begin with a sample of their lines.

Source:
    Nesterov, Smooth minimization of non-smooth functions (2005).
"""

from __future__ import annotations

from functools import partial

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.planning.many_lines.duals import Answer, Dual
from mediaplan.planning.many_lines.pieces import Straight
from mediaplan.planning.patience import ENDLESS, Wait

Array = NDArray[np.float64]

SAMPLE = 2000
"""Lines with which a large question begins."""
FEW = 500
"""Lines of which a look at the true curves costs no more than one at the pieces."""
SHARPER = (0.3, 0.1, 0.03)
"""μ as parts of the usual slope, one after the other, on the sample, or on all lines where they are few: what sharper
prices would save the engine they cost."""
SHARPEST = (0.02, 0.006)
"""The same on all lines, from prices that are about right."""
USUAL_POOL = 0.5
"""Usual slope of a pool: what is left of a unit that flows in."""
STEPS = 8
"""Newton steps for each μ at the most."""
DEAREST = 1e3
"""Times the steepest piece beyond which no price is sought."""
SETTLED = 1e-3
"""Part of the limits by which sums may still be off."""
FAR = np.float32(50.0)
"""In μ, beyond which a slope counts as that far from its price: processors are slow with numbers next to nothing."""


def rough_prices(straight: Straight, wait: Wait = ENDLESS) -> Array:
    """Shape (rows,): prices of about the right size; of few lines only that of the row over most of them."""
    question = _Smoothed(straight)
    y = question.first()
    return question.dual.by_row(y if len(straight.slope) <= FEW else question.settled(y, SHARPER, wait))


def smoothed_prices(straight: Straight, known: Array | None = None, wait: Wait = ENDLESS) -> Array:
    """Shape (rows,): prices near those of the linear program, negative for lower limits.

    Args:
        straight: Pieces and rows.
        known: Shape (rows,), prices of a question much like this one.
        wait: After which they are left as they are.
    """
    question = _Smoothed(straight)
    if known is not None:
        return question.dual.by_row(question.settled(question.dual.of_limits(known), SHARPEST, wait))
    if straight.sums.lines <= 2 * SAMPLE:
        return question.dual.by_row(question.settled(question.first(), SHARPER, wait))
    part = _Smoothed(sampled(straight, SAMPLE))
    return question.dual.by_row(question.settled(part.settled(part.first(), SHARPER, wait), SHARPEST, wait))


def sampled(straight: Straight, count: int) -> Straight:
    """The question on some of its lines, with limits and pools that are as much smaller."""
    lines = straight.sums.lines
    # The seed is part of the method: strides would fall in step with how lines are listed.
    chosen = np.sort(np.random.default_rng(0).permutation(lines)[:count])
    everything = np.concatenate([chosen, np.arange(lines, len(straight.slope))])
    length = straight.length[everything]
    length[count:] *= count / lines
    return Straight(straight.slope[everything], length, straight.sums.sampled(chosen))


class _Smoothed:
    """The smoothed dual of one question.

    Attributes:
        slope, length: Shape (lines, pieces), in single precision.
        usual: Shape (lines, 1), slope of a usual piece, of which μ is a part.
    """

    def __init__(self, straight: Straight) -> None:
        self.straight = straight
        self.slope, self.length = straight.slope.astype(np.float32), straight.length.astype(np.float32)
        lines = straight.sums.lines
        slope = np.abs(straight.slope)
        mean = (float(slope[:lines].mean()) if lines else 0.0) or 1.0
        self.dual = Dual(straight.sums, DEAREST * float(slope[:lines].max(initial=0.0)), mean)
        self.usual = np.full((len(slope), 1), mean)
        self.usual[lines:] = USUAL_POOL

    def first(self) -> Array:
        """Shape (limits,): nothing, but for the row over most lines the price at which the sums over it are kept."""
        straight, dual = self.straight, self.dual
        y = np.zeros(len(dual.limits))
        y[dual.pools] = 1.0
        if len(y) <= straight.sums.pools:
            return y
        spans = dual.spans.copy()
        spans[dual.pools] = 0
        widest = int(np.argmax(spans))
        part = sp.csr_array(dual.rows[[widest]])
        weights, lines = part.data, part.indices
        if dual.limits[widest] < 0 or (weights <= 0).any():
            return y
        stride = max(1, len(lines) // SAMPLE)
        slope = straight.slope[lines[::stride]] / weights[::stride, None]
        money = (straight.length[lines[::stride]] * weights[::stride, None]).ravel()
        order = np.argsort(-slope, axis=None)
        place = int(np.searchsorted(np.cumsum(money[order]), dual.limits[widest] / stride))
        y[widest] = max(float(slope.ravel()[order[place]]), 0.0) if place < len(order) else 0.0
        return y

    def settled(self, y: Array, parts: tuple[float, ...], wait: Wait) -> Array:
        """The y at the last μ, each stage begun where the one before ended."""
        limits, straight = self.dual.limits, self.straight
        size = np.abs(limits) + 1e-3 * np.abs(limits).max(initial=1e-300)
        size[self.dual.pools] = straight.length[straight.sums.lines :].sum(axis=1) + 1e-300
        for part in parts:
            answers = partial(self.answers, part * self.usual)
            y, _ = self.dual.settled(y, answers, SETTLED * size, STEPS, wait)
        return y

    def answers(self, sharp: Array, paid: Array, value: Array) -> Answer:
        """How lines answer, smoothed by μ of shape (lines, 1).

        Prices are only to be about right, and single precision takes a third of the time.
        """
        slope, length, blunt = self.slope, self.length, sharp.astype(np.float32)
        pools = self.straight.sums.pools > 0
        worth = slope * value[:, None].astype(np.float32) if pools else slope
        above = (worth - paid[:, None].astype(np.float32)) / blunt
        # With z = above, both log(1 + exp(z)) and its derivatives are told by exp(-|z|), which never overflows.
        rest = np.exp(-np.minimum(np.abs(above), FAR))
        near = 1.0 / (1.0 + rest)
        filled = np.where(above > 0, near, rest * near) * length
        np.maximum(above, 0.0, out=above)
        above -= np.log(near)
        gain = np.einsum("ij,ij->i", above, length) * sharp[:, 0]
        rest *= near
        rest *= near
        rest *= length
        none = np.zeros(0)
        return Answer(
            gain,
            filled.sum(axis=1, dtype=np.float64),
            np.einsum("ij,ij->i", filled, slope).astype(np.float64) if pools else none,
            rest.sum(axis=1) / sharp[:, 0],
            np.einsum("ij,ij->i", rest, slope) / sharp[:, 0] if pools else none,
            np.einsum("ij,ij,ij->i", rest, slope, slope) / sharp[:, 0] if pools else none,
        )
