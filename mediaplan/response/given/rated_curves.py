"""The curves that a rate card states of its lines, put among those that a history tells of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records import DIMENSIONS
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
        keys = keys_of(lines, self.dimensions)
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


def keys_of(lines: Lines, dimensions: tuple[str, ...]) -> list[tuple[str, ...]]:
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

    def padded(values: Array, fill: float | None = None) -> Array:
        short = tiers - values.shape[-1]
        last = values[..., -1:] if fill is None else np.full_like(values[..., -1:], fill)
        return np.concatenate([values, *[last] * short], axis=-1) if short else values

    ends = [np.where(np.isfinite(x.length), x.start + x.length, x.start) for x in ladders]
    start = [
        np.concatenate([x.start, *[e[:, -1:]] * (tiers - x.start.shape[1])], axis=1)
        for x, e in zip(ladders, ends, strict=True)
    ]
    return Ladders(
        places,
        np.concatenate(start),
        np.concatenate([padded(x.length, 0.0) for x in ladders]),
        np.concatenate([padded(x.slope, 0.0) for x in ladders], axis=1),
        np.concatenate([padded(x.cost) for x in ladders]),
        np.concatenate([x.least for x in ladders]),
        np.concatenate([x.whole for x in ladders]),
        ladders[0].firm,
    )  # fmt: skip


def ladder_of(tiers: pd.DataFrame, kinds: tuple[str, ...], columns: Mapping[str, str]) -> Ladders:
    """The ladder of one line."""
    cost = tiers["cost"].to_numpy(dtype=float)
    length = tiers["up_to"].to_numpy(dtype=float) * cost
    fixed = float(tiers["fixed"].iloc[0])
    start = fixed + np.concatenate([[0.0], np.cumsum(length[:-1])])
    slope = np.zeros((len(kinds), 1, len(cost)))
    for at, kind in enumerate(kinds):
        if kind == UNITS:
            slope[at, 0] = 1.0 / cost
        elif kind in columns:
            slope[at, 0] = tiers[columns[kind]].to_numpy(dtype=float) / cost
    wanted = float(tiers["at_least"].iloc[0])
    before = np.concatenate([[0.0], np.cumsum(tiers["up_to"].to_numpy(dtype=float)[:-1])])
    least = fixed + float((np.clip(wanted - before, 0.0, tiers["up_to"].to_numpy(dtype=float)) * cost).sum())
    firm = np.array([kind == UNITS or kind.startswith(USES) for kind in kinds])
    return Ladders(
        np.zeros(1, dtype=np.intp), start[None], length[None], slope, cost[None],
        np.array([least if wanted or fixed else 0.0]), np.array([bool(tiers["whole"].iloc[0])]), firm,
    )  # fmt: skip
