"""Plans and their briefs as they were made: numbered for each client, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence
from mediaplan.workspace.clients import taken
from mediaplan.workspace.tables import BRIEFS, PLANS


@dataclass(frozen=True)
class KeptPlan:
    """A plan as it was made.

    Attributes:
        number: What people call it; counts each client's plans from 1.
        name: The brief's.
        brief: The brief as TOML.
        made_at: When (UTC).
        text: The document `mediaplan/plan/1` as text, as it was made.
    """

    number: int
    name: str
    brief: str
    made_at: datetime
    text: str

    @property
    def document(self) -> dict[str, Any]:
        """The plan as JSON holds it."""
        found: dict[str, Any] = json.loads(self.text)
        return found

    def to_dict(self) -> dict[str, Any]:
        """The plan in a few words, as documents that list it hold it."""
        document = self.document
        told = {name: document.get(name) for name in ("currency", "budget", "spent")}
        results = document.get("totals", {}).get("results", {}).get("mean")
        return {
            "number": self.number,
            "name": self.name,
            "made_at": self.made_at.isoformat(timespec="seconds") + "Z",
            **told,
            "lines": len(document.get("lines", ())),
            "results": results,
        }


def keep_plan(
    connection: Connection,
    client: int,
    document: Mapping[str, Any],
    brief: str,
    *,
    at: datetime,
    number: int | None = None,
) -> int:
    """Keep a plan and its brief; the same brief is kept once.

    Args:
        connection: In a transaction that writes and holds the client.
        client: The client's key.
        document: `mediaplan/plan/1`.
        brief: The brief as TOML.
        at: When it was made (UTC).
        number: Where one that was exported gets its own back; default: the next.

    Returns:
        Its number.
    """
    if number is None:
        last = connection.execute(
            select(func.max(PLANS.c.number)).where(PLANS.c.client_id == client)
        ).scalar()
        number = int(last or 0) + 1
    name = taken(str(document.get("name", "plan")))
    values = {
        "client_id": client,
        "number": number,
        "brief_id": keep_brief(connection, client, name, brief),
        "made_at": at,
        "document": json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n",
    }
    connection.execute(insert(PLANS).values(values))
    return number


def keep_brief(connection: Connection, client: int, name: str, content: str) -> int:
    """The key of a brief, written once for each client."""
    digest = hashlib.sha256(content.encode()).hexdigest()
    wanted = select(BRIEFS.c.id).where(BRIEFS.c.client_id == client, BRIEFS.c.digest == digest)
    found = connection.execute(wanted).scalar()
    if found is None:
        row = insert(BRIEFS).values(client_id=client, name=name, digest=digest, content=content)
        key = connection.execute(row).inserted_primary_key
        assert key is not None
        found = key[0]
    return int(found)


def plans_of(connection: Connection, client: int) -> list[KeptPlan]:
    """All plans of a client in order."""
    wanted = (
        select(PLANS.c.number, BRIEFS.c.name, BRIEFS.c.content, PLANS.c.made_at, PLANS.c.document)
        .join(BRIEFS, BRIEFS.c.id == PLANS.c.brief_id)
        .where(PLANS.c.client_id == client)
        .order_by(PLANS.c.number)
    )
    return [KeptPlan(*row) for row in connection.execute(wanted)]


def plan_numbered(connection: Connection, client: int, number: int) -> KeptPlan:
    """One plan.

    Raises:
        InputError: There is none of that number.
    """
    found = next((plan for plan in plans_of(connection, client) if plan.number == number), None)
    if found is None:
        message = Sentence("there is no plan {number}.", number=str(number))
        remedy = Sentence("“mediaplan list --client …” says which there are.")
        raise InputError(Problem(message, remedy, column="--plan", value=str(number)))
    return found
