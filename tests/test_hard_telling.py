"""Histories at the edge of sense, all the way: plan, diagnosis and looking back tell numbers or refuse clearly."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_hard_histories import HARD, NAMES

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostResults
from mediaplan.errors import MediaplanError
from mediaplan.history.reading.reading import read_history
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.planning.asking.looking_back import look_back
from mediaplan.planning.making import plan
from mediaplan.report.diagnosis_page import diagnosis_page
from mediaplan.response.diagnosis.diagnosing import diagnose
from mediaplan.response.fitting import fit
from mediaplan.words import Words

WORDS = Words("en")


def answered(asked: Callable[[], Any]) -> Any:
    """What comes, or `None` where it is refused with words on what to do."""
    try:
        return asked()
    except MediaplanError as error:
        problems = error.problems
    assert problems
    assert all(str(problem.message) and str(problem.remedy) for problem in problems)
    return None


def document(told: Callable[[], dict]) -> dict | None:
    """A document without NaN or infinity, or `None` where it is refused."""
    found = answered(told)
    return None if found is None else json.loads(json.dumps(found, allow_nan=False))


def repeated(table: pd.DataFrame) -> float:
    """The money of rows that name nothing and repeat the others: the reader says that it leaves it out."""
    told = read_history(table, currency="EUR").warnings
    return sum(said.values["amount"] for said in told if "sum rows" in said.template)


def planned(response, budget: float = 100) -> dict:
    brief = Brief(budget=budget, currency="EUR", start="2026-12-01", days=7, goal=MostResults(type="lead"))
    return plan(brief, response).to_dict("en")


def all_told(history) -> None:
    response = fit(history, kinds=("lead",))
    made = document(lambda: planned(response))
    assert isinstance(made, dict)
    assert sum(float(line["amount"]) for line in made["lines"]) == pytest.approx(float(made["spent"]))
    found = diagnose(response)
    assert isinstance(document(lambda: found.to_dict("en")), dict)
    assert "nan" not in diagnosis_page(found, WORDS).lower().replace("nano", "")
    document(lambda: look_back(history, None, None).to_dict(WORDS))


@pytest.mark.parametrize("rows", HARD.values(), ids=HARD.keys())
def test_a_hard_history_is_planned_diagnosed_and_looked_back_on(rows):
    all_told(read_history(rows, currency="EUR"))


@pytest.mark.parametrize(
    "name", ["one row", "no result at all", "one giant post", "a thousand million results"]
)
def test_so_it_is_in_tables_that_overlap(name):
    rows = HARD[name]
    figures = ["spend", "results:lead"]
    tables = [
        rows.groupby(["date", d], as_index=False)[figures].sum() for d in ("post", "channel", "audience")
    ]
    all_told(read_history(*tables, currency="EUR"))


@pytest.mark.parametrize("unit", [1e-2, 1e6])
def test_with_an_older_export_too(unit):
    rows = HARD["constant columns"].assign(spend=lambda t: t["spend"] * unit)
    older = rows[rows["date"] < "2026-09-25"]
    older = older.assign(**{"results:lead": (older["results:lead"] * 0.5).astype(int)})
    history = read_history(older, rows, currency="EUR")
    assert history.rows["spend"].sum() == pytest.approx(rows["spend"].sum())
    all_told(history)


# ---- any rows ----

MAYBE = st.none()
ROW = st.fixed_dictionaries(
    {
        "date": st.dates(pd.Timestamp("2026-09-01").date(), pd.Timestamp("2026-10-12").date()).map(str),
        "days": st.sampled_from([1, 1, 7]),
        **{d: MAYBE | st.sampled_from(NAMES[d]) for d in DIMENSIONS},
        "spend": st.one_of(st.just(0.0), st.floats(0.01, 1e3), st.just(1e9)),
        "impressions": MAYBE | st.integers(0, 10**6),
        "clicks": MAYBE | st.integers(0, 500),
        "results:lead": MAYBE | st.one_of(st.just(0), st.integers(0, 50), st.just(10**9)),
    }
)


TOTAL_AND_ITS_PART = [
    {"date": "2026-09-01", "days": 1, "spend": spend, "results:lead": None}
    | dict.fromkeys(DIMENSIONS)
    | named
    for spend, named in ((0.0, {}), (1e9, {}), (1e9, {"slot": "am"}))
]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.lists(ROW, min_size=1, max_size=14), st.booleans())
@example(TOTAL_AND_ITS_PART, False)
def test_any_rows_are_told_in_numbers_or_refused_clearly_and_no_money_is_lost_in_silence(rows, twice):
    table = pd.DataFrame(rows).astype(dict.fromkeys(DIMENSIONS, "object"))
    older = table.assign(**{"results:lead": pd.to_numeric(table["results:lead"]) // 2})
    later = pd.concat([table, table.tail(1).assign(date="2026-10-25")], ignore_index=True)
    history = answered(lambda: read_history(*((older, later) if twice else (table,)), currency="EUR"))
    if history is None:
        return
    known = later if twice else table
    money = known["spend"].sum() - repeated(known)
    assert history.rows["spend"].sum() == pytest.approx(money)
    response = answered(lambda: fit(history, kinds=("lead",)))
    if response is None:
        return
    assert response.past.spend.sum() == pytest.approx(money)
    document(lambda: planned(response))
    found = diagnose(response)
    assert isinstance(document(lambda: found.to_dict("en")), dict)
    assert np.isfinite(
        [f.times.mean for each in found.findings for e in each.effects for f in e.factors]
    ).all()
    document(lambda: look_back(history, None, None).to_dict(WORDS))
