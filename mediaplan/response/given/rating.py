"""A rate card as a response: what it says of its lines, alone or beside what a history says of the others."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem
from mediaplan.history.reading.ratecards import PLAIN, USES_PREFIX, Rates, table_of
from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX, Audiences, Posts
from mediaplan.money import Money, decimals
from mediaplan.response.curves import Array, Curves
from mediaplan.response.ladders import UNITS, USES, Ladders
from mediaplan.response.lines import Lines
from mediaplan.response.past import Past
from mediaplan.response.pools import Pools
from mediaplan.response.responses import Estimate, Offer, Response
from mediaplan.slots import Slots
from mediaplan.words import Sentence


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


def _ladder(tiers: Mapping[str, NDArray[Any]], kinds: tuple[str, ...], columns: Mapping[str, str]) -> Ladders:
    """The ladder of one line, of the columns of its tiers."""
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


def from_rates(
    rates: Rates,
    *,
    currency: str,
    as_of: date,
    posts: Posts | None = None,
    audiences: Audiences | None = None,
    slots: Slots = Slots(),  # noqa: B008 - frozen and empty
) -> Response:
    """A response without any history, from a rate card alone.

    Args:
        rates: The card, in `currency`.
        currency: ISO 4217 code of its money.
        as_of: The day on which it holds.
        posts: That can be sponsored; where the card names no post, each of its lines is one for each of these.
        audiences: Likewise.
        slots: The brief's named slots.

    Raises:
        InputError: Its money can't be paid.
    """
    listed = [word for one in (posts, audiences) if one is not None for word in one.origin.warnings]
    nothing = Response(
        currency=currency, kinds=(), names=dict.fromkeys(DIMENSIONS, ()),
        seen=np.zeros((0, len(DIMENSIONS)), dtype=np.int32), estimate=Rated(None, {}, (), {}, (), 1.0),
        posts=posts, audiences=audiences, slots=slots, as_of=as_of,
        median_line=float(rates.rows["cost"].median()),
        warnings=tuple(listed), history_digest="", digest="", seed=1,
    )  # fmt: skip
    return _rated(nothing, rates, None, 1.0, "first")


def rated(response: Response, rates: Rates, counts: Any = None) -> Response:
    """The response with a rate card beside what its history says.

    Args:
        response: As it was fitted.
        rates: The card, in the response's currency.
        counts: Which counts for lines that both know: `"first"` (the card), `"history"`, a number from 0 to 1 (the
            part of the card in what is expected), or `None`, where no line may be in both.

    Raises:
        InputError: Its money can't be paid; a line is in both and nothing says which counts; the card is to be blended
            and holds whole units, fixed money, leasts or several tiers.
    """
    weight = (
        {"history": 0.0}.get(counts, 1.0)
        if isinstance(counts, str)
        else 1.0
        if counts is None
        else float(counts)
    )
    mode = counts if counts is None or isinstance(counts, str) else "blend"
    if mode == "blend" and (problems := _unblendable(rates)):
        raise InputError(*problems)
    return _rated(response, rates, response.estimate, weight, mode)


def _rated(
    response: Response, rates: Rates, inner: Estimate | None, weight: float, mode: str | None
) -> Response:
    if problems := _unpayable(rates, response.currency):
        raise InputError(*problems)
    alias = _only_kind(response, rates)
    columns = {alias.get(kind, kind): RESULT_PREFIX + kind for kind in rates.kinds}
    columns |= {USES + name: USES_PREFIX + name for name in rates.resources}
    real = tuple(dict.fromkeys((*response.kinds, *(alias.get(kind, kind) for kind in rates.kinds))))
    kinds = (*real, UNITS, *(USES + name for name in rates.resources))
    dimensions = rates.dimensions
    stated = {
        tuple(name for name, d in zip(key, DIMENSIONS, strict=True) if d in dimensions): _ladder(
            tiers, kinds, columns
        )
        for key, tiers in table_of(rates)
    }
    names = _names(response, rates)
    digest = hashlib.sha256(
        f"{response.digest}{response.currency}{mode}{weight}{rates.rows.to_csv(index=False)}".encode()
    ).hexdigest()
    return replace(
        response,
        kinds=real,
        names=names,
        seen=_recoded(response.seen, response.names, names),
        past=_renamed(response.past, response.names, names),
        estimate=Rated(inner, response.names, kinds, stated, dimensions, weight),
        warnings=(*response.warnings, *rates.origin.warnings),
        digest=digest,
        offer=Offer(
            response.names if inner is not None else None, dimensions, tuple(stated), mode, rates.resources
        ),
    )


def _only_kind(response: Response, rates: Rates) -> dict[str, str]:
    """Results of no kind are those of the history, where it knows one kind only."""
    if len(response.kinds) == 1 and PLAIN in rates.kinds and response.kinds[0] not in rates.kinds:
        return {PLAIN: response.kinds[0]}
    return {}


def _names(response: Response, rates: Rates) -> dict[str, tuple[str, ...]]:
    found = {d: {*response.names[d], *rates.rows[d].dropna()} for d in DIMENSIONS}
    if response.posts is not None:
        found["post"] |= set(response.posts.names)
    if response.audiences is not None:
        found["audience"] |= set(response.audiences.names)
    found["slot"] |= set(response.slots.named)
    return {d: tuple(sorted(map(str, found[d]))) for d in DIMENSIONS}


def _renamed(
    past: Past | None, known: Mapping[str, tuple[str, ...]], names: Mapping[str, tuple[str, ...]]
) -> Past | None:
    """What the history tells, in other names that hold its own too."""
    if past is None:
        return None
    stages = []
    for stage in past.stages:
        at = DIMENSIONS.index(stage.dimension)
        codes = np.full((len(stage.code), len(DIMENSIONS)), -1, dtype=np.int32)
        codes[:, at] = stage.code
        stages.append(replace(stage, code=_recoded(codes, known, names)[:, at]))
    return replace(past, codes=_recoded(past.codes, known, names), stages=tuple(stages))


def _recoded(
    codes: NDArray[np.int32], known: Mapping[str, tuple[str, ...]], names: Mapping[str, tuple[str, ...]]
) -> NDArray[np.int32]:
    """Combinations of names, shape (n, 4), in other names that hold them too; codes beyond the names stay beyond."""
    moved = codes.copy()
    for at, dimension in enumerate(DIMENSIONS):
        place = {name: i for i, name in enumerate(names[dimension])}
        own, more = codes[:, at], len(names[dimension]) - len(known[dimension])
        to = np.array([*(place[name] for name in known[dimension]), -1], dtype=np.int32)
        beyond = own >= len(known[dimension])
        moved[:, at] = np.where(beyond, own + more, to[np.where(beyond, -1, own)])
    return moved


def _unblendable(rates: Rates) -> list[Problem]:
    """Rows that half a card can't stand for: what is due whole, or once, or tier by tier."""
    rows = rates.rows
    several = rows.duplicated(list(DIMENSIONS), keep=False).to_numpy()
    odd = (
        rows["whole"].to_numpy()
        | (rows["fixed"] > 0).to_numpy()
        | (rows["at_least"] > 0).to_numpy()
        | several
    )
    return [
        Problem(
            Sentence(
                "a line of whole units, fixed money, a least or several tiers can't be blended with a history."
            ),
            Sentence(
                "Write {first} or {history} in the brief.",
                first='rates = "first"',
                history='rates = "history"',
            ),
            **rates.origin.place(int(at)),
        )
        for at in np.flatnonzero(odd)
    ]


def _unpayable(rates: Rates, currency: str) -> list[Problem]:
    """Money that is finer than a minor unit where it is due as it stands."""
    unit = 10 ** decimals(currency)
    problems = []
    for column, mask in (
        ("cost", rates.rows["whole"].to_numpy()),
        ("fixed", np.ones(len(rates.rows), dtype=bool)),
    ):
        money = rates.rows[column].to_numpy(dtype=float) * unit
        fine = mask & (np.abs(money - np.round(money)) > 1e-6 * np.maximum(1.0, np.abs(money) * 1e-6))
        for at in np.flatnonzero(fine):
            value = f"{rates.rows[column][at]:g}"
            problems.append(
                Problem(
                    Sentence(
                        "{value} can't be paid: the smallest money is {unit}.",
                        value=value,
                        unit=Money(1, currency),
                    ),
                    Sentence("Give whole money, or a unit that is many times as large."),
                    **rates.origin.place(int(at)),
                    column=column,
                    value=value,
                )
            )
    return problems
