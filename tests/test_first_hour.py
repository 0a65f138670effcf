"""What somebody who plans for the first time looks at: the same figures wherever they stand, and reasons where they are promised."""

from __future__ import annotations

import csv
import io
import json

import pytest

from mediaplan.batch.outcomes import Outcome
from mediaplan.cli.batch import show
from mediaplan.cli.main import main
from mediaplan.cli.voice import Voice
from mediaplan.words import Words
from mediaplan.worlds.sample import sample_folder

CARD = """\
post,channel,cost,results,up_to,whole,at_least,fixed,uses:shooting
spot-a,radio,45000,60,6,yes,2,0,1
spot-b,tv,150000,190,4,yes,1,50000,6
poster,street,1,0.0011,250000,,,,
"""
BY_CARD = """\
currency = "XOF"
budget = 900_000
flight = { start = 2026-12-01, days = 28 }
data = { rates = "card.csv" }
"""


@pytest.fixture
def by_card(tmp_path):
    (tmp_path / "card.csv").write_text(CARD, "utf-8")
    (tmp_path / "brief.toml").write_text(BY_CARD, "utf-8")
    return tmp_path


@pytest.mark.parametrize(("language", "separator"), [("en", ","), ("fr", ";")])
def test_the_lines_of_a_rate_card_say_how_many_units_they_buy_and_what_these_use(
    by_card, language, separator
):
    out = by_card / "out"
    assert main(["plan", str(by_card / "brief.toml"), "-o", str(out), "--quiet", "--lang", language]) == 0
    text = (out / "lines.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    document = json.loads((out / "plan.json").read_text("utf-8"))["lines"]
    told = [
        (float(row["units"].replace(",", ".")), float(row["uses:shooting"].replace(",", "."))) for row in rows
    ]
    assert told == [(line["units"], line["uses"]["shooting"]) for line in document]
    assert {row["post"]: units for row, (units, _) in zip(rows, told, strict=True)}["spot-b"] == 4
    assert list(rows[0])[-1] == "why"


def test_a_batch_says_the_results_that_the_plan_says(capsys):
    # 268.46 read as 268.5 first would be said as 268 or 269, whichever rounding follows.
    outcomes = [Outcome("a.toml", 0, "1000", "XOF", results) for results in (268.5275, 268.46, 30.49, 7.26)]
    show(outcomes, Voice(Words("en"), quiet=True))
    said = [line.split()[-1] for line in capsys.readouterr().out.splitlines()[1:]]
    assert said == ["269", "268", "30", "7.3"]


def test_each_close_call_says_in_terminal_and_report_what_might_do_as_well(tmp_path, capsys):
    brief = sample_folder() / "briefs" / "boutique-petit-budget.toml"
    assert main(["plan", str(brief), "-o", str(tmp_path / "o"), "--quiet", "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    document = json.loads((tmp_path / "o" / "plan.json").read_text("utf-8"))
    assert "close calls" in " ".join(document["warnings"])
    doubtful = sum("Not enough evidence to prefer it" in line["why"] for line in document["lines"])
    assert doubtful
    assert (tmp_path / "o" / "report.html").read_text("utf-8").count("Not enough evidence") == doubtful
    assert "Not enough evidence to prefer it" in " ".join(shown.split())
