"""The vanity trap: whether likes, engagement or clicks tell which posts bring the real result, channel by channel.

It looks at figures as they were counted, without any model: one point for each post with money on the channel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.diagnosis.contrasts import DEVIATION, Span
from mediaplan.response.past import Past
from mediaplan.response.responses import Response

Array = NDArray[np.float64]
Metric = Literal["likes", "engagement rate", "click rate", "reactions"]

FEWEST = 6
"""Posts below which a correlation says nothing."""

ENGAGED = ("organic_likes", "organic_engagements")
"""Columns of a posts table that count what readers did unpaid."""

SPEARMAN = 1.06
"""Variance of Fisher's transform of a rank correlation, times n - 3."""

WEAKEST = 0.1
"""Correlation below which posts are said to go neither with nor against, however sure that is (a "small" effect: Cohen, 1988)."""

REACTIONS = frozenset(
    (
        "like",
        "reaction",
        "engagement",
        "j'aime",
        "j’aime",
        "follow",
        "follower",
        "abonné",
        "vue",
        "view",
        "click",
        "clic",
    )
)
"""Words, without the plural's s, in the names of kinds of result that cost a reader nothing."""


@dataclass(frozen=True)
class Vanity:
    """How one figure of posts goes with their real result on one channel.

    Attributes:
        channel: `None` where the history is not broken down by it.
        metric: Likes; engagement per person reached; clicks per impression; or paid reactions per money.
        of: The column or kind of result that the figure is taken from.
        correlation: Rank correlation with results per money, -1 to 1, with its 80 % interval.
        posts: Their number.
    """

    channel: str | None
    metric: Metric
    of: str
    correlation: Span
    posts: int

    @property
    def verdict(self) -> Literal["with", "against", "open"]:
        """Whether posts with more of it bring more, less, or whether nothing shows either."""
        if abs(self.correlation.mean) < WEAKEST:
            return "open"
        if self.correlation.low > 0:
            return "with"
        return "against" if self.correlation.high < 0 else "open"

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        return {
            "channel": self.channel,
            "metric": self.metric,
            "of": self.of,
            "correlation": self.correlation.to_dict(),
            "posts": self.posts,
            "verdict": self.verdict,
        }


def is_reaction(kind: str) -> bool:
    """Whether a kind of result is a reaction that costs its reader nothing, by its name: a like, a view, a click."""
    words = kind.casefold().replace("_", " ").replace("-", " ").split()
    return any(word.removesuffix("s") in REACTIONS for word in words)


def vanity(response: Response, kind: str) -> tuple[Vanity, ...]:
    """How likes, engagement rate, click rate and paid reactions go with that kind of result, on each channel.

    Empty where posts are not told apart, or where fewer than six of them ran on a channel.
    """
    past = response.past
    if past is None or kind not in past.results or not response.names["post"]:
        return ()
    channels = (*response.names["channel"],) or (None,)
    found = []
    for code, channel in enumerate(channels):
        mine = np.ones(len(past.spend), dtype=bool)
        if channel is not None:
            mine = past.codes[:, DIMENSIONS.index("channel")] == code
        found += _on_channel(response, past, kind, channel, mine)
    return tuple(found)


def _on_channel(
    response: Response, past: Past, kind: str, channel: str | None, mine: NDArray[np.bool_]
) -> list[Vanity]:
    size = len(response.names["post"])

    def by_post(figures: Array) -> Array:
        return past.by("post", size, np.where(mine, figures, 0.0))

    told = by_post(past.told[kind])
    brought = _part(by_post(past.results[kind]), told)
    found = []
    for metric, of, figures in _figures(response, past, kind, by_post):
        known = np.isfinite(brought) & np.isfinite(figures)
        correlation = rank_correlation(figures[known], brought[known])
        if correlation is not None:
            found.append(Vanity(channel, metric, of, correlation, int(known.sum())))
    return found


def _figures(
    response: Response, past: Past, kind: str, by_post: Callable[[Array], Array]
) -> Iterator[tuple[Metric, str, Array]]:
    """Metric, where it is from, and its figure for each post."""
    if response.posts is not None:
        yield from _organic(response.posts.rows.set_index("post").reindex(response.names["post"]))
    for other in past.results:
        if other not in (kind, "click") and is_reaction(other):
            yield "reactions", other, _part(by_post(past.results[other]), by_post(past.told[other]))
    if kind != "click":
        yield "click rate", "clicks", _part(by_post(past.clicks), by_post(past.shown))


def _organic(rows: pd.DataFrame) -> Iterator[tuple[Metric, str, Array]]:
    """Likes, or else all engagements; and engagements, or else likes, per person reached."""
    counted = {name: rows[name].to_numpy(dtype=np.float64) for name in ENGAGED if name in rows}
    for name in list(counted)[:1]:
        yield "likes", name, counted[name]
    for name in list(counted)[-1:]:
        if "organic_reach" in rows:
            yield (
                "engagement rate",
                name,
                _part(counted[name], rows["organic_reach"].to_numpy(dtype=np.float64)),
            )


def _part(counts: Array, of: Array) -> Array:
    """Counts per unit; NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(of > 0, counts / of, np.nan)


def rank_correlation(one: Array, other: Array) -> Span | None:
    """Spearman's rank correlation with its 80 % interval by Fisher's transform.

    Returns:
        `None` of fewer than six points, or where one of the two is the same everywhere.

    Source:
        Fieller, Hartley and Pearson, "Tests for rank correlation coefficients", Biometrika 1957.
    """
    if len(one) < FEWEST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    ranks = [pd.Series(figures).rank().to_numpy() for figures in (one, other)]
    mean = float(np.corrcoef(ranks[0], ranks[1])[0, 1])
    middle = np.arctanh(np.clip(mean, -0.9999, 0.9999))
    off = DEVIATION * np.sqrt(SPEARMAN / (len(one) - 3))
    return Span(mean, float(np.tanh(middle - off)), float(np.tanh(middle + off)))
