"""What somebody who plans for the first time looks at: the same figures wherever they stand, and reasons where they are promised."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import invented
import pandas as pd
import plans_by_hand
import pytest

import mediaplan as mp
from mediaplan.batch.outcomes import Outcome
from mediaplan.cli.batch import show
from mediaplan.cli.main import main
from mediaplan.cli.voice import Voice
from mediaplan.history.naming.proposing import proposed
from mediaplan.history.reading.reading import File
from mediaplan.planning.answer.comparing import told_apart
from mediaplan.report.bearing import bearing
from mediaplan.words import Sentence, Words
from mediaplan.worlds.sample import sample_folder

CARD = """\
post,channel,cost,results,up_to,whole,at_least,fixed,uses:shooting
spot-a,radio,45000,60,6,yes,2,0,1
spot-b,tv,150000,190,4,yes,1,50000,6
poster,street,1,0.0011,250000,,,,
"""
BY_CARD = """\
currency = "XOF"
budget = 900_000
flight = { start = 2026-12-01, days = 28 }
data = { rates = "card.csv" }
"""


@pytest.fixture
def by_card(tmp_path):
    (tmp_path / "card.csv").write_text(CARD, "utf-8")
    (tmp_path / "brief.toml").write_text(BY_CARD, "utf-8")
    return tmp_path


@pytest.mark.parametrize(("language", "separator"), [("en", ","), ("fr", ";")])
def test_the_lines_of_a_rate_card_say_how_many_units_they_buy_and_what_these_use(
    by_card, language, separator
):
    out = by_card / "out"
    assert main(["plan", str(by_card / "brief.toml"), "-o", str(out), "--quiet", "--lang", language]) == 0
    text = (out / "lines.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    document = json.loads((out / "plan.json").read_text("utf-8"))["lines"]
    told = [
        (float(row["units"].replace(",", ".")), float(row["uses:shooting"].replace(",", "."))) for row in rows
    ]
    assert told == [(line["units"], line["uses"]["shooting"]) for line in document]
    assert {row["post"]: units for row, (units, _) in zip(rows, told, strict=True)}["spot-b"] == 4
    assert list(rows[0])[-1] == "why"


def test_a_batch_says_the_results_that_the_plan_says(capsys):
    # 268.46 read as 268.5 first would be said as 268 or 269, whichever rounding follows.
    outcomes = [Outcome("a.toml", 0, "1000", "XOF", results) for results in (268.5275, 268.46, 30.49, 7.26)]
    show(outcomes, Voice(Words("en"), quiet=True))
    said = [line.split()[-1] for line in capsys.readouterr().out.splitlines()[1:]]
    assert said == ["269", "268", "30", "7.3"]


def test_each_close_call_says_in_terminal_and_report_what_might_do_as_well(tmp_path, capsys):
    brief = sample_folder() / "briefs" / "boutique-petit-budget.toml"
    assert main(["plan", str(brief), "-o", str(tmp_path / "o"), "--quiet", "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    document = json.loads((tmp_path / "o" / "plan.json").read_text("utf-8"))
    assert "close calls" in " ".join(document["warnings"])
    doubtful = sum("Not enough evidence to prefer it" in line["why"] for line in document["lines"])
    assert doubtful
    assert (tmp_path / "o" / "report.html").read_text("utf-8").count("Not enough evidence") == doubtful
    assert "Not enough evidence to prefer it" in " ".join(shown.split())


def test_a_warning_of_one_of_several_plans_says_of_which():
    first, second = (plans_by_hand.shop_plan(), plans_by_hand.shop_plan())
    shared, own = Sentence("The account is new."), Sentence("{count} lines are a guess.", count=2)
    one, two = replace(first, warnings=(shared, own)), replace(second, warnings=(own, shared))
    other = replace(second, warnings=(shared,))
    assert [str(w) for w in told_apart([("a", one), ("b", other)])] == [
        str(shared),
        "a: 2 lines are a guess.",
    ]
    assert told_apart([("a", one), ("b", two)]) == (shared, own)
    more = replace(second, warnings=(Sentence("{count} lines are a guess.", count=3),))
    (first_of_both,) = told_apart([("a", replace(first, warnings=(own,))), ("b", more)])
    assert str(first_of_both) == "a: 2 lines are a guess. Likewise, with figures of their own: 1 other plan."
    assert told_apart([("a", one)]) == (shared, own)
    assert told_apart([]) == ()


def test_the_units_that_a_line_buys_stand_where_people_read_it_and_not_where_the_unit_is_money(
    by_card, capsys
):
    out = by_card / "out"
    assert main(["plan", str(by_card / "brief.toml"), "-o", str(out), "--quiet", "--lang", "fr"]) == 0
    shown = capsys.readouterr().out
    assert "spot-b × tv · 4 unités" in shown
    assert re.search(r"poster × street {2,}", shown)
    report = (out / "report.html").read_text("utf-8")
    assert report.count("unités)") == 2
    assert "Ce que dit le passé" not in report
    assert "<p>historique ·" not in report
    sheet = list(csv.DictReader(io.StringIO((out / "launch.csv").read_text("utf-8-sig")), delimiter=";"))
    assert {row["publication"]: row["unités"] for row in sheet} == {
        "spot-a": "5",
        "spot-b": "4",
        "poster": "",
    }


def test_a_kind_of_result_that_no_table_names_is_called_in_the_reader_s_language(tmp_path, capsys):
    (tmp_path / "history.csv").write_text(
        "date,post,spend,results\n2026-11-02,a,10,3\n2026-11-09,b,20,5\n", "utf-8"
    )
    (tmp_path / "brief.toml").write_text(
        'currency = "EUR"\nbudget = 50\nflight = { start = 2026-12-01, days = 7 }\ndata = { history = "history.csv" }\n',
        "utf-8",
    )
    for command in (["plan", "brief.toml"], ["check", "history.csv"], ["diagnose", "--brief", "brief.toml"]):
        named = [str(tmp_path / word) if "." in word else word for word in command]
        assert main([*named, "--quiet", "--lang", "fr"]) in (0, 3)
        said = capsys.readouterr().out
        assert "résultat" in said
        assert not re.search(r"\bresult\b", said)


def test_a_table_of_one_s_own_that_looks_like_an_export_is_asked_about_its_own_column_of_days(
    tmp_path, capsys
):
    (tmp_path / "history.csv").write_text(
        "Date;Publication;Montant dépensé;Résultats\n02/11/2026;a;12,50;2\n13/11/2026;b;10,00;3\n", "utf-8"
    )
    main(["check", str(tmp_path / "history.csv"), "--lang", "fr", "--quiet"])
    said = " ".join(capsys.readouterr().out.split())
    assert 'Est-ce « Date » ? Alors dites-le sous [[columns]] : date = "Date".' in said
    assert "(spend)" in said


def test_a_line_that_nothing_breaks_down_has_a_name_too(tmp_path, capsys):
    (tmp_path / "history.csv").write_text("date,spend,results\n2026-11-02,10,3\n2026-11-09,20,5\n", "utf-8")
    (tmp_path / "brief.toml").write_text(
        'currency = "EUR"\nbudget = 50\nflight = { start = 2026-12-01, days = 7 }\ndata = { history = "history.csv" }\n',
        "utf-8",
    )
    assert main(["plan", str(tmp_path / "brief.toml"), "--quiet", "--lang", "en"]) == 0
    assert re.search(r"^  all lines {2,}50\.00", capsys.readouterr().out, re.MULTILINE)


@pytest.mark.parametrize("read", [mp.read_posts, mp.read_audiences, mp.read_rates])
def test_a_history_given_in_another_s_place_is_called_one_and_nothing_else_is_said(read):
    text = "date,post,audience,spend,results\n2026-11-02,a,x,10,3\n2026-11-02,a,x,20,5\n2026-11-02,,x,20,5\n"
    with pytest.raises(mp.InputError) as raised:
        read(File("history.csv", text.encode()))
    (problem,) = raised.value.problems
    assert "this is a history" in str(problem.message)
    if read is mp.read_rates:
        return
    once = "date,post,audience,spend\n2026-11-02,a,x,10\n2026-11-02,b,y,20\n"
    assert (
        len(read(File("posts.csv", once.encode())).rows) == 2
    )  # its own list, with what each has cost so far


def test_rows_that_forgot_their_kind_of_result_are_pointed_at():
    goal = mp.MostResults()
    with pytest.raises(mp.InputError, match="lead") as raised:
        goal.counted(("result", "lead"))
    said = str(raised.value.problems[0].remedy)
    assert "result_type" in said
    assert 'type = "lead"' in said
    with pytest.raises(mp.InputError) as raised:
        goal.counted(("lead", "message"))
    assert "result_type" not in str(raised.value.problems[0].remedy)


def test_plain_names_of_ads_are_no_convention_until_a_piece_recurs():
    plain = ["Reel soldes", "Carrousel rentrée", "Photo équipe", "Vidéo témoignage"]
    assert proposed(pd.DataFrame({"ad": plain})) == ()
    crossed = [f"{form} {people}" for form in ("Reel", "Photo") for people in ("soldes", "cantine")]
    (rule,) = proposed(pd.DataFrame({"ad": crossed}))
    assert rule.pattern.endswith("{audience}")


def test_a_limit_on_the_number_of_posts_or_lines_says_how_many_more_there_may_be():
    known = invented.response(posts=4, channels=("facebook",), audiences=1, slots=())
    rules = (
        mp.PostCount(at_most=3),
        mp.LineCount(at_most=9),
        mp.PostCount(at_least=2, at_most=6),
        mp.Excludes(post=("p0", "p3")),
    )
    made = mp.plan(mp.Brief(budget=100, currency="EUR", start="2026-11-30", days=7, rules=rules), known)
    posts = len({line.post for line in made.lines_planned})
    lines = len(made.lines_planned)
    kept = made.to_dict()["rules"][1:5]
    assert [rule["slack"] for rule in kept] == [3 - posts, 9 - lines, min(posts - 2, 6 - posts), None]
    said = [str(bearing(made, rule)) for rule in made.rules[1:5]]
    assert said[1] == f"Kept, with {9 - lines} to spare."
    assert "€" not in " ".join(said)


def test_arguments_in_each_other_s_place_are_refused_by_name():
    history = mp.read_history(File("h.csv", b"date,post,spend,clicks\n2026-11-02,a,10,3\n"), currency="EUR")
    posts = mp.read_posts(File("p.csv", b"post\na\n"))
    brief = mp.Brief(budget=10, currency="EUR", start="2026-12-01", days=7)
    response = mp.fit(history)
    wrong = {
        "response": lambda: mp.plan(brief, history),
        "brief": lambda: mp.explain("brief.toml", response),
        "history": lambda: mp.fit(posts),
        "posts": lambda: mp.fit(history, posts=history),
    }
    for argument, call in wrong.items():
        with pytest.raises(mp.InputError, match=f"“{argument}” is of the class"):
            call()
