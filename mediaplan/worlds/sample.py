"""The bundled sample: two small businesses with twelve weeks of history each, the same bytes from the same seed."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import NormalDist

from mediaplan.worlds.shops import SHOPS, Post, Shop

FIRST_DAY = date(2026, 8, 31)
WEEKS = 12
LIFE = 10
"""Weeks during which a post is boosted."""

LINES = (2, 5)
"""Least and most lines bought for a post in a week."""


def sample_folder() -> Path:
    """Where the bundled sample is: inside an installed package, else at the top of a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "sample"
    return inside if inside.is_dir() else package.parent / "data"


def sample_files() -> Mapping[str, str]:
    """Every generated file of the sample: path below the sample's folder -> text."""
    return {
        f"{shop.folder}/{name}.csv": text
        for shop in SHOPS
        for name, text in (
            ("history", _csv(_history(shop, _Chance(shop.seed)))),
            ("posts", _csv(_posts(shop, _Chance(shop.seed + 1)))),
            ("audiences", _csv(_audiences(shop))),
        )
    }


def write_sample(folder: Path) -> tuple[Path, ...]:
    """Write the sample below `folder`; the paths written."""
    written = []
    for name, text in sample_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        written.append(path)
    return tuple(written)


class _Chance:
    """Random numbers from `random()` alone, the one stream that Python promises to keep for ever."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - sample data, no secrets

    def uniform(self, least: float, most: float) -> float:
        return least + (most - least) * self._random.random()

    def normal(self, sd: float) -> float:
        return sd * NormalDist().inv_cdf(min(max(self._random.random(), 1e-9), 1.0 - 1e-9))

    def integer(self, least: int, most: int) -> int:
        return least + int(self._random.random() * (most - least + 1))

    def pick(self, weights: Sequence[float]) -> int:
        left = self._random.random() * sum(weights)
        for at, weight in enumerate(weights):
            left -= weight
            if left <= 0:
                return at
        return len(weights) - 1

    def count(self, mean: float) -> int:
        """A Poisson count around `mean`, itself uncertain by a third."""
        mean *= math.exp(self.normal(0.33) - 0.33**2 / 2.0)
        if mean > 50.0:
            return max(round(mean + self.normal(math.sqrt(mean))), 0)
        left, count, chance = self._random.random(), 0, math.exp(-mean)
        while left > chance and count < 1000:
            left -= chance
            count += 1
            chance *= mean / count
        return count


def _history(shop: Shop, chance: _Chance) -> list[dict[str, object]]:
    """One row for each line that had money in a week."""
    rows = []
    tastes = {(p.format, c): chance.normal(0.2) for p in shop.posts for c in shop.channels}
    for week in range(WEEKS):
        monday = FIRST_DAY + timedelta(weeks=week)
        lines = _bought(shop, monday, chance)
        money = chance.uniform(*shop.week)
        weights = [chance.uniform(0.25, 1.0) ** 2 for _ in lines]
        for (post, channel, audience, slot), weight in zip(lines, weights, strict=True):
            spend = max(round(money * weight / sum(weights) / shop.step), 1) * shop.step
            rate = _log_rate(shop, post, channel, audience, slot, monday) + tastes[post.format, channel]
            row = {
                "date": monday.isoformat(),
                "days": 7,
                "slot": slot,
                "channel": channel,
                "audience": audience,
                "post": post.post,
                "spend": f"{spend:.0f}" if shop.step >= 1 else f"{spend:.2f}",
            }
            rows.append(row | _counts(shop, spend, rate, _size(shop, audience, channel), chance))
    return rows


def _bought(shop: Shop, monday: date, chance: _Chance) -> list[tuple[Post, str, str, str]]:
    """The lines of a week: habits like big audiences and evenings, and posts of the last weeks."""
    audiences = list(dict.fromkeys(name for name, _ in shop.audiences))
    found: dict[tuple[str, str, str, str], tuple[Post, str, str, str]] = {}
    for post in shop.posts:
        age = (monday - date.fromisoformat(post.published)).days / 7.0
        if not 0.0 <= age <= LIFE:
            continue
        channels = [c for c in shop.channels if _allowed(post, c)]
        for _ in range(chance.integer(*LINES) + (age < 4.0)):
            channel = channels[chance.pick([2.0 if c == "facebook" else 1.0 for c in channels])]
            audience = audiences[chance.pick([3.0, 2.0, 1.0, 1.0])]
            slot = list(shop.slots)[chance.pick([1.0, 2.0, 1.0])]
            found[post.post, channel, audience, slot] = post, channel, audience, slot
    return [found[key] for key in sorted(found)]


def _allowed(post: Post, channel: str) -> bool:
    wanted = post.channels.split("|") if post.channels else [channel]
    return any(channel == w or channel.startswith(w + "/") for w in wanted)


def _size(shop: Shop, audience: str, channel: str) -> int:
    platform = channel.partition("/")[0]
    own = shop.audiences.get((audience, platform)) or shop.audiences[audience, ""]
    return own[0]


def _log_rate(shop: Shop, post: Post, channel: str, audience: str, slot: str, monday: date) -> float:
    """Logarithm of how much better than usual the first money works."""
    age = (monday - date.fromisoformat(post.published)).days / 7.0
    effects = (
        post.quality,
        shop.channels[channel],
        shop.audiences[audience, ""][1],
        shop.slots[slot],
        shop.pairs.get((channel, audience), 0.0),
        -0.08 * age,
    )
    return sum(effects)


def _counts(shop: Shop, spend: float, rate: float, size: int, chance: _Chance) -> dict[str, object]:
    scale = shop.kappa * size / 100_000
    kept = spend / (1.0 + spend / scale)
    clicks = chance.count(kept / shop.click * math.exp(0.5 * rate))
    impressions = max(round(spend / shop.click * 50.0 * math.exp(chance.normal(0.15))), clicks)
    reach = max(round(size * (1.0 - math.exp(-impressions / 1.6 / size))), min(clicks, impressions))
    results = {
        f"results:{kind}": chance.count(kept / price * math.exp(rate)) for kind, price in shop.kinds.items()
    }
    return {
        "impressions": impressions,
        "reach": reach,
        "clicks": clicks,
        **results,
        "currency": shop.currency,
    }


def _posts(shop: Shop, chance: _Chance) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    last = FIRST_DAY + timedelta(weeks=WEEKS, days=-1)
    for number, post in enumerate(shop.posts, start=1):
        out = date.fromisoformat(post.published) <= last
        reach = round(math.exp(7.2 + chance.normal(0.5)))
        engaged = chance.count(reach * 0.05 * math.exp(0.8 * post.quality + chance.normal(0.3)))
        rows.append(
            {
                "post": post.post,
                "title": post.title,
                "channels": post.channels,
                "format": post.format,
                "topic": post.topic,
                "published": post.published,
                "status": post.status,
                "reason": post.reason,
                "value": post.value,
                "url": f"https://example.org/{shop.folder}/{post.post}",
                "platform_id": f"{shop.seed % 10_000}{number:03d}",
                "organic_reach": reach if out else "",
                "organic_engagements": engaged if out else "",
                "organic_clicks": chance.count(engaged * 0.2) if out else "",
            }
        )
    return rows


def _audiences(shop: Shop) -> list[dict[str, int | str]]:
    return [
        {"audience": name, "channel": channel, "size": size, "value": value}
        for (name, channel), (size, _, value) in shop.audiences.items()
    ]


def _csv(rows: Iterable[Mapping[str, object]]) -> str:
    each = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(each[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(each)
    return text.getvalue()
