"""How good a plan is proven to be: a Lagrangian bound on the true curves, whatever engine found the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.part_rows import Held, held
from mediaplan.planning.formulation.shared_rows import Shared, around_plan
from mediaplan.planning.formulation.worst_view import priced_views
from mediaplan.planning.formulation.worth_of_lines import Mixture, Worth, corners_of, first_worth

Array = NDArray[np.float64]

HALVINGS = 45
"""Of each line's range in the search for its best money: leaves less than a minor unit of any budget."""


@dataclass(frozen=True, eq=False)
class Bound:
    """What the prices of a program prove.

    Attributes:
        value: No plan that keeps the terms, as they are stated, and the lines' limits is worth more.
        sure: The same of the terms as rules say them: other than `value` where some are stated around a plan.
        best: Shape (lines,), minor units: where each line's worth less its price is greatest; good places for knots.
        profit: Shape (lines,): at these prices no money makes a line worth more than this beyond what it pays; where
            it is negative, every plan that funds the line is worth less than `value` by that.
        priced: Worth of the lines, with what rows over results pay for it.
        paid, charge: Shape (lines,), what a line pays for a minor unit, and for being funded at all.
    """

    value: float
    sure: float
    best: Array
    profit: Array
    priced: Worth
    paid: Array
    charge: Array

    def lost(self, lines: NDArray[np.intp], amounts: Array, needed: NDArray[np.bool_]) -> Array:
        """By how much less than `value` every plan is worth that funds a line with that amount.

        Args:
            lines: Index of those that are asked about.
            amounts: Shape (asked lines,), minor units.
            needed: Shape (asked lines,), which of them can't receive nothing.
        """
        worth = self.priced.take(lines).worth(amounts[:, None])[:, 0]
        best = np.where(needed, self.profit[lines], np.maximum(self.profit[lines], 0.0))
        left: Array = best - (worth - self.paid[lines] * amounts - self.charge[lines])
        return left


def lagrangian_bound(
    objective: Objective,
    limits: Limits,
    terms: Sequence[Linear],
    prices: Array,
    amounts: Array,
    entry: Array,
    charged: tuple[Array, Array, float],
    views: Array,
) -> Bound:
    """The bound that weak duality gives for any prices; tight for those of the optimum.

        Σ_i max over x_i of (keep_i · worth_i(x_i) - Σ_t price_t · (weight_ti · x_i + results_ti(x_i)) - charge_i)
        + Σ_t price_t · limit_t + constants

    where x_i is nothing (if it may be, and then nothing is paid) or lies between the line's least and most.

    Args:
        objective: The true curves.
        limits: Of the lines; steps are left out, which can only raise the bound.
        terms: Linear terms.
        prices: Shape (terms,), worth per unit of the limit; the sign says which limit it is for, a price for a limit
            that is not there counts as 0, and one above what giving way costs as that.
        amounts: Shape (lines,), the plan at which the pools' tangents are taken, the objective's and the rows'.
        entry: Shape (lines,), `first_worth` of the lines.
        charged: What each line pays for being funded at all, and for a minor unit beside what rows ask, shape (lines,),
            and a constant: see `choosing.charges`.
        views: Shape (views,), prices of the objective's views, where it has any: any weights that add up to 1 prove a
            bound.
    """
    asked = _Priced(objective, limits, amounts, entry, charged, views)
    proof = asked.bound(terms, prices)
    if not around_plan(terms):
        return proof
    return replace(proof, sure=asked.bound(*_in_parts(objective, terms, prices, amounts)).value)


@dataclass(frozen=True, eq=False)
class _Priced:
    """What a bound is taken of, but for the rows and their prices; the attributes are those of `lagrangian_bound`."""

    objective: Objective
    limits: Limits
    amounts: Array
    entry: Array
    charged: tuple[Array, Array, float]
    views: Array

    def bound(self, terms: Sequence[Linear], prices: Array, together: Held | None = None) -> Bound:
        """The bound; `together` is what the objective and rows that are not among the terms are worth, if there are such."""
        objective, limits, (charge, money, more) = self.objective, self.limits, self.charged
        keep, constant = objective.keeping(self.amounts)
        paid, total = paid_by_line(terms, prices, objective.lines)
        paid = paid + money
        seen = priced_views(objective, self.views, self.amounts)
        tangents, rest = _tangents(objective, terms, prices, self.amounts)
        if together is not None:
            constant = together.constant
            own = 0.0 if objective.views else keep * objective.weights
            tangents = together.weights - own + (0.0 if tangents is None else tangents)
        priced, entry = _with_results(objective, limits, tangents, keep, self.entry, seen.parts)
        # Where even the first money is worth less than its price, nothing is best and adds nothing.
        profit = (entry - paid) * np.maximum(np.maximum(limits.least, limits.step), 1) - charge
        alive = np.flatnonzero(limits.needed | (entry > paid) | (charge < 0))
        best = limits.least.astype(float)
        best[alive], profit[alive] = _best_worth(
            priced.take(alive), paid[alive], charge[alive], limits.take(alive)
        )
        gained = np.where(limits.needed, profit, np.maximum(profit, 0.0))
        can = limits.most > 0
        value = float(gained[can].sum() + total + constant + rest + more + seen.constant)
        return Bound(value, value, best, np.where(can, profit, -np.inf), priced, paid, charge)


def _in_parts(
    objective: Objective, terms: Sequence[Linear], prices: Array, amounts: Array
) -> tuple[Sequence[Linear], Array, Held | None]:
    """Rows as rules say them: without what those that are stated around a plan count, which the last says of all together."""
    alone = [(term.alone or term) if isinstance(term, Shared) else term for term in terms]
    together: list[tuple[Shared, float]] = []
    others: list[Linear] = []
    for term, row, price in zip(terms, alone, active_prices(alone, prices), strict=True):
        if not isinstance(row, Shared) or row is term:
            others.append(row)
            continue
        others.append(replace(row, flow=np.zeros_like(row.flow)))
        if price * row.sign < 0:
            together.append((row, price))
    # Views are beside the rows: each has curves of its own.
    goal = objective.weighted(np.zeros_like(objective.weights)) if objective.views else objective
    return others, prices, held(goal, together, amounts) if together else None


def _tangents(
    objective: Objective, terms: Sequence[Linear], prices: Array, amounts: Array
) -> tuple[Array | None, float]:
    """What the rows over results pay for one own result of each line, shape (kinds, lines), and a constant.

    Nowhere below what they pay, as what layers leave is nowhere above its tangent; `None` where nothing is paid.
    """
    paid, constant = None, 0.0
    for term, price in zip(terms, active_prices(terms, prices), strict=True):
        if term.results is None or price == 0:
            continue
        each = term.results
        if isinstance(term, Shared):
            keep, rest = term.flowing(objective).keeping(amounts)
            each = each + term.sign * keep * term.flow
            constant -= price * term.sign * rest
        paid = -price * each if paid is None else paid - price * each
    return paid, constant


def _with_results(
    objective: Objective,
    limits: Limits,
    paid: Array | None,
    keep: Array,
    entry: Array,
    seen: tuple[tuple[float, Objective], ...],
) -> tuple[Worth, Array]:
    """The curves with what rows over results pay for them, and the most worth of a minor unit on each line."""
    if paid is None and not objective.views:
        return objective.weighted(keep[None, :] * objective.weights), keep * entry
    weights = np.zeros_like(objective.weights) if objective.views else keep[None, :] * objective.weights
    priced: Worth = objective.weighted(weights if paid is None else weights + paid)
    if objective.views:
        priced = Mixture(((1.0, priced), *seen))  # type: ignore[arg-type]
    return priced, first_worth(priced, limits)


def active_prices(terms: Sequence[Linear], prices: Array) -> list[float]:
    """The prices that count: 0 for limits that are not there, at most what giving way costs, tangents of a limit together."""
    found = []
    for term, price in zip(terms, prices, strict=True):
        limit = term.at_most if price > 0 else term.at_least
        found.append(float(np.clip(price, -term.soft, term.soft)) if np.isfinite(limit) else 0.0)
    together: dict[int, float] = {}
    for term, price in zip(terms, found, strict=True):
        if term.tangent_of is not None:
            together[term.tangent_of] = together.get(term.tangent_of, 0.0) + abs(price) / term.soft
    if not together:
        return found
    return [
        price if term.tangent_of is None else price / max(together[term.tangent_of], 1.0)
        for term, price in zip(terms, found, strict=True)
    ]


def paid_by_line(terms: Sequence[Linear], prices: Array, lines: int) -> tuple[Array, float]:
    """What the prices make each line pay for a minor unit, and what the limits earn by them."""
    paid, total = np.zeros(lines), 0.0
    for term, price in zip(terms, active_prices(terms, prices), strict=True):
        if price != 0:
            term.weights.add_to(paid, price)
            total += price * (term.at_most if price > 0 else term.at_least)
    return paid, total


def _best_worth(objective: Worth, paid: Array, charge: Array, limits: Limits) -> tuple[Array, Array]:
    """Where worth less price is greatest on each line, if it is funded, and no less than its value there."""
    low, worth = limits.least.astype(float), np.zeros(objective.lines)
    best, curved = low.copy(), np.ones(objective.lines, dtype=bool)
    given, corners = corners_of(objective, limits)
    straight = ~objective.curved(given)
    given, corners = given[straight], corners[straight]
    if len(given):  # of straight tiers, one of the ends is best
        curved[given] = False
        each = objective.take(given).worth(corners) - paid[given, None] * corners - charge[given, None]
        best[given], worth[given] = corners[np.arange(len(given)), each.argmax(axis=1)], each.max(axis=1)
    if curved.any():
        part, price = (
            (objective, paid) if curved.all() else (objective.take(np.flatnonzero(curved)), paid[curved])
        )
        inside, above = best_at(part, price, low[curved], limits.most[curved].astype(float))
        value = part.worth(inside[:, None])[:, 0]
        best[curved], worth[curved] = inside, value - price * inside + above - charge[curved]
    return np.where(~limits.needed & (worth <= 0), low, best), worth


def best_at(objective: Worth, paid: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Where worth less price is greatest, by halving on the slope, and how much the true maximum may be above."""
    a, b = low.copy(), np.maximum(high, low)
    a = np.where(objective.slope(b) >= paid, b, a)
    for _ in range(HALVINGS):
        middle = 0.5 * (a + b)
        rising = objective.slope(middle) >= paid
        a, b = np.where(rising, middle, a), np.where(rising, b, middle)
    rest = np.maximum(objective.slope(a) - paid, 0.0) * (b - a)
    return a, rest
