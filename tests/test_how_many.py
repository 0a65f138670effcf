"""Briefs of more lines, or of more rules, than usual: refused in time with words, or planned the same."""

from __future__ import annotations

import numpy as np
import pytest
from invented import response

import mediaplan as mp
from mediaplan.planning.asking import how_many
from mediaplan.planning.asking.how_many import check_combinations


def brief(**changes: object) -> mp.Brief:
    asked = {"currency": "EUR", "budget": 1500, "start": "2026-11-30", "days": 14}
    return mp.Brief(**{**asked, **changes})


def test_lines_beyond_what_can_be_held_are_refused_with_what_they_are_made_of(monkeypatch):
    known = response(posts=4, channels=("facebook", "tiktok"), audiences=3, slots=())
    monkeypatch.setattr(how_many, "MOST_LINES", 24)
    assert mp.plan(brief(), known).lines_planned
    monkeypatch.setattr(how_many, "MOST_LINES", 23)
    with pytest.raises(mp.InputError) as refused:
        mp.plan(brief(), known)
    said = str(refused.value)
    assert "24 lines (4 posts, 2 channels, 3 audiences, 1 slots, 1 beginnings)" in said
    assert "more than 23" in said
    assert 'lines = "seen"' in said


def test_combinations_are_counted_before_they_are_made(monkeypatch):
    known = response(posts=4, channels=("facebook", "tiktok"), audiences=3, slots=())
    monkeypatch.setattr(how_many, "MOST_COMBINATIONS", 24)
    check_combinations(24)
    assert mp.plan(brief(), known).lines_planned
    monkeypatch.setattr(how_many, "MOST_COMBINATIONS", 23)
    monkeypatch.setattr(np, "column_stack", None)  # what makes them is never reached
    with pytest.raises(mp.InputError, match="make 24 lines; more than"):
        mp.plan(brief(), known)


def test_rules_that_say_nothing_change_no_amount_however_many_they_are():
    known = response(posts=4, channels=("facebook", "tiktok"), audiences=3, slots=())
    few = (mp.Share(channel="tiktok", at_least=0.4), mp.Spend(audience="a1", at_most=300))
    idle = tuple(mp.Spend(post=f"p{n % 4}", audience=f"a{n % 3}", at_most=1400 + n) for n in range(600))
    plain, crowded = (mp.plan(brief(rules=rules), known) for rules in (few, (*few, *idle)))
    assert crowded.objective == pytest.approx(plain.objective, rel=1e-9)
    assert [line.amount for line in crowded.lines_planned] == [line.amount for line in plain.lines_planned]
    assert [line.why for line in crowded.lines_planned] == [line.why for line in plain.lines_planned]
