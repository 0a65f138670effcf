"""The command line where it can't answer: exit codes, every fault with its place and its remedy, before anything is planned."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from briefs_by_hand import BRIEF, CLASH, FAULTY, folder
from commands import ROOT, call

from mediaplan.cli import main as entry


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    place = folder(tmp_path_factory.mktemp("shop"), brief=BRIEF, clash=BRIEF + CLASH)
    (place / "faulty.csv").write_text(FAULTY, encoding="utf-8")
    return place


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_five_faults_in_one_history_are_all_said_with_row_column_and_remedy(capsys, shop):
    code, out, err = call(capsys, "plan", shop / "brief.toml", "--history", shop / "faulty.csv", "--json")
    document = json.loads(out)
    assert (code, document["schema"]) == (3, "mediaplan/problems/1")
    found = {(problem["row"], problem["column"], problem["value"]) for problem in document["problems"]}
    assert found >= {
        (3, "date", "31/02/2026"),
        (4, "spend", "-2000"),
        (5, "spend", "beaucoup"),
        (6, "results:lead", "-3"),
        (7, "currency", "XOXO"),
    }
    assert all(problem["message"] and problem["remedy"] for problem in document["problems"])
    assert err.count("faulty.csv") >= 5
    assert "Traceback" not in err


def test_minimums_above_the_budget_are_refused_with_the_clash_and_what_would_mend_it(capsys, shop):
    code, out, err = call(capsys, "plan", shop / "clash.toml", "--json")
    document = json.loads(out)
    assert (code, document["schema"]) == (4, "mediaplan/refusal/1")
    rules = " ".join(document["conflicts"][0]["rules"])
    for word in ("facebook", "instagram", "50,000", "30,000", "60,000"):
        assert word in rules
    assert "contrat annuel" in err
    mended = [repair for repair in document["repairs"] if repair["to"] == "80000"]
    assert [repair["from"] for repair in mended] == ["60000"]


def test_a_brief_that_can_t_be_read_says_every_fault_in_it(capsys, shop, tmp_path):
    text = BRIEF.replace("budget = 60_000", "budgett = 60_000").replace("days = 14", 'days = "many"')
    (tmp_path / "wrong.toml").write_text(text, encoding="utf-8")
    code, out, err = call(capsys, "plan", tmp_path / "wrong.toml", "--json")
    columns = {problem["column"] for problem in json.loads(out)["problems"]}
    assert code == 3
    assert columns >= {"budgett", "budget", "flight.days"}
    assert "Did you mean “budget”?" in err


@pytest.mark.parametrize("name", ["missing.toml", "history.csv", "."])
def test_what_is_no_brief_can_t_be_used(capsys, shop, name):
    code, out, err = call(capsys, "plan", shop / name, "--json")
    assert code == 3
    assert json.loads(out)["problems"]
    assert name in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "mediaplan demo"),
        (["pln"], "Did you mean “plan”?"),
        (["plan"], "BRIEF is missing"),
        (["plan", "b.toml", "--histroy", "h.csv"], "Did you mean “--history”?"),
        (["plan", "b.toml", "--history"], "--history needs a value"),
        (["plan", "b.toml", "--engine", "hihgs"], "Did you mean “highs”?"),
        (["plan", "b.toml", "--lang", "de"], "Known here: en, fr."),
        (["plan", "b.toml", "c.toml"], "“c.toml” is not understood"),
        (["batch", ".", "--workers", "0"], "whole number from 1"),
        (["app", "--port", "http"], "whole number from 1 to 65535"),
        (["template", "histori"], "Did you mean “history”?"),
    ],
)
def test_wrong_usage_says_what_to_do_instead(capsys, arguments, said):
    code, out, err = call(capsys, *arguments, "--json")
    assert code == 2
    assert said in err
    document = json.loads(out)
    assert document["schema"] == "mediaplan/problems/1"
    assert said in "{message} {remedy}".format(**document["problems"][0])


def test_an_output_folder_that_is_a_file_is_refused_before_planning(capsys, shop):
    code, out, err = call(capsys, "plan", shop / "brief.toml", "-o", shop / "history.csv")
    assert (code, out) == (2, "")
    assert "is a file" in err
    assert "Planning" not in err


def test_french_is_spoken_where_it_is_asked_for(capsys, shop):
    code, out, err = call(capsys, "plan", shop / "clash.toml", "--lang", "fr", "--json")
    document = json.loads(out)
    assert code == 4
    assert document["repairs"]
    assert "Aucun plan" in err
    assert "No plan" not in out + err
    code, _, err = call(capsys, "pln", "--lang", "fr")
    assert code == 2
    assert "« pln »" in err.replace("\u202f", " ").replace("\u00a0", " ")


def test_an_unforeseen_fault_is_one_sentence_and_a_document(capsys, shop, monkeypatch):
    def broken(*_: object) -> int:
        raise ZeroDivisionError("by chance")

    monkeypatch.setattr(entry.plan, "run", broken)
    monkeypatch.delenv("MEDIAPLAN_DEBUG", raising=False)
    code, out, err = call(capsys, "plan", shop / "brief.toml", "--json")
    assert code == 1
    assert "by chance" in json.loads(out)["problems"][0]["message"]
    assert "Traceback" not in err
    monkeypatch.setenv("MEDIAPLAN_DEBUG", "1")
    assert "Traceback" in call(capsys, "plan", shop / "brief.toml")[2]


def test_an_interruption_ends_with_130(capsys, shop, monkeypatch):
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry.plan, "run", interrupted)
    code, out, _ = call(capsys, "plan", shop / "brief.toml", "--json")
    assert code == 130
    assert json.loads(out)["problems"]


def test_the_app_says_what_to_install_where_streamlit_is_missing(capsys, monkeypatch):
    monkeypatch.setattr("mediaplan.cli.app.find_spec", lambda _: None)
    code, _, err = call(capsys, "app")
    assert code == 3
    assert "mediaplan[ui]" in err


@pytest.mark.parametrize(
    ("added", "column"),
    [
        ('goal = { type = "leed" }', "goal.type"),
        ("as_of = 2020-01-01", "as_of"),
        ("minimums = { tiktik = 5 }", "minimums.tiktik"),
        ('[[rule]]\nis = "share"\nchannel = "facebok"\nat_least = 0.1', "rule 1.channel"),
        ('[[columns]]\nspent = "cost"', "columns.spent"),
    ],
)
def test_a_fault_found_late_names_the_brief(capsys, shop, tmp_path, added, column):
    place = folder(tmp_path, late=BRIEF + added)
    code, out, err = call(capsys, "plan", place / "late.toml", "--json")
    assert code == 3
    (problem,) = json.loads(out)["problems"]
    assert (problem["file"], problem["column"]) == (str(place / "late.toml"), column)
    assert "late.toml" in err
    code, out, _ = call(capsys, "batch", place, "--json", "--workers", "1", "--quiet")
    assert code == 3
    assert "late.toml" in json.loads(out)["briefs"][0]["message"]


def test_french_puts_its_space_before_the_colon_of_a_place(capsys, shop):
    _, _, err = call(capsys, "plan", shop / "missing.toml", "--lang", "fr")
    assert err.splitlines()[-2].endswith(
        "missing.toml\u00a0: ce fichier est illisible\u00a0: ce fichier ou ce dossier n’existe pas."
    )


@pytest.mark.parametrize("output", ["", "  ", "history.csv/out"])
def test_an_output_that_can_t_be_is_refused_before_planning(capsys, shop, monkeypatch, output):
    monkeypatch.chdir(shop)
    before = sorted(shop.rglob("*"))
    for command in ("plan", "batch"):
        code, _, err = call(capsys, command, "brief.toml", "-o", output)
        assert code == 2
        assert "-o" in err
        assert "Planning" not in err
    assert sorted(shop.rglob("*")) == before


def test_a_folder_without_the_right_to_write_is_refused_before_planning(capsys, shop, tmp_path, monkeypatch):
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", denied)
    code, _, err = call(capsys, "plan", shop / "brief.toml", "-o", tmp_path / "new" / "deep")
    assert code == 2
    assert "you lack the right" in err
    assert "Planning" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("options", [["--quiet"], ["--quiet", "--json"]])
def test_a_full_disk_behind_stdout_is_not_called_our_fault(shop, options):
    command = [sys.executable, "-m", "mediaplan", "plan", str(shop / "brief.toml"), *options]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert "there is no room left" in done.stderr
    assert "fault of mediaplan" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
