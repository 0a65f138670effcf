"""Workspaces are opened: the engine, its transactions, and the migrations that are still to be run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, column, create_engine, event, func, inspect, select, table
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, OperationalError

from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence
from mediaplan.workspace.address import file_of, not_there, said
from mediaplan.workspace.server import reaching, reason_of

PATIENCE = 60
"""Seconds that one import waits for another to end."""

VERSION_TABLE = "mediaplan_version"
LATEST = "1"
"""The last migration that this code knows."""

_MIGRATING = 0x6D706C616E
"""Key of the advisory lock under which a server's tables are made: any number that is ours."""


def engine_of(url: URL) -> Engine:
    """An engine that keeps the promises of a workspace: transactions that are real, references that hold.

    Raises:
        InputError: The database's driver is not installed.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _prepared)
        event.listen(engine, "begin", _begun)
        return engine
    try:
        engine = create_engine(url.set(query={}))
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise InputError(
            Problem(
                Sentence("a workspace on a server needs the driver pg8000, which is not installed."),
                Sentence("Install it: python -m pip install {package}", package='"mediaplan[postgres]"'),
                file=said(url),
            )
        ) from error
    event.listen(engine, "do_connect", reaching(url, PATIENCE))
    return engine


def _prepared(connection: Any, _: Any) -> None:
    # Python's driver would begin transactions by itself, late and not before the making of tables.
    connection.isolation_level = None
    for setting in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}").close()


def _begun(connection: Connection) -> None:
    """Who will write asks for the right at once: two that read first and write later would block each other."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """A connection in one transaction: all that is done in it stays, or nothing where it is left by an error.

    Raises:
        InputError: The database can't be reached, is busy for too long, or can't be written to.
    """
    try:
        with engine.connect().execution_options(writes=writes) as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise _unusable(engine.url, error) from error


def prepare(engine: Engine, *, make: bool) -> None:
    """Bring the database to the last migration; make its tables where it is empty and `make` says so.

    Raises:
        InputError: It is no workspace, one of a newer mediaplan, not there, or can't be opened.
    """
    file = file_of(engine.url)
    if file is not None and not make and not file.exists():
        raise not_there(engine.url)
    if file is not None and not file.absolute().parent.is_dir():
        raise _no_folder(engine.url, file)
    with transaction(engine, writes=False) as connection:
        found = _version(connection)
    if found == LATEST:
        return
    with transaction(engine, writes=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
        _migrate(connection, _version(connection), make=make)
    if file is not None:
        _let_readers_in(engine)


def _let_readers_in(engine: Engine) -> None:
    """Write-ahead logging, which stays with the file: reading goes on while an import writes.

    Only here, for a file that is certainly a workspace. SQLite does not wait by itself where two processes ask at once.
    """
    for _ in range(PATIENCE * 10):
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL").close()
        except engine.dialect.loaded_dbapi.OperationalError:
            sleep(0.1)
        else:
            return
        finally:
            connection.close()


def _version(connection: Connection) -> str | None:
    """The last migration that was run; `None` before the first."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(select(column("version_num")).select_from(table(VERSION_TABLE))).scalar()


def _migrate(connection: Connection, found: str | None, *, make: bool) -> None:
    if found == LATEST:  # another process was faster
        return
    if found is None and inspect(connection).get_table_names():
        raise _foreign(connection.engine.url)
    if found is None and not make:
        raise not_there(connection.engine.url)
    from alembic.command import upgrade

    config = _configuration()
    if found is not None and found not in _known():
        raise _newer(connection.engine.url)
    config.attributes["connection"] = connection
    upgrade(config, "head")


def _configuration() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@lru_cache
def _known() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    return frozenset(step.revision for step in ScriptDirectory.from_config(_configuration()).walk_revisions())


def _foreign(url: URL) -> InputError:
    message = Sentence("this database holds something else than a workspace.")
    return InputError(Problem(message, Sentence("Name another file, or an empty database."), file=said(url)))


def _newer(url: URL) -> InputError:
    message = Sentence("this workspace was made by a newer mediaplan.")
    return InputError(Problem(message, Sentence("Update mediaplan: nothing was changed."), file=said(url)))


def _no_folder(url: URL, file: Path) -> InputError:
    message = Sentence("there is no folder “{folder}”.", folder=str(file.parent))
    return InputError(Problem(message, Sentence("Make it, or name another place."), file=said(url)))


def _unusable(url: URL, error: DBAPIError) -> InputError:
    """What a database says, as a person's problem; its own words stand in it, but no password."""
    detail = reason_of(error)
    message = Sentence("this workspace can't be used: {reason}.", reason=detail.rstrip("."))
    remedy = Sentence(
        "Check that it is there, that you may write to it and that nothing else holds it; nothing was changed."
    )
    if "not a database" in detail:
        message = Sentence("this file is no workspace.")
        remedy = Sentence("Name another file: this one was not touched.")
    elif "lock timeout" in detail or (isinstance(error, OperationalError) and "locked" in detail):
        message = Sentence("another import holds this workspace for more than {seconds} s.", seconds=PATIENCE)
        remedy = Sentence("Wait until it is done and try again; nothing was changed.")
    return InputError(Problem(message, remedy, file=said(url)))
