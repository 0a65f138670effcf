"""The form of the brief: every rule, goal, group and scenario goes in and comes out as it was, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("streamlit")

from mediaplan.brief.briefs import Brief
from mediaplan.brief.from_table import rule_from, rule_keys
from mediaplan.brief.goals import GOALS, Cautious, LeastRegret, LowestCost, MostValue
from mediaplan.brief.picking import PICKS
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rule_reference import RULE_EXAMPLES
from mediaplan.brief.rules import PER, RULES, Limited, Ratio
from mediaplan.brief.writing import brief_toml
from mediaplan.errors import InputError
from mediaplan.slots import Slot
from mediaplan.ui.drafts import Draft
from mediaplan.ui.form_faults import in_form
from mediaplan.ui.goal_editing import GOAL_FORMS
from mediaplan.ui.rule_fields import entered, rule_fields, shown
from mediaplan.ui.rule_forms import RULE_FORMS
from mediaplan.ui.typed import days_typed, days_written, number, share
from mediaplan.words import Words

NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
SEVERAL = st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
LANGUAGES = ("en", "fr")

# ---- a brief is the same after the form ----


@st.composite
def rules(draw):
    """Any rule of the vocabulary: its example with other names, days, reasons and prices, and other limits."""
    rule = draw(st.sampled_from([*RULE_EXAMPLES.values()])).in_currency("EUR")
    changes = {"why": draw(st.text(max_size=8))} if draw(st.booleans()) else {}
    # The rule "excludes" needs its two names.
    if draw(st.booleans()) and rule.word not in ("excludes", "change"):
        changes[draw(st.sampled_from(PICKS))] = draw(SEVERAL)
    if draw(st.booleans()) and rule.word not in ("not before", "not after"):
        runs = draw(st.lists(st.tuples(DAYS, DAYS).map(sorted), min_size=1, max_size=3))
        changes["date"] = tuple(f"{first}/{last}" for first, last in runs)
    if hasattr(rule, "soft"):
        changes |= {"soft": draw(st.sampled_from([None, 1, 0.25, 1e-7, 12345678.9]))}
        changes |= {"per": draw(st.sampled_from([(), ("day",), tuple(PER)]))}
    if isinstance(rule, Limited) and rule.takes == "0 to 1":
        changes |= {"at_least": None, "at_most": draw(st.floats(0, 1))}
    known = rule_keys(type(rule))
    return replace(rule, **{key: value for key, value in changes.items() if key in known})


@st.composite
def goals(draw):
    kinds = draw(st.dictionaries(NAMES, st.floats(0, 1e9) | st.integers(0, 10**9), max_size=3))
    common = {"values": kinds, "test_share": draw(st.sampled_from([0, 0.1, 0.95, 1 / 3]))}
    kind = draw(st.sampled_from([*GOALS.values()]))
    if kind is Cautious:
        return kind(**common, worst=draw(st.floats(0.01, 1)))
    if kind is LeastRegret:
        world = st.fixed_dictionaries(
            {"cost": st.floats(0.001, 1000)}, optional={"channel": SEVERAL.map(list), "results": st.just(2)}
        )
        return kind(**common, worlds=draw(st.dictionaries(NAMES, world, min_size=1, max_size=3)))
    return kind(**common)


@st.composite
def briefs(draw):
    """Any brief that a file can hold, as far as its parts do not depend on each other."""
    goal = draw(goals())
    amount = st.integers(1, 10**9).map(lambda minor: f"{minor // 100}.{minor % 100:02}")
    scenario = st.fixed_dictionaries(
        {},
        optional={
            "budget": st.integers(1, 10**6) | amount,
            "flight": st.fixed_dictionaries({"start": DAYS, "days": st.integers(1, 99)}),
            "add_rule": st.lists(rules().map(lambda rule: rule.to_dict()), min_size=1, max_size=2),
            "level": st.just(0.5),
        },
    )
    return Brief(
        name=draw(NAMES),
        currency="EUR",
        budget=None if not goal.budget_needed and draw(st.booleans()) else draw(amount),
        start=draw(DAYS),
        days=draw(st.integers(1, 366)),
        split=draw(st.sampled_from(["none", "week", "day"])),
        goal=goal,
        rules=tuple(draw(st.lists(rules(), max_size=4))),
        slots=draw(st.sampled_from([(), (Slot.read("soir", "mon|wed|fri", "22-2"),)])),
        groups=draw(st.dictionaries(NAMES, SEVERAL, max_size=2)),
        lines=draw(st.sampled_from(["all", "seen"])),
        minimums=draw(st.sampled_from([None, "platform", {"facebook": 3}])),
        fee=draw(st.sampled_from(["0", "0.125", "1"])),
        exchange=draw(st.sampled_from([{"USD": 0.9}, {"USD": {"2026-01-01": 0.9}, "XOF": 0.0015}])),
        level=draw(st.sampled_from([0.8, 0.9])),
        as_of=draw(st.none() | DAYS),
        delay=draw(st.sampled_from([None, 3])),
        timezone=draw(st.sampled_from([None, "Africa/Niamey"])),
        rates=draw(st.sampled_from([None, "first", "history", 0.5])),
        judgements=draw(st.sampled_from([(), ({"channel": "tiktok", "spend": 100, "results": 12, "at_half": 7, "at_double": 20},)])),
        columns=draw(st.sampled_from([(), ({"file": "*", "spend": "cost"},)])),
        scenarios=tuple(
            {"name": f"scenario {number}", **table}
            for number, table in enumerate(draw(st.lists(scenario, max_size=2)))
        ),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(brief=briefs())
def test_any_brief_comes_out_of_the_form_as_it_went_in(brief):
    uploaded = parse_brief(brief_toml(brief))
    again = Draft.of(uploaded).brief()
    assert again == uploaded
    assert brief_toml(again) == brief_toml(uploaded)


@settings(max_examples=150, deadline=None)
@given(rule=rules(), language=st.sampled_from(LANGUAGES))
def test_entering_what_a_field_shows_changes_nothing_of_any_rule(rule, language):
    stated = rule_from(rule.to_dict(), "EUR", 1)
    for one in rule_fields(rule.word):
        table = entered(one, stated.to_dict(), shown(one, stated.to_dict(), Words(language)), language)
        assert rule_from(table, "EUR", 1) == stated, one.key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", RULES)
def test_a_rule_is_written_from_nothing_field_by_field(word, language):
    example = RULE_EXAMPLES[word].in_currency("EUR")
    table = {"is": word}
    for one in rule_fields(word):
        table = entered(one, table, shown(one, example.to_dict(), Words(language)), language)
    assert rule_from(table, "EUR", 1) == example


@pytest.mark.parametrize("word", RULES)
def test_what_stands_in_no_field_of_a_rule_stands_in_no_rule(word):
    stated = {one.key for one in rule_fields(word)}
    assert set(rule_keys(RULES[word])) - set(PICKS) - {"equal"} - stated <= set(RULES[word].hidden)


def test_both_limits_at_once_are_two_fields_and_one_can_be_changed():
    least = next(one for one in rule_fields("spend") if one.key == "at_least")
    table = entered(least, {"is": "spend", "equal": "12.30"}, "10", "en")
    assert table == {"is": "spend", "at_least": "10", "at_most": "12.30"}
    assert entered(least, table, "", "en") == {"is": "spend", "at_most": "12.30"}


def test_a_comparison_states_its_names_the_same_however_they_were_given():
    given = {"to": {"channel": ("tv",)}, "at_least": 2}
    assert Ratio(of={"channel": "radio"}, **given) == Ratio(of={"channel": ["radio"]}, **given)


# ---- what people read ----


def test_every_rule_and_every_goal_is_offered_with_a_sentence():
    assert set(RULES) <= set(RULE_FORMS)
    assert set(GOALS) == set(GOAL_FORMS)


@pytest.mark.parametrize("word", RULES)
def test_a_new_rule_asks_for_what_it_lacks_in_the_form_s_own_words(word):
    try:
        rule_from({"is": word}, "EUR", 1)
    except InputError as error:
        problems = [in_form(problem) for problem in error.problems]
    else:
        assert word == "hold"
        return
    for problem in problems:
        said = f"{problem.message} {problem.remedy}"
        assert not re.search(r"_|=|{|None|\(\)|\bpost\b", said), said
        assert "Fill" in said or "percentage" in said


@pytest.mark.parametrize(
    ("typed", "language", "days"),
    [
        ("24/12/2026", "fr", ["2026-12-24"]),
        ("24/12/2026 – 26/12/2026, 31.12.2026", "fr", ["2026-12-24/2026-12-26", "2026-12-31"]),
        ("24/12/2026 au 26/12/2026", "fr", ["2026-12-24/2026-12-26"]),
        ("2026-12-24/2026-12-26; 2026-12-31", "en", ["2026-12-24/2026-12-26", "2026-12-31"]),
        ("2026-12-24 to 2026-12-26", "en", ["2026-12-24/2026-12-26"]),
        ("04/12/2026", "en", ["04/12/2026"]),
        ("Christmas", "en", ["Christmas"]),
        ("", "fr", []),
    ],
)
def test_days_are_read_as_people_type_them_or_left_to_be_refused(typed, language, days):
    assert days_typed(typed, language) == days
    assert days_typed(days_written(days, language), language) == days


@pytest.mark.parametrize(
    ("typed", "read"),
    [("20 %", 0.2), ("20", 0.2), ("0.2", 0.2), ("1", 0.01), ("150 %", 1.5), ("a lot", "a lot")],
)
def test_a_part_is_read_as_a_percentage(typed, read):
    assert share(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"), [("3", 3), ("3.5", 3.5), ("nan", "nan"), ("1e309", "1e309"), ("9" * 5000, "9" * 5000)]
)
def test_a_number_is_whole_where_it_was_typed_whole(typed, read):
    assert number(typed) == read
    assert type(number(typed)) is type(read)


@given(text=st.text(max_size=12), word=st.sampled_from([*RULES]), language=st.sampled_from(LANGUAGES))
def test_whatever_is_typed_into_a_field_gives_a_rule_or_says_what_is_wrong(text, word, language):
    for one in rule_fields(word):
        if one.takes in ("money", "share", "number", "text", "days"):
            table = entered(one, RULE_EXAMPLES[word].to_dict(), text, language)
            rule = rule_or_none(table)
            assert rule is None or rule_from(rule.to_dict(), "EUR", 1) == rule


def rule_or_none(table):
    """The rule that a table states; `None` where it is refused. Any other error is a defect."""
    try:
        return rule_from(table, "EUR", 1)
    except InputError:
        return None


def test_every_fault_of_groups_worlds_and_scenarios_is_said_with_its_place():
    draft = Draft(start=date(2026, 12, 1), currency="EUR", budget="100", platform=False)
    wrong = draft.but(
        groups=(("women", ("a",)), ("women", ("b",)), ("", ())),
        goal="least regret",
        worlds=(("dear", {"cost": 2.0}), ("dear", {"cost": 3.0})),
    )
    with pytest.raises(InputError) as caught:
        wrong.brief()
    places = {problem.column for problem in caught.value.problems}
    assert {"groups.women", "groups.", "goal.worlds.dear"} <= places
    with pytest.raises(InputError) as caught:
        draft.but(scenarios=({"name": ""}, {"name": "half", "budget": "some"})).brief()
    places = {problem.column for problem in caught.value.problems}
    assert places == {"scenario 1.name", "scenario 2.budget"}


def test_a_goal_that_needs_no_budget_may_have_none_and_others_may_not():
    draft = Draft(start=date(2026, 12, 1), currency="EUR", platform=False)
    assert draft.but(goal="lowest cost").brief().goal == LowestCost()
    with pytest.raises(InputError, match="budget"):
        draft.brief()


def test_another_goal_forgets_what_only_the_former_had():
    brief = Brief(budget=1, currency="EUR", start="2026-12-01", days=1, goal=Cautious(worst=0.1))
    assert Draft.of(brief).but(goal="most value").brief().goal == MostValue()
    assert Draft.of(brief).but(worst=0.3).brief().goal == Cautious(worst=0.3)
