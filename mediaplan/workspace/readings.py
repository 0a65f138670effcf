"""Files are read for an import, before anything is written: what each one says, all faults of all files at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Literal

import numpy as np
import pandas as pd

from mediaplan.errors import InputError, Problem
from mediaplan.history.columns.columns import read_columns
from mediaplan.history.files.decoding import decoded
from mediaplan.history.files.large import Progress
from mediaplan.history.files.sources import File, opened, spread
from mediaplan.history.naming.describing import together
from mediaplan.history.reading.reading import read_parts
from mediaplan.history.reading.tabling import added_up
from mediaplan.history.records.records import COUNTS, DIMENSIONS, RESULT_PREFIX
from mediaplan.history.rows.listings import audience_rows, post_rows
from mediaplan.money import decimals
from mediaplan.words import Sentence
from mediaplan.workspace.exact import units_of

Role = Literal["history", "posts", "audiences", "actuals"]

Mapped = Mapping[str, Any]
"""One `[[columns]]` table."""


@dataclass(frozen=True)
class Given:
    """What is to be imported in one call.

    Attributes:
        history, posts, audiences, actuals: Paths or uploads.
        columns: Mappings of foreign columns; they go before those that the client's earlier imports were read by.
        currency: What money is in whose table says none; `None` = the brief's, whatever that will be.
        plan: Number of the plan whose actuals these are.
    """

    history: tuple[str | File, ...] = ()
    posts: tuple[str | File, ...] = ()
    audiences: tuple[str | File, ...] = ()
    actuals: tuple[str | File, ...] = ()
    columns: tuple[Mapped, ...] = ()
    currency: str | None = None
    plan: int | None = None


@dataclass(frozen=True, eq=False)
class Reading:
    """What one file says, as it will be kept.

    Attributes:
        role: What it tells of.
        file: Its name, without its folder.
        digest: SHA-256 of its bytes.
        rows: As `Part.rows`, `Posts.rows` or `Audiences.rows`.
        lines: For listings, where each row stands in the file.
        warnings: What was said of it.
        mapping: The table that it was read by; `None` = its own names.
        currency: What its money was taken for where it says nothing.
        rows_digest: SHA-256 of what was read: two files that say the same have the same.
        about: What names of ads say of posts, as `Part.about`.
    """

    role: Role
    file: str
    digest: str
    rows: pd.DataFrame
    lines: tuple[int, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    mapping: Mapped | None = None
    currency: str | None = None
    rows_digest: str = field(default="")
    about: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.rows_digest:
            object.__setattr__(self, "rows_digest", digest_of_rows(self.rows, self.about))

    @property
    def content(self) -> dict[str, Any]:
        """What was read, in a few numbers, as JSON holds it."""
        listed: dict[str, Any] = {
            "rows": len(self.rows),
            "columns": [str(column) for column in self.rows.columns],
        }
        if self.about:
            listed |= {"about": {fact: dict(told) for fact, told in self.about.items()}}
        return listed | _told(self.rows) if self.role in ("history", "actuals") else listed


def digest_of_rows(rows: pd.DataFrame, about: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """SHA-256 of a table's cells and names of columns, in order, and of what it says of posts beside them."""
    plain = rows.astype({c: "str" for c in rows.columns if rows[c].dtype == object})
    total = hashlib.sha256(pd.util.hash_pandas_object(plain, index=False).to_numpy().tobytes())
    total.update(json.dumps([str(column) for column in rows.columns], ensure_ascii=False).encode())
    if about:
        total.update(json.dumps(about, ensure_ascii=False, sort_keys=True).encode())
    return total.hexdigest()


def read_given(given: Given, known: Sequence[Mapped] = (), progress: Progress | None = None) -> list[Reading]:
    """All files of a call.

    Args:
        given: What to read.
        known: The mappings by which the client's earlier files were read, the newest first.
        progress: Told the share (0-1) of all files that was read.

    Raises:
        InputError: Everything that is wrong with any of them.
    """
    problems: list[Problem] = []
    readings: list[Reading] = []
    mappings = [*given.columns, *known]
    files: list[tuple[Role, str | File]] = [
        *(("history", file) for file in _spread(given.history)),
        *(("posts", file) for file in _spread(given.posts)),
        *(("audiences", file) for file in _spread(given.audiences)),
        *(("actuals", file) for file in _spread(given.actuals)),
    ]
    for at, (role, source) in enumerate(files):
        try:
            file = source if isinstance(source, File) else opened(source)
            readings.append(_read(role, file, mappings, given.currency, _part(progress, at, len(files))))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    if progress is not None:
        progress(1.0)
    return readings


def _spread(files: Sequence[str | File]) -> Iterator[str | File]:
    """The files, with those of a folder or a pattern in its place."""
    return (found if isinstance(found, File) else str(found) for found in spread(*files))


def _part(progress: Progress | None, at: int, count: int) -> Progress | None:
    """What tells the share of one of several files as a share of all."""
    if progress is None:
        return None
    progress(at / count)
    return lambda share: progress((at + share) / count)


def _read(
    role: Role, file: File, mappings: Sequence[Mapped], currency: str | None, progress: Progress | None
) -> Reading:
    name, digest = PurePath(file.name.replace("\\", "/")).name, hashlib.sha256(file.content).hexdigest()
    if role in ("history", "actuals"):
        mapping = _chosen(mappings, file.name)
        columns = () if mapping is None else (read_columns(mapping),)
        parts, _ = read_parts(file, columns=columns, currency=currency, progress=progress)
        rows = (
            pd.concat([part.rows for part in parts], ignore_index=True) if len(parts) > 1 else parts[0].rows
        )
        if currency is not None:
            rows = rows.assign(currency=rows["currency"].fillna(currency))
        warnings = (*added_up(parts), *(warning for part in parts for warning in part.warnings))
        about = together(part.about for part in parts)
        return Reading(role, name, digest, rows, (), warnings, mapping, currency, about=about)
    table, _ = decoded(file)
    rows, origin = (post_rows if role == "posts" else audience_rows)(table)
    return Reading(role, name, digest, rows, origin.places, origin.warnings)


def _chosen(mappings: Sequence[Mapped], file: str) -> Mapped | None:
    """The one table that says what several say of a file: of columns the first that does, of names likewise."""
    mine = [table for table in mappings if read_columns(table).concerns(file)]
    of_columns = next((table for table in mine if read_columns(table).speaks_of_columns), {})
    rules = next((rules for table in mine if (rules := table.get("names"))), ())
    found = {key: value for key, value in of_columns.items() if key != "names"}
    if rules:
        found["names"] = list(rules)
    return found or (mine[0] if mine else None)


def spent(rows: pd.DataFrame) -> list[tuple[str | None, Decimal]]:
    """All money of a table, exactly, by currency; `None` = the table says none."""
    codes = codes_of(rows)
    units, digits = units_of(rows["spend"].to_numpy(dtype=float), least_digits(codes))
    by: dict[tuple[str | None, int], int] = {}
    for code, places, unit in zip(codes, digits.tolist(), units.tolist(), strict=True):
        by[code, places] = by.get((code, places), 0) + unit
    totals: dict[str | None, Decimal] = {}
    for (code, places), total in by.items():
        totals[code] = totals.get(code, Decimal(0)) + Decimal(total).scaleb(-places)
    return sorted(totals.items(), key=lambda item: item[0] or "")


def codes_of(rows: pd.DataFrame) -> list[str | None]:
    """The currency of each row; `None` = it says none."""
    return [code if isinstance(code, str) else None for code in rows["currency"].tolist()]


def least_digits(codes: Sequence[str | None]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Shape (rows,), the digits of each row's currency; 0 where that is not known."""
    known = {code: 0 if code is None else decimals(code) for code in set(codes)}
    return np.array([known[code] for code in codes], dtype=np.int64)


def _told(rows: pd.DataFrame) -> dict[str, Any]:
    """Period, money, counts and results of a history's rows."""
    ends = rows["date"] + pd.to_timedelta(rows["days"] - 1, unit="D")
    kinds = [str(column) for column in rows.columns if str(column).startswith(RESULT_PREFIX)]
    return {
        "first": rows["date"].min().date().isoformat(),
        "last": ends.max().date().isoformat(),
        "breakdown": [d for d in (*DIMENSIONS, "hour") if rows[d].notna().any()],
        "spend": [{"currency": code, "amount": f"{amount:f}"} for code, amount in spent(rows)],
        "counts": {name: float(rows[name].sum()) if rows[name].notna().any() else None for name in COUNTS},
        "results": {kind.removeprefix(RESULT_PREFIX): float(rows[kind].sum()) for kind in kinds},
    }
