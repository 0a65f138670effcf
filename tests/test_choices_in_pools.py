"""Lines chosen whole where people are shared, beside other rules: plans against SLSQP on every choice there is."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from pools_by_hand import asked, by_scipy, picked, truth, world

import mediaplan as mp

BUDGET = 600.0
Choice = Callable[[dict[str, np.ndarray]], list[np.ndarray]]


def one_post(names: dict[str, np.ndarray]) -> list[np.ndarray]:
    return [names["post"] == post for post in ("p0", "p1")]


def one_audience(names: dict[str, np.ndarray]) -> list[np.ndarray]:
    return [names["audience"] == audience for audience in ("a0", "a1")]


def two_lines(names: dict[str, np.ndarray]) -> list[np.ndarray]:
    lines = range(len(names["post"]))
    return [np.isin(lines, pair) for pair in itertools.combinations(lines, 2)]


CHOICES: list[tuple[object, Choice]] = [
    (mp.PostCount(at_most=1), one_post),
    (mp.Excludes(audience=["a0", "a1"]), one_audience),
    (mp.LineCount(at_most=2), two_lines),
]
BESIDE = [
    (mp.Share(channel="facebook", at_most=0.3), lambda x, got, f: 0.3 * x.sum() - x[f].sum()),
    (mp.ResultsTarget(channel="facebook", at_least=1.2), lambda x, got, f: got(x)[f].sum() - 1.2),
    (mp.CostPerResult(at_most=150), lambda x, got, f: 150 * got(x).sum() - x.sum()),
    (mp.Spend(channel="facebook", at_least=250), lambda x, got, f: x[f].sum() - 250),
]


CASES = [
    case for case in itertools.product(CHOICES, BESIDE) if case[0] is not CHOICES[2] or case[1] is BESIDE[0]
]


@pytest.mark.parametrize("everybody", [18.0, None])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0][0].word}, {case[1][0].word}")
def test_no_choice_of_lines_is_worth_more_than_the_plan_or_its_bound(case, everybody):
    ((choice, choices), (rule, keeps)), known = case, world(11, everybody)
    got, names = truth(known)
    facebook = picked(names, channel="facebook")
    made = mp.plan(asked(BUDGET, choice, rule), known)
    rows = [lambda x: keeps(x, got, facebook) / BUDGET, lambda x: 1 - x.sum() / BUDGET]
    best = max(by_scipy(known, lambda x: got(x).sum(), rows, BUDGET, on) for on in choices(names))
    assert made.objective == pytest.approx(best, rel=2e-5)
    assert made.certificate.bound >= best * (1 - 1e-6)
