"""Names of a response that also knows what a rate card names, and what its history tells in these names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.reading.ratecards import Rates
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.past import Past
from mediaplan.response.responses import Response

Names = Mapping[str, tuple[str, ...]]


def names_with(response: Response, rates: Rates) -> dict[str, tuple[str, ...]]:
    """For each dimension the sorted names of the response and the card, and of what is listed with them."""
    said = zip(*rates.lines, strict=True)
    found = {d: {*response.names[d], *filter(None, names)} for d, names in zip(DIMENSIONS, said, strict=True)}
    if response.posts is not None:
        found["post"] |= set(response.posts.names)
    if response.audiences is not None:
        found["audience"] |= set(response.audiences.names)
    found["slot"] |= set(response.slots.named)
    return {d: tuple(sorted(map(str, found[d]))) for d in DIMENSIONS}


def retold(past: Past | None, known: Names, names: Names) -> Past | None:
    """What the history tells, in other names that hold its own too."""
    if past is None:
        return None
    stages = []
    for stage in past.stages:
        at = DIMENSIONS.index(stage.dimension)
        codes = np.full((len(stage.code), len(DIMENSIONS)), -1, dtype=np.int32)
        codes[:, at] = stage.code
        stages.append(replace(stage, code=recoded(codes, known, names)[:, at]))
    return replace(past, codes=recoded(past.codes, known, names), stages=tuple(stages))


def recoded(codes: NDArray[np.int32], known: Names, names: Names) -> NDArray[np.int32]:
    """Combinations of names, shape (n, 4), in other names that hold them too; codes beyond the names stay beyond."""
    moved = codes.copy()
    for at, dimension in enumerate(DIMENSIONS):
        place = {name: i for i, name in enumerate(names[dimension])}
        own, more = codes[:, at], len(names[dimension]) - len(known[dimension])
        to = np.array([*(place[name] for name in known[dimension]), -1], dtype=np.int32)
        beyond = own >= len(known[dimension])
        moved[:, at] = np.where(beyond, own + more, to[np.where(beyond, -1, own)])
    return moved
