"""Looking back where several tables tell of the same money: all that stood then teaches and foretells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediaplan.history.reading.reading import read_history
from mediaplan.response.curves import Curves, realised
from mediaplan.response.looking_back.backtest import backtest
from mediaplan.response.looking_back.foreseen import Measure, foresee
from mediaplan.response.looking_back.origins import origins
from mediaplan.response.rows.spreading import MOST_PARTS, Money, spread_over
from mediaplan.slots import Slots

RATES = {"keen": 0.8, "cool": 0.1}
WEEKS = 8


def crossed(last: float) -> pd.DataFrame:
    """Two posts, two audiences, two months; in the last week this part of the money is for those who are keen."""
    random = np.random.default_rng(5)
    rows = []
    for week in range(WEEKS):
        keen = last if week == WEEKS - 1 else (0.3, 0.7, 0.5)[week % 3]
        for post, more in (("p", 1.0), ("q", 1.3)):
            # amounts of which none tells its line
            money = 100.0 + 10.0 * random.integers(0, 4)
            for audience, share in (("keen", keen), ("cool", 1.0 - keen)):
                spend = round(money * share, 2)
                day = pd.Timestamp("2026-09-07") + pd.Timedelta(days=7 * week)
                results = random.poisson(spend * RATES[audience] * more)
                rows.append(
                    {"date": day, "days": 7, "post": post, "audience": audience, "spend": spend}
                    | {"results:lead": results}
                )
    return pd.DataFrame(rows)


def table(rows, *by):
    return rows.groupby(["date", "days", *by], as_index=False)[["spend", "results:lead"]].sum()


def weeks(history):
    about = {"posts": None, "audiences": None, "slots": Slots(), "seed": 1}
    found = origins(history, Slots(), [("lead",)], None)
    return found, [foresee(origin, [Measure("lead", ("lead",))], **about)[0] for origin in found]


def test_a_week_for_those_who_are_keen_is_foretold_by_the_table_that_tells_them_apart():
    rows = crossed(last=0.95)
    alone = read_history(table(rows, "post"), currency="EUR")
    both = read_history(table(rows, "post"), table(rows, "audience"), currency="EUR")
    assert len(both.others) == 1
    blind, seeing = (weeks(history)[1][-1] for history in (alone, both))
    came = rows[rows["date"] == rows["date"].max()]["results:lead"].sum()
    assert blind.actual.sum() == seeing.actual.sum() == came
    # what went on before says nothing of a week for the keen; the model doubts that so much money brings as much as ever
    assert blind.model.sum() < 0.5 * came
    assert 1.2 * blind.model.sum() < seeing.model.sum() < came


def test_what_is_bought_is_told_and_nothing_of_what_came_of_it():
    rows = crossed(last=0.95)
    later = rows["date"] == rows["date"].max()
    more = rows.assign(**{"results:lead": rows["results:lead"] * np.where(later, 7, 1)})
    told = [
        weeks(read_history(table(each, "post"), table(each, "audience"), currency="EUR"))[1][-1]
        for each in (rows, more)
    ]
    np.testing.assert_array_equal(told[0].model, told[1].model)
    assert told[1].actual.sum() == 7 * told[0].actual.sum()


def test_of_each_table_only_the_rows_that_were_over_teach():
    rows = crossed(last=0.95)
    history = read_history(table(rows, "post"), table(rows, "audience"), currency="EUR")
    for origin in weeks(history)[0]:
        for known in (origin.past.rows, *origin.past.others):
            paid = known[known["spend"] > 0]
            assert (paid["date"] + pd.to_timedelta(paid["days"] - 1, unit="D")).max() < pd.Timestamp(
                origin.start
            )
            assert known[known["spend"] == 0]["results:lead"].isna().all()
        (beside,) = origin.beside
        assert beside["spend"].sum() == pytest.approx(origin.bought["spend"].sum())


def test_an_audience_that_begins_in_the_week_is_foretold_as_one_that_is_new():
    rows = crossed(last=0.5)
    rows.loc[(rows["date"] == rows["date"].max()) & (rows["audience"] == "cool"), "audience"] = "new"
    found = backtest(read_history(table(rows, "post"), table(rows, "audience"), currency="EUR"))
    (judged,) = found.judgements
    assert all(np.isfinite([week.expected, *sum(week.intervals, ())]).all() for week in judged.weeks)


def test_the_same_money_told_crossed_and_by_its_sums_is_looked_back_on_alike():
    rows = crossed(last=0.6)
    one = weeks(read_history(rows, currency="EUR"))[1]
    sums = weeks(read_history(table(rows, "post"), table(rows, "audience"), currency="EUR"))[1]
    for whole, summed in zip(one, sums, strict=True):
        assert whole.spend.sum() == pytest.approx(summed.spend.sum())
        assert whole.actual.sum() == summed.actual.sum()
        assert summed.model.sum() == pytest.approx(whole.model.sum(), rel=0.15)


# ---- spreading ----


def money(codes, spend, group=0):
    return Money(
        np.array(codes, dtype=np.int32),
        np.full(len(spend), group, dtype=np.int32),
        np.array(spend, dtype=np.float64),
    )


def test_a_row_is_spread_as_the_table_tells_that_shares_its_names():
    posts = money([[0, -1, -1, -1], [1, -1, -1, -1]], [60.0, 40.0])
    channels = money([[-1, 0, -1, -1], [-1, 1, -1, -1]], [75.0, 25.0])
    of_post = money([[0, -1, 0, -1], [1, -1, 0, -1], [1, -1, 1, -1]], [60.0, 10.0, 30.0])
    found = spread_over(posts, [channels, of_post])
    parts = sorted(
        zip(found.of.tolist(), map(tuple, found.codes.tolist()), found.share.tolist(), strict=True)
    )
    assert parts == [
        (0, (0, 0, 0, -1), 0.75),
        (0, (0, 1, 0, -1), 0.25),
        (1, (1, 0, 0, -1), pytest.approx(0.75 * 0.25)),
        (1, (1, 0, 1, -1), pytest.approx(0.75 * 0.75)),
        (1, (1, 1, 0, -1), pytest.approx(0.25 * 0.25)),
        (1, (1, 1, 1, -1), pytest.approx(0.25 * 0.75)),
    ]
    # as many as even shares would be, half-way: 1 / (.75² + .25²) names of one kind, of the second post as many again
    assert found.lines == pytest.approx([np.sqrt(1.6), 1.6])


def test_money_of_another_group_is_left_alone():
    posts = Money(
        np.array([[0, -1, -1, -1], [1, 5, 5, 5]], dtype=np.int32),
        np.array([0, 1], dtype=np.int32),
        np.ones(2),
    )
    found = spread_over(posts, [money([[-1, 0, -1, -1], [-1, 1, -1, -1]], [1.0, 1.0])])
    assert found.codes[found.of == 1].tolist() == [[1, 5, 5, 5]]
    assert (found.of == 0).sum() == 2


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_shares_add_up_and_no_row_is_cut_into_more_parts_than_may_be(channels, audiences, seed):
    random = np.random.default_rng(seed)
    posts = money([[0, -1, -1, -1], [1, -1, -1, -1]], random.random(2) + 0.1)
    by_channel = money([[-1, at, -1, -1] for at in range(channels)], random.random(channels) + 0.01)
    by_audience = money([[-1, -1, at, -1] for at in range(audiences)], random.random(audiences) + 0.01)
    found = spread_over(posts, [by_channel, by_audience])
    assert np.bincount(found.of, found.share) == pytest.approx(np.ones(2))
    assert np.bincount(found.of).max() == min(channels * audiences, MOST_PARTS)
    assert (found.lines >= 1).all()
    assert found.first.tolist() == [0, int((found.of == 0).sum())]


def test_lines_that_are_counted_together_vary_like_one_count():
    even = np.ones((1, 4, 50))
    curves = Curves(("lead",), even, 1e9 * even, np.array([0.2]), np.ones(4), np.ones(4, dtype=bool))
    drawn = realised(curves, np.array([30.0, 20.0, 50.0, 100.0]), 1, 200, np.array([0, 3]))
    assert drawn.shape == (1, 2, 10_000)
    # a count of mean 100 varies by 100 + 0.2 · 100²
    assert drawn[0].mean(axis=1) == pytest.approx([100, 100], rel=0.02)
    assert drawn[0].var(axis=1) == pytest.approx([2100, 2100], rel=0.06)
