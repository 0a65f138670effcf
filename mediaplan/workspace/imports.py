"""What a workspace knows of imports: one record for each file, and the rules about taking one in and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update

from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence
from mediaplan.workspace.clients import taken
from mediaplan.workspace.readings import Given, Mapped, Reading, Role
from mediaplan.workspace.rows import forget_rows, keep_rows
from mediaplan.workspace.sentences import sentences_from, sentences_json
from mediaplan.workspace.tables import IMPORTS, MAPPINGS, PLANS


@dataclass(frozen=True)
class Import:
    """One file that was imported.

    Attributes:
        key: Its key in the database.
        number: What people call it; counts each client's files from 1.
        call: Number of the first file that was given in the same call.
        role: What it tells of.
        file: The file's name.
        digest: SHA-256 of its bytes.
        rows_digest: SHA-256 of what was read.
        content: What was read, in a few numbers.
        warnings: What was said of it.
        mapping: By which rules it was read; `None` = by the names of its own columns.
        currency: What its money was taken for where it says nothing.
        plan: Number of the plan whose actuals it tells.
        version: Of the mediaplan that read it.
        imported_at: When (UTC).
        undone_at: When it was taken back; `None` = it stands.
        new: Whether this call brought it; a file that was known already is not written again.
    """

    key: int
    number: int
    call: int
    role: Role
    file: str
    digest: str
    rows_digest: str
    content: Mapping[str, Any]
    warnings: tuple[Sentence, ...]
    mapping: Mapped | None
    currency: str | None
    plan: int | None
    version: str
    imported_at: datetime
    undone_at: datetime | None
    new: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As documents hold it; amounts are text, times are UTC."""
        told = {name: value for name, value in self.content.items() if name not in ("columns", "about")}
        return {
            "number": self.number,
            "call": self.call,
            "role": self.role,
            "file": self.file,
            "digest": self.digest,
            **told,
            "mapping": self.mapping,
            "currency": self.currency,
            "plan": self.plan,
            "version": self.version,
            "imported_at": _utc(self.imported_at),
            "undone_at": None if self.undone_at is None else _utc(self.undone_at),
        }


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds") + "Z"


def keep(
    connection: Connection,
    client: int,
    readings: Sequence[Reading],
    given: Given,
    *,
    at: datetime,
    version: str,
) -> list[Import]:
    """Write the files of a call; one that says what a standing import says already is known and changes nothing.

    Args:
        connection: In a transaction that writes and holds the client.
        client: The client's key.
        readings: What the files say.
        given: How they were given.
        at: When (UTC).
        version: Of mediaplan.

    Returns:
        One import for each file, in order.

    Raises:
        InputError: A file was imported before and read by other rules; there is no such plan.
    """
    plan = None if given.plan is None else plan_key(connection, client, given.plan)
    known = [each for each in imports_of(connection, client) if each.undone_at is None]
    number = _last(connection, client)
    call, kept = number + 1, []
    problems: list[Problem] = []
    for reading in readings:
        of = given.plan if reading.role == "actuals" else None
        same = [each for each in known if (each.role, each.plan) == (reading.role, of)]
        if twin := next((each for each in same if each.rows_digest == reading.rows_digest), None):
            kept.append(replace(twin, new=False))
            continue
        if other := next((each for each in same if each.digest == reading.digest), None):
            problems.append(_read_otherwise(reading, other))
            continue
        number += 1
        of_plan = plan if reading.role == "actuals" else None
        known.append(
            written(
                connection, client, reading, number=number, call=call, plan=of_plan, at=at, version=version
            )
        )
        kept.append(known[-1])
    if problems:
        raise InputError(*problems)
    return kept


def written(
    connection: Connection,
    client: int,
    reading: Reading,
    *,
    number: int,
    call: int,
    plan: int | None,
    at: datetime,
    version: str,
    undone_at: datetime | None = None,
    content: Mapping[str, Any] | None = None,
) -> Import:
    """Write one import with its rows.

    Args:
        connection: In a transaction that writes and holds the client.
        client: The client's key.
        reading: What the file says.
        number: What people will call it.
        call: Number of the first file of the same call.
        plan: Key of the plan whose actuals it tells.
        at: When it was imported (UTC).
        version: Of the mediaplan that read it.
        undone_at: When it was taken back, of one that comes back from an export.
        content: What was read, where that is known already; default: the reading's own.
    """
    values = {
        "client_id": client,
        "number": number,
        "call": call,
        "role": reading.role,
        "plan_id": plan,
        "file": taken(reading.file),
        "digest": reading.digest,
        "rows_digest": reading.rows_digest,
        "mapping_id": None if reading.mapping is None else _mapping(connection, client, reading.mapping),
        "currency": reading.currency,
        "content": json.dumps(content or reading.content, ensure_ascii=False, allow_nan=False),
        "warnings": sentences_json(reading.warnings),
        "version": version,
        "imported_at": at,
        "undone_at": undone_at,
    }
    key = connection.execute(insert(IMPORTS).values(values)).inserted_primary_key
    assert key is not None
    if undone_at is None:
        keep_rows(connection, int(key[0]), reading)
    return replace(import_numbered(connection, client, number), new=True)


def _mapping(connection: Connection, client: int, mapping: Mapped) -> int:
    """The key of a mapping, written once for each client."""
    content = json.dumps(mapping, ensure_ascii=False, sort_keys=True, default=str)
    digest = hashlib.sha256(content.encode()).hexdigest()
    wanted = select(MAPPINGS.c.id).where(MAPPINGS.c.client_id == client, MAPPINGS.c.digest == digest)
    found = connection.execute(wanted).scalar()
    if found is None:
        row = insert(MAPPINGS).values(client_id=client, digest=digest, content=content)
        key = connection.execute(row).inserted_primary_key
        assert key is not None
        found = key[0]
    return int(found)


def _last(connection: Connection, client: int) -> int:
    found = connection.execute(
        select(func.max(IMPORTS.c.number)).where(IMPORTS.c.client_id == client)
    ).scalar()
    return int(found or 0)


def _read_otherwise(reading: Reading, other: Import) -> Problem:
    """The fault of a file whose rows mean something else now; where the currency is what differs, it is named."""
    if other.currency is not None and reading.currency is None:
        return Problem(
            Sentence(
                "this file was imported as number {number} with its money in {currency}.",
                number=str(other.number),
                currency=other.currency,
            ),
            Sentence(
                "Say so again: {option}. Or take that import back first: mediaplan undo {number} --client …",
                option=f"--currency {other.currency}",
                number=str(other.number),
            ),
            file=reading.file,
        )
    return Problem(
        Sentence(
            "this file was imported as number {number} and read by other rules.", number=str(other.number)
        ),
        Sentence("Take that back first: mediaplan undo {number} --client …", number=str(other.number)),
        file=reading.file,
    )


def plan_key(connection: Connection, client: int, number: int) -> int:
    """The key of a kept plan.

    Raises:
        InputError: There is no plan of that number.
    """
    found = connection.execute(
        select(PLANS.c.id).where(PLANS.c.client_id == client, PLANS.c.number == number)
    ).scalar()
    if found is None:
        message = Sentence("there is no plan {number}.", number=str(number))
        remedy = Sentence("“mediaplan list --client …” says which there are.")
        raise InputError(Problem(message, remedy, column="--plan", value=str(number)))
    return int(found)


def _all(client: int) -> Select[Any]:
    return (
        select(IMPORTS, MAPPINGS.c.content.label("mapping"), PLANS.c.number.label("plan"))
        .join(MAPPINGS, MAPPINGS.c.id == IMPORTS.c.mapping_id, isouter=True)
        .join(PLANS, PLANS.c.id == IMPORTS.c.plan_id, isouter=True)
        .where(IMPORTS.c.client_id == client)
        .order_by(IMPORTS.c.number)
    )


def imports_of(connection: Connection, client: int) -> list[Import]:
    """All imports of a client in order, those that were taken back too."""
    return [_import(row) for row in connection.execute(_all(client)).mappings()]


def import_numbered(connection: Connection, client: int, number: int) -> Import:
    """One import.

    Raises:
        InputError: There is none of that number.
    """
    row = connection.execute(_all(client).where(IMPORTS.c.number == number)).mappings().first()
    if row is None:
        message = Sentence("there is no import {number}.", number=str(number))
        remedy = Sentence("“mediaplan list --client …” says which there are.")
        raise InputError(Problem(message, remedy, value=str(number)))
    return _import(row)


def _import(row: RowMapping) -> Import:
    return Import(
        key=row["id"],
        role=cast("Role", row["role"]),
        content=json.loads(row["content"]),
        warnings=sentences_from(row["warnings"]),
        mapping=None if row["mapping"] is None else json.loads(row["mapping"]),
        **{
            name: row[name]
            for name in (
                "number", "call", "file", "digest", "rows_digest", "currency", "plan", "version", "imported_at",
                "undone_at",
            )
        },
    )  # fmt: skip


def mappings_of(connection: Connection, client: int) -> list[Mapped]:
    """The mappings by which standing imports were read, that of the newest first."""
    found: list[Mapped] = []
    for each in reversed(imports_of(connection, client)):
        if each.undone_at is None and each.mapping is not None and each.mapping not in found:
            found.append(each.mapping)
    return found


def take_back(connection: Connection, client: int, numbers: Sequence[int], at: datetime) -> list[Import]:
    """Take imports back, whatever was imported after them: what counts is then what there would be without them.

    Args:
        connection: In a transaction that writes and holds the client.
        client: The client's key.
        numbers: Which; none = all files of the last call that still stand.
        at: When (UTC).

    Returns:
        Those that were taken back. Their records stay, their rows go.

    Raises:
        InputError: There is none of that number, it was taken back already, or nothing stands.
    """
    standing = {each.number: each for each in imports_of(connection, client) if each.undone_at is None}
    if not numbers:
        last = max((each.call for each in standing.values()), default=0)
        numbers = [each.number for each in standing.values() if each.call == last]
    if not numbers or (wrong := [str(number) for number in numbers if number not in standing]):
        message = Sentence("nothing is there that could be taken back.")
        if numbers:
            message = Sentence("no import of that number stands: {numbers}.", numbers=tuple(wrong))
        raise InputError(Problem(message, Sentence("“mediaplan list --client …” says which there are.")))
    for number in dict.fromkeys(numbers):
        forget_rows(connection, standing[number].key)
        connection.execute(update(IMPORTS).where(IMPORTS.c.id == standing[number].key).values(undone_at=at))
    return [replace(standing[number], undone_at=at) for number in dict.fromkeys(numbers)]
