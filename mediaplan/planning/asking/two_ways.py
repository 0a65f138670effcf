"""Names that a history writes in two ways: said, because each of them gets money of its own and teaches by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mediaplan.history.naming.vocabulary import plain
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.responses import Response
from mediaplan.words import Sentence

MOST_NAMES = 5
"""Pairs of names that a warning names one by one."""


def two_ways_warnings(response: Response) -> Iterator[Sentence]:
    """A word on names of the history that differ in nothing but capitals, accents, spaces and marks."""
    pairs = [pair for dimension in DIMENSIONS for pair in _pairs(response, dimension)]
    if pairs:
        shown = [Sentence("“{name}” and “{other}”", name=name, other=other) for name, other in pairs]
        yield Sentence(
            "Names of the history that differ only in capitals, accents or marks: {names}. They count as different ones; "
            "write them alike if they are the same.",
            names=(*shown[:MOST_NAMES], *(("…",) if len(shown) > MOST_NAMES else ())),
        )


def _pairs(response: Response, dimension: str) -> Iterator[tuple[str, str]]:
    """Each such name with the first that is written otherwise."""
    names, first = response.names[dimension], dict[tuple[str, ...], str]()
    codes = set(response.seen[:, DIMENSIONS.index(dimension)].tolist()) - {-1}
    for name in (names[code] for code in sorted(codes)):
        # Figures say which is which: “1-23” is not “12-3”. Names of nothing but marks have no letters to compare.
        bare = plain(name)
        known = first.setdefault((bare, *re.findall(r"\d+", name)), name)
        if bare and known != name:
            yield known, name
