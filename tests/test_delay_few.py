"""Why a delay is not estimated from few results: from so few, chance and lateness look the same."""

import numpy as np
import pytest

from mediaplan.response.estimating import delay
from mediaplan.response.estimating.delay import FEWEST, DailyRows, estimated, maturity

UNTIL, LINES, DAYS = 100.0, 8, 56


def by_day(seed, results, late):
    """Eight lines by day, with about so many results in the last four weeks, counted `late` days late on average."""
    random = np.random.default_rng(seed)
    line = np.repeat(np.arange(LINES), DAYS)
    start = np.tile(UNTIL - DAYS + 1.0 + np.arange(DAYS), LINES)
    spend = random.gamma(4.0, 10.0, len(line))
    mean = spend * np.exp(random.normal(0.0, 0.4, LINES))[line]
    mean *= results / mean[UNTIL - start < 28].sum()
    counted = maturity(UNTIL - start, np.ones(len(line)), late)
    counts = random.poisson(mean * counted).astype(float)
    return DailyRows(line, start, spend, counts, UNTIL)


def said(results, late):
    """What would be estimated from each of 200 such histories, were it ever so few results."""
    return np.array([estimated(by_day(seed, results, late)) for seed in range(200)])


def test_of_sixty_results_lateness_would_be_invented_and_overlooked(monkeypatch):
    assert FEWEST > 60
    monkeypatch.setattr(delay, "FEWEST", 0)
    at_once, late = said(60, 0.0), said(60, 3.0)
    assert 0.4 < (at_once >= 0.5).mean() < 0.55
    assert 0.25 < (late < 1.5).mean() < 0.45
    many = said(1000, 0.0), said(1000, 3.0)
    assert (many[0] >= 0.5).mean() < 0.05
    assert (many[1] < 1.5).mean() < 0.1


@pytest.mark.parametrize("late", [0.0, 3.0])
def test_fewer_than_are_needed_tell_no_delay(late):
    rows = by_day(1, FEWEST / 2, late)
    assert rows.is_too_little
    assert estimated(rows) == 0.0
