"""A Response that promises what its promises were worth before: corrected by the ledger, widened by the backtest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from mediaplan.learning.ledger import Ledger
from mediaplan.response.curves import Curves
from mediaplan.response.lines import Lines
from mediaplan.response.looking_back.backtest import Backtest
from mediaplan.response.responses import Estimate, Response
from mediaplan.words import Percent, Sentence


@dataclass(frozen=True, eq=False)
class Corrected:
    """An estimate whose results are all multiplied by one factor, not known for sure.

    Attributes:
        inner: As it was fitted.
        factor: Expectation of the factor.
        spread: Standard deviation of its logarithm.
        seed: Of its draws.
    """

    inner: Estimate
    factor: float
    spread: float
    seed: int

    def curves(self, lines: Lines) -> Curves:
        """Curves of those lines; every line's mean is its old one times the factor."""
        curves = self.inner.curves(lines)
        if self.spread == 0:
            return replace(curves, rate=curves.rate * self.factor)
        half = np.random.default_rng([self.seed, 43]).normal(0.0, self.spread, (curves.draws + 1) // 2)
        each = np.exp(np.concatenate([half, -half])[: curves.draws])
        moved = curves.rate * each
        old, new = curves.rate.mean(axis=2, keepdims=True), moved.mean(axis=2, keepdims=True)
        return replace(curves, rate=moved * (self.factor * old / np.maximum(new, 1e-300)))

    def drawn(self, draws: int) -> Self:
        """The same with at most so many posterior draws."""
        return replace(self, inner=self.inner.drawn(draws))


def trusted(response: Response, ledger: Ledger) -> Response:
    """The response with what the user's own past plans say of its promises.

    All lines are corrected by the same factor, so that the ledger changes what a plan promises, and not where its money
    goes, unless rules speak of results.

    Args:
        response: As it was fitted.
        ledger: Of past plans; an empty one changes nothing.
    """
    counted = ledger.counted
    if not counted:
        return response
    said = Sentence(
        "Past plans brought {delivered} results where {promised} were promised (plans: {count}): this plan expects "
        "{factor} of what it would without them.",
        delivered=sum(entry.delivered for entry in counted),
        promised=sum(entry.promised for entry in counted),
        count=len(counted),
        factor=Percent(ledger.factor),
    )
    return _with(response, ledger.factor, 0.0, said)


def widened(response: Response, backtest: Backtest) -> Response:
    """The response with wider intervals, where the backtest shows that they hold too seldom; else as it is.

    Args:
        response: As it was fitted.
        backtest: Of the same history.
    """
    narrow = [judged.promise.spread for judged in backtest.judgements if judged.coverage.too_narrow]
    spread = max(narrow, default=0.0)
    if spread == 0:
        return response
    said = Sentence(
        "Looking back, the intervals held too seldom: they are widened by what was missing (standard deviation {part})."
        " What is expected stays the same.",
        part=Percent(spread),
    )
    return _with(response, 1.0, spread, said)


def _with(response: Response, factor: float, spread: float, said: Sentence) -> Response:
    estimate = Corrected(response.estimate, factor, spread, response.seed)
    digest = hashlib.sha256(f"{response.digest} {factor!r} {spread!r}".encode()).hexdigest()
    return replace(
        response,
        estimate=estimate,
        warnings=(*response.warnings, said),
        digest=digest,
        factor=response.factor * factor,
    )
