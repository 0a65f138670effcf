"""Past promises against deliveries: the correction by hand, what it does to a plan, and how a ledger is read."""

import io
import json
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import response
from small_questions import brief, planned

import mediaplan as mp
from mediaplan.cli.main import main
from mediaplan.errors import InputError
from mediaplan.history.columns.template import LEDGER
from mediaplan.learning.correcting import trusted
from mediaplan.learning.ledger import Ledger, LedgerEntry
from mediaplan.learning.reading import read_ledger


def entry(promised: float, delivered: float, week: int = 0, factor: float = 1.0) -> LedgerEntry:
    return LedgerEntry(f"plan {week}", date(2026, 1, 5 + week), 7, promised, delivered, factor)


def test_the_correction_weighs_both_explanations_by_their_likelihood():
    """Integrated by numbers: nothing is off (chance 3/4), or all plans are, by a normal amount (chance 1/4)."""
    ledger = Ledger((entry(99.5, 79.5), entry(199.5, 149.5, 1)))
    errors = np.array([math.log(80 / 100), math.log(150 / 200)])
    scatter = ((errors - errors.mean()) ** 2).sum() + 4 * 0.25**2
    variance = (scatter / 5 + (1 / 100 + 1 / 200) / 2) / 2
    off = np.linspace(-4, 4, 200_001)
    likely = np.exp(-0.5 * (errors.mean() - off) ** 2 / variance)
    slab = np.exp(-0.5 * (off / 0.3) ** 2) / (0.3 * math.sqrt(2 * math.pi)) * (off[1] - off[0])
    spike = math.exp(-0.5 * errors.mean() ** 2 / variance)
    by_hand = 0.25 * (off * likely * slab).sum() / (0.25 * (likely * slab).sum() + 0.75 * spike)
    assert ledger.bias == pytest.approx(by_hand, rel=1e-6)
    assert ledger.factor == pytest.approx(math.exp(by_hand))


def test_chance_is_not_corrected_and_what_is_clearly_off_nearly_all():
    by_chance = Ledger(tuple(entry(100, each, at) for at, each in enumerate((70, 130, 85, 118, 99, 101))))
    assert abs(by_chance.bias) < 0.01
    off = Ledger(tuple(entry(100, each, at) for at, each in enumerate((70, 76, 68, 72, 71, 69))))
    assert off.bias == pytest.approx(math.log(0.71), rel=0.12)


def test_few_results_prove_little():
    few, many = Ledger((entry(2, 0),)), Ledger((entry(2000, 400),))
    assert abs(few.bias) < 0.3 < abs(many.bias)


@given(st.floats(1, 1e6), st.lists(st.floats(0.2, 3.0), min_size=1, max_size=6))
def test_what_was_delivered_too_much_is_never_corrected_downwards(promised, ratios):
    ledger = Ledger(tuple(entry(promised, promised * ratio, at) for at, ratio in enumerate(ratios)))
    mean = np.mean([each.error for each in ledger.entries])
    assert ledger.bias * mean >= 0
    assert abs(ledger.bias) <= abs(mean)


def test_a_promise_that_was_already_corrected_counts_as_it_would_have_been_without():
    plain, corrected = Ledger((entry(100, 80),)), Ledger((entry(50, 80, factor=0.5),))
    assert corrected.bias == pytest.approx(plain.bias)


@given(st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 1e9)), max_size=20))
def test_the_correction_stays_within_its_bounds(pairs):
    ledger = Ledger(tuple(entry(p, d, at) for at, (p, d) in enumerate(pairs)))
    assert -0.4 <= ledger.bias <= 0.2


def test_only_the_last_six_plans_count_in_whatever_order_they_stand():
    rows = [entry(100, 10 if week < 3 else 100, week) for week in range(9)]
    assert Ledger(tuple(rows)).bias == pytest.approx(0.0)
    assert Ledger(tuple(reversed(rows))).bias == Ledger(tuple(rows)).bias


def test_an_empty_ledger_changes_nothing():
    known = response()
    assert trusted(known, Ledger()) is known


def test_a_ledger_changes_what_a_plan_promises_and_not_where_its_money_goes():
    known, ledger = response(draws=20), Ledger(tuple(entry(100, 60, week) for week in range(6)))
    plain, made = planned(brief(1000), known), planned(brief(1000), trusted(known, ledger))
    assert made.totals.results.mean == pytest.approx(ledger.factor * plain.totals.results.mean, rel=1e-6)
    assert made.totals.results.high < plain.totals.results.high
    cents = [[line.amount.minor for line in each.lines_planned] for each in (made, plain)]
    assert cents[0] == pytest.approx(cents[1], abs=100)
    assert any("Past plans brought 360 results where 600 were promised" in str(w) for w in made.warnings)
    assert made.source["ledger_factor"] == pytest.approx(ledger.factor)
    assert "ledger_factor" not in plain.source


def test_a_market_that_always_delivers_less_is_promised_right_in_the_end():
    """Promise, deliver 70 %, note, promise again: what is promised settles at a fixed ratio, nearer than at first."""
    ledger, ratios = Ledger(), []
    for week in range(12):
        promised = 100 * ledger.factor
        ratios.append(promised / 70)
        ledger = ledger.but([entry(promised, 70, week, ledger.factor)])
    assert ratios[0] == pytest.approx(100 / 70)
    assert 1.0 <= ratios[-1] < 1.06
    assert np.ptp(ratios[-4:]) < 1e-9


def file(text: str) -> object:
    from mediaplan.history.files.sources import File

    return File("ledger.csv", text.encode())


def test_a_ledger_is_read_as_the_template_writes_it():
    ledger = read_ledger(file(LEDGER.csv))
    assert ledger.entries[1] == LedgerEntry("Octobre rose", date(2026, 10, 5), 14, 88.0, 90.0, 0.94)
    assert ledger.entries[0].factor == 1.0


def test_a_frame_is_a_ledger_too():
    frame = pd.read_csv(io.StringIO("plan;start;promised;delivered\na;2026-01-05;10;9\n"), sep=";")
    assert read_ledger(frame).entries == (LedgerEntry("a", date(2026, 1, 5), 1, 10.0, 9.0),)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("plan,start,promised\na,2026-01-05,10\n", [(None, "delivered")]),
        (
            "plan,start,promised,delivered\na,someday,-1,x\n",
            [(2, "start"), (2, "promised"), (2, "delivered")],
        ),
        ("plan,start,promised,delivered\na,2026-01-05,,3\n", [(2, "promised")]),
        ("plan,start,promised,delivered\na,2026-01-05,1,3\na,2026-01-05,1,4\n", [(None, "plan")]),
        ("plan,start,promised,delivered,factor\na,2026-01-05,1,3,0\n", [(2, "factor")]),
    ],
)
def test_all_faults_of_a_ledger_are_said_where_they_are(text, places):
    with pytest.raises(InputError) as raised:
        read_ledger(file(text))
    assert [(p.row, p.column) for p in raised.value.problems] == places
    assert all(p.file == "ledger.csv" for p in raised.value.problems)


def test_the_command_line_takes_a_ledger_and_a_brief_names_one(tmp_path, capsys):
    sample = tmp_path / "ledger.csv"
    sample.write_text("plan,start,promised,delivered\na,2026-10-05,100,50\n")
    asked = "data/briefs/boutique.toml"
    assert main(["plan", asked, "--ledger", str(sample), "--json", "--quiet", "--lang", "en"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["source"]["ledger_factor"] == pytest.approx(Ledger((entry(100, 50),)).factor)
    assert any("Past plans brought 50 results" in warning for warning in document["warnings"])
    assert (
        mp.parse_brief(
            'currency = "EUR"\nbudget = 10\nflight = { start = 2026-11-30, days = 7 }\ndata = { ledger = "l.csv" }'
        ).data.ledger
        == "l.csv"
    )
