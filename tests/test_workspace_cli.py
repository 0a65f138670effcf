"""The commands about the workspace: contracts of documents and exit codes, and the same plan as from loose files."""

from __future__ import annotations

import json

import pytest
from briefs_by_hand import BRIEF, CLASH, FAULTY, folder, history
from commands import call


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.delenv("MEDIAPLAN_WORKSPACE", raising=False)
    folder(tmp_path, brief=BRIEF, clash=BRIEF + CLASH)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def document(capsys, *arguments):
    code, out, _ = call(capsys, *arguments, "--json")
    return code, json.loads(out)


def test_a_plan_from_the_workspace_is_the_plan_from_loose_files_to_the_last_byte(capsys, database, here):
    text = history()
    (here / "later.csv").write_text(
        text.replace(
            "2026-10-26,7,facebook,parents,cartable,3000", "2026-10-26,7,facebook,parents,cartable,3001"
        )
    )
    (here / "history.csv").write_text(
        "\n".join(line for line in text.splitlines() if "2026-10-26" not in line or "uniforme" not in line)
        + "\n"
    )
    (here / "posts.csv").write_text("post,status\ncartable,ready\nuniforme,hold\nchaussures,\n")
    loose = ("--history", "history.csv", "later.csv", "--posts", "posts.csv")
    assert call(capsys, "import", "history.csv", "--client", "école", "--workspace", database)[0] == 0
    assert (
        call(
            capsys,
            "import",
            "later.csv",
            "--posts",
            "posts.csv",
            "--client",
            "école",
            "--workspace",
            database,
        )[0]
        == 0
    )
    for output in ("--json", "--quiet"):
        kept = call(capsys, "plan", "brief.toml", "--client", "école", "--workspace", database, output)
        assert kept[0] == 0
        assert kept == call(capsys, "plan", "brief.toml", *loose, output)


def test_what_is_kept_is_listed_shown_taken_back_and_taken_out(capsys, database, here):
    where = ("--workspace", database)
    code, first = document(capsys, "import", "history.csv", "--client", "école", "--currency", "XOF", *where)
    assert (code, first["schema"], first["client"]) == (0, "mediaplan/import/1", "école")
    assert [(i["number"], i["new"], i["rows"], i["spend"]) for i in first["imports"]] == [
        (1, True, 48, [{"currency": "XOF", "amount": "120000"}])
    ]
    assert (
        document(capsys, "import", "history.csv", "--client", "école", "--currency", "XOF", *where)[1][
            "imports"
        ][0]["new"]
        is False
    )
    assert call(capsys, "plan", "brief.toml", "--client", "école", "--keep", *where)[0] == 0

    code, listed = document(capsys, "list", *where)
    assert (code, listed["schema"]) == (0, "mediaplan/list/1")
    (client,) = listed["clients"]
    assert (client["client"], len(client["imports"]), len(client["plans"])) == ("école", 1, 1)
    assert listed == document(capsys, "list", "--client", "école", *where)[1]

    code, shown = document(capsys, "show", *where)
    assert (code, shown["schema"], shown["history"]["spend"]) == (0, "mediaplan/show/1", "120000")
    assert shown["history"]["results"] == {
        "lead": sum(int(line.split(",")[-1]) for line in history().splitlines()[1:])
    }
    assert document(capsys, "show", "--import", "1", *where)[1]["import"]["counting"] == 48
    _, plan = document(capsys, "show", "--plan", "1", *where)
    assert plan == document(capsys, "plan", "brief.toml", "--history", "history.csv")[1]

    code, out = document(capsys, "export", "--client", "école", "-o", here / "out", *where)
    assert (code, out["schema"]) == (0, "mediaplan/export/1")
    assert sorted(str(p.relative_to(here / "out")) for p in (here / "out").rglob("*.*")) == out["files"]
    assert call(capsys, "import", here / "out", "--client", "back", *where)[0] == 0
    one, other = (
        document(capsys, "plan", "brief.toml", "--client", name, *where)[1] for name in ("école", "back")
    )
    assert one == other == plan
    loose = here / "out" / "history" / "001-history.csv"
    assert document(capsys, "plan", "brief.toml", "--history", loose)[1]["lines"] == plan["lines"]

    code, undone = document(capsys, "undo", "--client", "école", *where)
    assert (code, undone["schema"], [i["number"] for i in undone["imports"]]) == (0, "mediaplan/undo/1", [1])
    code, nothing = document(capsys, "plan", "brief.toml", "--client", "école", *where)
    assert (code, nothing["schema"]) == (3, "mediaplan/problems/1")


def test_a_person_reads_it_in_either_language(capsys, here):
    (here / "more.csv").write_text(
        history().replace(
            "2026-10-05,7,facebook,parents,cartable,2000,13", "2026-10-05,7,facebook,parents,cartable,2000,15"
        )
    )
    assert "Imported: 1" in call(capsys, "import", "history.csv", "--client", "école")[1]
    assert "Known already" in call(capsys, "import", "history.csv", "--client", "école")[1]
    code, out, err = call(capsys, "import", "more.csv", "--client", "école", "--lang", "fr")
    assert (code, "Importé" in out, "la plus récente" in err or "plus récent" in err) == (0, True, True)
    call(capsys, "plan", "brief.toml", "--client", "école", "--keep", "--quiet")
    assert "plan 1  Rentrée" in call(capsys, "list")[1]
    out = call(capsys, "show", "--client", "école", "--lang", "fr")[1]
    assert "résultats" in out
    assert "importation 1" in out
    assert "cartable" in call(capsys, "show", "--plan", "1")[1]
    assert "SHA-256" in call(capsys, "show", "--import", "2")[1]
    assert "Annulé" in call(capsys, "undo", "2", "--client", "école", "--lang", "fr")[1]
    assert "annulée le" in call(capsys, "list", "--lang", "fr")[1]


def test_the_workspace_is_where_the_environment_says_else_here(capsys, here, monkeypatch):
    call(capsys, "import", "history.csv", "--client", "a")
    assert (here / "mediaplan.sqlite").exists()
    monkeypatch.setenv("MEDIAPLAN_WORKSPACE", str(here / "agency.sqlite"))
    assert call(capsys, "list")[0] == 3
    call(capsys, "import", "history.csv", "--client", "b")
    assert [c["client"] for c in document(capsys, "list")[1]["clients"]] == ["b"]
    assert [
        c["client"] for c in document(capsys, "list", "--workspace", "mediaplan.sqlite")[1]["clients"]
    ] == ["a"]


def test_a_mapping_is_remembered_for_the_client(capsys, here):
    (here / "map.toml").write_text(
        '[[columns]]\nfile = "x*"\nspend = "cost"\ndate = { is = 2026-10-01, days = 7 }\n'
    )
    (here / "x1.csv").write_text("channel,cost,clicks\nfacebook,5,2\n")
    (here / "x2.csv").write_text("channel,cost,clicks\ninstagram,6,2\n")
    assert call(capsys, "import", "x1.csv", "--client", "a", "--columns", "map.toml")[0] == 0
    code, found = document(capsys, "import", "x2.csv", "--client", "a")
    assert (code, found["imports"][0]["mapping"]["spend"], found["imports"][0]["first"]) == (
        0,
        "cost",
        "2026-10-01",
    )
    assert call(capsys, "export", "--client", "a", "-o", "out")[0] == 0
    assert call(capsys, "import", "x2.csv", "--client", "b", "--columns", "out/columns.toml")[0] == 0


def test_faulty_files_are_refused_with_every_place_and_nothing_stays(capsys, here):
    (here / "faulty.csv").write_text(FAULTY)
    code, found = document(capsys, "import", "history.csv", "faulty.csv", "--client", "a")
    assert (code, found["schema"]) == (3, "mediaplan/problems/1")
    assert sorted(problem["row"] for problem in found["problems"]) == [3, 4, 5, 6, 7]
    assert document(capsys, "list")[1]["clients"] == []


def test_a_refused_brief_is_no_plan_that_is_kept(capsys):
    call(capsys, "import", "history.csv", "--client", "a")
    assert call(capsys, "plan", "clash.toml", "--client", "a", "--keep")[0] == 4
    assert document(capsys, "list")[1]["clients"][0]["plans"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["import", "--client", "a"], 2, "Name at least one"),
        (["import", "history.csv"], 2, "--client"),
        (["import", "nothing.csv", "--client", "a"], 3, "no such file"),
        (["import", "history.csv", "--client", "a", "--workspace", "mysql://x/y"], 2, "postgresql://"),
        (["import", "history.csv", "--client", "a", "--workspace", "none/w.sqlite"], 3, "no folder"),
        (["import", "history.csv", "--client", "a", "--workspace", "brief.toml"], 3, "no workspace"),
        (["import", "history.csv", "--client", "a", "--currency", "FCFA"], 3, "currency code"),
        (["import", "--actuals", "history.csv", "--client", "a"], 2, "--plan"),
        (["import", "history.csv", "--client", "a", "--plan", "1"], 2, "--actuals"),
        (["import", "--actuals", "history.csv", "--plan", "x", "--client", "a"], 2, "no number"),
        (["list"], 3, "no workspace here yet"),
        (["show", "--client", "a"], 3, "no workspace here yet"),
        (["undo", "--client", "a"], 3, "no workspace here yet"),
        (["export", "--client", "a", "-o", "out"], 3, "no workspace here yet"),
        (["export", "--client", "a", "-o", "."], 2, "holds files already"),
        (["export", "--client", "a"], 2, "--output"),
        (["plan", "brief.toml", "--client", "a"], 3, "no workspace here yet"),
        (["plan", "brief.toml", "--client", "a", "--history", "history.csv"], 2, "--history can't be given"),
        (["plan", "brief.toml", "--keep"], 2, "--client NAME"),
        (["plan", "brief.toml", "--workspace", "w.sqlite"], 2, "--client NAME"),
        (["show", "--plan", "1", "--import", "1"], 2, "one of them"),
    ],
)  # fmt: skip
def test_wrong_calls_are_refused_with_what_to_do(capsys, here, arguments, code, said):
    before = {path.name for path in here.iterdir()}
    found = call(capsys, *arguments)
    assert (found[0], said in found[2], found[1]) == (code, True, ""), found[2]
    assert {path.name for path in here.iterdir()} - before <= {"mediaplan.sqlite"}
    found = document(capsys, *arguments)
    assert (found[0], found[1]["schema"]) == (code, "mediaplan/problems/1")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["show"], 2, "--client: a, b"),
        (["show", "--client", "c"], 3, "Known here: a, b"),
        (["show", "--client", "a", "--plan", "7"], 3, "no plan 7"),
        (["show", "--client", "a", "--import", "7"], 3, "no import 7"),
        (["undo", "7", "--client", "a"], 3, "7"),
        (["undo", "one", "--client", "a"], 2, "no number"),
        (["import", "history.csv", "--columns", "map.toml", "--client", "a"], 3, "undo 1"),
    ],
)  # fmt: skip
def test_what_is_not_kept_is_said_so(capsys, here, arguments, code, said):
    (here / "map.toml").write_text('[[columns]]\nchannel = { is = "x" }\n')
    for client in ("a", "b"):
        call(capsys, "import", "history.csv", "--client", client)
    found = call(capsys, *arguments)
    assert (found[0], said in found[2]) == (code, True), found[2]
