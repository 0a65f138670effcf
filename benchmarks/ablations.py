"""Does every part of the estimator earn its place? Each is taken out by turns, in the same invented worlds.

    python benchmarks/ablations.py --worlds 40 --setting base
    python benchmarks/ablations.py --worlds 30 --family mechanistic --setting small --models "no clicks"

Printed for each model: the share of what the best plan gets, the difference to the full model in the same worlds with
its standard error, and promised over delivered (geometric mean). A part whose absence costs nothing here may still pay
where the data hold what it is for: run the settings `drift`, `weakpost` and `nostruct`, and `kag.py`. Only mechanistic
worlds count clicks. Lines are planned as if each were alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, Posts
from mediaplan.response.estimating import backfitting, blocks, excess, fixed, schedule, variances
from mediaplan.response.estimating.drift import RHO, Drift
from mediaplan.response.estimating.effects import Levels
from mediaplan.response.fitter import Fitter
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.response.rows.factors import FACTORS, SCALE_FACTORS, Factor
from mediaplan.worlds import additive, mechanistic
from mediaplan.worlds.oracle import Task, best
from mediaplan.worlds.settings import SETTINGS, Setting
from mediaplan.worlds.sizes import SIZES

Array = NDArray[np.float64]
World = additive.World | mechanistic.World

FAMILIES: Mapping[str, tuple[Any, Mapping[str, Any]]] = {
    "additive": (additive.World, SETTINGS),
    "mechanistic": (mechanistic.World, SIZES),
}
TINY = 1e-6
MAIN = tuple(factor for factor in FACTORS if len(factor.of) == 1)
LINE = FACTORS[-1:]


BY_SWEEPS: Mapping[tuple[Any, str], Any] = {
    (schedule, "TOGETHER"): {schedule.SWEEPS: 0},
    (schedule, "SMALL"): 0,
}
"""Variances are never learnt all at once."""


@dataclass(frozen=True)
class Without:
    """A model without one of its parts.

    Attributes:
        patches: What else than usual stands in the estimator's modules: (module or class, name) -> value.
        blank: Beginnings of names of columns of the posts that are not told.
    """

    patches: Mapping[tuple[Any, str], Any]
    blank: tuple[str, ...] = ()


def _still(_: Levels | Drift) -> None:
    """Variances stay at their prior."""


def _one_by_one(
    counts: Array, mean: Array, told: Array | float, line: Levels | None, dispersion: float, used: float
) -> tuple[float, float]:
    """Lines keep their prior variance; all that strays is dispersion."""
    _, dispersion = excess.part(counts, mean, told, None, dispersion, used)
    return 0.0 if line is None else line.factor.variance, dispersion


MODELS: Mapping[str, Without] = {
    "full": Without({}),
    "no curve": Without({(backfitting, "USUAL"): TINY**2}),
    "curve fixed at its prior": Without(
        {
            (fixed, "KAPPA_SD"): 1e-3,
            (fixed, "PEOPLE"): (1.0, 1e-3),
            (fixed, "SPREAD"): (0.1, 1e-3),
            (blocks, "SCALE_FACTORS"): tuple(Factor(f.of, TINY) for f in SCALE_FACTORS),
        }
    ),
    "plain hyperbola": Without({(fixed, "SPREAD"): (0.1, 1e-3)}),
    "kappa alike on all lines": Without({(blocks, "SCALE_FACTORS"): ()}),
    "main effects only": Without({(blocks, "FACTORS"): MAIN}),
    "lines alone (no structure)": Without({(blocks, "FACTORS"): LINE}),
    "no post effects": Without(
        {(blocks, "FACTORS"): tuple(f for f in FACTORS if "post" not in f.of or len(f.of) == 4)}
    ),
    "no topic and format": Without({}, ("topic", "format")),
    "no organic figures": Without({}, ("organic_",)),
    "no clicks": Without({(Fitter, "asks_clicks"): lambda *_: False}),
    "no age": Without({(fixed, "AGE"): (0.0, 1e-6)}),
    "no drift": Without({(blocks, "DRIFTS"): ()}),
    "variances by sweeps alone": Without(BY_SWEEPS),
    "likeness always usual": Without({(variances, "LIKENESS_FREEDOM"): 1e9}),
    "variances at their prior": Without({**BY_SWEEPS, (Levels, "shrink"): _still}),
    "lines' variance at its prior": Without({**BY_SWEEPS, (backfitting, "part"): _one_by_one}),
}


CEILING = "told the true variances"

TRUE: Mapping[tuple[str, ...], float] = {
    ("channel",): 0.42,
    ("audience",): 0.42,
    ("slot",): 0.24,
    ("channel", "audience"): 0.30,
    ("channel", "slot"): 0.18,
    ("format",): 0.24,
    ("topic",): 0.24,
    ("format", "channel"): 0.24,
    ("topic", "audience"): 0.24,
    ("post", "channel"): 0.18,
    ("post", "audience"): 0.18,
}
"""Standard deviations of effects in additive worlds of structure 1; what stands not here does not exist there."""


def ceiling(setting: Setting) -> Without:
    """About the best that any estimate of the variances could do: the model, told how worlds are made."""
    deviations = {of: sd * setting.structure for of, sd in TRUE.items()}
    deviations |= {("post",): setting.post_sd * setting.structure, LINE[0].of: setting.line_sd}
    walk = setting.drift_sd**2 / (1.0 - RHO**2)
    return Without(
        {
            **BY_SWEEPS,
            (Levels, "shrink"): _still,
            (Drift, "shrink"): _still,
            (blocks, "FACTORS"): tuple(
                Factor(f.of, max(deviations.get(f.of, 0.0) ** 2, 1e-5)) for f in FACTORS
            ),
            (blocks, "DRIFTS"): (
                (None, setting.season**2 / 2.0),
                ("channel", walk),
                ("audience", walk),
            ),
            (backfitting, "part"): lambda *_: (setting.line_sd**2, setting.dispersion),
        }
    )


@contextmanager
def patched(patches: Mapping[tuple[Any, str], Any]) -> Iterator[None]:
    """Let the estimator be another for a while."""
    usual = {at: getattr(*at) for at in patches}
    try:
        for (place, name), value in patches.items():
            setattr(place, name, value)
        yield
    finally:
        for (place, name), value in usual.items():
            setattr(place, name, value)


def told(posts: Posts, blank: tuple[str, ...]) -> Posts:
    """The posts without some columns."""
    rows = posts.rows
    hidden = [c for c in rows if str(c).startswith(blank)] if blank else []
    kept = rows.drop(columns=[c for c in hidden if str(c).startswith("organic_")])
    return Posts(kept.assign(**{str(c): np.nan for c in hidden if c in kept}))


def promised(world: World, without: Without, knots: Array) -> Array:
    """Expected value of each of the world's lines at each amount, shape (knots, lines), as that model sees it."""
    with patched(without.patches):
        response = fit(world.history, posts=told(world.posts, without.blank), audiences=world.audiences)
        codes = {
            d: pd.Index(response.names[d]).get_indexer(pd.Index(world.lines[d])).astype(np.int32)
            for d in DIMENSIONS
        }
        n = len(world.lines)
        start = np.full(n, np.datetime64(world.flight))
        curves = response.curves(Lines(response.names, codes, start, np.full(n, 7, dtype=np.int32)))
    value = response_value(world)
    return np.stack([value * curves.results(np.full(n, k))[0].mean(axis=1) for k in knots])


def response_value(world: World) -> Array:
    """Worth of one result on each of the world's lines."""
    rows = world.audiences.rows
    worth = rows.set_index(["audience", "channel"])["value"]
    keys = pd.MultiIndex.from_frame(world.lines[["audience", "channel"]])
    found: Array = worth.reindex(keys).to_numpy(dtype=np.float64)
    return found


def judge(
    seed: int, family: str, setting: str, models: Mapping[str, Without]
) -> dict[str, tuple[float, float]]:
    """Share of the best plan, and logarithm of promised over delivered, of each model in one world."""
    kind, settings = FAMILIES[family]
    world: World = kind(seed, settings[setting])
    budget = world.setting.budget
    top = world.total(world.best_plan(Task()))
    most = Task().line * budget
    knots = np.concatenate([[0.0], np.geomspace(most / 100.0, most, 14)])
    cut = np.repeat(knots[:, None], len(world.lines), axis=1)
    found = {}
    for name, without in models.items():
        seen = promised(world, without, knots)
        money = best(world.lines, lambda _, seen=seen: seen, budget, knots=cut)  # type: ignore[misc]
        hoped = sum(np.interp(m, knots, seen[:, i]) for i, m in enumerate(money))
        delivered = float(world.worth(money).sum())
        found[name] = delivered / top, float(np.log(hoped / delivered))
    return found


def error(values: Array) -> float:
    """Standard error of the mean."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--worlds", type=int, default=40, help="number of worlds (default 40)")
    asked.add_argument("--family", choices=list(FAMILIES), default="additive", help="of worlds")
    asked.add_argument("--setting", choices=[*SETTINGS, *SIZES], default="base", help="what they are like")
    asked.add_argument("--first", type=int, default=200_000, help="seed of the first world")
    asked.add_argument("--models", nargs="+", metavar="MODEL", help="only some of those printed, by name")
    options = asked.parse_args()
    if options.setting not in FAMILIES[options.family][1]:
        asked.error(f"{options.family} worlds have the settings {', '.join(FAMILIES[options.family][1])}")
    models = dict(MODELS)
    if options.family == "additive":
        models[CEILING] = ceiling(SETTINGS[options.setting])
    for name in options.models or ():
        if name not in models:
            asked.error(f"no model is called “{name}”; there are: {', '.join(models)}")
    models = {name: m for name, m in models.items() if name in ("full", *(options.models or models))}
    seeds = range(options.first, options.first + options.worlds)
    worlds = [judge(seed, options.family, options.setting, models) for seed in seeds]
    print(f"{options.worlds} {options.family} worlds, setting {options.setting}, seeds from {options.first}")
    print(f"{'model':<30}{'share of best':>14}{'less full':>11}{'s.e.':>7}{'promised / delivered':>22}")
    full = np.array([world["full"][0] for world in worlds])
    for name in models:
        share, promise = np.array([world[name] for world in worlds]).T
        less = share - full
        print(
            f"{name:<30}{share.mean():>14.3f}{less.mean():>+11.3f}{error(less):>7.3f}{np.exp(promise.mean()):>22.2f}"
        )


if __name__ == "__main__":
    main()
