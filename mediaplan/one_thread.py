"""Linear algebra on one thread: matrices here are small, and sums do not depend on how many cores there are.

Several threads of LAPACK on matrices of some hundred rows gain nothing on a machine that is idle, and on a busy one they wait
for each other ten times as long as the work takes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
R = TypeVar("R")


def on_one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, during which BLAS and LAPACK use one thread; afterwards as many as before."""

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with _libraries().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return alone


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    """Those of numpy and of scipy, which brings its own."""
    import scipy.linalg  # noqa: F401 - only libraries that are loaded can be told

    return ThreadpoolController()
