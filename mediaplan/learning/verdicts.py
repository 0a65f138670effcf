"""The verdict of a test “which of these posts”: who is best, how sure that is, or how much is still missing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.brief.side_by_side import PostTest
from mediaplan.errors import InputError, Problem
from mediaplan.history.records.records import RESULT_PREFIX, History
from mediaplan.money import Money, decimals
from mediaplan.words import Percent, Sentence, Words

Array = NDArray[np.float64]

SURE = 0.9
"""Chance of being best from which a post wins."""
SURE_DEVIATIONS = 1.2815515655446004
"""Standard deviations that a difference must have for it."""
DRAWS = 20_000


@dataclass(frozen=True)
class Arm:
    """One post of a test.

    Attributes:
        post: Its name.
        spend: Major units.
        results: Counted.
        best: Chance (0–1) that it brings most per money.
    """

    post: str
    spend: float
    results: float
    best: float


@dataclass(frozen=True)
class Verdict:
    """What a test tells.

    Attributes:
        test: Its name.
        currency: Of the posts' money.
        arms: The posts, the likeliest best first.
        chance: How much more the counts vary than by chance alone, ≥ 1.
        missing: Results that the two best posts together still lack for a verdict if things go on as they are; 0
            where there is one, infinite where they bring the same.
    """

    test: str
    currency: str
    arms: tuple[Arm, ...]
    chance: float
    missing: float

    @property
    def winner(self) -> str | None:
        """The post that is best for sure enough; `None` where the evidence is not enough yet."""
        return self.arms[0].post if self.arms[0].best >= SURE else None

    def sentence(self) -> Sentence:
        """The verdict in a sentence."""
        first, second = self.arms[:2]
        if self.winner is not None:
            return Sentence(
                "“{post}” is best: {sure} sure, against “{other}” as the next.",
                post=first.post,
                other=second.post,
                sure=Percent(min(first.best, 0.999)),
            )
        if math.isinf(self.missing):
            return Sentence(
                "Not enough evidence: “{post}” and “{other}” bring the same so far.",
                post=first.post,
                other=second.post,
            )
        return Sentence(
            "Not enough evidence yet to prefer “{post}” ({sure}) over “{other}”: about {count} more results of both are "
            "needed.",
            post=first.post,
            other=second.post,
            sure=Percent(first.best),
            count=math.ceil(self.missing),
        )

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The document of one test, in `mediaplan/verdict/1`."""
        return {
            "test": self.test,
            "winner": self.winner,
            "posts": [
                {
                    "post": arm.post,
                    "spend": Money(round(arm.spend * 10 ** decimals(self.currency)), self.currency).text,
                    "results": arm.results,
                    "best": arm.best,
                }
                for arm in self.arms
            ],
            "results_missing": None if math.isinf(self.missing) else self.missing,
            "sentence": words.say(self.sentence()),
        }


def verdict(
    test: PostTest, history: History, *, start: date, kind: str | None = None, seed: int = 1
) -> Verdict:
    """What came of a test.

    Rates per money have Gamma posteriors, results / chance + 0.5 over spend / chance, where chance is how much more
    daily counts of a post vary than Poisson ones (quasi-likelihood; McCullagh and Nelder, 1989).

    Args:
        test: As it was planned, with exact money and dates.
        history: That holds its rows.
        start: First day of the test.
        kind: Of result; default: the history's only one.
        seed: Of the draws.

    Raises:
        InputError: The history holds no money of one of the posts where and while the test ran.
    """
    rows = _rows(test, history, start)
    counted = kind or history.kinds[0]
    column = RESULT_PREFIX + counted if RESULT_PREFIX + counted in rows else "clicks"
    spend = np.array([float(rows["spend"][rows["post"] == post].sum()) for post in test.posts])
    results = np.array([float(rows[column][rows["post"] == post].sum()) for post in test.posts])
    if (spend <= 0).any():
        raise InputError(*(_no_money(post) for post, x in zip(test.posts, spend, strict=True) if x <= 0))
    chance = _chance(rows, column, dict(zip(test.posts, results / spend, strict=True)))
    random = np.random.default_rng(seed)
    drawn = random.gamma(results / chance + 0.5, size=(DRAWS, len(spend))) / (spend / chance)
    best = np.bincount(drawn.argmax(axis=1), minlength=len(spend)) / DRAWS
    order = sorted(range(len(spend)), key=lambda at: (-best[at], test.posts[at]))
    arms = tuple(Arm(test.posts[at], float(spend[at]), float(results[at]), float(best[at])) for at in order)
    return Verdict(
        test.name, history.currency, arms, chance, 0.0 if arms[0].best >= SURE else _missing(arms, chance)
    )


def _rows(test: PostTest, history: History, start: date) -> pd.DataFrame:
    rows = history.rows
    mask = rows["post"].isin(test.posts)
    mask &= (rows["date"] >= pd.Timestamp(start)) & (rows["date"] <= pd.Timestamp(test.until))
    for dimension in ("channel", "audience", "slot"):
        if (wanted := getattr(test, dimension)) is not None and rows[dimension].notna().any():
            mask &= rows[dimension] == wanted
    return rows[mask & (rows["spend"] > 0)]


def _chance(rows: pd.DataFrame, column: str, rate: dict[str, float]) -> float:
    """Pearson's statistic over its degrees of freedom, not below 1."""
    daily = rows.groupby(["post", "date"])[["spend", column]].sum().reset_index()
    mean = daily["spend"].to_numpy() * np.array([rate[post] for post in daily["post"]])
    free = len(daily) - len(rate)
    told = mean > 0
    if free < 1 or not told.any():
        return 1.0
    off = (daily[column].to_numpy(dtype=np.float64)[told] - mean[told]) ** 2 / mean[told]
    return max(1.0, float(off.sum()) / free)


def _missing(arms: tuple[Arm, ...], chance: float) -> float:
    """Results of the two best posts that must come for their present ratio to stand out.

    The logarithm of the ratio of two counts has the variance chance · (1/a + 1/b): with a share s of n results for one,
    n = chance · (deviations / log ratio)² · (1/s + 1/(1 - s)).
    """
    first, second = arms[:2]
    rates = [(arm.results + 0.5) / arm.spend for arm in (first, second)]
    apart = abs(math.log(rates[0] / rates[1]))
    if apart < 1e-3:
        return math.inf
    share = rates[0] / sum(rates)
    needed = chance * (SURE_DEVIATIONS / apart) ** 2 * (1.0 / share + 1.0 / (1.0 - share))
    return max(1.0, needed - first.results - second.results)


def _no_money(post: str) -> Problem:
    return Problem(
        Sentence("no money ran on “{post}” where and while the test ran.", post=post),
        Sentence("Give the history of the days of the test, broken down by post."),
        column="post",
        value=post,
    )
