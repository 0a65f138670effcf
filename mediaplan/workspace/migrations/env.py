"""Runs the steps on the connection and inside the transaction of whoever opens a workspace; Alembic calls this."""

from __future__ import annotations

from alembic import context

from mediaplan.workspace.tables import METADATA

VERSION_TABLE = "mediaplan_version"
"""Holds the last step that was run; a database without it is no workspace."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()
