"""Tables of the same money whose amounts tell which lines there were: put together, and counts shared out to them."""

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
from mediaplan.response.rows.arrays import rows_until, table_of
from mediaplan.response.rows.crossing import Crossed, crossed
from mediaplan.response.rows.naming import collect, place
from mediaplan.response.rows.raking import Margin, Sums
from mediaplan.slots import Slots

FIGURES = ["spend", "clicks", "results:lead"]
BY_POST = (("post", "channel"), ("post", "audience"), ("post", "slot"))
ONE_WAY = (("post",), ("channel",), ("audience",))


@cache
def truth(seed: int = 1, weeks: int = 10, digits: int = 2) -> pd.DataFrame:
    """Crossed rows in which each post has money on five of 60 lines a week; post p0 does well on channel c0 only."""
    random = np.random.default_rng(seed)
    rows = []
    for week, post in itertools.product(range(weeks), range(6)):
        for at in random.choice(60, 5, replace=False):
            channel, audience, slot = np.unravel_index(at, (4, 5, 3))
            rows.append((week, post, channel, audience, slot))
    week, post, channel, audience, slot = np.array(rows).T
    spend = np.round(random.gamma(0.6, 60.0 * 10.0 ** (2 - digits), len(rows)) + 1.0, digits)
    effect = 0.3 * (channel - 1.5) - 0.2 * (audience - 2) + 1.2 * ((post == 0) & (channel == 0))
    leads = random.poisson(0.5 * spend * 10.0 ** (digits - 2) * np.exp(effect))
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2026-09-07") + pd.to_timedelta(7 * week, unit="D"),
            "days": 7,
            "post": [f"p{i}" for i in post],
            "channel": [f"c{i}" for i in channel],
            "audience": [f"a{i}" for i in audience],
            "slot": [f"s{i}" for i in slot],
            "spend": spend,
            "clicks": 8.0 * leads,
            "results:lead": leads.astype(float),
        }
    )


def table(by: tuple[str, ...], rows: pd.DataFrame | None = None) -> pd.DataFrame:
    rows = truth() if rows is None else rows
    sums = rows.groupby(["date", "days", *by], as_index=False)[FIGURES].sum()
    return sums.assign(spend=sums["spend"].round(2))


def put_together(history: History, unit: float = 100.0) -> Crossed:
    rows, source, sources, _ = rows_until(history, history.last)
    placed = place(rows, Slots(), history.currency)
    return crossed(table_of(rows, source, sources, placed, collect(rows, placed, None, None)), unit)


def read(*tables: pd.DataFrame, currency: str = "EUR") -> History:
    return read_history(*tables, currency=currency)


def labelled(whole: Crossed) -> pd.DataFrame:
    """The rows of the table that the fit takes, with names."""
    names = {
        d: np.array([*whole.told.names.taught[d], ""], dtype=object)[whole.table.codes[d]] for d in DIMENSIONS
    }
    return pd.DataFrame({"start": whole.table.start, **names, "spend": whole.table.spend})


def recovered(whole: Crossed, rows: pd.DataFrame, by: list[str]) -> float:
    """Part of the true money that stands on its true line."""
    start = (rows["date"] - pd.Timestamp(0)) // pd.Timedelta(days=1)
    true = rows.assign(start=start.astype(float)).groupby(["start", *by])["spend"].sum()
    found = labelled(whole).groupby(["start", *by])["spend"].sum().reindex(true.index, fill_value=0.0)
    return float(np.minimum(true, found).sum() / true.sum())


def expected(response, amount: float = 20.0) -> np.ndarray:
    lines = crossed_lines(response)
    return response.curves(lines).results(np.full(len(lines), amount))[0].mean(axis=1)


def crossed_lines(response) -> Lines:
    choices = [range(len(response.names[d])) or (-1,) for d in DIMENSIONS]
    codes = np.array(list(itertools.product(*choices)), dtype=np.int32)
    start = np.full(len(codes), np.datetime64("2026-11-16"))
    days = np.full(len(codes), 7, dtype=np.int32)
    return Lines(response.names, {d: codes[:, i] for i, d in enumerate(DIMENSIONS)}, start, days)


@cache
def fits() -> tuple:
    """Fitted to the crossed table, and to three tables by post."""
    return fit(read(truth()), kinds=("lead",)), fit(read(*(table(by) for by in BY_POST)), kinds=("lead",))


def test_amounts_tell_the_lines_of_tables_that_share_the_post():
    whole = put_together(read(*(table(by) for by in BY_POST)))
    assert recovered(whole, truth(), list(DIMENSIONS)) > 0.75


def test_tables_that_share_names_in_a_ring_are_put_together():
    ring = (("post", "channel"), ("channel", "audience"), ("post", "audience"))
    whole = put_together(read(*(table(by) for by in ring)))
    assert recovered(whole, truth(), ["post", "channel", "audience"]) > 0.85


@pytest.mark.parametrize("digits", [0, 2])
def test_the_money_of_every_row_of_every_table_is_kept(digits):
    rows = truth(2, 6, digits)
    currency = {0: "XOF", 2: "EUR"}[digits]
    history = read(*(table(by, rows) for by in BY_POST), currency=currency)
    whole = put_together(history, 10.0**digits)
    assert len(whole.crossings) == 1
    found = labelled(whole).assign(spend=whole.table.spend)
    for by in BY_POST:
        told = table(by, rows)
        told["start"] = ((told["date"] - pd.Timestamp(0)) // pd.Timedelta(days=1)).astype(float)
        sums = found.groupby(["start", *by])["spend"].sum().reindex(told.set_index(["start", *by]).index)
        # each line taken may leave a unit and a half that rounding put there
        np.testing.assert_allclose(sums, told["spend"], atol=10 * 10.0**-digits)
    assert found["spend"].sum() == pytest.approx(rows["spend"].sum())


@pytest.mark.parametrize("tables", [ONE_WAY, (("channel",), ("audience",), ("slot",))])
def test_tables_that_share_but_the_date_are_not_put_together(tables):
    assert put_together(read(*(table(by) for by in tables))).crossings == ()


def test_where_every_line_has_money_amounts_tell_nothing():
    random = np.random.default_rng(1)
    grid = pd.DataFrame(
        list(itertools.product(range(8), range(3), range(3), range(4))),
        columns=["week", "post", "channel", "audience"],
    )
    rows = pd.DataFrame({d: d[0] + grid[d].astype(str) for d in ("post", "channel", "audience")})
    rows["date"] = pd.Timestamp("2026-09-07") + pd.to_timedelta(7 * grid["week"], unit="D")
    rows = rows.assign(days=7, spend=np.round(random.gamma(4.0, 5.0, len(rows)), 2), clicks=1.0)
    rows["results:lead"] = 1.0
    assert (
        put_together(read(table(("post", "channel"), rows), table(("post", "audience"), rows))).crossings
        == ()
    )


def test_amounts_that_are_all_alike_tell_nothing():
    rows = truth().assign(spend=10.0)
    whole = put_together(read(*(table(by, rows) for by in BY_POST)))
    assert whole.crossings == ()


def test_a_crossed_table_beside_its_own_sums_is_fitted_as_if_alone():
    beside = fit(read(truth(), table(("post", "channel")), table(("post", "audience"))), kinds=("lead",))
    np.testing.assert_allclose(expected(fits()[0]), expected(beside), rtol=1e-9)


@pytest.mark.parametrize("order", [(1, 2, 0), (2, 1, 0)])
def test_the_order_of_the_files_and_of_their_rows_changes_nothing(order):
    mixed = [table(BY_POST[at]).sample(frac=1.0, random_state=at) for at in order]
    other = fit(read(*mixed), kinds=("lead",))
    assert other.digest == fits()[1].digest
    np.testing.assert_array_equal(expected(fits()[1]), expected(other))


def test_three_tables_teach_nearly_what_the_crossed_table_teaches():
    whole, parts = (np.log(expected(response)) for response in fits())
    assert np.corrcoef(whole, parts)[0, 1] > 0.9
    assert abs((whole - parts).mean()) < 0.15


def test_a_pair_that_does_well_is_found_from_tables_that_do_not_cross_it_with_audiences():
    lines = crossed_lines(fits()[1])
    logs = pd.Series(np.log(expected(fits()[1])))
    post, best = lines.labels("post"), lines.labels("channel") == "c0"
    beside = logs[best].groupby(post[best]).mean() - logs[~best].groupby(post[~best]).mean()
    assert beside["p0"] - beside.drop("p0").mean() > 0.6


def test_not_to_know_the_lines_widens_what_is_said_of_them():
    spread = [np.log(r.curves(crossed_lines(r)).rate[0]).std(axis=1).mean() for r in fits()]
    assert spread[1] > spread[0]


def test_lines_that_may_be_bought_again_are_those_that_were_found():
    crossed_table, parts = fits()
    assert len(crossed_table.seen) < len(parts.seen) < len(crossed_lines(parts))


def test_a_table_by_day_and_one_by_week_are_put_together_by_week():
    days = pd.concat(
        [truth().assign(date=truth()["date"] + pd.Timedelta(days=d), days=1) for d in range(7)],
        ignore_index=True,
    )
    days[FIGURES] = days[FIGURES] / 7.0
    whole = put_together(read(table(("post", "channel"), days), table(("post", "audience"))))
    assert whole.table.spend.sum() == pytest.approx(truth()["spend"].sum(), rel=1e-3)
    response = fit(read(table(("post", "channel"), days), table(("post", "audience"))), kinds=("lead",))
    assert np.isfinite(expected(response)).all()


def test_tables_that_contradict_each_other_are_left_as_they_are():
    ring = [table(("post", "channel")), table(("channel", "audience")), table(("post", "audience"))]
    odd = ring[1].assign(channel=ring[1]["channel"].map({"c0": "c1", "c1": "c0"}).fillna(ring[1]["channel"]))
    history = read(ring[0], odd, ring[2])
    assert len(put_together(history).crossings) <= 1
    response = fit(history, kinds=("lead",))
    assert np.isfinite(expected(response)).all()


@pytest.mark.parametrize("blank", [np.nan, 0.0])
def test_results_that_one_table_does_not_tell_are_taken_from_the_others(blank):
    silent = table(("post", "slot")).assign(**{"results:lead": blank})
    response = fit(read(table(("post", "channel")), table(("post", "audience")), silent), kinds=("lead",))
    assert response.names["slot"] == ("s0", "s1", "s2")
    whole = np.log(expected(fits()[0]))
    assert np.corrcoef(whole, np.log(expected(response)))[0, 1] > 0.8


def two_by_two(chance: float = 1.0) -> Sums:
    row = np.arange(4)
    rows = Margin(row, np.array([0, 0, 1, 1]), np.array([30.0, 70.0]), frozenset({"post"}))
    columns = Margin(row, np.array([0, 1, 0, 1]), np.array([40.0, 60.0]), frozenset({"channel"}))
    return Sums((rows, columns), row, np.full(4, chance))


def test_counts_are_shared_out_so_that_all_sums_hold():
    # equal means: the counts are those of independence, 30 · 40 / 100 and so on
    shared = two_by_two().raked(np.full(4, 25.0), np.zeros(4), 1.0)
    np.testing.assert_allclose(shared, [12.0, 18.0, 28.0, 42.0])
    # the odds ratio of the means is kept
    odd = two_by_two().raked(np.array([40.0, 20.0, 20.0, 20.0]), np.zeros(4), 1.0)
    np.testing.assert_allclose([odd[:2].sum(), odd[0] + odd[2]], [30.0, 40.0], rtol=1e-3)
    assert odd[0] * odd[3] / (odd[1] * odd[2]) == pytest.approx(2.0)


def test_sums_of_a_line_that_may_not_be_one_count_with_its_chance():
    half = two_by_two(0.5).raked(np.full(4, 25.0), np.zeros(4), 1.0)
    np.testing.assert_allclose(half, (25.0 + np.array([12.0, 18.0, 28.0, 42.0])) / 2.0)


def test_a_count_far_from_all_that_could_be_is_not_believed():
    far = Sums(
        (Margin(np.array([0]), np.array([0]), np.array([1000.0]), frozenset()),), np.array([0]), np.ones(1)
    )
    assert far.raked(np.array([4.0, 7.0]), np.array([0.0, 9.0]), 0.0).tolist() == [4.0 + 3.0 * 2.0, 9.0]


def test_a_line_alone_in_its_row_is_counted_and_one_of_many_is_not():
    sums = Sums(
        (Margin(np.arange(3), np.array([0, 1, 1]), np.array([5.0, 9.0]), frozenset()),),
        np.arange(3),
        np.ones(3),
    )
    np.testing.assert_allclose(sums.told(np.array([4.0, 1.0, 3.0, 8.0])), [1.0, 0.25, 0.75, 1.0])
