"""Large plain CSV files: read in pieces, rows of the same dates and names added up at once, in little memory.

Stands beside `decoding`: it gives the same kind of Table, only shorter. What it can't take for certain (numbers written for
people, quotes that don't match, a preamble) it leaves to the usual reading, and rows with anything wrong in them it keeps
one by one, so that faults are said with their lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.columns import Columns, DateParts, Named
from mediaplan.history.decoding import encoding_of, separator_of
from mediaplan.history.records import COUNTS, RESULT_PREFIX
from mediaplan.history.sources import File
from mediaplan.history.tables import Table, folded, tidy
from mediaplan.words import Sentence

LARGE = 32 * 2**20
"""Bytes from which a file is read in pieces."""

PIECE = 200_000
"""Rows of a piece."""

SAMPLE = 2_000
"""Rows from which is guessed which names look like numbers."""

MOST_ODD = 20_000
"""Rows that can't be added up, beyond which the file is no plain one."""

MOST_DIGITS = 6
"""Digits behind the point up to which sums are exact."""

_FIGURES = frozenset({"spend", "results", *COUNTS})

Progress = Callable[[float], None]
"""Takes the share (0-1) of a file that was read."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Wanted:
    """Which columns of a file matter: their positions and names, and which hold figures that can be added up."""

    positions: tuple[int, ...]
    header: tuple[str, ...]
    figures: frozenset[int]
    spend: int
    titles: Mapping[int, str]

    @property
    def keys(self) -> tuple[int, ...]:
        return tuple(at for at in self.positions if at not in self.figures)


def large_table(
    file: File,
    mapping: Columns | None,
    known: Callable[[str], str | None],
    progress: Progress | None = None,
) -> Table | None:
    """The table of a large plain CSV file, its rows of the same dates and names added up.

    Args:
        file: Any.
        mapping: Where its own names differ from the contract's.
        known: The contract's column that a header names.
        progress: Told after each piece.

    Returns:
        The columns that matter, or `None` where the file is not large or not plain: it is then to be read as usual.
    """
    if len(file.content) <= LARGE or file.content.startswith((b"PK", b"PAR1", b"\xd0\xcf")):
        return None
    encoding = "utf-8" if file.content.isascii() else encoding_of(file.content)
    head = file.content[:65536].decode(encoding, "replace")
    separator = separator_of(head)
    wanted = _wanted(head, separator, mapping, known)
    if encoding.startswith("utf-16") or wanted is None or _is_cut(file.content, separator):
        return None
    try:
        text = _as_text(file.content, encoding, separator, wanted)
        return _added_up(file, encoding, separator, wanted, text, progress)
    except ValueError:  # what pandas says of rows that don't fit their header, and of bytes that are no text
        return None


def _wanted(
    head: str, separator: str, mapping: Columns | None, known: Callable[[str], str | None]
) -> _Wanted | None:
    lines = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    titles = next(lines, [])
    names = [tidy(name) for name in titles]
    plain = [folded(name) for name in names]
    # The first row says how many cells pandas takes; of longer rows below it makes a fault by itself.
    if len(set(plain)) < len(plain) or len(next(lines, [])) != len(names):
        return None
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
    return _Wanted(
        positions, tuple(names[at] for at in positions), figures, spend, {at: titles[at] for at in positions}
    )


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


def _added_up(
    file: File,
    encoding: str,
    separator: str,
    wanted: _Wanted,
    text: frozenset[int],
    progress: Progress | None,
) -> Table | None:
    found: list[pd.DataFrame] = []
    odd: list[pd.DataFrame] = []
    count = 0
    stream = io.BytesIO(file.content)
    for piece in _pieces(stream, encoding, separator, wanted, text):
        if piece is None:
            return _added_up(file, encoding, separator, wanted, frozenset(wanted.keys), progress)
        rows, strange = _parted(piece, wanted)
        odd.append(strange)
        if sum(map(len, odd)) > MOST_ODD:
            return None
        count += len(rows)
        found.append(_summed(rows, wanted))
        if sum(map(len, found)) > 4 * PIECE:
            found = [_summed(_joined(found, wanted), wanted)]
        if progress is not None:
            progress(min(stream.tell() / len(file.content), 1.0))
    return _table(file, _summed(_joined(found, wanted), wanted), pd.concat(odd), wanted, count)


def _options(encoding: str, separator: str, wanted: _Wanted, text: frozenset[int]) -> dict[str, Any]:
    """How pandas is to read the columns that matter, those in `text` as they stand."""
    return {
        "sep": separator,
        "encoding": encoding,
        "usecols": list(wanted.positions),
        "dtype": {wanted.titles[at]: "str" for at in text},
        "keep_default_na": False,
        "na_values": {title: [""] for title in wanted.titles.values()},
        "skip_blank_lines": False,
        "low_memory": False,
    }


def _as_text(content: bytes, encoding: str, separator: str, wanted: _Wanted) -> frozenset[int]:
    """The names that pandas would take for something else than text, 007 for 7: they are read as text, which is slower."""
    plain = _options(encoding, separator, wanted, frozenset())
    sample = pd.read_csv(io.BytesIO(content), nrows=SAMPLE, **plain)
    sample.columns = pd.Index(wanted.positions)
    return frozenset(at for at in wanted.keys if not isinstance(sample[at].dtype, pd.StringDtype))


def _pieces(
    stream: io.BytesIO, encoding: str, separator: str, wanted: _Wanted, text: frozenset[int]
) -> Iterator[pd.DataFrame | None]:
    """The columns that matter, in pieces: keys as categories, figures as numbers where all are, `line` where each stands.

    `None` instead of a piece whose names were taken for numbers: all is to be read anew, all names as text.
    """
    with pd.read_csv(stream, chunksize=PIECE, **_options(encoding, separator, wanted, text)) as reader:
        for piece in reader:
            lines = piece.index.to_numpy() + 2
            piece.columns = pd.Index(wanted.positions)
            for at in wanted.keys:
                if not isinstance(piece[at].dtype, pd.StringDtype):
                    yield None
                    return
                codes, texts = pd.factorize(piece[at])
                piece[at] = pd.Categorical.from_codes(codes, pd.Index(texts, dtype="str"))
            piece["line"] = lines
            yield piece


def _parted(piece: pd.DataFrame, wanted: _Wanted) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows whose figures can be added up, and the others as they stand: text, below zero, no money told."""
    strange = piece[wanted.spend].isna().to_numpy()
    plain = piece.copy(deep=False)
    for at in wanted.figures:
        values = np.asarray(pd.to_numeric(piece[at], errors="coerce"), dtype=np.float64)
        plain[at] = values
        if values.min() >= 0 and values.max() < np.inf:  # NaN, so false, where anything is not told
            continue
        unread = np.isnan(values) & piece[at].notna().to_numpy()
        strange = strange | unread | (values < 0) | np.isinf(values)
    if not strange.any():
        return plain, piece[:0]
    blank = piece[list(wanted.positions)].isna().all(axis=1).to_numpy()
    return plain[~strange], piece[strange & ~blank]


def _summed(rows: pd.DataFrame, wanted: _Wanted) -> pd.DataFrame:
    """One row for each combination of keys, at its first line; a figure that no row tells is NaN."""
    combined = np.zeros(len(rows), dtype=np.int64)
    span = 1
    for at in wanted.keys:
        size = len(rows[at].cat.categories) + 1
        if span > 2**62 // size:
            combined, different = pd.factorize(combined)
            span = len(different)
        combined, span = combined * size + rows[at].cat.codes.to_numpy() + 1, span * size
    places, different = pd.factorize(combined)
    first = np.zeros(len(different), dtype=np.intp)
    first[places[::-1]] = np.arange(len(rows))[::-1]
    kept = rows.iloc[first]
    sums = {at: _sums(places, rows[at].to_numpy(), len(different)) for at in wanted.figures}
    return pd.DataFrame({name: sums.get(name, kept[name]) for name in rows.columns}, index=kept.index)  # type: ignore[call-overload]


def _sums(places: NDArray[np.intp], values: Floats, count: int) -> Floats:
    """The sum at each place, exact where the values have few digits; NaN where nothing is told."""
    told = ~np.isnan(values)
    filled, unit = values if told.all() else np.where(told, values, 0.0), 1.0
    for digits in range(MOST_DIGITS + 1):
        scaled = np.round(filled * 10.0**digits)
        if (scaled / 10.0**digits == filled).all():
            filled, unit = scaled, 10.0**digits
            break
    sums = np.asarray(np.bincount(places, weights=filled, minlength=count) / unit, dtype=np.float64)
    if not told.all():
        sums[np.bincount(places[told], minlength=count) == 0] = np.nan
    return sums


def _joined(found: Sequence[pd.DataFrame], wanted: _Wanted) -> pd.DataFrame:
    """Pieces under each other, their keys with common categories."""
    rows: dict[Any, Any] = {
        at: pd.api.types.union_categoricals([piece[at] for piece in found])
        if at in wanted.keys
        else np.concatenate([piece[at].to_numpy() for piece in found])
        for at in (*wanted.positions, "line")
    }
    return pd.DataFrame(rows)


def _table(
    file: File, together: pd.DataFrame, odd: pd.DataFrame, wanted: _Wanted, count: int
) -> Table | None:
    """The rows that were added up and those that could not be, by line; a warning says how many there were."""
    order = np.argsort(np.concatenate([together["line"], odd["line"]]), kind="stable")
    cells = []
    for at in wanted.positions:
        mine, others = (each[at].astype(object) for each in (together, odd))
        if at in wanted.figures and odd.empty:
            cells.append(together[at].to_numpy()[order])
            continue
        both = np.concatenate([mine.to_numpy(), others.to_numpy()])
        both[pd.isna(both)] = None
        cells.append(both[order])
    lines = np.concatenate([together["line"].to_numpy(), odd["line"].to_numpy()])[order].astype(np.int64)
    warnings: tuple[Sentence, ...] = ()
    if len(together) < count:
        warnings = (
            Sentence(
                "{file}: {count} rows were added up to {kept}: those of the same dates and names.",
                file=file.name,
                count=count,
                kept=len(together),
            ),
        )
    return Table(file.name, wanted.header, tuple(cells), lines, warnings)
