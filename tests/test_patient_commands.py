"""`why`, `simplify`, `alternatives`: ended early they give what was found by then, and say that it is not all."""

from __future__ import annotations

import json
from itertools import count

import pytest
from briefs_by_hand import BRIEF, FEWER, folder
from invented import response

import mediaplan as mp
from mediaplan.cli.main import main
from mediaplan.planning.patience import Patience
from mediaplan.planning.replanning.frontier import frontier

STEPPED = (mp.EachLine(or_zero=True, at_least=90, step=5), mp.Share(channel="facebook", at_least=0.4))
COMMANDS = ("why", "simplify", "alternatives")
AT = (1, 8, 25, 60, 160, 10**9)
"""Readings of the clock after which time is over."""


def brief(**changes: object) -> mp.Brief:
    asked = {"currency": "EUR", "budget": 1500, "start": "2026-11-30", "days": 14, "rules": STEPPED}
    return mp.Brief(**{**asked, **changes})


@pytest.fixture(scope="module")
def known():
    return response(posts=3, channels=("facebook", "instagram"), audiences=2, slots=())


def after(readings: int) -> Patience:
    ticks = count()
    return Patience(3600, lambda: 0.0 if next(ticks) < readings else 1e5)


def until(readings: int) -> Patience:
    """Somebody calls it off at the n-th time it is asked for."""
    ticks = count()
    return Patience(called_off=lambda: next(ticks) >= readings)


@pytest.mark.parametrize("ends", [after, until])
def test_what_is_said_of_costs_is_true_however_early_it_ends(known, ends):
    whole = mp.explain(brief(), known)
    stopped = []
    for readings in AT:
        try:
            told = mp.explain(brief(), known, patience=ends(readings))
        except mp.StoppedError:
            continue
        if told.objective != whole.objective:  # the plan itself was not searched to its end
            assert told.stopped
            continue
        for mine, right in zip(told.rules, whole.rules, strict=True):
            assert mine.cost != mine.cost or mine.cost == right.cost
        assert told.left_out == whole.left_out[: len(told.left_out)]
        assert told.gain != told.gain or told.gain == whole.gain
        worked_out = told.gain == whole.gain and told.left_out == whole.left_out
        assert worked_out or told.stopped
        document = told.to_dict("fr")
        json.dumps(document, allow_nan=False)
        assert document["stopped"] is told.stopped
        assert len(document["warnings"]) == told.stopped
        stopped.append(told.stopped)
    assert stopped[-1] is False
    assert True in stopped


@pytest.mark.parametrize("ends", [after, until])
def test_fewer_lines_found_early_lose_no_more_than_is_allowed(known, ends):
    best = mp.plan(brief(), known)
    whole = mp.fewest_lines(brief(), known, within=0.1)
    found = []
    for readings in AT:
        try:
            simple = mp.fewest_lines(brief(), known, within=0.1, patience=ends(readings))
        except mp.StoppedError:
            continue
        assert simple.lost <= 0.1 + 1e-9
        assert len(simple.plan.lines_planned) <= len(simple.full.lines_planned)
        assert simple.to_dict()["stopped"] is simple.stopped
        if not simple.stopped:
            assert simple.full.objective == best.objective
            assert len(simple.plan.lines_planned) == len(whole.plan.lines_planned)
        found.append(simple.stopped)
    assert found == sorted(found, reverse=True)
    assert set(found) == {True, False}


@pytest.mark.parametrize("ends", [after, until])
def test_alternatives_found_early_are_the_first_of_all(known, ends):
    whole = mp.near_ties(brief(), known, within=0.1)
    assert whole.ties
    found = []
    for readings in AT:
        try:
            ties = mp.near_ties(brief(), known, within=0.1, patience=ends(readings))
        except mp.StoppedError:
            continue
        assert all(tie.lost <= 0.1 + 1e-9 for tie in ties.ties)
        assert ties.to_dict()["stopped"] is ties.stopped
        if not ties.stopped:
            assert [tie.moved for tie in ties.ties] == [tie.moved for tie in whole.ties]
        found.append(ties.stopped)
    assert set(found) == {True, False}


def test_a_frontier_that_is_called_off_keeps_the_budgets_it_has(known):
    whole = mp.frontier(brief(), known, budgets=[500, 1000, 1500])
    many = set()
    for readings in (2, 14, 30, 50, 70, 10**9):
        try:
            found = frontier(brief(), known, budgets=[500, 1000, 1500], patience=until(readings))
        except mp.StoppedError:
            continue
        many.add(len(found.points))
        done = [plan for plan in found if plan.certificate.status == "optimal"]
        assert [plan.objective for plan in done] == [plan.objective for plan in whole[: len(done)]]
    assert 3 in many
    assert len(many) > 1


def test_a_pair_that_had_no_time_is_not_called_impossible(known):
    for readings in AT[:-1]:
        try:
            pair = mp.instead(brief(), known, "p0", "p1", patience=after(readings))
        except mp.StoppedError:
            continue
        assert pair.loss == pair.loss


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_take_a_limit_and_say_what_was_cut(tmp_path, capsys, command):
    file = str(folder(tmp_path, brief=BRIEF + FEWER) / "brief.toml")
    arguments = [command, file, "--quiet", "--lang", "en", "--json"]
    assert main([*arguments, "--time-limit", "600"]) == 0
    generous = capsys.readouterr().out
    assert main(arguments) == 0
    assert capsys.readouterr().out == generous
    assert json.loads(generous)["stopped"] is False
    assert main([*arguments, "--time-limit", "0"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["column"] == "--time-limit"
    assert main([*arguments, "--time-limit", "0.000001"]) == 5
    assert "--time-limit" in capsys.readouterr().err


@pytest.mark.parametrize("command", [*COMMANDS, "frontier", "compare", "plan"])
def test_a_clients_data_give_the_same_as_loose_files(tmp_path, capsys, monkeypatch, command):
    monkeypatch.setenv("MEDIAPLAN_WORKSPACE", str(tmp_path / "agency.sqlite"))
    place = folder(tmp_path, brief=BRIEF + FEWER)
    brief_file, history = str(place / "brief.toml"), str(place / "history.csv")
    assert main(["import", history, "--client", "école", "--currency", "XOF", "--quiet"]) == 0
    capsys.readouterr()
    arguments = [command, brief_file, "--quiet", "--lang", "en", "--json"]
    assert main(arguments) == 0
    loose = json.loads(capsys.readouterr().out)
    assert main([*arguments, "--client", "école"]) == 0
    assert json.loads(capsys.readouterr().out) == loose
    assert main([*arguments, "--client", "école", "--history", history]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["column"] == "--history"
    assert main([*arguments, "--workspace", str(tmp_path / "agency.sqlite")]) == 2
    assert "--client" in capsys.readouterr().err
    assert main([*arguments, "--client", "ecole"]) == 3
