"""The budgets that a slider offers: round ones around the brief's own."""

from __future__ import annotations

from mediaplan.money import Money, telling_step

LEAST, MOST = 0.2, 3.0
"""Parts of the brief's budget between which the slider moves."""

MOST_STEPS = 80


def budgets_around(asked: Money, current: Money) -> list[Money]:
    """Budgets in round steps from a fifth to three times `asked`, those two budgets included, in order.

    Args:
        asked: Around which.
        current: Where the slider stands; anywhere.
    """
    telling = telling_step(asked).minor
    span = round((MOST - LEAST) * asked.minor)
    step = next(
        telling * by for by in (1, 2, 5, 10, 20, 50, 100) if span <= MOST_STEPS * telling * by or by == 100
    )
    first = max(1, round(LEAST * asked.minor / step))
    last = max(first, round(MOST * asked.minor / step))
    round_ones = {number * step for number in range(first, last + 1)}
    return [Money(minor, asked.currency) for minor in sorted(round_ones | {asked.minor, current.minor})]
