"""Half an import never stays, and two at once are safe: real processes, killed and racing, on both databases."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from itertools import count

import pytest
from importing_processes import importers
from sqlalchemy import func, select

from mediaplan.errors import InputError
from mediaplan.workspace.address import url_of
from mediaplan.workspace.opening import engine_of, transaction
from mediaplan.workspace.tables import CLIENTS, HISTORY, IMPORTS, RESULTS
from mediaplan.workspace.workspaces import open_workspace

ROWS = 1500
KILLS = 25

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")


@pytest.fixture(scope="module")
def importing():
    with importers() as running:
        yield running


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    lines = [
        f"2026-{1 + at % 12:02d}-{1 + at % 28:02d},post-{at},facebook,{at}.25,{at % 7},{at % 3}"
        for at in range(ROWS)
    ]
    path = tmp_path_factory.mktemp("exports") / "big.csv"
    path.write_text("date,post,channel,spend,clicks,results:lead\n" + "\n".join(lines) + "\n")
    return path


def kept(address, client):
    """Imports, rows and results that a database holds of a client, counted by its own tables."""
    engine = engine_of(url_of(str(address)))
    mine = select(IMPORTS.c.id).join(CLIENTS).where(CLIENTS.c.name == client)
    places = (IMPORTS, IMPORTS.c.id), (HISTORY, HISTORY.c.import_id), (RESULTS, RESULTS.c.import_id)
    try:
        with transaction(engine, writes=False) as connection:
            return tuple(
                connection.execute(select(func.count()).select_from(table).where(column.in_(mine))).scalar()
                for table, column in places
            )
    finally:
        engine.dispose()


ALL, NOTHING = (1, ROWS, ROWS), (0, 0, 0)


def test_an_import_killed_at_random_moments_leaves_all_or_nothing(importing, file, database):
    assert importing.run(database, "first", file) == 0
    began = time.monotonic()
    assert importing.run(database, "whole", file) == 0
    took = time.monotonic() - began
    assert kept(database, "whole") == ALL
    chance = random.Random(5)
    ends = []
    for trial in range(KILLS):
        process = importing.begin(database, f"client {trial}", file)
        time.sleep(chance.uniform(0, 0.9 * took))
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        ends.append(importing.ended(process))
        assert kept(database, f"client {trial}") in (ALL, NOTHING), f"trial {trial}"
    assert ends.count(-signal.SIGKILL) > KILLS / 3
    assert importing.run(database, "client 0", file) == 0
    assert kept(database, "client 0") == ALL


def test_an_import_that_dies_after_any_of_its_statements_leaves_all_or_nothing(importing, file, database):
    """From the making of the tables on, statement by statement, until one import gets through."""
    found = set()
    for statement in count(1):
        end = importing.run(database, "client", file, die_after=statement)
        if end == 0:
            break
        assert end == -signal.SIGKILL
        with suppress(InputError):  # where it died before the tables were there
            found.add(kept(database, "client"))
            assert found <= {ALL, NOTHING}
            if ALL in found:
                break
        assert statement < 200
    assert statement > 20
    assert importing.run(database, "client", file) == 0
    assert kept(database, "client") == ALL


def test_the_same_file_imported_by_several_at_once_is_there_once(importing, file, database):
    processes = [importing.begin(database, "client", file) for _ in range(4)]
    assert [importing.ended(process) for process in processes] == [0] * 4
    assert kept(database, "client") == ALL


def test_different_files_imported_at_once_are_all_there(importing, tmp_path, database):
    files = [tmp_path / f"{day}.csv" for day in range(1, 7)]
    for day, path in enumerate(files, start=1):
        path.write_text(f"date,spend,clicks\n2026-10-{day:02d},{day},1\n")
    processes = [importing.begin(database, "client", path) for path in files]
    assert [importing.ended(process) for process in processes] == [0] * 6
    workspace = open_workspace(database)
    client = workspace.client("client")
    assert sorted(each.number for each in client.imports) == [1, 2, 3, 4, 5, 6]
    assert workspace.records("client", "EUR").history.rows["spend"].sum() == 21
    workspace.close()
