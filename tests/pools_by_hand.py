"""Small responses whose lines share people, in one layer or two, and the best plans for them by scipy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from invented import every_line, response
from scipy.optimize import minimize

import mediaplan as mp
from mediaplan.response.curves import Curves
from mediaplan.response.lines import Lines
from mediaplan.response.pools import Pools
from mediaplan.response.responses import Estimate, Response

Money = np.ndarray


@dataclass(frozen=True, eq=False)
class Everybody:
    """An estimate whose lines, beside their own pools, all wear out one of that size; results of posts as they are worth."""

    inner: Estimate
    size: float

    def curves(self, lines: Lines) -> Curves:
        """The inner curves with one layer more."""
        known = self.inner.curves(lines)
        member = np.zeros(len(lines), dtype=np.int32)
        everybody = Pools(member, np.array([self.size]), np.ones((len(known.kinds), len(lines))))
        return replace(known, pools=(*known.pools, everybody))


def left_of(layers: tuple[Pools, ...], own: Money) -> Money:
    """Shape (lines,): what layers of people leave of own results, pool by pool."""
    flow = own
    for layer in layers:
        into = np.bincount(layer.member, flow, len(layer.size))
        flow = flow / (1 + into / layer.size)[layer.member]
    return flow


def world(seed: int, everybody: float | None = 18.0, **more: object) -> Response:
    known = response(**{
        "posts": 2, "channels": ("facebook", "tiktok"), "audiences": 2, "slots": (), "draws": 1, "pool_size": 9.0, "seed": seed, **more
    })  # fmt: skip
    return known if everybody is None else replace(known, estimate=Everybody(known.estimate, everybody))


def asked(budget: float | None, *rules: object, **more: object) -> mp.Brief:
    return mp.Brief(budget=budget, currency="EUR", start="2026-11-30", days=7, rules=rules, **more)  # type: ignore[arg-type]


def truth(known: Response) -> tuple[Callable[[Money], Money], dict[str, np.ndarray]]:
    """Results of all lines for the money of all lines, written anew, and the lines' names."""
    lines = every_line(known)
    curves = known.curves(lines)
    rate, scale = curves.rate[0, :, 0], curves.scale[0, :, 0]

    def got(money):
        return left_of(curves.pools, rate * money / (1 + money / scale))

    return got, {name: lines.labels(name) for name in ("post", "channel", "audience")}


def picked(names: dict[str, np.ndarray], **pick: str) -> np.ndarray:
    return np.all([names["post"] != ""] + [names[name] == value for name, value in pick.items()], axis=0)


def by_scipy(
    known: Response, worth: Callable, kept_by: list[Callable], most: float, on: np.ndarray | None = None
) -> float:
    """The most of `worth` with all of `kept_by` at least 0, by SLSQP from several starts; money only on the lines of `on`."""
    count, random, found = len(truth(known)[1]["post"]), np.random.default_rng(0), []
    may = np.ones(count) if on is None else on.astype(float)
    for start in (np.full(count, most / count), *(random.dirichlet(np.ones(count)) * most for _ in range(4))):
        done = minimize(
            lambda x: -worth(x), start * may, bounds=[(0, 2 * most * each) for each in may],
            constraints=[{"type": "ineq", "fun": keeps} for keeps in kept_by], options={"maxiter": 800, "ftol": 1e-13},
        )  # fmt: skip
        if all(keeps(done.x) > -1e-7 for keeps in kept_by):
            found.append(-done.fun)
    return max(found, default=-np.inf)
