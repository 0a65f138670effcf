"""What a planner is shown of an invented world: the tables of the contract, and names for numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import Audiences, History, Posts

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Index = NDArray[np.intp]
Places = tuple[Index, Index, Index]

FIRST_DAY = date(2026, 8, 31)
FORMATS = ("video", "photo", "carousel", "text")
TOPICS = ("offer", "advice", "story", "event", "product")

STEMS = {"post": "p", "channel": "channel", "audience": "audience", "slot": "slot"}


def names(stem: str, number: Integers | Index) -> NDArray[np.object_]:
    """`stem` and each number, two digits."""
    return np.array([f"{stem}{n:02d}" for n in number], dtype=object)


def shown_lines(post: Integers | Index, place: Places) -> pd.DataFrame:
    """Names of lines.

    Args:
        post: Shape (n,), numbers.
        place: Channel, audience and slot, shape (n,) each.
    """
    numbers = (post, *place)
    return pd.DataFrame(
        {d: names(stem, number) for (d, stem), number in zip(STEMS.items(), numbers, strict=True)}
    )


def shown_history(
    world: str,
    week: Integers | Index,
    lines: pd.DataFrame,
    spend: Array,
    results: Array,
    figures: Mapping[str, Array] | None = None,
) -> History:
    """One row for each line and week that had money.

    Args:
        world: What it is called.
        week: Shape (n,), weeks since `FIRST_DAY`.
        lines: n names.
        spend: Shape (n,), EUR.
        results: Shape (n,), leads counted.
        figures: `impressions`, `reach` and `clicks` where the world has them.
    """
    columns: dict[str, Array | NDArray[np.object_]] = {d: lines[d].to_numpy() for d in STEMS}
    columns["hour"] = np.full(len(lines), np.nan)
    columns["spend"] = spend
    for name in ("impressions", "reach", "clicks"):
        columns[name] = np.full(len(lines), np.nan) if figures is None else figures[name]
    columns["results:lead"] = results
    rows = pd.DataFrame(
        {
            "date": pd.Timestamp(FIRST_DAY) + pd.to_timedelta(7 * week, unit="D"),
            "days": 7,
            **columns,
        }
    )
    return History(rows, "EUR", ("lead",), sources=(f"world {world}",))


def shown_posts(
    born: Integers,
    live: Integers,
    kinds: tuple[Integers, Integers],
    organic: tuple[Array, Array],
) -> Posts:
    """All posts; those that are over have the status `ended`.

    Args:
        born: Shape (posts,), weeks since `FIRST_DAY`.
        live: Numbers of those that can be sponsored.
        kinds: Format and topic, numbers.
        organic: People reached and engagements without money.
    """
    n = len(born)
    rows = pd.DataFrame(
        {
            "post": names("p", np.arange(n)),
            "title": names("Post ", np.arange(n)),
            "channels": [()] * n,
            "format": np.array(FORMATS, dtype=object)[kinds[0]],
            "topic": np.array(TOPICS, dtype=object)[kinds[1]],
            "published": pd.Timestamp(FIRST_DAY) + pd.to_timedelta(7 * born, unit="D"),
            "status": np.where(np.isin(np.arange(n), live), "ready", "ended"),
            "reason": np.nan,
            "value": 1.0,
            "url": np.nan,
            "platform_id": np.nan,
            "organic_reach": organic[0],
            "organic_engagements": organic[1],
        }
    )
    return Posts(rows)


def shown_audiences(size: Array, value: Array) -> Audiences:
    """Sizes by channel, and what one result is worth.

    Args:
        size: Shape (channels, audiences), people.
        value: Shape (audiences,).
    """
    channel, audience = np.divmod(np.arange(size.size), size.shape[1])
    return Audiences(
        pd.DataFrame(
            {
                "audience": names("audience", audience),
                "channel": names("channel", channel),
                "size": np.maximum(np.round(size.ravel()), 1.0),
                "value": value[audience],
            }
        )
    )


def drawn_lives(random: np.random.Generator, posts: int, weeks: int) -> tuple[Integers, Integers]:
    """Births and ends of posts: each place is taken by a new post after two to six weeks.

    Args:
        random: Chance.
        posts: Alive at any time.
        weeks: That are to be filled.

    Returns:
        Week each post is born, and first week in which it is gone, in order of birth.
    """
    lives = []
    for _ in range(posts):
        start = -int(random.integers(0, 4))
        while start < weeks:
            end = start + int(random.integers(2, 7))
            if end > 0:
                lives.append((start, end))
            start = end
    born, gone = np.array(sorted(lives)).T
    return born, gone
