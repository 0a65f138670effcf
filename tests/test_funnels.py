"""Prices and rates by name: what tables tell of the stages between money and results, however they cut the money."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from mediaplan.history.reading.ratecards import read_rates
from mediaplan.history.reading.reading import read_history
from mediaplan.report.diagnosis_page import diagnosis_page
from mediaplan.response.diagnosis.diagnosing import diagnose
from mediaplan.response.diagnosis.funnels import funnels
from mediaplan.response.fitting import fit
from mediaplan.response.given.rating import rated
from mediaplan.words import Words

DAYS = pd.date_range("2026-09-07", periods=28)
FIGURES = ["spend", "impressions", "clicks", "results:lead"]


def crossed(seed: int = 1) -> pd.DataFrame:
    """A month by day, channel, audience and hour; evenings cost more, channel b is clicked more."""
    random = np.random.default_rng(seed)
    rows = []
    for day in DAYS:
        for channel in "ab":
            for audience in "xyz":
                hour = int(random.choice([9, 20]))
                spend = float(np.round(random.gamma(2.0, 10.0) + 1.0, 2))
                shown = random.poisson(spend * (100.0 if hour == 20 else 200.0))
                clicks = random.binomial(shown, 0.02 if channel == "b" else 0.01)
                rows.append(
                    (day, channel, audience, hour, spend, shown, clicks, random.binomial(clicks, 0.1))
                )
    return pd.DataFrame(rows, columns=["date", "channel", "audience", "hour", *FIGURES]).astype(
        dict.fromkeys(FIGURES, float)
    )


def summed(rows: pd.DataFrame, by: str, figures: list[str] = FIGURES) -> pd.DataFrame:
    sums = rows.groupby(["date", by], as_index=False)[figures].sum()
    return sums.assign(spend=sums["spend"].round(2))


def found(*tables: pd.DataFrame) -> dict[str, dict]:
    response = fit(read_history(*tables, currency="EUR"), kinds=("lead",))
    return {f.dimension: {each.name: each for each in f.names} for f in funnels(response, "lead")}


def test_an_hour_table_without_results_still_says_what_an_hour_costs():
    rows = crossed()
    hours = summed(rows, "hour", ["spend", "impressions", "clicks"])
    slots = found(summed(rows, "channel"), summed(rows, "audience"), hours)["slot"]
    evening = next(each for each in slots.values() if each.price.mean > 7.0)
    morning = next(each for each in slots.values() if each.price.mean < 7.0)
    assert evening.price.low < 10.0 < evening.price.high
    assert morning.price.low < 5.0 < morning.price.high
    assert evening.click_rate is not None
    assert evening.conversion_rate is None
    assert evening.results is None


def test_money_that_several_tables_tell_is_counted_once_for_each_dimension():
    rows = crossed()
    told = found(summed(rows, "channel"), summed(rows, "audience"), summed(rows, "hour"))
    for names in told.values():
        assert sum(each.impressions for each in names.values()) == rows["impressions"].sum()
        assert sum(each.results for each in names.values()) == rows["results:lead"].sum()
    assert set(told) == {"channel", "audience", "slot"}


def test_much_evidence_keeps_its_ratio_and_little_is_drawn_to_the_usual():
    rows = crossed()
    little = pd.DataFrame([(DAYS[0], "c", "x", 9, 0.5, 40.0, 8.0, 0.0)], columns=rows.columns)
    names = found(pd.concat([rows, little]))["channel"]
    for channel, rate in (("a", 0.01), ("b", 0.02)):
        raw = names[channel].clicks / names[channel].impressions
        assert names[channel].click_rate.mean == pytest.approx(raw, rel=0.05)
        assert names[channel].click_rate.low < rate < names[channel].click_rate.high
    few = names["c"].click_rate
    assert few.mean < 0.1  # 8 of 40 were clicked
    assert few.high / few.low > names["a"].click_rate.high / names["a"].click_rate.low


def test_intervals_hold_about_as_often_as_they_say():
    random, held = np.random.default_rng(7), []
    for _ in range(12):
        truth = 0.02 * np.exp(random.normal(0.0, 0.3, 10))
        rows = [
            (DAYS[0] + pd.Timedelta(weeks=week), f"c{name}", 5.0, shown, random.poisson(shown * rate * wild))
            for week in range(8)
            for name, rate in enumerate(truth)
            for shown, wild in [(float(random.integers(200, 3000)), random.gamma(10.0, 0.1))]
        ]
        table = pd.DataFrame(rows, columns=["date", "channel", "spend", "impressions", "clicks"])
        response = fit(read_history(table.assign(days=7), currency="EUR"), draws=10)
        (funnel,) = funnels(response, "click")
        spans = {each.name: each.click_rate for each in funnel.names}
        held += [spans[f"c{name}"].low <= rate <= spans[f"c{name}"].high for name, rate in enumerate(truth)]
    assert 0.7 <= np.mean(held) <= 0.9


@pytest.mark.parametrize("clicks", [0.0, 1.0, 1e9])
def test_odd_counts_give_finite_figures(clicks):
    rows = pd.DataFrame(
        {
            "date": DAYS[:2],
            "channel": ["a", "b"],
            "spend": [1e-2, 1e7],
            "impressions": [0.0, 5.0],
            "clicks": [clicks, 0.0],
            "results": [1e9, 0.0],
        }
    )
    document = diagnose(fit(read_history(rows, currency="EUR"))).to_dict()
    json.dumps(document, allow_nan=False)
    assert document["kinds"][0]["funnel"]


def test_the_page_tells_them_and_a_dash_where_no_table_does():
    rows = crossed()
    hours = summed(rows, "hour", ["spend", "impressions", "clicks"])
    history = read_history(summed(rows, "channel"), summed(rows, "audience"), hours, currency="EUR")
    page = diagnosis_page(diagnose(fit(history, kinds=("lead",))), Words("fr"))
    assert page.count("De l’argent aux résultats") == 3
    assert "<strong>–</strong>" in page


def test_money_and_results_stand_behind_every_name_whatever_table_tells_it():
    rows = crossed()
    hours = summed(rows, "hour", ["spend", "impressions", "clicks"])
    history = read_history(summed(rows, "channel"), summed(rows, "audience"), hours, currency="EUR")
    (findings,) = diagnose(fit(history, kinds=("lead",))).findings
    behind = {e.dimension: {f.name: f for f in e.factors} for e in findings.effects}
    for dimension in ("channel", "audience"):
        for name, mine in rows.groupby(dimension):
            factor = behind[dimension][name]
            assert float(factor.money.amount) == pytest.approx(mine["spend"].sum(), abs=0.005)
            assert factor.results == mine["results:lead"].sum()
    spent = sum(float(factor.money.amount) for factor in behind["slot"].values())
    assert spent == pytest.approx(rows["spend"].sum(), abs=0.005)
    assert all(factor.results is None for factor in behind["slot"].values())


def test_names_that_a_rate_card_adds_leave_the_others_their_figures():
    response = fit(read_history(summed(crossed(), "channel"), currency="EUR"), kinds=("lead",))
    card = read_rates(pd.DataFrame({"channel": ["aa", "0"], "cost": [10.0, 9.0], "results": [2.0, 1.0]}))
    before, after = (
        {each.name: each for f in funnels(one, "lead") for each in f.names}
        for one in (response, rated(response, card, "history"))
    )
    assert before == after
