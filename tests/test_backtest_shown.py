"""What people see of a look back: the document, the screen of the command, the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import call

from mediaplan.history.reading.reading import read_audiences, read_history, read_posts
from mediaplan.planning.asking.looking_back import look_back
from mediaplan.words import Words
from mediaplan.worlds.sample import sample_folder


def sample(name="agency"):
    folder = sample_folder() / name
    return (
        read_history(folder / "history.csv"),
        read_posts(folder / "posts.csv"),
        read_audiences(folder / "audiences.csv"),
    )


# ---- the command ----


def agency(*names):
    return [word for name in names for word in (f"--{name}", sample_folder() / "agency" / f"{name}.csv")]


def test_the_document_is_one_and_says_what_the_python_says(capsys):
    code, out, _ = call(capsys, "backtest", *agency("history", "posts", "audiences"), "--json", "--quiet")
    found = json.loads(out)
    assert (code, found["schema"], found["currency"]) == (0, "mediaplan/backtest/1", "EUR")
    assert found == look_back(*sample()).to_dict(Words())
    lead = found["measures"][0]
    assert {c["method"] for c in lead["choices"]} == {"mediaplan", "naive", "engagement", "equal", "did"}
    assert all(len(w["spent"].split(".")[1]) == 2 for w in lead["weeks"])
    assert lead["promise"]["applied"] is False


@pytest.mark.parametrize(
    ("language", "phrases"),
    [
        ("en", ("would it have chosen better?", "are its intervals honest?", "what you did", "attribute")),
        (
            "fr",
            (
                "aurait-il mieux choisi\u202f?",
                "ce que vous avez fait",
                "attribuent",
                "16 nov. – 22 nov. 2026",
            ),
        ),
    ],
)
def test_a_person_reads_one_screen_within_80_columns(capsys, monkeypatch, language, phrases):
    monkeypatch.setenv("COLUMNS", "80")
    brief = sample_folder() / "briefs" / "boutique.toml"
    code, out, _ = call(capsys, "backtest", "--brief", brief, "--lang", language)
    assert code == 0
    assert all(phrase in out for phrase in phrases)
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 50
    assert "…" not in out
    assert ("Value" in out) == (language == "en")


def test_too_short_a_history_is_exit_code_3_without_a_traceback(capsys, tmp_path):
    short = tmp_path / "short.csv"
    short.write_text("date,post,spend,results,currency\n2026-10-01,a,10,2,EUR\n2026-10-02,a,10,2,EUR\n")
    code, out, err = call(capsys, "backtest", "--history", short, "--json", "--lang", "fr")
    assert code == 3
    problem = json.loads(out)["problems"][0]
    assert "au moins 2 semaines" in problem["message"]
    assert "Traceback" not in err


def test_faults_of_all_files_are_said_at_once(capsys, tmp_path):
    (tmp_path / "history.csv").write_text("date,post,spend,results,currency\nsomeday,a,10,2,EUR\n")
    (tmp_path / "posts.csv").write_text("post,status\na,perhaps\n")
    files = [word for name in ("history", "posts") for word in (f"--{name}", tmp_path / f"{name}.csv")]
    code, out, _ = call(capsys, "backtest", *files, "--json")
    assert code == 3
    assert {Path(p["file"]).name for p in json.loads(out)["problems"]} == {"history.csv", "posts.csv"}


def test_without_a_history_the_call_is_wrong(capsys):
    code, _, err = call(capsys, "backtest", "--lang", "en")
    assert code == 2
    assert "--history" in err


# ---- the page ----

PAGE = "mediaplan/ui/screens/backtest.py"


@pytest.mark.parametrize(
    ("locale", "title", "card"),
    [
        ("en-GB", "Would it have worked?", "Against what you did"),
        ("fr-FR", "Est-ce que cela aurait marché\u202f?", "Face à ce que vous avez fait"),
    ],
)
def test_the_page_says_the_same_as_the_command(pages, locale, title, card):
    app = pages(locale).switch_page(PAGE).run()
    assert not app.exception
    assert len(app.info) == 1
    app = app.switch_page("mediaplan/ui/screens/data.py").run()
    app = app.pills(key="field_chosen").set_value("agency").run()
    app = app.switch_page(PAGE).run()
    assert not app.exception
    assert app.title[0].value == title
    brief = app.session_state["draft"].brief()
    did = look_back(*sample(), brief).judgements[0].choice("did", 0.5)
    shown = {metric.label: metric.value for metric in app.metric}[card]
    assert float(shown.lstrip("×").replace(",", ".")) == pytest.approx(did.against.mean, abs=0.005)
    assert len(app.table[0].value) == 5


def test_the_page_says_what_is_wrong_with_too_short_a_history(pages):
    app = pages().pills(key="field_chosen").set_value("own").run()
    short = b"date,post,spend,results,currency\n2026-10-01,a,10,2,EUR\n"
    app = app.file_uploader(key="upload_history").upload("mine.csv", short, "text/csv").run()
    app = app.switch_page(PAGE).run()
    assert not app.exception
    assert "looking back takes at least 2 weeks" in app.table[0].value.to_string().casefold()
