"""Lines that a rate card and a history both know: what is expected is blended, what is bought for the money is not."""

from __future__ import annotations

import pandas as pd
import pytest

import mediaplan as mp

HISTORY = pd.DataFrame(
    [
        {
            "date": f"2026-01-{day:02}",
            "channel": channel,
            "spend": 10 + day % 5,
            "results": (10 + day % 5) // share,
        }
        for day in range(1, 29)
        for channel, share in (("facebook", 2), ("tiktok", 3))
    ]
)
ROW = {"channel": "facebook", "cost": 20, "results": 60, "uses:time": 3, "up_to": 15}
"""20 for a unit, which is 3 results for 1 of money."""
COUNTS = ["first", {"weight": 0.75}, {"weight": 0.25}]


@pytest.fixture(scope="module")
def known():
    return mp.fit(mp.read_history(HISTORY, currency="EUR"), seed=1)


def planned(known, counts, *rules: object) -> mp.Plan:
    brief = mp.Brief(currency="EUR", budget=500, rules=rules, rates=counts, start="2026-03-02", days=14)
    return mp.plan(brief, mp.rated(known, mp.read_rates(pd.DataFrame([ROW])), brief.rates))


def facebook(plan: mp.Plan) -> pd.Series:
    return plan.lines.set_index("channel").loc["facebook"]


@pytest.mark.parametrize("counts", COUNTS)
def test_units_are_those_that_the_money_pays_whatever_weight_the_card_has(known, counts):
    line = facebook(planned(known, counts, mp.Spend(channel="facebook", at_least=240, at_most=240)))
    assert line["units"] == pytest.approx(240 / 20)
    assert line["uses:time"] == pytest.approx(3 * 240 / 20)


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize(
    ("rule", "most"),
    [
        (mp.Units(channel="facebook", at_most=7), 7 * 20),
        (mp.Resource(name="time", at_most=12), 12 / 3 * 20),
        (mp.Ratio(of={"channel": "facebook"}, to={"channel": "tiktok"}, in_="spend", at_most=2), 300),
    ],
    ids=["units", "resource", "up to"],
)
def test_limits_on_what_is_bought_stop_the_money_where_the_card_s_prices_say(known, counts, rule, most):
    assert facebook(planned(known, counts, rule))["amount"] == pytest.approx(most, abs=0.02)


def test_what_is_expected_lies_between_history_and_card_the_nearer_to_the_card_the_more_it_counts(known):
    only = (mp.Spend(channel="facebook", at_least=100, at_most=100), mp.Spend(channel="tiktok", at_most=0))
    weights = [{"weight": weight} for weight in (0.25, 0.5, 0.9)]
    told = [facebook(planned(known, c, *only))["results"] for c in ("history", *weights, "first")]
    assert told == sorted(told)
    assert told[0] < 100  # half a result for 1 of money was the most there was
    assert told[-1] == pytest.approx(100 * 3)
