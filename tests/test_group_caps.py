"""At most so many posts, and at most so much for each: the best posts with their best lines, whatever else is asked that they keep."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

import mediaplan as mp

POSTS, AUDIENCES, CAP = 16, 27, 15_000
TARGET = mp.ResultsTarget(audience=tuple(f"a{place:02d}" for place in range(AUDIENCES)), at_least=5)


def card(seed):
    """432 lines of two tiers each, of which some twelve fill what a post may have."""
    random, rows = np.random.default_rng(seed), []
    for post in range(POSTS):
        quality = np.exp(random.normal(0, 0.6))
        for audience in range(AUDIENCES):
            rate, most = quality * np.exp(random.normal(0, 0.5)), int(random.integers(3, 15))
            for worth, units in ((0.01, 100), (0.005, 100)):
                line = {"post": f"p{post:02d}", "audience": f"a{audience:02d}", "cost": 1}
                rows.append(line | {"results": round(worth * rate, 6), "up_to": units * most})
    return pd.DataFrame(rows)


def best_by_hand(rows, posts):
    """The sum over the best posts of what their best tiers bring for the most that each may have."""
    found = []
    for _, own in rows.groupby("post"):
        left, worth = CAP, 0.0
        for each in own.sort_values("results", ascending=False).itertuples():
            units = min(left, each.up_to)
            left, worth = left - units, worth + units * each.results
        found.append(worth)
    return sum(sorted(found)[-posts:])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("more", [(), (TARGET,)])
def test_of_many_lines_the_best_posts_are_found_and_proven(seed, more):
    rows = card(seed)
    response = mp.from_rates(mp.read_rates(rows), currency="XOF", as_of=date(2026, 11, 22))
    rules = (mp.PostCount(at_most=4), mp.Spend(per="post", at_most=CAP, name="cap"), *more)
    brief = mp.Brief(budget=150_000, currency="XOF", start="2026-12-01", days=7, rules=rules)
    made = mp.plan(brief, response)
    assert made.spent.minor == 4 * CAP
    assert made.objective == pytest.approx(best_by_hand(rows, 4), rel=1e-3)
    assert made.certificate.gap <= 1e-3
    assert made.certificate.bound >= best_by_hand(rows, 4) * (1 - 1e-9)
    cap = made.rules[2]
    assert cap.binding
    assert cap.price > 0
