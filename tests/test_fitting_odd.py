"""The estimator where a history says little: names never seen, hours and slots, thin and odd rows."""

import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from fits_by_hand import LEAD, assert_sane, crossed, fitted, history, same

from mediaplan.errors import InputError
from mediaplan.history.records.records import Audiences, Posts
from mediaplan.response.fitting import fit
from mediaplan.response.rows.naming import place
from mediaplan.slots import Slot, Slots

# names never seen


def test_unseen_names_get_the_usual_answer_with_more_doubt():
    rows = [
        {
            "post": p,
            "channel": "facebook",
            "audience": "x",
            "spend": 100.0,
            LEAD: 30.0,
            "date": pd.Timestamp(day),
        }
        for p in "abcdef"
        for day in ("2026-09-07", "2026-09-14")
    ]
    posts = Posts(
        pd.DataFrame(
            {
                "post": ["a", "new"],
                "title": ["A", "N"],
                "channels": [(), ("tiktok", "instagram")],
                "format": ["photo", "film"],
                "topic": np.nan,
                "published": pd.to_datetime(["2026-09-01", None]),
                "status": "ready",
                "reason": np.nan,
                "value": 1.0,
                "url": np.nan,
                "platform_id": np.nan,
            }
        )
    )
    sizes = pd.DataFrame(
        {
            "audience": ["x", "y", "y"],
            "channel": [np.nan, "instagram/feed", "tiktok"],
            "size": 1e5,
            "value": 1.0,
        }
    )
    response = fit(history(rows), posts=posts, audiences=Audiences(sizes))
    assert response.names["post"] == ("a", "b", "c", "d", "e", "f", "new")
    # “instagram” stands for its placements where there are some
    assert response.names["channel"] == ("facebook", "instagram/feed", "tiktok")
    assert response.names["audience"] == ("x", "y")
    known = response.curves(
        crossed(response, "2026-09-14", post=("a",), channel=("facebook",), audience=("x",))
    )
    new = response.curves(
        crossed(response, "2026-09-14", post=("new",), channel=("tiktok",), audience=("y",))
    )
    assert_sane(new)
    assert known.seen.all()
    assert not new.seen.any()
    assert new.cover[0] == 0.0
    assert known.cover[0] == pytest.approx(100.0)
    expected = [c.results(np.array([100.0]))[0, 0] for c in (known, new)]
    spread = [np.log(results).std() for results in expected]
    assert spread[1] > 1.5 * spread[0]
    assert 0.7 < np.median(expected[1]) / np.median(expected[0]) < 1.6


def test_an_unseen_line_is_covered_by_its_channel_and_audience():
    rows = [
        {"post": "a", "channel": "f", "audience": "x", "spend": 70.0, LEAD: 7.0},
        {"post": "b", "channel": "g", "audience": "x", "spend": 140.0, LEAD: 7.0},
    ]
    response = fit(history(rows))
    curves = response.curves(crossed(response, post=("a",), audience=("x",), days=14))
    assert curves.cover.tolist() == [140.0, 280.0]
    assert curves.seen.tolist() == [True, False]


# slots


def test_hours_fall_into_named_slots_where_the_weekday_is_known():
    slots = Slots({"soir": Slot.read("soir", "mon-fri", "18-22")})
    monday, sunday = pd.Timestamp("2026-09-07"), pd.Timestamp("2026-09-13")
    rows = history(
        [
            {"hour": 19.0, "days": 1, "date": monday, "spend": 5.0, LEAD: 1.0},
            {"hour": 19.0, "days": 1, "date": sunday, "spend": 5.0, LEAD: 1.0},
            {"hour": 19.0, "days": 5, "date": monday, "spend": 5.0, LEAD: 1.0},
            {"hour": 19.0, "days": 7, "date": monday, "spend": 5.0, LEAD: 1.0},
            {"hour": 3.0, "days": 1, "date": monday, "spend": 5.0, LEAD: 1.0},
            {"slot": "soir", "spend": 5.0, LEAD: 1.0},
            {"slot": "nuit", "spend": 5.0, LEAD: 1.0},
        ]
    )
    placed = place(rows.rows, slots, "EUR")
    assert placed.labels.tolist() == ["soir", "other", "soir", "other", "other", "soir", "nuit"]
    response = fit(rows, slots=slots)
    assert response.names["slot"] == ("soir",)
    named = next(str(w) for w in response.warnings if "“nuit”" in str(w))
    assert "€5" in named
    hours = next(str(w) for w in response.warnings if "hours" in str(w))
    assert "03:00–04:00, 19:00–20:00" in hours
    assert "€15" in hours
    assert "other" not in hours


def test_a_night_belongs_to_its_evening():
    slots = Slots({"nuit": Slot.read("nuit", "sat", "22-2")})
    saturday, sunday = pd.Timestamp("2026-09-12"), pd.Timestamp("2026-09-13")
    when = [(saturday, 23), (sunday, 1), (saturday, 1), (sunday, 23)]
    rows = history([{"hour": float(h), "days": 1, "date": d, "spend": 5.0, LEAD: 1.0} for d, h in when])
    assert place(rows.rows, slots, "EUR").labels.tolist() == ["nuit", "nuit", "other", "other"]


def test_slots_that_no_row_lies_in_are_said_with_the_history_s_names():
    slots = Slots({"evening": Slot.read("evening", hours="18-22")})
    rows = history([{"slot": s, "spend": 5.0, LEAD: 1.0} for s in ("soir", "matin")]).rows
    first, second = map(str, place(rows, slots, "EUR").warnings)
    assert "“evening”" in first
    assert "“matin”, “soir”" in first
    assert "€10" in second
    found = rows.assign(slot=["evening", "matin"])
    assert [w for w in map(str, place(found, slots, "EUR").warnings) if "No row" in w] == []


def test_a_history_without_slots_or_hours_can_t_tell_slots_apart():
    slots = Slots({"evening": Slot.read("evening", hours="18-22")})
    (said,) = place(history([{"spend": 5.0, LEAD: 1.0}]).rows, slots, "EUR").warnings
    assert "neither slots nor hours" in str(said)


def test_hours_without_named_slots_form_dayparts():
    rows = [{"hour": float(h), "days": 1, "spend": 5.0, LEAD: 1.0} for h in (0, 3, 4, 23)]
    response = fit(history(rows))
    assert response.names["slot"] == ("00-04", "04-08", "20-24")
    assert set(response.slots.named) == set(response.names["slot"])


# thin and odd histories

ODD = {
    "one row": [{"post": "a", "channel": "f", "spend": 10.0, LEAD: 2.0}],
    "no result at all": [{"post": p, "channel": "f", "spend": 10.0, LEAD: 0.0} for p in "ab"],
    "nothing broken down": [{"spend": 10.0, LEAD: 2.0}] * 5,
    "constant columns": [
        {"post": "a", "channel": "f", "audience": "x", "slot": "s", "spend": 10.0, LEAD: 3.0}
    ]
    * 30,
    "a thousand million results": [
        {"post": "a", "spend": 10.0, LEAD: 1e9},
        {"post": "b", "spend": 1e9, LEAD: 1.0},
    ],
    "tiny and giant money": [
        {"post": "a", "spend": 1e-6, LEAD: 3.0},
        {"post": "b", "spend": 1e12, LEAD: 0.0},
    ],
    "one giant post": [{"post": "a", "spend": 1e6, LEAD: 1e6}]
    + [{"post": f"b{i}", "spend": 1.0, LEAD: 0.0} for i in range(20)],
    "dimensions missing by turns": [
        {"post": "a", "channel": "f", "spend": 10.0, LEAD: 3.0},
        {"channel": "g", "spend": 10.0, LEAD: 3.0},
        {"audience": "k", "spend": 10.0, LEAD: 3.0},
    ],
    "decades apart": [
        {"post": "a", "spend": 1.0, LEAD: 3.0, "date": pd.Timestamp("1990-01-01")},
        {"post": "b", "spend": 1.0, LEAD: 3.0},
    ],
}


@pytest.mark.parametrize("rows", ODD.values(), ids=ODD.keys())
def test_odd_histories_get_a_finite_answer(rows):
    response = fit(history(rows))
    curves = response.curves(crossed(response))
    assert_sane(curves)
    assert (curves.rate > 0).all()


def test_a_giant_post_does_not_make_small_money_seem_a_gold_mine():
    response = fit(history(ODD["one giant post"]))
    assert response.curves(crossed(response)).rate.mean() < 10.0  # the history got 1 for 1


def test_nothing_ever_counted_is_said_and_promises_little():
    response = fit(history(ODD["no result at all"]))
    assert any("No result of the kind “lead”" in str(w) for w in response.warnings)
    curves = response.curves(crossed(response))
    assert curves.results(np.full(2, 10.0)).mean(axis=2).sum() < 2.0


def test_little_evidence_is_said():
    response = fit(history(ODD["one row"]))
    assert any("rests on little" in str(w) for w in response.warnings)
    assert not any("rests on little" in str(w) for w in fitted().warnings)


def test_results_without_money_are_left_out_and_counted():
    usual = [{"post": p, "spend": 10.0, LEAD: 20.0} for p in "abcdefghijkl"]
    free = [{"post": "z", "spend": 0.0, LEAD: 500.0}]
    response, without = (
        fit(history(usual + free)),
        fit(history([*usual, {"post": "z", "spend": 0.0, LEAD: 0.0}])),
    )
    assert any("500 results" in str(w) and "rows: 1" in str(w) for w in response.warnings)
    assert without.warnings == ()
    lines = crossed(without)
    same(response.curves(lines), without.curves(lines))


def test_money_whose_results_are_not_told_is_left_out_and_named():
    rows = [{"post": p, "spend": 10.0, LEAD: 20.0} for p in "abcdefghijkl"] + [
        {"post": "z", "spend": 7.0, LEAD: np.nan}
    ]
    response = fit(history(rows))
    assert [str(w) for w in response.warnings] == [
        "Left out of the estimate of “lead”: €7 whose results are not told (rows: 1)."
    ]


def test_rows_after_the_day_of_the_export_are_left_out_and_named():
    rows = [{"post": p, "spend": 10.0, LEAD: 20.0} for p in "abcdefghijkl"]
    late = [{"post": "z", "spend": 7.0, LEAD: 1.0, "date": pd.Timestamp("2026-10-07")}]
    response = fit(history(rows + late), as_of=date(2026, 9, 30))
    assert "z" not in response.names["post"]
    assert any("€7" in str(w) for w in response.warnings)


def test_a_kind_that_was_not_counted_is_refused_with_the_nearest_one():
    with pytest.raises(InputError, match="Did you mean “lead”"):
        fit(history(ODD["one row"]), kinds=("leads",))


def test_a_history_without_money_is_refused():
    with pytest.raises(InputError, match="both money and results"):
        fit(history([{"post": "a", "spend": 0.0, LEAD: 3.0}]))


def test_clicks_count_as_results_where_nothing_else_does():
    rows = history([{"post": p, "spend": 10.0, "clicks": 30.0} for p in "ab"], kinds=("click",))
    response = fit(replace(rows, rows=rows.rows.drop(columns="results:click")))
    assert response.kinds == ("click",)
    again = response.curves(crossed(response, "2026-09-14")).results(np.full(2, 10.0))
    assert again.mean() == pytest.approx(30.0 * np.exp(-0.1), rel=0.15)


def test_a_post_whose_fatigue_nobody_saw_is_not_expected_to_get_better_with_age():
    response = fit(history([{"post": p, "spend": 10.0, LEAD: 30.0} for p in "ab"]))
    soon, late = (
        response.curves(crossed(response, day)).results(np.full(2, 10.0))
        for day in ("2026-09-14", "2026-11-23")
    )
    assert late.mean() < 0.8 * soon.mean()


def test_the_fit_loads_no_optimiser_and_no_screen():
    code = (
        "import sys, mediaplan.response.fitting;"
        "print([m for m in ('scipy.optimize', 'scipy.stats', 'streamlit', 'rich', 'highspy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
