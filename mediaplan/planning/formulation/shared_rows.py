"""Rows over results of lines that share people, as a program states them: in layers of their own.

Where a rule counts all lines of the pools that it touches, the results it counts are what those pools give: concave, and
stated as they are. Where it counts only a part, the other lines wear the people too:

    A / (1 + (A + B) / S)       A what the counted lines would bring alone, B the others

is concave in A and convex in B. With B as in some plan it is a pool of its own, S / (S + B) · A in a size of S; what B takes
beyond that is stated by its tangent there. With B no more than what the other lines bring in every plan, it is nowhere below
what the rule counts, so that the program's bound holds for the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Term
from mediaplan.brief.weights import Places, Weights
from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.sure_others import parts_left
from mediaplan.response.pools import Pools, kept, next_kept

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = NDArray[np.intp]

ALIKE = 1e-9
"""Part by which what two lines wear for a counted result may differ and be the same."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Shared(Linear):
    """A row whose results flow through layers of people: `sign · (what the layers leave of Σ flow · own results)` is
    added to its weighted sum; its `results` are those of lines on their own.

    Attributes:
        flow: Shape (kinds, lines), ≥ 0, what one own result adds before the layers.
        layers: In the row's unit; lines that the rule does not count are members of none.
        sign: 1 where the row asks for results, -1 where they pay for what it limits.
        money: Whether the rule's limit is in minor units of money.
        exact: Whether it says just what the rule says, whatever the plan.
        alone: The row as if the lines that it does not count took nothing, of one that is stated around a plan.
    """

    flow: Array
    layers: tuple[Pools, ...]
    sign: float
    money: bool
    exact: bool
    alone: Shared | None = None

    @property
    def of_money(self) -> bool:
        """Whether the rule's limit is in minor units of money."""
        return self.money

    def take(self, chosen: Index, places: Places | None = None) -> Shared:
        """The same limit over the chosen lines, by index; the others receive nothing."""
        assert self.results is not None
        places = places or Places.among(chosen, self.weights.lines)
        return replace(
            self,
            weights=self.weights.take(places),
            counted=places.of(self.counted)[0],
            results=self.results[:, chosen],
            flow=self.flow[:, chosen],
            layers=tuple(layer.take(chosen) for layer in self.layers),
            alone=None if self.alone is None else self.alone.take(chosen, places),
        )

    def said(self, objective: Objective, plan: Array) -> float:
        """What the row adds up to for a plan, shape (lines,), minor units: about what the rule counts."""
        assert self.results is not None
        own = objective.own_results(plan)
        flow = (self.flow * own).sum(axis=0)
        through = self.sign * float(flow @ kept(self.layers, flow))
        return float(self.weights @ plan) + float((self.results * own).sum()) + through

    def flowing(self, objective: Objective) -> Objective:
        """What flows into the row's layers as worth of money, on the objective's curves."""
        curves = replace(objective.curves, pools=self.layers)
        return replace(objective.weighted(self.flow), curves=curves, price=0.0, offset=0.0)


def stated(
    terms: Iterable[Term], objective: Objective, limits: Limits, plan: Array | None = None
) -> tuple[Term, ...]:
    """The terms as a program states them.

    Args:
        terms: Of all demands.
        objective: Whose curves and pools tell the results.
        limits: Of the lines.
        plan: Shape (lines,), minor units: where what lines that a rule does not count take from it is looked at;
            `None` = they take what the money takes that they must have, which is nowhere below what rules count.
    """
    if not objective.curves.pools:
        return tuple(terms)
    return tuple(
        _shared(term, objective, limits, plan)
        if isinstance(term, Linear) and _shares(term, objective)
        else term
        for term in terms
    )


def inexact(terms: Iterable[Term]) -> bool:
    """Whether some row is stated for one plan rather than for all."""
    return any(isinstance(term, Shared) and not term.exact for term in terms)


def around_plan(terms: Iterable[Term]) -> bool:
    """Whether some row is stated around a plan, so that a program's own bound is none."""
    return any(isinstance(term, Shared) and term.alone is not None for term in terms)


def _shares(term: Linear, objective: Objective) -> bool:
    """Whether it counts results of lines that share people, which wear out results and not what is bought."""
    curves = objective.curves
    return term.results is not None and bool(
        ((term.results[~curves.bought] != 0).any(axis=0) & _members(curves.pools)).any()
    )


def _members(pools: Sequence[Pools]) -> Mask:
    """Shape (lines,): lines that share people with any."""
    inside: Mask = np.any([layer.member >= 0 for layer in pools], axis=0)
    return inside


def _shared(term: Linear, objective: Objective, limits: Limits, plan: Array | None) -> Shared:
    assert term.results is not None
    pools = objective.curves.pools
    sign = 1.0 if np.isfinite(term.at_least) else -1.0
    signed = sign * term.results
    # Results that count against the others, and those that wear nobody out by the goal's count, have no pool of their own.
    counted = (signed >= 0).all(axis=0) & (signed > 0).any(axis=0)
    flow = np.where(counted, signed, 0.0)
    members, wear = _members(pools), _wear(flow, objective)
    inside = counted & (wear < np.inf) & members
    row = Shared(
        term.weights, term.at_least, term.at_most, term.counted, term.ratio,
        np.where(members | counted, 0.0, term.results), term.soft,
        flow=flow, layers=(), sign=sign, money=term.of_money, exact=False,
    )  # fmt: skip
    alike = inside & _alike(flow, wear, objective)
    beside = bool(((signed != 0).any(axis=0) & members & ~inside).any())
    brings: Mask = np.any(_brings(objective), axis=0)
    layers, whole = _alone(pools, inside, alike, wear, brings)
    alone = replace(row, layers=layers, exact=whole and not beside)
    if alone.exact:
        return alone
    if plan is None:
        return _beside(alone, inside, parts_left(inside, objective, limits)) if limits.needed.any() else alone
    signed = np.where(members | counted, signed, 0.0)
    return _around(replace(row, alone=alone), signed, inside, wear, objective, plan)


def _brings(objective: Objective) -> Mask:
    """Shape (kinds, lines): which results a line can bring."""
    curves = objective.curves
    return np.asarray((curves.rate > 0).any(axis=2) | curves.stated[None, :], dtype=np.bool_)


def _wear(flow: Array, objective: Objective) -> Array:
    """Shape (lines,): the most that a line brings of the row for a unit of what its people are worn by; inf for any."""
    weight, flow = objective.curves.pools[0].weight, np.where(_brings(objective), flow, 0.0)
    each = np.where(weight > 0, flow / np.where(weight > 0, weight, 1.0), np.where(flow > 0, np.inf, 0.0))
    most: Array = each.max(axis=0)
    return np.where(most > 0, most, np.inf)


def _alike(flow: Array, wear: Array, objective: Objective) -> Mask:
    """Shape (lines,): lines all of whose results wear people by what they bring of the row."""
    told = wear < np.inf
    even = np.where(told, wear, 0.0)[None, :] * objective.curves.pools[0].weight
    near = np.abs(flow - even) <= ALIKE * flow.max(axis=0)
    return told & np.asarray((near | ~_brings(objective)).all(axis=0), dtype=np.bool_)


def _alone(
    layers: Sequence[Pools], inside: Mask, alike: Mask, wear: Array, brings: Mask
) -> tuple[tuple[Pools, ...], bool]:
    """The layers as if no other lines had money, in the row's unit, and whether that is all there is.

    Of lines that wear a pool unlike, the one that brings most for it counts: nowhere below what all bring.
    """
    found, whole = [], True
    for layer in layers:
        mine = inside & (layer.member >= 0)
        most = np.zeros(len(layer.size))
        np.maximum.at(most, layer.member[mine], wear[mine])
        of_lines = layer.of_lines(most, 0.0)
        same = mine & alike & (wear >= of_lines * (1.0 - ALIKE))
        whole = whole and not ((of_lines > 0) & brings & ~same).any()
        found.append(_only(layer, mine, np.where(most > 0, most, 1.0) * layer.size))
    return tuple(found), whole


def _only(layer: Pools, mine: Mask, size: Array) -> Pools:
    """The layer with those lines alone, and the pools that they are in."""
    pools, place = np.unique(layer.member[mine], return_inverse=True)
    member = np.full(len(layer.member), -1, dtype=np.int32)
    member[mine] = place
    return Pools(member, size[pools], layer.weight)


def _beside(row: Shared, inside: Mask, parts: Sequence[Array]) -> Shared:
    """The row with what is left of each layer's people to the lines that it counts."""
    later, within = np.ones(len(inside)), []
    for layer, part in zip(reversed(row.layers), reversed(parts), strict=True):
        mine, scale = layer.member >= 0, np.zeros(len(layer.size))
        # Of a pool whose people are in several of the next layer, the one that is left the most of.
        np.maximum.at(scale, layer.member[mine], later[mine])
        within.append(replace(layer, size=layer.size * scale))
        later = later * np.where(inside, part, 1.0)
    return replace(row, flow=row.flow * later, layers=tuple(reversed(within)))


def _around(
    row: Shared, signed: Array, inside: Mask, wear: Array, objective: Objective, plan: Array
) -> Shared:
    """The row with what other lines take as they do in a plan, and by its tangent beyond that."""
    pools, own = objective.curves.pools, objective.own_results(plan)
    load, flow = (pools[0].weight * own).sum(axis=0), (row.flow * own).sum(axis=0)
    left, layers, part = np.ones(len(plan)), [], []
    for layer in pools:
        mine = inside & (layer.member >= 0)
        every, counted = layer.sums(load * left), layer.sums(np.where(mine, load * left, 0.0))
        brought, rest = layer.sums(np.where(mine, flow * left, 0.0)), layer.size + every - counted
        most = np.ones(len(layer.size))
        most[layer.member[mine]] = wear[mine]
        each = np.where((counted > 0) & (brought > 0), brought / np.where(counted > 0, counted, 1.0), most)
        layers.append((layer, mine, each * rest))
        part.append(layer.of_lines(layer.size / rest, 1.0))
        left = left * layer.of_lines(1.0 / (1.0 + every / layer.size), 1.0)
    later, within = np.ones(len(plan)), []
    for (layer, mine, size), taken in zip(reversed(layers), reversed(part), strict=True):
        later = later * np.where(inside, taken, 1.0)
        scale = np.ones(len(layer.size))
        scale[layer.member[mine]] = later[mine]
        within.append(_only(layer, mine, size * scale))
    later = np.where(inside, later, left)
    placed = replace(row, flow=row.flow * later, layers=tuple(reversed(within)))
    return _touching(placed, signed, own, objective, plan)


def _touching(row: Shared, signed: Array, own: Array, objective: Objective, plan: Array) -> Shared:
    """The row with the tangent of what its layers do not say, at that plan.

    What more results of a line add to the row is stated by its curve, what they take from it by the curve's tangent: the
    row stays one that keeps plans together.
    """
    assert row.results is not None
    flow = (row.flow * own).sum(axis=0)
    slope = objective.next_counted(plan, signed) - row.flow * next_kept(row.layers, flow)
    slope = np.where(
        (np.abs(slope) > ALIKE * np.abs(signed).max()) & _members(objective.curves.pools), slope, 0.0
    )
    more, less = np.maximum(slope, 0.0), np.minimum(slope, 0.0)
    money = objective.outcome_slope(plan, less)
    said = float(flow @ kept(row.layers, flow)) + float((more * own).sum()) + float(money @ plan)
    rest = row.sign * (float((signed * objective.results(plan)).sum()) - said)
    return replace(
        row,
        weights=Weights.of(row.weights.each() + row.sign * money),
        results=row.results + row.sign * more,
        at_least=row.at_least - rest,
        at_most=row.at_most - rest,
    )
