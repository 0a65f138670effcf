"""Shares in whole minor units: how much they may miss, and that the check allows no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import response

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import Ratio, Share
from mediaplan.errors import NoPlanError
from mediaplan.planning.making import asked, plan
from mediaplan.planning.search.auditing import broken_demands

CHANNELS = ("facebook", "instagram", "tiktok")


def brief(budget, *rules):
    return Brief(budget=budget, currency="XOF", start="2026-11-30", days=7, rules=rules)


def world(posts=8, seed=2):
    return response(posts=posts, channels=CHANNELS, audiences=2, slots=(), seed=seed, currency="XOF", draws=1)


def test_the_check_lets_a_share_miss_one_unit_on_each_funded_line_and_not_on_possible_ones():
    question = asked(brief(1000, Share(channel="facebook", at_least=0.5)), world())
    facebook = np.flatnonzero(question.space.picks({"channel": ("facebook",)}))
    others = np.flatnonzero(~question.space.picks({"channel": ("facebook",)}))
    assert len(facebook) == 16
    amounts = np.zeros(question.objective.lines, dtype=np.int64)
    amounts[facebook[:2]], amounts[others[0]] = (240, 240), 484
    assert not broken_demands(amounts, question.demands, question.objective)  # 480 of 964: two units short
    amounts[others[0]] = 486
    assert broken_demands(amounts, question.demands, question.objective)


def test_a_share_without_a_funded_line_may_miss_one_unit_alone():
    question = asked(brief(1000, Share(channel="facebook", at_least=0.5)), world())
    amounts = np.zeros(question.objective.lines, dtype=np.int64)
    amounts[np.flatnonzero(~question.space.picks({"channel": ("facebook",)}))[0]] = 2
    assert not broken_demands(amounts, question.demands, question.objective)
    amounts *= 2
    assert broken_demands(amounts, question.demands, question.objective)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 400),
    st.floats(0.01, 0.6),
    st.floats(0.0, 0.39),
    st.integers(1, 5),
)
def test_a_plan_keeps_its_shares_within_a_unit_on_each_funded_line_whatever_the_budget(
    budget, first, second, seed
):
    rules = (
        Share(channel="facebook", equal=round(first, 3)),
        Share(channel="instagram", at_least=round(second, 3)),
    )
    try:
        made = plan(brief(budget, *rules), world(posts=3, seed=seed))
    except NoPlanError:
        return
    lines = [(line.channel, line.amount.minor) for line in made.lines_planned]
    spent = sum(amount for _, amount in lines)
    for rule in rules:
        own = [amount for channel, amount in lines if channel == rule.channel[0]]
        assert sum(own) - rule.at_least * spent >= -max(len(own), 1) - 1e-6
        if rule.at_most is not None:
            assert sum(own) - rule.at_most * spent <= max(len(own), 1) + 1e-6


@pytest.mark.parametrize("times", [2.5, 17.3, 100])
def test_money_that_is_so_many_times_other_money_misses_it_by_its_units_at_the_most(times):
    rule = Ratio(of={"channel": "facebook"}, to={"channel": "tiktok"}, in_="spend", equal=times)
    made = plan(brief(997, rule), world())
    money = made.totals.by["channel"]
    counted = [line for line in made.lines_planned if line.channel == "tiktok"]
    off = money["facebook"].amount.minor - times * money["tiktok"].amount.minor
    facebook = sum(line.channel == "facebook" for line in made.lines_planned)
    assert abs(off) <= facebook + times * len(counted)
