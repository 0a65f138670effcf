"""Other ways to estimate what money buys, only to be compared with; the same planner plans for all of them.

Each is a Response like any other. Its curves need not be hyperbolas: a concave curve is handed over as a mean of
hyperbolas of several scales (`Curves` averages over its last axis anyway), fitted by non-negative least squares.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import nnls

from mediaplan.history.records.records import DIMENSIONS, History
from mediaplan.response.curves import Curves
from mediaplan.response.lines import Lines
from mediaplan.response.responses import Response
from mediaplan.worlds.oracle import concave

Array = NDArray[np.float64]

RESULTS = "results:lead"
POOL = ["channel", "audience", "slot"]
ELASTICITY = 0.72
"""Of a usual line at its median spend, where a peer has no curve of its own."""

FORMS = np.geomspace(0.02, 200.0, 13)
"""Scales of the hyperbolas that a concave curve is mixed of, in median spends."""

GRID = np.geomspace(0.05, 40.0, 24)
"""Amounts at which a model is asked, in median spends."""


@dataclass(frozen=True, eq=False)
class Peer:
    """A model that says rates and scales of any lines.

    Attributes:
        kinds: Kinds of result: one.
        table: What the model knows of rows and lines.
        say: From a table of lines, rates and scales, shape (lines, draws) each.
    """

    kinds: tuple[str, ...]
    table: Table
    say: Callable[[pd.DataFrame], tuple[Array, Array]]

    def curves(self, lines: Lines) -> Curves:
        """Its curves, without any doubt about them."""
        rows = pd.DataFrame({d: lines.labels(d) for d in DIMENSIONS})
        rate, scale = self.say(self.table.described(rows, pd.Series(lines.start)))
        cover = np.full(len(rows), np.inf)
        seen = np.ones(len(rows), dtype=np.bool_)
        return Curves(self.kinds, rate[None], scale[None], np.zeros(1), cover, seen)


@dataclass(frozen=True, eq=False)
class Table:
    """Posts and audiences as columns beside rows or lines."""

    posts: pd.DataFrame
    audiences: pd.DataFrame

    @classmethod
    def of(cls, response: Response) -> Table:
        assert response.posts is not None
        assert response.audiences is not None
        posts = response.posts.rows.set_index("post")
        told = np.log((posts["organic_engagements"] + 0.5) / posts["organic_reach"])
        kept = posts[["format", "topic", "published"]].assign(organic=told)
        return cls(kept, response.audiences.rows[["channel", "audience", "size"]])

    def described(self, rows: pd.DataFrame, day: pd.Series) -> pd.DataFrame:
        more = rows.join(self.posts, on="post").merge(self.audiences, how="left", on=["channel", "audience"])
        more["age"] = (pd.to_datetime(day).to_numpy() - more["published"].to_numpy()) / np.timedelta64(7, "D")
        more["people"] = np.log(more["size"])
        more["time"] = (pd.to_datetime(day).to_numpy() - np.datetime64("2026-08-31")) / np.timedelta64(7, "D")
        return more


def gradient_boosting(history: History, response: Response) -> Response:
    """Poisson gradient boosting on everything there is, money among it; the concave envelope of what it says."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    table, rows = Table.of(response), history.rows
    past = table.described(rows[list(DIMENSIONS)], rows["date"])
    named = [*DIMENSIONS, "format", "topic"]
    known = {column: sorted(past[column].dropna().unique()) for column in named}
    usual = float(rows["spend"].median())

    def columns(what: pd.DataFrame, spend: Array) -> Array:
        codes = [pd.Categorical(what[c], categories=known[c]).codes for c in named]
        figures = [what[c].to_numpy(dtype=float) for c in ("age", "people", "organic", "time")]
        x = np.column_stack([*codes, *figures, np.log(spend)]).astype(float)
        x[:, : len(named)][x[:, : len(named)] < 0] = np.nan
        return x

    model = HistGradientBoostingRegressor(
        loss="poisson",
        categorical_features=list(range(len(named))),
        learning_rate=0.05,
        max_iter=200,
        max_leaf_nodes=8,
        min_samples_leaf=10,
        l2_regularization=1.0,
        monotonic_cst=[0] * (len(named) + 4) + [1],
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joblib counts the cores of containers with a warning
        model.fit(columns(past, rows["spend"].to_numpy()), rows[RESULTS].to_numpy())

    def say(lines: pd.DataFrame) -> tuple[Array, Array]:
        spend = usual * GRID
        said = np.stack([model.predict(columns(lines, np.full(len(lines), x))) for x in spend])
        said = np.concatenate([np.zeros((1, len(lines))), said])
        return mixed(np.append(0.0, spend), said)

    return replace(response, estimate=Peer(response.kinds, table, say))


def mixed(amounts: Array, heights: Array) -> tuple[Array, Array]:
    """The concave envelope of points as a mean of hyperbolas.

    Args:
        amounts: Shape (k,), rising from 0.
        heights: Shape (k, lines).

    Returns:
        Rates and scales, shape (lines, forms).
    """
    hull = concave(np.repeat(amounts[:, None], heights.shape[1], axis=1), heights)
    scales = FORMS * amounts[-1] / GRID[-1]
    forms = amounts[:, None] / (1.0 + amounts[:, None] / scales)
    weight = 1.0 / np.sqrt(np.maximum(amounts, amounts[1]))
    parts = np.stack([nnls(forms * weight[:, None], column * weight)[0] for column in hull.T])
    return parts * len(scales), np.broadcast_to(scales, parts.shape)


def hill(history: History, response: Response) -> Response:
    """A saturating curve for each channel, audience and slot by least squares, times the post's ratio to it."""
    rows = history.rows
    spend, counts = rows["spend"].to_numpy(), rows[RESULTS].to_numpy()
    scales = np.median(spend) * np.geomspace(0.1, 100.0, 31)

    def fitted(mine: NDArray[np.bool_]) -> tuple[float, float]:
        forms = spend[mine, None] / (1.0 + spend[mine, None] / scales)
        rate = counts[mine] @ forms / (forms**2).sum(axis=0)
        lost = ((counts[mine, None] - rate * forms) ** 2).sum(axis=0)
        return float(rate[lost.argmin()]), float(scales[lost.argmin()])

    everywhere = fitted(np.ones(len(rows), dtype=np.bool_))
    keys = list(zip(*(rows[d] for d in POOL), strict=True))
    index = pd.Series(range(len(rows)), index=pd.MultiIndex.from_tuples(keys))
    curves = {}
    for key, part in index.groupby(level=[0, 1, 2]):
        mine = np.zeros(len(rows), dtype=np.bool_)
        mine[part.to_numpy()] = True
        curves[key] = fitted(mine) if mine.sum() >= 3 else everywhere
    rate, scale = np.array([curves[key] for key in keys]).T
    expected = pd.Series(rate * spend / (1.0 + spend / scale)).groupby(rows["post"].to_numpy()).sum()
    counted = rows[RESULTS].groupby(rows["post"].to_numpy()).sum()
    ratio = (counted + 1.0) / (expected + 1.0)

    def say(lines: pd.DataFrame) -> tuple[Array, Array]:
        found = np.array([curves.get(k, everywhere) for k in zip(*(lines[d] for d in POOL), strict=True)])
        post = lines["post"].map(ratio).fillna(1.0).to_numpy(dtype=float)
        return (found[:, 0] * post)[:, None], found[:, 1][:, None]

    return replace(response, estimate=Peer(response.kinds, Table.of(response), say))


def cellwise(history: History, response: Response) -> Response:
    """Each line on its own, drawn towards the mean of all as its few results allow; a usual curve for all."""
    rows = history.rows
    scale = float(rows["spend"].median()) * ELASTICITY / (1.0 - ELASTICITY)
    work = (rows["spend"] / (1.0 + rows["spend"] / scale)).rename("work")
    sums = pd.concat([rows[list(DIMENSIONS)], work, rows[RESULTS]], axis=1).groupby(list(DIMENSIONS)).sum()
    counts, effort = sums[RESULTS], sums["work"]
    mean = counts.sum() / effort.sum()
    # moments: E[(y - mean·e)² - mean·e] = (mean·e)² / shape
    excess = ((counts - mean * effort) ** 2 - mean * effort).sum() / ((mean * effort) ** 2).sum()
    shape = 1.0 / max(float(excess), 0.02)
    rate = (counts + shape) / (effort + shape / mean)

    def say(lines: pd.DataFrame) -> tuple[Array, Array]:
        keys = pd.MultiIndex.from_frame(lines[list(DIMENSIONS)])
        found = rate.reindex(keys).fillna(mean).to_numpy()[:, None]
        return found, np.full_like(found, scale)

    return replace(response, estimate=Peer(response.kinds, Table.of(response), say))
