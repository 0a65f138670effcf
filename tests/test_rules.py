"""Every rule against trying all plans: small worlds, amounts in coarse steps, and the rule in its own plain words."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import numpy as np
import pytest
from invented import response
from plans_tried import (
    START,
    STEP,
    best_of_all,
    daily,
    funded,
    money,
    planned,
    posts,
    world,
)

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import (
    Blackout,
    Change,
    Excludes,
    Hold,
    LineCount,
    Locked,
    Needs,
    NotAfter,
    NotBefore,
    PerDay,
    PostCount,
    Share,
    Spend,
)
from mediaplan.errors import NoPlanError
from mediaplan.planning.making import plan

WHOLE = [(START, 14)]
CASES = {
    "locked": (Locked(post="p1", channel="tiktok", amount=40), lambda t: money(t, post="p1", channel="tiktok") == 2),
    "locked in part of a step": (Locked(post="p1", equal=30), lambda t: money(t, post="p1") == 1.5),
    "change": (
        Change(at_most=0.5, before={"facebook": 80, "tiktok": 40}),
        lambda t: 2 <= money(t, channel="facebook") <= 6 and 1 <= money(t, channel="tiktok") <= 3,
    ),
    "hold": (Hold(post=["p0", "p2"]), lambda t: money(t, post="p1") == money(t)),
    "at most two posts": (PostCount(at_most=2), lambda t: len(posts(t)) <= 2),
    "exactly three posts": (PostCount(equal=3), lambda t: len(posts(t)) == 3),
    "two posts on tiktok": (PostCount(channel="tiktok", at_least=2), lambda t: len(posts(t, "tiktok")) >= 2),
    "one post per channel": (
        PostCount(at_most=1, per="channel"),
        lambda t: all(len(posts(t, channel)) <= 1 for channel in ("facebook", "tiktok")),
    ),
    "at most two lines": (LineCount(at_most=2), lambda t: len(funded(t)) <= 2),
    "at least five lines": (LineCount(at_least=5), lambda t: len(funded(t)) >= 5),
    "one line per post": (
        LineCount(at_most=1, per="post"),
        lambda t: all(len([x for x in funded(t) if x.post == p]) <= 1 for p in ("p0", "p1", "p2")),
    ),
    "needs": (Needs(post="p0", needs={"post": "p1"}), lambda t: "p0" not in posts(t) or "p1" in posts(t)),
    "needs on each channel": (
        Needs(post="p0", needs={"post": ["p1", "p2"]}, per="channel"),
        lambda t: all("p0" not in posts(t, c) or posts(t, c) - {"p0"} for c in ("facebook", "tiktok")),
    ),
    "excludes": (Excludes(post=["p0", "p1", "p2"]), lambda t: len(posts(t)) <= 1),
    "excludes on each channel": (
        Excludes(post=["p0", "p1"], per="channel"),
        lambda t: all(len(posts(t, c) & {"p0", "p1"}) <= 1 for c in ("facebook", "tiktok")),
    ),
    "spend per channel": (
        Spend(at_most=60, per="channel"),
        lambda t: all(money(t, channel=c) <= 3 for c in ("facebook", "tiktok")),
    ),
    "share of each post": (
        Share(at_most=0.4, per="post"),
        lambda t: all(money(t, post=p) <= 0.4 * money(t) for p in ("p0", "p1", "p2")),
    ),
    "share of a channel in each post": (
        Share(channel="tiktok", at_least=0.5, per="post"),
        lambda t: all(money(t, post=p, channel="tiktok") >= 0.5 * money(t, post=p) for p in ("p0", "p1", "p2")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("case", CASES)
def test_a_rule_is_answered_as_well_as_by_trying_all_plans(case, seed):
    rule, keeps = CASES[case]
    best, made = best_of_all(seed, WHOLE, keeps), planned(seed, rule)
    assert (made is None) == (best is None)
    if made is not None:
        assert made.objective == pytest.approx(best, rel=1e-3)
        assert made.certificate.bound >= best * (1 - 1e-9)


WEEKS = [(START, 7), (START + timedelta(days=7), 7)]
TIMES = {
    "spend by date": (
        Spend(date="2026-12-01/2026-12-02", at_most=12),
        lambda t: sum(daily(t)[1:3]) * STEP <= 12 + 1e-9,
    ),
    "spend per week": (Spend(at_most=60, per="week"), lambda t: sum(daily(t)[:7]) <= 3 + 1e-9 >= sum(daily(t)[7:]) - 1e-9),
    "lines per week": (
        LineCount(at_most=1, per="week"),
        lambda t: all(len([x for x in funded(t) if x.first == first]) <= 1 for first, _ in WEEKS),
    ),
    "one boost per post at a time": (
        LineCount(at_most=1, per=["post", "day"]),
        lambda t: all(len([x for x in funded(t) if (x.post, x.first) == key]) <= 1 for key in itertools.product(("p0", "p1"), (w for w, _ in WEEKS))),
    ),
    "a ceiling for each day": (PerDay(at_most=9), lambda t: max(daily(t)) * STEP <= 9 + 1e-9),
    "the same on all days": (PerDay(shape="even"), lambda t: np.ptp(daily(t)) < 1e-9),
    "never less than the week after": (
        PerDay(shape="front", per="week"),
        lambda t: sum(daily(t)[:7]) >= sum(daily(t)[7:]) - 1e-9,
    ),
    "not before": (NotBefore(channel="tiktok", date="2026-12-07"), lambda t: all(x.first >= date(2026, 12, 7) for x in funded(t) if x.channel == "tiktok")),
    "not after": (NotAfter(post="p1", date="2026-12-06"), lambda t: all(x.last <= date(2026, 12, 6) for x in funded(t) if x.post == "p1")),
    "blackout": (Blackout(date="2026-12-07/2026-12-13"), lambda t: sum(daily(t)[7:]) == 0),
}  # fmt: skip


@pytest.mark.parametrize("case", TIMES)
def test_a_rule_about_time_is_answered_as_well_as_by_trying_all_plans(case):
    rule, keeps = TIMES[case]
    best, made = best_of_all(5, WEEKS, keeps, count=2), planned(5, rule, count=2, split="week")
    assert (made is None) == (best is None)
    if made is not None:
        assert made.objective == pytest.approx(best, rel=1e-3)
        assert made.certificate.bound >= best * (1 - 1e-9)


@pytest.mark.parametrize("case", ["at most two posts", "needs on each channel", "one line per post"])
def test_both_engines_agree_on_choices(case):
    rule = CASES[case][0]
    first, second = planned(2, rule), planned(2, rule, engine="pulp")
    assert first.objective == pytest.approx(second.objective, rel=1e-4)


def test_a_line_that_a_blackout_splits_runs_before_and_after():
    made = planned(1, Blackout(channel="facebook", date="2026-12-05"), Hold(channel="tiktok"))
    assert {(line.start, line.days) for line in made.lines_planned} == {(START, 5), (date(2026, 12, 6), 8)}


def test_rules_about_dates_leave_other_lines_whole():
    made = planned(1, NotBefore(channel="facebook", date="2026-12-05"))
    assert {(line.channel, line.start, line.days) for line in made.lines_planned} == {
        ("facebook", date(2026, 12, 5), 9),
        ("tiktok", START, 14),
    }


def test_the_money_of_a_week_s_slot_runs_on_its_own_days():
    from mediaplan.slots import Slot, Slots

    slot = Slot.read("work", "mon-fri", "8-18")
    known = response(posts=1, channels=("facebook",), audiences=1, slots=("work",), seed=1, draws=1)
    object.__setattr__(known, "slots", Slots({"work": slot}))
    asked = Brief(budget=100, currency="EUR", start=START, days=7, slots=(slot,), rules=(PerDay(at_most=10),))
    assert plan(asked, known).spent.minor == 5 * 1000
    saturday = asked.but(rules=(Spend(date="2026-12-05", at_least=1),))
    with pytest.raises(NoPlanError):
        plan(saturday, known)


REFUSED = {
    "a hold and a contract": (
        (Hold(post="p1"), Spend(post="p1", at_least=20)),
        {"on hold: p1", "spend on p1: at least €20"},
    ),
    "a count that there are not enough lines for": (
        (LineCount(at_least=7), Spend(post="p0", at_most=100)),
        {"funded lines: at least 7"},
    ),
    "committed money beyond the budget": (
        (Locked(channel="tiktok", amount=500),),
        {"budget: at most €120", "committed to tiktok: exactly €500"},
    ),
    "a need that is excluded": (
        (Needs(post="p0", needs={"post": "p1"}), Excludes(post=["p0", "p1"]), Spend(post="p0", at_least=20)),
        {"p0 needs p1", "at most one of: p0, p1", "spend on p0: at least €20"},
    ),
    "a blackout of the only days": (
        (Blackout(channel="tiktok", date="2026-11-30/2026-12-13"), LineCount(channel="tiktok", at_least=1)),
        {"tiktok: nothing on Mon 30 Nov 2026 to Sun 13 Dec 2026", "funded lines (tiktok): at least 1"},
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_clash_is_named_by_its_rules_and_each_repair_mends_it(case):
    rules, clashing = REFUSED[case]
    asked = Brief(budget=120, currency="EUR", start=START, days=14, rules=rules)
    with pytest.raises(NoPlanError) as refused:
        plan(asked, world(1))
    (conflict,) = refused.value.conflicts
    assert {str(rule) for rule in conflict.rules} == clashing
    assert refused.value.repairs
    from mediaplan.ui.repairing import repaired

    for repair in refused.value.repairs:
        mended = repaired(asked, repair)
        assert mended != asked
        assert plan(mended, world(1)).spent.minor > 0


def test_what_a_hold_and_a_count_cost_is_what_planning_without_them_gains():
    free, held = planned(1), planned(1, Hold(post="p2"))
    (cost,) = (kept.price for kept in held.rules if str(kept.rule) == "on hold: p2")
    assert cost == pytest.approx(free.objective - held.objective, rel=1e-6)
    one, two = planned(1, PostCount(at_most=1)), planned(1, PostCount(at_most=2))
    assert one.rules[-1].price == pytest.approx(two.objective - one.objective, rel=1e-3)


def test_a_soft_rule_gives_way_where_that_is_worth_more_than_its_price():
    hard, free = planned(1, PostCount(at_most=1)), planned(1)
    cheap = planned(1, PostCount(at_most=1, soft=1e-6))
    dear = planned(1, PostCount(at_most=1, soft=1e6))
    assert cheap.totals.results.mean == pytest.approx(free.objective, rel=1e-3)
    assert cheap.to_dict()["objective"]["penalties"] == pytest.approx(
        1e-6 * (len({x.post for x in cheap.lines_planned}) - 1)
    )
    assert dear.objective == pytest.approx(hard.objective, rel=1e-3)
    assert dear.to_dict()["objective"]["penalties"] == 0


def test_a_soft_share_counts_its_shortfall_in_shares_of_the_budget():
    known, asked = response(seed=7), Brief(budget=1000, currency="EUR", start=START, days=7)
    soft = Share(channel="facebook", at_least=0.9, soft=2.0)
    made = plan(asked.but(rules=(soft,)), known)
    short = 0.9 - sum(line.amount.amount for line in made.lines_planned if line.channel == "facebook") / 1000
    penalties = made.to_dict()["objective"]["penalties"]
    assert short > 0
    assert penalties == pytest.approx(2.0 * short, rel=1e-6)
    assert made.objective == pytest.approx(made.totals.results.mean - penalties, rel=1e-9)
    for other in (0.0, 0.3, 0.6, 0.9):
        firm = plan(asked.but(rules=(Share(channel="facebook", at_least=other),)), known)
        got = sum(x.amount.amount for x in firm.lines_planned if x.channel == "facebook") / 1000
        assert firm.objective - 2.0 * max(0.9 - got, 0) <= made.objective * (1 + 1e-6)


@pytest.mark.parametrize(
    "rule",
    [
        PostCount(at_most=12),
        LineCount(at_most=9),
        LineCount(at_most=1, per="post"),
        Needs(post="p1", needs={"post": "p2"}),
    ],
)
def test_a_large_question_with_choices_is_answered_within_its_certificate(rule):
    known = response(
        posts=60, channels=("facebook", "instagram/feed", "instagram/stories"), audiences=3, slots=(), seed=3
    )
    asked = Brief(budget=3000, currency="EUR", start=START, days=7, rules=(rule,))
    made = plan(asked, known)
    assert made.certificate.gap < 5e-3
    free = plan(asked.but(rules=()), known)
    assert made.objective <= free.certificate.bound
    assert made.certificate.bound <= free.certificate.bound * (1 + 1e-6)
