"""A workspace as its users see it: each of its methods is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from mediaplan import __version__
from mediaplan.answering import Records
from mediaplan.history.files.large import Progress
from mediaplan.history.records.records import History
from mediaplan.words import Sentence
from mediaplan.workspace import clients, imports, plans, standing
from mediaplan.workspace.address import said, url_of
from mediaplan.workspace.exporting import Bundle, bundle_of, restored
from mediaplan.workspace.imports import Import
from mediaplan.workspace.opening import engine_of, prepare, transaction
from mediaplan.workspace.plans import KeptPlan
from mediaplan.workspace.readings import Given, Reading, read_given
from mediaplan.workspace.standing import Counting


@dataclass(frozen=True)
class Client:
    """One client and what is kept for it.

    Attributes:
        name: As people call it.
        imports: All files in order, those that were taken back too.
        plans: All plans in order.
    """

    name: str
    imports: tuple[Import, ...]
    plans: tuple[KeptPlan, ...]

    @property
    def standing(self) -> tuple[Import, ...]:
        """The imports that were not taken back."""
        return tuple(each for each in self.imports if each.undone_at is None)

    def to_dict(self) -> dict[str, Any]:
        """As documents hold it."""
        return {
            "client": self.name,
            "imports": [each.to_dict() for each in self.imports],
            "plans": [plan.to_dict() for plan in self.plans],
        }


class Workspace:
    """Clients and what is kept for them. `open_workspace` gives one.

    Args:
        engine: Of a database whose tables are there.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def address(self) -> str:
        """Where it is, as people may see it."""
        return said(self._engine.url)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def clients(self) -> list[Client]:
        """All clients by name."""
        with transaction(self._engine, writes=False) as connection:
            return [
                Client(
                    name,
                    tuple(imports.imports_of(connection, key)),
                    tuple(plans.plans_of(connection, key)),
                )
                for name in clients.names(connection)
                for key in [clients.known(connection, name)]
            ]

    def client(self, name: str) -> Client:
        """One client.

        Raises:
            InputError: There is no such client.
        """
        with transaction(self._engine, writes=False) as connection:
            key = clients.known(connection, name)
            return Client(
                clients.taken(name),
                tuple(imports.imports_of(connection, key)),
                tuple(plans.plans_of(connection, key)),
            )

    def read(self, client: str, given: Given, progress: Progress | None = None) -> list[Reading]:
        """Read files by the call's mappings and those of the client's earlier imports; nothing is written.

        Args:
            client: Whose.
            given: The files.
            progress: Told the share (0-1) of all files that was read.

        Raises:
            InputError: Everything that is wrong with any of them.
        """
        with transaction(self._engine, writes=False) as connection:
            there = clients.taken(client) in clients.names(connection)
            known = imports.mappings_of(connection, clients.known(connection, client)) if there else []
        return read_given(given, known, progress)

    def keep(self, client: str, readings: Sequence[Reading], given: Given, *, at: datetime) -> list[Import]:
        """Write what was read: all of it, or nothing where anything goes wrong on the way.

        Args:
            client: Whose; made where it is not there.
            readings: What `read` gave.
            given: What `read` was given.
            at: When (UTC).

        Returns:
            One import for each file; `new` says whether it was written or known already.

        Raises:
            InputError: A file was imported before and read by other rules, or the database can't be used.
        """
        with transaction(self._engine, writes=True) as connection:
            key = clients.held(connection, client)
            return imports.keep(connection, key, readings, given, at=at, version=__version__)

    def undo(self, client: str, numbers: Sequence[int] = (), *, at: datetime) -> list[Import]:
        """Take imports back; see `mediaplan.workspace.imports.take_back`."""
        with transaction(self._engine, writes=True) as connection:
            key = clients.known(connection, client, hold=True)
            return imports.take_back(connection, key, numbers, at)

    def records(
        self, client: str, currency: str | None = None, exchange: Mapping[str, Any] | None = None
    ) -> Records:
        """What a brief is answered from; see `mediaplan.workspace.standing.records`."""
        with transaction(self._engine, writes=False) as connection:
            return standing.records(connection, clients.known(connection, client), currency, exchange)

    def actuals(
        self, client: str, plan: int, currency: str | None = None, exchange: Mapping[str, Any] | None = None
    ) -> History:
        """What a kept plan really spent and got; see `mediaplan.workspace.standing.actuals`."""
        with transaction(self._engine, writes=False) as connection:
            return standing.actuals(connection, clients.known(connection, client), plan, currency, exchange)

    def counting(
        self, client: str, only: Sequence[int] | None = None
    ) -> tuple[list[Counting], tuple[Sentence, ...]]:
        """How many rows of each import of history count, and what is said of those that a newer one tells again.

        Args:
            client: Whose.
            only: Numbers of imports; default all. Those whose days they share are looked at with them.
        """
        with transaction(self._engine, writes=False) as connection:
            key = clients.known(connection, client)
            found = standing.standing(connection, key, "history")
            if only is not None:
                found = _about_the_same_days(found, only)
            return standing.counting(connection, found)

    def keep_plan(self, client: str, document: Mapping[str, Any], brief: str, *, at: datetime) -> int:
        """Keep a plan and its brief; its number."""
        with transaction(self._engine, writes=True) as connection:
            key = clients.known(connection, client, hold=True)
            return plans.keep_plan(connection, key, document, brief, at=at)

    def plan(self, client: str, number: int) -> KeptPlan:
        """One kept plan.

        Raises:
            InputError: There is no such client or plan.
        """
        with transaction(self._engine, writes=False) as connection:
            return plans.plan_numbered(connection, clients.known(connection, client), number)

    def bundle(self, client: str) -> Bundle:
        """Everything of a client as plain files."""
        with transaction(self._engine, writes=False) as connection:
            return bundle_of(connection, clients.taken(client), clients.known(connection, client))

    def restore(self, client: str, bundle: Bundle) -> list[Import]:
        """Bring back everything of a client from plain files; the client must be new, or hold just that.

        Raises:
            InputError: The files can't be used, or the client has something else.
        """
        with transaction(self._engine, writes=True) as connection:
            return restored(connection, clients.held(connection, client), bundle)


def _about_the_same_days(found: Sequence[Import], only: Sequence[int]) -> list[Import]:
    """Those imports, and the others that share days with any of them."""
    wanted = [each.content for each in found if each.number in only]
    return [
        each
        for each in found
        if each.number in only
        or any(
            each.content["first"] <= one["last"]
            and one["first"] <= each.content["last"]
            and each.content["breakdown"] == one["breakdown"]
            for one in wanted
        )
    ]


def open_workspace(address: str, *, make: bool = False) -> Workspace:
    """The workspace at an address, brought to the tables of this version.

    Args:
        address: A file's name (SQLite), or a URL: `sqlite:///agency.sqlite`, `postgresql://host/agency`.
        make: Make it where nothing is there yet.

    Raises:
        UsageError: The address can't be one.
        InputError: There is none, it holds something else, it is newer than this version, or it can't be opened.
    """
    engine = engine_of(url_of(address))
    try:
        prepare(engine, make=make)
    except BaseException:
        engine.dispose()
        raise
    return Workspace(engine)
