"""Clients: whose data and plans these are."""

from __future__ import annotations

import unicodedata

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from mediaplan.errors import InputError, Problem, UsageError, nearest
from mediaplan.words import Sentence
from mediaplan.workspace.tables import CLIENTS

OPTION = "--client"


def taken(name: str) -> str:
    """A name as it is kept: NFC, without spaces at its ends, and without what no database takes."""
    return unicodedata.normalize("NFC", name).replace("\0", "").strip()


def held(connection: Connection, name: str) -> int:
    """The client's key; made if there is none, and nobody else imports for it until this transaction ends.

    Raises:
        UsageError: The name says nothing.
    """
    wanted = taken(name)
    if not wanted:
        raise UsageError(
            Problem(
                Sentence("“{name}” is no name of a client.", name=name),
                Sentence("Give a name, such as {example}.", example="--client boutique"),
                column=OPTION,
                value=name,
            )
        )
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(make(CLIENTS).values(name=wanted).on_conflict_do_nothing())
    return int(
        connection.execute(
            select(CLIENTS.c.id).where(CLIENTS.c.name == wanted).with_for_update()
        ).scalar_one()
    )


def known(connection: Connection, name: str, *, hold: bool = False) -> int:
    """The client's key; `hold` keeps others from writing for it until this transaction ends.

    Raises:
        InputError: There is no such client; the nearest name is said.
    """
    wanted = select(CLIENTS.c.id).where(CLIENTS.c.name == taken(name))
    found = connection.execute(wanted.with_for_update() if hold else wanted).scalar()
    if found is not None:
        return int(found)
    message = Sentence("there is no client “{name}” in this workspace.", name=name)
    raise InputError(Problem(message, nearest(name, names(connection)), column=OPTION, value=name))


def names(connection: Connection) -> list[str]:
    """All clients, sorted by name."""
    return sorted(connection.execute(select(CLIENTS.c.name)).scalars())
