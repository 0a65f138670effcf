"""The curves of a rate card's lines, beside those that the history knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        stated: By the names of a line in the card's dimensions, its ladder over `kinds`.
        dimensions: That the card names.
        weight: Part (0-1) of the card in what is expected of lines that the history knows too.
    """

    estimate: Estimate | None
    names: Mapping[str, tuple[str, ...]]
    kinds: tuple[str, ...]
    stated: Mapping[tuple[str, ...], Ladders]
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
        given = _stacked([self.stated[keys[i]] for i in places], places) if len(places) else None
        both = rated & asked
        if given is not None and both.any():
            given = given.times(np.where(both, self.weight, 1.0))
        return _joined(inner, asked, np.where(both, 1.0 - self.weight, 1.0), given, rated, self.kinds)

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


def _stacked(ladders: list[Ladders], places: NDArray[np.intp]) -> Ladders:
    """Ladders of one line each as those of several lines."""
    tiers = max(one.start.shape[1] for one in ladders)
    whole = [_lengthened(one, tiers) for one in ladders]
    return Ladders(
        places,
        np.concatenate([one.start for one in whole]),
        np.concatenate([one.length for one in whole]),
        np.concatenate([one.slope for one in whole], axis=1),
        np.concatenate([one.cost for one in whole]),
        np.concatenate([one.least for one in whole]),
        np.concatenate([one.whole for one in whole]),
        ladders[0].firm,
    )  # fmt: skip


def _lengthened(ladder: Ladders, tiers: int) -> Ladders:
    """The ladder of one line with so many tiers, of which the last are empty and begin where its own end."""
    more = tiers - ladder.start.shape[1]
    last = ladder.start[:, -1:] + np.where(np.isfinite(ladder.length), ladder.length, 0.0)[:, -1:]
    none = np.zeros_like(last)
    return replace(
        ladder,
        start=np.concatenate([ladder.start, *[last] * more], axis=1),
        length=np.concatenate([ladder.length, *[none] * more], axis=1),
        slope=np.concatenate([ladder.slope, *[np.zeros_like(ladder.slope[..., -1:])] * more], axis=-1),
        cost=np.concatenate([ladder.cost, *[ladder.cost[:, -1:]] * more], axis=1),
    )


def ladder_of(
    tiers: Mapping[str, NDArray[Any]], kinds: tuple[str, ...], columns: Mapping[str, str]
) -> Ladders:
    """The ladder of one line.

    Args:
        tiers: Columns of the card's rows of this line, in their order.
        kinds: Kinds of result, units and resources that the ladder tells.
        columns: Which column tells each; those without one are 0.
    """
    cost, up_to = tiers["cost"].astype(float), tiers["up_to"].astype(float)
    length, fixed = up_to * cost, float(tiers["fixed"][0])
    start = fixed + np.concatenate([[0.0], np.cumsum(length[:-1])])
    slope = np.zeros((len(kinds), 1, len(cost)))
    for at, kind in enumerate(kinds):
        if kind == UNITS:
            slope[at, 0] = 1.0 / cost
        elif kind in columns:
            slope[at, 0] = tiers[columns[kind]].astype(float) / cost
    wanted = float(tiers["at_least"][0])
    before = np.concatenate([[0.0], np.cumsum(up_to[:-1])])
    least = fixed + float((np.clip(wanted - before, 0.0, up_to) * cost).sum())
    firm = np.array([kind == UNITS or kind.startswith(USES) for kind in kinds])
    return Ladders(
        np.zeros(1, dtype=np.intp), start[None], length[None], slope, cost[None],
        np.array([least if wanted or fixed else 0.0]), np.array([bool(tiers["whole"][0])]), firm,
    )  # fmt: skip
