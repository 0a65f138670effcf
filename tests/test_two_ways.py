"""Names that a history writes in two ways are said beside the plan; names that differ are not."""

from __future__ import annotations

import pandas as pd
import pytest

import mediaplan as mp


def said(*channels):
    rows = [(f"2026-10-{day:02d}", channels[day % len(channels)], 20 + day, 4) for day in range(1, 20)]
    history = mp.read_history(
        pd.DataFrame(rows, columns=["date", "channel", "spend", "results"]), currency="EUR"
    )
    plan = mp.plan(mp.Brief(budget=100, currency="EUR", start="2026-10-20", days=7), mp.fit(history, seed=1))
    return [str(warning) for warning in plan.warnings if "differ only" in str(warning)]


@pytest.mark.parametrize("other", ["Facebook", "FACEBOOK", "face book", "facebook.", "fácebook", "face-book"])
def test_a_name_written_in_two_ways_is_said_with_both(other):
    (warning,) = said("facebook", other, "tiktok")
    assert "“facebook”" in warning
    assert f"“{other}”" in warning
    assert "tiktok" not in warning


@pytest.mark.parametrize("names", [("radio1", "radio2"), ("1-23", "12-3"), ("🎄", "🎁"), ("photo", "photos")])
def test_names_that_differ_in_letters_or_figures_are_not_said(names):
    assert said(*names) == []
