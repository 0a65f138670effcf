"""The first tables: clients, imports with their rows, mappings, briefs and plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text as sql

revision = "1"
down_revision = None

ROWS = {"sqlite_with_rowid": False}


def upgrade() -> None:
    """Make the tables, and the triggers that keep plans as they were made."""
    _of_clients()
    _imports()
    _rows_of_history()
    _rows_of_listings()
    _plans_never_change()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _reference(column: str, *, nullable: bool = False) -> sa.Column[int]:
    table = {"client_id": "clients", "brief_id": "briefs", "plan_id": "plans", "mapping_id": "mappings"}[
        column
    ]
    return sa.Column(column, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _place() -> tuple[sa.Column[int], sa.Column[int]]:
    """What names a row: the import that brought it and its position there."""
    return (
        sa.Column("import_id", sa.Integer, sa.ForeignKey("imports.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
    )


def _text(column: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(column, sa.Text, nullable=nullable)


def _number(column: str, *, nullable: bool = True) -> sa.Column[float]:
    return sa.Column(column, sa.Float(53), nullable=nullable)


def _of_clients() -> None:
    op.create_table("clients", _id(), _text("name"), sa.UniqueConstraint("name"))
    op.create_table(
        "mappings",
        *(_id(), _reference("client_id"), _text("digest"), _text("content")),
        sa.UniqueConstraint("client_id", "digest"),
    )
    op.create_table(
        "briefs",
        *(_id(), _reference("client_id"), _text("name"), _text("digest"), _text("content")),
        sa.UniqueConstraint("client_id", "digest"),
    )
    op.create_table(
        "plans",
        *(_id(), _reference("client_id"), sa.Column("number", sa.Integer, nullable=False)),
        *(_reference("brief_id"), sa.Column("made_at", sa.DateTime, nullable=False), _text("document")),
        sa.UniqueConstraint("client_id", "number"),
    )


def _imports() -> None:
    op.create_table(
        "imports",
        *(_id(), _reference("client_id")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("number", "call")),
        *(_text("role"), _reference("plan_id", nullable=True)),
        *(_text(name) for name in ("file", "digest", "rows_digest")),
        *(_reference("mapping_id", nullable=True), _text("currency", nullable=True)),
        *(_text(name) for name in ("content", "warnings", "version")),
        sa.Column("imported_at", sa.DateTime, nullable=False),
        sa.Column("undone_at", sa.DateTime),
        sa.UniqueConstraint("client_id", "number"),
        sa.CheckConstraint("role IN ('history', 'posts', 'audiences', 'actuals')", name="ck_imports_role"),
    )
    data, standing = sql("undone_at IS NULL AND plan_id IS NULL"), sql("undone_at IS NULL")
    for name, columns, where in (
        ("ux_imports_once", ["client_id", "role", "rows_digest"], data),
        ("ux_imports_once_for_a_plan", ["plan_id", "rows_digest"], standing),
    ):
        op.create_index(name, "imports", columns, unique=True, sqlite_where=where, postgresql_where=where)


def _rows_of_history() -> None:
    op.create_table(
        "history",
        *_place(),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        *(_text(name, nullable=True) for name in ("post", "channel", "audience", "slot")),
        sa.Column("hour", sa.SmallInteger),
        sa.Column("spend", sa.BigInteger, nullable=False),
        sa.Column("digits", sa.SmallInteger, nullable=False),
        _text("currency", nullable=True),
        *(_number(name) for name in ("impressions", "reach", "clicks")),
        **ROWS,
    )
    op.create_table(
        "results",
        *_place(),
        sa.Column("kind", sa.Text, primary_key=True),
        _number("count", nullable=False),
        **ROWS,
    )


def _rows_of_listings() -> None:
    op.create_table(
        "posts",
        *(*_place(), sa.Column("line", sa.Integer), _text("post")),
        *(_text(name, nullable=True) for name in ("title", "channels", "format", "topic")),
        *(sa.Column("published", sa.Date), _text("status"), _text("reason", nullable=True)),
        *(_number("value", nullable=False), _text("url", nullable=True), _text("platform_id", nullable=True)),
        _text("organic"),
        **ROWS,
    )
    op.create_table(
        "audiences",
        *(*_place(), sa.Column("line", sa.Integer), _text("audience"), _text("channel", nullable=True)),
        *(_number("size"), _number("value", nullable=False)),
        **ROWS,
    )


def _plans_never_change() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER plans_stay_{event.lower()} BEFORE {event} ON plans "
                "BEGIN SELECT RAISE(ABORT, 'plans are never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION plans_stay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'plans are never changed'; END$$"
    )
    op.execute(
        "CREATE TRIGGER plans_stay BEFORE UPDATE OR DELETE ON plans FOR EACH ROW EXECUTE FUNCTION plans_stay()"
    )
