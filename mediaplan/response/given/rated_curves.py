"""The curves of a rate card's lines, beside those that the history knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.reading.ratecards import Rates
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.curves import Array, Curves
from mediaplan.response.ladders import UNITS, USES, Ladders
from mediaplan.response.lines import Lines
from mediaplan.response.pools import Pools
from mediaplan.response.responses import Estimate


@dataclass(frozen=True, eq=False)
class Rated:
    """An estimate that knows the lines of a rate card.

    Attributes:
        estimate: Of the other lines; `None` = there is no history.
        names: The names that `estimate` knows.
        kinds: Kinds of result of both, then units, then resources.
        stated: By the names of a line in the card's dimensions, its place among the ladders.
        ladders: Of the card's lines, over `kinds`.
        dimensions: That the card names.
        weight: Part (0-1) of the card in what is expected of lines that the history knows too.
    """

    estimate: Estimate | None
    names: Mapping[str, tuple[str, ...]]
    kinds: tuple[str, ...]
    stated: Mapping[tuple[str, ...], int]
    ladders: Ladders | None
    dimensions: tuple[str, ...]
    weight: float

    def curves(self, lines: Lines) -> Curves:
        """Curves of those lines."""
        keys = _keys_of(lines, self.dimensions)
        rated = np.array([key in self.stated for key in keys], dtype=bool)
        known, own = self._known(lines)
        asked = known & (~rated | (self.weight < 1))
        rated &= ~(known & (self.weight <= 0))
        inner = None
        if self.estimate is not None and asked.any():
            codes = {d: own[d][asked] for d in DIMENSIONS}
            inner = self.estimate.curves(Lines(self.names, codes, lines.start[asked], lines.days[asked]))
        places = np.flatnonzero(rated)
        given = None
        if self.ladders is not None and len(places):
            given = _placed(self.ladders, np.array([self.stated[keys[i]] for i in places]), places)
        both = rated & asked
        if given is not None and both.any():
            given = given.times(np.where(both, self.weight, 1.0))
        return _joined(inner, asked, np.where(both, 1.0 - self.weight, 1.0), given, rated, self.kinds)

    def drawn(self, draws: int) -> Self:
        """The same with at most so many posterior draws."""
        return replace(self, estimate=None if self.estimate is None else self.estimate.drawn(draws))

    def _known(self, lines: Lines) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.int32]]]:
        """Lines of which the estimate can tell, and the codes of all lines in its names."""
        codes, known = {}, np.ones(len(lines), dtype=bool)
        for dimension in DIMENSIONS:
            place = {name: i for i, name in enumerate(self.names[dimension])}
            own = [*(place.get(name, -2) for name in lines.names[dimension]), -1]
            codes[dimension] = np.array(own, dtype=np.int32)[lines.codes[dimension]]
            known &= (codes[dimension] >= 0) | ((codes[dimension] == -1) & (not place))
        return known, codes


def _keys_of(lines: Lines, dimensions: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The names of each line in some dimensions; blank where it is not broken down by one."""
    labels = [[label or "" for label in lines.labels(d)] for d in dimensions]
    return list(zip(*labels, strict=True)) if labels else [()] * len(lines)


def _joined(
    inner: Curves | None,
    asked: NDArray[np.bool_],
    part: Array,
    given: Ladders | None,
    rated: NDArray[np.bool_],
    kinds: tuple[str, ...],
) -> Curves:
    """The curves of all lines: those that are asked of the history, and those of the card."""
    lines, draws = len(asked), 1 if inner is None else inner.draws
    rate, scale = np.zeros((len(kinds), lines, draws)), np.ones((len(kinds), lines, draws))
    dispersion, cover = np.zeros(len(kinds)), np.where(rated, 1e300, 0.0)
    seen, usual = rated.copy(), None
    pools: tuple[Pools, ...] = ()
    if inner is not None:
        places, at = np.flatnonzero(asked), np.array([kinds.index(kind) for kind in inner.kinds])
        rate[np.ix_(at, places)], scale[np.ix_(at, places)] = inner.rate, inner.scale
        rate *= part[None, :, None]
        dispersion[at] = inner.dispersion
        cover[places] = np.maximum(inner.cover, cover[places])
        seen[places] |= inner.seen
        pools = tuple(_spread(layer, places, at, (len(kinds), lines)) for layer in inner.pools)
    return Curves(kinds, rate, scale, dispersion, cover, seen, pools, usual, given)


def _spread(layer: Pools, places: NDArray[np.intp], kinds: NDArray[np.intp], shape: tuple[int, int]) -> Pools:
    """The layer among more lines and kinds; the others share their people with no line."""
    member = np.full(shape[1], -1, dtype=np.int32)
    member[places] = layer.member
    weight = np.zeros(shape)
    weight[np.ix_(kinds, places)] = layer.weight
    return Pools(member, layer.size, weight, layer.doubt)


def ladders_of(rates: Rates, kinds: tuple[str, ...], columns: Mapping[str, str]) -> Ladders:
    """The ladders of all lines of a card, in the order of its lines.

    Args:
        rates: The card.
        kinds: Kinds of result, units and resources that the ladders tell.
        columns: Which column tells each; those without one are 0.
    """
    tiers = list(rates.lines.values())
    count = np.array([len(places) for places in tiers], dtype=np.intp)
    number = np.arange(count.max(initial=1))
    real, last = number < count[:, None], (np.arange(len(count)), count - 1)
    rows, ends = np.concatenate(tiers), np.cumsum(count)
    # Lines with fewer tiers than others end in empty ones, which begin where their own end.
    place = rows[(ends - count)[:, None] + np.minimum(number, count[:, None] - 1)]
    told = {name: cells.astype(float) for name, cells in rates.columns.items() if name not in DIMENSIONS}
    cost, up_to = told["cost"][place], np.where(real, told["up_to"][place], 0.0)
    length, fixed = np.where(real, up_to * cost, 0.0), told["fixed"][place[:, 0]]
    start = fixed[:, None] + _before(length)
    end = start[last] + np.where(np.isfinite(length[last]), length[last], 0.0)
    slope = np.zeros((len(kinds), *cost.shape))
    for at, kind in enumerate(kinds):
        if kind == UNITS:
            slope[at] = np.where(real, 1.0 / cost, 0.0)
        elif kind in columns:
            slope[at] = np.where(real, told[columns[kind]][place] / cost, 0.0)
    wanted = told["at_least"][place[:, 0]]
    units = np.clip(wanted[:, None] - _before(up_to), 0.0, up_to)
    least = np.where((wanted > 0) | (fixed > 0), fixed + (units * cost).sum(axis=1), 0.0)
    firm = np.array([kind == UNITS or kind.startswith(USES) for kind in kinds])
    return Ladders(
        np.arange(len(count)), np.where(real, start, end[:, None]), length, slope, cost,
        least, told["whole"][place[:, 0]] > 0, firm,
    )  # fmt: skip


def _before(lengths: Array) -> Array:
    """Shape (lines, tiers): what the tiers before each are long together."""
    return np.concatenate([np.zeros((len(lengths), 1)), np.cumsum(lengths[:, :-1], axis=1)], axis=1)


def _placed(ladders: Ladders, rows: NDArray[np.intp], places: NDArray[np.intp]) -> Ladders:
    """These of the ladders as those of the lines at these places, without tiers that none of them has."""
    tiers = int((ladders.length[rows] > 0).sum(axis=1).max())
    return replace(
        ladders, line=places, start=ladders.start[rows, :tiers], length=ladders.length[rows, :tiers],
        slope=ladders.slope[:, rows, :tiers], cost=ladders.cost[rows, :tiers], least=ladders.least[rows],
        whole=ladders.whole[rows],
    )  # fmt: skip
