"""The database under a workspace: its tables and migrations, its address, and what is none."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
from kept_files import OCTOBER, rows, take
from sqlalchemy import select

from mediaplan.errors import InputError, UsageError
from mediaplan.workspace.address import said, url_of
from mediaplan.workspace.opening import engine_of
from mediaplan.workspace.tables import HISTORY, METADATA
from mediaplan.workspace.workspaces import open_workspace


class TestTables:
    def test_money_is_whole_minor_units_and_dates_are_dates(self, workspace, database):
        take(workspace, ("october.csv", OCTOBER), currency="EUR")
        take(
            workspace, ("micro.csv", "date,spend,clicks\n2026-10-01,0.000001,1\n"), currency="EUR", client="b"
        )
        engine = engine_of(url_of(database))
        with engine.begin() as connection:
            found = connection.execute(select(HISTORY.c.date, HISTORY.c.spend, HISTORY.c.digits)).all()
        engine.dispose()
        assert sorted(found)[:2] == [(date(2026, 10, 1), 1, 6), (date(2026, 10, 1), 1025, 2)]
        assert all(isinstance(spend, int) for _, spend, _ in found)

    def test_the_migrations_make_the_tables_of_the_code(self, workspace, database):
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        engine = engine_of(url_of(database))
        with engine.begin() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": "mediaplan_version"})
            found = compare_metadata(context, METADATA)
        engine.dispose()
        assert found == []

    def test_a_workspace_of_a_newer_version_is_left_alone(self, workspace, database):
        engine = engine_of(url_of(database))
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE mediaplan_version SET version_num = '99'")
        engine.dispose()
        with pytest.raises(InputError, match="newer mediaplan"):
            open_workspace(database)

    def test_a_database_of_something_else_is_refused_and_not_touched(self, database):
        engine = engine_of(url_of(database))
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE customers (id INTEGER)")
        engine.dispose()
        with pytest.raises(InputError, match="something else"):
            open_workspace(database, make=True)

    def test_a_file_that_is_no_database_is_refused_and_not_touched(self, tmp_path):
        path = tmp_path / "notes.txt"
        path.write_text("nothing like a database, only notes " * 100)
        with pytest.raises(InputError, match="no workspace"):
            open_workspace(str(path), make=True)
        assert path.read_text() == "nothing like a database, only notes " * 100

    def test_reading_goes_on_while_an_import_writes(self, tmp_path):
        path = tmp_path / "w.sqlite"
        workspace = open_workspace(str(path), make=True)
        take(workspace, ("october.csv", OCTOBER))
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        assert len(rows(workspace)) == 4
        writer.execute("ROLLBACK")
        writer.close()
        workspace.close()


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        ["", "  ", "mysql://host/x", "postgresql://host", "sqlite://", "sqlite:///:memory:", "a\0b"],
    )
    def test_what_can_not_be_a_workspace_is_wrong_usage(self, address):
        with pytest.raises(UsageError):
            url_of(address)

    def test_a_password_is_never_said(self):
        assert "secret" not in said(url_of("postgres://me:secret@host/agency"))
        with pytest.raises(InputError) as caught:
            open_workspace("postgresql://me:secret@127.0.0.1:1/agency")
        assert "secret" not in str(caught.value)

    def test_a_workspace_that_nobody_made_is_not_made_by_looking(self, tmp_path):
        with pytest.raises(InputError, match="no workspace here yet"):
            open_workspace(str(tmp_path / "w.sqlite"))
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(InputError, match="no folder"):
            open_workspace(str(tmp_path / "none" / "w.sqlite"), make=True)

    def test_an_unknown_client_is_refused_with_the_nearest(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        with pytest.raises(InputError, match="Did you mean “boutique”"):
            workspace.client("boutiqe")
        with pytest.raises(UsageError, match="no name of a client"):
            take(workspace, ("october.csv", OCTOBER), client=" ")

    def test_a_clients_name_is_one_however_it_is_composed(self, workspace):
        take(workspace, ("october.csv", OCTOBER), client="e\u0301cole")
        assert workspace.client("\u00e9cole ").name == "école"
