"""The command line keeps its contract: exit codes, documents, sentences in the person's language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from briefs_by_hand import BRIEF, CLASH, FAULTY, FEWER, folder

from mediaplan.cli import main as entry
from mediaplan.cli.main import main

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    place = folder(tmp_path_factory.mktemp("shop"), brief=BRIEF, fewer=BRIEF + FEWER, clash=BRIEF + CLASH)
    (place / "faulty.csv").write_text(FAULTY, encoding="utf-8")
    return place


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def call(capsys, *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "mediaplan", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=os.environ | environment)


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
    assert all(line.startswith("Warning: ") for line in done.stderr.splitlines()), done.stderr


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


def test_the_app_says_what_to_install_where_streamlit_is_missing(capsys, monkeypatch):
    monkeypatch.setattr("mediaplan.cli.app.find_spec", lambda _: None)
    code, _, err = call(capsys, "app")
    assert code == 3
    assert "mediaplan[ui]" in err


def test_the_demo_plans_the_sample_and_says_where_to_look(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = call(capsys, "demo")
    assert code == 0
    assert (tmp_path / "mediaplan-demo" / "report.html").exists()
    assert "mediaplan-demo/report.html" in out.replace("\\", "/")
    assert "mediaplan app" in out
    assert "200,000" in out


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
