"""Newton's method on the dual of a question about money: prices y ≥ 0 of its limits, a few for very many lines.

    minimise over y ≥ 0     limits · y + Σ_i gain_i(paid_i(y), value_i(y))

`paid` is what a unit of a line's money pays at the prices; `value` is 1, or the price of the row that its worth flows
into. What a line gains at most by them, and how its money answers, is up to who calls.

Source:
    Bertsekas, Projected Newton methods for optimization problems with simple constraints (1982).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from mediaplan.planning.many_lines.sums import Sums
from mediaplan.planning.patience import ENDLESS, Wait

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

Matrix = Array | sp.csr_array

DENSE = 50_000
"""Entries up to which matrices are held whole: of small ones, sparse products are mostly ceremony."""
DAMPINGS = 6
"""Times that a step is damped more, each time tenfold, at the most."""
FIRST_DAMPING, LEAST_DAMPING = 1e-3, 1e-6
"""Parts of the diagonal added to it: limits that add up to each other leave the Newton step without an end."""
SHRINKING = 0.1
"""Part of the price of what flows into a pool that a step leaves of it at the least: of nothing all is nearly flat."""
BLUR = 1e-12
"""Part of the value that rounding leaves unsure."""
FLAT = 1e-8
"""Part of the largest diagonal that is added to all, so that prices which nothing answers to have a step."""


class Answer(NamedTuple):
    """How lines answer what they pay and what their worth counts, shape (lines,) each.

    Attributes:
        gain: Worth that counts, less what is paid.
        money, worth: Of the line.
        bend: By how much less money for each unit that is paid more.
        first, second: The same times the worth of the next unit of money, and times its square.
    """

    gain: Array
    money: Array
    worth: Array
    bend: Array
    first: Array
    second: Array


class Looked(NamedTuple):
    """The dual at some prices: its value, its gradient of shape (limits,), and how lines answered."""

    value: float
    gradient: Array
    answer: Answer


class Dual:
    """The limits of a question, first the upper ones, then the lower ones, turned.

    Attributes:
        sums: As given.
        rows, flow: Shape (limits, lines): what a unit of money adds to a sum, and what a unit of worth takes off it.
        common: Shape (limits,), what a unit of money of any line adds on top.
        limits: Shape (limits,).
        most: Shape (limits,), prices beyond which none is sought: where nothing keeps the rows the dual has no end.
        usual: Shape (limits,), of what size prices are.
        spans: Shape (limits,), number of lines that each speaks of.
        quick: Whether it is so small that a step takes no time worth the name.
    """

    def __init__(self, sums: Sums, dearest: float, usual: float) -> None:
        self.sums = sums
        self.over = np.flatnonzero(np.isfinite(sums.high))
        self.under = np.flatnonzero(np.isfinite(sums.low))
        self.rows: Matrix = sp.csr_array(sp.vstack([sums.rows[self.over], -sums.rows[self.under]]))
        self.limits = np.concatenate([sums.high[self.over], -sums.low[self.under]])
        self.by_line: Matrix = sp.csr_array(self.rows.T)
        every = np.zeros(len(sums.low)) if sums.common is None else sums.common
        self.common = np.concatenate([every[self.over], -every[self.under]])
        self.most = np.full(len(self.limits), dearest)
        self.usual = np.full(len(self.limits), usual)
        self.flow: Matrix | None = None
        if sums.pools:
            self.flow = sp.csr_array(sp.vstack([sums.flow[self.over], 0 * sums.flow[self.under]]))
            self.most[self.pools] = self.usual[self.pools] = 1.0
        self.spans = np.diff(self.rows.indptr)
        self.quick = self.rows.shape[0] * self.rows.shape[1] <= DENSE
        if self.quick:
            self.rows = self.rows.toarray()
            self.by_line = np.ascontiguousarray(self.rows.T)
            self.flow = None if self.flow is None else self.flow.toarray()

    @property
    def pools(self) -> slice:
        """The places of pools' rows."""
        return slice(len(self.over) - self.sums.pools, len(self.over))

    def of_limits(self, prices: Array) -> Array:
        """Shape (limits,), of prices by row."""
        y: Array = np.maximum(np.concatenate([prices[self.over], -prices[self.under]]), 0.0)
        return y

    def by_row(self, y: Array) -> Array:
        """Shape (rows,)."""
        prices = np.zeros(len(self.sums.low))
        prices[self.over] += y[: len(self.over)]
        prices[self.under] -= y[len(self.over) :]
        return prices

    def looked_at(self, y: Array, answers: Callable[[Array, Array], Answer]) -> Looked:
        """The dual at y."""
        lines = self.sums.lines
        paid = self.by_line @ y
        paid[:lines] += float(self.common @ y)
        answer = answers(paid, self.sums.valued(self.by_row(y)))
        gradient = self.limits - self.rows @ answer.money
        gradient -= self.common * float(answer.money[:lines].sum())
        if self.flow is not None:
            gradient += self.flow @ answer.worth
        return Looked(float(self.limits @ y) + float(answer.gain.sum()), gradient, answer)

    def settled(
        self,
        y: Array,
        answers: Callable[[Array, Array], Answer],
        enough: Array,
        steps: int,
        wait: Wait = ENDLESS,
    ) -> tuple[Array, Looked]:
        """Prices at which the sums are off by no more than `enough`, shape (limits,), or nearest to it in so many steps,
        or by the end of the wait; a quick question is answered whatever the clock says.
        """
        here, damping = self.looked_at(y, answers), FIRST_DAMPING
        for _ in range(steps):
            if not self.quick and wait.over:
                break
            free = (y > 0) | (here.gradient < 0)
            lowest = np.zeros(len(y))
            lowest[self.pools] = SHRINKING * y[self.pools]
            if not free.any() or (np.abs(here.gradient[free]) <= enough[free]).all():
                break
            for _ in range(DAMPINGS):
                trial = np.clip(y + self.newton(here, free, damping), lowest, self.most)
                there = self.looked_at(trial, answers)
                fallen = there.value <= here.value + 1e-4 * float(here.gradient @ (trial - y))
                if fallen or self.nearer(y, here, trial, there, enough):
                    damping = max(damping / 10.0, LEAST_DAMPING)
                    break
                damping *= 10.0
            if there.value >= here.value and not self.nearer(y, here, trial, there, enough):
                break
            y, here = trial, there
        return y, here

    @staticmethod
    def nearer(y: Array, here: Looked, trial: Array, there: Looked, enough: Array) -> bool:
        """Whether sums are off by less, where the values are too near each other for doubles to tell them apart."""
        off, off_there = (
            float((np.abs(np.where(at > 0, look.gradient, np.minimum(look.gradient, 0.0))) / enough).max())
            for at, look in ((y, here), (trial, there))
        )
        return abs(there.value - here.value) <= BLUR * abs(here.value) and off_there < off

    def newton(self, here: Looked, free: Mask, damping: float) -> Array:
        """Newton's step on the free prices; the others stay."""
        step = np.zeros(len(free))
        if not here.answer.bend.any():
            return step
        usual = self.usual[free]
        hessian = self.bending(here.answer, free) * np.outer(usual, usual)
        diagonal = hessian.diagonal()
        flat = FLAT * max(float(diagonal.max(initial=0.0)), 1e-300)
        hessian[np.diag_indices_from(hessian)] += flat + damping * diagonal
        try:
            factor = cho_factor(hessian, check_finite=False)
        except (
            LinAlgError
        ):  # prices of sizes so far apart that rounding takes its definiteness: each moves by itself
            factor = cho_factor(np.diag(hessian.diagonal()), check_finite=False)
        step[free] = -usual * cho_solve(factor, usual * here.gradient[free], check_finite=False)
        return step

    def bending(self, answer: Answer, free: Mask) -> Array:
        """Shape (free limits, free limits): how their gradient changes with their prices."""
        bend, lines = answer.bend, self.sums.lines
        rows, common = self.rows[free], self.common[free]
        alive = np.flatnonzero(bend > 1e-12 * bend.max())
        few = 2 * len(alive) < len(bend)
        part, weights = (rows[:, alive], bend[alive]) if few else (rows, bend)
        hessian = _dense(_scaled(part, weights) @ part.T)
        if common.any():
            ours = np.where(np.arange(len(bend)) < lines, bend, 0.0)
            mixed = np.outer(rows @ ours, common)
            hessian += mixed + mixed.T + ours.sum() * np.outer(common, common)
        if self.flow is not None:
            flow = self.flow[free]
            mixed = _dense(flow @ _scaled(rows, answer.first).T)
            mixed += np.outer(flow[:, :lines] @ answer.first[:lines], common)
            hessian -= mixed + mixed.T
            hessian[np.diag_indices_from(hessian)] += flow @ answer.second
        return hessian


def _dense(matrix: Any) -> Array:
    """A product of matrices, held whole."""
    found: Array = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return found


def _scaled(matrix: Matrix, factors: Array) -> Matrix:
    """The matrix, each of its columns times a factor."""
    if isinstance(matrix, np.ndarray):
        return matrix * factors
    data = matrix.data * factors[matrix.indices]
    return sp.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
