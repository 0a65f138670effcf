"""Long arrays are worked on piece by piece: what a step needs in between stays where a processor has it at hand."""

from __future__ import annotations

from collections.abc import Iterator

PIECE = 16_384
"""Numbers of a piece."""


def pieces(size: int) -> Iterator[slice]:
    """The pieces of an array of that length, one after the other."""
    for first in range(0, size, PIECE):
        yield slice(first, min(first + PIECE, size))
