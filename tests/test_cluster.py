"""A batch on a Dask cluster: the same bytes as locally, also when a worker is killed while it works."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from briefs_by_hand import BRIEF, CLASH, folder

from mediaplan.batch.answering import Task
from mediaplan.batch.clustering import run_on_cluster
from mediaplan.batch.outcomes import Outcome
from mediaplan.cli.main import main
from mediaplan.errors import InputError

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="a worker is killed by a POSIX signal"),
    pytest.mark.filterwarnings("ignore"),
]


@contextmanager
def cluster(place: Path) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and two workers, each a process of its own; the address and the workers' process numbers."""
    place.mkdir()
    here = os.environ | {
        "PYTHONPATH": os.pathsep.join(p for p in (str(Path(__file__).parent), *sys.path) if p)
    }
    start = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    running = []
    with (place / "log").open("w+") as log:
        try:
            command = [*start, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
            running.append(subprocess.Popen(command, stdout=log, stderr=log, env=here, cwd=place))
            address = _address(place / "log", running[0])
            for _ in range(2):
                worker = [sys.executable, "-m", "distributed.cli.dask_worker", address]
                worker += ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
                running.append(subprocess.Popen(worker, stdout=log, stderr=log, env=here, cwd=place))
            yield address, [process.pid for process in running[1:]]
        finally:
            for process in running:
                process.kill()
                process.wait()


def _address(log: Path, scheduler: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        if found := re.search(r"Scheduler at:\s+(tcp://\S+)", log.read_text()):
            return found.group(1)
        assert scheduler.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def leave_a_mark(task: Task) -> Outcome:
    """Write down who began and who ended; `c` kills its worker the first time that it is tried."""
    marks = Path(task.path)
    with (marks / "begun").open("a") as begun:
        begun.write(task.name + "\n")
    if task.name == "c" and not (marks / "killed").exists():
        (marks / "killed").write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    with (marks / "done").open("a") as done:
        done.write(task.name + "\n")
    return Outcome(task.name, 0, message=f"answered {task.name}")


def files(place: Path) -> dict[str, bytes]:
    return {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("*") if p.is_file()}


def test_a_killed_worker_loses_no_brief_and_the_files_are_those_of_a_local_batch(tmp_path, capsys):
    briefs = (
        folder(tmp_path / "briefs", a=BRIEF, b=BRIEF + CLASH)
        if (tmp_path / "briefs").mkdir() is None
        else None
    )
    with cluster(tmp_path / "cluster") as (address, workers):
        tasks = [Task(str(tmp_path), name, "highs", "en", None) for name in "abcdef"]
        outcomes = list(run_on_cluster(tasks, address, leave_a_mark))
        assert [outcome.message for outcome in outcomes] == [f"answered {name}" for name in "abcdef"]
        assert int((tmp_path / "killed").read_text()) in workers
        assert sorted((tmp_path / "begun").read_text().split()).count("c") == 2
        said = {}
        for name, how in (("far", ["--cluster", address]), ("near", ["--workers", "1"])):
            options = [str(briefs), *how, "-o", str(tmp_path / name), "--json", "--quiet", "--lang", "en"]
            said[name] = main(["batch", *options]), json.loads(capsys.readouterr().out)
    assert said["far"] == said["near"]
    assert files(tmp_path / "far") == files(tmp_path / "near")
    assert "a/plan.json" in files(tmp_path / "far")


def test_an_address_without_a_scheduler_is_said_so(monkeypatch):
    monkeypatch.setattr("mediaplan.batch.clustering.PATIENCE", 1)
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        list(run_on_cluster([Task("x", "x", "highs", "en", None)], "tcp://127.0.0.1:9"))
