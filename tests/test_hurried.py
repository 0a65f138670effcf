"""Many lines and little time: Newton's method ends with the clock, with a plan that keeps the rules, or with none."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import response

import mediaplan as mp
from mediaplan.brief.terms import Domain, Linear
from mediaplan.planning.asking.demands import limits_of
from mediaplan.planning.making import plan
from mediaplan.planning.many_lines import duals
from mediaplan.planning.many_lines.lessening import lessened
from mediaplan.planning.patience import Patience, Progress

LINES = 12
RULES = (
    mp.Spend(channel="facebook", at_most=500),
    mp.Share(channel="tiktok", at_least=0.3),
    mp.Spend(per="audience", at_most=60),
)


@pytest.fixture
def known(monkeypatch):
    """Lines of which each step of Newton's method counts as long."""
    monkeypatch.setattr(duals, "DENSE", 0)
    return response(posts=6, channels=("facebook", "instagram", "tiktok"), audiences=30, slots=())


def brief(**changes: object) -> mp.Brief:
    asked = {"currency": "EUR", "budget": 1500, "start": "2026-11-30", "days": 14, "rules": RULES}
    return mp.Brief(**{**asked, **changes})


def after(readings: int, told: list[Progress] | None = None) -> Patience:
    """A patience whose time is over from the n-th reading of its clock on, whatever the machine does."""
    ticks = count()
    return Patience(
        3600, lambda: 0.0 if next(ticks) < readings else 1e5, None if told is None else told.append
    )


def money(found: mp.Plan, **at: str) -> int:
    """Minor units on the lines of those names."""
    lines = found.lines_planned
    return sum(
        line.amount.minor for line in lines if all(getattr(line, key) == name for key, name in at.items())
    )


def test_whenever_time_ends_many_lines_have_a_proven_plan_or_none(known):
    best = mp.plan(brief(), known)
    ended, values = [], []
    for readings in range(1, 60, 3):
        try:
            found = plan(brief(), known, patience=after(readings))
        except mp.StoppedError:
            ended.append("none")
            continue
        certificate = found.certificate
        assert certificate.bound >= best.objective * (1 - 1e-9)
        assert found.objective <= best.certificate.bound * (1 + 1e-9)
        assert money(found) <= 150_000
        assert money(found, channel="facebook") <= 50_000
        assert max(money(found, audience=f"a{number}") for number in range(30)) <= 6_000
        assert money(found, channel="tiktok") >= 0.3 * money(found) - 100
        ended.append(certificate.status)
        values.append(found.objective)
    assert ended == sorted(ended, key=["none", "stopped", "optimal"].index)
    assert {"stopped", "optimal"} <= set(ended)
    assert values[0] < values[-1]  # the first ones really were hurried
    assert values[-1] == pytest.approx(best.objective, rel=1e-6)


def test_money_that_must_be_spent_is_never_given_up_for_want_of_time(known):
    asked = brief(rules=(*RULES, mp.Spend(post="p0", at_least=400)))
    for readings in range(1, 60, 6):
        try:
            found = plan(asked, known, patience=after(readings))
        except mp.StoppedError:
            continue
        assert money(found, post="p0") >= 40_000


def test_many_lines_tell_how_far_they_are(known):
    told: list[Progress] = []
    found = plan(brief(), known, patience=after(10**9, told))
    assert told
    assert told[-1].best == pytest.approx(found.objective, rel=1e-6)
    assert told[-1].bound >= found.objective
    assert told[-1].gap < 1e-4


def test_many_lines_that_are_called_off_end_with_what_is_there(known):
    found = plan(brief(), known, patience=Patience(called_off=lambda: True))
    assert found.certificate.status == "stopped"
    assert found.objective <= found.certificate.bound


@given(st.integers(0, 10**6))
def test_lessened_amounts_are_no_larger_and_keep_every_limit(seed):
    random = np.random.default_rng(seed)
    every = np.ones(LINES, dtype=bool)
    terms = [Linear.over(np.ones(LINES), -np.inf, float(random.integers(100, 2000)), every)]
    for _ in range(random.integers(0, 5)):
        mask = random.random(LINES) < 0.5
        share = float(random.choice([0.1, 0.3, 0.6]))
        low, high = (0.0, np.inf) if random.random() < 0.5 else (-np.inf, 0.0)
        terms.append(Linear.over(mask - share, low, high, mask, ratio=True))
    needed = Domain(np.arange(LINES) == 3, at_least=20, or_zero=False)
    limits = limits_of((*terms, needed), LINES, 2000)
    amounts = np.maximum(random.exponential(100, LINES), limits.least)
    found = lessened(terms, limits, amounts)
    if all(term.at_least <= term.weights @ amounts <= term.at_most for term in terms):
        assert found is not None
        np.testing.assert_array_equal(found, amounts)
    if found is None:
        return
    near = 1e-6 * amounts.sum()
    assert (found <= amounts + near).all()
    assert (found >= limits.least - near).all()
    for term in terms:
        assert term.at_least - near <= term.weights @ found <= term.at_most + near


def test_a_ceiling_alone_takes_the_same_part_of_every_line():
    amounts = np.array([10.0, 30.0, 60.0])
    ceiling = Linear.over(np.ones(3), -np.inf, 50.0, np.ones(3, dtype=bool))
    floor = Linear.over(np.array([1.0, 0.0, 0.0]), 8.0, np.inf, np.arange(3) == 0)
    limits = limits_of((), 3, 100)
    np.testing.assert_allclose(lessened([ceiling], limits, amounts), [5.0, 15.0, 30.0])
    assert lessened([ceiling, floor], limits, amounts) is None
