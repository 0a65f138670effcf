"""A source becomes its table: in pieces where it is large, or where many are large together; cells are let go of soon.

Stands between the files and what is read of each: `reading` and `checking` begin here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TypeVar

from mediaplan.errors import InputError, Problem
from mediaplan.history.columns.columns import Columns, chosen
from mediaplan.history.files import large
from mediaplan.history.files.decoding import decoded
from mediaplan.history.files.large import Progress, large_table
from mediaplan.history.files.rows_of_text import OverfullError
from mediaplan.history.files.sources import File, Source, opened, sized
from mediaplan.history.rows.parts import read_part, wanted_by
from mediaplan.history.rows.rows import Part
from mediaplan.history.tables.tables import Table
from mediaplan.words import Sentence

Read = TypeVar("Read")

FEW = 3
"""Files whose rows were added up that are named one by one."""


def least_of(sizes: Sequence[int]) -> int:
    """Bytes from which each file is read in pieces: many files that are large together take as much memory as a large one."""
    return 0 if sum(sizes) > large.LARGE else large.LARGE


def shares(sizes: Sequence[int], progress: Progress | None) -> Iterator[Progress | None]:
    """For each source in turn, what tells its share as one of all of them."""
    if len(sizes) == 1:
        yield progress
        return
    total, before = max(sum(sizes), 1), 0
    for size in sizes:
        yield None if progress is None else _within(progress, before, size, total)
        before += size
    if progress is not None:
        progress(1.0)


def _within(progress: Progress, before: int, size: int, total: int) -> Progress:
    progress(before / total)
    return lambda share: progress((before + size * share) / total)


@dataclass(frozen=True, eq=False)
class Tabled:
    """What one source holds.

    Attributes:
        table: Its table.
        content: A digest of the bytes; b"" of a DataFrame, and of a file read in pieces, which its rows tell.
        mapping: That concerns it, if any.
    """

    table: Table
    content: bytes
    mapping: Columns | None


def read_each(
    sources: Sequence[Source],
    maps: Sequence[Columns],
    read: Callable[[Source, Tabled | InputError], Read],
    progress: Progress | None = None,
) -> list[Read]:
    """What is read of each source in turn: no table is held while the next one is opened.

    Args:
        sources: Paths, uploads or DataFrames; no folders.
        maps: Mappings of foreign columns; for each file the first whose glob matches.
        read: What to make of a source and its table, or of why there is none.
        progress: Told the share (0-1) of all files that was read.
    """
    sizes = sized(sources)
    least = least_of(sizes)

    def one(source: Source, share: Progress | None) -> Read:
        try:
            tabled: Tabled | InputError = _tabled(source, maps, least, share)
        except InputError as error:
            tabled = error
        return read(source, tabled)

    return [one(source, share) for source, share in zip(sources, shares(sizes, progress), strict=True)]


def _tabled(source: Source, maps: Sequence[Columns], least: int, progress: Progress | None) -> Tabled:
    """What a source holds; a plain file of `least` bytes or more is read in pieces.

    Raises:
        InputError: It can't be opened, is no table, is empty, or its rows don't fit its header.
    """
    file = opened(source) if isinstance(source, (str, PathLike)) else source
    mapping = chosen(maps, file.name if isinstance(file, File) else None)
    if isinstance(file, File):
        in_pieces = large_table(file, mapping, wanted_by(mapping), progress, least=least)
        if in_pieces is not None:
            return Tabled(in_pieces, b"", mapping)
    try:
        table, content = decoded(file)
    except OverfullError as error:
        raise InputError(*error.problems, *_of_cells(error.rest, mapping)) from None
    return Tabled(table, hashlib.sha256(content).digest() if content else b"", mapping)


def _of_cells(rest: Table, mapping: Columns | None) -> list[Problem]:
    """What is wrong with single cells of the rows that fit the header, line by line."""
    try:
        found = read_part(rest, mapping, None, whole_money=False).problems
    except InputError:
        return []
    return sorted((problem for problem in found if problem.row is not None), key=lambda one: one.row or 0)


def emptied(part: Part) -> Part:
    """A part whose table has let go of its cells."""
    return replace(part, table=part.table.emptied)


def added_up(parts: Iterable[Part]) -> tuple[Sentence, ...]:
    """A word on rows that were added up to others: for each file, or for all where there are many."""
    found = [part for part in parts if part.added]
    if len(found) <= FEW:
        return tuple(
            Sentence(
                "{file}: {count} rows were added up to {kept}: those of the same dates and names.",
                file=part.table.file or "–",
                count=part.counted,
                kept=part.counted - part.added,
            )
            for part in found
        )
    return (
        Sentence(
            "In {files} files {count} rows were added up to {kept}: those of the same dates and names.",
            files=len(found),
            count=sum(part.counted for part in found),
            kept=sum(part.counted - part.added for part in found),
        ),
    )
