"""Rate cards through every command: the textbook's numbers on the command line, in batches, and beside a history."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from briefs_by_hand import BRIEF, folder, history

import mediaplan as mp
from mediaplan.cli.main import main
from mediaplan.history.files.sources import File
from mediaplan.history.reading.ratecards import read_rates
from mediaplan.response.given.rating import rated

TEXTBOOK = Path(__file__).parent / "textbook"
PUBLISHED = {
    "relax_and_enjoy": 2370.0,
    "super_grain": 16175.0,
    "dorian": -320.0,
    "win_big": 67240.30172413793,
    "flamingo": 2160.0,
    "fixed_charge": 20_000_000.0,
}
CARD = pd.DataFrame(
    [
        {"channel": "tv", "cost": 1000, "results": 50, "up_to": 10, "whole": "yes"},
        {"channel": "radio", "cost": 100, "results": 4, "at_least": 5, "fixed": 50},
    ]
)


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict:
    assert main([*arguments, "--json", "--quiet", "--lang", "en"]) == code
    return json.loads(capsys.readouterr().out)


def bare(tmp_path: Path, name: str) -> Path:
    """The textbook's brief without the name of its card."""
    lines = (TEXTBOOK / f"{name}.toml").read_text("utf-8").splitlines()
    brief = tmp_path / f"{name}.toml"
    brief.write_text("\n".join(line for line in lines if not line.startswith("data")), "utf-8")
    return brief


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_command_line_reaches_the_published_optimum(tmp_path, capsys, name):
    card = str(TEXTBOOK / f"{name}.csv")
    made = told(capsys, "plan", str(bare(tmp_path, name)), "--rates", card)
    assert made["objective"]["value"] == pytest.approx(PUBLISHED[name], rel=1e-7)
    assert not [warning for warning in made["warnings"] if "No money of the history" in warning]


@pytest.mark.parametrize("command", ["compare", "why", "simplify", "frontier"])
def test_other_commands_take_a_card_too(tmp_path, capsys, command):
    card, brief = str(TEXTBOOK / "flamingo.csv"), bare(tmp_path, "flamingo")
    found = told(capsys, command, str(brief), "--rates", card)
    value = {
        "compare": lambda: found["plans"][0]["plan"]["objective"]["value"],
        "why": lambda: found["objective"],
        "simplify": lambda: found["full"]["objective"]["value"],
        "frontier": lambda: max(point["gain"] for point in found["points"] if point["plan"]),
    }
    reached = value[command]()
    assert reached >= 2160.0 - 1e-6 if command == "frontier" else reached == pytest.approx(2160.0)


def test_a_batch_finds_cards_from_where_each_brief_lies(tmp_path, capsys, monkeypatch):
    place = tmp_path / "briefs"
    place.mkdir()
    for name in ("flamingo.toml", "flamingo.csv"):
        shutil.copy(TEXTBOOK / name, place / name)
    monkeypatch.chdir(tmp_path)
    found = told(capsys, "batch", str(place), "--workers", "1")
    assert "2160" in json.dumps(found).replace(",", "")


def test_scenarios_that_weigh_a_card_differently_are_not_mixed_up(tmp_path, capsys):
    place = folder(tmp_path)
    (place / "card.csv").write_text(
        "channel,audience,post,cost,results\nfacebook,parents,cartable,100,90\n", "utf-8"
    )
    (place / "two.toml").write_text(
        BRIEF + 'rates = "history"\n[[scenario]]\nname = "card"\nrates = "first"\n', "utf-8"
    )
    found = told(capsys, "compare", str(place / "two.toml"), "--rates", str(place / "card.csv"))
    first, second = (each["plan"]["totals"]["results"]["mean"] for each in found["plans"])
    assert second > 2 * first


def test_units_that_cannot_be_had_are_refused_in_the_users_words(capsys):
    card = read_rates(CARD)
    known = mp.from_rates(card, currency="EUR", as_of=pd.Timestamp("2026-03-01").date())

    def planned(*rules: object) -> mp.Plan:
        return mp.plan(mp.Brief(currency="EUR", budget=5000, start="2026-03-02", days=14, rules=rules), known)

    with pytest.raises(mp.NoPlanError) as refused:
        planned(mp.Units(channel="tv", at_least=3), mp.Units(channel="radio", at_least=30))
    said = str(refused.value)
    assert "units of tv: at least 3" in said
    assert "0.01" not in said
    for repair in refused.value.repairs:
        if "radio" in str(repair.rule):
            assert planned(
                mp.Units(channel="tv", at_least=3), mp.Units(channel="radio", at_least=repair.after)
            )


def test_money_too_little_for_any_line_of_the_card_says_so():
    known = mp.from_rates(read_rates(CARD), currency="EUR", as_of=pd.Timestamp("2026-03-01").date())
    made = mp.plan(mp.Brief(currency="EUR", budget=40, start="2026-03-02", days=14), known)
    assert made.lines_planned == ()
    assert "Nothing of the rate card" in str(made.unspent_reason)


def test_what_the_history_told_keeps_its_names_beside_a_card():
    told_by = mp.read_history(File("h.csv", history().encode()), currency="XOF")
    known = mp.fit(told_by)
    card = read_rates(
        pd.DataFrame(
            [{"channel": "a-new-one", "audience": "parents", "post": "cartable", "cost": 50, "results": 1}]
        )
    )
    both = rated(known, card)
    place = {name: at for at, name in enumerate(both.names["channel"])}
    assert place["a-new-one"] == 0
    for old, new in zip(known.past.codes[:, 1], both.past.codes[:, 1], strict=True):
        assert both.names["channel"][new] == known.names["channel"][old]
    beyond = known.past.codes.copy()
    beyond[:, 3] = 5
    further = rated(replace(known, past=replace(known.past, codes=beyond)), card)
    assert np.all(further.past.codes[:, 3] >= len(further.names["slot"]))
