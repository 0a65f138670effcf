"""What a brief is answered from where the data are a client's: as `read_sources` gives it for loose files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mediaplan.answering import Records
from mediaplan.brief.briefs import Brief
from mediaplan.learning.reading import read_ledger
from mediaplan.workspace.workspaces import open_workspace


def records_of(address: str, client: str, brief: Brief | None, ledger: Any = None) -> Records:
    """What a workspace holds of a client, in a brief's currency, and the past plans that a loose table tells of.

    Args:
        address: Where the workspace is.
        client: Whose data.
        brief: Whose currency and rates count; `None` = the currency that the imports themselves state.
        ledger: A table of past plans; `None` where there is none.

    Raises:
        InputError: The workspace can't be opened, holds no such client or no history of it, or the table can't be used.
        UsageError: The address can't be a workspace's.
    """
    workspace = open_workspace(address)
    try:
        found = (
            workspace.records(client)
            if brief is None
            else workspace.records(client, brief.currency, brief.exchange)
        )
    finally:
        workspace.close()
    return found if ledger is None else replace(found, ledger=read_ledger(ledger))
