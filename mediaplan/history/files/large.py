"""Large files: read in pieces, rows of the same dates and names added up at once, in little memory.

Stands beside `decoding`: it gives the same kind of Table, only shorter. What it can't take for certain (numbers written for
people, quotes that don't match, a preamble) it leaves to the usual reading, and rows with anything wrong in them it keeps
one by one, so that faults are said with their lines. `batches` is the fast way, where pyarrow is there and the file plain;
pandas the other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from mediaplan.history.columns.columns import Columns, DateParts, Named
from mediaplan.history.files import batches
from mediaplan.history.files.adding import PIECE, Gathered, Piece, Wanted, gathered
from mediaplan.history.files.batches import Progress, Short, Unplain
from mediaplan.history.files.encodings import encoding_of, is_utf_8
from mediaplan.history.files.separators import separator_of
from mediaplan.history.files.sources import File
from mediaplan.history.files.spreadsheets import MOST_CELLS
from mediaplan.history.platforms.catalogue import OTHER
from mediaplan.history.platforms.recognising import Recognised, recognised
from mediaplan.history.platforms.totals import BREAKDOWNS
from mediaplan.history.records.records import COUNTS, RESULT_PREFIX
from mediaplan.history.tables.figures import mark_of
from mediaplan.history.tables.tables import Cells, Table, folded, tidy

LARGE = 32 * 2**20
"""Bytes from which a file is read in pieces; of a Parquet file those that it unpacks to."""

SAMPLE = 2_000
"""Rows from which is guessed which names look like numbers."""

_HEAD = 65536
"""Bytes from which is seen how a file is written."""

_FIGURES = frozenset({"spend", "results", *COUNTS})
_MONEY = ("spend", "spend_micros")
_NEEDLESS = (OTHER, "cpm", "cost_per_result")
"""Own words of a platform that nothing asks for, where there is a column of money."""

__all__ = ["LARGE", "Progress", "large_table"]


class _TakenForNumbers(Exception):  # noqa: N818 - no error, but a reason to begin anew
    """Names further down look like numbers, and pandas took them for such."""


@dataclass(frozen=True)
class _Written:
    """How a text file is written.

    Attributes:
        encoding: Of its letters.
        separator: Between cells.
        decimal: The decimal mark, a comma where the first rows prove that of some figures and of none the point.
        proved: Positions of figures of which they prove it.
    """

    encoding: str
    separator: str
    decimal: str
    proved: frozenset[int]


def large_table(
    file: File,
    mapping: Columns | None,
    known: Callable[[str], str | None],
    progress: Progress | None = None,
    *,
    least: int | None = None,
) -> Table | None:
    """The table of a large CSV or Parquet file, its rows of the same dates and names added up.

    Args:
        file: Any.
        mapping: Where its own names differ from the contract's.
        known: The contract's column that a header names.
        progress: Told after each piece.
        least: Bytes from which a file is large; `LARGE` where nothing is said.

    Returns:
        The columns that matter, or `None` where the file is not large or not plain: it is then to be read as usual.
    """
    least = LARGE if least is None else least
    if file.content.startswith(b"PAR1"):
        return _parquet(file, mapping, known, progress, least)
    if len(file.content) <= least or file.content.startswith((b"PK", b"\xd0\xcf")) or b"\0" in file.content:
        return None
    encoding = "utf-8" if file.content.isascii() else encoding_of(file.content)
    head = file.content[:_HEAD].decode(encoding, "replace")
    separator = separator_of(head)
    lines = list(csv.reader(io.StringIO(head, newline=""), delimiter=separator))
    # The first row says how many cells pandas takes; of longer rows below it makes a fault by itself.
    if len(lines) < 2 or len(lines[1]) != len(lines[0]):
        return None
    wanted = _wanted(lines[0], mapping, known)
    if encoding.startswith("utf-16") or wanted is None or _is_cut(file.content, separator):
        return None
    written = _written(encoding, separator, lines[1:-1], wanted)
    return _in_batches(file, written, wanted, progress) or _by_pandas(file, written, wanted, progress)


def _parquet(
    file: File,
    mapping: Columns | None,
    known: Callable[[str], str | None],
    progress: Progress | None,
    least: int,
) -> Table | None:
    if not batches.is_there():
        return None
    size, cells = batches.parquet_size(file)
    header = batches.parquet_header(file) if size > least or cells > MOST_CELLS else None
    wanted = None if header is None else _wanted(header, mapping, known)
    if wanted is None:
        return None
    try:
        found = gathered(batches.parquet_pieces(file, wanted, progress), wanted, wanted.figures)
    except Unplain:
        return None
    return None if found is None else found.table(file.name, wanted)


def _wanted(
    titles: Sequence[str], mapping: Columns | None, known: Callable[[str], str | None]
) -> Wanted | None:
    names = [tidy(name) for name in titles]
    plain = [folded(name) for name in names]
    if len(set(plain)) < len(plain):
        return None
    if (found := recognised(names)) is not None:
        return None if mapping and mapping.speaks_of_columns else _wanted_of(found, titles, known)
    origins = mapping.origins if mapping else {}
    roles = {at: name for at, header in enumerate(names) if (name := known(header)) and name not in origins}
    for name, origin in origins.items():
        for header in _headers(origin):
            if folded(header) not in plain:
                return None
            roles[plain.index(folded(header))] = name
    spend = next((at for at, name in roles.items() if name == "spend"), None)
    if spend is None:
        return None
    figures = frozenset(
        at for at, name in roles.items() if name in _FIGURES or name.startswith(RESULT_PREFIX)
    )
    positions = tuple(sorted(roles))
    shown = tuple(names[at] for at in positions)
    return Wanted(positions, shown, figures, spend, {at: titles[at] for at in positions})


def _wanted_of(found: Recognised, titles: Sequence[str], known: Callable[[str], str | None]) -> Wanted | None:
    """The columns of a platform's export that matter; `None` where they would not tell the same without the others."""
    names = [tidy(name) for name in titles]
    words = {at: word for word, places in found.columns.items() for at in places if word not in _NEEDLESS}
    words |= {at: OTHER for at, name in enumerate(names) if at not in words and known(name)}
    figures = frozenset(at for at, word in words.items() if _counts(word))
    spend = next((places[0] for word in _MONEY if (places := found.columns.get(word))), None)
    if spend is None or found.broken or not set(words.values()) & set(BREAKDOWNS):
        return None
    positions = tuple(sorted(words))
    shown = tuple(names[at] for at in positions)
    again = recognised(shown)
    if again is None or (again.platform, again.language) != (found.platform, found.language):
        return None
    return Wanted(positions, shown, figures, spend, {at: titles[at] for at in positions})


def _counts(word: str) -> bool:
    return word in {*_FIGURES, *_MONEY, "all_clicks"} or word.startswith(RESULT_PREFIX)


def _headers(origin: object) -> tuple[str, ...]:
    """The file's columns that an origin speaks of."""
    if isinstance(origin, Named):
        return origin.columns
    if isinstance(origin, DateParts):
        return tuple(part for part in (origin.month, origin.day, origin.year) if isinstance(part, str))
    return ()


def _is_cut(content: bytes, separator: str) -> bool:
    """Whether the last row seems to end early."""
    end = len(content) - 1 if content.endswith(b"\n") else len(content)
    first, last = content[: content.find(b"\n")], content[content.rfind(b"\n", 0, end) + 1 : end]
    return last.count(separator.encode()) < first.count(separator.encode())


def _written(encoding: str, separator: str, lines: list[list[str]], wanted: Wanted) -> _Written:
    """How a file is written, as far as its first rows prove."""
    marks = {at: mark_of(_column([line[at] for line in lines if len(line) > at])) for at in wanted.figures}
    decimal = "," if separator != "," and {"."}.isdisjoint(marks.values()) and "," in marks.values() else "."
    return _Written(
        encoding, separator, decimal, frozenset(at for at, mark in marks.items() if mark == decimal)
    )


def _column(cells: list[str]) -> Cells:
    return pd.Series(cells, dtype=object).to_numpy(dtype=object)


def _in_batches(file: File, written: _Written, wanted: Wanted, progress: Progress | None) -> Table | None:
    """The table by way of pyarrow; `None` where it is not installed or the file is not plain enough."""
    if not written.encoding.startswith("utf-8") or not batches.is_there():
        return None
    if written.encoding == "utf-8-sig" and not is_utf_8(file.content):
        return None  # its mark says so, and is not true of all rows
    width = _width(file.content, written.encoding, written.separator)
    marks = written.separator, written.decimal
    for threads in (True, False):
        short = Short(width)
        try:
            pieces = batches.csv_pieces(file, marks, wanted, short, progress, threads=threads)
            found = gathered(pieces, wanted, written.proved)
        except Unplain:
            found = None
        if not short.is_unnumbered:
            break
    if found is None or not short.rows:
        return _table(found, file, written, wanted)
    odd = pd.concat([found.odd, short.frame(written.separator, wanted)], ignore_index=True)
    table = _table(replace(found, odd=odd), file, written, wanted)
    if table is None:
        return None
    return replace(table, cut=frozenset(number for number, _ in short.rows))


def _table(found: Gathered | None, file: File, written: _Written, wanted: Wanted) -> Table | None:
    """The table; `None` where rows as they stand, with decimal commas, would stand beside numbers."""
    if found is None or (written.decimal == "," and len(found.odd)):
        return None
    return found.table(file.name, wanted)


def _width(content: bytes, encoding: str, separator: str) -> int:
    head = content[:_HEAD].decode(encoding, "replace")
    return len(next(csv.reader(io.StringIO(head, newline=""), delimiter=separator)))


def _by_pandas(file: File, written: _Written, wanted: Wanted, progress: Progress | None) -> Table | None:
    """The table by way of pandas; `None` where the file is not plain."""
    if _may_be_short(file.content, written.separator):
        return None
    try:
        text = _as_text(file.content, written, wanted)
        try:
            found = gathered(_pieces(file, written, wanted, text, progress), wanted, written.proved)
        except _TakenForNumbers:
            keys = frozenset(wanted.keys)
            found = gathered(_pieces(file, written, wanted, keys, progress), wanted, written.proved)
    except ValueError:  # what pandas says of rows that don't fit their header, and of bytes that are no text
        return None
    return _table(found, file, written, wanted)


def _may_be_short(content: bytes, separator: str) -> bool:
    """Whether some row has fewer cells than the header, which pandas would fill up without a word."""
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    blank = content.count(b"\n\n") + content.count(b"\n\r\n")
    each = content[: content.find(b"\n")].count(separator.encode())
    return content.count(separator.encode()) < each * (lines - blank)


def _options(written: _Written, wanted: Wanted, text: frozenset[int]) -> dict[str, Any]:
    """How pandas is to read the columns that matter, those in `text` as they stand.

    It reads the others too: told to leave them out, it would take rows with more cells than the header without a word.
    """
    return {
        "sep": written.separator,
        "encoding": written.encoding,
        "decimal": written.decimal,
        "dtype": {wanted.titles[at]: "str" for at in text},
        "keep_default_na": False,
        "na_values": {title: [""] for title in wanted.titles.values()},
        "skip_blank_lines": False,
        "low_memory": False,
    }


def _as_text(content: bytes, written: _Written, wanted: Wanted) -> frozenset[int]:
    """The names that pandas would take for something else than text, 007 for 7: they are read as text, which is slower."""
    plain = _options(written, wanted, frozenset())
    sample = pd.read_csv(io.BytesIO(content), nrows=SAMPLE, **plain)
    sample = _of(sample, wanted)
    return frozenset(at for at in wanted.keys if not isinstance(sample[at].dtype, pd.StringDtype))


def _of(frame: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """The columns that matter, called by their positions."""
    mine = frame.iloc[:, list(wanted.positions)]
    return mine.set_axis(list(wanted.positions), axis=1)


def _pieces(
    file: File, written: _Written, wanted: Wanted, text: frozenset[int], progress: Progress | None
) -> Iterator[Piece]:
    """The columns that matter, as `gathered` takes them.

    Raises:
        _TakenForNumbers: Names were taken for numbers: all is to be read anew, all names as text.
    """
    stream = io.BytesIO(file.content)
    with pd.read_csv(stream, chunksize=PIECE, **_options(written, wanted, text)) as reader:
        for whole in reader:
            piece = _of(whole, wanted)
            if not all(isinstance(piece[at].dtype, pd.StringDtype) for at in wanted.keys):
                raise _TakenForNumbers
            coded = {at: pd.factorize(piece[at]) for at in wanted.keys}
            names = {at: (codes, list(texts)) for at, (codes, texts) in coded.items()}
            figures = {at: piece[at].to_numpy() for at in wanted.figures}
            yield Piece(names, figures, piece.index.to_numpy() + 2)
            if progress is not None:
                progress(min(stream.tell() / len(file.content), 1.0))
