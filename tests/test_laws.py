"""The laws of a plan, against oracles that know nothing of linear programs."""

import itertools
import json
from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import every_line, response
from small_questions import (
    brief,
    budgets,
    few,
    keeps,
    money_rules,
    planned,
    repaired,
    rules_lists,
    seeds,
    switch_rules,
)

from mediaplan.brief.rules import EachLine, Share, Spend
from mediaplan.errors import NoPlanError
from mediaplan.planning.making import plan
from mediaplan.response.responses import Response


def water_filling(known: Response, money: float) -> float:
    """The best worth of money under a budget alone: all lines at one marginal price, found by halving on the price."""
    curves = known.curves(every_line(known))
    rate, scale = curves.rate[0, :, 0], curves.scale[0, :, 0]
    low, high = 1e-12, float(rate.max())
    for _ in range(200):
        price = (low * high) ** 0.5
        each = scale * np.maximum(np.sqrt(rate / price) - 1, 0)
        low, high = (price, high) if each.sum() > money else (low, price)
    return float((rate * each / (1 + each / scale)).sum())


@few
@given(seed=seeds, budget=budgets)
def test_a_plan_without_rules_is_as_good_as_water_filling(seed, budget):
    known = response(seed=seed, draws=1)
    made = plan(brief(budget), known)
    best = water_filling(known, budget)
    assert made.objective <= best * (1 + 1e-9)
    assert made.objective >= best * (1 - 1e-4)
    assert made.certificate.bound >= best * (1 - 1e-9)


@few
@given(seed=seeds, budget=budgets, rules=rules_lists, switch=st.none() | switch_rules)
def test_law_1_and_5_a_plan_keeps_every_rule_in_payable_amounts(seed, budget, rules, switch):
    asked = brief(budget, *rules, *([switch] if switch else []))
    made = planned(asked, response(seed=seed))
    if made is None:
        return
    assert all(keeps(made, rule) for rule in asked.rules)
    assert sum(line.amount.minor for line in made.lines_planned) == made.spent.minor
    assert made.spent.minor + made.unspent.minor == asked.budget.minor
    assert made.unspent.minor >= 0
    assert (made.unspent.minor == 0) == (made.unspent_reason is None)


@few
@given(seed=seeds, budget=budgets, more=st.floats(1.0, 3.0), rules=rules_lists)
def test_law_2_more_budget_never_gives_less(seed, budget, more, rules):
    known = response(seed=seed)
    small = planned(brief(budget, *rules), known)
    large = planned(brief(round(budget * more, 2), *rules), known)
    if small is None or any(isinstance(rule, Share) and rule.of == "budget" for rule in rules):
        return
    assert large is not None
    assert large.objective >= small.objective * (1 - large.certificate.gap) - 1e-9


@few
@given(seed=seeds, budget=budgets, rules=rules_lists, extra=money_rules)
def test_law_2_a_rule_never_helps_and_the_order_of_rules_does_not_matter(seed, budget, rules, extra):
    known = response(seed=seed)
    free, bound = planned(brief(budget, *rules), known), planned(brief(budget, *rules, extra), known)
    turned = planned(brief(budget, extra, *reversed(rules)), known)
    assert (bound is None) == (turned is None)
    if bound is None or free is None:
        return
    assert bound.objective <= free.objective * (1 + free.certificate.gap) + 1e-9
    assert turned.objective == pytest.approx(bound.objective, rel=max(2 * bound.certificate.gap, 1e-6))


@few
@given(seed=seeds, budget=budgets, rules=rules_lists)
def test_law_4_both_engines_agree_on_the_objective(seed, budget, rules):
    known = response(posts=2, audiences=1, seed=seed)
    rules = tuple(rule for rule in rules if rule.audience != ("a1",))
    first, second = planned(brief(budget, *rules), known), planned(brief(budget, *rules), known, "pulp")
    assert (first is None) == (second is None)
    if first is not None:
        assert second.objective == pytest.approx(first.objective, rel=1e-6)


@settings(few, max_examples=8)
@given(seed=seeds, budget=st.integers(100, 900), switch=switch_rules)
def test_law_4_both_engines_agree_on_choices_to_the_gap(seed, budget, switch):
    known = response(posts=2, audiences=1, seed=seed)
    first, second = plan(brief(budget, switch), known), plan(brief(budget, switch), known, engine="pulp")
    gap = max(first.certificate.gap, second.certificate.gap, 1e-6)
    assert second.objective == pytest.approx(first.objective, rel=gap)


def test_law_7_the_same_question_gives_the_same_bytes():
    asked = brief(700, Share(channel="instagram", at_least=0.4), EachLine(or_zero=True, at_least=20, step=5))
    first, second = (json.dumps(plan(asked, response(seed=4)).to_dict(), allow_nan=False) for _ in range(2))
    assert first == second


@few
@given(seed=seeds, budget=st.integers(30, 300), least=st.integers(5, 60), step=st.sampled_from([5, 10, 15]))
def test_choices_are_as_good_as_trying_them_all(seed, budget, least, step):
    known = response(posts=1, channels=("facebook", "tiktok"), audiences=2, slots=(), seed=seed, draws=1)
    made = planned(brief(budget, EachLine(or_zero=True, at_least=least, step=step)), known)
    curves = known.curves(every_line(known))
    allowed = [0, *(a for a in range(step, budget + 1, step) if a >= least)]
    tried = [
        float(curves.results(np.array(each, dtype=float)).sum())
        for each in itertools.product(allowed, repeat=4)
        if sum(each) <= budget
    ]
    assert made is None or made.objective >= max(tried) * (1 - 1.5e-3)
    assert made is None or made.certificate.bound >= max(tried) * (1 - 1e-9)


@few
@given(seed=seeds, budget=budgets, rules=rules_lists, tries=st.integers(0, 2**31))
def test_no_plan_that_keeps_the_rules_beats_the_bound(seed, budget, rules, tries):
    known = response(seed=seed)
    made = planned(brief(budget, *rules), known)
    if made is None:
        return
    random = np.random.default_rng(tries)
    lines = every_line(known)
    curves = known.curves(lines)
    mine = np.zeros(len(lines))
    for line in made.lines_planned:
        here = np.all([lines.labels(d) == getattr(line, d) for d in known.names], axis=0)
        mine[here] = line.amount.amount
    # Plans in which every line has a little less than here keep all upper limits, and with the plan itself all others.
    other = mine * random.uniform(0, 1)
    assert float(curves.results(other).sum(axis=(0, 1)).mean()) <= made.certificate.bound * (1 + 1e-9)
    assert made.objective <= made.certificate.bound * (1 + 1e-12)


@few
@given(
    budget=st.integers(100, 3000),
    first=st.integers(60, 3000),
    second=st.integers(60, 3000),
    share=st.sampled_from([0.5, 0.8]),
)
def test_law_6_a_conflict_is_minimal_and_every_repair_makes_a_plan_possible(budget, first, second, share):
    rules = (
        Spend(channel="facebook", at_least=first),
        Spend(channel="instagram", at_least=second),
        Share(channel="facebook", at_least=share),
        Spend(slot="evening", at_most=10**6),
    )
    known = response(posts=2)
    asked = brief(budget, *rules)
    try:
        plan(asked, known)
    except NoPlanError as refusal:
        error = refusal
    else:
        assert first + second <= budget or share == 0.5
        return
    assert first + second > budget or second > (1 - share) / share * max(first, share * budget) * (1 - 1e-9)
    for conflict in error.conflicts:
        sentences = [rule.sentence() for rule in asked.rules]
        numbers = [sentences.index(said) for said in conflict.rules if said in sentences]
        assert 3 not in numbers
        for left_out in numbers:
            rest = tuple(rules[n] for n in numbers if n != left_out)
            assert planned(brief(budget, *rest), known) is not None
    assert error.repairs
    mended = (
        [reduce(repaired, error.repairs, asked)]
        if error.together
        else [repaired(asked, r) for r in error.repairs]
    )
    for each in mended:
        assert planned(each, known) is not None


@few
@given(seed=seeds, budget=st.integers(500, 5000), rules=rules_lists, switch=st.none() | switch_rules)
def test_a_large_question_is_answered_as_well_by_its_best_lines(seed, budget, rules, switch):
    known = response(posts=40, audiences=3, slots=("evening", "morning"), seed=seed)
    asked = brief(budget, *rules, *([switch] if switch else []))
    made = planned(asked, known)
    if made is None:
        return
    assert all(keeps(made, rule) for rule in asked.rules)
    assert made.certificate.gap < (5e-3 if switch else 1e-5)
    assert made.certificate.bound >= made.objective


def test_very_large_budgets_never_give_less():
    known = response()
    results = [plan(brief(10**power), known).objective for power in (4, 6, 8, 10)]
    assert results == sorted(results)


def test_lines_beyond_the_first_are_brought_in_where_the_money_needs_them():
    known = response(posts=60, audiences=3, slots=("evening", "morning"), draws=1)
    made = plan(brief(60_000), known)
    assert len(made.lines_planned) > 500
    assert made.objective == pytest.approx(water_filling(known, 60_000), rel=1e-4)
    assert made.certificate.gap < 1e-5
    chosen = plan(brief(60_000, EachLine(or_zero=True, at_least=20)), known)
    assert len(chosen.lines_planned) > 500
    assert chosen.objective >= made.objective * 0.99
    assert chosen.certificate.gap < 5e-3
