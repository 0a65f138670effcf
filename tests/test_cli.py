"""The command line answers as its contract says: documents, files, and sentences in the person's language."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal

import pytest
from briefs_by_hand import BRIEF, FEWER, folder
from commands import ROOT, call, run

from mediaplan.cli import main as entry


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return folder(tmp_path_factory.mktemp("shop"), brief=BRIEF, fewer=BRIEF + FEWER)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_a_plan_is_one_document_whose_amounts_add_up(capsys, shop):
    code, out, _ = call(capsys, "plan", shop / "fewer.toml", "--json")
    plan = json.loads(out)
    assert (code, plan["schema"], plan["budget"], plan["currency"]) == (0, "mediaplan/plan/1", "60000", "XOF")
    amounts = [Decimal(line["amount"]) for line in plan["lines"]]
    assert sum(amounts) == Decimal(plan["spent"]) == Decimal(plan["budget"]) - Decimal(plan["unspent"])
    assert all(amount >= 5000 and amount % 500 == 0 for amount in amounts)


def test_the_brief_is_quoted_as_asked_wherever_it_is_read_from(capsys, shop, monkeypatch):
    _, elsewhere, _ = call(capsys, "plan", shop / "brief.toml", "--json")
    monkeypatch.chdir(shop)
    _, here, _ = call(capsys, "plan", "brief.toml", "--json")
    assert json.loads(here)["brief"]["data"] == {"history": ["history.csv"]}
    assert here == elsewhere


def test_a_person_reads_the_plan_on_stdout_and_its_progress_on_stderr(capsys, shop):
    code, out, err = call(capsys, "plan", shop / "fewer.toml")
    assert code == 0
    assert "Rentrée" in out
    assert "60,000" in out
    assert "Planning…" in err
    assert "Planning…" not in out


def test_quiet_says_nothing_of_the_progress(capsys, shop):
    assert call(capsys, "plan", shop / "brief.toml", "--quiet")[2] == ""


def test_the_options_files_go_before_those_of_the_brief(capsys, shop):
    (shop / "half.csv").write_text((shop / "history.csv").read_text().replace(",parents,", ",enseignants,"))
    code, out, _ = call(capsys, "plan", shop / "brief.toml", "--history", shop / "half.csv", "--json")
    assert code == 0
    assert "enseignants" in out
    assert "parents" not in out


def test_history_takes_several_files_and_may_be_repeated(capsys, shop):
    lines = (shop / "history.csv").read_text().splitlines()
    for number in range(3):
        part = [lines[0], *lines[1 + number :: 3]]
        (shop / f"part{number}.csv").write_text("\n".join(part))
    parts = [shop / f"part{number}.csv" for number in range(3)]
    code, split, _ = call(
        capsys, "plan", shop / "brief.toml", "--history", *parts[:2], "--history", parts[2], "--json"
    )
    _, whole, _ = call(capsys, "plan", shop / "brief.toml", "--json")
    assert code == 0
    assert json.loads(split)["lines"] == json.loads(whole)["lines"]


def test_nothing_is_written_without_o_and_the_contract_s_files_with_it(capsys, shop, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(shop.rglob("*"))
    call(capsys, "plan", shop / "brief.toml")
    assert (sorted(tmp_path.rglob("*")), sorted(shop.rglob("*"))) == ([], before)
    code, out, _ = call(capsys, "plan", shop / "brief.toml", "-o", "out", "--json")
    assert code == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {"plan.json", "lines.csv", "launch.csv", "report.html"}
    assert json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8")) == json.loads(out)


def test_the_machine_s_language_counts_where_none_is_asked_for(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_CI.UTF-8")
    code, out, _ = call(capsys, "plan", "--help")
    assert code == 0
    assert "utilisation" in out
    assert "usage" not in out


@pytest.mark.parametrize("command", list(entry.COMMANDS))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_command_has_help(capsys, command, language):
    code, out, err = call(capsys, command, "--help", "--lang", language)
    assert (code, err) == (0, "")
    assert f"mediaplan {command}" in out
    assert "--lang" in out


def test_only_commands_that_are_there_are_listed(capsys):
    _, out, _ = call(capsys, "--help")
    listed = {line.split()[0] for line in out.splitlines() if line.startswith("    ") and line.strip()}
    assert listed >= set(entry.COMMANDS)
    assert not listed & {"track", "report"}


def test_both_engines_find_the_same_objective(capsys, shop):
    found = []
    for engine in ("highs", "pulp"):
        code, out, _ = call(capsys, "plan", shop / "brief.toml", "--json", "--engine", engine)
        assert code == 0
        found.append(json.loads(out)["objective"]["value"])
    assert found[0] == pytest.approx(found[1], rel=1e-6)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_no_encoding_of_the_terminal_stops_the_plan(shop, encoding):
    done = run("plan", shop / "fewer.toml", "--lang", "fr", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 0
    assert "Rentr" in done.stdout.decode(encoding)
    assert b"Traceback" not in done.stderr
    document = run("plan", shop / "fewer.toml", "--json", PYTHONIOENCODING=encoding, PYTHONUTF8="0").stdout
    assert json.loads(document.decode("ascii"))["name"] == "Rentrée"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_a_reader_that_leaves_early_is_no_fault(shop):
    command = f'"{sys.executable}" -m mediaplan plan "{shop / "brief.toml"}" --json --quiet | head -c 5'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout == '{\n "s'
    # The plan has warnings, which may be said before the reader is gone.
    whole = run("plan", shop / "brief.toml", "--json", "--quiet").stderr.decode()
    assert whole.startswith("Warning: ")
    assert done.stderr in ("", whole)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_a_reader_that_leaves_a_long_page_early_is_no_fault_either(shop):
    # enough lines that the reader is gone before the last is written
    command = (
        f'"{sys.executable}" -c "import sys, time; from mediaplan.cli.main import main; '
        f"sys.exit(main(['diagnose', '--brief', '{shop / 'brief.toml'}', '--quiet']))\" | true; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.split()[-1] == "0", done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_plans_the_sample_and_says_where_to_look(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = call(capsys, "demo")
    assert code == 0
    assert (tmp_path / "mediaplan-demo" / "report.html").exists()
    assert "mediaplan-demo/report.html" in out.replace("\\", "/")
    assert "mediaplan app" in out
    assert "200,000" in out


def test_every_option_that_takes_files_takes_several(capsys, tmp_path):
    place = folder(tmp_path, brief=BRIEF)
    header, *rows = (place / "history.csv").read_text().splitlines()
    for name, renamed in (("one", "cost"), ("two", "argent")):
        half = rows[::2] if name == "one" else rows[1::2]
        text = "\n".join([header.replace("spend", renamed), *half])
        (place / f"{name}.csv").write_text(text)
        (place / f"{name}.toml").write_text(f'[[columns]]\nfile = "{name}.csv"\nspend = "{renamed}"\n')
    (place / "posts1.csv").write_text("post,status\ncartable,ready\nuniforme,ready\n")
    (place / "posts2.csv").write_text("post,status\nchaussures,hold\n")
    (place / "who1.csv").write_text("audience,size\nparents,1000\n")
    (place / "who2.csv").write_text("audience,size\njeunes,2000\n")
    several = [
        *("--history", place / "one.csv", place / "two.csv"),
        *("--columns", place / "one.toml", "--columns", place / "two.toml"),
        *("--posts", place / "posts1.csv", place / "posts2.csv"),
        *("--audiences", place / "who1.csv", place / "who2.csv"),
    ]
    code, out, _ = call(capsys, "plan", place / "brief.toml", *several, "--json")
    plan = json.loads(out)
    assert code == 0
    assert {line["post"] for line in plan["lines"]} == {"cartable", "uniforme"}
    (place / "posts2.csv").write_text("post,status\nchaussures,hold\ncartable,hold\n")
    code, out, _ = call(capsys, "plan", place / "brief.toml", *several, "--json")
    (problem,) = json.loads(out)["problems"]
    assert code == 3
    assert (problem["file"], problem["row"], problem["value"]) == (str(place / "posts2.csv"), 3, "cartable")
    assert "posts1.csv" in problem["message"]


def test_clicks_beside_results_can_be_the_goal(capsys, tmp_path):
    place = folder(tmp_path, brief=BRIEF + 'goal = { type = "click" }\n')
    lines = (place / "history.csv").read_text().splitlines()
    clicked = [f"{lines[0]},clicks"] + [f"{line},{20 + number % 7}" for number, line in enumerate(lines[1:])]
    (place / "history.csv").write_text("\n".join(clicked))
    code, out, _ = call(capsys, "plan", place / "brief.toml", "--json")
    assert code == 0
    assert json.loads(out)["kinds"] == ["click"]


def test_a_day_of_export_after_the_start_and_slots_that_overlap_deserve_a_word(capsys, tmp_path):
    slots = (
        '[slots]\nsoir = { hours = "18-22" }\nweek-end = { days = "sat|sun" }\nnuit = { hours = "22-2" }\n'
    )
    place = folder(tmp_path, brief=BRIEF + "as_of = 2026-12-05\n" + slots)
    code, out, _ = call(capsys, "plan", place / "brief.toml", "--json")
    said = json.loads(out)["warnings"]
    assert code == 0
    assert sum("overlap" in warning for warning in said) == 2
    assert any("“soir” and “week-end” overlap" in warning for warning in said)
    assert any("after the flight began" in warning for warning in said)
