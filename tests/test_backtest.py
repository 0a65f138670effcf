"""Looking back: it uses nothing of the future, counts what really came, and judges fairly where the truth is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weeks_by_hand import LEAD, SEEDS, foretold, looked_back, rows_of, small, week, world

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostResults, MostValue
from mediaplan.history.reading.reading import read_audiences, read_history, read_posts
from mediaplan.history.records.records import Posts
from mediaplan.planning.asking.looking_back import look_back
from mediaplan.response.looking_back.backtest import backtest
from mediaplan.response.looking_back.choosing import SHARES, best_part, choices, equal_part
from mediaplan.response.looking_back.foreseen import Measure, engagement, foresee
from mediaplan.response.looking_back.honesty import coverage, promise
from mediaplan.response.looking_back.origins import origins
from mediaplan.slots import Slots
from mediaplan.words import Words
from mediaplan.worlds.sample import sample_folder

# ---- worlds whose truth is known ----


def test_in_worlds_with_structure_its_choice_brings_more_than_the_averages_and_than_the_past():
    against = {
        method: np.exp(np.mean([np.log(looked_back(s).choice(method, 0.5).against.mean) for s in SEEDS]))
        for method in ("naive", "engagement", "equal", "did")
    }
    assert against["naive"] > 1.08  # 1.17, standard error 0.02
    assert against["engagement"] > 1.15
    assert against["equal"] > 1.2
    assert against["did"] > 1.3
    verdicts = [looked_back(s).choice("did", 0.5).against.verdict for s in SEEDS]
    assert verdicts.count("better") >= 20
    assert "worse" not in verdicts


def test_intervals_of_lines_and_weeks_hold_about_as_often_as_they_say_where_the_model_is_right():
    lines = np.mean([looked_back(s).coverage.of_lines for s in SEEDS], axis=0)
    weeks = np.mean([looked_back(s).coverage.of_weeks for s in SEEDS], axis=0)
    np.testing.assert_allclose(lines, [0.5, 0.8, 0.95], atol=0.04)  # 24 worlds of 160 lines
    np.testing.assert_allclose(weeks, [0.5, 0.8, 0.95], atol=0.15)  # 96 weeks, alike within a world
    assert np.mean([looked_back(s).coverage.too_narrow for s in SEEDS]) <= 0.25


def test_intervals_that_are_far_too_narrow_are_called_so():
    boastful = [
        [replace(w, draws=w.model[:, None] + 0.3 * (w.draws - w.model[:, None])) for w in foretold(s)]
        for s in range(700, 706)
    ]
    assert all(coverage(weeks).too_narrow for weeks in boastful)


def test_promises_are_kept_on_average_by_the_model_and_broken_by_the_averages():
    model = [np.log(looked_back(s).promise.delivered / looked_back(s).promise.promised) for s in SEEDS]
    naive = [looked_back(s).choice("naive", 0.5) for s in SEEDS]
    assert abs(np.mean(model)) < 0.15
    assert np.mean([np.log(c.brought / c.promised) for c in naive]) < -0.2


def test_a_model_that_promises_twice_too_much_is_found_out():
    weeks = foretold(701)
    boastful = [replace(w, model=2 * w.model, draws=2 * w.draws) for w in weeks]
    assert promise(boastful).bias < promise(weeks).bias - 0.2
    assert promise(boastful).spread > promise(weeks).spread + 0.1


# ---- nothing of the future ----


def test_what_came_in_a_week_and_later_changes_nothing_of_what_was_foretold_for_it():
    w = world(700)
    starts = [origin.start for origin in origins(w.history, Slots(), [("lead",)], None)]
    later = w.history.rows["date"] >= pd.Timestamp(starts[1])
    changed = rows_of(w.history, **{LEAD: w.history.rows[LEAD].where(~later, 1000.0)})
    about = {"posts": w.posts, "audiences": w.audiences, "slots": Slots(), "seed": 1}
    first, second, third = (
        foresee(origin, [Measure("lead", ("lead",))], **about)[0]
        for origin in origins(changed, Slots(), [("lead",)], None)[:3]
    )
    for before, after in zip(foretold(700)[:2], (first, second), strict=True):
        np.testing.assert_array_equal(before.model, after.model)
        np.testing.assert_array_equal(before.draws, after.draws)
        np.testing.assert_array_equal(before.averages, after.averages)
    assert (second.actual == 1000.0).all()
    assert not np.allclose(third.model, foretold(700)[2].model)


def test_a_row_that_is_not_over_when_the_week_begins_teaches_nothing_of_it():
    rows = [("2026-10-05", 7, "a", 10, 1), ("2026-10-12", 7, "a", 10, 1), ("2026-10-19", 7, "a", 10, 1)]
    found = origins(small([*rows, ("2026-10-14", 10, "b", 99, 50)]), Slots(), [("lead",)], None)
    assert found[-1].past.rows["spend"].sum() == 20.0
    assert found[-1].past.rows[LEAD].sum() == 2.0


def test_as_of_leaves_out_what_began_later():
    w = world(700)
    until = date(2026, 11, 1)
    last = origins(w.history, Slots(), [("lead",)], until)[-1]
    assert last.start <= until
    assert last.end <= until


# ---- what is counted ----


def test_totals_and_what_you_did_are_the_sums_of_the_history():
    judged = looked_back(700)
    rows = world(700).history.rows
    starts = [pd.Timestamp(w.start) for w in judged.weeks]
    assert len(starts) == 4
    by_week = rows[rows["date"].isin(starts)].groupby("date")[["spend", LEAD]].sum()
    np.testing.assert_allclose([w.spend for w in judged.weeks], by_week["spend"])
    np.testing.assert_allclose([w.actual for w in judged.weeks], by_week[LEAD])
    for share in SHARES:
        did = judged.choice("did", share)
        assert did.money == pytest.approx(share * by_week["spend"].sum())
        assert did.brought == pytest.approx(share * by_week[LEAD].sum())
        assert all(c.money == pytest.approx(did.money) for c in judged.choices if c.share == share)


def test_the_best_part_by_hand():
    spend = np.array([10.0, 30.0, 20.0, 40.0])
    np.testing.assert_allclose(best_part(np.array([4.0, 1.0, 3.0, 2.0]), spend, 0.5), [1, 0, 1, 0.5])
    np.testing.assert_allclose(best_part(np.array([1.0, 5.0, 1.0, np.nan]), spend, 0.45), [0.5, 1, 0.5, 0])
    np.testing.assert_allclose(equal_part(spend, 0.5), [1, 40 / 90, 2 / 3, 1 / 3])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.01, 1e6), st.sampled_from([0.0, 0.5, 1.0, 7.0])), min_size=1, max_size=30),
    st.sampled_from([0.25, 0.5, 1.0]),
)
def test_every_way_spends_the_same_and_never_more_than_a_line_had(lines, share):
    spend, score = np.array(lines).T
    for part in (best_part(score, spend, share), equal_part(spend, share)):
        assert ((part >= 0) & (part <= 1)).all()
        assert part @ spend == pytest.approx(share * spend.sum())
    part = best_part(score, spend, share)
    order = np.random.default_rng(1).permutation(len(spend))
    np.testing.assert_allclose(best_part(score[order], spend[order], share), part[order], atol=1e-12)
    amounts = equal_part(spend, share) * spend
    assert (np.minimum(spend, amounts.max()) <= amounts * (1 + 1e-9)).all()


def test_choices_by_hand():
    bought = week([10, 10], [6, 2], [1, 3], [[1, 1], [3, 3]], averages=np.array([5.0, 4.0]))
    found = {(c.method, c.share): c for c in choices([bought], seed=1)}
    assert found["mediaplan", 0.5].brought == 2
    assert found["mediaplan", 0.5].promised == 3
    assert found["naive", 0.5].brought == 6
    assert found["naive", 0.5].promised == 5
    assert found["did", 0.5].brought == found["equal", 0.5].brought == 4
    assert found["naive", 0.5].against.mean == pytest.approx(2 / 6)
    assert found["mediaplan", 0.25].brought == 1
    assert ("engagement", 0.5) not in found


def test_an_advantage_that_rests_on_one_line_is_not_taken_for_proven():
    spend, score = [10.0] * 20, np.append(np.linspace(9, 8, 10), np.linspace(2, 1, 10))
    one = np.append([55.0], np.full(19, 5.0))
    spread = np.append(np.full(10, 10.0), np.full(10, 5.0))
    for actual, verdict in ((one, "open"), (spread, "better"), (spread[::-1], "worse")):
        found = choices([week(spend, actual, score, score[:, None])], seed=1)
        did = next(c for c in found if (c.method, c.share) == ("did", 0.5))
        assert did.against.low < did.against.mean < did.against.high
        assert did.against.mean == pytest.approx(actual[:10].mean() / actual.mean())
        assert did.against.verdict == verdict


def test_promise_and_its_corrections_by_hand():
    even = week([10, 10], [8, 1], [4, 2], [[4] * 4, [2] * 4])
    found = promise([even] * 4)
    error = np.log(8.5 / 4.5)
    assert (found.promised, found.delivered) == (16, 32)
    assert found.bias == pytest.approx(min(0.2, 0.4 * error))
    assert found.spread**2 == pytest.approx((4 * error**2 + 0.04) / 8)
    kept = promise([week([10, 10], [4, 1], [4, 2], [[4] * 4, [2] * 4])] * 4)
    assert (kept.bias, kept.spread) == (0.0, pytest.approx(0.005**0.5))
    assert promise([week([10, 10], [0, 0], [40, 2], [[40] * 4, [2] * 4])] * 4).bias == -0.4


def test_lines_on_the_edge_of_an_interval_count_in_part():
    draws = np.repeat(np.arange(10.0), 10)  # each of 0…9 has a tenth of the chance
    shares = [
        coverage([week([1], [came], [4.5], [draws])]).of_lines for came in (0.0, 1.0, 2.0, 4.0, 9.0, 50.0)
    ]
    np.testing.assert_allclose(np.array(shares)[:, 1], [0, 1, 1, 1, 0, 0], atol=1e-9)
    np.testing.assert_allclose(np.array(shares)[:, 0], [0, 0, 0.5, 1, 0, 0], atol=1e-9)
    everything = [coverage([week([1], [c], [4.5], [draws])]).of_lines for c in range(10)]
    np.testing.assert_allclose(np.mean(everything, axis=0), [0.5, 0.8, 0.95], atol=1e-9)


def test_a_table_by_day_is_judged_like_the_same_table_by_week():
    random = np.random.default_rng(3)
    weekly = [
        (str((pd.Timestamp("2026-09-07") + pd.Timedelta(weeks=w)).date()), 7, f"p{p}", 7.0 * random.integers(3, 40),
         7.0 * random.poisson(3 + p))
        for w in range(7) for p in range(6)
    ]  # fmt: skip
    daily = [
        (str((pd.Timestamp(day) + pd.Timedelta(days=d)).date()), 1, post, spend / 7, count / 7)
        for day, _, post, spend, count in weekly
        for d in range(7)
    ]
    one, other = (backtest(small(rows)).judgements[0] for rows in (weekly, daily))
    for first, second in zip(one.weeks, other.weeks, strict=True):
        assert (first.start, first.end, first.lines) == (second.start, second.end, second.lines)
        assert second.expected == pytest.approx(first.expected)
        assert second.actual == pytest.approx(first.actual)


def test_a_post_never_bought_before_is_foretold_with_more_doubt():
    rows = [(f"2026-10-{day:02}", 7, post, 100, 30) for day in (5, 12, 19, 26) for post in "abcdef"]
    weeks = small([*rows, ("2026-11-02", 7, "a", 100, 30), ("2026-11-02", 7, "new", 100, 30)])
    found = origins(weeks, Slots(), [("lead",)], None)[-1]
    told = foresee(found, [Measure("lead", ("lead",))], posts=None, audiences=None, slots=Slots(), seed=1)[0]
    known, new = (list(told.lines).index((post, "facebook", None, None)) for post in ("a", "new"))
    assert told.model[new] == pytest.approx(30, rel=0.5)
    assert told.draws[new].std() > 1.2 * told.draws[known].std()


# ---- several kinds, values ----


def sample(name="agency"):
    folder = sample_folder() / name
    return (
        read_history(folder / "history.csv"),
        read_posts(folder / "posts.csv"),
        read_audiences(folder / "audiences.csv"),
    )


def test_each_kind_is_judged_by_itself_where_nothing_chooses():
    history, posts, audiences = sample()
    found = look_back(history, posts, audiences)
    assert [j.measure.name for j in found.judgements] == ["lead", "sale"]
    alone = backtest(history, posts=posts, audiences=audiences, measures=(Measure("sale", ("sale",)),))
    assert [w.actual for w in alone.judgements[0].weeks] == [w.actual for w in found.judgements[1].weeks]
    unsaid = Brief(budget=1, currency="EUR", start="2026-11-30", days=7)
    assert look_back(history, posts, audiences, unsaid).to_dict(Words()) == found.to_dict(Words())
    leads = replace(unsaid, goal=MostResults(type="lead"))
    assert [j.measure.name for j in look_back(history, posts, audiences, leads).judgements] == ["lead"]


def test_value_is_counted_with_the_worth_of_kinds_and_audiences():
    history, posts, audiences = sample()
    brief = Brief(
        budget=1, currency="EUR", start="2026-11-30", days=7, goal=MostValue(values={"lead": 12, "sale": 90})
    )
    judged = look_back(history, posts, audiences, brief).judgements
    assert [(j.measure.name, j.measure.is_value) for j in judged] == [("value", True)]
    last = judged[0].weeks[-1]
    rows = history.rows[history.rows["date"] >= pd.Timestamp(last.start)]
    of_audience = {"families": 1.3, "commuters": 1.0, "students": 0.6, "visitors": 1.0}
    worth = (
        rows["audience"]
        .map(of_audience)
        .where(~((rows["audience"] == "students") & (rows["channel"] == "tiktok")), 0.8)
    )
    assert set(rows["audience"]) <= set(of_audience)
    told = posts.rows.set_index("post")["value"]
    value = (12 * rows[LEAD] + 90 * rows["results:sale"]) * worth * rows["post"].map(told)
    assert last.actual == pytest.approx(value.sum())


def test_the_engagement_rate_is_that_of_people_reached():
    def posts(**columns):
        return Posts(pd.DataFrame({"post": ["a", "b", "c"]} | columns))

    both = posts(organic_reach=[100.0, 0.0, np.nan], organic_engagements=[5.0, 5.0, 5.0])
    assert engagement(both) == pytest.approx({"a": 0.05, "b": np.nan, "c": np.nan}, nan_ok=True)
    single = posts(
        organic_reach=[100.0, 200.0, 50.0], organic_likes=[3.0, 8.0, np.nan], organic_shares=[1, 2, np.nan]
    )
    assert engagement(single) == pytest.approx({"a": 0.04, "b": 0.05, "c": np.nan}, nan_ok=True)
    assert engagement(posts(organic_engagements=[5.0, 5.0, 5.0])) is None
