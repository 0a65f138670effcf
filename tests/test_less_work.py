"""Work that nobody reads is not done, and what is done with fewer lines or pieces proves what all of them would."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from invented import drawn_objective, posts_table, response
from narrowing_tried import stated

import mediaplan as mp
from mediaplan.brief.terms import Choice, Domain, Linear, Term
from mediaplan.planning.asking.demands import Demand, limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.narrowing import narrowed
from mediaplan.planning.formulation.program import Program, Solution
from mediaplan.planning.formulation.straight import tangents
from mediaplan.planning.search import choosing_whole, searching
from mediaplan.planning.search.auditing import broken_demands
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.search.solving import best_money
from mediaplan.planning.solvers.highs import solve
from mediaplan.words import Sentence


def invented(lines: int, seed: int) -> Objective:
    return drawn_objective(lines, seed, spread=0.8, scale=5)


def rules(lines: int, count: int, seed: int = 3) -> list[Term]:
    """A budget, caps that few lines fill, nothing or a least, and at most so many lines."""
    ones, each, budget = np.ones(lines), np.arange(lines), 600.0 * lines
    group = np.random.default_rng(seed).integers(0, 20, lines)
    caps = [
        Linear.over((group == g).astype(float), -np.inf, 0.08 * budget, group == g)
        for g in range(20)
        if (group == g).any()
    ]
    return [
        Linear.over(ones, -np.inf, budget, ones > 0),
        *caps,
        Domain(ones > 0, at_least=3000),
        Choice(each, each, ones, -np.inf, float(count)),
    ]


def asked(terms: list[Term], objective: Objective) -> Asked:
    return stated(terms, objective, 600 * objective.lines)


@pytest.mark.parametrize(("lines", "seed"), [(60, 5), (450, 6)])
def test_a_plan_that_is_only_compared_is_as_good_and_its_looser_bound_still_one(lines, seed):
    objective, terms = invented(lines, seed), rules(lines, 14)
    demands = [Demand(Sentence("x"), (term,)) for term in terms]
    programs = []

    def counting(program: Program) -> Solution:
        programs.append(bool(program.whole.any()))
        return solve(program)

    proven = best_money(demands, objective, 600 * lines, counting)
    before = sum(programs)
    compared = best_money(demands, objective, 600 * lines, counting, proving=False)
    assert sum(programs) - before < before
    assert proven.bound < compared.bound
    assert compared.value == pytest.approx(proven.value, rel=1e-3)
    assert compared.value <= proven.bound


def test_an_explanation_proves_the_plan_that_it_explains_and_none_beside_it(monkeypatch):
    proofs, real = [], choosing_whole.proven

    def counted(question, best, left):
        proofs.append(best)
        return real(question, best, left)

    monkeypatch.setattr(choosing_whole, "proven", counted)
    table = posts_table(post=[f"p{i}" for i in range(5)], value=1.0)
    known = response(posts=5, channels=("facebook", "instagram"), audiences=1, slots=(), posts_table=table)
    brief = mp.Brief(
        currency="EUR",
        budget=200,
        start="2026-11-30",
        days=14,
        goal=mp.MostResults(),
        rules=(mp.EachLine(or_zero=True, at_least=70), mp.Spend(post="p3", at_least=70)),
    )
    told = mp.explain(brief, known)
    assert len(told.rules) == 2
    assert told.left_out
    assert len(proofs) == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_rounds_with_the_lines_near_the_plan_end_where_rounds_with_all_of_them_end(monkeypatch, seed):
    question = asked(rules(450, 25, seed), invented(450, seed))
    few = question.relaxed()
    monkeypatch.setattr(searching, "KEPT", 10**6)
    every = question.relaxed()
    assert len(few.working) < len(every.working)
    assert few.straight == pytest.approx(every.straight, rel=2e-5)
    # Each of the two bounds is one for both.
    assert few.straight <= every.bound * (1 + 1e-9)
    assert every.straight <= few.bound * (1 + 1e-9)
    assert few.bound == pytest.approx(every.bound, rel=2e-5)


def test_few_pieces_of_a_line_lie_above_its_curve_and_never_make_it_worth_its_money():
    objective = invented(450, 7)
    question = asked(rules(450, 20), objective)
    relaxed = question.relaxed()
    left = narrowed(relaxed, question.limits, objective, 0.02 * relaxed.bound)
    fewer = np.flatnonzero((left.proving.lines != left.cuts.lines).any(axis=1))
    assert len(fewer) > 50
    knots = left.proving.lines
    ends, slope = tangents(objective, knots, objective.worth(knots))
    first = objective.worth(knots[:, :1])
    above = np.concatenate([first, first + np.cumsum(slope * np.diff(ends, axis=1), axis=1)], axis=1)
    curve, proof = objective.worth(ends), relaxed.proof
    assert (above >= curve - 1e-9 * np.abs(curve)).all()
    beyond = above - proof.paid[:, None] * ends - proof.charge[:, None]
    assert (beyond[fewer] <= proof.profit[fewer, None] + 1e-6 * relaxed.bound).all()
    assert (proof.profit[fewer] < 0).all()


@pytest.mark.parametrize("seed", [0, 4])
def test_of_many_lines_the_best_of_all_choices_of_few_is_within_the_proof(seed):
    # 401 lines, of which all but eight bring next to nothing: the best plan of those is known by trying all choices.
    objective = invented(401, seed)
    curves = objective.curves
    weak = np.arange(401) >= 8
    rate = np.where(weak[None, :, None], 1e-4, curves.rate)
    objective = replace(objective, curves=replace(curves, rate=rate))
    ones, each, budget = np.ones(401), np.arange(401), 30_000
    terms: list[Term] = [
        Linear.over(ones, -np.inf, float(budget), ones > 0),
        Domain(ones > 0, at_least=4000),
        Choice(each, each, ones, -np.inf, 3.0),
    ]
    solved = best_money([Demand(Sentence("x"), (t,)) for t in terms], objective, budget, solve)

    def best_of(chosen: tuple[int, ...]) -> float:
        free: list[Term] = [terms[0], Domain(~np.isin(each, chosen), 0, 0)]
        free += [Domain(np.isin(each, chosen), at_least=4000, or_zero=False)]
        return best_money([Demand(Sentence("x"), (t,)) for t in free], objective, budget, solve).value

    best = max(best_of(chosen) for size in (1, 2, 3) for chosen in itertools.combinations(range(8), size))
    assert solved.value <= best * (1 + 1e-6)
    assert best <= solved.bound * (1 + 1e-9)
    assert solved.bound <= 1.001 * solved.value


def test_a_domain_with_an_end_for_each_line_limits_and_judges_each_by_its_own():
    lines = np.array([True, True, False])
    domain = Domain(lines, np.array([10, 0, 0]), np.array([40.0, 25.0, np.inf]))
    limits = limits_of([domain], 3, 100)
    assert limits.least.tolist() == [10, 0, 0]
    assert limits.most.tolist() == [40, 25, 101]
    demand, objective = Demand(Sentence("ends"), (domain,)), invented(3, 1)
    assert broken_demands(np.array([40, 25, 99]), [demand], objective) == ()
    assert broken_demands(np.array([0, 0, 0]), [demand], objective) == ()
    for amounts in ([41, 0, 0], [0, 26, 0], [9, 0, 0]):
        assert broken_demands(np.array(amounts), [demand], objective) == (demand.said,)
