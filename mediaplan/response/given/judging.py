"""Judgements become a part of the Response: on top of what the history says, or in its place where there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from mediaplan.errors import InputError, Problem
from mediaplan.history.records.records import DIMENSIONS, Audiences, Posts
from mediaplan.response.given.judged_curves import Judged
from mediaplan.response.given.judgements import Judgement
from mediaplan.response.responses import Response
from mediaplan.response.rows.naming import collect, place
from mediaplan.slots import Slots
from mediaplan.words import Sentence


def judged(response: Response, judgements: Sequence[Judgement]) -> Response:
    """The response with judgements on top of what its history says.

    Args:
        response: As it was fitted; its names must hold those of the judgements.
        judgements: Each with its days.

    Raises:
        InputError: A judgement does not say its days.
    """
    if not judgements:
        return response
    _check_days(judgements)
    estimate = Judged(
        response.estimate, response.kinds, tuple(judgements), _attributes(response.posts), response.seed
    )
    more = hashlib.sha256(f"{response.digest} {[j.to_dict() for j in judgements]}".encode()).hexdigest()
    said = tuple(map(_said, judgements))
    return replace(response, estimate=estimate, digest=more, warnings=(*response.warnings, *said))


def guess(
    judgements: Sequence[Judgement],
    *,
    currency: str,
    as_of: date,
    kinds: tuple[str, ...] | None = None,
    posts: Posts | None = None,
    audiences: Audiences | None = None,
    slots: Slots = Slots(),  # noqa: B008 - frozen and empty
    seed: int = 1,
) -> Response:
    """A response without any history, from judgements alone.

    Args:
        judgements: At least one, each with its days.
        currency: ISO 4217 code of their money.
        as_of: The day on which they were made.
        kinds: Of result that are wanted; default: those that the judgements name, or “result”.
        posts: That can be sponsored; without them, those that the judgements name.
        audiences: As for the fit.
        slots: The brief's named slots.
        seed: Of the draws.

    Raises:
        InputError: There is no judgement, or one does not say its days.
    """
    if not judgements:
        message = Sentence("there is neither a history nor a judgement to plan from.")
        raise InputError(Problem(message, Sentence("Give one of them."), column="judgement"))
    _check_days(judgements)
    rows = _naming(judgements)
    placed = place(rows, slots, currency)
    names = collect(rows, placed, posts, audiences)
    wanted = kinds or tuple(sorted({j.type or "result" for j in judgements}))
    digest = hashlib.sha256(repr([sorted(j.to_dict().items()) for j in judgements]).encode()).hexdigest()
    listed = (word for one in (posts, audiences) if one is not None for word in one.origin.warnings)
    nothing = Sentence(
        "There is no history: all that is expected rests on your judgements. After a week, plan from what came of it."
    )
    return Response(
        currency=currency,
        kinds=wanted,
        names=names.known,
        seen=np.zeros((0, len(DIMENSIONS)), dtype=np.int32),
        estimate=Judged(None, wanted, tuple(judgements), _attributes(posts), seed),
        posts=posts,
        audiences=audiences,
        slots=placed.slots,
        as_of=as_of,
        median_line=float(np.median([j.spend for j in judgements])),
        warnings=(nothing, *map(_said, judgements), *listed),
        history_digest="",
        digest=digest,
        seed=seed,
    )


def _naming(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Rows without money that hold every name of the judgements."""
    each = [
        {dimension: name}
        for judged in judgements
        for dimension in DIMENSIONS
        for name in judged.picks.get(dimension, ())
    ]
    rows = pd.DataFrame(each or [{}], columns=list(DIMENSIONS)).astype("str").where(lambda t: t != "nan")
    return rows.assign(
        date=pd.Timestamp(0), days=1, hour=np.nan, spend=0.0, **{d: rows[d] for d in DIMENSIONS}
    )


def _attributes(posts: Posts | None) -> dict[str, dict[str, str]]:
    if posts is None:
        return {"format": {}, "topic": {}}
    rows = posts.rows
    return {
        key: {str(p): str(v) for p, v in zip(rows["post"], rows[key], strict=True) if isinstance(v, str)}
        for key in ("format", "topic")
    }


def _check_days(judgements: Sequence[Judgement]) -> None:
    problems = [
        Problem(
            Sentence("the judgement on {subject} does not say over how many days.", subject=j.subject()),
            Sentence("Add {example}.", example="days=14"),
            column=f"judgement {number}.days",
        )
        for number, j in enumerate(judgements, start=1)
        if j.days is None
    ]
    if problems:
        raise InputError(*problems)


def _said(judged: Judgement) -> Sentence:
    return Sentence(
        "Your judgement counts for {subject}: {results} results for {spend} in {days} days. Half as many or twice as "
        "many would be no surprise.",
        subject=judged.subject(),
        results=judged.results,
        spend=judged.spend,
        days=judged.days,
    )
