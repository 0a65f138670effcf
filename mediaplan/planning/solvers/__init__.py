"""Engines that answer a Program; each is one function."""

from __future__ import annotations

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.planning.formulation.program import Engine, Solver
from mediaplan.planning.patience import ENDLESS, Wait
from mediaplan.words import Sentence

ENGINES = ("highs", "pulp")
"""`highs`: HiGHS on arrays. `pulp`: PuLP's models, solved by its HiGHS or, as `pulp:NAME`, any solver it knows."""


def engine_named(name: str, wait: Wait = ENDLESS) -> Solver:
    """The engine of that name.

    Args:
        name: One of `ENGINES`, or `pulp:NAME`.
        wait: How long all that it is asked may take together, and who is told.

    Raises:
        InputError: There is no such engine.
    """
    if name == "highs":
        from mediaplan.planning.solvers.highs import solve

        return Engine(solve, wait)
    if name == "pulp" or name.startswith("pulp:"):
        from mediaplan.planning.solvers.with_pulp import solver_named

        return solver_named(name.partition(":")[2] or "HiGHS", wait)
    raise InputError(
        Problem(
            Sentence("there is no engine “{engine}”.", engine=name),
            nearest(name, ENGINES),
            column="--engine",
            value=name,
        )
    )
