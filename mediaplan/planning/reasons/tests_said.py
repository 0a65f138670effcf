"""What is said of tests: what each costs now and may teach, and what they cost in all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediaplan.money import Money
from mediaplan.planning.answer.testing import Tests
from mediaplan.planning.reasons.reasons import Cost
from mediaplan.planning.search.exploring import Explored
from mediaplan.words import Sentence

Array = NDArray[np.float64]


def tests_of(explored: Explored, currency: str) -> Tests:
    """All tests of a plan together."""
    amount = int(explored.solved.amounts[explored.test].sum())
    without = explored.solved.value + explored.whole_cost
    part = explored.whole_cost / without if without > 0 else 0.0
    return Tests(int(explored.test.sum()), Money(amount, currency), explored.whole_cost, part)


def why_tested(explored: Explored, line: int, amount: float, results: Array, currency: str) -> Sentence:
    """Why that test line receives its money.

    Args:
        explored: The plan with tests.
        line: Its place among all lines.
        amount: Its money, major units.
        results: Shape (draws,), what that money is expected to bring in each posterior draw.
        currency: ISO 4217 code.
    """
    few, many = np.quantile(results, [0.1, 0.9])
    return Sentence(
        "A test: the best plan of today gives this line little or nothing, and in {count} of {worlds} equally plausible "
        "cases it belongs to the best plan. A result may cost from {low} to {high} here; the test narrows that. "
        "Elsewhere its money would bring about {cost} more now.",
        count=int(explored.entering[line]),
        worlds=explored.worlds,
        low=_cost(amount, many, currency),
        high=_cost(amount, few, currency),
        cost=float(explored.cost[line]),
    )


def _cost(amount: float, results: float, currency: str) -> Cost:
    return Cost(amount / results if results > 0 else float("nan"), currency)
