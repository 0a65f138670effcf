"""Prices that are nearly right, for very many lines and few rows: the dual of straight pieces, smoothed, by Newton.

    minimise over y ≥ 0     limits · y + Σ_ik length_ik · μ_i · log(1 + exp((slope_ik · value_i(y) - paid_i(y)) / μ_i))

`paid` is what a line's money pays at the prices; `value` is 1, or the price of the row that its worth flows into (see
`pieces`). With μ going to nothing that is the linear program's dual; with some μ it is smooth, and a Newton step costs
one pass over the pieces. Large questions begin with a sample of their lines.

Source:
    Nesterov, Smooth minimization of non-smooth functions (2005); Bertsekas' projected Newton method (1982).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

from mediaplan.planning.pieces import Straight

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SAMPLE = 2000
"""Lines with which a large question begins."""
SHARPER = (0.3, 0.1)
"""μ as parts of the usual slope, on the sample, one after the other."""
SHARPEST = (0.1, 0.03, 0.01, 0.004)
"""The same on all lines."""
AGAIN = 1
"""Of these, the first where prices are known from a question much like it."""
USUAL_POOL = 0.5
"""Usual slope of a pool: what is left of a unit that flows in."""
DAMPINGS = 6
"""Times that a step is damped more, each time tenfold, at the most."""
FIRST_DAMPING, LEAST_DAMPING = 1e-3, 1e-6
"""Parts of the diagonal added to it: limits that add up to each other leave the Newton step without an end."""
STEPS = 8
"""Newton steps for each μ at the most."""
DEAREST = 1e3
"""Times the steepest piece beyond which no price is sought."""
SETTLED = 1e-3
"""Part of the limits by which sums may still be off."""


def smoothed_prices(straight: Straight, known: Array | None = None) -> Array:
    """Shape (rows,): prices near those of the linear program, negative for lower limits.

    Args:
        straight: Pieces and rows.
        known: Shape (rows,), prices of a question much like this one.
    """
    dual = _Dual(straight)
    if known is not None:
        return dual.by_row(dual.settled(dual.of_limits(known), SHARPEST[AGAIN:]))
    if straight.lines <= 2 * SAMPLE:
        return dual.by_row(dual.settled(dual.first(), (*SHARPER, *SHARPEST)))
    part = _Dual(sampled(straight, SAMPLE))
    return dual.by_row(dual.settled(part.settled(part.first(), SHARPER), SHARPEST))


def sampled(straight: Straight, count: int) -> Straight:
    """The question on some of its lines, with limits and pools that are as much smaller."""
    lines, share = straight.lines, count / straight.lines
    # The seed is part of the method: strides would fall in step with how lines are listed.
    chosen = np.sort(np.random.default_rng(0).permutation(lines)[:count])
    chosen = np.concatenate([chosen, np.arange(lines, lines + straight.pools)])
    length = straight.length[chosen]
    length[count:] *= share
    return Straight(
        straight.slope[chosen],
        length,
        sp.csr_array(straight.rows[:, chosen]),
        straight.low * share,
        straight.high * share,
        None if straight.into is None else straight.into[chosen],
        straight.pools,
        straight.common,
    )


class _Looked(NamedTuple):
    """The smoothed dual at some prices.

    Attributes:
        worth: Its value.
        gradient: Shape (limits,).
        bends: How fast each line's money gives way to its price, weighted by its slopes to the power 0, 1 and 2; the
            last two only where there are pools.
    """

    worth: float
    gradient: Array
    bends: tuple[Array, ...]


class _Dual:
    """The dual of one question, in prices y ≥ 0 of its limits: first the upper ones, then the lower ones, turned.

    Attributes:
        rows, flow: Shape (limits, lines): what a unit of money adds to a sum, and what a unit of worth takes off it.
        common: Shape (limits,), what a unit of money of any line adds on top.
        limits: Shape (limits,).
        most: Shape (limits,), prices beyond which none is sought: where nothing keeps the rows the dual has no end.
        usual: Shape (lines, 1), slope of a usual piece, of which μ is a part.
    """

    def __init__(self, straight: Straight) -> None:
        self.straight = straight
        self.over = np.flatnonzero(np.isfinite(straight.high))
        self.under = np.flatnonzero(np.isfinite(straight.low))
        self.rows = sp.csr_array(sp.vstack([straight.rows[self.over], -straight.rows[self.under]]))
        self.limits = np.concatenate([straight.high[self.over], -straight.low[self.under]])
        self.by_line = sp.csr_array(self.rows.T)
        every = np.zeros(len(straight.low)) if straight.common is None else straight.common
        self.common = np.concatenate([every[self.over], -every[self.under]])
        lines, slope = straight.lines, np.abs(straight.slope)
        self.usual = np.full((len(slope), 1), float(slope[:lines].mean()) if lines else 1.0)
        self.usual[self.usual == 0.0] = 1.0
        self.usual[lines:] = USUAL_POOL
        self.most = np.full(len(self.limits), DEAREST * float(slope[:lines].max(initial=0.0)))
        self.flow: sp.csr_array | None = None
        if straight.pools:
            self.flow = sp.csr_array(sp.vstack([straight.flow[self.over], 0 * straight.flow[self.under]]))
            self.most[self.pools] = 1.0

    @property
    def pools(self) -> slice:
        """The places of pools' rows."""
        return slice(len(self.over) - self.straight.pools, len(self.over))

    def of_limits(self, prices: Array) -> Array:
        """Shape (limits,), of prices by row."""
        y: Array = np.maximum(np.concatenate([prices[self.over], -prices[self.under]]), 0.0)
        return y

    def by_row(self, y: Array) -> Array:
        """Shape (rows,)."""
        prices = np.zeros(len(self.straight.low))
        prices[self.over] += y[: len(self.over)]
        prices[self.under] -= y[len(self.over) :]
        return prices

    def first(self) -> Array:
        """Shape (limits,): nothing, but for the row over most lines the price at which the sums over it are kept."""
        straight, y = self.straight, np.zeros(len(self.limits))
        y[self.pools] = 1.0
        if len(y) <= straight.pools:
            return y
        spans = np.diff(self.rows.indptr)
        spans[self.pools] = 0
        widest = int(np.argmax(spans))
        part = self.rows[[widest]]
        weights, lines = part.data, part.indices
        if self.limits[widest] < 0 or (weights <= 0).any():
            return y
        stride = max(1, len(lines) // SAMPLE)
        slope = straight.slope[lines[::stride]] / weights[::stride, None]
        money = (straight.length[lines[::stride]] * weights[::stride, None]).ravel()
        order = np.argsort(-slope, axis=None)
        place = int(np.searchsorted(np.cumsum(money[order]), self.limits[widest] / stride))
        y[widest] = max(float(slope.ravel()[order[place]]), 0.0) if place < len(order) else 0.0
        return y

    def settled(self, y: Array, parts: tuple[float, ...]) -> Array:
        """The y at the last μ, each stage begun where the one before ended."""
        size = np.abs(self.limits) + 1e-3 * np.abs(self.limits).max(initial=1e-300)
        size[self.pools] = self._flowing()
        for part in parts:
            sharp, damping = part * self.usual, FIRST_DAMPING
            here = self.looked_at(y, sharp)
            for _ in range(STEPS):
                free = (y > 0) | (here.gradient < 0)
                if not free.any() or (np.abs(here.gradient[free]) <= SETTLED * size[free]).all():
                    break
                for _ in range(DAMPINGS):
                    trial = np.clip(y + self.newton(here, free, damping), 0.0, self.most)
                    there = self.looked_at(trial, sharp)
                    if there.worth <= here.worth + 1e-4 * float(here.gradient @ (trial - y)):
                        damping = max(damping / 10.0, LEAST_DAMPING)
                        break
                    damping *= 10.0
                if there.worth >= here.worth:
                    break
                y, here = trial, there
        return y

    def _flowing(self) -> Array:
        """Shape (pools,): all that can flow through each."""
        straight = self.straight
        return straight.length[straight.lines :].sum(axis=1) + 1e-300

    def looked_at(self, y: Array, sharp: Array) -> _Looked:
        """The smoothed dual at y."""
        straight, lines = self.straight, self.straight.lines
        paid = self.by_line @ y
        paid[:lines] += float(self.common @ y)
        if self.flow is None:
            above = straight.slope - paid[:, None]
        else:
            above = straight.slope * straight.valued(self.by_row(y))[:, None] - paid[:, None]
        above /= sharp
        part = expit(above)
        filled = part * straight.length
        # log(1 + exp(z)) = max(z, 0) + log1p(exp(-|z|)), and -log(max(σ, 1 - σ)) is the latter.
        rest = np.log(np.maximum(part, 1.0 - part))
        np.maximum(above, 0.0, out=above)
        above -= rest
        worth = float(self.limits @ y) + float(np.einsum("ij,ij->i", above, straight.length) @ sharp[:, 0])
        money = filled.sum(axis=1)
        gradient = self.limits - self.rows @ money - self.common * float(money[:lines].sum())
        np.subtract(1.0, part, out=part)
        part *= filled
        bends = (part.sum(axis=1) / sharp[:, 0],)
        if self.flow is not None:
            gradient += self.flow @ np.einsum("ij,ij->i", filled, straight.slope)
            first = np.einsum("ij,ij->i", part, straight.slope) / sharp[:, 0]
            second = np.einsum("ij,ij,ij->i", part, straight.slope, straight.slope) / sharp[:, 0]
            bends = (*bends, first, second)
        return _Looked(worth, gradient, bends)

    def newton(self, here: _Looked, free: Mask, damping: float) -> Array:
        """Newton's step on the free prices; the others stay."""
        step = np.zeros(len(free))
        if not here.bends[0].any():
            return step
        hessian = self.bending(here.bends)[np.ix_(free, free)]
        diagonal = hessian.diagonal()
        hessian[np.diag_indices_from(hessian)] += (
            1e-8 * max(float(diagonal.max(initial=0.0)), 1e-300) + damping * diagonal
        )
        step[free] = -cho_solve(
            cho_factor(hessian, check_finite=False), here.gradient[free], check_finite=False
        )
        return step

    def bending(self, bends: tuple[Array, ...]) -> Array:
        """Shape (limits, limits): how the gradient changes with the prices."""
        bend = bends[0]
        alive = np.flatnonzero(bend > 1e-12 * bend.max())
        few = 2 * len(alive) < len(bend)
        part, weights = (self.by_line[alive], bend[alive]) if few else (self.by_line, bend)
        hessian: Array = (part.T @ _scaled(part, weights)).toarray()
        lines = self.straight.lines
        if self.common.any():
            ours = np.where(np.arange(len(bend)) < lines, bend, 0.0)
            mixed = np.outer(self.rows @ ours, self.common)
            hessian += mixed + mixed.T + ours.sum() * np.outer(self.common, self.common)
        if self.flow is not None:
            mixed = (self.flow @ _scaled(self.by_line, bends[1])).toarray()
            mixed += np.outer(self.flow[:, :lines] @ bends[1][:lines], self.common)
            hessian -= mixed + mixed.T
            hessian[np.diag_indices_from(hessian)] += self.flow @ bends[2]
        return hessian


def _scaled(matrix: sp.csr_array, factors: Array) -> sp.csr_array:
    """The matrix, each of its rows times a factor."""
    data = matrix.data * np.repeat(factors, np.diff(matrix.indptr))
    return sp.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
