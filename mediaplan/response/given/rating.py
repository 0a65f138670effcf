"""A rate card becomes a Response, alone or beside a history, or is refused with what can't be planned by it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem
from mediaplan.history.ratecards import PLAIN, USES_PREFIX, Rates, table_of
from mediaplan.history.records import DIMENSIONS, RESULT_PREFIX, Audiences, Posts
from mediaplan.money import Money, decimals
from mediaplan.response.given.rated_curves import Rated, ladder_of
from mediaplan.response.ladders import UNITS, USES
from mediaplan.response.responses import Estimate, Offer, Response
from mediaplan.slots import Slots
from mediaplan.words import Sentence


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
        tuple(name for name, d in zip(key, DIMENSIONS, strict=True) if d in dimensions): ladder_of(
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
        past=None
        if response.past is None
        else replace(response.past, codes=_recoded(response.past.codes, response.names, names)),
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
