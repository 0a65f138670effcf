"""Plain questions over very many lines: only pools and limits on money, so that curves cut straight can be sifted.

Prices found on a sample of the lines say which lines may be funded at all; only these are cut into pieces, the pieces
sifted, cut finer where plan and prices lie, until the bound is met. Lines that the prices call for join in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear
from mediaplan.errors import StoppedError
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.bounding import lagrangian_bound, paid_by_line
from mediaplan.planning.formulation.cuts import Cuts, first_cuts
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.layering import (
    beside,
    by_layer,
    chords_of,
    into_pools,
    onto_pools,
    with_loads,
)
from mediaplan.planning.formulation.program import Solver, alone, wait_of
from mediaplan.planning.formulation.relaxing import CLOSE_ENOUGH, SMALL, Relaxed, called_for, or_stopped
from mediaplan.planning.formulation.tiers import tiered_lines
from mediaplan.planning.many_lines.curving import prices_and_amounts
from mediaplan.planning.many_lines.lessening import lessened
from mediaplan.planning.many_lines.pieces import Straight
from mediaplan.planning.many_lines.sifting import sift
from mediaplan.planning.many_lines.smoothing import rough_prices, smoothed_prices
from mediaplan.planning.many_lines.sums import Sums, money_rows
from mediaplan.planning.patience import ENDLESS, Progress, Wait

Array = NDArray[np.float64]
Index = NDArray[np.intp]

NONE: Array = np.zeros(0)
SAMPLE = 3000
"""Lines on which the first prices are found."""
HOPEFUL = 0.85
"""Part of its first price that a line's first money must be worth to be looked at."""
UNKEPT = 0.01
"""Minor units by which sums may miss their limits before amounts are whole."""
AROUND = 0.4
"""Curves are cut where their next unit is worth its price, and where it is worth more and less by this times the square
root of what the round before may have lost: that is about how far its prices may be off."""


def is_plain(terms: Terms, limits: Limits, objective: Objective) -> bool:
    """Whether nothing but pools and limits on money that hold stands between the lines, and each may have any amount."""
    several = bool(terms.choices or objective.views)
    rows = all(term.results is None and not np.isfinite(term.soft) for term in terms.linear)
    several |= bool(tiered_lines(objective).any())
    gaps = ((limits.least > 0) & ~limits.needed) | (limits.step > 1) | limits.broken
    return rows and not several and not bool(gaps.any())


def relaxed_plainly(
    terms: Terms, limits: Limits, objective: Objective, entry: Array, solver: Solver, rounds: int
) -> Relaxed | None:
    """The best amounts of a plain question, the curves cut anew around the prices of each round; `None` if impossible.

    Where the wait ends before the first prices are settled, the amounts are those that these prices call for, with less
    money where that is more than the limits allow.

    Args:
        terms: Limits on money.
        limits: Of the lines.
        objective: What money is worth.
        entry: Shape (lines,), most worth that a minor unit can have on each line.
        solver: The engine.
        rounds: Times that the curves are cut, at the most.

    Raises:
        StoppedError: The time was over before anything was found.
    """
    wait = wait_of(solver)
    prices = first_prices(terms, limits, objective, wait)
    working = hopeful(terms, limits, objective, entry, prices)
    curved = objective.given is None and not alone(solver)
    cuts = first = first_cuts(limits, objective, terms.linear)
    found: Relaxed | None = None
    for _ in range(rounds):
        few, curves = limits.take(working), objective.take(working)
        within = terms.take(working).linear
        if curved:
            answer = on_curves(within, few, curves, prices, wait, or_less=found is None)
            curved = answer is not None
        if not curved:
            near = None if found is None else prices
            try:
                answer = sifted(within, few, curves, cuts.take(working), or_stopped(solver), near)
            except StoppedError:
                if found is None:
                    raise
                return replace(found, stopped=True)
        if answer is None and len(working) < objective.lines:
            working = np.arange(objective.lines)
            continue
        if answer is None:
            return None
        prices = answer.prices
        amounts = np.zeros(objective.lines)
        amounts[working] = answer.amounts
        money = prices[: len(terms.linear)]
        nothing = np.zeros(objective.lines)
        charged = (nothing, nothing, 0.0)
        proof = lagrangian_bound(objective, limits, terms.linear, money, amounts, entry, charged, NONE)
        bound = proof.value if found is None else min(found.bound, proof.value)
        found = Relaxed(amounts, answer.worth, money, bound, cuts, working, choices=False, proof=proof)
        wait.tell(Progress(found.straight, found.bound))
        if found.loss <= CLOSE_ENOUGH:
            break
        if answer.hurried:
            return replace(found, stopped=True)
        calling = called_for(proof, working)
        curved = curved and len(calling) > 0
        cuts = cuts_around(first, found, prices, limits, objective)
        working = np.union1d(working, calling)
    return found


class Answer(NamedTuple):
    """Shape (working lines,) minor units, what they are worth, and prices.

    Prices have the shape (terms + pools,): worth per minor unit of a term's limit, and of a unit that flows into a pool.
    `hurried`: the wait ended before they were settled.
    """

    amounts: Array
    worth: float
    prices: Array
    hurried: bool = False


def on_curves(
    terms: Sequence[Linear],
    limits: Limits,
    objective: Objective,
    prices: Array,
    wait: Wait = ENDLESS,
    *,
    or_less: bool = False,
) -> Answer | None:
    """The best money on the true curves; `None` where no prices are found that keep the terms to the minor unit.

    `or_less`: whether amounts that keep them, though not the best, will do where the wait is over.
    """
    sums = limited_sums(terms, objective, np.zeros(objective.lines))
    prices, amounts = prices_and_amounts(objective, limits, sums, prices, wait)
    now = sums.of(np.concatenate([amounts, np.zeros(sums.pools)]))[: len(terms)]
    if (now > sums.high[: len(terms)] + UNKEPT).any() or (now < sums.low[: len(terms)] - UNKEPT).any():
        less = lessened(terms, limits, amounts) if or_less and wait.over else None
        return None if less is None else Answer(less, objective.total(less), prices, hurried=True)
    return Answer(amounts, objective.total(amounts), prices)


def sifted(
    terms: Sequence[Linear],
    limits: Limits,
    objective: Objective,
    cuts: Cuts,
    solver: Solver,
    prices: Array | None,
) -> Answer | None:
    """The best money between the cuts; `None` where none keeps the terms. `prices` are about right, if known."""
    found = sift(straight_pieces(terms, limits, objective, cuts), solver, prices)
    if found is None:
        return None
    straight = found.value + counted_at_once(limits, objective)
    return Answer(found.amounts[: objective.lines] + limits.least, straight, found.prices)


def cuts_around(first: Cuts, found: Relaxed, prices: Array, limits: Limits, objective: Objective) -> Cuts:
    """The first cuts and some around the prices that were found."""
    around = AROUND * float(np.sqrt(max(found.loss, 0.0)))
    inflow = by_layer(objective.pools, prices[len(found.prices) :])
    loads = with_loads(first.pools, objective, found.amounts, inflow, around)
    near = beside(found.proof.best, objective.bend, around)
    return first.finer(np.stack([found.amounts, *near], axis=1), limits, loads, first.rows)


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
    due = limits.least.astype(float)
    sums = limited_sums(terms, objective, due, share)
    if not objective.pools:
        return Straight(slope, length, sums)
    chords = [chords_of(loads, at.size) for loads, at in zip(cuts.pools, objective.pools, strict=True)]
    wide = max(slope.shape[1], *(part.shape[1] for part, _ in chords))
    return Straight(
        np.concatenate([_widened(part, wide) for part in (slope, *(slope for _, slope in chords))]),
        np.concatenate([_widened(part, wide) for part in (length, *(length for length, _ in chords))]),
        sums,
    )


def limited_sums(terms: Sequence[Linear], objective: Objective, due: Array, share: float = 1.0) -> Sums:
    """The rows over what lines receive beyond what is due, shape (lines,), and those of the pools.

    `share` is the part of the limits that is for these lines.
    """
    rows, common = money_rows(terms, objective.lines)
    least = rows @ due + common * due.sum()
    low = np.array([term.at_least for term in terms]) * share - least
    high = np.array([term.at_most for term in terms]) * share - least
    if not objective.pools:
        return Sums(rows, low, high, common=common)
    into, onto = into_pools(objective), onto_pools(objective.pools)
    inside = into >= 0
    flowing = objective.worth(due[:, None])[:, 0] if due.any() else due
    place = np.concatenate([into, onto])
    return Sums(
        sp.csr_array(sp.block_diag([rows, sp.eye_array(len(onto))])),
        np.concatenate([low, np.full(len(onto), -np.inf)]),
        np.concatenate([high, np.bincount(into[inside], flowing[inside], len(onto))]),
        np.where(place >= 0, len(terms) + place, -1),
        len(onto),
        np.pad(common, (0, len(onto))),
    )


def _widened(part: Array, wide: int) -> Array:
    """With more columns of nothing."""
    return np.pad(part, ((0, 0), (0, wide - part.shape[1])))


def first_prices(terms: Terms, limits: Limits, objective: Objective, wait: Wait = ENDLESS) -> Array:
    """Shape (rows,): prices of terms and pools on a sample of the lines, near those of all."""
    lines = objective.lines
    count = min(SAMPLE, lines)
    share = count / max(lines, 1)
    # The seed is part of the method: strides would fall in step with how lines are listed.
    chosen = np.sort(np.random.default_rng(0).permutation(lines)[:count])
    few, curves = limits.take(chosen), objective.take(chosen).in_smaller_pools(share)
    within = terms.take(chosen).linear
    pieces = straight_pieces(within, few, curves, first_cuts(few, curves), share)
    if objective.given is not None:
        return smoothed_prices(pieces, wait=wait)
    rough = rough_prices(pieces, wait)
    if lines <= SMALL:
        return rough
    sums = limited_sums(within, curves, np.zeros(count), share)
    return prices_and_amounts(curves, few, sums, rough, wait)[0]


def hopeful(terms: Terms, limits: Limits, objective: Objective, entry: Array, prices: Array) -> Index:
    """Lines whose first money is worth about its price or more; of few lines all."""
    if objective.lines <= SMALL:
        return np.arange(objective.lines)
    count = len(terms.linear)
    paid, _ = paid_by_line(terms.linear, prices[:count], len(entry))
    valued = np.append(prices[count:], 1.0)[into_pools(objective)]
    hoped = (entry * valued > HOPEFUL * paid) | limits.needed
    hoped[np.argpartition(-entry, SMALL)[:SMALL]] = True
    return np.flatnonzero(hoped)
