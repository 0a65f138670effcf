"""Audiences and posts that a table names almost as the history does: said, because they get money as new ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from mediaplan.history.naming.vocabulary import plain
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.planning.asking.channels import alike
from mediaplan.response.responses import Response
from mediaplan.words import Sentence

MOST_NAMES = 5
"""Names that a warning names one by one."""


def newcomer_warnings(response: Response) -> Iterator[Sentence]:
    """A word on names that look like names of the history which their table lacks, written otherwise."""
    if response.audiences is not None:
        found = _meant(response, "audience", response.audiences.names)
        if found:
            yield Sentence(
                "Audiences of the table that the history does not know, and that look like audiences of the history "
                "which the table lacks: {names}. They count as new ones; correct the table if they are the same.",
                names=_shown(found),
            )
    if response.posts is not None:
        rows = response.posts.rows
        found = _meant(response, "post", tuple(rows["post"]))
        if found:
            yield Sentence(
                "Posts of the table that the history does not know, and that look like posts of the history which the "
                "table lacks: {names}. They count as new ones; correct the table if they are the same.",
                names=_shown(found),
            )


def _meant(response: Response, dimension: str, listed: Sequence[str]) -> dict[str, str]:
    """For each such name of a table the history's."""
    names = response.names[dimension]
    codes = set(response.seen[:, DIMENSIONS.index(dimension)].tolist()) - {-1}
    bought = {names[code] for code in codes}
    lacking = sorted(bought - set(listed))
    found: dict[str, str] = {}
    for name in dict.fromkeys(listed):
        if name not in bought:
            close = difflib.get_close_matches(name, lacking, n=1, cutoff=0.0) if lacking else []
            same = [other for other in lacking if plain(other) == plain(name)] or [
                other for other in close if alike(name, other)
            ]
            found |= {name: same[0]} if same else {}
    return found


def _shown(found: dict[str, str]) -> tuple[Sentence | str, ...]:
    shown = [Sentence("“{name}” for “{meant}”", name=name, meant=meant) for name, meant in found.items()]
    return (*shown[:MOST_NAMES], *(("…",) if len(shown) > MOST_NAMES else ()))
