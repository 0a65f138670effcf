"""The best money on the true curves of very many lines, where nothing but pools and limits on money stands between them.

Curves that bend everywhere have one best amount for each price of money, so that the right prices give the plan itself:
nothing has to be cut straight. Of a line with hyperbolas d, s(x) = Σ_d a_d / (1 + x / c_d)²; s^(-1/2) is concave and
nearly a straight line, so that Newton's method on it comes to s(x) = price from below in a few steps. Of a pool the
same is in closed form.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.many_lines.duals import Answer, Dual
from mediaplan.planning.many_lines.sums import Sums
from mediaplan.planning.patience import ENDLESS, Wait

Array = NDArray[np.float64]

STEPS = 60
"""Newton steps of the prices at the most."""
INNER = 40
"""The same of each line's amount; three to six do, as it begins where it was."""
SETTLED = 1e-12
"""Part of the limits by which sums may be off."""
SAME = 1e-13
"""Part of the range within which amounts are the same."""
AT_ONCE = 2048
"""Lines looked at together, so that their draws stay in the processor's cache."""
CHEAPEST = 1e-12
"""Least price of what flows into a pool."""
DEAREST = 1e3
"""Times the steepest first worth beyond which no price is sought."""


def prices_and_amounts(
    objective: Objective, limits: Limits, sums: Sums, prices: Array, wait: Wait = ENDLESS
) -> tuple[Array, Array]:
    """Prices of the rows at which the lines' best amounts keep them, as nearly as Newton's method comes, and these.

    Args:
        objective: What money is worth, of curves that bend (no rate cards).
        limits: Of the same lines.
        sums: Rows over all of their money.
        prices: Shape (rows,), to begin with.
        wait: After which Newton's method ends where it is.

    Returns:
        Shape (rows,), and shape (lines,) minor units.
    """
    curved = _Curved(objective, limits)
    steepest = float(curved.steepest.max(initial=0.0))
    dual = Dual(sums, DEAREST * steepest, float(curved.steepest.mean()) if sums.lines else 1.0)
    size = np.abs(dual.limits) + 1e-3 * np.abs(dual.limits).max(initial=1e-300)
    size[dual.pools] = curved.size
    y, _ = dual.settled(dual.of_limits(prices), curved.answers, SETTLED * size, STEPS, wait)
    return dual.by_row(y), curved.amounts


class _Curved:
    """Lines and pools that answer prices on their true curves.

    Attributes:
        rate, scale: Shape (lines, hyperbolas): worth of the first minor unit, and minor units at which half is left.
        amounts: Shape (lines,), the last answer, where the next one begins.
        size: Shape (pools,), of all layers.
    """

    def __init__(self, objective: Objective, limits: Limits) -> None:
        curves = objective.curves
        kinds = np.flatnonzero(objective.weights.any(axis=1))
        weights = objective.weights[kinds] * (objective.major / curves.draws)
        lines = objective.lines
        rate = weights[:, :, None] * curves.rate[kinds]
        flat = (lines, len(kinds) * curves.draws)
        self.rate = np.moveaxis(rate, 1, 0).reshape(flat)
        self.scale = (np.moveaxis(curves.scale[kinds], 1, 0) / objective.major).reshape(flat)
        self.price = objective.price
        self.least, self.most = limits.least.astype(float), limits.most.astype(float)
        self.amounts = self.least.copy()
        self.steepest: Array = self.rate.sum(axis=1)
        self.size = np.concatenate([np.zeros(0), *(layer.size for layer in objective.pools)])

    def answers(self, paid: Array, value: Array) -> Answer:
        """What lines and pools do at what they pay, and what their worth counts, shape (lines + pools,)."""
        lines = len(self.least)
        parts = [
            self._lines(slice(at, min(at + AT_ONCE, lines)), paid, value) for at in range(0, lines, AT_ONCE)
        ]
        parts.append(self._pools(paid[lines:], value[lines:]))
        return Answer(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def _lines(self, here: slice, paid: Array, value: Array) -> Answer:
        rate, scale, least, most = self.rate[here], self.scale[here], self.least[here], self.most[here]
        paid, value = paid[here], np.maximum(value[here], CHEAPEST)
        asked = paid / value - self.price
        target = np.where(asked > 0, np.maximum(asked, 1e-300), 1e-300) ** -0.5
        x = self.amounts[here]
        for _ in range(INNER):
            left = 1.0 / (1.0 + x[:, None] / scale)
            slopes = rate * left * left
            slope = slopes.sum(axis=1)
            fall = 2.0 * np.einsum("ij,ij->i", slopes, left / scale)
            known = (slope > 0) & (fall > 0)
            step = 2.0 * (target - np.where(known, slope, 1.0) ** -0.5) * slope**1.5
            step = np.divide(step, fall, out=np.zeros_like(step), where=known)
            further = np.where(asked > 0, np.clip(x + step, least, most), most)
            done = (np.abs(further - x) <= SAME * (1.0 + np.abs(x))).all()
            x = further
            if done:
                break
        self.amounts[here] = x
        worth = np.einsum("ij,ij->i", rate, left) * x + self.price * x
        inside = known & (x > least) & (x < most)
        bend = np.divide(1.0, value * fall, out=np.zeros_like(fall), where=inside)
        slope = slope + self.price
        return Answer(value * worth - paid * x, x, worth, bend, bend * slope, bend * slope * slope)

    def _pools(self, paid: Array, value: Array) -> Answer:
        paid, value = np.maximum(paid, CHEAPEST), np.maximum(value, CHEAPEST)
        ratio = np.sqrt(np.minimum(paid / value, 1.0))
        taken, out = self.size * (1.0 / ratio - 1.0), self.size * (1.0 - ratio)
        bend = np.where(ratio < 1.0, 0.5 * self.size / (ratio * paid), 0.0)
        slope = ratio * ratio
        return Answer(value * out - paid * taken, taken, out, bend, bend * slope, bend * slope * slope)
