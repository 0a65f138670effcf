"""A table that is given in place of another is called by its own name, and what is lacking is told of the right one."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

import mediaplan as mp
from mediaplan.answering import Records, respond
from mediaplan.answering.sources import Sources, read_sources
from mediaplan.history.columns.template import TEMPLATES
from mediaplan.history.reading.reading import File
from mediaplan.learning.reading import read_ledger
from mediaplan.words import Words

READ = {
    "history": lambda file: mp.read_history(file, currency="EUR"),
    "posts": mp.read_posts,
    "audiences": mp.read_audiences,
    "rates": mp.read_rates,
    "ledger": read_ledger,
}
CALLED = {
    "history": ("a history", "un historique"),
    "posts": ("a table of posts", "une table de publications"),
    "audiences": ("a table of audiences", "une table de cibles"),
    "rates": ("a rate card", "une grille de tarifs"),
    "ledger": ("a ledger of past plans", "un registre de plans passés"),
}
CARD = File("card.csv", b"channel,cost,results:sale\ntv,10,2\nradio,5,1\n")
HISTORY = pd.DataFrame(
    {
        "date": [f"2026-01-{day:02}" for day in range(1, 29)],
        "channel": "facebook",
        "spend": 10,
        "results:lead": 4,
    }
)


def example(kind: str) -> File:
    return File(f"{kind}.csv", TEMPLATES[kind].csv.encode())


@pytest.mark.parametrize("kind", READ)
def test_the_template_of_each_table_is_read_as_that_table(kind):
    READ[kind](example(kind))


@pytest.mark.parametrize(("given", "wanted"), list(itertools.permutations(READ, 2)))
def test_each_table_in_place_of_each_other_is_called_what_it_is_and_where_it_goes(given, wanted):
    with pytest.raises(mp.InputError) as raised:
        READ[wanted](example(given))
    (problem,) = raised.value.problems
    assert problem.file == f"{given}.csv"
    for at, language in enumerate(("en", "fr")):
        words = Words(language)
        assert CALLED[given][at] in words.say(problem.message)
        assert CALLED[wanted][at] in words.say(problem.message)
        assert f"--{given}" in words.say(problem.remedy)


@pytest.mark.parametrize("day", ["jour", "day", "Date"])
def test_a_history_whose_money_is_called_cost_is_no_rate_card(day):
    file = File("mine.csv", f"{day},channel,cost,results\n2026-11-02,facebook,10,3\n".encode())
    with pytest.raises(mp.InputError) as raised:
        READ["history"](file)
    assert "Is it “cost”? Rename it to “spend”" in str(raised.value)
    assert "rate card" not in str(raised.value)


@pytest.mark.parametrize(
    ("wanted", "header", "column"),
    [
        ("posts", "publication,titre", "post"),
        ("audiences", "cible,canal", "audience"),
        ("rates", "channel,cst,results", "cost"),
        ("ledger", "plan,start,promis,delivered", "promised"),
    ],
)
def test_a_lacking_column_is_said_once_and_never_sends_to_a_mapping_that_these_tables_do_not_know(
    wanted, header, column
):
    file = File("mine.csv", f"{header}\n{','.join('1' for _ in header.split(','))}\n".encode())
    with pytest.raises(mp.InputError) as raised:
        READ[wanted](file)
    about = [problem for problem in raised.value.problems if f"“{column}”" in str(problem)]
    assert len(about) == 1
    assert f"mediaplan template {wanted}" in str(about[0].remedy)
    assert "[[columns]]" not in str(raised.value)


def brief(**goal: object) -> mp.Brief:
    asked = mp.MostValue(**goal) if "values" in goal else mp.MostResults(**goal)
    return mp.Brief(budget=100, currency="EUR", start="2026-02-02", days=7, goal=asked)


def records(brief: mp.Brief, *, history: bool, card: bool) -> Records:
    return read_sources(brief, Sources(history=(HISTORY,) if history else (), rates=CARD if card else None))


@pytest.mark.parametrize(
    ("history", "card", "said"),
    [
        (True, False, "the history counts no “visit”."),
        (False, True, "the rate card counts no “visit”."),
        (True, True, "the history or the rate card counts no “visit”."),
    ],
)
def test_a_kind_that_nothing_counts_is_said_to_lack_where_it_was_looked_for(history, card, said):
    asked = brief(type="visit")
    with pytest.raises(mp.InputError) as raised:
        mp.plan(asked, respond(asked, records(asked, history=history, card=card)))
    (problem,) = raised.value.problems
    assert (str(problem.message), problem.column) == (said, "goal.type")


def planned(**goal: object) -> mp.Plan:
    asked = brief(**goal)
    return mp.plan(asked, respond(asked, records(asked, history=True, card=True)))


def test_a_goal_may_name_what_the_card_counts_and_what_the_history_counts():
    dear, cheap = (planned(values={"lead": 1, "sale": worth}) for worth in (100, 1e-6))
    assert dear.objective == pytest.approx(100 * 0.2 * 100)  # two sales for 10, or one for 5: all the money
    assert set(dear.lines["channel"]) <= {"tv", "radio"}
    assert set(cheap.lines["channel"]) == {"facebook"}


def test_a_goal_may_name_what_the_card_alone_counts():
    assert planned(type="sale").objective == pytest.approx(100 * 0.2)
