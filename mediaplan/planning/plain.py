"""Plain questions over very many lines: only pools and limits on money, so that curves cut straight can be sifted.

Prices found on a sample of the lines say which lines may be funded at all; only these are cut into pieces, the pieces
sifted, cut finer where plan and prices lie, until the bound is met. Lines that the prices call for join in between.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.planning.bounding import lagrangian_bound, paid_by_line
from mediaplan.planning.demands import Limits
from mediaplan.planning.formulating import Cuts, Terms, first_cuts
from mediaplan.planning.layering import beside, by_layer, chords_of, into_pools, onto_pools, with_loads
from mediaplan.planning.objective import Objective
from mediaplan.planning.pieces import Straight
from mediaplan.planning.program import Solver
from mediaplan.planning.relaxing import CLOSE_ENOUGH, Relaxed, called_for
from mediaplan.planning.sifting import sift
from mediaplan.planning.smoothing import smoothed_prices

Array = NDArray[np.float64]
Index = NDArray[np.intp]

NONE: Array = np.zeros(0)
SAMPLE = 3000
"""Lines on which the first prices are found."""
HOPEFUL = 0.85
"""Part of its first price that a line's first money must be worth to be looked at."""
AROUND = 0.4
"""Curves are cut where their next unit is worth its price, and where it is worth more and less by this times the square
root of what the round before may have lost: that is about how far its prices may be off."""


def is_plain(terms: Terms, limits: Limits, objective: Objective) -> bool:
    """Whether nothing but pools and limits on money that hold stands between the lines, and each may have any amount."""
    several = bool(terms.choices or objective.views)
    rows = all(term.results is None and not np.isfinite(term.soft) for term in terms.linear)
    gaps = ((limits.least > 0) & ~limits.needed) | (limits.step > 1) | limits.broken
    return rows and not several and not bool(gaps.any())


def relaxed_plainly(
    terms: Terms, limits: Limits, objective: Objective, entry: Array, solver: Solver, rounds: int
) -> Relaxed | None:
    """The best amounts of a plain question, the curves cut anew around the prices of each round; `None` if impossible.

    Args:
        terms: Limits on money.
        limits: Of the lines.
        objective: What money is worth.
        entry: Shape (lines,), most worth that a minor unit can have on each line.
        solver: The engine.
        rounds: Times that the curves are cut, at the most.
    """
    prices = first_prices(terms, limits, objective)
    working = hopeful(terms, limits, objective, entry, prices)
    cuts = first = first_cuts(limits, objective)
    found: Relaxed | None = None
    for _ in range(rounds):
        few, curves = limits.take(working), objective.take(working)
        pieces = straight_pieces(terms.take(working).linear, few, curves, cuts.take(working))
        answer = sift(pieces, solver, prices)
        if answer is None and len(working) < objective.lines:
            working = np.arange(objective.lines)
            continue
        if answer is None:
            return None
        prices = answer.prices
        amounts = np.zeros(objective.lines)
        amounts[working] = answer.amounts[: len(working)] + few.least
        money = prices[: len(terms.linear)]
        proof = lagrangian_bound(
            objective, limits, terms.linear, money, amounts, entry, (np.zeros(objective.lines), 0.0), NONE
        )
        straight = answer.value + counted_at_once(few, curves)
        bound = proof.value if found is None else min(found.bound, proof.value)
        found = Relaxed(amounts, straight, money, bound, cuts, working, choices=False, proof=proof)
        if found.loss <= CLOSE_ENOUGH:
            break
        cuts = cuts_around(first, found, prices, limits, objective)
        working = np.union1d(working, called_for(proof, working))
    return found


def cuts_around(first: Cuts, found: Relaxed, prices: Array, limits: Limits, objective: Objective) -> Cuts:
    """The first cuts and some around the prices that were found."""
    around = AROUND * float(np.sqrt(max(found.loss, 0.0)))
    inflow = by_layer(objective.pools, prices[len(found.prices) :])
    loads = with_loads(first.pools, objective, found.amounts, inflow, around)
    near = beside(found.proof.best, objective.bend, around)
    return first.finer(np.stack([found.amounts, *near], axis=1), limits, loads)


def counted_at_once(limits: Limits, objective: Objective) -> float:
    """Worth of what lines must have, as far as it flows into no pool."""
    least = objective.worth(limits.least[:, None].astype(float))[:, 0]
    return float(least[into_pools(objective) < 0].sum())


def straight_pieces(
    terms: Sequence[Linear], limits: Limits, objective: Objective, cuts: Cuts, share: float = 1.0
) -> Straight:
    """The curves between their cuts, and the rows over what lines receive beyond their least.

    Args:
        terms: Rows over money, of the same lines.
        limits: Of the lines.
        objective: What money is worth.
        cuts: Where curves and pools are cut.
        share: Part of the limits that is for these lines.
    """
    length = np.diff(cuts.lines, axis=1)
    worth = np.diff(objective.worth(cuts.lines), axis=1)
    slope = np.divide(worth, length, out=np.zeros_like(worth), where=length > 0)
    rows, common = money_rows(terms, objective.lines)
    due = limits.least.astype(float)
    least = rows @ due + common * due.sum()
    low = np.array([term.at_least for term in terms]) * share - least
    high = np.array([term.at_most for term in terms]) * share - least
    plain = Straight(slope, length, rows, low, high, common=common)
    return _with_pools(plain, limits, objective, cuts) if objective.pools else plain


def _with_pools(plain: Straight, limits: Limits, objective: Objective, cuts: Cuts) -> Straight:
    """The same with the pools as lines, and a row for what flows into each."""
    layers = objective.pools
    chords = [chords_of(loads, layer.size) for loads, layer in zip(cuts.pools, layers, strict=True)]
    wide = max(plain.slope.shape[1], *(length.shape[1] for length, _ in chords))
    into, onto = into_pools(objective), onto_pools(layers)
    least = objective.worth(limits.least.astype(float)[:, None])[:, 0]
    inside = into >= 0
    base = np.bincount(into[inside], least[inside], len(onto))
    first = len(plain.high)
    return Straight(
        np.concatenate([_widened(part, wide) for part in (plain.slope, *(slope for _, slope in chords))]),
        np.concatenate([_widened(part, wide) for part in (plain.length, *(length for length, _ in chords))]),
        sp.csr_array(sp.block_diag([plain.rows, sp.eye_array(len(onto))])),
        np.concatenate([plain.low, np.full(len(onto), -np.inf)]),
        np.concatenate([plain.high, base]),
        np.where(np.concatenate([into, onto]) >= 0, first + np.concatenate([into, onto]), -1),
        len(onto),
        None if plain.common is None else np.pad(plain.common, (0, len(onto))),
    )


def _widened(part: Array, wide: int) -> Array:
    """With more columns of nothing."""
    return np.pad(part, ((0, 0), (0, wide - part.shape[1])))


def first_prices(terms: Terms, limits: Limits, objective: Objective) -> Array:
    """Shape (rows,): prices of terms and pools on a sample of the lines, near those of all."""
    lines = objective.lines
    count = min(SAMPLE, lines)
    # The seed is part of the method: strides would fall in step with how lines are listed.
    chosen = np.sort(np.random.default_rng(0).permutation(lines)[:count])
    few, curves = limits.take(chosen), objective.take(chosen).in_smaller_pools(count / lines)
    pieces = straight_pieces(
        terms.take(chosen).linear, few, curves, first_cuts(few, curves), share=count / lines
    )
    return smoothed_prices(pieces)


def hopeful(terms: Terms, limits: Limits, objective: Objective, entry: Array, prices: Array) -> Index:
    """Lines whose first money is worth about its price or more."""
    count = len(terms.linear)
    paid, _ = paid_by_line(terms.linear, prices[:count], len(entry))
    valued = np.append(prices[count:], 1.0)[into_pools(objective)]
    return np.flatnonzero((entry * valued > HOPEFUL * paid) | limits.needed)


def money_rows(terms: Sequence[Linear], lines: int) -> tuple[sp.csr_array, Array]:
    """Shape (terms, lines), what a minor unit of each line adds to each term, and shape (terms,), what all add on top.

    A share of all money weighs every line; what most lines add is taken out, so that the rest is as sparse as it can be.
    """
    common = np.zeros(len(terms))
    places, values, starts = [], [], [0]
    for number, term in enumerate(terms):
        outside = term.weights[~term.counted]
        if 2 * len(outside) > lines and (outside == outside[0]).all():
            common[number] = outside[0]
        own = term.weights - common[number] if common[number] else term.weights
        place = np.flatnonzero(own)
        places.append(place)
        values.append(own[place])
        starts.append(starts[-1] + len(place))
    if not terms:
        return sp.csr_array((0, lines)), common
    rows = (np.concatenate(values), np.concatenate(places), np.array(starts))
    return sp.csr_array(rows, shape=(len(terms), lines)), common
