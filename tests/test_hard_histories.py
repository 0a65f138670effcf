"""Histories at the edge of sense: a sensible answer with a word, or a clear refusal; never NaN, never a crash."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostResults
from mediaplan.errors import InputError, MediaplanError
from mediaplan.history.reading.reading import read_history
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.planning.making import plan
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines

NAMES = {"post": ("a", "b", "c"), "channel": ("f", "g"), "audience": ("x", "y"), "slot": ("am", "pm")}


def usual(days: int = 28, seed: int = 1, **constant: object) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    n = 6 * days
    return pd.DataFrame(
        {
            "date": np.repeat(pd.date_range("2026-09-07", periods=days).strftime("%Y-%m-%d"), 6),
            "post": random.choice(NAMES["post"], n),
            "channel": random.choice(NAMES["channel"], n),
            "audience": random.choice(NAMES["audience"], n),
            "spend": np.round(random.gamma(2.0, 10.0, n) + 1.0, 2),
            "results:lead": random.poisson(4.0, n),
        }
    ).assign(**constant)


def curves_of(response):
    codes = np.array(
        list(itertools.product(*(range(len(response.names[d])) or (-1,) for d in DIMENSIONS))), dtype=np.int32
    )
    by = {d: codes[:, i] for i, d in enumerate(DIMENSIONS)}
    start = np.full(len(codes), np.datetime64("2026-10-12"))
    return response.curves(Lines(response.names, by, start, np.full(len(codes), 7, dtype=np.int32)))


def assert_sensible(response) -> None:
    curves = curves_of(response)
    for figure in (curves.rate, curves.scale, curves.cover, curves.dispersion):
        assert np.isfinite(figure).all()
    assert (curves.rate >= 0).all()
    assert (curves.scale > 0).all()
    amounts = np.full(curves.rate.shape[1], response.median_line)
    assert np.isfinite(curves.results(amounts)).all()


HARD = {
    "constant columns": usual(post="a", channel="f", audience="x", spend=10.0),
    "the same result in every row": usual(**{"results:lead": 3}),
    "one row": usual().head(1),
    "one day": usual(1),
    "no result at all": usual(**{"results:lead": 0}),
    "one result": usual(**{"results:lead": 0}).assign(**{"results:lead": [1] + [0] * 167}),
    "a single channel": usual(channel="f"),
    "a thousand million results": usual(**{"results:lead": 10**9}),
    "money of 1e-9": usual().assign(spend=1e-9),
    "money of 1e12": usual().assign(spend=lambda t: t["spend"] * 1e12),
    "one giant post": usual().assign(spend=[1e9] + [1.0] * 167),
    "most rows without money": usual().assign(spend=[5.0] + [0.0] * 167),
    "each post seen once": usual().assign(post=[f"p{i}" for i in range(168)]),
    "a row of a year": usual().assign(days=[365] + [1] * 167),
}


@pytest.mark.parametrize("rows", HARD.values(), ids=HARD.keys())
def test_a_hard_history_gets_a_finite_answer(rows):
    assert_sensible(fit(read_history(rows, currency="EUR")))


@pytest.mark.parametrize("rows", HARD.values(), ids=HARD.keys())
def test_a_hard_history_in_tables_that_overlap_gets_a_finite_answer(rows):
    figures = ["spend", "results:lead"]
    keys = ["date", *(["days"] if "days" in rows else [])]
    tables = [
        rows.groupby([*keys, d], as_index=False)[figures].sum() for d in ("post", "channel", "audience")
    ]
    history = read_history(*tables, currency="EUR")
    assert history.rows["spend"].sum() == pytest.approx(rows["spend"].sum(), rel=1e-9)
    assert_sensible(fit(history))


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1e3, 1e6])
def test_another_unit_of_money_gives_the_same_answer_in_overlapping_tables(unit):
    rows = usual()
    answers = []
    for factor in (1.0, unit):
        scaled = rows.assign(spend=rows["spend"] * factor)
        tables = [
            scaled.groupby(["date", d], as_index=False)[["spend", "results:lead"]].sum()
            for d in ("post", "channel")
        ]
        curves = curves_of(fit(read_history(*tables, currency="EUR")))
        answers.append(curves.results(np.full(curves.rate.shape[1], 20.0 * factor)).mean(axis=2))
    np.testing.assert_allclose(answers[0], answers[1], rtol=1e-6)


def test_results_without_spend_are_counted_and_named():
    free = usual(2, post="z").assign(spend=0.0)
    response = fit(read_history(pd.concat([usual(), free]), currency="EUR"))
    said = [str(w) for w in response.warnings if "no money stands beside" in str(w)]
    assert len(said) == 1
    assert f"{free['results:lead'].sum()} results" in said[0]


def test_without_any_spend_it_is_refused():
    with pytest.raises(InputError, match="both money and results"):
        fit(read_history(usual().assign(spend=0.0), currency="EUR"))


@pytest.mark.parametrize("missing", ["date", "spend"])
def test_a_table_without_dates_or_money_is_refused_with_the_column(missing):
    with pytest.raises(InputError) as caught:
        read_history(usual().drop(columns=missing), currency="EUR")
    assert missing in " ".join(f"{p.column} {p.message} {p.remedy}" for p in caught.value.problems)


def test_a_table_of_the_same_money_without_results_still_says_what_it_was_spread_over():
    rows = usual()
    ages = rows.groupby(["date", "audience"], as_index=False)[["spend"]].sum().assign(clicks=0)
    history = read_history(
        rows.groupby(["date", "post"], as_index=False)[["spend", "results:lead"]].sum(), ages, currency="EUR"
    )
    response = fit(history)
    assert response.names["audience"] == NAMES["audience"]
    assert_sensible(response)


def test_a_name_in_the_brief_that_nobody_saw_is_refused_by_overlapping_tables_too():
    from mediaplan.brief.rules import Share

    rows = usual()
    tables = [
        rows.groupby(["date", d], as_index=False)[["spend", "results:lead"]].sum()
        for d in ("post", "channel")
    ]
    response = fit(read_history(*tables, currency="EUR"))
    brief = Brief(
        budget=100, currency="EUR", start="2026-10-12", days=7, rules=(Share(channel="tiktok", at_least=0.2),)
    )
    with pytest.raises(InputError, match="tiktok"):
        plan(brief, response)


MONEY = st.one_of(st.just(0.0), st.floats(1e-9, 1e9), st.integers(0, 10**6).map(float))
COUNT = st.one_of(st.just(0), st.integers(0, 50), st.just(10**9))
ROW = st.fixed_dictionaries(
    {
        "date": st.dates(pd.Timestamp("2026-08-01").date(), pd.Timestamp("2026-10-01").date()).map(str),
        "days": st.sampled_from([1, 1, 7, 30]),
        **{d: st.sampled_from(NAMES[d]) for d in DIMENSIONS},
        "spend": MONEY,
        "clicks": COUNT,
        "results:lead": COUNT,
    }
)
TABLES = st.lists(st.sets(st.sampled_from(DIMENSIONS), max_size=3), min_size=1, max_size=4)


def planned(tables: list[pd.DataFrame], delay: float | None):
    """History, response and plan, or the refusal."""
    try:
        history = read_history(*tables, currency="EUR")
        response = fit(history, kinds=("lead",), delay=delay)
        brief = Brief(budget=100, currency="EUR", start="2026-12-01", days=7, goal=MostResults(type="lead"))
        return history, response, plan(brief, response)
    except MediaplanError as error:
        return error


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.lists(ROW, min_size=1, max_size=12), TABLES, st.sampled_from([None, 0.0, 2.5]))
def test_any_rows_in_any_tables_give_a_plan_or_a_clear_refusal(rows, tables, delay):
    whole = pd.DataFrame(rows)
    figures = ["spend", "clicks", "results:lead"]
    answer = planned(
        [whole.groupby(["date", "days", *sorted(by)], as_index=False)[figures].sum() for by in tables], delay
    )
    if isinstance(answer, MediaplanError):
        assert all(str(problem.message) and str(problem.remedy) for problem in answer.problems)
        return
    history, response, made = answer
    assert history.rows["spend"].sum() == pytest.approx(whole["spend"].sum(), rel=1e-6)
    assert_sensible(response)
    assert np.isfinite(made.totals.results.mean)


def test_prices_of_sizes_far_apart_still_make_a_plan():
    """A thousand million results for a few cents beside much money for none."""
    rows = pd.DataFrame(
        [
            {"date": "2026-08-01", "post": "a", "audience": "x", "spend": 366911.0, "results:lead": 0},
            {"date": "2026-09-01", "post": "a", "audience": "x", "spend": 0.0625, "results:lead": 10**9},
            {"date": "2026-08-01", "post": "a", "audience": "y", "spend": 0.0, "results:lead": 0},
        ]
    )
    answer = planned([rows], None)
    assert not isinstance(answer, MediaplanError)
    assert answer[2].spent.minor + answer[2].unspent.minor == 10_000


def test_a_cent_beside_rows_without_money_is_money_and_no_sum_of_theirs():
    rows = pd.DataFrame(
        {"date": ["2026-09-01"] * 2, "channel": ["f", None], "spend": [0.0, 0.01], "results:lead": [0, 0]}
    )
    assert read_history(rows, currency="EUR").rows["spend"].sum() == pytest.approx(0.01)
