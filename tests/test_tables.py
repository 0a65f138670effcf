"""Several tables of the same money, fitted together: each teaches what it breaks down, and nothing counts twice."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pandas as pd
import pytest

from mediaplan.history.reading.reading import read_history
from mediaplan.history.records.records import DIMENSIONS, History
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.response.rows.tables import joined

NAMES = {
    "post": ("p0", "p1", "p2"),
    "channel": ("c0", "c1"),
    "audience": ("a0", "a1", "a2"),
    "slot": ("s0", "s1"),
}
EFFECTS = {
    "post": (-0.5, 0.0, 0.5),
    "channel": (-0.6, 0.6),
    "audience": (0.4, -0.4, 0.0),
    "slot": (0.3, -0.3),
}
FIGURES = ["spend", "impressions", "clicks", "results:lead"]


@cache
def truth(seed: int = 1, weeks: int = 10) -> pd.DataFrame:
    """Crossed rows of a world without interactions, in which every line has money of its own every week."""
    random = np.random.default_rng(seed)
    grid = list(itertools.product(range(weeks), *(range(len(NAMES[d])) for d in DIMENSIONS)))
    week, *codes = np.array(grid).T
    effect = sum(np.array(EFFECTS[d])[code] for d, code in zip(DIMENSIONS, codes, strict=True))
    spend = np.round(random.gamma(4.0, 5.0, len(week)), 2)
    rows = {d: np.array(NAMES[d])[code] for d, code in zip(DIMENSIONS, codes, strict=True)}
    clicks = random.poisson(5.0 * spend * np.exp(effect))
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2026-09-07") + pd.to_timedelta(7 * week, unit="D"),
            "days": 7,
            **rows,
            "spend": spend,
            "impressions": np.round(spend * 200.0),
            "clicks": clicks,
            "results:lead": random.poisson(0.5 * spend * np.exp(effect)),
        }
    )


def table(*by: str, figures: tuple[str, ...] = tuple(FIGURES)) -> pd.DataFrame:
    return truth().groupby(["date", "days", *by], as_index=False)[list(figures)].sum()


def fitted(*tables: pd.DataFrame, **more):
    return fit(read_history(*tables, currency="EUR"), kinds=("lead",), **more)


def crossed(response) -> Lines:
    choices = [range(len(response.names[d])) or (-1,) for d in DIMENSIONS]
    codes = np.array(list(itertools.product(*choices)), dtype=np.int32)
    by = {d: codes[:, i] for i, d in enumerate(DIMENSIONS)}
    n = len(codes)
    start = np.full(n, np.datetime64("2026-11-16"))
    return Lines(response.names, by, start, np.full(n, 7, dtype=np.int32))


def expected(response, amount: float = 20.0) -> pd.DataFrame:
    """Expected leads of each line for the same money."""
    lines = crossed(response)
    mean = response.curves(lines).results(np.full(len(lines), amount))[0].mean(axis=1)
    return pd.DataFrame({d: lines.labels(d) for d in DIMENSIONS} | {"leads": mean})


def contrasts(response, dimension: str) -> np.ndarray:
    """Log of the leads of each name beside the mean of all."""
    logs = np.log(expected(response).groupby(dimension)["leads"].mean().to_numpy())
    return logs - logs.mean()


ONE_WAY = tuple((d,) for d in DIMENSIONS)


def test_from_one_way_tables_every_dimension_is_learnt():
    response = fitted(*(table(*by) for by in ONE_WAY))
    assert {d: response.names[d] for d in DIMENSIONS} == NAMES
    for dimension in DIMENSIONS:
        true = np.array(EFFECTS[dimension])
        np.testing.assert_allclose(contrasts(response, dimension), true - true.mean(), atol=0.12)


def test_told_of_the_usual_mix_one_way_tables_promise_what_the_past_brought():
    response = fitted(*(table(*by) for by in ONE_WAY))
    whole = truth()
    money = whole["spend"].sum()
    # a post's money is taken to be spread over half-way (as a ratio) between one and all of its 12 lines
    usual = money / len(whole) * np.sqrt(12.0)
    # and every pool of people is worn by what all its lines get
    lines = crossed(response)
    curves = response.curves(lines).measured_in(np.ones((1, len(lines))))
    kept = curves.kept(np.full(len(lines), money / len(whole)))
    promised = (expected(response, usual)["leads"] * kept).mean() / usual
    assert promised == pytest.approx(whole["results:lead"].sum() / money, rel=0.15)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3)))[1:])
def test_the_order_of_the_tables_changes_nothing(order):
    tables = [table("post"), table("channel"), table("audience")]
    one, other = fitted(*tables), fitted(*(tables[at] for at in order))
    assert one.digest == other.digest
    pd.testing.assert_frame_equal(expected(one), expected(other))


def test_a_table_that_tells_nothing_new_changes_nothing():
    alone = fitted(table("post", "channel"))
    beside = fitted(table("post", "channel"), table("channel"), table("post"))
    np.testing.assert_allclose(expected(alone)["leads"], expected(beside)["leads"], rtol=1e-9)


def test_what_other_tables_say_of_totals_is_not_counted_again():
    # the same contrasts, with totals that lack a part of the results: only contrasts may teach
    less = table("channel").assign(**{"results:lead": lambda t: (t["results:lead"] * 0.5).round()})
    one, other = fitted(table("post"), table("channel")), fitted(table("post"), less)
    np.testing.assert_allclose(expected(one)["leads"].mean(), expected(other)["leads"].mean(), rtol=0.1)
    np.testing.assert_allclose(contrasts(one, "channel"), contrasts(other, "channel"), atol=0.1)


def test_two_way_tables_teach_their_pairs():
    rows = truth()
    strong = (rows["channel"] == "c0") & (rows["post"] == "p0")
    rows = rows.assign(**{"results:lead": rows["results:lead"].where(~strong, rows["results:lead"] * 4)})
    by = [
        rows.groupby(["date", "days", *pair], as_index=False)[FIGURES].sum()
        for pair in (("post", "channel"), ("post", "audience"))
    ]
    leads = expected(fitted(*by)).groupby(["post", "channel"])["leads"].mean()
    usual = leads["p1", "c0"] / leads["p1", "c1"]
    assert leads["p0", "c0"] / leads["p0", "c1"] > 2.5 * usual


def test_hours_with_clicks_only_say_what_hours_cost():
    clicks_only = table("slot", figures=("spend", "impressions", "clicks"))
    response = fitted(table("post", "channel"), clicks_only)
    assert response.names["slot"] == NAMES["slot"]
    assert any("slot" in str(w) and "clicks" in str(w) for w in response.warnings)
    # clicks and leads follow the same effects here: the slope is learnt, the doubt stays
    assert np.diff(contrasts(response, "slot"))[0] == pytest.approx(-0.6, abs=0.15)
    lines = crossed(response)
    spread = np.log(response.curves(lines).rate[0]).std(axis=1)
    told = fitted(table("post", "channel"), table("slot"))
    assert spread.mean() > np.log(told.curves(crossed(told)).rate[0]).std(axis=1).mean()


def test_impressions_say_it_where_no_clicks_are_told():
    rows = table("slot", figures=("spend", "impressions"))
    rows["clicks"] = np.nan
    cheap = rows.assign(impressions=rows["impressions"] * np.where(rows["slot"] == "s1", 3.0, 1.0))
    response = fitted(table("post", "channel"), cheap)
    assert np.diff(contrasts(response, "slot"))[0] > 0.3
    assert any("impressions" in str(w) for w in response.warnings)


def test_lines_of_the_history_are_those_that_its_tables_allow():
    response = fitted(*(table(*by) for by in ONE_WAY))
    assert len(response.seen) == 3 * 2 * 3 * 2
    few = table("channel")
    lonely = fitted(table("post"), few[(few["channel"] == "c0") | (few["date"] < "2026-10-01")])
    assert len(lonely.seen) == 6
    curves = response.curves(crossed(response))
    assert curves.seen.all()
    most = min(table(*by)["spend"].max() for by in ONE_WAY)
    assert (curves.cover <= most + 1e-9).all()
    assert (curves.cover > 0).all()


def test_other_money_beside_overlapping_tables_keeps_its_own_totals():
    mine = [table("channel", "post"), table("channel", "audience")]
    other = table("channel", "post").assign(channel="radio").astype({"channel": "str"})
    history = read_history(*mine, other, currency="EUR")
    assert history.rows["spend"].sum() == pytest.approx(2 * truth()["spend"].sum())
    response = fit(history, kinds=("lead",))
    assert set(response.names["channel"]) == {"c0", "c1", "radio"}
    assert np.isfinite(expected(response)["leads"]).all()


def test_one_table_is_fitted_as_ever():
    history = read_history(truth(), currency="EUR")
    assert history.others == ()
    assert "group" not in history.rows
    again = History(history.rows.sample(frac=1.0, random_state=1).reset_index(drop=True), "EUR", ("lead",))
    one, other = fit(history, kinds=("lead",)), fit(again, kinds=("lead",))
    np.testing.assert_array_equal(expected(one)["leads"], expected(other)["leads"])


def test_intercepts_stand_for_each_week_and_shared_name():
    from mediaplan.response.rows.arrays import rows_until, table_of
    from mediaplan.response.rows.naming import collect, place
    from mediaplan.slots import Slots

    history = read_history(table("post", "channel"), table("post", "audience"), currency="EUR")
    rows, source, sources, _ = rows_until(history, history.last)
    placed = place(rows, Slots(), "EUR")
    money = table_of(rows, source, sources, placed, collect(rows, placed, None, None)).money
    joint = joined(money, money, sources)
    (codes,) = joint.intercepts.values()
    assert joint.sizes == {"again 0": 10 * 3}
    assert joint.carries.sum() == (codes < 0).sum() == 10 * 6 or joint.carries.sum() == 10 * 9
    for mix in joint.mixes:
        shares = np.bincount(mix.row, mix.share, len(joint.seen))
        np.testing.assert_allclose(shares[np.unique(mix.row)], 1.0)


@pytest.mark.parametrize("ways", [ONE_WAY, ONE_WAY[:3]])
def test_a_plan_from_one_way_tables_promises_as_much_as_the_past_brought_or_more(ways):
    """No table counts the people of one channel and audience together: what they wear must not be made up."""
    from mediaplan.brief.briefs import Brief
    from mediaplan.planning.making import plan

    whole = truth()
    weekly, leads = whole["spend"].sum() / 10, whole["results:lead"].sum() / 10
    response = fitted(*(table(*by) for by in ways))
    brief = Brief(budget=round(weekly), currency="EUR", start="2026-11-16", days=7)
    promised = plan(brief, response).totals.results.mean
    assert leads < promised < 4 * leads


def test_a_kind_that_tells_its_pools_goes_beside_one_that_does_not():
    """Leads by post, channel and audience; messages by post alone, with the channels and audiences apart."""
    rows = truth()
    crossed_rows = rows.groupby(["date", "days", "post", "channel", "audience"], as_index=False)[
        FIGURES
    ].sum()
    messages = rows.rename(columns={"results:lead": "results:message"})
    apart = [
        messages.groupby(["date", "days", d], as_index=False)[["spend", "results:message"]].sum()
        for d in ("post", "channel")
    ]
    response = fit(read_history(crossed_rows, *apart, currency="EUR"))
    lines = crossed(response)
    curves = response.curves(lines).measured_in(np.ones((2, len(lines))))
    assert response.kinds == ("lead", "message")
    kept = curves.kept(np.full(len(lines), 10.0))
    assert ((kept > 0.2) & (kept <= 1.0)).all()
