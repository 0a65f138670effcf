"""The part of a plan that is there to learn: all rules still hold, it is what was allowed, and says what it costs."""

import itertools

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from invented import response
from small_questions import brief, budgets, keeps, planned, rules_lists, seeds, switch_rules

from mediaplan.brief.goals import MostResults, MostValue
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.writing import brief_toml
from mediaplan.errors import InputError

few = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    phases=[Phase.generate],
)


def learning(share: float, budget: float = 1000, *rules: object, **more: object) -> object:
    return brief(budget, *rules, goal=MostResults(test_share=share), **more)


def on_tests(made: object) -> int:
    return sum(line.amount.minor for line in made.lines_planned if line.test)


@few
@given(seed=seeds, budget=budgets, rules=rules_lists)
def test_a_plan_with_tests_keeps_every_rule_and_adds_up(seed, budget, rules):
    known = response(seed=seed, draws=20)
    without, made = planned(brief(budget, *rules), known), planned(learning(0.2, budget, *rules), known)
    assert (without is None) == (made is None)
    if made is None:
        return
    assert all(keeps(made, rule) for rule in made.brief.rules)
    assert made.spent.minor == sum(line.amount.minor for line in made.lines_planned)
    assert made.spent.minor + made.unspent.minor == made.brief.budget.minor
    assert on_tests(made) == made.tests.amount.minor <= 0.2 * made.brief.budget.minor
    assert made.tests.lines == sum(line.test for line in made.lines_planned)


@few
@given(seed=seeds, rule=switch_rules)
def test_tests_are_payable_where_lines_have_minimums_and_steps(seed, rule):
    made = planned(learning(0.3, 1000, rule), response(seed=seed, draws=20))
    assert keeps(made, made.brief.rules[0])
    assert on_tests(made) <= 0.3 * made.brief.budget.minor


@few
@given(seed=seeds, budget=budgets)
def test_what_testing_costs_is_the_difference_to_the_plan_without_it(seed, budget):
    known = response(seed=seed, draws=20)
    without, made = planned(brief(budget), known), planned(learning(0.2, budget), known)
    assert made.tests.cost == pytest.approx(without.objective - made.objective, abs=1e-9)
    assert made.tests.part == pytest.approx(made.tests.cost / without.objective, rel=1e-9)
    assert made.certificate.bound >= without.objective
    each = sum(_cost_said(line) for line in made.lines_planned if line.test)
    assert 0 <= each <= made.tests.cost + 1e-6


def _cost_said(line: object) -> float:
    return line.why.values["cost"]


@pytest.mark.parametrize("seed", range(1, 6))
def test_tests_are_lines_that_the_plan_without_them_passes_over(seed):
    known = response(seed=seed, draws=40)
    amounts = {key(line): line.amount.minor for line in planned(brief(1000), known).lines_planned}
    made = planned(learning(0.3), known)
    assert any(line.test for line in made.lines_planned)
    for line in made.lines_planned:
        if line.test:
            assert line.amount.minor >= 2 * amounts.get(key(line), 0) - 1


def key(line: object) -> tuple[object, ...]:
    return (line.post, line.channel, line.audience, line.slot, line.start)


def test_without_a_part_to_learn_the_plan_is_the_one_on_the_mean():
    known = response(draws=20)
    plain, none = planned(brief(1000), known).to_dict(), planned(learning(0.0), known).to_dict()
    assert plain == none
    assert "tests" not in plain
    assert not any(line["test"] for line in plain["lines"])


def test_where_nothing_is_unsure_nothing_is_tested():
    made = planned(learning(0.3), response(draws=1))
    assert (made.tests.lines, made.tests.amount.minor, made.tests.cost) == (0, 0, 0.0)
    assert "No line is there to learn" in str(made.tests.sentence())


def test_rules_that_leave_no_room_leave_no_tests():
    known = response(posts=1, channels=("facebook",), audiences=1, draws=20)
    made = planned(learning(0.3, 80), known)
    assert made.spent.minor == 8000


def test_a_plan_with_tests_is_the_same_every_time():
    one, other = (planned(learning(0.2), response(draws=20)).to_dict() for _ in range(2))
    assert one == other


def test_the_document_and_the_lines_say_which_lines_are_tests_and_what_they_cost():
    made = planned(learning(0.3), response(draws=40))
    document = made.to_dict("fr")
    assert document["tests"].keys() == {"lines", "amount", "cost", "part", "sentence"}
    assert document["brief"]["goal"]["test_share"] == 0.3
    for line, told in itertools.zip_longest(made.lines_planned, document["lines"]):
        assert told["test"] is line.test
        assert told["why"].startswith("Un test") == line.test
    assert made.lines["test"].sum() == made.tests.lines


def test_a_brief_says_the_part_to_learn_and_keeps_it():
    asked = learning(0.1)
    assert parse_brief(brief_toml(asked)).goal == MostResults(test_share=0.1)


@pytest.mark.parametrize("wrong", [-0.1, 1, 1.5, True, "0.1", float("nan"), float("inf"), None])
@pytest.mark.parametrize("goal", [MostResults, MostValue])
def test_a_part_that_is_none_is_refused_with_its_value(goal, wrong):
    with pytest.raises(InputError) as raised:
        goal(test_share=wrong)
    assert [(p.column, p.value) for p in raised.value.problems] == [("goal.test_share", str(wrong))]
