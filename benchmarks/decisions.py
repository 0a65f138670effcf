"""How much of what the best plan would get do plans get, in invented worlds whose truth is known?

    python benchmarks/decisions.py --worlds 60 --setting base
    python benchmarks/decisions.py --worlds 20 --family mechanistic --setting agency --processes 2

Each world gives a history; each method plans the next week from it; the world's own truth judges the plans. README.md
beside this file says what each figure means.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: worlds run side by side, not inside each other

import argparse
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from peers import cellwise, gradient_boosting, hill
from scoring import OURS, Score, Scores, coverage, table

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostValue
from mediaplan.brief.rules import EachLine, Rule, Share
from mediaplan.history.records.records import DIMENSIONS, Audiences, History, Posts
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.asking.eligible import eligible_lines
from mediaplan.planning.making import plan
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.response.looking_back.baselines import equal_split, naive, past_split
from mediaplan.response.responses import Response
from mediaplan.worlds import additive, mechanistic
from mediaplan.worlds.oracle import Task
from mediaplan.worlds.settings import SETTINGS
from mediaplan.worlds.sizes import SIZES
from mediaplan.worlds.together import best_alone

Array = NDArray[np.float64]

FAMILIES = {"additive": (additive.World, SETTINGS), "mechanistic": (mechanistic.World, SIZES)}

METHODS: Mapping[str, Callable[[History, Response], Response]] = MappingProxyType(
    {
        "naive LP": naive,
        "cell-wise Gamma-Poisson": cellwise,
        "Hill per pool": hill,
        "gradient boosting": gradient_boosting,
    }
)
"""What plans are compared with: each takes the history and the names of a response."""


class World(Protocol):
    """What both families of worlds offer."""

    history: History
    posts: Posts
    audiences: Audiences
    lines: pd.DataFrame

    def alone(self, amounts: Array) -> Array: ...
    def total(self, amounts: Array) -> float: ...
    def best_plan(self, task: Task) -> Array: ...
    def realise(self, amounts: Array, seed: int) -> Array: ...


def rules_of(task: Task, response: Response, budget: float) -> tuple[Rule, ...]:
    """The world's limits as rules of a brief."""
    rules: list[Rule] = [EachLine(at_most=round(task.line * budget, 2))]
    for dimension in ("channel", "audience", "slot", "post"):
        least, most = getattr(task, dimension)
        limits = {"at_least": least or None, "at_most": most if most < 1 else None}
        names = response.names[dimension]
        if dimension == "post" and response.posts is not None:
            rows = response.posts.rows
            names = tuple(rows.loc[rows["status"] == "ready", "post"])
        rules += [Share(**{dimension: name}, of="budget", **limits) for name in names]
    return tuple(rules)


def brief_of(world: World, response: Response) -> Brief:
    budget = world.setting.budget
    return Brief(
        budget=budget,
        currency="EUR",
        start=world.flight,
        days=7,
        goal=MostValue(),
        rules=rules_of(Task(), response, budget),
    )


class Judge:
    """One world and its best plan."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.seed = world, seed
        self.where = {key: at for at, key in enumerate(world.lines.itertuples(index=False, name=None))}
        self.best = world.best_plan(Task())
        self.top = world.total(self.best)

    def of_amounts(self, amounts: Array, promise: float | None = None) -> Score:
        """Score of amounts on the world's lines."""
        true = self.world.total(amounts)
        return Score(
            true / self.top,
            None if promise is None else promise / true,
            worn=float(self.world.alone(amounts).sum()) / true,
        )

    def of_split(self, lines: Lines, amounts: Array) -> Score:
        """Score of amounts on a planner's lines."""
        money = np.zeros(len(self.where))
        keys = zip(*(lines.labels(d) for d in DIMENSIONS), strict=True)
        for key, amount in zip(keys, amounts, strict=True):
            money[self.where[key]] += amount
        return self.of_amounts(money)

    def of_plan(self, answer: Plan) -> Score:
        """Score of a plan, with what it promised and whether its intervals hold what comes."""
        money = np.zeros(len(self.where))
        for line in answer.lines_planned:
            money[self.where[line.post, line.channel, line.audience, line.slot]] += line.amount.amount
        score = self.of_amounts(money, answer.totals.value.mean)
        came = self.world.realise(money, self.seed).sum()
        held = {level: low <= came <= high for level, (low, high) in answer.totals.intervals.items()}
        return Score(score.share, score.promise, held, score.worn)


def judge(family: str, setting: str, seed: int, *, alone: bool = False) -> dict[str, Score]:
    """Plan one world by each method; `alone`: by mediaplan only."""
    kind, settings = FAMILIES[family]
    world = kind(seed, settings[setting])
    judged, budget = Judge(world, seed), world.setting.budget
    history = world.history
    response = fit(history, posts=world.posts, audiences=world.audiences)
    brief = brief_of(world, response)
    ours = {OURS: judged.of_plan(plan(brief, response))}
    if history.rows["clicks"].notna().any():
        silent = replace(history, rows=history.rows.assign(clicks=np.nan))
        untold = fit(silent, posts=world.posts, audiences=world.audiences)
        ours["mediaplan, clicks untold"] = judged.of_plan(plan(brief, untold))
    if alone:
        return ours
    lines = eligible_lines(brief, response)
    scores = {
        "equal split": judged.of_split(lines, equal_split(lines, budget)),
        "past split": judged.of_split(lines, past_split(history, response, lines, budget)),
    }
    for name, method in METHODS.items():
        scores[name] = judged.of_plan(plan(brief, method(history, response)))
    scores |= ours
    if setting != "scurve":
        split = best_alone(world.lines, world.alone, budget, Task())
        scores["true curves, each alone"] = judged.of_amounts(split, float(world.alone(split).sum()))
    scores["best plan"] = judged.of_amounts(judged.best)
    return scores


def arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--worlds", type=int, default=40, help="number of worlds (default 40)")
    asked.add_argument("--family", choices=list(FAMILIES), default="additive", help="of worlds")
    asked.add_argument("--setting", help="what they are like: " + ", ".join([*SETTINGS, *SIZES]))
    asked.add_argument("--first", type=int, default=100_000, help="seed of the first world")
    asked.add_argument("--processes", type=int, default=1, help="worlds judged side by side (default 1)")
    asked.add_argument("--alone", action="store_true", help="mediaplan only, in a small part of the time")
    options = asked.parse_args()
    settings = FAMILIES[options.family][1]
    options.setting = options.setting or ("base" if options.family == "additive" else "medium")
    if options.setting not in settings:
        asked.error(f"{options.family} worlds have the settings {', '.join(settings)}")
    return options


def judged(options: argparse.Namespace) -> list[Scores]:
    one = partial(judge, options.family, options.setting, alone=options.alone)
    seeds = range(options.first, options.first + options.worlds)
    if options.processes == 1:
        return [one(seed) for seed in seeds]
    with ProcessPoolExecutor(options.processes) as pool:
        return list(pool.map(one, seeds))


def main() -> None:
    options = arguments()
    began = time.perf_counter()
    worlds = judged(options)
    seconds = time.perf_counter() - began
    print(
        f"{options.worlds} {options.family} worlds, {options.setting}, seeds from {options.first}, {seconds:.0f} s"
    )
    print(table(worlds))
    print(coverage(worlds))


if __name__ == "__main__":
    main()
