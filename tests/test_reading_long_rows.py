"""A row with a cell too many is a fault beside the others of its file, not instead of them."""

from __future__ import annotations

import json

import pytest

import mediaplan as mp
from mediaplan.cli.main import main
from mediaplan.history.files.sources import File

TABLE = """date,channel,spend,results
2026-11-01,facebook,10,1,9
2026-11-02,facebook,abc,1
2026-13-02,facebook,5,1
2026-11-04,facebook,-5,1
2026-11-05,facebook,5,1
"""


def faults(text: str) -> list[tuple[int | None, str | None]]:
    with pytest.raises(mp.InputError) as raised:
        mp.read_history(File("h.csv", text.encode()), currency="EUR")
    return [(problem.row, problem.column) for problem in raised.value.problems]


def test_all_faults_of_the_file_are_said_with_their_lines():
    assert faults(TABLE) == [(2, None), (3, "spend"), (4, "date"), (5, "spend")]


def test_a_file_whose_only_fault_is_a_long_row_is_refused_for_that_alone():
    assert faults("\n".join((*TABLE.splitlines()[:2], "2026-11-03,facebook,10,1"))) == [(2, None)]


def test_what_the_other_rows_lack_is_not_said_of_them():
    assert faults("when,cost\n2026-11-01,10,1\n2026-11-02,5\n") == [(2, None)]


def test_check_says_them_all_too(tmp_path, capsys):
    (tmp_path / "h.csv").write_text(TABLE)
    assert main(["check", str(tmp_path / "h.csv"), "--json", "--quiet"]) == 3
    assert [problem["row"] for problem in json.loads(capsys.readouterr().out)["problems"]] == [2, 3, 4, 5]
