"""Scenarios: one file, several questions; each is the brief with its own changes and nothing else."""

from __future__ import annotations

import json

import pytest
from briefs_by_hand import BRIEF, CLASH, folder
from commands import in_english

import mediaplan as mp
from mediaplan.brief.scenarios import scenario_named
from mediaplan.brief.writing import brief_toml

BASE = """
name = "base"
currency = "EUR"
budget = 1000
flight = { start = 2026-11-30, days = 14 }

[[rule]]
is = "share"
name = "contract"
channel = "instagram"
at_least = 0.2

[[rule]]
is = "spend"
channel = "facebook"
at_most = 500
"""
HALF = '\n[[scenario]]\nname = "half"\nbudget = 500\n'
FREE = """
[[scenario]]
name = "free"
drop_rule = "contract"
add_rule = [{ is = "spend", channel = "tiktok", at_most = 0 }]
"""


def faults(text: str) -> list[tuple[str | None, str]]:
    with pytest.raises(mp.InputError) as found:
        mp.parse_brief(text)
    return [(problem.column, str(problem.message)) for problem in found.value.problems]


def test_a_scenario_is_the_brief_with_its_keys_in_place_of_the_brief_s():
    brief = mp.parse_brief(BASE + HALF + FREE)
    half, free = mp.scenarios_of(brief)
    alone = mp.parse_brief(BASE)
    assert half == alone.but(name="half", budget=500)
    assert [rule.word for rule in free.rules] == ["spend", "spend"]
    assert free.rules[0] == alone.rules[1]
    assert free.rules[1] == mp.Spend(channel="tiktok", at_most=0).in_currency("EUR")
    assert brief.but(scenarios=()) == alone


def test_a_scenario_may_replace_all_rules_at_once_and_then_add_some():
    text = BASE + '\n[[scenario]]\nname = "bare"\nrule = []\nadd_rule = { is = "lines", at_most = 3 }\n'
    (bare,) = mp.scenarios_of(mp.parse_brief(text))
    assert [rule.word for rule in bare.rules] == ["lines"]


def test_a_brief_with_scenarios_is_written_and_read_again_unchanged():
    brief = mp.parse_brief(BASE + HALF + FREE)
    assert mp.parse_brief(mp.brief_toml(brief)) == brief
    assert mp.scenarios_of(mp.parse_brief(mp.brief_toml(brief))) == mp.scenarios_of(brief)


def test_all_faults_of_all_scenarios_are_said_at_once_with_their_place():
    text = (
        BASE + '\n[[scenario]]\nbugdet = 3\n\n[[scenario]]\nname = "x"\ndrop_rule = "contrat"\nadd_rule = 3\n'
    )
    text += '\n[[scenario]]\nname = "y"\nadd_rule = [{ is = "spend", channel = "a", at_most = -1 }]\n'
    assert [column for column, _ in faults(text)] == [
        "scenario 1.bugdet",
        "scenario 1.name",
        "scenario 2.add_rule",
        "scenario 2.drop_rule",
        "scenario 3.rule 3.at_most",
    ]


@pytest.mark.parametrize("name", ['"base"', '"half"', '""', "3"])
def test_a_scenario_has_a_name_of_its_own(name):
    found = faults(BASE + HALF + f"\n[[scenario]]\nname = {name}\n")
    assert [column for column, _ in found] == ["scenario 2.name"]


def test_an_unknown_scenario_is_refused_with_the_nearest_one():
    with pytest.raises(mp.InputError, match="Did you mean “half”"):
        scenario_named(mp.parse_brief(BASE + HALF), "haff")
    with pytest.raises(mp.InputError, match="Add a"):
        scenario_named(mp.parse_brief(BASE), "half")


SHOP = (
    BRIEF
    + HALF.replace("500", "30_000")
    + CLASH.replace("[[rule]]", "[[scenario.add_rule]]").replace(
        "[[scenario.add_rule]]", '[[scenario]]\nname = "clash"\n\n[[scenario.add_rule]]', 1
    )
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return folder(tmp_path_factory.mktemp("shop"), brief=SHOP, alone=BRIEF)


def test_plan_answers_a_scenario_as_if_it_were_a_brief_of_its_own(shop, capsys):
    code, out, _ = in_english(capsys, "plan", shop / "brief.toml", "--scenario", "half", "--json")
    plan = json.loads(out)
    assert (code, plan["name"], plan["budget"], plan["spent"]) == (0, "half", "30000", "30000")
    code, out, err = in_english(capsys, "plan", shop / "brief.toml", "--scenario", "haff", "--json")
    assert (code, json.loads(out)["problems"][0]["value"]) == (3, "haff")
    assert "brief.toml" in err


def test_compare_puts_every_brief_and_scenario_beside_the_others(shop, capsys, tmp_path):
    out = tmp_path / "both"
    code, said, _ = in_english(
        capsys, "compare", shop / "brief.toml", shop / "alone.toml", "--json", "-o", out
    )
    document = json.loads(said)
    assert (code, document["schema"]) == (4, "mediaplan/compare/1")
    assert [each["name"] for each in document["plans"]] == ["Rentrée", "half", "clash", "Rentrée"]
    base, half, clash, alone = document["plans"]
    assert base["plan"]["lines"] == alone["plan"]["lines"]
    _, single, _ = in_english(capsys, "plan", shop / "brief.toml", "--scenario", "half", "--json")
    assert half["plan"] == json.loads(single)
    assert clash["plan"] is None
    assert clash["refusal"]["schema"] == "mediaplan/refusal/1"
    assert json.loads((out / "compare.json").read_text(encoding="utf-8")) == document
    assert (out / "report.html").read_text(encoding="utf-8").count("#plan-") == 3


def test_compare_says_who_has_no_plan_and_why(shop, capsys):
    code, said, _ = in_english(capsys, "compare", shop / "brief.toml")
    assert code == 4
    assert "half" in said
    assert "Together they need" in said


def test_a_scenario_may_ask_for_other_results_and_is_answered_as_such(tmp_path, capsys):
    place = folder(tmp_path, brief=BRIEF + '\n[[scenario]]\nname = "dear"\ngoal = { type = "sale" }\n')
    code, said, _ = in_english(capsys, "compare", place / "brief.toml", "--json")
    base, dear = json.loads(said)["plans"]
    assert code == 3
    assert base["plan"]["kinds"] == ["lead"]
    assert dear["problems"][0]["file"].endswith("brief.toml")


def test_a_short_scenario_is_written_under_a_heading_of_its_own():
    brief = mp.parse_brief(
        'currency = "EUR"\nbudget = 100\nflight = { start = 2026-12-01, days = 3 }\nexchange = { USD = 0.9 }\n'
        '[[rule]]\nis = "spend"\nat_most = 50\nname = "cap"\n'
        '[[scenario]]\nname = "half"\nbudget = 50\n'
        '[[scenario]]\nname = "free"\ndrop_rule = "cap"\nadd_rule = [{ is = "posts", at_most = 2 }]\n'
        '[[scenario]]\nname = "later"\nflight = { start = 2026-12-09, days = 2 }\n'
    )
    written = brief_toml(brief)
    assert written.count("[[scenario]]") == 3
    assert mp.parse_brief(written) == brief
