"""A search that ends early: the best plan so far, under every rule, with a gap that the best plan bears out."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from briefs_by_hand import BRIEF, folder
from invented import every_line, response

import mediaplan as mp
from mediaplan.batch.answering import Task, answer_task
from mediaplan.cli.main import main
from mediaplan.cli.voice import how_far
from mediaplan.planning.formulation.program import Program
from mediaplan.planning.making import plan
from mediaplan.planning.patience import Patience, Progress
from mediaplan.planning.solvers import engine_named

NEVER = 10**9
"""More readings of a clock than any search makes."""

STEPPED = (mp.EachLine(or_zero=True, at_least=90, step=5), mp.Share(channel="facebook", at_least=0.4))
LARGE = (mp.EachLine(or_zero=True, at_least=400),)
IN_STEPS = """
[[rule]]
is = "each line"
or_zero = true
at_least = 5000
step = 500
"""
BRIEFS = {
    "results asked for of an LP": {
        "rules": (mp.ResultsTarget(at_least=10), mp.Share(channel="facebook", at_least=0.4))
    },
    "steps": {"rules": STEPPED},
    "results asked for": {"rules": (*STEPPED, mp.ResultsTarget(at_least=10))},
    "cautious": {"rules": STEPPED, "goal": mp.Cautious(worst=0.2)},
    "cautious, of large lines": {"rules": LARGE, "goal": mp.Cautious(worst=0.2)},
    "lowest cost": {"rules": (mp.ResultsTarget(at_least=20),), "goal": mp.LowestCost(), "budget": None},
    "to learn": {"rules": STEPPED, "goal": mp.MostResults(test_share=0.2)},
}


def brief(**changes: object) -> mp.Brief:
    return mp.Brief(**{"currency": "EUR", "budget": 1500, "start": "2026-11-30", "days": 14, **changes})


@pytest.fixture(scope="module")
def known():
    return response(posts=3, channels=("facebook", "instagram"), audiences=2, slots=())


def after(readings: int) -> Patience:
    """A patience whose time is over from the n-th reading of its clock on, whatever the machine does."""
    ticks = count()
    return Patience(3600, lambda: 0.0 if next(ticks) < readings else 1e5)


@pytest.mark.parametrize("name", BRIEFS)
def test_whenever_time_runs_out_the_answer_is_a_proven_plan_or_that_there_is_none(known, name):
    asked = brief(**BRIEFS[name])
    best = mp.plan(asked, known)
    ended = []
    for readings in [*range(1, 24), 40, 80, NEVER]:
        try:
            found = plan(asked, known, patience=after(readings))
        except mp.StoppedError:
            ended.append("none")
            continue
        certificate = found.certificate
        # Plans are audited where they are made; here the proof is held against the best plan.
        assert certificate.bound >= best.objective - 1e-6 * abs(best.objective)
        assert found.objective <= best.certificate.bound + 1e-9 * abs(best.objective)
        assert certificate.gap == pytest.approx(
            (certificate.bound - found.objective) / abs(certificate.bound), abs=1e-9
        )
        assert found.spent.minor + found.unspent.minor == found.budget.minor
        ended.append(certificate.status)
    assert ended[0] == "none"
    assert ended[-1] == "optimal"
    assert ended == sorted(ended, key=["none", "stopped", "optimal"].index)  # more time is never worse


@pytest.mark.parametrize("name", ["results asked for of an LP", "cautious, of large lines"])
def test_a_plan_that_was_stopped_says_so_and_says_how_good_it_is(known, name):
    found = first_found(brief(**BRIEFS[name]), known)
    assert found.certificate.status == "stopped"
    assert any("stopped before its end" in str(warning) for warning in found.warnings)
    assert "No plan under these rules can be better by more than" in str(found.certificate.sentence())


def test_a_cautious_search_that_is_stopped_between_sets_of_draws_ends_with_the_best_plan_so_far(known):
    asked = brief(rules=LARGE, goal=mp.Cautious(worst=0.2))
    found, best = first_found(asked, known), mp.plan(asked, known)
    assert found.certificate.status == "stopped"
    week = every_line(known)
    lines = replace(week, days=2 * week.days)
    money = np.zeros(len(lines))
    for line in found.lines_planned:
        assert line.amount.minor >= 40_000
        money[
            np.all([lines.labels(d) == getattr(line, d) for d in known.names if known.names[d]], axis=0)
        ] = line.amount.amount
    assert found.spent.amount == pytest.approx(money.sum(), abs=0.01) != 0
    assert found.spent.amount <= 1500
    # The worst of five draws, though the search was stopped before all that are bad for this plan were looked at.
    worst = known.curves(lines).results(money).sum(axis=(0, 1)).min()
    assert found.objective == pytest.approx(worst, rel=1e-9)
    assert found.objective < best.objective <= found.certificate.bound


def first_found(asked: mp.Brief, known: mp.Response) -> mp.Plan:
    """The plan with the least time in which any is found."""
    return next(
        found
        for readings in range(1, 100)
        for found in [_or_none(asked, known, after(readings))]
        if found is not None
    )


def _or_none(asked: mp.Brief, known: mp.Response, patience: Patience) -> mp.Plan | None:
    try:
        return plan(asked, known, patience=patience)
    except mp.StoppedError:
        return None


def test_rules_that_clash_are_refused_with_reasons_and_never_for_want_of_time(known):
    clash = (mp.Spend(channel="facebook", at_least=1200), mp.Spend(channel="instagram", at_least=1200))
    with pytest.raises(mp.NoPlanError) as patient:
        mp.plan(brief(rules=clash), known)
    for readings in (1, 2, 3, 5, 8, NEVER):
        with pytest.raises((mp.NoPlanError, mp.StoppedError)) as ended:
            plan(brief(rules=clash), known, patience=after(readings))
        if isinstance(ended.value, mp.NoPlanError):
            assert str(ended.value) == str(patient.value)


def test_results_that_can_be_reached_are_not_called_out_of_reach_for_want_of_time(known):
    asked = brief(rules=(mp.EachLine(or_zero=True, at_least=90), mp.ResultsTarget(at_least=15)))
    assert mp.plan(asked, known).totals.results.mean >= 15 - 1e-6
    for readings in range(1, 40):
        _or_none(asked, known, after(readings))  # raises NoPlanError where it wrongly refuses


def test_a_generous_limit_changes_no_byte_of_the_plan(known):
    asked = brief(rules=STEPPED)
    assert mp.plan(asked, known, time_limit=3600).to_dict() == mp.plan(asked, known).to_dict()


def test_what_is_found_without_a_search_needs_no_time(known):
    asked = brief(rules=(mp.Share(channel="facebook", at_least=0.4),))
    assert plan(asked, known, patience=after(0)).to_dict() == mp.plan(asked, known).to_dict()


def test_the_frontier_gives_each_plan_its_own_time(known):
    asked = brief(rules=STEPPED)
    points = mp.frontier(asked, known, budgets=[500, 1000], time_limit=3600)
    assert [each.to_dict() for each in points] == [
        each.to_dict() for each in mp.frontier(asked, known, budgets=[500, 1000])
    ]
    with pytest.raises(mp.StoppedError):
        mp.frontier(asked, known, budgets=[500, 1000], time_limit=1e-9)


def test_a_search_that_is_called_off_ends_at_once(known):
    with pytest.raises(mp.StoppedError):
        plan(brief(rules=STEPPED), known, patience=Patience(called_off=lambda: True))


@pytest.mark.parametrize("limit", [0, -1, float("nan"), 1e300])
def test_what_is_no_limit_of_time_is_refused(known, limit):
    with pytest.raises(mp.InputError, match="no limit of time"):
        mp.plan(brief(), known, time_limit=limit)


def knapsack(items: int = 60) -> Program:
    """Choices that keep branch and bound busy: many of nearly one weight and worth."""
    import scipy.sparse as sp

    chance = np.random.default_rng(5)
    weights = chance.integers(1000, 2000, (5, items)).astype(float)
    gain = weights.sum(axis=0) + chance.integers(0, 200, items)
    return Program(
        gain=gain,
        lower=np.zeros(items),
        upper=np.ones(items),
        whole=np.ones(items, dtype=bool),
        matrix=sp.csr_array(weights),
        row_lower=np.full(5, -np.inf),
        row_upper=weights.sum(axis=1) / 2,
        worth=3.0,
    )


def test_a_long_search_tells_bounds_that_close_in_and_can_be_called_off_midway():
    told: list[Progress] = []
    patience = Patience(told=told.append, called_off=lambda: len(told) >= 3)
    solution = engine_named("highs", patience.begun())(knapsack())
    assert solution.status == "stopped"
    assert len(told) >= 3
    bounds = [progress.bound for progress in told]
    assert bounds == sorted(bounds, reverse=True)
    assert told[-1].best <= 3.0 * solution.value + 1e-6
    assert 3.0 * solution.bound <= told[0].bound + 1e-6
    assert 0 <= told[-1].gap < 1


@pytest.mark.parametrize("engine", ["highs", "pulp"])
def test_engines_end_at_the_limit_with_a_point_that_keeps_the_rows(engine):
    program = knapsack()
    from time import monotonic

    solution = engine_named(engine, Patience(1.0, monotonic).begun())(program)
    assert solution.status == "stopped"
    if len(solution.columns):
        assert (program.matrix @ solution.columns <= program.row_upper + 1e-6).all()
        assert solution.bound >= solution.value


def test_how_far_a_search_is_is_said_as_far_as_it_is_known():
    assert str(how_far(Progress(float("nan"), float("inf")))) == "no plan yet"
    assert str(how_far(Progress(float("nan"), 12.0))) == "no plan yet, none can bring more than 12"
    assert "gap 4%" in str(how_far(Progress(96.0, 100.0)))


def test_commands_take_the_limit_and_refuse_what_is_none(tmp_path, capsys):
    place = folder(tmp_path, brief=BRIEF)
    file = str(place / "brief.toml")
    for command in ("plan", "compare", "frontier", "batch"):
        arguments = [command, file, "--quiet", "--lang", "en", "--json"]
        assert main([*arguments, "--time-limit", "600"]) == 0, command
        capsys.readouterr()
        assert main([*arguments, "--time-limit", "0"]) == 2, command
        assert json.loads(capsys.readouterr().out)["problems"][0]["column"] == "--time-limit"


def test_too_little_time_ends_with_five_and_says_what_to_do(tmp_path, capsys):
    place = folder(tmp_path, brief=BRIEF + IN_STEPS)
    arguments = [str(place / "brief.toml"), "--quiet", "--lang", "en", "--time-limit", "0.000001"]
    assert main(["plan", *arguments]) == 5
    assert "--time-limit" in capsys.readouterr().err
    assert main(["batch", *arguments, "--workers", "1", "--json"]) == 5
    assert json.loads(capsys.readouterr().out)["briefs"][0]["status"] == "stopped"


def test_a_task_of_a_batch_keeps_its_limit(tmp_path):
    place = folder(tmp_path, brief=BRIEF + IN_STEPS)
    task = Task(str(place / "brief.toml"), "brief.toml", "highs", "en", None, time_limit=1e-9)
    assert answer_task(task).exit_code == 5
