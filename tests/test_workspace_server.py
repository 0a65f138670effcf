"""A workspace on a real PostgreSQL server: how it is reached, what it is told, what is said where it can't be."""

from __future__ import annotations

import io
import ssl
import threading
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from mediaplan.errors import InputError, UsageError
from mediaplan.history.files.sources import File
from mediaplan.workspace import opening, server
from mediaplan.workspace.address import said, url_of
from mediaplan.workspace.readings import Given
from mediaplan.workspace.workspaces import open_workspace

AT = datetime.fromisoformat("2026-11-22T12:00:00")
ROW = "date,post,spend,clicks,currency\n2026-10-01,{post},10,5,EUR\n"


def taken(address, post="a"):
    """An import into the workspace at that address; the rows that stand afterwards."""
    workspace = open_workspace(address, make=True)
    try:
        files = Given((File(f"{post}.csv", ROW.format(post=post).encode()),))
        workspace.keep("boutique", workspace.read("boutique", files), files, at=AT)
        return workspace.records("boutique", "EUR").history.rows
    finally:
        workspace.close()


@pytest.mark.postgres
class TestReaching:
    def test_a_database_that_is_not_there_is_said_in_the_servers_words(self, postgres_url):
        with pytest.raises(InputError, match='database "nowhere" does not exist'):
            taken(postgres_url + "nowhere")

    def test_a_server_that_does_not_encrypt_is_refused_where_that_is_asked(self, postgres_url):
        with pytest.raises(InputError, match="SSL"):
            taken(postgres_url + "postgres?sslmode=require")

    def test_an_account_is_taken_from_the_environment_where_the_url_names_none(
        self, postgres_url, monkeypatch
    ):
        monkeypatch.setenv("PGUSER", "mallory")
        with pytest.raises(InputError, match='"mallory" does not exist'):
            taken(postgres_url.replace("mediaplan@", "") + "nowhere")

    def test_an_import_that_waits_too_long_for_another_is_told_so(self, postgres_url, monkeypatch):
        address = postgres_url + "postgres"
        engine = create_engine(url_of(address), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE waiting")
        address = postgres_url + "waiting"
        taken(address)
        monkeypatch.setattr(opening, "PATIENCE", 1)
        holding = create_engine(url_of(address))
        with holding.begin() as connection:
            connection.execute(text("LOCK TABLE clients IN ACCESS EXCLUSIVE MODE"))
            with pytest.raises(InputError, match="another import holds this workspace"):
                taken(address, "b")
        assert len(taken(address, "b")) == 2
        holding.dispose()
        with engine.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE waiting WITH (FORCE)")
        engine.dispose()

    def test_a_server_that_is_not_there_is_said_without_waiting(self):
        with pytest.raises(InputError, match="refused"):
            taken("postgresql://me@127.0.0.1:1/agency")


def test_a_server_that_hangs_up_is_said(free_listener):
    with pytest.raises(InputError, match="can't be used"):
        taken(f"postgresql://me@127.0.0.1:{free_listener}/agency?sslmode=disable")


@pytest.fixture
def free_listener():
    """A port on which something answers that is no database."""
    import socket

    listener = socket.create_server(("127.0.0.1", 0))

    def hang_up():
        for _ in range(2):
            try:
                listener.accept()[0].close()
            except OSError:
                return

    thread = threading.Thread(target=hang_up, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()
    thread.join(5)


class TestAddresses:
    def test_the_driver_need_not_be_named_and_is_never_said(self):
        for way in ("postgresql", "postgres", "postgresql+pg8000"):
            url = url_of(f"{way}://me@host/agency")
            assert url.drivername == "postgresql+pg8000"
            assert said(url) == "postgresql://me@host/agency"

    @pytest.mark.parametrize("setting", ["ssl=1", "sslmode=always", "sslmode=require&sslmode=disable"])
    def test_a_setting_that_is_not_understood_is_refused(self, setting):
        with pytest.raises(UsageError, match=r"sslmode|disable"):
            url_of(f"postgresql://me@host/agency?{setting}")

    def test_encryption_is_checked_as_far_as_it_is_asked(self):
        def asked(setting):
            return server._encryption(url_of("postgresql://me@host/agency" + setting))

        assert (asked(""), asked("?sslmode=prefer")) == (None, None)
        assert (asked("?sslmode=disable"), asked("?sslmode=require")) == (False, True)
        both = [asked(f"?sslmode={word}") for word in ("verify-ca", "verify-full")]
        assert [context.check_hostname for context in both] == [False, True]
        assert {context.verify_mode for context in both} == {ssl.CERT_REQUIRED}


cells = st.one_of(
    st.none(),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["\\N", "\\", "\t", "\n", "\r\n", "a\\tb", "", "\\.", "NULL"]),
)


@pytest.mark.postgres
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(cells, st.one_of(st.none(), st.floats())), min_size=1, max_size=30))
def test_any_text_and_number_comes_back_from_a_copy_as_it_was(postgres_url, rows):

    engine = create_engine(url_of(postgres_url + "postgres"))
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE copied (at int, word text, number double precision) ON COMMIT DROP"
        )
        lines = "".join(server.copied((at, *row)) for at, row in enumerate(rows))
        connection.connection.cursor().execute("COPY copied FROM STDIN", stream=io.StringIO(lines))
        found = connection.exec_driver_sql("SELECT word, number FROM copied ORDER BY at").all()
    engine.dispose()
    pd.testing.assert_frame_equal(
        pd.DataFrame([tuple(row) for row in found], dtype=object), pd.DataFrame(rows, dtype=object)
    )
