"""A real PostgreSQL server for tests: on loopback, on a free port, in a temporary folder, stopped at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ACCOUNT = "postgres"
"""The account that Debian's package makes; the server refuses to run as root."""


@contextmanager
def postgres_server(port: int) -> Iterator[str]:
    """The URL of a server's first database, without its name: `postgresql://mediaplan@127.0.0.1:PORT/`."""
    programs = _programs()
    # Not below pytest's own folder, which another account may not enter.
    with tempfile.TemporaryDirectory(prefix="mediaplan-postgres-") as name:
        home = Path(name)
        if os.geteuid() == 0:
            shutil.chown(home, ACCOUNT)
        data = home / "data"
        _run(
            home,
            programs / "initdb",
            "-D",
            data,
            "-U",
            "mediaplan",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        options = f"-h 127.0.0.1 -p {port} -k {home} -c max_connections=40"
        start = (
            programs / "pg_ctl",
            "-D",
            data,
            "-l",
            home / "log",
            "-w",
            "-t",
            "60",
            "-o",
            options,
            "start",
        )
        _run(home, *start)
        try:
            yield f"postgresql://mediaplan@127.0.0.1:{port}/"
        finally:
            _run(home, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _programs() -> Path:
    """Where initdb is: on the path, or where Debian puts it, the newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not places:
        pytest.fail(
            'there is no PostgreSQL: install it (apt-get install postgresql) or deselect with -m "not postgres"'
        )
    return places[-1].parent


def _run(home: Path, *command: object) -> None:
    asked = [str(part) for part in command]
    if os.geteuid() == 0:
        asked = ["runuser", "-u", ACCOUNT, "--", *asked]
    # The server keeps what it inherits open: its output goes to a file, or the call would never end.
    with (home / "calls").open("ab") as said:
        done = subprocess.run(
            asked,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=home,
            env=os.environ | {"LC_ALL": "C"},
            check=False,
        )
    assert done.returncode == 0, (home / "calls").read_text(errors="replace")
