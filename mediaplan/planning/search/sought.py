"""What the best amounts are sought under, and what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Term
from mediaplan.planning.asking.demands import Demand, Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.search.searching import Asked

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Solved:
    """The solved amounts and what is known about them.

    Attributes:
        amounts: Shape (lines,), whole minor units.
        limits: Of the lines.
        terms: Linear terms of all demands, in order.
        totals: Shape (terms,), what each adds up to on the true curves.
        prices: Shape (terms,), worth per minor unit by which a limit gives way; the sign says which limit binds.
        value: Worth of the amounts on the true curves, less what rules that give way take from it.
        penalties: What rules that give way take from it.
        relaxed: What no plan is worth more than where lines need not be chosen whole.
        bound: No plan is worth more.
        straight: Worth that the program's straight pieces gave the amounts before rounding.
        stopped: Whether a limit of time was reached.
        choices: Whether lines are chosen whole, so that prices are those before that choice.
        draws: Of a cautious goal, the sets of posterior draws that plans were looked at in, each an index.
    """

    amounts: Integers
    limits: Limits
    terms: tuple[Linear, ...]
    totals: Array
    prices: Array
    value: float
    penalties: float
    relaxed: float
    bound: float
    straight: float
    stopped: bool
    choices: bool = False
    draws: tuple[NDArray[np.intp], ...] = ()


@dataclass(frozen=True, eq=False)
class Sought:
    """What the best amounts are sought under.

    Attributes:
        terms: Of all demands, none of them a limit on people.
        demands: What the plan must keep.
        objective: What is maximised.
        budget: Media money, minor units.
        solver: The engine.
        proving: Whether anybody is told how near to the best the plan is proven to be.
        enough, known: As of `Asked`.
    """

    terms: tuple[Term, ...]
    demands: tuple[Demand, ...]
    objective: Objective
    budget: int
    solver: Solver
    proving: bool
    enough: float = 0.0
    known: float = -np.inf

    def asked(self, around: Array | None = None) -> Asked:
        """The same as a question, stated around a plan."""
        asked = Asked.of(self.terms, self.objective, self.budget, self.solver, around, proving=self.proving)
        return replace(asked, enough=self.enough, known=self.known)

    def of(self, rows: Sequence[Term]) -> Sought:
        """Only those of the terms."""
        here = {id(term) for term in rows}
        demands = (replace(d, terms=tuple(t for t in d.terms if id(t) in here)) for d in self.demands)
        return replace(self, terms=tuple(rows), demands=tuple(demands))
