"""The bytes of a file become a table: what kind of file it is, and who reads that kind."""

from __future__ import annotations

import pandas as pd

from mediaplan.errors import InputError, Problem
from mediaplan.history.files.no_tables import refuse_foreign
from mediaplan.history.files.sources import LARGEST_FILE, File, Source, opened, too_large
from mediaplan.history.files.spreadsheets import read_parquet, read_workbook
from mediaplan.history.files.texts import read_text
from mediaplan.history.tables.tables import Table, framed
from mediaplan.words import Sentence


def decoded(source: Source) -> tuple[Table, bytes]:
    """The table that a source holds, and its bytes (b"" for a DataFrame), for comparing sources.

    Raises:
        InputError: It can't be opened, is no table, is empty, or its rows don't fit its header.
    """
    if isinstance(source, pd.DataFrame):
        return framed(None, source), b""
    file = source if isinstance(source, File) else opened(source)
    return _decoded(file), file.content


def _decoded(file: File) -> Table:
    if len(file.content) > LARGEST_FILE:
        raise InputError(too_large(file.name))
    if file.content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        table = read_workbook(file)
    elif file.content.startswith(b"PAR1"):
        table = read_parquet(file)
    else:
        refuse_foreign(file)
        table = read_text(file)
    if table is None:
        raise InputError(
            Problem(
                Sentence("this file is empty."), Sentence("Export it again, or leave it out."), file=file.name
            )
        )
    return table
