"""What processes of commands and of workers set for themselves, what a library leaves alone, and what a plan need not load."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

from mediaplan.batch.answering import Task
from mediaplan.batch.outcomes import Outcome
from mediaplan.batch.running import run
from mediaplan.own_process import OBJECTS

CARD = "channel,cost,results,up_to\nfacebook,1,2,100\ninstagram,1,1,100\n"
BRIEF = """currency = "EUR"
budget = 50
flight = { start = 2026-11-30, days = 7 }
data = { rates = "card.csv" }
"""


def printed(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return done.stdout.splitlines()[-1]


def threshold(task: Task) -> Outcome:
    return Outcome(task.name, 0, message=str(gc.get_threshold()[0]))


def test_commands_and_workers_look_for_garbage_seldom_and_whoever_imports_us_as_before():
    command = (
        "import gc; from mediaplan.cli.main import main; main(['--version']); print(gc.get_threshold()[0])"
    )
    library = "import gc; before = gc.get_threshold(); import mediaplan; mediaplan.plan; print(gc.get_threshold() == before)"
    task = Task("brief.toml", "brief", "highs", "en", None)
    assert printed(command) == str(OBJECTS)
    assert printed(library) == "True"
    assert [outcome.message for outcome in run([task], workers=1, answer=threshold)] == [str(OBJECTS)]


def test_a_plan_of_a_rate_card_loads_only_what_it_needs(tmp_path: Path):
    (tmp_path / "card.csv").write_text(CARD, encoding="utf-8")
    (tmp_path / "brief.toml").write_text(BRIEF, encoding="utf-8")
    unneeded = "scipy.special scipy.optimize scipy.stats pulp sqlalchemy jinja2 streamlit distributed"
    code = f"import sys; from mediaplan.cli.main import main; code = main(['plan', sys.argv[1], '--json']); \
             print(); print(code, *[m for m in {unneeded.split()} if m in sys.modules])"
    assert printed(code, str(tmp_path / "brief.toml")) == "0"
