"""The best amounts when lines need not be chosen whole, and how near they are to the best there is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import Problem, StoppedError
from mediaplan.planning.formulation.bounding import Bound
from mediaplan.planning.formulation.cuts import Cuts
from mediaplan.planning.formulation.program import Engine, Program, Solution, Solver, wait_of
from mediaplan.planning.patience import Wait
from mediaplan.words import Sentence

Array = NDArray[np.float64]
Index = NDArray[np.intp]

CLOSE_ENOUGH = 2e-7
"""Part of the bound that straight pieces may lose."""
SMALL = 400
"""Lines that go to the engine at once; of more, the best and those that the prices call for."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The best amounts when lines need not be chosen whole.

    Attributes:
        amounts: Shape (lines,), minor units.
        straight: Worth of them on straight pieces.
        prices: Shape (terms,).
        bound: No plan is worth more.
        cuts: Where curves and pools were cut in the end.
        working: Shape (working lines,), index of those that the program had.
        choices: Whether lines still have to be chosen whole.
        proof: What the last prices prove.
        stopped: Whether the time was over before the curves were cut finely enough.
    """

    amounts: Array
    straight: float
    prices: Array
    bound: float
    cuts: Cuts
    working: Index
    choices: bool
    proof: Bound
    stopped: bool = False

    @property
    def loss(self) -> float:
        """Part of the bound that may be missing."""
        return (self.bound - self.straight) / max(abs(self.bound), 1e-300)

    def funded_and_next(self, times: int) -> Index:
        """Of the working lines those with money and the next ones by what they are worth beyond what they pay.

        Together at least so many times as many as have money, where there are as many.
        """
        funded = self.working[self.amounts[self.working] > 0]
        order = np.argsort(-self.proof.profit[self.working], kind="stable")
        return np.union1d(funded, self.working[order[: times * len(funded)]])


def called_for(proof: Bound, working: Index) -> Index:
    """Lines not yet worked with that would be worth more than they pay at the proof's prices, the best first."""
    gain = proof.profit.copy()
    gain[working] = 0.0
    calling = np.flatnonzero(gain > 0)
    return calling[np.argsort(-gain[calling], kind="stable")][:SMALL]


def or_stopped(solver: Solver) -> Solver:
    """The engine, raising `StoppedError` where it is cut short: nothing is to be read into half an answer."""

    def solve(program: Program, wait: Wait) -> Solution:  # noqa: ARG001 - the solver has it
        solution = solver(program)
        if solution.status == "stopped":
            raise StoppedError(out_of_time())
        return solution

    return Engine(solve, wait_of(solver))


def out_of_time() -> Problem:
    """What is said where the time was over before anything was found."""
    return Problem(
        Sentence("the time for the search is over, and no plan was found yet."),
        Sentence(
            "Give it more time with --time-limit, or ask for fewer lines: {example}, fewer posts, or no steps and least amounts.",
            example='lines = "seen"',
        ),
    )
