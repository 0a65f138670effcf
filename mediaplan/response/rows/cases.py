"""What the model knows of a row or a line, in numbers: who, where, when, how old, how many people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, Audiences, Posts, belongs
from mediaplan.response.rows.naming import Names

Array = NDArray[np.float64]
Codes = NDArray[np.int32]
Keys = NDArray[np.int64]

OLDEST = 12.0
"""Weeks after which a post does not tire any further: no history says what a year does."""


@dataclass(frozen=True, eq=False)
class Cases:
    """Rows or lines as the model sees them, n of them.

    Attributes:
        codes: For `post`, `channel`, `audience`, `slot`, `format`, `topic`: shape (n,), -1 = not known.
        day: Shape (n,), middle of the case, days since 1970-01-01.
        age: Shape (n,), weeks since its post was published, 0 to `OLDEST`.
        signals: Shape (n, signals), standardised organic figures of its post, 0 where not known.
        people: Shape (n,), logarithm of the audience's size, centred, 0 where not known.
    """

    codes: Mapping[str, Codes]
    day: Array
    age: Array
    signals: Array
    people: Array

    def __len__(self) -> int:
        return len(self.day)

    def take(self, chosen: NDArray[np.bool_]) -> Cases:
        """Only the chosen ones."""
        codes = {d: code[chosen] for d, code in self.codes.items()}
        return Cases(codes, self.day[chosen], self.age[chosen], self.signals[chosen], self.people[chosen])


@dataclass(frozen=True, eq=False)
class Attributes:
    """What the tables say of posts and audiences, by code.

    Attributes:
        labels: Names by dimension, with those of `format` and `topic`, in the order of their codes.
        sizes: Their numbers.
        format, topic: Shape (posts + 1,), codes; the last stands for posts not known.
        born: Shape (posts + 1,), day published, else first seen; NaN where neither.
        signals: Shape (posts + 1, signals).
        audience: Shape (audiences + 1,), logarithm of people on any channel.
        pair_keys: Sorted keys channel · audiences + audience that have a size of their own, and
        pair_sizes: their logarithms.
    """

    labels: Mapping[str, tuple[str, ...]]
    sizes: Mapping[str, int]
    format: Codes
    topic: Codes
    born: Array
    signals: Array
    audience: Array
    pair_keys: Keys
    pair_sizes: Array

    def describe(self, codes: Mapping[str, Codes], day: Array, first: Array | None = None) -> Cases:
        """The cases of these codes, each in the middle of its days.

        Args:
            codes: For each dimension shape (n,), -1 = not broken down.
            day: Shape (n,), days since 1970-01-01.
            first: Shape (n,), the first of its days: a post that nobody published or saw before is born on it.
        """
        post = codes["post"]
        born = self.born[post]
        if first is not None:
            born = np.where(np.isnan(born) & (post >= 0), first, born)
        age = np.nan_to_num((day - born) / 7.0, nan=0.0)
        more = {"format": self.format[post], "topic": self.topic[post]}
        return Cases(
            {**codes, **more},
            day,
            np.clip(age, 0.0, OLDEST),
            self.signals[post],
            self._people(codes["channel"], codes["audience"]),
        )

    def _people(self, channel: Codes, audience: Codes) -> Array:
        people = self.audience[audience]
        if len(self.pair_keys):
            key = channel.astype(np.int64) * self.sizes["audience"] + audience
            at = np.minimum(np.searchsorted(self.pair_keys, key), len(self.pair_keys) - 1)
            own = (self.pair_keys[at] == key) & (channel >= 0) & (audience >= 0)
            people = np.where(own, self.pair_sizes[at], people)
        return np.nan_to_num(people, nan=0.0)


def attributes(names: Names, posts: Posts | None, audiences: Audiences | None, seen: Array) -> Attributes:
    """Put the tables into numbers.

    Args:
        names: Of each dimension.
        posts: Their table, or `None`.
        audiences: Their table, or `None`.
        seen: Shape (posts,), day on which each post was first seen in the history, NaN = never.
    """
    rows = pd.DataFrame({"post": []}) if posts is None else posts.rows
    rows = rows.set_index("post").reindex([*names.taught["post"], None])
    kinds = {d: _coded(rows, d) for d in ("format", "topic")}
    published = _days(rows["published"]) if "published" in rows else np.full(len(rows), np.nan)
    everywhere, keys, own = _people(names, audiences)
    labels = {d: names.taught[d] for d in DIMENSIONS} | {d: told for d, (_, told) in kinds.items()}
    return Attributes(
        labels,
        {d: len(told) for d, told in labels.items()},
        kinds["format"][0],
        kinds["topic"][0],
        np.where(np.isnan(published), np.append(seen, np.nan), published),
        _signals(rows),
        everywhere,
        keys,
        own,
    )


def _coded(rows: pd.DataFrame, column: str) -> tuple[Codes, tuple[str, ...]]:
    if column not in rows:
        return np.full(len(rows), -1, dtype=np.int32), ()
    code, labels = pd.factorize(rows[column], sort=True)
    return code.astype(np.int32), tuple(labels)


def _days(moments: pd.Series) -> Array:
    """Days since 1970-01-01, NaN where missing."""
    return np.asarray((moments - pd.Timestamp(0)) / pd.Timedelta(days=1), dtype=np.float64)


def _signals(rows: pd.DataFrame) -> Array:
    """Organic figures as standardised logarithms: of the rate per person reached where the reach is known."""
    columns = {c: rows[c].to_numpy(dtype=np.float64) for c in rows if str(c).startswith("organic_")}
    reach = columns.pop("organic_reach", None)
    logs = [np.log((count + 0.5) / (1.0 if reach is None else reach + 1.0)) for count in columns.values()]
    if reach is not None:
        logs.append(np.log(reach + 1.0))
    told = [_standard(log) for log in logs]
    return np.column_stack([one for one in told if one.any()] or [np.zeros((len(rows), 0))])


def _standard(log: Array) -> Array:
    known = np.isfinite(log)
    if known.sum() < 2 or np.ptp(log[known]) < 1e-9:
        return np.zeros(len(log))
    return np.where(known, (log - log[known].mean()) / log[known].std(), 0.0)


def _people(names: Names, audiences: Audiences | None) -> tuple[Array, Keys, Array]:
    """Centred log sizes of each audience anywhere, and of those pairs that have their own."""
    everywhere = np.full(len(names.taught["audience"]) + 1, np.nan)
    codes = {name: code for code, name in enumerate(names.taught["audience"])}
    pairs: dict[int, tuple[int, float]] = {}
    for name, place, size in () if audiences is None else _told(audiences):
        code = codes[name]
        if place is None:
            everywhere[code] = np.log(size)
            continue
        for at, channel in enumerate(names.taught["channel"]):
            key = at * len(names.taught["audience"]) + code
            if belongs(channel, place) and len(place) >= pairs.get(key, (0, 0.0))[0]:
                pairs[key] = len(place), float(np.log(size))
    keys = np.array(sorted(pairs), dtype=np.int64)
    own: Array = np.array([pairs[int(key)][1] for key in keys], dtype=np.float64)
    known = np.concatenate([everywhere[~np.isnan(everywhere)], own])
    middle = known.mean() if len(known) else 0.0
    return everywhere - middle, keys, own - middle


def _told(audiences: Audiences) -> list[tuple[str, str | None, float]]:
    """Audience, channel (`None` = all) and people of each row that tells a size."""
    rows = audiences.rows.dropna(subset=["size"])
    places = [None if pd.isna(place) else str(place) for place in rows["channel"]]
    return list(zip(rows["audience"].astype(str), places, rows["size"].astype(float), strict=True))
