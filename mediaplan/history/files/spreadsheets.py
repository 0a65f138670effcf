"""Workbooks (XLSX) and Parquet files become tables; what they unpack to is bounded before it is parsed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import replace
from typing import Any

from mediaplan.errors import InputError, Problem
from mediaplan.history.files.formulas import uncalculated, uncalculated_faults
from mediaplan.history.files.sources import File, too_large
from mediaplan.history.platforms.heading import heading_of_lines
from mediaplan.history.platforms.recognising import recognised
from mediaplan.history.tables.tables import MOST_COLUMNS, Table, assembled, folded, framed
from mediaplan.words import Sentence

LARGEST_UNPACKED = 200 * 2**20
"""Bytes that a workbook or a Parquet file may unpack to."""

MOST_CELLS = 12_000_000
"""Cells that a sheet may span: the reader keeps a place for every cell of the rectangle, empty or not."""

_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,10})["']""")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(file: File) -> Table | None:
    """The sheet of a workbook that looks most like a table of ours; `None` where all are empty.

    Formulas count with the values that the workbook keeps for them.

    Raises:
        InputError: Locked by a password, an older or another kind of file, damaged, or too large; formulas in the table
            that nobody has calculated.
    """
    if not file.content.startswith(b"PK"):
        raise InputError(_older(file))
    _check_package(file)
    found = [
        (name, table)
        for name, lines in _sheets(file)
        if (table := _sheet(file.name, lines)) is not None and _fits(file, table)
    ]
    if not found:
        return None
    best, table = max(found, key=lambda item: (_likeness(item[1]), -found.index(item)))
    if faults := uncalculated_faults(table, uncalculated(file.content).get(best, ())):
        raise InputError(*faults)
    others = tuple(name for name, _ in found if name != best)
    if not others:
        return table
    warning = Sentence(
        "{file}: only the sheet “{sheet}” was read, not {others}.", file=file.name, sheet=best, others=others
    )
    return replace(table, warnings=(warning,))


def _sheet(name: str, lines: list[list[Any]]) -> Table | None:
    """A sheet as a table, from the line with a platform's names on, if there is one."""
    heading = heading_of_lines(lines)
    if heading is None:
        return assembled(name, lines)
    table = assembled(name, lines[heading.at :])
    if table is None:
        return None
    return replace(table, rows=table.rows + heading.at, preamble=heading.above)


def _likeness(table: Table) -> int:
    """How many columns a platform or the contract knows."""
    platform = recognised(table.header, table.preamble)
    if platform is not None:
        return sum(map(len, platform.columns.values()))
    known = {"date", "spend", "post", "audience", "channel", "clicks", "results", "impressions"}
    return len({folded(name) for name in table.header} & known)


def _fits(file: File, table: Table) -> bool:
    if len(table.header) > MOST_COLUMNS:
        raise InputError(too_large(file.name, LARGEST_UNPACKED))
    return True


def _older(file: File) -> Problem:
    if _ENCRYPTED in file.content:
        return Problem(
            Sentence("this workbook is locked by a password."),
            Sentence("Open it, remove the password, and save it again."),
            file=file.name,
        )
    return Problem(
        Sentence("this is an old kind of Office file."),
        Sentence("Open it and save it as XLSX or CSV."),
        file=file.name,
    )


def _damaged(file: File) -> Problem:
    return Problem(
        Sentence("this workbook is damaged, or is none."),
        Sentence("Open it and save it again as XLSX, or export it as CSV."),
        file=file.name,
    )


def _check_package(file: File) -> None:
    """Unpack every part once, counting: sizes that a package states about itself may be lies."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as package:
            names = package.namelist()
            if "xl/workbook.xml" not in names:
                raise InputError(_no_workbook(file))
            for part in package.infolist():
                total += part.file_size
                if total > LARGEST_UNPACKED:
                    raise InputError(too_large(file.name, LARGEST_UNPACKED))
                with package.open(part) as content:
                    _check_part(file, part, content)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise InputError(_damaged(file)) from error


def _no_workbook(file: File) -> Problem:
    return Problem(
        Sentence("this is a packed file (zip) without a workbook in it."),
        Sentence("Unpack it, and give the tables in it as CSV or XLSX."),
        file=file.name,
    )


def _check_part(file: File, part: zipfile.ZipInfo, content: Any) -> None:
    sheet = part.filename.startswith("xl/worksheets/")
    if not sheet:
        while content.read(2**20):
            pass
        return
    across = down = 1
    for letters, digits in _REFERENCE.findall(content.read()):
        down = max(down, int(digits))
        if letters:
            across = max(across, _number(letters))
    if across * down > MOST_CELLS:
        raise InputError(too_large(file.name, LARGEST_UNPACKED))


def _number(letters: bytes) -> int:
    """The column that letters name: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheets(file: File) -> list[tuple[str, list[list[Any]]]]:
    """Every sheet's name and cells, each from A1 on."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.content))
        return [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        ]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the Rust reader is no `Exception`
        raise InputError(_damaged(file)) from error


def read_parquet(file: File) -> Table:
    """The table of a Parquet file.

    Raises:
        InputError: pyarrow is not installed, or the file is damaged or too large.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        from pyarrow import parquet
    except ImportError as error:
        raise InputError(_no_parquet(file)) from error
    try:
        parts = parquet.ParquetFile(io.BytesIO(file.content))
        size = sum(parts.metadata.row_group(i).total_byte_size for i in range(parts.metadata.num_row_groups))
        wide = parts.metadata.num_columns
        if size > LARGEST_UNPACKED or wide > MOST_COLUMNS or wide * parts.metadata.num_rows > MOST_CELLS:
            raise InputError(too_large(file.name, LARGEST_UNPACKED))
        held = parts.read()
        held.validate(full=True)
        return framed(file.name, held.to_pandas(ignore_metadata=True))
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise InputError(
            Problem(
                Sentence("this Parquet file is damaged."),
                Sentence("Export it again, or export it as CSV."),
                file=file.name,
            )
        ) from error


def _no_parquet(file: File) -> Problem:
    return Problem(
        Sentence("Parquet files are read by pyarrow, which is not installed."),
        Sentence("Run: pip install 'mediaplan[parquet]', or export the table as CSV."),
        file=file.name,
    )
