"""Rates that can't be used: money that can't be paid, and lines that half a card can't stand for."""

from __future__ import annotations

import numpy as np

from mediaplan.errors import Problem
from mediaplan.history.reading.ratecards import Rates
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.money import Money, decimals
from mediaplan.words import Sentence


def unblendable(rates: Rates) -> list[Problem]:
    """Rows that half a card can't stand for: what is due whole, or once, or tier by tier."""
    rows = rates.rows
    several = rows.duplicated(list(DIMENSIONS), keep=False).to_numpy()
    odd = (
        rows["whole"].to_numpy()
        | (rows["fixed"] > 0).to_numpy()
        | (rows["at_least"] > 0).to_numpy()
        | several
    )
    return [
        Problem(
            Sentence(
                "a line of whole units, fixed money, a least or several tiers can't be blended with a history."
            ),
            Sentence(
                "Write {first} or {history} in the brief.",
                first='rates = "first"',
                history='rates = "history"',
            ),
            **rates.origin.place(int(at)),
        )
        for at in np.flatnonzero(odd)
    ]


def unpayable(rates: Rates, currency: str) -> list[Problem]:
    """Money that is finer than a minor unit where it is due as it stands."""
    unit = 10 ** decimals(currency)
    problems = []
    for column, mask in (
        ("cost", rates.columns["whole"]),
        ("fixed", np.ones(len(rates.columns["fixed"]), dtype=bool)),
    ):
        money = rates.columns[column] * unit
        fine = mask & (np.abs(money - np.round(money)) > 1e-6 * np.maximum(1.0, np.abs(money) * 1e-6))
        for at in np.flatnonzero(fine):
            value = f"{rates.columns[column][at]:g}"
            problems.append(
                Problem(
                    Sentence(
                        "{value} can't be paid: the smallest money is {unit}.",
                        value=value,
                        unit=Money(1, currency),
                    ),
                    Sentence("Give whole money, or a unit that is many times as large."),
                    **rates.origin.place(int(at)),
                    column=column,
                    value=value,
                )
            )
    return problems
