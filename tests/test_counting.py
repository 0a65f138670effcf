"""Cuts on the counts of funded lines: no plan is cut off, what is proven holds, and plans are as good as without them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import drawn_objective
from narrowing_tried import holds_all_above_its_ceiling, stated

from mediaplan.brief.terms import Choice, Domain, Linear, Term
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.formulation.losing import Losing
from mediaplan.planning.formulation.narrowing import narrowed, within_rows
from mediaplan.planning.patience import Patience
from mediaplan.planning.search import choosing_whole, counting
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.solving import best_money
from mediaplan.planning.solvers.highs import solve
from mediaplan.planning.solvers.tightening import tightened
from mediaplan.words import Sentence

EACH, LEAST, STEP = 300, 200, 100
few = settings(max_examples=15, deadline=None)


def invented(lines: int, seed: int) -> Objective:
    return drawn_objective(lines, seed, spread=0.6, scale=1.5)


def rules(
    lines: int, count: int, groups: int, seed: int, *, step: int = STEP, cap: float = 0.6
) -> list[Term]:
    """A budget, caps on two families of groups, nothing or a least, at most so many lines."""
    ones, each, random = np.ones(lines), np.arange(lines), np.random.default_rng(seed)
    terms: list[Term] = [Linear.over(ones, -np.inf, float(EACH * lines), ones > 0)]
    for _ in range(2):
        group = random.integers(0, groups, lines)
        masks = [group == number for number in range(groups) if (group == number).any()]
        most = cap * EACH * lines
        terms += [Linear.over(mask.astype(float), -np.inf, most, mask) for mask in masks]
    terms.append(Domain(ones > 0, at_least=LEAST, step=step))
    terms.append(Choice(each, each, ones, -np.inf, float(count)))
    return terms


def asked(terms: list[Term], objective: Objective) -> Asked:
    return stated(terms, objective, EACH * objective.lines)


def all_plans(terms: list[Term], lines: int) -> list[np.ndarray]:
    """Every plan that keeps the rules, in whole steps."""
    each = [0, *range(LEAST, EACH * lines + 1, STEP)]
    linear, (choice,) = Terms.of(terms).linear, Terms.of(terms).choices
    plans = (np.array(plan, dtype=float) for plan in product(each, repeat=lines))
    return [
        plan
        for plan in plans
        if (plan > 0).sum() <= choice.at_most and all(term.total(plan) <= term.at_most for term in linear)
    ]


def tight(question: Asked, left) -> Losing:
    inside = replace(question, limits=left.limits)
    program, layout = inside.program(left.lines, left.cuts, whole=True, above=True)
    found = tightened(program)
    assert found is not None
    return Losing.by(found.bound, found.reduced, layout, left)


@few
@given(
    seed=st.integers(0, 2**31),
    count=st.integers(1, 3),
    part=st.floats(0.0, 0.2),
    step=st.sampled_from([1, STEP]),
)
def test_every_plan_above_the_ceiling_is_still_among_what_reduced_costs_leave(seed, count, part, step):
    objective, terms = invented(4, seed), rules(4, count, 2, seed, step=step)
    question = asked(terms, objective)
    relaxed = question.relaxed()
    assert relaxed is not None
    limits = within_rows(question.limits, question.terms.linear)
    wide = narrowed(relaxed, limits, objective, 0.5 * relaxed.bound)
    losing = tight(question, replace(wide, cuts=wide.roughly))
    left = losing.left(wide, objective, part * relaxed.bound)
    plans = all_plans(terms, 4)
    assert max(objective.total(plan) for plan in plans) <= losing.bound * (1 + 1e-9)
    assert holds_all_above_its_ceiling(left, plans, objective)


@few
@given(seed=st.integers(0, 2**31), count=st.integers(2, 9), groups=st.integers(2, 6))
def test_a_tightened_bound_lies_between_the_best_whole_point_and_the_relaxation(seed, count, groups):
    objective, terms = invented(16, seed), rules(16, count, groups, seed, cap=0.2)
    question = asked(terms, objective)
    relaxed = question.relaxed()
    assert relaxed is not None
    program, _ = question.program(np.arange(16), relaxed.cuts, whole=True, above=True)
    found = tightened(program)
    assert found is not None
    assert found.bound >= solve(program).value * (1 - 1e-9)
    assert found.bound <= solve(replace(program, whole=np.zeros_like(program.whole))).value * (1 + 1e-9)


def test_cuts_close_most_of_the_gap_where_counts_bind():
    objective, terms = invented(60, 3), rules(60, 9, 8, 3, step=1, cap=0.13)
    question = asked(terms, objective)
    relaxed = question.relaxed()
    assert relaxed is not None
    program, _ = question.program(np.arange(60), relaxed.cuts, whole=True, above=True)
    found, best = tightened(program), solve(program)
    bare = solve(replace(program, whole=np.zeros_like(program.whole))).value
    assert found is not None
    assert bare - best.value > 1e-3 * best.value
    assert found.bound - best.value < 0.5 * (bare - best.value)


@few
@given(seed=st.integers(0, 2**31))
def test_no_line_receives_more_than_a_limit_on_money_leaves_it(seed):
    terms = rules(4, 2, 2, seed)
    question = asked(terms, invented(4, seed))
    limits = within_rows(question.limits, question.terms.linear)
    for plan in all_plans(terms, 4):
        assert (plan <= limits.most).all()
    assert (limits.most <= question.limits.most).all()
    assert (limits.most >= limits.least).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_many_lines_of_which_few_may_be_funded_are_proven_and_no_other_way_finds_better(seed, monkeypatch):
    objective, terms = invented(450, seed), rules(450, 14, 20, seed, step=1, cap=0.09)
    demands = [Demand(Sentence("x"), (term,)) for term in terms]
    told = []
    real = counting.counted

    def told_of(question, relaxed, known):
        told.append(real(question, relaxed, known))
        return told[-1]

    monkeypatch.setattr(choosing_whole, "counted", told_of)
    solved = best_money(demands, objective, EACH * 450, solve)
    monkeypatch.setattr(choosing_whole, "counted", lambda *_: None)
    other = best_money(demands, objective, EACH * 450, solve)
    assert told
    assert told[0] is not None
    assert solved is not None
    assert other is not None
    assert solved.bound - solved.value <= 1.05e-3 * solved.bound
    assert solved.value <= other.bound
    assert other.value <= solved.bound
    assert (solved.amounts > 0).sum() <= 14


def test_the_same_question_is_answered_the_same():
    objective, terms = invented(450, 4), rules(450, 14, 20, 4, step=1, cap=0.09)
    demands = [Demand(Sentence("x"), (term,)) for term in terms]
    first, again = (best_money(demands, objective, EACH * 450, solve) for _ in range(2))
    assert first is not None
    assert again is not None
    assert (first.amounts == again.amounts).all()
    assert first.bound == again.bound


def test_nothing_is_tightened_once_the_time_is_over():
    objective, terms = invented(16, 0), rules(16, 4, 3, 0)
    question = asked(terms, objective)
    relaxed = question.relaxed()
    assert relaxed is not None
    program, _ = question.program(np.arange(16), relaxed.cuts, whole=True, above=True)
    moments = iter([0.0, *[10.0] * 100])
    wait = Patience(1.0, clock=lambda: next(moments)).begun()
    assert tightened(program, wait) is None
