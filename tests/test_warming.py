"""A fit that begins where an earlier one ended gives about the answer of one that begins at what is usual."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mediaplan.history.records.records import DIMENSIONS, Posts
from mediaplan.response.estimating import schedule
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.worlds.additive import World
from mediaplan.worlds.settings import SETTINGS


@pytest.fixture(scope="module")
def world() -> World:
    return World(5, SETTINGS["base"])


def before_last_week(history):
    rows = history.rows
    return replace(history, rows=rows[rows["date"] < rows["date"].max()].reset_index(drop=True))


def promised(response, world) -> np.ndarray:
    """Logarithm of the expected results of each of the world's lines for 40 EUR."""
    codes = {
        d: pd.Index(response.names[d]).get_indexer(pd.Index(world.lines[d])).astype(np.int32)
        for d in DIMENSIONS
    }
    n = len(world.lines)
    lines = Lines(response.names, codes, np.full(n, np.datetime64(world.flight)), np.full(n, 7, np.int32))
    return np.log(response.curves(lines).results(np.full(n, 40.0))[0].mean(axis=1))


def rms(values: np.ndarray) -> float:
    return float(np.sqrt((values**2).mean()))


def test_after_one_new_week_lines_promise_what_a_fit_from_scratch_promises(world):
    known = {"posts": world.posts, "audiences": world.audiences}
    earlier = fit(before_last_week(world.history), **known)
    cold = promised(fit(world.history, **known), world)
    warm = promised(fit(world.history, warm=earlier, **known), world)
    assert rms(warm - cold) < 0.03
    assert abs(warm - cold).max() < 0.12
    assert rms(promised(earlier, world) - cold) > 2 * rms(warm - cold)  # the week did teach something


def test_begun_at_its_own_answer_it_stays_there(world):
    cold = fit(world.history, posts=world.posts)
    again = fit(world.history, posts=world.posts, warm=cold)
    assert rms(promised(again, world) - promised(cold, world)) < 0.02


def test_names_are_carried_over_by_name_and_not_by_place(world, monkeypatch):
    """New names that sort before all others move every code; with no sweep at all what was learnt must still be there."""
    cold = fit(world.history, posts=world.posts)
    rows = world.history.rows
    more = rows.tail(1).assign(
        channel="!new", audience="!new", slot="!new", post="!new", spend=1.0, **{"results:lead": 0.0}
    )
    history = replace(world.history, rows=pd.concat([rows, more], ignore_index=True))
    described = world.posts.rows
    described = pd.concat([described.tail(1).assign(post="!new", topic="!new"), described], ignore_index=True)
    monkeypatch.setattr(schedule, "WARM_SWEEPS", 1)
    monkeypatch.setattr(schedule, "WARM_TOGETHER", {})
    moved = fit(history, posts=Posts(described, world.posts.origin), warm=cold)
    assert rms(promised(moved, world) - promised(cold, world)) < 0.03


def test_an_earlier_fit_of_other_kinds_is_no_start(world):
    history = world.history
    clicks = replace(
        history,
        rows=history.rows.drop(columns=f"results:{history.kinds[0]}").assign(clicks=3.0),
        kinds=("click",),
    )
    elsewhere = fit(clicks)
    np.testing.assert_array_equal(
        promised(fit(history, warm=elsewhere), world), promised(fit(history), world)
    )


def test_where_it_began_is_part_of_its_digest(world):
    cold = fit(world.history)
    assert fit(world.history, warm=cold).digest != cold.digest
