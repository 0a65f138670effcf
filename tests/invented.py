"""Invented responses for tests of planning: curves of known shape on lines that tests can count by hand."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from mediaplan.history.records.records import DIMENSIONS, Audiences, Posts
from mediaplan.planning.asking.objective import Objective
from mediaplan.response.curves import Curves
from mediaplan.response.lines import Lines
from mediaplan.response.pools import Pools
from mediaplan.response.responses import Response
from mediaplan.slots import Slots


@dataclass(frozen=True, eq=False)
class Invented:
    """Curves drawn once for every combination of names, so that a line has the same curve in every brief.

    Attributes:
        seed: Of the curves.
        names: By dimension.
        draws: Posterior draws; 1 makes the curves certain.
        kinds: Of results.
        rate, scale: Fixed values for all lines instead of random ones.
        pool_size: Results that the lines of a channel and audience share; `None` = no pools.
    """

    seed: int
    names: dict[str, tuple[str, ...]]
    draws: int = 5
    kinds: tuple[str, ...] = ("lead",)
    rate: float | None = None
    scale: float | None = None
    pool_size: float | None = None

    def drawn(self, draws: int) -> Invented:
        """The same with at most so many draws."""
        return replace(self, draws=min(self.draws, draws))

    def curves(self, lines: Lines) -> Curves:
        sizes = [max(len(self.names[d]), 1) for d in DIMENSIONS]
        place = np.zeros(len(lines), dtype=np.intp)
        for d, size in zip(DIMENSIONS, sizes, strict=True):
            place = place * size + np.maximum(lines.codes[d], 0)
        random = np.random.default_rng(self.seed)
        shape = (len(self.kinds), int(np.prod(sizes)), self.draws)
        rate = 0.01 * np.exp(random.normal(0, 0.8, (shape[0], shape[1], 1)) + random.normal(0, 0.2, shape))
        scale = 200 * np.exp(random.normal(0, 0.5, (shape[0], shape[1], 1)) + random.normal(0, 0.2, shape))
        rate = np.full(shape, self.rate) if self.rate is not None else rate
        scale = np.full(shape, self.scale) if self.scale is not None else scale
        pools: tuple[Pools, ...] = ()
        if self.pool_size is not None:
            audiences = max(len(self.names["audience"]), 1)
            member = np.maximum(lines.codes["channel"], 0) * audiences + np.maximum(
                lines.codes["audience"], 0
            )
            size = np.full(audiences * max(len(self.names["channel"]), 1), self.pool_size)
            ones = np.ones((len(self.kinds), len(lines)))
            pools = (Pools(member.astype(np.int32), size, ones),)
        lines_n = len(lines)
        return Curves(
            self.kinds,
            rate[:, place],
            scale[:, place] * (lines.days / 7.0)[None, :, None],
            np.full(len(self.kinds), 0.15),
            np.full(lines_n, 500.0),
            np.ones(lines_n, dtype=bool),
            pools,
        )


def response(
    posts: int = 3,
    channels: tuple[str, ...] = ("facebook", "instagram/feed", "instagram/stories"),
    audiences: int = 2,
    slots: tuple[str, ...] = ("evening", "morning"),
    *,
    seed: int = 1,
    currency: str = "EUR",
    posts_table: pd.DataFrame | None = None,
    audiences_table: pd.DataFrame | None = None,
    **curves: object,
) -> Response:
    """A response over that many names; every combination counts as seen."""
    names = {
        "post": tuple(f"p{i}" for i in range(posts)),
        "channel": channels,
        "audience": tuple(f"a{i}" for i in range(audiences)),
        "slot": slots,
    }
    seen = np.array(
        list(itertools.product(*(range(len(names[d])) if names[d] else [-1] for d in DIMENSIONS))),
        dtype=np.int32,
    )
    estimate = Invented(seed, names, **curves)  # type: ignore[arg-type]
    return Response(
        currency=currency,
        kinds=estimate.kinds,
        names=names,
        seen=seen,
        estimate=estimate,
        posts=None if posts_table is None else Posts(posts_table),
        audiences=None if audiences_table is None else Audiences(audiences_table),
        slots=Slots(),
        as_of=date(2026, 11, 22),
        median_line=50.0,
        warnings=(),
        history_digest="h",
        digest="d",
        seed=seed,
    )


def drawn_objective(lines: int, seed: int, *, spread: float, scale: float) -> Objective:
    """Certain curves of lines drawn at random: logarithms of rates about −1 with that spread, of scales about `scale`."""
    random, ones = np.random.default_rng(seed), np.ones(lines)
    rates = np.exp(random.normal(-1, spread, (1, lines, 1)))
    scales = np.exp(random.normal(scale, 0.7, (1, lines, 1)))
    curves = Curves(("lead",), rates, scales, np.full(1, 0.1), ones, ones > 0)
    return Objective(curves, ones[None, :], 0.01)


def posts_table(**columns: list[object]) -> pd.DataFrame:
    """A posts table with defaults for what is not given."""
    count = len(columns["post"])
    defaults: dict[str, list[object]] = {
        "title": [np.nan] * count,
        "channels": [()] * count,
        "format": [np.nan] * count,
        "topic": [np.nan] * count,
        "published": [pd.NaT] * count,
        "status": ["ready"] * count,
        "reason": [np.nan] * count,
        "value": [1.0] * count,
        "url": [np.nan] * count,
        "platform_id": [np.nan] * count,
    }
    table = pd.DataFrame(defaults | columns)
    return table.assign(published=pd.to_datetime(table["published"]))


def every_line(known: Response) -> Lines:
    """All combinations of names, each for a week from the flight's first day."""
    codes = np.array(
        list(itertools.product(*(range(max(len(n), 1)) for n in known.names.values()))), dtype=np.int32
    )
    start = np.full(len(codes), np.datetime64("2026-11-30"))
    by_name = {d: codes[:, i] for i, d in enumerate(known.names)}
    return Lines(known.names, by_name, start, np.full(len(codes), 7, dtype=np.int32))
