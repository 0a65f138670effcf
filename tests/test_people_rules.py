"""Rules about people reached and how often, against simulated people and against plans counted out one by one."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from invented import every_line
from people_by_hand import (
    SIZES,
    VIEWS,
    asked,
    counted_out,
    money_of,
    past,
    people,
    shown,
    world,
)

from mediaplan.brief.rules import EachLine, Frequency, ReachTarget, Share
from mediaplan.errors import InputError, NoPlanError
from mediaplan.planning.making import plan
from mediaplan.response.contacts import Contacts
from mediaplan.response.reaching import Crowds, people_of


def test_people_reached_are_those_of_simulated_people():
    random = np.random.default_rng(3)
    crowds = Crowds(np.array([20_000.0, 12_000.0]), np.array([0, 0]), np.array([20_000.0]), 1.0)
    views = np.array([15_000.0, 30_000.0])
    seen = np.zeros(20_000, dtype=bool)
    for size, shown_here in zip((20_000, 12_000), views, strict=True):
        often = random.gamma(1.0, shown_here / size, size)
        seen[random.permutation(20_000)[:size]] |= random.poisson(often) > 0
    assert crowds.together(views)[0] == pytest.approx(seen.sum(), rel=0.01)


def test_the_next_person_is_the_slope_of_people_reached():
    crowds = Crowds(
        np.array([20_000.0, 12_000.0, 9_000.0]), np.array([0, 0, 1]), np.array([30_000.0, 9_000.0]), 1.4
    )
    views = np.array([15_000.0, 30_000.0, 100.0])
    for pool in range(3):
        more = views + np.eye(3)[pool]
        gain = crowds.together(more).sum() - crowds.together(views).sum()
        assert crowds.next_reached(views)[pool] == pytest.approx(gain, rel=1e-3)


def test_a_single_audience_has_the_frequency_that_the_law_says():
    crowds = Crowds(np.array([1000.0]), np.array([0]), np.array([1000.0]), 1.5)
    views = np.array([700.0])
    assert views[0] / crowds.reached(views)[0] == pytest.approx(1.5 + 0.7)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_reach_is_kept_exactly_and_no_counted_plan_is_better(seed):
    known = world(seed)
    free = plan(asked(600), known)
    target = 0.5 * (sum(people(money_of(free)).values()) + 22_000)
    made = plan(asked(600, ReachTarget(at_least=target)), known)
    assert sum(people(money_of(made)).values()) >= target * (1 - 1e-9)
    best = counted_out(known, 600, keeps=lambda money: sum(people(money).values()) >= target)
    assert best <= made.certificate.bound * (1 + 1e-9)
    assert made.objective >= best * (1 - 1e-6)
    assert made.certificate.gap < 2e-3


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_reach_of_one_audience_is_kept_with_lines_in_steps_or_nothing(seed):
    known = world(seed)
    rules = (ReachTarget(audience="a0", at_least=12_000), EachLine(or_zero=True, at_least=100, step=50))
    made = plan(asked(600, *rules), known)

    def keeps(money):
        return people(money)["a0"] >= 12_000 and all(x == 0 or x >= 100 for x in money.values())

    assert keeps(money_of(made))
    assert made.objective == pytest.approx(counted_out(known, 600, keeps=keeps), rel=1e-6)


@pytest.mark.parametrize(("seed", "most"), [(1, 1.6), (2, 2.0), (3, 1.3)])
def test_a_frequency_is_kept_exactly_and_no_counted_plan_is_better(seed, most):
    known = world(seed)
    made = plan(asked(600, Frequency(at_most=most)), known)
    money = money_of(made)
    assert shown(money) / sum(people(money).values()) <= most * (1 + 1e-9)
    best = counted_out(
        known, 600, keeps=lambda money: shown(money) <= most * sum(people(money).values()) * (1 + 1e-12)
    )
    assert made.objective >= best * (1 - 1e-6)


def test_a_least_frequency_of_each_channel_and_audience_buys_enough_impressions():
    made = plan(asked(2000, Frequency(at_least=1.5, per=("channel", "audience"))), world())
    assert made.reach is not None
    assert len(made.reach.by_both) == 4
    assert all(part.frequency >= 1.5 - 1e-6 for part in made.reach.by_both.values())


def test_the_price_of_a_reach_predicts_what_giving_way_brings():
    known = world(2)
    made, easier = (plan(asked(600, ReachTarget(at_least=n)), known) for n in (32_000, 31_900))
    price = made.rules[1].price
    assert made.rules[1].binding
    assert price > 0
    assert easier.objective - made.objective == pytest.approx(100 * price, rel=0.05)
    assert plan(asked(600, ReachTarget(at_least=10)), known).rules[1].price == 0


def test_an_impossible_reach_says_the_most_that_can_be_reached_and_its_repairs_work():
    known = world(3)
    most = max(
        sum(
            people(
                {
                    ("facebook", "a0"): a,
                    ("tiktok", "a0"): b,
                    ("facebook", "a1"): c,
                    ("tiktok", "a1"): 600 - a - b - c,
                }
            ).values()
        )
        for a, b, c in itertools.product(range(0, 601, 20), repeat=3)
        if a + b + c <= 600
    )
    with pytest.raises(NoPlanError) as refused:
        plan(asked(600, ReachTarget(at_least=50_000)), known)
    (conflict,) = refused.value.conflicts
    said = float(conflict.together.values["best"])
    assert said == pytest.approx(most, rel=1e-3)
    assert "65,000" in str(conflict.together)
    budget, target = sorted(refused.value.repairs, key=lambda repair: "budget" not in str(repair.change))
    assert plan(asked(budget.after, ReachTarget(at_least=50_000)), known)
    assert plan(asked(600, ReachTarget(at_least=target.after)), known)
    assert target.after == pytest.approx(most, rel=1e-3)


def test_more_people_than_there_are_can_never_be_reached():
    with pytest.raises(NoPlanError) as refused:
        plan(asked(600, ReachTarget(audience="a1", at_least=25_001)), world())
    assert "25,000 that there are" in str(refused.value)


def test_a_reach_clashes_with_a_share_in_the_users_words():
    rules = (ReachTarget(audience="a1", at_least=12_000), Share(audience="a0", at_least=0.99, why="contract"))
    with pytest.raises(NoPlanError) as refused:
        plan(asked(600, *rules), world())
    assert "contract" in str(refused.value)
    assert "people reached by a1" in str(refused.value)


def test_what_a_plan_reaches_stands_in_its_document():
    made = plan(asked(600), world(2)).to_dict()["reach"]
    both = {(part["channel"], part["audience"]): part for part in made["by_channel_and_audience"]}
    money = {pair: part["impressions"] / VIEWS[pair[0]] for pair, part in both.items()}
    by_hand = people(money)
    for audience, part in made["by_audience"].items():
        assert part["reach"] == pytest.approx(by_hand[audience])
        assert part["frequency"] == pytest.approx(part["impressions"] / part["reach"])
    assert made["total"]["reach"] == pytest.approx(sum(by_hand.values()))
    assert sum(money.values()) == pytest.approx(600)


def test_without_impressions_or_sizes_nothing_is_said_of_people():
    assert "reach" not in plan(asked(600), world(views={})).to_dict()
    half = plan(asked(600), world(views={"facebook": 90.0})).to_dict()["reach"]
    assert half["total"] is None
    assert set(half["by_channel"]) == {"facebook"}


@pytest.mark.parametrize(
    ("views", "sizes", "word"),
    [
        ({"facebook": 90.0}, SIZES, "tells none of: tiktok"),
        (VIEWS, {("a0", None): 40_000.0}, "tells none of: a1"),
    ],
)
def test_what_is_missing_to_count_people_is_named(views, sizes, word):
    with pytest.raises(InputError) as refused:
        plan(asked(600, ReachTarget(at_least=10)), world(views=views, sizes=sizes))
    assert word in str(refused.value)
    assert refused.value.problems[0].column == "rule 1"
    known = {"channel": "facebook", "audience": "a0"}
    assert plan(asked(600, ReachTarget(at_least=10, **known)), world(views=views, sizes=sizes))


def test_a_least_frequency_of_several_together_is_refused():
    with pytest.raises(InputError, match="several channels or audiences"):
        plan(asked(600, Frequency(at_least=2)), world())


@pytest.mark.parametrize(
    "rule",
    [
        ReachTarget(at_least=-1),
        ReachTarget(at_least=float("nan")),
        ReachTarget(at_least=1e308),
        ReachTarget(at_least="many"),
        ReachTarget(),
        ReachTarget(at_most=5),
        Frequency(at_most=0.5),
        Frequency(at_least=4, at_most=3),
        Frequency(),
    ],
)
def test_limits_that_say_nothing_are_refused(rule):
    with pytest.raises(InputError):
        asked(600, rule)


def test_impressions_for_money_and_repeats_are_those_of_the_history():
    known = replace(world(), median_line=10.0)
    codes = np.array([(0, 0, 0, -1), (0, 0, 1, -1), (0, 1, 0, -1)], dtype=np.int32)
    spend = np.array([100.0, 300.0, 50.0])
    views, reached = np.array([9_000.0, 36_000.0, 8_000.0]), np.array([5_000.0, 12_000.0, 4_000.0])
    told = Contacts(views, spend, reached, views, views * reached)
    known = replace(known, past=replace(past(VIEWS), codes=codes, contacts=told))
    found = people_of(known, every_line(known))
    by_pair = dict(zip(found.names, found.views[np.unique(found.pool, return_index=True)[1]], strict=True))
    # 45,000 for 400 on Facebook; three usual lines of 10 weigh against what a0 tells.
    assert by_pair["facebook", "a0"] == pytest.approx((9_000 + 30 * 112.5) / 130)
    assert by_pair["tiktok", "a1"] == pytest.approx(160.0)
    # Each row's frequency is repeats + impressions / people: 1.8 - 0.225, 3 - 1.44, 2 - 8/15.
    repeats = (5_000 * (1.8 - 0.225) + 12_000 * (3 - 1.44) + 4_000 * (2 - 8 / 15)) / 21_000
    assert found.crowds.again == pytest.approx(repeats)
