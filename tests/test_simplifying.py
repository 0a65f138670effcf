"""The fewest lines: as few as can be for the loss that is allowed, checked by planning with every number of lines."""

from __future__ import annotations

import json

import pytest
from briefs_by_hand import BRIEF, folder
from invented import response

import mediaplan as mp
from mediaplan.cli.main import main


def brief(**changes: object) -> mp.Brief:
    return mp.Brief(**{"currency": "EUR", "budget": 1500, "start": "2026-11-30", "days": 14, **changes})


@pytest.fixture(scope="module")
def known():
    return response(posts=2, channels=("facebook", "instagram"), audiences=2, slots=())


def with_at_most(count: int, known) -> float:
    return mp.plan(brief(rules=(mp.LineCount(at_most=count),)), known).objective


@pytest.mark.parametrize("within", [0.0, 0.005, 0.05, 0.2])
def test_no_fewer_lines_would_lose_as_little(known, within):
    simple = mp.fewest_lines(brief(), known, within=within)
    enough = simple.full.objective * (1 - within)
    count = len(simple.plan.lines_planned)
    assert simple.plan.objective >= enough - 1e-9
    assert simple.full.objective == mp.plan(brief(), known).objective
    if count > 1:
        assert with_at_most(count - 1, known) < enough


def test_the_curve_never_falls_and_ends_with_the_best_plan(known):
    simple = mp.fewest_lines(brief(), known, within=0.05)
    values = [value for _, value in simple.curve]
    assert values == sorted(values)
    assert simple.curve[-1] == (len(simple.full.lines_planned), simple.full.objective)
    assert all(value == pytest.approx(with_at_most(lines, known), rel=1e-3) for lines, value in simple.curve)


def test_its_brief_gives_the_same_plan_again(known):
    simple = mp.fewest_lines(brief(), known, within=0.05)
    assert mp.plan(simple.plan.brief, known).to_dict() == simple.plan.to_dict()


def test_the_rules_of_the_brief_are_kept(known):
    simple = mp.fewest_lines(brief(rules=(mp.LineCount(at_least=3),)), known, within=0.5)
    assert len(simple.plan.lines_planned) == 3


@pytest.mark.parametrize("within", [-0.1, 1.0, float("nan")])
def test_what_is_no_part_is_refused(known, within):
    with pytest.raises(mp.InputError):
        mp.fewest_lines(brief(), known, within=within)


def test_the_command_says_how_many_lines_are_saved(tmp_path, capsys):
    place = folder(tmp_path, brief=BRIEF)
    command = ["simplify", str(place / "brief.toml"), "--quiet", "--lang", "en"]
    assert main([*command, "--within", "0.1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "mediaplan/simplify/1"
    assert len(document["plan"]["lines"]) < len(document["full"]["lines"])
    assert 0 <= document["lost"] <= 0.1
    assert main([*command, "--within", "2", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["column"] == "--within"
