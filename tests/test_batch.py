"""Many briefs: each has one status, none stops another, and the number of workers changes nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest
from briefs_by_hand import BRIEF, CLASH, FEWER, folder
from commands import in_english

from mediaplan.batch.answering import Task
from mediaplan.batch.finding import find
from mediaplan.batch.outcomes import Outcome, exit_code
from mediaplan.batch.running import run, waited
from mediaplan.errors import InputError

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def briefs(tmp_path_factory):
    place = folder(
        tmp_path_factory.mktemp("batch"), a=BRIEF, b=BRIEF + FEWER, c=BRIEF + CLASH, d="no brief ["
    )
    folder(place / "below", e=BRIEF.replace("60_000", '"60000.00"'))
    (place / "f.json").write_text(
        '{"budget": -5, "currency": "XOF", "flight": {"start": "2026-11-30", "days": 7}}'
    )
    (place / ".hidden").mkdir()
    (place / ".hidden" / "g.toml").write_text(BRIEF)
    return place


def files(place: Path) -> dict[str, bytes]:
    return {
        path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()
    }


def test_each_brief_has_one_row_and_one_status_for_any_number_of_workers(capsys, briefs, tmp_path):
    said = {}
    for workers in (1, 2):
        out = tmp_path / str(workers)
        said[workers] = in_english(
            capsys, "batch", briefs, "--workers", workers, "-o", out, "--json", "--quiet"
        )
    code, document, _ = said[1]
    rows = json.loads(document)["briefs"]
    assert [(row["brief"], row["status"], row["exit_code"]) for row in rows] == [
        ("a.toml", "done", 0),
        ("b.toml", "done", 0),
        ("below/e.toml", "done", 0),
        ("c.toml", "refused", 4),
        ("d.toml", "unusable", 3),
        ("f.json", "unusable", 3),
    ]
    assert code == 3
    assert [row["spent"] for row in rows] == ["60000", "60000", "60000", None, None, None]
    assert "contrat annuel" in rows[3]["message"]
    assert said[1] == said[2]
    assert files(tmp_path / "1") == files(tmp_path / "2")
    assert set(files(tmp_path / "1")) == {
        f"{brief}/{name}"
        for brief in ("a", "b", "below/e")
        for name in ("plan.json", "lines.csv", "launch.csv", "report.html")
    }


def test_a_person_reads_a_table_and_what_went_wrong(capsys, briefs):
    code, out, err = in_english(capsys, "batch", briefs / "a.toml", briefs / "c.toml", "--workers", "1")
    assert code == 4
    assert [line.split()[:2] for line in out.splitlines()[1:3]] == [
        ["a.toml", "planned"],
        ["c.toml", "refused"],
    ]
    assert "60,000" in out
    assert "contrat annuel" in out
    assert "a.toml: planned" in err


@pytest.mark.parametrize(
    ("codes", "worst"),
    [
        ((0, 4, 3, 5), 3),
        ((0, 4, 5), 5),
        ((4, 1, 3), 1),
        ((0, 1, 130), 130),
        ((0, 4), 4),
        ((0, 0), 0),
        ((), 0),
    ],
)
def test_the_exit_code_is_the_worst_that_occurred(codes, worst):
    assert exit_code(Outcome("x", code) for code in codes) == worst


def test_a_folder_without_briefs_can_t_be_used(capsys, tmp_path):
    code, out, _ = in_english(capsys, "batch", tmp_path, tmp_path / "nowhere", "--json")
    assert code == 3
    assert len(json.loads(out)["problems"]) == 2


def test_what_a_batch_wrote_below_its_folder_is_no_brief(tmp_path):
    (tmp_path / "x.toml").write_text(BRIEF)
    (tmp_path / "out" / "x").mkdir(parents=True)
    (tmp_path / "out" / "x" / "plan.json").write_text("{}")
    assert [brief.name for brief in find([tmp_path], leave_out=tmp_path / "out")] == ["x.toml"]
    assert len(find([tmp_path])) == 2


def test_documents_and_mappings_are_no_briefs_and_broken_briefs_stay(capsys, tmp_path):
    place = folder(tmp_path, a=BRIEF, broken="budget = [", columns='[[columns]]\nspend = "cost"\n')
    in_english(capsys, "batch", place / "a.toml", "-o", place / "out", "--quiet", "--workers", "1")
    assert (place / "out" / "a" / "plan.json").exists()
    assert [brief.name for brief in find([place])] == ["a.toml", "broken.toml"]
    assert [brief.name for brief in find([place / "columns.toml"])] == ["columns.toml"]
    with pytest.raises(InputError, match="no brief is below"):
        find([place / "out"])


def test_briefs_that_share_a_name_never_share_a_folder(tmp_path):
    for name in ("x.toml", "x.json", "y.toml"):
        (tmp_path / name).write_text("")
    assert [brief.folder for brief in find([tmp_path])] == ["x.json", "x.toml", "y"]
    with pytest.raises(InputError, match="no brief is below this folder"):
        find([tmp_path / "x.toml", _empty(tmp_path)])


def _empty(place: Path) -> Path:
    (place / "empty").mkdir()
    return place / "empty"


def _tasks(tmp_path: Path, names: str) -> list[Task]:
    return [Task(str(tmp_path), name, "highs", "en", str(tmp_path / name)) for name in names]


def answer_or_die(task: Task) -> Outcome:
    """What the worker does here: `x` kills its process always, `o` the first time."""
    died = Path(task.path) / f"{task.name}-died"
    if task.name == "x" or (task.name == "o" and not died.exists()):
        died.write_text("")
        os._exit(9)
    return Outcome(task.name, 0, message=f"answered {task.name}")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_process_that_dies_takes_no_other_brief_with_it(tmp_path, workers):
    outcomes = list(run(_tasks(tmp_path, "abxcdoef"), workers=workers, answer=answer_or_die))
    assert [outcome.brief for outcome in outcomes] == list("abxcdoef")
    assert {outcome.brief: outcome.status for outcome in outcomes if outcome.status != "done"} == {
        "x": "failed"
    }
    assert "ended twice" in outcomes[2].message
    assert outcomes[5].message == "answered o"


def fail_badly(task: Task) -> Outcome:
    raise RuntimeError(task.name)


def test_a_fault_of_ours_in_one_brief_is_its_status(briefs, monkeypatch):
    monkeypatch.setattr("mediaplan.answering.respond", fail_badly)
    from mediaplan.batch.answering import answer_task

    outcome = answer_task(Task(str(briefs / "a.toml"), "a.toml", "highs", "en", None))
    assert (outcome.status, outcome.exit_code) == ("failed", 1)
    assert "fault of mediaplan" in outcome.message


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a POSIX signal")
def test_an_interruption_keeps_what_is_done_and_names_the_rest(tmp_path):
    place = folder(tmp_path, **{f"b{number}": BRIEF for number in range(40)})
    command = [
        sys.executable,
        "-m",
        "mediaplan",
        "batch",
        str(place),
        "--workers",
        "1",
        "--json",
        "--lang",
        "en",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as batch:
        assert batch.stderr is not None
        assert batch.stderr.readline() == "b0.toml: planned\n"
        batch.send_signal(signal.SIGINT)
        out, err = batch.communicate(timeout=60)
    document = json.loads(out)
    assert "briefs" in document, (document, err)
    rows = document["briefs"]
    assert batch.returncode == 130
    assert len(rows) == 40
    assert rows[0]["status"] == "done"
    assert rows[-1]["status"] == "interrupted"
    assert "Traceback" not in err


class Interrupted(Future):
    """Waiting for it is interrupted while its lock is taken back, as now and then happens to threading.Condition."""

    def result(self, timeout=None):
        lock = threading.Lock()
        with lock:
            lock.release()
            raise KeyboardInterrupt


def test_an_interruption_at_the_worst_moment_is_no_fault_of_ours():
    with pytest.raises(RuntimeError):
        Interrupted().result()
    with pytest.raises(KeyboardInterrupt):
        waited(Interrupted())


# ---- scenarios ----

SCENARIOS = """
[[scenario]]
name = "half"
budget = 30_000

[[scenario]]
name = "too little/for both"
add_rule = [
    { is = "spend", channel = "facebook", at_least = 50_000 },
    { is = "spend", channel = "instagram", at_least = 30_000 },
]
"""


def test_each_scenario_has_its_own_row_status_and_files(capsys, tmp_path):
    place = folder(tmp_path / "briefs", a=BRIEF + SCENARIOS, b=BRIEF)
    out = tmp_path / "out"
    code, said, _ = in_english(capsys, "batch", place, "--workers", "2", "-o", out, "--json", "--quiet")
    rows = json.loads(said)["briefs"]
    assert [(row["brief"], row["scenario"], row["status"], row["spent"]) for row in rows] == [
        ("a.toml", None, "done", "60000"),
        ("a.toml", "half", "done", "30000"),
        ("a.toml", "too little/for both", "refused", None),
        ("b.toml", None, "done", "60000"),
    ]
    assert code == 4
    assert {path.parent.relative_to(out).as_posix() for path in out.rglob("plan.json")} == {
        "a",
        "a/scenario-1-half",
        "b",
    }
    half = json.loads((out / "a" / "scenario-1-half" / "plan.json").read_text(encoding="utf-8"))
    _, alone, _ = in_english(capsys, "plan", place / "a.toml", "--scenario", "half", "--json", "--quiet")
    assert half == json.loads(alone)


def test_a_scenario_that_can_t_be_used_is_said_by_its_number(capsys, tmp_path):
    broken = '\n[[scenario]]\nname = "half"\nbudgets = 5\n\n[[scenario]]\nname = "fine"\nbudget = 1000\n'
    place = folder(tmp_path, a=BRIEF + broken)
    code, out, _ = in_english(capsys, "batch", place / "a.toml", "--workers", "1", "--json", "--quiet")
    rows = json.loads(out)["briefs"]
    assert code == 3
    assert [row["scenario"] for row in rows] == [None, "half", "fine"]
    assert "budgets" in rows[1]["message"]
    assert "scenario 1" in rows[1]["message"]
    alone, _, _ = in_english(capsys, "plan", place / "a.toml", "--json", "--quiet")
    assert rows[0]["exit_code"] == alone


def test_a_brief_with_a_rate_card_and_no_history_is_answered_as_plan_answers_it(capsys, tmp_path):
    (tmp_path / "rates.csv").write_text("channel,cost,results,up_to\nradio,1,0.02,30000\ntv,1,0.03,20000\n")
    (tmp_path / "a.toml").write_text(BRIEF.replace('history = ["history.csv"]', 'rates = "rates.csv"'))
    code, out, _ = in_english(capsys, "batch", tmp_path, "--workers", "1", "--json", "--quiet")
    (row,) = json.loads(out)["briefs"]
    assert (code, row["status"], row["spent"]) == (0, "done", "50000")
