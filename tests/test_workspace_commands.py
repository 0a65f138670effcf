"""Commands that take loose files answer the same from a client's workspace, and refuse a mixture of both."""

from __future__ import annotations

import json

import pytest
from briefs_by_hand import BRIEF, folder, history
from commands import call

from mediaplan.workspace.readings import Given, read_given


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("MEDIAPLAN_WORKSPACE", str(tmp_path / "agency.sqlite"))
    folder(tmp_path, brief=BRIEF)
    (tmp_path / "history.csv").write_text(history())
    monkeypatch.chdir(tmp_path)
    assert call(capsys, "import", "history.csv", "--client", "école", "--currency", "XOF")[0] == 0
    return tmp_path


@pytest.mark.parametrize("command", ["diagnose", "backtest"])
def test_the_past_is_the_same_from_the_workspace_and_from_loose_files(capsys, command):
    loose = call(capsys, command, "--brief", "brief.toml", "--history", "history.csv", "--json")
    kept = call(capsys, command, "--brief", "brief.toml", "--client", "école", "--json")
    assert loose[0] == 0
    assert kept[:2] == loose[:2]


def test_a_history_by_itself_is_in_the_currency_that_its_imports_state(capsys):
    code, out, _ = call(capsys, "diagnose", "--client", "école", "--json")
    assert code == 0
    assert json.loads(out)["schema"].startswith("mediaplan/diagnosis/")


def test_a_batch_answers_every_brief_from_one_client(capsys, here):
    (here / "many").mkdir()
    for name in ("a", "b"):
        (here / "many" / f"{name}.toml").write_text(BRIEF.replace("history.csv", "nowhere.csv"))
    code, out, _ = call(capsys, "batch", "many", "--client", "école", "--workers", 1, "--json")
    alone = json.loads(call(capsys, "plan", "brief.toml", "--json")[1])
    briefs = json.loads(out)
    rows = next(value for value in briefs.values() if isinstance(value, list))
    assert code == 0
    assert [row["spent"] for row in rows] == [alone["spent"]] * 2
    assert call(capsys, "batch", "many", "--workers", 1, "--json")[0] == 3


@pytest.mark.parametrize(
    "command", [["diagnose"], ["backtest"], ["verdict", "brief.toml"], ["plan", "brief.toml"]]
)
def test_loose_files_beside_a_client_are_wrong_usage(capsys, command):
    code, _, said = call(capsys, *command, "--client", "école", "--history", "history.csv")
    assert code == 2
    assert "--history can't be given with --client" in said
    code, _, said = call(capsys, *command, "--workspace", "agency.sqlite")
    assert (code, "none is named" in said) == (2, True)


def test_an_unknown_client_is_refused_with_the_nearest(capsys):
    code, _, said = call(capsys, "backtest", "--client", "ecole")
    assert code == 3
    assert "école" in said


def test_a_ledger_counts_beside_the_data_of_a_client(capsys, here):
    (here / "ledger.csv").write_text("no,such,columns\n1,2,3\n")
    code, _, said = call(capsys, "plan", "brief.toml", "--client", "école", "--ledger", "ledger.csv")
    assert code == 3
    assert "ledger.csv" in said


def test_the_share_of_all_files_that_was_read_grows(here):
    told = []
    read_given(Given(history=(str(here / "history.csv"),) * 4, currency="EUR"), progress=told.append)
    assert told == [0, 0.25, 0.5, 0.75, 1]


def test_show_states_two_currencies_in_that_of_a_brief_at_its_rates(capsys, here):
    for code, spend in (("EUR", "100.50"), ("USD", "200")):
        (here / f"{code}.csv").write_text(
            f"date,channel,spend,clicks,currency\n2026-10-01,{code},{spend},5,{code}\n"
        )
        assert call(capsys, "import", f"{code}.csv", "--client", "deux")[0] == 0
    brief = here / "rates.toml"
    brief.write_text(
        'budget = 100\ncurrency = "EUR"\nflight = { start = 2026-11-30, days = 14 }\n[exchange]\nUSD = 0.91\n'
    )
    code, _, err = call(capsys, "show", "--client", "deux", "--json")
    assert code == 3
    assert "--brief" in err
    code, out, _ = call(capsys, "show", "--client", "deux", "--brief", brief, "--json")
    assert code == 0
    assert json.loads(out)["history"]["spend"] == "282.50"
    assert json.loads(out)["history"]["currency"] == "EUR"
    assert call(capsys, "show", "--client", "deux", "--brief", brief, "--currency", "eur")[0] == 0
    assert call(capsys, "show", "--client", "deux", "--brief", brief, "--currency", "XOF")[0] == 2
    assert call(capsys, "show", "--client", "deux", "--brief", "none.toml")[0] == 3


def test_a_file_imported_again_without_its_currency_is_told_which_it_was(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "h.csv").write_text("date,post,spend,clicks\n2026-10-01,a,10000,5\n", "utf-8")
    assert call(capsys, "import", "h.csv", "--client", "trois", "--currency", "XOF")[0] == 0
    code, _, err = call(capsys, "import", "h.csv", "--client", "trois")
    assert code == 3
    assert "XOF" in err
    assert "--currency XOF" in err
    assert call(capsys, "import", "h.csv", "--client", "trois", "--currency", "XOF")[0] == 0
