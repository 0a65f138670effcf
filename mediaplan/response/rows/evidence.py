"""What a reader of a plan should know of the figures that it rests on: little, none, odd, or left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.columns.kinds import kind_said
from mediaplan.money import Money, decimals
from mediaplan.words import Sentence

Array = NDArray[np.float64]

FEW = 10
"""Results or observations below which an answer is mostly what is usual elsewhere."""

MANY = 10.0
"""Results per major unit of money above which figures are doubted."""


def doubts_of(kind: str, counts: Array, spend: Array, observed: int, currency: str) -> tuple[Sentence, ...]:
    """What a reader of the plan should know of this kind's figures."""
    free = (spend == 0) & (counts > 0)
    unknown = (spend > 0) & np.isnan(counts)
    taught = (spend > 0) & ~np.isnan(counts)
    results, money = float(counts[taught].sum()), float(spend[taught].sum())
    said = []
    if free.any():
        said.append(
            Sentence(
                "Left out of the estimate: {results} results of the kind “{kind}” that no money stands beside "
                "(rows: {count}).",
                count=int(free.sum()),
                results=float(counts[free].sum()),
                kind=kind_said(kind),
            )
        )
    if unknown.any():
        said.append(
            Sentence(
                "Left out of the estimate of “{kind}”: {amount} whose results are not told (rows: {count}).",
                count=int(unknown.sum()),
                amount=said_money(spend[unknown].sum(), currency),
                kind=kind_said(kind),
            )
        )
    if results == 0:
        said.append(
            Sentence(
                "No result of the kind “{kind}” came of {amount}: all that can be said is that it is rare.",
                kind=kind_said(kind),
                amount=said_money(money, currency),
            )
        )
    elif min(results, observed) < FEW:
        said.append(
            Sentence(
                "The estimate of “{kind}” rests on little (results: {results}; lines and weeks: {count}) and is "
                "mostly what is usual elsewhere.",
                results=results,
                kind=kind_said(kind),
                count=observed,
            )
        )
    if results > MANY * money:
        said.append(
            Sentence(
                "{results} results of the kind “{kind}” for {amount} are unusually many: check the figures and "
                "the currency.",
                results=results,
                kind=kind_said(kind),
                amount=said_money(money, currency),
            )
        )
    return tuple(said)


def said_money(amount: float, currency: str) -> Money:
    """An amount in major units, rounded to a minor unit, as warnings say it."""
    return Money(round(float(amount) * 10 ** decimals(currency)), currency)
