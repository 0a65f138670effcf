"""Names from files on a terminal: nothing in them steers it, and what they hold stays readable."""

from __future__ import annotations

import json

import pytest

from mediaplan.cli.main import main

STEERING = "\x1b]0;owned\x07\x1b[31m\x7f\x9b31m"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEDIAPLAN_WORKSPACE", "w.sqlite")
    rows = [f'2026-10-0{day},"a\tb{STEERING}",facebook,{10 + day},3' for day in (1, 2, 3)]
    (tmp_path / "h.csv").write_text("\n".join(["date,post,channel,spend,clicks", *rows]) + "\n")
    (tmp_path / "bad.csv").write_text(f"date,post,spend,clicks\n2026-10-01,a,1{STEERING}\tx,3\n")
    (tmp_path / "b.toml").write_text(
        'budget = 100\ncurrency = "EUR"\nflight = { start = 2026-10-06, days = 7 }\ndata = { history = ["h.csv"] }\n'
    )
    return tmp_path


@pytest.mark.parametrize(
    "call",
    [
        "plan b.toml",
        "check h.csv --currency EUR",
        "check bad.csv",
        "plan b.toml --history bad.csv",
        f"import h.csv --client x{STEERING} --currency EUR",
        "import bad.csv --client y",
    ],
)
def test_nothing_in_a_name_steers_the_terminal(here, capsys, call):
    main(call.split(" "))
    main(["list"])
    said = capsys.readouterr()
    assert len(said.out + said.err) > 100
    steering = [*range(10), *range(11, 32), *range(127, 160)]
    assert not {letter for letter in said.out + said.err if ord(letter) in steering}


def test_a_tab_in_a_name_is_a_space_on_the_terminal_and_a_tab_in_the_document(here, capsys):
    assert main(["plan", "b.toml"]) == 0
    assert "a b" in capsys.readouterr().out
    assert main(["plan", "b.toml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lines"][0]["post"] == f"a\tb{STEERING}"
