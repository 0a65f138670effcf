"""The tables of a workspace, as they are after the last migration.

Money is a whole number of units (`spend`) with the digits that these units stand behind the point (`digits`): minor
units of the currency, or finer ones where the platform's table is finer. Dates are dates, names are text in NFC.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    and_,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(column_0_N_label)s",
    }
)

CLIENTS = Table(
    "clients",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

MAPPINGS = Table(
    "mappings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("client_id", "digest"),
)
"""`[[columns]]` tables as JSON."""

BRIEFS = Table(
    "briefs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("client_id", "digest"),
)
"""Briefs as TOML."""

PLANS = Table(
    "plans",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("brief_id", ForeignKey("briefs.id"), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("client_id", "number"),
)
"""Plans as documents `mediaplan/plan/1`; triggers refuse to change or delete one."""

IMPORTS = Table(
    "imports",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("call", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("plan_id", ForeignKey("plans.id")),
    Column("file", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("rows_digest", Text, nullable=False),
    Column("mapping_id", ForeignKey("mappings.id")),
    Column("currency", Text),
    Column("content", Text, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("imported_at", DateTime, nullable=False),
    Column("undone_at", DateTime),
    UniqueConstraint("client_id", "number"),
    CheckConstraint("role IN ('history', 'posts', 'audiences', 'actuals')", name="role"),
)
"""One file each. `call` is the number of the first file that was given with it; `content` (JSON) says what was read."""

_STANDING = IMPORTS.c.undone_at.is_(None)
_STANDING_DATA = and_(_STANDING, IMPORTS.c.plan_id.is_(None))
Index(
    "ux_imports_once",
    *(IMPORTS.c.client_id, IMPORTS.c.role, IMPORTS.c.rows_digest),
    unique=True,
    sqlite_where=_STANDING_DATA,
    postgresql_where=_STANDING_DATA,
)
Index(
    "ux_imports_once_for_a_plan",
    *(IMPORTS.c.plan_id, IMPORTS.c.rows_digest),
    unique=True,
    sqlite_where=_STANDING,
    postgresql_where=_STANDING,
)

HISTORY = Table(
    "history",
    METADATA,
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("date", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Column("post", Text),
    Column("channel", Text),
    Column("audience", Text),
    Column("slot", Text),
    Column("hour", SmallInteger),
    Column("spend", BigInteger, nullable=False),
    Column("digits", SmallInteger, nullable=False),
    Column("currency", Text),
    Column("impressions", Float(53)),
    Column("reach", Float(53)),
    Column("clicks", Float(53)),
    sqlite_with_rowid=False,
)

RESULTS = Table(
    "results",
    METADATA,
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("count", Float(53), nullable=False),
    sqlite_with_rowid=False,
)

POSTS = Table(
    "posts",
    METADATA,
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("line", Integer),
    Column("post", Text, nullable=False),
    Column("title", Text),
    Column("channels", Text),
    Column("format", Text),
    Column("topic", Text),
    Column("published", Date),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("value", Float(53), nullable=False),
    Column("url", Text),
    Column("platform_id", Text),
    Column("organic", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""`channels` are separated by `|`; `organic` (JSON) holds the figures without money by their column."""

AUDIENCES = Table(
    "audiences",
    METADATA,
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("line", Integer),
    Column("audience", Text, nullable=False),
    Column("channel", Text),
    Column("size", Float(53)),
    Column("value", Float(53), nullable=False),
    sqlite_with_rowid=False,
)
