"""Lines chosen whole: nothing better is ruled out, and nothing that could be had is missed. Judged by trying all plans."""

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
from mediaplan.planning.asking.demands import Demand, limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.cuts import first_cuts
from mediaplan.planning.formulation.formulating import Terms, formulate
from mediaplan.planning.formulation.narrowing import narrowed
from mediaplan.planning.search import choosing_whole
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.solving import best_money
from mediaplan.planning.solvers.highs import solve
from mediaplan.words import Sentence

BUDGET, STEP = 600, 50
few = settings(max_examples=12, deadline=None)


def invented(lines: int, seed: int) -> Objective:
    return drawn_objective(lines, seed, spread=0.5, scale=1)


def rules(lines: int, least: int, count: int, *, step: int = STEP) -> list[Term]:
    """A budget, nothing or a least, at least 30 % on the first half, and at most so many lines."""
    ones, first = np.ones(lines), np.arange(lines) < lines // 2
    each = np.arange(lines)
    return [
        Linear.over(ones, -np.inf, BUDGET * lines / 5, ones > 0),
        Linear.over(np.where(first, 0.7, -0.3), 0.0, np.inf, first),
        Domain(ones > 0, at_least=least, step=step),
        Choice(each, each, ones, -np.inf, float(count)),
    ]


def asked(terms: list[Term], objective: Objective) -> Asked:
    return stated(terms, objective, BUDGET * objective.lines // 5)


def all_plans(lines: int, least: int, count: int) -> list[np.ndarray]:
    """Every plan of so few lines that keeps the rules, in whole steps."""
    most = BUDGET * lines // 5
    each = [0, *range(-(-least // STEP) * STEP, most + 1, STEP)]
    found = []
    for plan in product(each, repeat=lines):
        amounts = np.array(plan, dtype=float)
        first = amounts[: lines // 2].sum()
        if amounts.sum() <= most and first >= 0.3 * amounts.sum() and (amounts > 0).sum() <= count:
            found.append(amounts)
    return found


@few
@given(
    seed=st.integers(0, 2**31), least=st.integers(50, 200), count=st.integers(1, 4), part=st.floats(1e-4, 0.3)
)
def test_every_plan_above_the_ceiling_is_still_in_the_narrowed_question(seed, least, count, part):
    objective = invented(4, seed)
    question = asked(rules(4, least, count), objective)
    relaxed = question.relaxed()
    assert relaxed is not None
    left = narrowed(relaxed, question.limits, objective, part * relaxed.bound)
    assert holds_all_above_its_ceiling(left, all_plans(4, least, count), objective)


@few
@given(seed=st.integers(0, 2**31), least=st.integers(50, 200), count=st.integers(1, 4))
def test_counted_lines_are_chosen_as_well_as_by_trying_all(seed, least, count):
    objective = invented(4, seed)
    demands = [Demand(Sentence("x"), (term,)) for term in rules(4, least, count)]
    solved = best_money(demands, objective, BUDGET * 4 // 5, solve)
    best = max(objective.total(amounts) for amounts in all_plans(4, least, count))
    assert solved is not None
    assert solved.bound >= best * (1 - 1e-12)
    assert solved.value == pytest.approx(best, rel=2e-4)


@few
@given(seed=st.integers(0, 2**31), least=st.integers(50, 200), count=st.integers(2, 7))
def test_counting_funded_lines_changes_no_optimum(seed, least, count):
    objective = invented(8, seed)
    question = asked(rules(8, least, count), objective)
    cuts = first_cuts(question.limits, objective, question.terms.linear)
    program, _ = formulate(question.terms, question.limits, question.budget, objective, cuts)
    bare, _ = formulate(question.terms, question.limits, question.budget, objective, cuts, whole=False)
    assert program.matrix.shape[1] > bare.matrix.shape[1]
    whole = program.whole[: bare.matrix.shape[1]]
    assert solve(program).value == pytest.approx(solve(replace(bare, whole=whole)).value, rel=2e-4)


@few
@given(
    seed=st.integers(0, 2**31), least=st.integers(50, 200), count=st.integers(2, 7), part=st.floats(1e-3, 0.2)
)
def test_a_value_that_points_must_be_beyond_hides_none_that_is_and_proves_that_there_is_none(
    seed, least, count, part
):
    objective = invented(8, seed)
    question = asked(rules(8, least, count), objective)
    cuts = first_cuts(question.limits, objective, question.terms.linear)
    program, _ = formulate(question.terms, question.limits, question.budget, objective, cuts)
    best = solve(program)
    below, above = (solve(replace(program, beyond=best.value * factor)) for factor in (1 - part, 1 + part))
    assert below.value == pytest.approx(best.value, rel=2e-4)
    assert below.bound >= best.value * (1 - 1e-9)
    assert above.bound <= best.value * (1 + part) * (1 + 1e-9)


def test_where_no_line_can_be_funded_nothing_is_left_out():
    # The least is above the budget: there is only the plan without money.
    objective = invented(4, 3)
    question = asked(rules(4, 1000, 2), objective)
    relaxed = question.relaxed()
    assert relaxed is not None
    left = narrowed(relaxed, question.limits, objective, 0.0)
    assert len(left.lines) == 4
    chosen = choosing_whole.chosen(question, relaxed)
    assert chosen is not None
    assert not chosen.amounts.any()


def test_half_a_line_is_worth_half_of_what_it_is_at_its_least():
    # One line, at least 100 if anything, and money for 50: the relaxation lies on the way from nothing to the least.
    objective = invented(1, 3)
    ones = np.ones(1)
    terms: list[Term] = [Linear.over(ones, -np.inf, 50.0, ones > 0), Domain(ones > 0, at_least=100)]
    limits, stated = limits_of(terms, 1, 1000), Terms.of(terms)
    cuts = first_cuts(limits, objective, stated.linear)
    program, layout = formulate(stated, limits, 1000, objective, cuts, whole=False)
    half = 0.5 * objective.total(np.array([100.0]))
    assert solve(program).value * layout.worth == pytest.approx(half, rel=1e-9)


@pytest.mark.parametrize("count", [20, 60])
def test_of_many_lines_a_count_that_binds_is_proven_to_a_thousandth(count):
    objective = invented(450, 7)
    terms = rules(450, 400, count, step=1)
    demands = [Demand(Sentence("x"), (term,)) for term in terms]
    solved = best_money(demands, objective, BUDGET * 90, solve)
    assert solved is not None
    assert (solved.amounts > 0).sum() == count
    assert solved.value <= solved.bound <= solved.value * 1.001
    # The best lines by what an even share of the money brings, with that share each, are never better.
    even = BUDGET * 90 / count
    worth = objective.worth(np.full((450, 1), even))[:, 0]
    half = [np.argsort(-worth[:225])[: count // 2], 225 + np.argsort(-worth[225:])[: count // 2]]
    simple = np.zeros(450)
    simple[np.concatenate(half)] = np.floor(even)
    assert objective.total(simple) <= solved.value


def test_where_a_count_binds_the_proof_finds_the_plans_that_the_first_choice_passed_over():
    objective = invented(450, 7)
    question = asked(rules(450, 400, 20, step=1), objective)
    relaxed = question.relaxed()
    assert relaxed is not None
    first, left = choosing_whole.among_few(question, relaxed)
    assert first is not None
    poor = replace(first, amounts=0.5 * first.amounts, straight=0.5 * first.straight, bound=relaxed.bound)
    better = choosing_whole.proven(question, poor, replace(left, ceiling=poor.straight))
    assert better.straight == pytest.approx(objective.total(better.amounts), rel=1e-12)
    assert better.straight > poor.straight
    assert better.straight <= better.bound <= 1.001 * better.straight
