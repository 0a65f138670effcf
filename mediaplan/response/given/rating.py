"""A rate card as a response: what it says of its lines, alone or beside what a history says of the others."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from mediaplan.errors import InputError
from mediaplan.history.reading.ratecards import PLAIN, USES_PREFIX, Rates
from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX, Audiences, Posts
from mediaplan.response.given.more_names import names_with, recoded, retold
from mediaplan.response.given.rated_curves import Rated, ladders_of
from mediaplan.response.given.refused_rates import unblendable, unpayable
from mediaplan.response.ladders import UNITS, USES
from mediaplan.response.responses import Estimate, Offer, Response
from mediaplan.slots import Slots


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
        seen=np.zeros((0, len(DIMENSIONS)), dtype=np.int32), estimate=Rated(None, {}, (), {}, None, (), 1.0),
        posts=posts, audiences=audiences, slots=slots, as_of=as_of,
        median_line=float(np.median(rates.columns["cost"])),
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
        InputError: Its money can't be paid; the card is to be blended and holds whole units, fixed money, leasts or
            several tiers.
    """
    if counts is None or isinstance(counts, str):
        return _rated(response, rates, response.estimate, 0.0 if counts == "history" else 1.0, counts)
    if problems := unblendable(rates):
        raise InputError(*problems)
    return _rated(response, rates, response.estimate, float(counts), "blend")


def _rated(
    response: Response, rates: Rates, inner: Estimate | None, weight: float, mode: str | None
) -> Response:
    """The response with that card; `mode` is which counts, `weight` the part of the card."""
    if problems := unpayable(rates, response.currency):
        raise InputError(*problems)
    alias = _only_kind(response, rates)
    columns = {alias.get(kind, kind): RESULT_PREFIX + kind for kind in rates.kinds}
    columns |= {USES + name: USES_PREFIX + name for name in rates.resources}
    real = tuple(dict.fromkeys((*response.kinds, *(alias.get(kind, kind) for kind in rates.kinds))))
    kinds = (*real, UNITS, *(USES + name for name in rates.resources))
    dimensions = rates.dimensions
    named = [at for at, dimension in enumerate(DIMENSIONS) if dimension in dimensions]
    stated = {tuple(key[at] for at in named): number for number, key in enumerate(rates.lines)}
    names = names_with(response, rates)
    digest = hashlib.sha256(
        f"{response.digest}{response.currency}{mode}{weight}{rates.text}".encode()
    ).hexdigest()
    return replace(
        response,
        kinds=real,
        names=names,
        seen=recoded(response.seen, response.names, names),
        past=retold(response.past, response.names, names),
        estimate=Rated(
            inner, response.names, kinds, stated, ladders_of(rates, kinds, columns), dimensions, weight
        ),
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
