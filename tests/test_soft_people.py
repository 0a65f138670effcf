"""Rules about people that may give way at a price, against plans counted out one by one."""

from __future__ import annotations

import itertools

import pytest
from people_by_hand import STEP, VIEWS, asked, counted_out, curves_of, money_of, people, shown, world

from mediaplan.brief.goals import FewestShortfalls
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rules import EachLine, Frequency, ReachTarget, Share
from mediaplan.planning.making import plan


def missing(money, target):
    return max(target - sum(people(money).values()), 0.0)


def too_often(money, most):
    return max(shown(money) - most * sum(people(money).values()), 0.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("price", [1e-5, 2e-4, 1e-2])
def test_a_reach_gives_way_where_that_is_worth_more_than_its_price(seed, price):
    known, target = world(seed), 34_000
    made = plan(asked(600, ReachTarget(at_least=target, soft=price)), known)
    assert made.penalties == pytest.approx(price * missing(money_of(made), target), rel=1e-9, abs=1e-12)
    best = counted_out(known, 600, short=lambda money: price * missing(money, target))
    assert best <= made.certificate.bound + 1e-9 * abs(made.certificate.bound)
    assert made.objective >= best - 1e-6 * abs(best)
    assert made.certificate.gap < 1e-5


@pytest.mark.parametrize("price", [1e-6, 3e-5, 1e-2])
def test_a_frequency_gives_way_by_impressions_beyond_it(price):
    known, most = world(2), 1.6
    made = plan(asked(600, Frequency(at_most=most, soft=price)), known)
    assert made.penalties == pytest.approx(price * too_often(money_of(made), most), rel=1e-9, abs=1e-12)
    best = counted_out(known, 600, short=lambda money: price * too_often(money, most))
    assert best <= made.certificate.bound + 1e-9 * abs(made.certificate.bound)
    assert made.objective >= best - 1e-6 * abs(best)
    assert made.certificate.gap < 1e-5


def test_a_least_frequency_gives_way_by_the_impressions_that_are_missing():
    known = world()
    rule = Frequency(channel="tiktok", audience="a1", at_least=3, soft=1e-4)
    made = plan(asked(600, rule), known)
    views = VIEWS["tiktok"] * money_of(made).get(("tiktok", "a1"), 0.0)
    assert made.penalties == pytest.approx(1e-4 * (2 * 25_000 - views))


def test_the_dearer_the_people_the_more_of_them_are_reached_and_at_last_all_that_are_asked_for():
    known, target = world(2), 32_000
    found = [
        plan(asked(600, ReachTarget(at_least=target, soft=price)), known)
        for price in (1e-9, 1e-4, 3e-4, 1e-3, 1.0)
    ]
    short = [missing(money_of(made), target) for made in found]
    assert short == sorted(short, reverse=True)
    assert short[0] > 1000
    assert short[-1] == pytest.approx(0, abs=1)
    firm = plan(asked(600, ReachTarget(at_least=target)), known)
    assert found[-1].objective == pytest.approx(firm.objective, rel=1e-5)


def test_a_reach_that_nothing_comes_up_to_gives_way_instead_of_being_refused():
    made = plan(
        asked(600, ReachTarget(at_least=10**6, soft=1e-3), Share(audience="a1", at_least=0.3)), world()
    )
    assert made.penalties == pytest.approx(1e-3 * (10**6 - sum(people(money_of(made)).values())))
    assert made.certificate.gap < 1e-5


@pytest.mark.parametrize("seed", [1, 2])
def test_lines_in_steps_or_nothing_weigh_people_too(seed):
    known, price, target = world(seed), 2e-4, 34_000
    rules = (ReachTarget(at_least=target, soft=price), EachLine(or_zero=True, at_least=100, step=STEP))
    made = plan(asked(600, *rules), known)
    best = counted_out(
        known,
        600,
        short=lambda money: price * missing(money, target),
        keeps=lambda money: all(x == 0 or x >= 100 for x in money.values()),
    )
    assert made.objective == pytest.approx(best, rel=1e-6)


def test_a_firm_limit_beside_one_that_gives_way_is_kept():
    known, price = world(3), 1e-3
    rules = (
        ReachTarget(audience="a0", at_least=14_000),
        ReachTarget(audience="a1", at_least=16_000, soft=price),
    )
    made = plan(asked(600, *rules), known)
    reached = people(money_of(made))
    assert reached["a0"] >= 14_000 * (1 - 1e-9)
    assert made.penalties == pytest.approx(price * max(16_000 - reached["a1"], 0.0))
    best = counted_out(
        known,
        600,
        short=lambda money: price * max(16_000 - people(money)["a1"], 0.0),
        keeps=lambda money: people(money)["a0"] >= 14_000,
    )
    assert made.objective >= best - 1e-6 * abs(best)


def test_the_fewest_shortfalls_reach_as_many_people_as_can_be():
    known, target = world(2), 60_000
    made = plan(asked(600, ReachTarget(at_least=target, soft=1), goal=FewestShortfalls()), known)
    curves = curves_of(known)
    best = max(
        sum(people(dict(zip(curves, steps, strict=True))).values())
        for steps in itertools.product(range(0, 601, STEP), repeat=len(curves))
        if sum(steps) <= 600
    )
    assert sum(people(money_of(made)).values()) >= best * (1 - 1e-6)


def test_the_price_of_a_limit_that_gives_way_is_what_it_costs():
    made = plan(asked(600, ReachTarget(at_least=34_000, soft=1e-5)), world(2))
    assert made.penalties > 0
    assert made.rules[1].price == pytest.approx(1e-5, rel=1e-3)


def test_a_rule_that_gives_way_says_its_price_and_comes_back_from_a_file():
    rules = (ReachTarget(at_least=34_000, soft=0.5), Frequency(at_most=2, soft=0.25))
    brief = asked(600, *rules)
    assert [str(rule.said()) for rule in brief.rules] == [
        "people reached by all lines: at least 34,000 [may give way: 0.5 per person]",
        "impressions per person reached by all lines: at most 2 [may give way: 0.25 per impression]",
    ]
    text = """
        currency = "EUR"
        budget = 600
        flight = { start = 2026-11-30, days = 7 }
        [[rule]]
        is = "reach"
        at_least = 34_000
        soft = 0.5
        [[rule]]
        is = "frequency"
        at_most = 2
        soft = 0.25
    """
    assert parse_brief(text).rules == brief.rules
