"""Real processes that import, for tests that kill them: started once, they fork a fresh one for each import.

Run as a script, it reads one JSON request a line, forks a process that does it, and says that process's id and then how
it ended. A request may name the statement after which the process kills itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

AT = datetime.fromisoformat("2026-11-22T12:00:00")


class Importers:
    """The test's side: `begin` starts an import and gives its process id, `ended` waits for how it ended."""

    def __init__(self, process):
        self._process = process

    def begin(self, address, client, *files, die_after=None):
        request = {
            "address": str(address),
            "client": client,
            "files": [str(f) for f in files],
            "die": die_after,
        }
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def ended(self, process_id):
        self._process.stdin.write(json.dumps({"wait": process_id}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def run(self, *arguments, **options):
        return self.ended(self.begin(*arguments, **options))


@contextmanager
def importers():
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    try:
        yield Importers(process)
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(30)


def serve():
    # Everything heavy is loaded before the first fork, so that an import takes as long as its own work.
    import pg8000  # noqa: F401
    import sqlalchemy.dialects.postgresql.pg8000
    import sqlalchemy.dialects.sqlite  # noqa: F401

    import mediaplan.workspace.workspaces  # noqa: F401

    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork() or do(request)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def do(request):
    code = 1
    try:
        from sqlalchemy import Engine, event

        from mediaplan.workspace.readings import Given
        from mediaplan.workspace.workspaces import open_workspace

        if request["die"] is not None:
            event.listen(Engine, "after_cursor_execute", dying(request["die"]))
        workspace = open_workspace(request["address"], make=True)
        given = Given(history=tuple(request["files"]))
        workspace.keep(request["client"], workspace.read(request["client"], given), given, at=AT)
        code = 0
    finally:
        os._exit(code)


def dying(after):
    """A listener that kills its own process after so many statements, as a power cut would."""
    count = 0

    def count_down(*_):
        nonlocal count
        count += 1
        if count == after:
            os.kill(os.getpid(), signal.SIGKILL)

    return count_down


if __name__ == "__main__":
    serve()
