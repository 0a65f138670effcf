"""The rule `change` against a plan's file, a kept plan or the history's last weeks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from briefs_by_hand import BRIEF, folder, history

from mediaplan.answering.settling import Earlier, settled
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rules import Change
from mediaplan.errors import InputError
from mediaplan.history.files.sources import File
from mediaplan.history.reading.earlier import last_weeks
from mediaplan.history.reading.reading import read_history

RULE = '\n[[rule]]\nis = "change"\nat_most = 0.1\n'


def planned(run, path: Path, *more: str) -> dict:
    return json.loads(run("plan", str(path), "--json", "--quiet", *more))


@pytest.fixture
def run(capsys):
    from mediaplan.cli.main import main

    def call(*arguments: str, code: int = 0) -> str:
        assert main([*arguments]) == code
        return capsys.readouterr().out

    return call


def by(document: dict, dimension: str) -> dict[str, float]:
    return {name: float(part["amount"]) for name, part in document["totals"][f"by_{dimension}"].items()}


@pytest.mark.parametrize(
    ("file", "language"), [("plan.json", "en"), ("lines.csv", "en"), ("lines.csv", "fr")]
)
def test_a_plan_changes_no_more_than_asked_against_a_plans_file(tmp_path, run, file, language):
    place = folder(tmp_path, first=BRIEF)
    run("plan", str(place / "first.toml"), "-o", str(place / "out"), "--quiet", "--lang", language)
    before = by(json.loads((place / "out" / "plan.json").read_text("utf-8")), "channel")
    (place / "later.toml").write_text(
        BRIEF.replace("60_000", "57_000") + RULE + f'against = "out/{file}"\n',
        "utf-8",
    )
    after = planned(run, place / "later.toml")
    for name, amount in by(after, "channel").items():
        assert 0.9 * before[name] - 1 <= amount <= 1.1 * before[name] + 1
    (rule, *_) = after["brief"]["rule"]
    assert {name: float(money) for name, money in rule["before"].items()} == before
    # The plan's own brief holds the amounts: it can be planned again without the file.
    (place / "again.json").write_text(json.dumps(after["brief"]), "utf-8")
    again = planned(run, place / "again.json", "--history", str(place / "history.csv"))
    assert again["lines"] == after["lines"]


def test_a_change_against_the_history_is_of_its_last_weeks_at_the_flights_pace(tmp_path, run):
    place = folder(tmp_path, later=BRIEF + RULE + 'against = "history"\nweeks = 2\n')
    told = read_history(File("h.csv", history().encode()), currency="XOF")
    rows = told.rows[told.rows["date"] >= "2026-10-19"]
    spent = rows.groupby("channel")["spend"].sum()
    for name, amount in by(planned(run, place / "later.toml"), "channel").items():
        assert 0.9 * spent[name] - 1 <= amount <= 1.1 * spent[name] + 1


def test_rows_that_begin_before_the_weeks_count_for_their_days_inside():
    table = b"date,days,channel,spend,results:lead\n2026-10-01,10,a,1000,5\n2026-10-11,4,b,70,3\n"
    told = read_history(File("h.csv", table), currency="EUR")
    # One week up to 14 October: three of the ten days of a, all of b, for two weeks' worth of days.
    assert last_weeks(told, "channel", 1, 14) == {"a": "600.00", "b": "140.00"}


def test_a_kept_plans_number_is_asked_of_the_workspace():
    brief = parse_brief(BRIEF + RULE + "against = 3\n")
    document = {"currency": "XOF", "lines": [{"channel": "facebook", "amount": "40000"}]}
    told = read_history(File("h.csv", history().encode()), currency="XOF")
    asked = []

    def numbered(number):
        asked.append(number)
        return document

    (rule,) = settled(brief, told, Earlier(numbered=numbered)).rules
    assert asked == [3]
    assert rule.before["facebook"].minor == 40_000
    with pytest.raises(InputError, match="of a workspace"):
        settled(brief, told)


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ("against = 0", "rule 1.against"),
        ("against = true", "rule 1.against"),
        ('against = " "', "rule 1.against"),
        ('against = "x.json"\nbefore = { facebook = 1 }', "rule 1.before"),
        ('against = "x.json"\nweeks = 2', "rule 1.weeks"),
        ('against = "history"\nweeks = 0', "rule 1.weeks"),
        ("weeks = 2\nbefore = { facebook = 1 }", "rule 1.weeks"),
        ("", "rule 1.before"),
    ],
)
def test_what_is_compared_with_is_said_once_and_rightly(rule, column):
    with pytest.raises(InputError) as refused:
        parse_brief(BRIEF + RULE + rule + "\n")
    assert column in {problem.column for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("x.json", "{", "this is no plan"),
        ("x.json", '{"schema": "mediaplan/refusal/1"}', "this is no plan"),
        ("x.json", '{"schema": "mediaplan/plan/1", "currency": "EUR", "lines": []}', "that plan is in EUR"),
        ("x.json", '{"schema": "mediaplan/plan/1", "currency": "XOF", "lines": []}', "holds no money"),
        ("x.json", '{"schema": "mediaplan/plan/1", "currency": "XOF", "lines": [{"channel": 1}]}', "no plan"),
        ("x.csv", "post,money\na,1\n", "the column “channel” is missing"),
        (None, None, "there is no such file"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_its_name(tmp_path, name, content, word):
    if name:
        (tmp_path / name).write_text(content, "utf-8")
    brief = parse_brief(BRIEF + RULE + f'against = "{name or "x.json"}"\n')
    told = read_history(File("h.csv", history().encode()), currency="XOF")
    with pytest.raises(InputError, match=word) as refused:
        settled(brief, told, Earlier(tmp_path))
    assert refused.value.problems[0].column.startswith("rule 1")


def test_in_the_browser_no_file_of_the_machine_is_read():
    told = read_history(File("h.csv", history().encode()), currency="XOF")
    with pytest.raises(InputError, match="can't be compared with here"):
        settled(parse_brief(BRIEF + RULE + 'against = "plan.json"\n'), told)


def test_without_a_word_the_history_counts_for_four_weeks():
    told = read_history(File("h.csv", history(4).encode()), currency="XOF")
    brief = parse_brief(BRIEF + RULE + 'against = "history"\n')
    (rule,) = settled(brief, told).rules
    assert isinstance(rule, Change)
    fours = {name: float(text) for name, text in last_weeks(told, "channel", 4, 14).items()}
    assert {name: money.minor for name, money in rule.before.items()} == fours
