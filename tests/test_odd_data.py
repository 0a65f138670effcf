"""Odd data as they come: every answer is a document, and every remedy leads to one."""

from __future__ import annotations

import json

import pytest

from mediaplan.cli.main import main

HEADER = "date,days,post,channel,spend,clicks,results"
WEEKS = [f"2026-09-{day:02},7" for day in (7, 14, 21, 28)]


def table(path, *columns):
    """A history of two posts on two channels; `columns` are a header and a function of the channel each."""
    rows = [
        ",".join(
            [f"{week},{post},{channel},20.10,30,{2 + (post == 'a')}", *(each(channel) for _, each in columns)]
        )
        for week in WEEKS
        for post in ("a", "b")
        for channel in ("facebook", "tiktok")
    ]
    path.write_text("\n".join([",".join([HEADER, *(name for name, _ in columns)]), *rows]) + "\n")
    return path


@pytest.mark.parametrize("command", ["diagnose", "backtest"])
@pytest.mark.parametrize("mixed", [False, True])
def test_the_remedy_for_a_currency_that_is_not_stated_works(capsys, tmp_path, command, mixed):
    codes = [("currency", lambda channel: "EUR" if channel == "facebook" else "USD")] if mixed else []
    history = str(table(tmp_path / "h.csv", *codes))
    assert main([command, "--history", history, "--json", "--quiet"]) == 3
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert "(--brief)" in problem["remedy"]
    brief = tmp_path / "b.toml"
    brief.write_text(
        'budget = 100\ncurrency = "EUR"\nflight = { start = 2026-11-30, days = 14 }\n[exchange]\nUSD = 0.9\n'
    )
    assert main([command, "--history", history, "--brief", str(brief), "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["currency"] == "EUR"
