"""What platforms accept at the least, for channels as people write them and budgets that name no price of a dollar."""

from __future__ import annotations

import pytest
from invented import response

import mediaplan as mp
from mediaplan.brief.minimums import known_minimum, least_dollar


def plan(*channels: str, **changes: object) -> mp.Plan:
    brief = mp.Brief(**{"budget": 200, "currency": "EUR", "start": "2026-11-30", "days": 10, **changes})
    return mp.plan(brief, response(posts=4, channels=channels, audiences=2, slots=()))


def warnings(made: mp.Plan) -> str:
    return " ".join(map(str, made.warnings))


@pytest.mark.parametrize("channel", ["facebook", "Facebook", "FACEBOOK/Feed", " Facebook /stories"])
def test_a_platform_is_the_same_however_its_letters_are_written(channel):
    assert known_minimum(channel, "lead", "USD", None) == 100
    assert known_minimum(channel, "click", "USD", None) == 500


def test_lines_keep_to_the_minimum_of_a_channel_with_a_capital():
    made = plan("Facebook", "Instagram", minimums="platform", exchange={"USD": 0.9})
    assert min(line.amount.minor for line in made.lines_planned) >= 900
    assert "No platform minimum" not in warnings(made)


def test_channels_without_a_known_minimum_are_named_where_minimums_are_asked_for():
    made = plan("fb", "facebook", minimums="platform", exchange={"USD": 0.9})
    assert "No platform minimum is known for fb:" in warnings(made)
    assert "No platform minimum" not in warnings(plan("fb", "facebook"))


def test_crumbs_below_any_minimum_are_warned_of_without_the_price_of_a_dollar():
    made = plan("facebook", "instagram")
    certain = 62 * 10  # cents: a dollar a day, at the least that a dollar ever cost
    crumbs = sum(line.amount.minor < certain for line in made.lines_planned)
    assert crumbs
    assert f"Lines below a minimum that their platform is known to ask for: {crumbs}." in warnings(made)


def test_a_currency_that_is_not_tied_to_the_euro_is_compared_with_nothing():
    assert least_dollar("GHS") is None
    assert least_dollar("XOF") == pytest.approx(0.62 * 655.957)
    brief = {"budget": 20_000, "currency": "GHS"}
    made = mp.plan(
        mp.Brief(start="2026-11-30", days=10, **brief),
        response(posts=4, channels=("facebook",), audiences=2, slots=(), currency="GHS"),
    )
    assert "below a minimum" not in warnings(made)
