"""Prices that are nearly right, for very many lines and few rows: the dual of straight pieces, smoothed, by Newton.

    minimise over y ≥ 0     limits · y + Σ_ik length_ik · μ · log(1 + exp((slope_ik - price_i(y)) / μ))

With μ going to nothing that is the linear program's dual; with some μ it is smooth, and a Newton step costs one pass
over the pieces. Large questions begin with a sample of their lines.

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

Array = NDArray[np.float64]

SAMPLE = 2000
"""Lines with which a large question begins."""
SHARPER = (0.3, 0.1)
"""μ as parts of the mean slope, on the sample, one after the other."""
SHARPEST = (0.1, 0.03, 0.01, 0.004)
"""The same on all lines."""
DAMPINGS = 6
"""Times that a step is damped more, each time tenfold, at the most."""
FIRST_DAMPING, LEAST_DAMPING = 1e-3, 1e-6
"""Parts of the diagonal added to it: limits that add up to each other leave the Newton step without an end."""
AGAIN = 1
"""Of these, the first where prices are known from a question much like it."""
STEPS = 8
"""Newton steps for each μ at the most."""
DEAREST = 1e3
"""Times the steepest piece beyond which no price is sought."""
SETTLED = 1e-3
"""Part of the limits by which sums may still be off."""


class Slopes(NamedTuple):
    """Straight pieces: shape (lines, pieces) each, worth per unit of money and money."""

    slope: Array
    length: Array


def smoothed_prices(
    pieces: Slopes, rows: sp.csr_array, low: Array, high: Array, known: Array | None = None
) -> Array:
    """Shape (rows,): prices near those of the linear program, negative for lower limits.

    Args:
        pieces: Of the lines.
        rows: Shape (rows, lines), what a unit of money adds to each limited sum.
        low: Shape (rows,), limits; -inf where open.
        high: The same; inf where open.
        known: Shape (rows,), prices of a question much like this one.
    """
    over, under = np.flatnonzero(np.isfinite(high)), np.flatnonzero(np.isfinite(low))
    one_sided = sp.csr_array(sp.vstack([rows[over], -rows[under]]))
    limits = np.concatenate([high[over], -low[under]])
    lines = len(pieces.slope)
    mean = float(np.abs(pieces.slope).mean()) or 1.0
    if known is None:
        y = _first_price(pieces, one_sided, limits)
    else:
        y = np.maximum(np.concatenate([known[over], -known[under]]), 0.0)
    if known is not None:
        y = _settled(pieces, one_sided, limits, y, mean, SHARPEST[AGAIN:])
    elif lines > 2 * SAMPLE:
        # Strides would fall in step with how lines are listed; the seed is part of the method.
        chosen = np.sort(np.random.default_rng(0).permutation(lines)[:SAMPLE])
        part = Slopes(pieces.slope[chosen], pieces.length[chosen])
        y = _settled(part, sp.csr_array(one_sided[:, chosen]), limits * (SAMPLE / lines), y, mean, SHARPER)
        y = _settled(pieces, one_sided, limits, y, mean, SHARPEST)
    else:
        y = _settled(pieces, one_sided, limits, y, mean, (*SHARPER, *SHARPEST))
    prices = np.zeros(len(low))
    prices[over] += y[: len(over)]
    prices[under] -= y[len(over) :]
    return prices


def _first_price(pieces: Slopes, rows: sp.csr_array, limits: Array) -> Array:
    """Shape (rows,): nothing, but for the row over most lines the price at which the sums over it are kept."""
    y = np.zeros(len(limits))
    if not len(limits):
        return y
    widest = int(np.argmax(np.diff(rows.indptr)))
    part = rows[[widest]]
    weights, lines = part.data, part.indices
    if limits[widest] < 0 or (weights <= 0).any():
        return y
    stride = max(1, len(lines) // SAMPLE)
    slope = pieces.slope[lines[::stride]] / weights[::stride, None]
    money = (pieces.length[lines[::stride]] * weights[::stride, None]).ravel()
    order = np.argsort(-slope, axis=None)
    place = int(np.searchsorted(np.cumsum(money[order]), limits[widest] / stride))
    y[widest] = max(float(slope.ravel()[order[place]]), 0.0) if place < len(order) else 0.0
    return y


def _settled(
    pieces: Slopes, rows: sp.csr_array, limits: Array, y: Array, mean: float, parts: tuple[float, ...]
) -> Array:
    """The dual's y at the last μ, each stage begun where the one before ended."""
    by_line = sp.csr_array(rows.T)
    size = np.abs(limits) + 1e-3 * np.abs(limits).max(initial=1e-300)
    # Where nothing keeps the rows the dual has no end.
    dearest = DEAREST * float(np.abs(pieces.slope).max(initial=0.0))
    for part in parts:
        sharp, damping = part * mean, FIRST_DAMPING
        worth, gradient, bend = _looked_at(pieces, rows, by_line, limits, y, sharp)
        for _ in range(STEPS):
            free = (y > 0) | (gradient < 0)
            if not free.any() or (np.abs(gradient[free]) <= SETTLED * size[free]).all():
                break
            before = worth
            for _ in range(DAMPINGS):
                step = _newton(rows, bend, gradient, free, damping)
                trial = np.clip(y + step, 0.0, dearest)
                worth, gradient_there, bend_there = _looked_at(pieces, rows, by_line, limits, trial, sharp)
                if worth <= before + 1e-4 * float(gradient @ (trial - y)):
                    damping = max(damping / 10.0, LEAST_DAMPING)
                    break
                damping *= 10.0
            if worth >= before:
                break
            y, gradient, bend = trial, gradient_there, bend_there
    return y


def _looked_at(
    pieces: Slopes, rows: sp.csr_array, by_line: sp.csr_array, limits: Array, y: Array, sharp: float
) -> tuple[float, Array, Array]:
    """Value and gradient of the smoothed dual, and how fast each line's money gives way to its price."""
    above = pieces.slope - (by_line @ y)[:, None]
    above /= sharp
    part = expit(above)
    filled = part * pieces.length
    # log(1 + exp(z)) = max(z, 0) + log1p(exp(-|z|)), and -log(max(σ, 1 - σ)) is the latter.
    rest = np.log(np.maximum(part, 1.0 - part))
    np.maximum(above, 0.0, out=above)
    above -= rest
    worth = float(limits @ y) + sharp * float(np.einsum("ij,ij->", above, pieces.length))
    bend = np.einsum("ij,ij->i", filled, 1.0 - part) / sharp
    return worth, limits - rows @ filled.sum(axis=1), bend


def _newton(
    rows: sp.csr_array, bend: Array, gradient: Array, free: NDArray[np.bool_], damping: float
) -> Array:
    """Newton's step on the free prices; the others stay."""
    alive = np.flatnonzero(bend > 1e-12 * bend.max(initial=0.0))
    step = np.zeros(len(gradient))
    if not len(alive):
        return step
    part = sp.csr_array(rows[np.flatnonzero(free)][:, alive])
    hessian = (part * bend[alive]) @ part.T
    dense = hessian.toarray()
    diagonal = dense.diagonal()
    dense[np.diag_indices_from(dense)] += (
        1e-8 * max(float(diagonal.max(initial=0.0)), 1e-300) + damping * diagonal
    )
    step[free] = -cho_solve(cho_factor(dense, check_finite=False), gradient[free], check_finite=False)
    return step
