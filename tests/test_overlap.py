"""Several exports of the same money, in the shapes in which platforms give them."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from mediaplan.errors import InputError
from mediaplan.history.reading.reading import File, read_history

AGES = ("18-24", "25-34", "35-44")
PLACES = ("facebook/feed", "facebook/stories", "instagram/feed")


def money_of(days: int = 28, start: str = "2026-09-01", seed: int = 1) -> pd.DataFrame:
    """What really happened: money by date, age, placement and hour, in whole cents, with impressions and leads."""
    random = np.random.default_rng(seed)
    dates = pd.date_range(start, periods=days).strftime("%Y-%m-%d")
    rows = pd.MultiIndex.from_product(
        [dates, AGES, PLACES, (8, 13, 20)], names=["date", "audience", "channel", "hour"]
    )
    table = rows.to_frame(index=False)
    table["cents"] = random.integers(20, 200, len(table))
    table["impressions"] = table["cents"] * random.integers(2, 9, len(table))
    table["clicks"] = random.poisson(table["cents"] / 20)
    table["results:lead"] = random.poisson(table["cents"] / 150)
    return table


def export(table: pd.DataFrame, name: str, *by: str) -> File:
    """A file as the platform exports it: broken down by date and one thing."""
    summed = table.groupby(["date", *by], as_index=False)[
        ["cents", "impressions", "clicks", "results:lead"]
    ].sum()
    summed.insert(1, "spend", (summed.pop("cents") / 100).map("{:.2f}".format))
    return File(name, summed.to_csv(index=False).encode())


def read(*files: File):
    return read_history(*files, currency="EUR")


def spent(history) -> int:
    return round(history.rows["spend"].sum() * 100)


def test_an_age_file_a_placement_file_and_an_hour_file_are_one_money():
    truth = money_of()
    history = read(
        export(truth, "age.csv", "audience"),
        export(truth, "placement.csv", "channel"),
        export(truth, "hour.csv", "hour"),
    )
    assert spent(history) == truth["cents"].sum()
    assert history.rows["results:lead"].sum() == truth["results:lead"].sum()
    (said,) = map(str, history.warnings)
    assert all(name in said for name in ("age.csv", "placement.csv", "hour.csv"))


def test_a_file_of_the_whole_platform_and_one_of_its_placements_are_one_money():
    truth = money_of()
    facebook = truth[truth["channel"].str.startswith("facebook")]
    ages = export(facebook.assign(platform="facebook"), "age.csv", "platform", "audience")
    history = read_history(
        ages,
        export(facebook, "placement.csv", "channel"),
        currency="EUR",
        columns=({"file": "age*", "channel": "platform"},),
    )
    assert spent(history) == facebook["cents"].sum()


def test_files_by_week_of_several_breakdowns_are_put_together_and_counted_once():
    weeks = [money_of(7, f"2026-09-{day:02d}", day) for day in (1, 8, 15)]
    ages = [export(week, f"age{i}.csv", "audience") for i, week in enumerate(weeks)]
    history = read(*ages, export(pd.concat(weeks), "placement.csv", "channel"))
    assert spent(history) == sum(week["cents"].sum() for week in weeks)


def test_ages_hidden_for_few_people_are_still_the_same_money_and_both_totals_are_said():
    truth = money_of()
    shown = truth[~((truth["audience"] == "18-24") & (truth["date"] <= "2026-09-03"))]
    assert 0.95 < shown["cents"].sum() / truth["cents"].sum() < 0.99
    history = read(export(shown, "age.csv", "audience"), export(truth, "placement.csv", "channel"))
    assert spent(history) in (shown["cents"].sum(), truth["cents"].sum())
    (said,) = map(str, history.warnings)
    for table in (shown, truth):
        assert f"€{table['cents'].sum() / 100:,.2f}" in said


def test_the_same_days_with_other_totals_are_refused_with_both_files():
    truth = money_of()
    few = truth.assign(cents=truth["cents"] // 3)
    with pytest.raises(InputError) as caught:
        read(export(truth, "placement.csv", "channel"), export(few, "age.csv", "audience"))
    (problem,) = caught.value.problems
    assert problem.file == "age.csv"
    assert "placement.csv" in str(problem.message)
    assert "28" in str(problem.message)


def test_nearly_all_of_the_money_is_the_same_money_with_both_totals_said():
    truth = money_of()
    shown = truth[~((truth["audience"] == "18-24") & (truth["channel"] == "facebook/feed"))]
    assert 0.8 < shown["cents"].sum() / truth["cents"].sum() < 0.95
    history = read(export(truth, "placement.csv", "channel"), export(shown, "age.csv", "audience"))
    assert spent(history) in (shown["cents"].sum(), truth["cents"].sum())
    warning = next(said for said in map(str, history.warnings) if "misses a part" in said)
    for table, name in ((shown, "age.csv"), (truth, "placement.csv")):
        assert f"€{table['cents'].sum() / 100:,.2f}" in warning
        assert name in warning


@pytest.mark.parametrize("last", ["2026-09-05", "2026-09-16"])
def test_tables_of_partly_other_days_are_compared_on_the_days_that_both_cover(last):
    truth = money_of()
    ages = export(truth[truth["date"] <= last], "age.csv", "audience")
    history = read(ages, export(truth[truth["date"] > "2026-09-03"], "placement.csv", "channel"))
    assert spent(history) == truth["cents"].sum()
    again = sum(round(rows["spend"].sum() * 100) for rows in history.others)
    assert again == truth[(truth["date"] > "2026-09-03") & (truth["date"] <= last)]["cents"].sum()


def test_the_order_of_the_files_changes_nothing():
    truth = money_of()
    files = [export(truth, f"{by}.csv", by) for by in ("audience", "channel", "hour")]
    assert len({read(*order).digest for order in itertools.permutations(files)}) == 1


def test_a_table_of_clicks_beside_tables_of_leads_is_no_second_kind_of_result():
    truth = money_of()
    hours = truth.groupby(["date", "hour"], as_index=False)[["cents", "clicks"]].sum()
    hours = hours.assign(spend=hours.pop("cents") / 100)
    history = read_history(pd.DataFrame(hours), export(truth, "age.csv", "audience"), currency="EUR")
    assert history.kinds == ("lead",)
    assert history.rows["results:lead"].sum() == truth["results:lead"].sum()
    assert set(history.dimensions) == {"audience", "slot"}


def test_other_channels_and_other_days_are_other_money():
    first, second = money_of(), money_of(start="2026-10-01")
    by_age = export(first.assign(channel="tiktok"), "tiktok.csv", "channel", "audience")
    history = read(by_age, export(first, "meta.csv", "channel"), export(second, "later.csv", "hour"))
    assert spent(history) == 2 * first["cents"].sum() + second["cents"].sum()
    assert history.warnings == ()


def test_a_few_common_days_in_other_breakdowns_are_added_up_with_a_word():
    first, second = money_of(10), money_of(10, "2026-09-09", 2)
    history = read(export(first, "age.csv", "audience"), export(second, "place.csv", "channel"))
    assert spent(history) == first["cents"].sum() + second["cents"].sum()
    (said,) = map(str, history.warnings)
    assert "age.csv" in said
    assert "place.csv" in said
    assert "2" in said


class TestOverlappingExports:
    def test_the_newer_one_replaces_the_same_rows_because_results_arrive_late(self):
        truth = money_of(21)
        early = truth[truth["date"] <= "2026-09-14"].copy()
        early.loc[early["date"] > "2026-09-10", "results:lead"] = 0
        late = truth[truth["date"] >= "2026-09-08"]
        for order in ((0, 1), (1, 0)):
            files = [export(early, "w36.csv", "channel"), export(late, "w38.csv", "channel")]
            history = read(*(files[at] for at in order))
            assert spent(history) == truth["cents"].sum()
            assert history.rows["results:lead"].sum() == truth["results:lead"].sum()
            (said,) = map(str, history.warnings)
            both = early[early["date"] >= "2026-09-08"]["cents"].sum() / 100
            assert "“w36.csv”" in said
            assert "newer “w38.csv”" in said
            assert f"€{both:,.2f}" in said

    def test_of_two_that_end_together_the_later_named_counts(self):
        old = "date,channel,spend,clicks\n2026-09-01,facebook,10.00,5\n2026-09-02,facebook,10.00,5\n"
        new = old.replace("10.00,5\n2026-09-02", "10.10,5\n2026-09-02")
        files = [File("a.csv", old.encode()), File("b.csv", new.encode())]
        assert spent(read(*files)) == 2010
        assert spent(read(*reversed(files))) == 2000

    def test_three_exports_of_one_day_count_it_once(self):
        truth = money_of(4)
        files = [
            export(truth[truth["date"].between(f"2026-09-0{a}", f"2026-09-0{b}")], f"{a}.csv", "hour")
            for a, b in ((1, 3), (2, 4), (3, 4))
        ]
        history = read(*files)
        assert spent(history) == truth["cents"].sum()

    def test_other_figures_of_the_same_dates_are_added_up_with_a_word(self):
        # two platforms with the same daily budget, and no column that says which is which
        one, other = money_of(seed=1), money_of(seed=2)
        other["cents"] = one["cents"]
        history = read(export(one, "meta.csv", "audience"), export(other, "tiktok.csv", "audience"))
        assert spent(history) == 2 * one["cents"].sum()
        (said,) = map(str, history.warnings)
        assert "“meta.csv”" in said
        assert "“tiktok.csv”" in said
        assert "channel" in said
