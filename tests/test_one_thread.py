"""Tests that linear algebra runs on one thread while something is computed, and on as many as before afterwards."""

from __future__ import annotations

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from mediaplan.one_thread import on_one_thread


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
