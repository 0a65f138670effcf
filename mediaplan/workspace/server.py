"""Workspaces on a PostgreSQL server: how it is reached, how many rows are handed to it, what it says when it can't."""

from __future__ import annotations

import getpass
import os
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from mediaplan.workspace.address import ENCRYPTION

REACHING = 10.0
"""Seconds in which a server must answer at all."""

PORT = 5432

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

Reach = Callable[[Any, Any, Sequence[Any], dict[str, Any]], Any]
"""What SQLAlchemy calls for a new connection."""


def reaching(url: URL, patience: int) -> Reach:
    """How connections to a server are made.

    Who is meant where the URL does not say: `PGUSER`, else the person's own account; and `PGPASSWORD`, so that no password
    need stand in a command.

    Args:
        url: The server's and database's.
        patience: Seconds to wait for a lock.
    """
    host, port = url.host or "localhost", url.port or PORT

    def reach(dialect: Any, _: Any, arguments: Sequence[Any], options: dict[str, Any]) -> Any:
        connection = None
        try:
            connection = socket.create_connection((host, port), REACHING)
            # Only the way there is hurried: what is asked may take its time.
            connection.settimeout(None)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            # Not its `connect`, which takes no socket of ours.
            return dialect.loaded_dbapi.Connection(
                *arguments,
                **options
                | {
                    "host": host,
                    "user": url.username or os.environ.get("PGUSER") or getpass.getuser(),
                    "password": url.password or os.environ.get("PGPASSWORD"),
                    "sock": connection,
                    "ssl_context": _encryption(url),
                    "startup_params": {"lock_timeout": f"{patience}s"},
                },
            )
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, OSError):  # of the network, or of a certificate
                raise dialect.loaded_dbapi.InterfaceError(error.strerror or str(error)) from error
            raise

    return reach


def _encryption(url: URL) -> ssl.SSLContext | bool | None:
    """What the driver takes: `False` never, `None` where the server can, `True` always, a context = with its certificate."""
    match url.query.get(ENCRYPTION):
        case "disable":
            return False
        case "require":
            return True
        case "verify-ca" | "verify-full" as asked:
            context = ssl.create_default_context()
            context.check_hostname = asked == "verify-full"
            return context
        case _:
            return None


def copied(row: Sequence[Any]) -> str:
    r"""A row as PostgreSQL's `COPY` takes it: tabs between, `\N` for nothing (https://www.postgresql.org/docs/current/sql-copy.html)."""
    return "\t".join("\\N" if cell is None else str(cell).translate(_ESCAPES) for cell in row) + "\n"


def reason_of(error: DBAPIError) -> str:
    """The database's own words on one line, without a password."""
    said = error.orig.args[0] if error.orig is not None and error.orig.args else error.orig
    # pg8000 hands over the server's answer as it came: M is its message.
    text = said.get("M", "") if isinstance(said, dict) else str(said)
    return str(text).strip().partition("\n")[0]
