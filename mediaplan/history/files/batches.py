"""Large files in batches of columns, through pyarrow where it is there: plain CSV files, and Parquet files.

What pyarrow can't take for certain it refuses as a whole (`Unplain`), and the file is read another way, which finds the
faults. Without pyarrow nothing is lost but time.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.files.adding import MOST_ODD, PIECE, Codes, Piece, Wanted
from mediaplan.history.files.sources import File
from mediaplan.history.tables.cells import text_of

BLOCK = 4 * 2**20
"""Bytes of a CSV file that are taken at once."""

MOST_ROWS_PER_BYTE = 4
"""Rows that a byte of a Parquet file may stand for at the most: each takes time, however small the file is."""

MOST_PER_CHUNK = 200 * 2**20
"""Bytes that one column of one group of rows may unpack to."""

Progress = Callable[[float], None]
"""Takes the share (0-1) of a file that was read."""


class Unplain(ValueError):  # noqa: N818 - no error, but a reason to read another way
    """The file holds something that is to be read another way."""


def is_there() -> bool:
    """Whether pyarrow is installed."""
    try:
        import pyarrow as pa  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        return False
    return True


@dataclass(eq=False)
class Short:
    """Rows with fewer cells than the header, set aside while the others are read.

    Attributes:
        width: Cells of the header.
        rows: Number (the header is 1) and text of each, in order.
        is_unnumbered: Whether there was one whose number is not known, because several threads were reading.
    """

    width: int
    rows: list[tuple[int, str]] = field(default_factory=list)
    is_unnumbered: bool = False

    def take(self, row: Any) -> str:
        """What pyarrow is to do with a row that does not fit."""
        if row.actual_columns > self.width or '"' in row.text or len(self.rows) >= MOST_ODD:
            return "error"  # a quote in it may have swallowed rows
        if row.number is None:
            self.is_unnumbered = True
            return "error"
        self.rows.append((int(row.number), str(row.text)))
        return "skip"

    def lines(self, first: int, count: int) -> NDArray[np.int64]:
        """The numbers of rows that were read, the first of them being number `first` if none had been set aside."""
        before = np.array([number for number, _ in self.rows], dtype=np.int64) - np.arange(len(self.rows))
        plain = np.arange(first, first + count, dtype=np.int64)
        return plain + np.searchsorted(before, plain, side="right")

    def frame(self, separator: str, wanted: Wanted) -> pd.DataFrame:
        """The rows as they stand; what is missing is nothing."""
        split = csv.reader((text for _, text in self.rows), delimiter=separator)
        cells = [[*row, *[""] * self.width] for row in split]
        data: dict[Any, Any] = {
            at: pd.Series([row[at] or None for row in cells], dtype=object) for at in wanted.positions
        }
        return pd.DataFrame(data | {"line": np.array([number for number, _ in self.rows], dtype=np.int64)})


def csv_pieces(
    file: File,
    marks: tuple[str, str],
    wanted: Wanted,
    short: Short,
    progress: Progress | None,
    *,
    threads: bool,
) -> Iterator[Piece]:
    """The columns that matter of a UTF-8 file, as `adding.gathered` takes them.

    Args:
        file: Without a zero byte.
        marks: Between its cells, and before decimals.
        wanted: Its columns.
        short: Gets the rows that end early.
        progress: Told after each batch.
        threads: Whether to read with several threads, in which rows that end early have no number.

    Raises:
        Unplain: Rows that don't fit the header, bytes that are no text, figures that are no plain number.
    """
    import pyarrow as pa
    from pyarrow import csv as reading

    source = pa.BufferReader(file.content)
    named = pa.dictionary(pa.int32(), pa.string())
    types = {wanted.titles[at]: pa.float64() if at in wanted.figures else named for at in wanted.positions}
    options = {
        "read_options": reading.ReadOptions(use_threads=threads, block_size=BLOCK),
        "parse_options": reading.ParseOptions(
            delimiter=marks[0], ignore_empty_lines=False, invalid_row_handler=short.take
        ),
        "convert_options": reading.ConvertOptions(
            include_columns=list(types),
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            decimal_point=marks[1],
            check_utf8=not file.content.isascii(),
        ),
    }
    first = 2
    try:
        for batch in reading.open_csv(source, **options):
            columns = dict(zip(wanted.positions, batch.columns, strict=True))
            names = {at: _names(columns[at]) for at in wanted.keys}
            figures = {at: _figures(columns[at]) for at in wanted.figures}
            yield Piece(names, figures, short.lines(first, batch.num_rows))
            first += batch.num_rows
            if progress is not None:
                progress(source.tell() / len(file.content))
    except pa.ArrowException as error:
        raise Unplain from error


def _figures(column: Any) -> NDArray[np.float64]:
    """Numbers, blanks as NaN.

    Raises:
        Unplain: Cells that say `nan` or `inf`, which pyarrow takes for numbers, or a number below zero.
    """
    values = np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
    told = values if column.null_count == 0 else values[column.is_valid().to_numpy(zero_copy_only=False)]
    if not (told.min(initial=0.0) >= 0 and told.max(initial=0.0) < np.inf):  # so too where one is NaN
        raise Unplain
    return values


def _names(column: Any) -> tuple[Codes, list[str]]:
    """A column of a dictionary as places among texts."""
    return column.indices.fill_null(-1).to_numpy(zero_copy_only=False), column.dictionary.to_pylist()


def parquet_header(file: File) -> tuple[str, ...] | None:
    """The columns' names of a Parquet file that is plain and not too large; else `None`."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        held = parquet.ParquetFile(pa.BufferReader(file.content))
        names, facts = held.schema_arrow.names, held.metadata
        if facts.num_rows > MOST_ROWS_PER_BYTE * len(file.content) or facts.num_columns != len(names):
            return None
        groups = [facts.row_group(at) for at in range(facts.num_row_groups)]
        chunks = (group.column(at) for group in groups for at in range(group.num_columns))
        if any(chunk.total_uncompressed_size > MOST_PER_CHUNK for chunk in chunks):
            return None
        return tuple(map(str, names))
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError):
        return None


def parquet_size(file: File) -> tuple[int, int]:
    """Bytes and cells that a Parquet file says it unpacks to; (0, 0) where it is damaged."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        held = parquet.ParquetFile(pa.BufferReader(file.content)).metadata
        size = sum(held.row_group(at).total_byte_size for at in range(held.num_row_groups))
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError):
        return 0, 0
    return size, held.num_rows * held.num_columns


def parquet_pieces(file: File, wanted: Wanted, progress: Progress | None) -> Iterator[Piece]:
    """The columns that matter of a Parquet file, as `adding.gathered` takes them.

    Raises:
        Unplain: Columns of a kind that can't be added up or named, or a damaged file.
    """
    import pyarrow as pa
    from pyarrow import parquet

    first = 2
    try:
        held = parquet.ParquetFile(pa.BufferReader(file.content))
        titles = [wanted.titles[at] for at in wanted.positions]
        for batch in held.iter_batches(batch_size=PIECE, columns=titles, use_threads=False):
            batch.validate(full=True)
            names = {at: _typed_names(batch.column(wanted.titles[at])) for at in wanted.keys}
            figures = {at: _typed_figures(batch.column(wanted.titles[at])) for at in wanted.figures}
            yield Piece(names, figures, np.arange(first, first + batch.num_rows))
            first += batch.num_rows
            if progress is not None:
                progress(min((first - 2) / max(held.metadata.num_rows, 1), 1.0))
    except (pa.ArrowException, OSError, KeyError, TypeError, OverflowError) as error:
        raise Unplain from error


def _typed_figures(column: Any) -> NDArray[np.float64]:
    import pyarrow as pa

    kinds = pa.types
    if not any(
        is_one(column.type)
        for is_one in (kinds.is_integer, kinds.is_floating, kinds.is_decimal, kinds.is_null)
    ):
        raise Unplain
    return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)


def _typed_names(column: Any) -> tuple[Codes, list[str]]:
    """Names, dates and numbers as text, as the usual reading takes typed cells."""
    import pyarrow as pa
    from pyarrow import compute

    kinds = pa.types
    if kinds.is_nested(column.type) or kinds.is_binary(column.type):
        raise Unplain
    if kinds.is_timestamp(column.type) and column.type.tz is not None:
        column = compute.local_timestamp(column)
    coded = column if kinds.is_dictionary(column.type) else column.dictionary_encode()
    places, texts = pd.factorize(
        np.array([text_of(name) for name in coded.dictionary.to_pylist()], dtype=object)
    )
    codes = coded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return np.append(places, [-1])[codes], list(texts)
