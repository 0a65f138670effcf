"""How late results are counted, told by two exports of different days that overlap."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from mediaplan.cli.main import main
from mediaplan.history.reading.reading import read_history
from mediaplan.history.records.records import RESULT_PREFIX
from mediaplan.response.estimating.delay import Again, maturity
from mediaplan.response.fitting import fit
from mediaplan.response.looking_back.origins import origins
from mediaplan.slots import Slots

FIRST = date(2026, 6, 1)
LEAD = RESULT_PREFIX + "lead"


def weeks(delay: float, seed: int, count: int = 12, each: int = 7) -> pd.DataFrame:
    """Rows of each so many days with the day on which each result is counted."""
    random = np.random.default_rng(seed)
    rows = []
    for start in range(0, 7 * count, each):
        for post in ("a", "b", "c"):
            spend = float(random.integers(100, 300)) * each / 7
            ran = start + random.integers(0, each, random.poisson(0.5 * spend))
            late = ran + random.geometric(1.0 / (1.0 + delay), len(ran)) - 1
            day = FIRST + timedelta(days=start)
            rows.append({"date": day.isoformat(), "days": each, "post": post, "spend": spend, "late": late})
    return pd.DataFrame(rows)


def export(rows: pd.DataFrame, week: int) -> pd.DataFrame:
    """What was exported at the end of that week."""
    until = (FIRST + timedelta(days=7 * week)).isoformat()
    known = rows[rows["date"] < until]
    counted = [int((late < 7 * week).sum()) for late in known["late"]]
    return known.drop(columns="late").assign(**{LEAD: counted})


def said_delay(response) -> float:
    found = [w for w in response.warnings if "days after the money" in str(w)]
    return float(found[0].values["days"]) if found else 0.0


def told(delay: float, seed: int, *ends: int, **more) -> float:
    rows = weeks(delay, seed, **more)
    return said_delay(fit(read_history(*(export(rows, end) for end in ends), currency="EUR")))


@pytest.mark.parametrize("delay", [1.0, 3.0, 8.0])
def test_two_weekly_exports_tell_the_delay_that_one_of_them_can_t(delay):
    assert told(delay, 1, 12) == 0.0
    found = [told(delay, seed, 10, 12) for seed in range(3)]
    assert np.mean(found) == pytest.approx(delay, rel=0.15)


def test_no_delay_is_invented_where_the_older_export_counted_all_or_the_platform_mended_a_little():
    assert told(0.0, 1, 10, 12) == 0.0
    rows = weeks(0.0, 2)
    old, new = export(rows, 10), export(rows, 12)
    new.loc[3, LEAD] += 1
    new.loc[4, LEAD] -= 1
    assert said_delay(fit(read_history(old, new, currency="EUR"))) == 0.0


def test_exports_by_day_and_by_week_and_in_either_order_tell_the_same():
    rows = weeks(3.0, 5)
    old, new = export(rows, 10), export(rows, 12)
    one, other = (fit(read_history(*both, currency="EUR")) for both in ((old, new), (new, old)))
    assert said_delay(one) == said_delay(other)
    assert one.digest == other.digest
    assert told(3.0, 5, 10, 12, each=1) == pytest.approx(3.0, rel=0.2)


def test_three_exports_tell_it_too_and_the_newest_counts():
    rows = weeks(4.0, 7)
    history = read_history(*(export(rows, week) for week in (9, 10, 12)), currency="EUR")
    newest = export(rows, 12)
    assert history.rows[LEAD].sum() == newest[LEAD].sum()
    assert history.rows["spend"].sum() == pytest.approx(newest["spend"].sum())
    assert said_delay(fit(history)) == pytest.approx(4.0, rel=0.15)


def test_a_day_that_was_not_over_in_the_older_export_tells_nothing_of_lateness():
    rows = weeks(0.0, 3)
    old, new = export(rows, 10), export(rows, 12)
    last = old["date"] == old["date"].max()
    # half of the last week's money had run by then, and half of its results
    old.loc[last, "spend"] *= 0.5
    old.loc[last, LEAD] = (old.loc[last, LEAD] * 0.5).astype(int)
    history = read_history(old, new, currency="EUR")
    (retold,) = history.retold
    assert len(retold.days) == 27
    assert said_delay(fit(history)) == 0.0


def test_what_is_counted_before_and_after_is_what_the_exports_hold():
    rows = weeks(3.0, 5)
    old, new = export(rows, 10), export(rows, 12)
    (retold,) = read_history(old, new, currency="EUR").retold
    days, age, later, before, after = retold.told(LEAD)
    assert (before.sum(), after.sum()) == (old[LEAD].sum(), new[LEAD].head(30).sum())
    assert set(days) == {7.0}
    assert sorted(set(age)) == [7.0 * week for week in range(10)]
    assert (later == age + 14).all()
    assert retold.told("results:sale") is None


def test_of_two_exports_of_one_day_or_without_common_rows_nothing_is_told():
    rows = weeks(3.0, 5)
    new = export(rows, 12)
    changed = new.assign(**{LEAD: new[LEAD] + 1})
    assert read_history(new, changed, currency="EUR").retold == ()
    early, late = new[new["date"] < "2026-07-01"], new[new["date"] >= "2026-07-01"]
    assert read_history(early, late, currency="EUR").retold == ()


def test_looking_back_knows_no_export_of_later_days():
    rows = weeks(3.0, 5)
    history = read_history(export(rows, 8), export(rows, 9), export(rows, 12), currency="EUR")
    assert len(history.retold) == 2
    first, last = sorted(each.seen for each in history.retold)
    known = {
        each.start: [one.seen for one in each.past.retold]
        for each in origins(history, Slots(), [("lead",)], None)
    }
    # what the export of the end of week 9 added, one could know from week 10 on
    assert known == {start: [first] if start > first else [] for start in known}
    assert max(known) < last
    assert any(known.values())
    assert not all(known.values())


@pytest.mark.parametrize("mean", [0.5, 2.0, 9.0])
def test_the_height_is_greatest_near_the_truth(mean):
    age, days = np.array([0.0, 7.0, 14.0]), np.full(3, 7.0)
    whole = np.full(3, 1e6)
    part = maturity(age, days, mean) / maturity(age + 14, days, mean)
    grid = np.linspace(0.0, 12.0, 49)
    heights = Again(days, age, age + 14, whole * part, whole).heights(grid)
    assert grid[np.argmax(heights)] == pytest.approx(mean, abs=0.26)


def test_a_workspace_tells_the_delay_from_the_older_import(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = weeks(3.0, 5)
    where = ["--client", "Shop", "--workspace", f"sqlite:///{tmp_path}/w.db", "--quiet"]
    for number, week in enumerate((10, 12)):
        file = tmp_path / f"{number}.csv"
        export(rows, week).to_csv(file, index=False)
        extra = ["--currency", "EUR"] if not number else []
        assert main(["import", str(file), *where, *extra]) == 0
    capsys.readouterr()
    assert main(["diagnose", *where, "--lang", "en", "--json"]) == 0
    assert "days after the money on average" in capsys.readouterr().out
