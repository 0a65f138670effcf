"""Which part of a past week's money each way of planning would have bought, and what that part really brought.

Only what was bought can be judged: nobody knows what other lines would have brought. So each way of planning picks
from the lines of the week, for the same money; a line bought in part counts with that part of its results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.response.looking_back.foreseen import Foreseen

Array = NDArray[np.float64]

SHARES = (0.25, 0.5)
"""Parts of each week's money that are bought again."""

METHODS = ("mediaplan", "naive", "engagement", "equal", "did")
"""Ways of planning: the model, the average cost per result, the posts' organic engagement rate, the same amount for
each line, and all that was bought."""

RESAMPLED = 400
LEVEL = 0.8
"""Samples of the lines for the intervals of comparisons, and their level."""


@dataclass(frozen=True)
class Ratio:
    """One way of planning against another, in success per money.

    Attributes:
        mean: More than 1 = the first one brought more; NaN where the other brought nothing.
        low, high: Interval at `LEVEL` for the chance of which lines were bought.
    """

    mean: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """`better`, `worse`, or `open` where the interval holds 1 or is not known."""
        return "better" if self.low > 1.0 else "worse" if self.high < 1.0 else "open"


@dataclass(frozen=True)
class Choice:
    """What one way of planning would have brought, all weeks together.

    Attributes:
        method: One of `METHODS`.
        share: Part of each week's money.
        money: Major units.
        promised: What it had foreseen; NaN where it foresees nothing.
        brought: What these parts of the lines really brought, in the measure.
        against: mediaplan's success per money over that of this method.
    """

    method: str
    share: float
    money: float
    promised: float
    brought: float
    against: Ratio

    @property
    def per_money(self) -> float:
        """Success per major unit of money."""
        return self.brought / self.money


def best_part(score: Array, spend: Array, share: float) -> Array:
    """Part of each line that is bought: the highest scores first; lines of the same score each in the same part.

    Args:
        score: Shape (n,); NaN comes last.
        spend: Shape (n,), > 0.
        share: Of all money, 0–1.

    Returns:
        Shape (n,), 0–1; the money of all parts is `share` of all money.
    """
    known = np.where(np.isnan(score), -np.inf, score)
    _, group = np.unique(-known, return_inverse=True)
    money = np.bincount(group, spend)
    before = np.cumsum(money) - money
    part: Array = np.clip((share * spend.sum() - before) / money, 0.0, 1.0)[group]
    return part


def equal_part(spend: Array, share: float) -> Array:
    """Part of each line that is bought where each gets the same amount, or all that it had if that was less.

    Args:
        spend: Shape (n,), > 0.
        share: Of all money, 0–1.

    Returns:
        Shape (n,), 0–1; the money of all parts is `share` of all money.
    """
    ordered = np.sort(spend)
    reached = np.cumsum(ordered) + ordered * np.arange(len(ordered) - 1, -1, -1)
    amount = np.interp(share * spend.sum(), np.append(0.0, reached), np.append(0.0, ordered))
    part: Array = np.minimum(amount / spend, 1.0)
    return part


def parts(week: Foreseen, method: str, share: float) -> Array:
    """Part of each line of a week that this method buys, shape (n,), 0–1."""
    match method:
        case "mediaplan":
            return best_part(week.model / week.spend, week.spend, share)
        case "naive":
            return best_part(week.averages / week.spend, week.spend, share)
        case "engagement":
            # a week without figures of its posts is bought as it was
            score = np.zeros(len(week)) if week.engagement is None else week.engagement
            return best_part(score, week.spend, share)
        case "equal":
            return equal_part(week.spend, share)
        case _:
            return np.full(len(week), share)


def choices(weeks: Sequence[Foreseen], seed: int) -> tuple[Choice, ...]:
    """What each method would have brought, for each of `SHARES`; methods that the data do not allow are left out.

    Args:
        weeks: At least one.
        seed: Of the samples behind the intervals.
    """
    methods = [m for m in METHODS if m != "engagement" or any(w.engagement is not None for w in weeks)]
    spend = np.concatenate([week.spend for week in weeks])
    actual = np.concatenate([week.actual for week in weeks])
    sample = _sample(np.concatenate([week.lines for week in weeks]), seed)
    found = []
    for share in SHARES:
        part = {m: np.concatenate([parts(week, m, share) for week in weeks]) for m in methods}
        rate = {
            m: (sample @ (p * actual)) / np.maximum(sample @ (p * spend), 1e-300) for m, p in part.items()
        }
        for method in methods:
            bought = part[method]
            found.append(
                Choice(
                    method,
                    share,
                    float(bought @ spend),
                    _promised(weeks, method, bought),
                    float(bought @ actual),
                    _ratio(rate["mediaplan"], rate[method]),
                )
            )
    return tuple(found)


def _sample(lines: NDArray[np.object_], seed: int) -> Array:
    """Shape (1 + RESAMPLED, cases): ones, then how often each case is in a sample of lines drawn with replacement.

    A line stays together with itself in other weeks: what it is worth there is no news.
    """
    code, found = pd.factorize(lines)
    random = np.random.default_rng([seed, len(found)])
    times = random.multinomial(len(found), np.full(len(found), 1.0 / len(found)), size=RESAMPLED)
    return np.vstack([np.ones(len(code)), times[:, code].astype(np.float64)])


def _promised(weeks: Sequence[Foreseen], method: str, part: Array) -> float:
    if method not in ("mediaplan", "naive"):
        return float("nan")
    told = [week.model if method == "mediaplan" else week.averages for week in weeks]
    return float(part @ np.concatenate(told))


def _ratio(first: Array, second: Array) -> Ratio:
    """From the rates of all and of each sample, shape (1 + RESAMPLED,)."""
    if second[0] <= 0:
        return Ratio(float("nan"), float("nan"), float("nan"))
    each = first[1:][second[1:] > 0] / second[1:][second[1:] > 0]
    low, high = np.quantile(each, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) if len(each) else (np.nan, np.nan)
    return Ratio(float(first[0] / second[0]), float(low), float(high))
