"""Cases of other people's books and files: hand-known numbers, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mediaplan.cli.main import main

FLIGHT = "flight = { start = 2026-12-01, days = 30 }"


def kept(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> dict:
    assert main([*map(str, arguments), "--json", "--quiet", "--lang", "en"]) == code
    return json.loads(capsys.readouterr().out)


def spoken(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> str:
    assert main([*map(str, arguments), "--quiet", "--lang", "en"]) == code
    return capsys.readouterr().out


SHOW_AND_SELL = """
name = "Show & Sell"
currency = "USD"
budget = 10_000
{flight}
[[rule]]
is = "ratio"
of = {{ channel = "radio" }}
to = {{ channel = "tv" }}
at_least = 2
[[rule]]
is = "units"
channel = "radio"
at_most = 400
"""
"""Taha, Operations Research, section 2: a minute of radio costs 15 and one of television 300, which is 25 times as effective."""


def test_a_ratio_of_units_is_priced_by_the_unit_and_not_as_money(tmp_path, capsys):
    kept(tmp_path, "card.csv", "channel,cost,results\nradio,15,1\ntv,300,25\n")
    brief = kept(tmp_path, "brief.toml", SHOW_AND_SELL.format(flight=FLIGHT))
    asked = ("plan", brief, "--rates", tmp_path / "card.csv")
    made = told(capsys, *asked)
    # 330 t = 10000, r = 2 t; with r = 2 t - 1 there are 330 t = 10015.
    assert made["objective"]["value"] == pytest.approx(27 * 10_000 / 330, rel=1e-6)
    assert made["rules"][1]["price"] == pytest.approx(27 * 15 / 330 - 1, rel=1e-6)
    said = spoken(capsys, *asked)
    assert "Giving way by one would bring about 0.23 more." in said
    assert "Giving way by $" not in said


def test_a_rule_whose_cost_is_not_worked_out_is_not_said_to_cost_nothing(tmp_path, capsys):
    rows = "\n".join(f"c{number},1,{1 + number},100" for number in range(9))
    kept(tmp_path, "card.csv", f"channel,cost,results,up_to\n{rows}\n")
    holds = "\n".join(f'[[rule]]\nis = "hold"\nchannel = "c{number}"' for number in range(9) if number)
    brief = kept(tmp_path, "brief.toml", f'currency = "XOF"\nbudget = 300\n{FLIGHT}\n{holds}\n')
    asked = ("plan", brief, "--rates", tmp_path / "card.csv")
    made = told(capsys, *asked)
    # Without the last, 100 F would bring 9 results each.
    assert made["rules"][8]["rule"] == "on hold: c8"
    assert made["rules"][8]["price"] is None
    said = spoken(capsys, *asked)
    after = said[said.rindex("on hold: c8") :].splitlines()[1]
    assert "not worked out" in after
    assert "costs nothing" not in after
    why = spoken(capsys, "why", *asked[1:])
    assert "“on hold: c8” costs 900 results." in " ".join(why.split())


def test_the_fewest_shortfalls_are_told_without_what_decides_between_equals(tmp_path, capsys):
    # Football f, soap s, 100 f + 60 s = 600: with all weights 1 the least shortfall is 5 people, all of the third goal.
    card = "channel,cost,results:a,results:b,results:c\nfootball,100,7,10,5\nsoap,60,3,5,4\n"
    goals = (("a", 40), ("b", 60), ("c", 35))
    rules = "".join(
        f'[[rule]]\nis = "results"\ntype = "{kind}"\nat_least = {least}\nsoft = 1\n' for kind, least in goals
    )
    kept(tmp_path, "card.csv", card)
    goal = '[goal]\nis = "fewest shortfalls"\nvalues = { a = 1, b = 1, c = 1 }\n'
    brief = kept(tmp_path, "brief.toml", f'currency = "USD"\nbudget = 600\n{FLIGHT}\n{goal}{rules}')
    made = told(capsys, "plan", brief, "--rates", tmp_path / "card.csv")
    assert made["objective"]["penalties"] == pytest.approx(5.0, abs=1e-6)
    assert made["objective"]["value"] == -made["objective"]["penalties"]
    assert made["certificate"]["bound"] >= made["objective"]["value"]


def test_money_checked_beside_a_brief_is_in_its_currency(tmp_path, capsys):
    history = kept(tmp_path, "h.csv", "date,channel,spend,results\n2026-11-01,facebook,1500,3\n")
    brief = kept(tmp_path, "b.toml", f'currency = "XOF"\nbudget = 300\n{FLIGHT}\n')
    both = told(capsys, "check", history, brief)
    assert (both["files"][0]["currency"], both["files"][0]["spend"]) == ("XOF", "1500")
    assert both["files"][0]["problems"] == []
    other = kept(tmp_path, "c.toml", f'currency = "EUR"\nbudget = 300\n{FLIGHT}\n')
    # Two briefs that disagree say nothing, and what is stated goes first.
    assert told(capsys, "check", history, brief, other)["files"][0]["currency"] is None
    assert told(capsys, "check", history, brief, "--currency", "USD")["files"][0]["currency"] == "USD"
