"""Rows of tables as a database holds them, and back: every number to the last bit, nothing is NULL."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, select

from mediaplan.history.records.records import COUNTS, DIMENSIONS, RESULT_PREFIX
from mediaplan.workspace.exact import amounts_of, units_of
from mediaplan.workspace.readings import Reading, codes_of, least_digits
from mediaplan.workspace.server import copied
from mediaplan.workspace.tables import AUDIENCES, HISTORY, POSTS, RESULTS

_TEXTS = ("title", "format", "topic", "reason", "url", "platform_id")


def keep_rows(connection: Connection, number: int, reading: Reading) -> None:
    """Write the rows of a file below its import.

    Args:
        connection: Inside a transaction.
        number: The import's own key (not the number that people see).
        reading: What was read.
    """
    match reading.role:
        case "posts":
            _insert(connection, POSTS, _posts(number, reading))
        case "audiences":
            _insert(connection, AUDIENCES, _audiences(number, reading))
        case _:
            _insert(connection, HISTORY, _history(number, reading.rows))
            for column in _kinds(reading.rows):
                _insert(connection, RESULTS, _results(number, column, reading.rows[column]))


def _insert(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert many rows at once, each with a value for every column.

    The driver's own call: the names are ours, and a million rows need no object each.
    """
    batch = list(rows)
    if not batch:
        return
    names = [column.name for column in table.columns]
    if connection.dialect.name == "postgresql":
        quoted = ", ".join(f'"{name}"' for name in names)
        cursor: Any = connection.connection.cursor()
        cursor.execute(
            f'COPY "{table.name}" ({quoted}) FROM STDIN', stream=io.StringIO("".join(map(copied, batch)))
        )
        return
    quoted, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" for _ in names)
    connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({quoted}) VALUES ({places})', batch)  # noqa: S608


def _plain(column: pd.Series[Any]) -> list[Any]:
    """A column's values as drivers take them; nothing is `None`."""
    return column.astype(object).where(column.notna(), None).tolist()


def _days(column: pd.Series[Any]) -> list[str | None]:
    return [
        None if day == "NaT" else day for day in np.datetime_as_string(column.to_numpy(dtype="datetime64[D]"))
    ]


def _history(number: int, rows: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    codes = codes_of(rows)
    units, digits = units_of(rows["spend"].to_numpy(dtype=float), least_digits(codes))
    hours = [None if hour is None else int(hour) for hour in _plain(rows["hour"])]
    return zip(
        [number] * len(rows),
        range(len(rows)),
        *(_days(rows["date"]), rows["days"].tolist()),
        *(_plain(rows[name]) for name in DIMENSIONS),
        *(hours, units.tolist(), digits.tolist(), codes),
        *(_plain(rows[name]) for name in COUNTS),
        strict=True,
    )


def _results(number: int, column: str, counts: pd.Series[Any]) -> list[tuple[Any, ...]]:
    kind, told = column.removeprefix(RESULT_PREFIX), counts.notna().to_numpy()
    return [
        (number, at, kind, count)
        for at, count in zip(np.flatnonzero(told).tolist(), counts[told].tolist(), strict=True)
    ]


def _kinds(rows: pd.DataFrame) -> list[str]:
    return [str(column) for column in rows.columns if str(column).startswith(RESULT_PREFIX)]


def _posts(number: int, reading: Reading) -> Iterator[tuple[Any, ...]]:
    rows = reading.rows
    organic = [str(column) for column in rows.columns if str(column).startswith("organic_")]
    figures = [
        json.dumps(
            {name: None if np.isnan(value) else value for name, value in zip(organic, values, strict=True)}
        )
        for values in rows[organic].to_numpy(dtype=float).tolist()
    ]
    columns: dict[str, Sequence[Any]] = {
        "import_id": [number] * len(rows),
        "position": range(len(rows)),
        "line": reading.lines or [None] * len(rows),
        "post": rows["post"].tolist(),
        "channels": ["|".join(names) for names in rows["channels"]],
        "published": _days(rows["published"]),
        "status": rows["status"].tolist(),
        "value": rows["value"].tolist(),
        "organic": figures,
    } | {name: _plain(rows[name]) for name in _TEXTS}
    return zip(*(columns[column.name] for column in POSTS.columns), strict=True)


def _audiences(number: int, reading: Reading) -> Iterator[tuple[Any, ...]]:
    rows = reading.rows
    lines = reading.lines or [None] * len(rows)
    names = ("audience", "channel", "size", "value")
    return zip(
        [number] * len(rows), range(len(rows)), lines, *(_plain(rows[name]) for name in names), strict=True
    )


def history_of(connection: Connection, number: int, columns: Sequence[str]) -> pd.DataFrame:
    """The rows of an import of history or actuals, as `Part.rows` had them.

    Args:
        connection: Any.
        number: The import's own key.
        columns: Names of the columns that the rows had, in order.
    """
    found = _read(connection, HISTORY, number)
    units, digits = (found[name].to_numpy(dtype=np.int64) for name in ("spend", "digits"))
    rows: dict[str, Any] = {
        "date": _dates(found["date"]),
        "days": found["days"].to_numpy(dtype=np.int64),
        "hour": found["hour"].to_numpy(dtype=np.float64),
        "spend": amounts_of(units, digits),
    }
    rows |= {name: pd.Series(found[name].tolist(), dtype="str") for name in (*DIMENSIONS, "currency")}
    rows |= {name: found[name].to_numpy(dtype=np.float64) for name in COUNTS}
    told = _read(connection, RESULTS, number)
    for column in columns:
        if column.startswith(RESULT_PREFIX):
            mine = told[told["kind"] == column.removeprefix(RESULT_PREFIX)]
            counts = np.full(len(found), np.nan)
            counts[mine["position"].to_numpy(dtype=np.intp)] = mine["count"].to_numpy(dtype=np.float64)
            rows[column] = counts
    return pd.DataFrame(rows)[list(columns)]


def posts_of(
    connection: Connection, number: int, columns: Sequence[str]
) -> tuple[pd.DataFrame, tuple[int, ...]]:
    """The rows of an import of posts, as `Posts.rows` had them, and their lines in the file."""
    found = _read(connection, POSTS, number)
    figures = [json.loads(text) for text in found["organic"]]
    rows: dict[str, Any] = {
        name: pd.Series(found[name].tolist(), dtype="str") for name in ("post", "status", *_TEXTS)
    }
    rows["channels"] = pd.Series(
        [tuple(names.split("|")) if names else () for names in found["channels"]], dtype=object
    )
    rows["published"] = _dates(found["published"])
    rows["value"] = found["value"].to_numpy(dtype=np.float64)
    for column in columns:
        if column.startswith("organic_"):
            rows[column] = np.array([values[column] for values in figures], dtype=np.float64)
    return pd.DataFrame(rows)[list(columns)], _lines(found)


def audiences_of(
    connection: Connection, number: int, columns: Sequence[str]
) -> tuple[pd.DataFrame, tuple[int, ...]]:
    """The rows of an import of audiences, as `Audiences.rows` had them, and their lines in the file."""
    found = _read(connection, AUDIENCES, number)
    rows: dict[str, Any] = {
        name: pd.Series(found[name].tolist(), dtype="str") for name in ("audience", "channel")
    }
    rows |= {name: found[name].to_numpy(dtype=np.float64) for name in ("size", "value")}
    return pd.DataFrame(rows)[list(columns)], _lines(found)


def forget_rows(connection: Connection, number: int) -> None:
    """Delete the rows of an import."""
    for table in (RESULTS, HISTORY, POSTS, AUDIENCES):
        connection.execute(table.delete().where(table.c.import_id == number))


def _read(connection: Connection, table: Table, number: int) -> pd.DataFrame:
    """An import's rows in order, as the driver gives them: dates are text in SQLite."""
    names = [column.name for column in table.columns]
    wanted = select(table).where(table.c.import_id == number).order_by(table.c.position)
    statement = str(wanted.compile(connection, compile_kwargs={"literal_binds": True}))
    found = connection.exec_driver_sql(statement).fetchall()
    cells = list(zip(*found, strict=True)) or [()] * len(names)
    return pd.DataFrame(
        {name: pd.Series(values, dtype=object) for name, values in zip(names, cells, strict=True)}
    )


def _dates(days: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    return np.array([None if day is None else str(day) for day in days], dtype="datetime64[us]")


def _lines(found: pd.DataFrame) -> tuple[int, ...]:
    return tuple(int(line) for line in found["line"] if line is not None)
