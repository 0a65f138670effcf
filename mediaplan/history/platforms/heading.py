"""Where a platform's table begins: the line with its columns' names, below as many lines as it likes to put first."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mediaplan.history.platforms.foreign import foreign
from mediaplan.history.platforms.recognising import FEWEST, empty_report, known_names, recognised
from mediaplan.history.tables.tables import MOST_COLUMNS

MOST_ABOVE = 40
"""Lines that may stand above the columns' names at the most."""

ENOUGH = 3
"""Names that make a line the columns' names below a platform's title, though none of them is known to be money."""

_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """The place of the columns' names.

    Attributes:
        at: Their line among the table's lines, from 0.
        offset: Characters of the text before it.
        separator: Between cells; "" in a workbook.
        known: How many of the names are known.
        above: The lines before it, each as one text.
    """

    at: int
    offset: int
    separator: str
    known: int
    above: tuple[str, ...]


def unwrapped(cell: Any) -> Any:
    """A cell without the `="…"` that keeps a spreadsheet from changing it; nothing is worked out."""
    if isinstance(cell, str) and cell.startswith('="') and (match := _WRAPPED.fullmatch(cell.strip())):
        return match[1].replace('""', '"')
    return cell


def heading_of_text(head: str, separators: str) -> Heading | None:
    """The columns' names in the first lines of a text, by the separator with which most of them are known."""
    held = [separator for separator in separators if separator in head]
    found = [heading for separator in held if (heading := _first(_lines(head, separator), separator))]
    return max(found, key=lambda heading: heading.known, default=None)


def heading_of_lines(lines: Sequence[Sequence[Any]]) -> Heading | None:
    """The columns' names in the first lines of a sheet."""
    return _first(((line, 0) for line in lines[:MOST_ABOVE]), "")


def _lines(head: str, separator: str) -> Iterator[tuple[list[str], int]]:
    """The cells of each line, and how many characters stand before it."""
    starts, before = [0], 0

    def measured() -> Iterator[str]:
        for line in io.StringIO(head, newline=""):
            starts.append(starts[-1] + len(line))
            yield line

    reader = csv.reader(measured(), delimiter=separator)
    try:
        for at, cells in enumerate(reader):
            if at >= MOST_ABOVE:
                return
            yield cells, starts[before]
            before = reader.line_num
    except csv.Error:
        return


def _first(lines: Any, separator: str) -> Heading | None:
    above: list[str] = []
    for at, (cells, offset) in enumerate(lines):
        if len(cells) > MOST_COLUMNS:
            return None
        names = [unwrapped(cell) if isinstance(cell, str) else "" for cell in cells]
        if sum(map(bool, names)) >= 2 and (known := _known(names, above)):
            return Heading(at, offset, separator, known, tuple(above))
        above.append(" ".join(name for name in names if name))
    return None


def _known(names: Sequence[str], above: Sequence[str]) -> int:
    if known_names(names) >= FEWEST:
        found = recognised(names, above)
        if found is not None:
            return sum(map(len, found.columns.values()))
        titled = empty_report(above)
        if titled is not None and (known := titled.knows(names)) >= ENOUGH:
            return known
    return int(foreign(names) is not None)
