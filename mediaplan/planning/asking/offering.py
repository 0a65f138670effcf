"""Which lines a rate card adds to those of the history, and which of both count."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.responses import Offer, Response
from mediaplan.words import Sentence

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


def with_offer(
    response: Response,
    crossed: Callable[[Response], Index],
    choices: Callable[[Response, str], Index],
    fits: Callable[[Response, Index], Mask],
) -> Index:
    """Shape (combinations, 4): codes of the lines that may receive money, those of a rate card among them.

    Args:
        response: Whose names the codes are of.
        crossed: Those of the history, the posts and the audiences.
        choices: Codes that lines may have in a dimension.
        fits: Which combinations go together by the posts' and the audiences' channels.

    Raises:
        InputError: Lines are in both, and the brief does not say which counts.
    """
    offer = response.offer
    if offer is None:
        return crossed(response)
    stated = _stated(response, offer, choices)
    stated = stated[fits(response, stated)]
    if offer.known is None:
        return stated
    learnt = crossed(response)
    for at, dimension in enumerate(DIMENSIONS):
        own = [*(name in offer.known[dimension] for name in response.names[dimension]), True]
        learnt = learnt[np.array(own, dtype=bool)[learnt[:, at]]]
    return _together(response, offer, stated, learnt)


def _stated(response: Response, offer: Offer, choices: Callable[[Response, str], Index]) -> Index:
    """The card's lines: in a dimension that it does not name, each of what the posts, audiences or slots list."""
    listed = {
        "post": response.posts is not None,
        "audience": response.audiences is not None,
        "slot": bool(response.slots.named) and offer.known is None,
        "channel": False,
    }
    codes = _codes(response, offer)
    if "post" in offer.dimensions:  # the posts table may keep one from running
        post = codes[:, offer.dimensions.index("post")]
        codes = codes[np.isin(post, [-1, *choices(response, "post")])]
    unsaid = [d for d in DIMENSIONS if d not in offer.dimensions]
    axes = [choices(response, d) if listed[d] else np.array([-1]) for d in unsaid]
    every = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes)) if axes else None
    times = 1 if every is None else len(every)
    found = np.empty((len(codes) * times, len(DIMENSIONS)), dtype=np.intp)
    found[:, [DIMENSIONS.index(d) for d in offer.dimensions]] = np.repeat(codes, times, axis=0)
    if every is not None:
        found[:, [DIMENSIONS.index(d) for d in unsaid]] = np.tile(every, (len(codes), 1))
    return found


def _codes(response: Response, offer: Offer) -> Index:
    """Shape (lines of the card, its dimensions): codes of the names that it says, -1 where a line says none."""
    place = [{name: at for at, name in enumerate(response.names[d])} for d in offer.dimensions]
    said = [
        [of[name] if name else -1 for of, name in zip(place, names, strict=True)] for names in offer.lines
    ]
    return np.array(said, dtype=np.intp).reshape(len(offer.lines), len(offer.dimensions))


def _together(response: Response, offer: Offer, stated: Index, learnt: Index) -> Index:
    """Both, each line once, by what the brief says of those in both."""
    places = [DIMENSIONS.index(d) for d in offer.dimensions]
    keys = {tuple(row) for row in stated[:, places].tolist()}
    twice = np.array([tuple(row) in keys for row in learnt[:, places].tolist()], dtype=bool)
    if twice.any() and offer.counts is None:
        raise InputError(_undecided(response, learnt[twice][0], int(twice.sum())))
    if offer.counts == "history":
        both = {tuple(row) for row in learnt[twice][:, places].tolist()}
        stated = stated[[tuple(row) not in both for row in stated[:, places].tolist()]]
    elif offer.counts == "first":
        learnt = learnt[~twice]
    elif offer.counts == "blend" and twice.any():
        both = {tuple(row) for row in learnt[twice][:, places].tolist()}
        stated = stated[[tuple(row) not in both for row in stated[:, places].tolist()]]
    return np.unique(np.concatenate([stated, learnt]), axis=0)


def _undecided(response: Response, codes: NDArray[np.intp], count: int) -> Problem:
    names = [response.names[d][code] for d, code in zip(DIMENSIONS, codes, strict=True) if code >= 0]
    return Problem(
        Sentence(
            "{count} lines are in the rate card and in the history too, “{line}” among them; the brief does not say "
            "which counts.",
            count=count,
            line=" × ".join(names),
        ),
        Sentence(
            "Add {first} (the rate card), {history} or {blend} to the brief.",
            first='rates = "first"',
            history='rates = "history"',
            blend="rates = { weight = 0.5 }",
        ),
        column="rates",
    )
