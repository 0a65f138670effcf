"""Briefs stated in Python: every wrong field is a problem with its place, and all of them are said at once."""

from datetime import date

import pytest

from mediaplan.brief.briefs import Brief
from mediaplan.brief.from_table import brief_from
from mediaplan.brief.goals import MostResults, MostValue
from mediaplan.brief.minimums import Minimums
from mediaplan.brief.rules import EachLine, Share, Spend
from mediaplan.errors import InputError
from mediaplan.money import Money
from mediaplan.slots import Slot
from mediaplan.words import Words

PLAIN = {"budget": 100, "currency": "EUR", "start": "2026-11-30", "days": 7}


def places(**given):
    """Where a brief is refused that states `given` in Python."""
    with pytest.raises(InputError) as refused:
        Brief(**(PLAIN | given))
    assert refused.value.worded(Words("fr"))
    return [problem.column for problem in refused.value.problems]


def test_a_wrong_currency_hides_no_other_fault():
    assert places(currency="EURO", level=2, rules=[Share(at_least=3)], days=0) == [
        "currency", "rule 1.at_least", "level", "flight.days"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        *(("days", value, "flight.days") for value in ("7", None, 1.5, True, 0, 10**6)),
        ("start", None, "flight.start"),
        ("start", "9999-12-25", "flight.start"),
        ("start", date(2199, 12, 30), "flight.start"),
        ("start", date(1200, 1, 1), "flight.start"),
        ("split", "month", "flight.split"),
        ("split", None, "flight.split"),
        ("lines", "some", "lines"),
        ("lines", [], "lines"),
        ("goal", "most value", "goal"),
        ("goal", None, "goal"),
        ("rules", None, "rule"),
        ("rules", Share(at_least=0.5), "rule"),
        ("rules", "share", "rule"),
        ("rules", [{"is": "share"}], "rule 1"),
        ("slots", "soir", "slots"),
        ("slots", [Slot(" ")], "slots"),
        ("slots", [Slot("soir"), Slot("soir", days=frozenset({1}))], "slots.soir"),
        ("exchange", "EUR", "exchange"),
        ("exchange", {"USD": -1}, "exchange.USD"),
        ("exchange", {"USD": "1.1"}, "exchange.USD"),
        ("exchange", {"USD": {"soon": 1.1}}, "exchange.USD"),
        ("exchange", {"USD": {}}, "exchange.USD"),
        ("exchange", {"DOLLAR": 1}, "exchange.DOLLAR"),
        ("exchange", {"EUR": 2}, "exchange.EUR"),
        ("name", None, "name"),
        ("timezone", "Africa/Niamy", "timezone"),
        ("timezone", 5, "timezone"),
        ("budget", Money(100, "USD"), "budget"),
        ("budget", Money(-100, "EUR"), "budget"),
        ("minimums", {"facebook": -1}, "minimums.facebook"),
        ("minimums", {"facebook": Money(5, "USD")}, "minimums.facebook"),
        ("minimums", Minimums(own={"facebook": Money(-5, "EUR")}), "minimums.facebook"),
        ("rules", [Spend(at_least=Money(100, "USD"))], "rule 1.at_least"),
        ("rules", [Spend(at_least=1), Spend(at_most=Money(-100, "EUR"))], "rule 2.at_most"),
        ("as_of", "9999-99-99", "as_of"),
        ("data", {"history": []}, "data"),
        ("columns", {"spend": "cost"}, "columns"),
        ("columns", 5, "columns"),
    ],
)  # fmt: skip
def test_a_wrong_field_in_python_is_a_problem_with_its_place(field, value, place):
    assert places(**{field: value}) == [place]


def test_all_wrong_fields_in_python_are_said_at_once():
    wrong = {"days": None, "goal": 5, "exchange": "x", "name": None, "rules": 7}
    assert set(places(**wrong)) == {"flight.days", "goal", "exchange", "name", "rule"}


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (lambda: Spend(channel=5, at_most=1), "channel"),
        (lambda: Spend(post=[], at_most=1), "post"),
        (lambda: Spend(post=["a", 3], at_most=1), "post"),
        (lambda: Spend(slot="  ", at_most=1), "slot"),
        (lambda: EachLine(or_zero="no", at_least=1), "or_zero"),
        (lambda: Share(name=None, at_least=0.1), "name"),
        (lambda: Spend(equal=5, at_least=1), "equal"),
        (lambda: MostResults(type=5), "goal.type"),
        (lambda: MostValue(values=5), "goal.values"),
        (lambda: MostValue(values={"lead": 1e308}), "goal.values.lead"),
        (lambda: MostValue(values={"lead": 10**400}), "goal.values.lead"),
        (lambda: MostValue(type="lead", values={"laed": 4000}), "goal.values"),
        (lambda: Slot(5), "slots"),
        (lambda: Slot("soir", days="mon"), "slots.soir.days"),
        (lambda: Slot("soir", hours=[24]), "slots.soir.hours"),
    ],
)  # fmt: skip
def test_a_wrong_rule_goal_or_slot_in_python_is_a_problem_with_its_place(made, place):
    with pytest.raises(InputError) as refused:
        made()
    assert [problem.column for problem in refused.value.problems] == [place]


def test_rules_may_be_any_iterable_and_names_are_trimmed():
    rules = (rule for rule in [Share(channel=[" instagram "], at_least=0.5)])
    (read,) = Brief(**PLAIN, rules=rules).rules
    assert read.channel == ("instagram",)


@pytest.mark.parametrize("pick", ["post", "channel"])
def test_an_empty_list_of_names_is_refused(pick):
    table = {"budget": 100, "currency": "EUR", "flight": {"start": "2026-11-30", "days": 7}}
    with pytest.raises(InputError, match="empty list") as refused:
        brief_from(table | {"rule": [{"is": "share", pick: [], "at_least": 0.1}]})
    assert refused.value.problems[0].column == f"rule 1.{pick}"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Niamey", "Africa/Niamey"),
        ("africa/niamey", "Africa/Niamey"),
        ("Europe/Pariss", "Europe/Paris"),
        ("../etc", "Known here"),
    ],
)
def test_a_time_zone_that_is_none_is_refused_with_the_nearest(given, said):
    with pytest.raises(InputError, match=said):
        Brief(**PLAIN, timezone=given)
