"""Odd data as they come: every answer is a document, and every remedy leads to one."""

from __future__ import annotations

import io
import json
import sys

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from mediaplan.cli.main import main
from mediaplan.history.reading.reading import read_history
from mediaplan.report.layout import Grid
from mediaplan.response.diagnosis.diagnosing import diagnose
from mediaplan.response.diagnosis.funnels import funnels
from mediaplan.response.fitting import fit

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


@pytest.mark.parametrize("count", [0, 4, 400])
def test_a_rate_is_no_surer_than_the_counts_behind_it(count):
    rows = [
        (f"2026-09-{7 * week + 1:02}", 7, name, 10.0, 500.0, count / 8)
        for week in range(4)
        for name in ("a", "b")
    ]
    table = pd.DataFrame(rows, columns=["date", "days", "channel", "spend", "clicks", "results"])
    (funnel,) = funnels(fit(read_history(table, currency="EUR"), draws=10), "result")
    surest = 1.2816 / np.sqrt(count + 1.0)  # 80 % of a Poisson count's logarithm, all names together
    for each in funnel.names:
        rate = each.conversion_rate
        assert rate.low < (count + 0.5) / 4000 < rate.high
        assert np.log(rate.high / rate.mean) > 0.8 * surest


def test_a_breakdown_of_which_only_money_is_told_has_no_funnel_and_no_results():
    days = pd.date_range("2026-09-07", periods=14)
    posts = pd.DataFrame(
        [(day, post, 20.0, 30.0, 2.0) for day in days for post in "ab"],
        columns=["date", "post", "spend", "clicks", "results"],
    )
    hours = pd.DataFrame(
        [(day, hour, 20.0, 30.0) for day in days for hour in (9, 20)],
        columns=["date", "hour", "spend", "clicks"],
    )
    diagnosis = diagnose(fit(read_history(posts, hours, currency="EUR"), draws=50))
    (kind,) = diagnosis.to_dict()["kinds"]
    assert [each["dimension"] for each in kind["funnel"]] == ["post"]
    slots = next(each for each in kind["effects"] if each["dimension"] == "slot")
    assert [each["results"] for each in slots["names"]] == [None, None]
    assert [each["results"] for each in kind["posts"]] == [28.0, 28.0]


@pytest.mark.parametrize("head", ["1,000 impressions", "face à l’habituel", "results"])
def test_no_word_above_figures_is_cut(head):
    console = Console(width=60, file=io.StringIO())
    console.print(Grid([head], [["1"]]).row("", [head]))
    assert console.file.getvalue().split() == head.split()


def test_where_one_line_had_money_nobody_is_told_of_a_choice(capsys, tmp_path):
    rows = [f"2026-{month:02}-{day:02},7,facebook,20,3,EUR" for month in (9, 10) for day in (1, 8, 15, 22)]
    (tmp_path / "h.csv").write_text("date,days,channel,spend,results,currency\n" + "\n".join(rows) + "\n")
    assert main(["backtest", "--history", str(tmp_path / "h.csv"), "--lang", "en", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "there was nothing to choose between" in said
    assert "1 to 1" not in said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("hours.csv, ages.csv tell of the same money.", "hours.csv, ages.csv tell of the same money."),
        ("no result came of €3.20.", "No result came of €3.20."),
        ("", ""),
    ],
)
def test_a_page_does_not_rename_the_file_that_a_warning_begins_with(said, shown):
    faults = pytest.importorskip("mediaplan.ui.faults")
    assert faults._capital(said) == shown


def _overview_of_two_tables():
    import pandas as pd

    from mediaplan.answering import Records
    from mediaplan.history.reading.reading import read_history
    from mediaplan.ui.overview import show_overview
    from mediaplan.words import Words

    days = pd.date_range("2026-09-07", periods=9)
    cuts = [
        pd.DataFrame(
            [(day, name, 20.0, 30.0) for day in days for name in "ab"],
            columns=["date", by, "spend", "clicks"],
        )
        for by in ("channel", "audience")
    ]
    show_overview(Words("en"), Records(read_history(*cuts, currency="EUR"), None, None))


def test_the_page_of_the_data_shows_no_column_that_no_file_has(monkeypatch):
    # The page stands for the program while it runs, and workers that are started later would run it again.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    testing = pytest.importorskip("streamlit.testing.v1")
    app = testing.AppTest.from_function(_overview_of_two_tables, default_timeout=60).run()
    assert not app.exception, app.exception
    (shown,) = app.dataframe
    assert {"date", "spend", "clicks"} < set(shown.value.columns)
    assert "group" not in shown.value.columns


@pytest.mark.parametrize("weeks", [1, 3])
def test_a_history_of_one_week_has_no_week_to_compare_with_the_usual(weeks):
    rows = [
        (day, post, 5.0, 40.0)
        for day in pd.date_range("2026-09-07", periods=weeks, freq="7D")
        for post in "abc"
    ]
    table = pd.DataFrame(rows, columns=["date", "post", "spend", "results"]).assign(days=7)
    (kind,) = diagnose(fit(read_history(table, currency="EUR"), draws=50)).to_dict()["kinds"]
    assert len(kind["weeks"]) == (0 if weeks == 1 else weeks)


def test_two_rows_alike_are_no_sums_of_each_other():
    bare = {"date": "2026-09-01", "slot": None, "spend": 1e9}
    rows = [bare, bare, {**bare, "spend": 0.0}, {**bare, "slot": "am", "spend": 0.0}]
    assert read_history(pd.DataFrame(rows).assign(clicks=1), currency="EUR").rows["spend"].sum() == 2e9
