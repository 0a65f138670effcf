"""What several tests share: the pages without a browser, the pages in one, and the server behind them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import settings
from servers import postgres_server

if TYPE_CHECKING:
    from mediaplan.workspace.workspaces import Workspace

ROOT = Path(__file__).parents[1]

# How fast a busy machine is, is not what tests are about.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-domain-reliability",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    # Whatever else a page asks for can't be found: tests need no network and hide no leak.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


@pytest.fixture
def pages() -> Callable[..., object]:
    """Opens the pages without a browser: `pages("fr-FR")` is an AppTest that has run once."""
    testing = pytest.importorskip("streamlit.testing.v1")

    def opened(locale: str = "en-GB") -> object:
        app = testing.AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.context = {"locale": locale, "timezone": "Africa/Abidjan"}
        return app.run()

    return opened


@pytest.fixture(scope="session")
def ui_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running `mediaplan app`."""
    port, home = free_port(), tmp_path_factory.mktemp("home")
    command = [sys.executable, "-m", "mediaplan", "app", "--headless", "--port", str(port)]
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT)}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=home
        )
        try:
            wait_until_up(port, server, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_up(port: int, server: subprocess.Popen[bytes], log: Path, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail(
                f"the server ended with {server.returncode}: {log.read_text(encoding='utf-8', errors='replace')}"
            )
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
                if answer.read() == b"ok":
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(
        f"the server did not answer within {seconds} s: {log.read_text(encoding='utf-8', errors='replace')}"
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A real browser; a test that needs one fails without, for it would prove nothing if it were skipped."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = os.environ.get("MEDIAPLAN_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail(
            'there is no chromium: install it (apt-get install chromium), name it in MEDIAPLAN_CHROMIUM, or deselect with -m "not browser"'
        )
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a running PostgreSQL server, without a database's name."""
    with postgres_server(free_port()) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty workspace: a file that is not there yet, or a new database on a real server."""
    if request.param == "sqlite":
        yield str(tmp_path / "workspace.sqlite")
        return
    from sqlalchemy import create_engine

    from mediaplan.workspace.address import url_of

    server, name = request.getfixturevalue("postgres_url"), f"test_{uuid4().hex}"
    engine = create_engine(url_of(server + "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    yield server + name
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    engine.dispose()


@pytest.fixture
def workspace(database: str) -> Iterator[Workspace]:
    """An empty workspace."""
    from mediaplan.workspace.workspaces import open_workspace

    opened = open_workspace(database, make=True)
    yield opened
    opened.close()
