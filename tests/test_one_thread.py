"""Tests that linear algebra runs on one thread while something is computed, and on as many as before afterwards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from invented import response
from threadpoolctl import threadpool_info, threadpool_limits

import mediaplan as mp
from mediaplan.one_thread import on_one_thread
from mediaplan.planning.replanning.frontier import frontier
from mediaplan.worlds import additive
from mediaplan.worlds.settings import SETTINGS


def threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_linear_algebra_has_one_thread_inside_and_as_many_as_before_afterwards():
    on_one_thread(threads)()  # every library is loaded by now
    with threadpool_limits(3, user_api="blas"):
        before = threads()
        assert on_one_thread(threads)() == {1}
        assert threads() == before


def test_threads_come_back_after_an_error():
    def fails():
        raise ValueError("no")

    on_one_thread(threads)()
    with threadpool_limits(3, user_api="blas"):
        before = threads()
        with pytest.raises(ValueError, match="no"):
            on_one_thread(fails)()
        assert threads() == before


class Watched:
    """An estimate that notes how many threads there are whenever it is asked."""

    def __init__(self, inner):
        self.inner, self.seen = inner, set()

    def curves(self, lines):
        self.seen |= threads()
        return self.inner.curves(lines)

    def drawn(self, draws):
        raise AssertionError("these are few lines")


BRIEF = mp.Brief(currency="EUR", budget=500, start="2026-11-30", days=7)


@pytest.mark.parametrize(
    "ask",
    [
        lambda known: mp.plan(BRIEF, known),
        lambda known: frontier(BRIEF, known, budgets=(200, 500)),
        lambda known: mp.explain(BRIEF, known),
        lambda known: mp.near_ties(BRIEF, known),
        lambda known: mp.fewest_lines(BRIEF, known),
    ],
)
def test_whatever_is_asked_of_a_response_is_worked_out_on_one_thread(ask):
    known = response(posts=2, channels=("facebook", "instagram"), audiences=1, slots=())
    watched = Watched(known.estimate)
    on_one_thread(threads)()
    with threadpool_limits(3, user_api="blas"):
        ask(replace(known, estimate=watched))
    assert watched.seen == {1}


def test_a_fit_is_the_same_to_the_last_bit_whatever_number_of_threads_there_may_be():
    world = additive.World(860_000, SETTINGS["short"])
    on_one_thread(threads)()
    found = []
    for number in (1, 3):
        with threadpool_limits(number, user_api="blas"):
            found.append(mp.fit(world.history, posts=world.posts, audiences=world.audiences).estimate.fits[0])
    np.testing.assert_array_equal(found[0].fixed, found[1].fixed)
    np.testing.assert_array_equal(found[0].covariance, found[1].covariance)
