"""Briefs: reading, writing, sentences, and all faults at once."""

import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediaplan.brief.briefs import Brief
from mediaplan.brief.from_table import brief_from
from mediaplan.brief.goals import MostResults, MostValue
from mediaplan.brief.minimums import checked, known_minimum, table
from mediaplan.brief.reading import columns_from, parse_brief
from mediaplan.brief.rules import EachLine, Share, Spend
from mediaplan.brief.writing import brief_json, brief_toml
from mediaplan.errors import InputError
from mediaplan.slots import Slot
from mediaplan.words import Words

FULL = """
name = "Rentrée 2026"
currency = "XOF"
budget = 1_500_000
flight = { start = 2026-11-30, days = 14, split = "week" }
timezone = "Africa/Niamey"
data = { history = ["history.csv"], posts = "posts.csv", audiences = "audiences.csv" }
lines = "seen"
minimums = "platform"
costs = { fee = 0.10, tax = 0.18 }
exchange = { EUR = 655.957, USD = { 2026-09-01 = 600, 2026-10-01 = 610 } }
level = 0.9
as_of = 2026-11-22

[goal]
is = "most value"
values = { lead = 4000, message = 900 }

[slots]
soir = { days = "mon-fri", hours = "18-22" }
week-end = { days = "sat-sun", hours = "8-22" }

[[columns]]
file = "*kag*"
spend = "Spent"
date = { is = 2017-08-01, days = 30 }

[[rule]]
is = "share"
channel = "instagram"
at_least = 0.20
why = "client contract"

[[rule]]
is = "each line"
or_zero = true
at_least = 5_000
step = 500

[[rule]]
is = "spend"
channel = ["facebook", "tiktok"]
topic = "rentrée"
equal = 100_000
"""

names = st.text("abcdefghij-/ éè0123456789“\"'=", min_size=1, max_size=12).map(str.strip).filter(bool)
amounts = st.integers(0, 10**12) | st.decimals(0, 10**9, places=2, allow_nan=False)
picks = st.lists(names, max_size=3).map(tuple)
briefs = st.builds(
    Brief,
    budget=st.integers(1, 10**9),
    currency=st.just("EUR"),
    start=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    days=st.integers(1, 60),
    name=names,
    goal=st.one_of(
        st.builds(MostResults, type=st.none() | names),
        st.builds(MostValue, values=st.dictionaries(names, st.floats(0, 1e6), max_size=3)),
    ),
    rules=st.lists(
        st.one_of(
            st.builds(Spend, channel=picks, post=picks, at_most=amounts, why=names),
            st.builds(
                Share, audience=picks, at_least=st.floats(0, 1), of=st.sampled_from(["spend", "budget"])
            ),
            st.builds(
                EachLine,
                slot=picks,
                at_least=amounts,
                or_zero=st.booleans(),
                step=st.integers(1, 100) | st.none(),
            ),
        ),
        max_size=4,
    ).map(tuple),
    slots=st.lists(
        st.builds(
            Slot,
            names,
            st.frozensets(st.integers(0, 6), min_size=1),
            st.frozensets(st.integers(0, 23), min_size=1),
        ),
        max_size=3,
        unique_by=lambda slot: slot.name,
    ).map(tuple),
    fee=st.decimals(0, 1, places=3),
    level=st.floats(0.01, 0.99),
    lines=st.sampled_from(["all", "seen"]),
)


@given(briefs)
@settings(max_examples=150, deadline=None)
def test_a_brief_survives_toml_and_json(brief):
    assert parse_brief(brief_toml(brief)) == brief
    assert brief_from(json.loads(json.dumps(brief_json(brief), allow_nan=False))) == brief


def test_every_key_of_the_contract_is_read():
    brief = parse_brief(FULL)
    assert brief.budget.text == "1500000"
    assert brief.flight.end == date(2026, 12, 13)
    assert brief.goal == MostValue(values={"lead": 4000, "message": 900})
    assert brief.media_budget.minor == 1_155_624
    assert brief.dollar == 610
    assert [str(rule.said()) for rule in brief.rules] == [
        "share of instagram: at least 20% (client contract)",
        "each line: nothing or at least 5,000\u00a0F\u202fCFA, in steps of 500\u00a0F\u202fCFA",
        "spend on facebook, tiktok × rentrée: exactly 100,000\u00a0F\u202fCFA",
    ]
    assert parse_brief(brief_toml(brief)) == brief


WRONG = """
budgt = 1
currency = "EUR"
budget = -5
flight = { start = "soon", days = "many", dys = 2, split = "month" }
lines = "some"
goal = { is = "most likes" }
[[rule]]
is = "shar"
[[rule]]
is = "share"
chanel = "facebook"
[[rule]]
is = "share"
channel = "facebook"
at_least = 20
[[rule]]
is = "spend"
at_least = 10
at_most = 5
[[rule]]
is = "each line"
channel = 7
or_zero = "no"
[[rule]]
is = "each line"
[[rule]]
"""


def test_all_faults_of_a_brief_are_named_at_once_each_rule_by_its_own_number():
    with pytest.raises(InputError) as refused:
        parse_brief(WRONG, file="b.toml")
    assert [problem.column for problem in refused.value.problems] == [
        "budgt",
        "flight.dys",
        "goal.is",
        "budget",
        "flight.start",
        "lines",
        "flight.days",
        "flight.split",
        "rule 1.is",
        "rule 2.chanel",
        "rule 3.at_least",
        "rule 4",
        "rule 5.channel",
        "rule 5.or_zero",
        "rule 6",
        "rule 7",
    ]
    assert {problem.file for problem in refused.value.problems} == {"b.toml"}
    said = str(refused.value)
    assert "Did you mean “budget”?" in said
    assert "the rule “each line” has no limit" in said
    assert 'Add what it is, such as is = "share"' in said


def test_a_remedy_holds_toml_that_reads_as_it_stands():
    with pytest.raises(InputError) as refused:
        parse_brief("budget = 5\nflight = { start = 2026-11-30, days = 7 }\n")
    lines = re.findall(r'currency = "\w+"', str(refused.value))
    assert parse_brief("\n".join(["budget = 5\nflight = { start = 2026-11-30, days = 7 }", *lines]))
    with pytest.raises(InputError) as refused:
        MostResults().counted(("lead", "message"))
    assert 'type = "lead"' in str(refused.value)


def test_clicks_beside_results_count_where_they_are_named():
    assert MostResults(type="click").counted(("lead",), ("click",)) == ("click",)
    assert MostValue(values={"lead": 9, "click": 1}).counted(("lead",), ("click",)) == ("lead", "click")
    assert MostResults().counted(("lead",), ("click",)) == ("lead",)


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ("budget = 1\nbudget = 2", 2, "une clé ou une table"),
        ("a = 1\nbudget = ", 2, "aucune valeur"),
        ('a = 1\n\nname = "x', None, "n’est pas fermé"),
    ],
)
def test_a_parser_s_own_words_are_only_quoted(text, row, said):
    with pytest.raises(InputError) as refused:
        parse_brief(text, file="b.toml")
    (problem,) = refused.value.problems
    french = problem.worded(Words("fr"))
    assert problem.row == row or row is None
    assert said in french
    assert re.search(r"«\u202f[A-Z][^»]*\u202f»", french)


def test_a_mapping_file_holds_columns_and_nothing_else(tmp_path):
    def said(text):
        (tmp_path / "m.toml").write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as refused:
            columns_from(tmp_path / "m.toml")
        assert {problem.file for problem in refused.value.problems} == {str(tmp_path / "m.toml")}
        return str(refused.value)

    assert "is no list of tables" in said("columns = 5")
    assert "Did you mean “columns”?" in said("[[column]]\nspend = 'cost'")
    assert "unknown key “fiel”" in said("fiel = 1\n[[columns]]\nspend = 'cost'")
    assert "this is a brief" in said(FULL)
    assert "no [[columns]]" in said("")
    assert "line 2" in said("[[columns]]\nspend = ")
    (tmp_path / "m.toml").write_text("[[columns]]\nspend = 'cost'")
    assert columns_from(tmp_path / "m.toml") == ({"spend": "cost"},)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"budget = ", b"[[[", b"{", b"budget = 1\nbudget = 2", b""]
)
def test_what_is_no_toml_is_refused(content):
    with pytest.raises(InputError):
        parse_brief(content, file="b.toml")
    with pytest.raises(InputError):
        parse_brief(content, file="b.json")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["is", "channel", "at_least", "start", "days", "values", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "name",
                "currency",
                "budget",
                "flight",
                "goal",
                "slots",
                "rule",
                "costs",
                "minimums",
                "exchange",
                "data",
                "columns",
                "level",
                "lines",
                "as_of",
                "timezone",
            ]
        ),
        plain,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_table_is_a_brief_or_a_list_of_problems(given_table):
    defaults = {"budget": 100, "currency": "EUR", "flight": {"start": "2026-11-30", "days": 7}}
    try:
        found = brief_from(defaults | given_table)
    except InputError as refused:
        found = refused
    assert isinstance(found, Brief) or found.worded(Words("fr"))


def test_several_kinds_of_result_need_a_choice():
    with pytest.raises(InputError, match="several kinds"):
        MostResults().counted(("lead", "message"))
    assert MostResults(type="lead").counted(("lead", "message")) == ("lead",)
    assert MostValue(values={"message": 2}).counted(("lead", "message")) == ("message",)
    with pytest.raises(InputError, match="Did you mean “lead”"):
        MostResults(type="leed").counted(("lead", "message"))


def test_the_table_of_platform_minimums_is_dated_and_sourced():
    assert checked().year >= 2026
    assert all(row.source and row.per_day > 0 for row in table())
    assert known_minimum("facebook", "click", "XOF", 600) == 1500
    assert known_minimum("instagram/stories", "lead", "EUR", 0.9) == 90
    assert known_minimum("tiktok", "lead", "USD", None) == 2000
    assert known_minimum("x", "lead", "USD", None) == 0
