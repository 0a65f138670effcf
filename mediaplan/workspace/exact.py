"""Exact amounts of tables: a float as it was read, as a whole number of units with so many digits, and back.

Platforms state money finer than a minor unit (`cost_micros`): rounding each row would lose money, so the digits are kept.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST_EXACT = 2**53
"""Whole numbers up to here are exact as doubles; a quotient of two such is rounded once."""

USUAL_DIGITS = 6
"""Digits up to which amounts are tried all at once: millionths are the finest unit that platforms count in."""


def units_of(amounts: Floats, least: Integers) -> tuple[Integers, Integers]:
    """Whole units and their digits for each amount: `units / 10**digits` is the amount, to the last bit.

    Args:
        amounts: Shape (rows,), major units, finite.
        least: Shape (rows,), the digits of each row's currency; more are used only where the amount needs them.

    Returns:
        Units and digits, each shape (rows,).
    """
    units = np.zeros(len(amounts), dtype=np.int64)
    digits = least.astype(np.int64)
    left = np.ones(len(amounts), dtype=bool)
    for more in range(USUAL_DIGITS + 1):
        tried = np.maximum(least, more)
        with np.errstate(over="ignore"):
            scaled = np.round(amounts * 10.0**tried)
        fits = left & (np.abs(scaled) < LARGEST_EXACT) & (scaled / 10.0**tried == amounts)
        units[fits], digits[fits] = scaled[fits].astype(np.int64), tried[fits]
        left &= ~fits
    for at in np.flatnonzero(left):
        units[at], digits[at] = _one(float(amounts[at]), int(least[at]))
    return units, digits


def _one(amount: float, least: int) -> tuple[int, int]:
    """One amount by the shortest decimal that means it: at most 17 digits, which a big integer holds."""
    exact = Decimal(repr(amount))
    exponent = exact.as_tuple().exponent
    digits = max(-exponent, 0) if isinstance(exponent, int) else 0
    wanted = max(digits, least)
    units = int(exact.scaleb(wanted))
    return (units, wanted) if abs(units) < 2**63 else (int(exact.scaleb(digits)), digits)


def amounts_of(units: Integers, digits: Integers) -> Floats:
    """The amounts, each the float nearest to `units / 10**digits`: shape (rows,), major units."""
    with np.errstate(over="ignore"):
        amounts = np.asarray(units / 10.0**digits, dtype=np.float64)
    for at in np.flatnonzero((np.abs(units) >= LARGEST_EXACT) | (digits > 22)):
        amounts[at] = float(Decimal(int(units[at])).scaleb(-int(digits[at])))
    return amounts
