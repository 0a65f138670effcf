"""How much of what the best plan would get do plans get, in invented worlds whose truth is known?

    python benchmarks/decisions.py --worlds 40 --setting base

Each world gives a history; each method plans the next week from it; the world's own truth judges the plans. Printed
for each method: its share of what the best plan (a linear program on the true curves) gets, with its standard error
over the worlds, and what it promised over what would come (geometric mean).
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostValue
from mediaplan.brief.rules import EachLine, Rule, Share
from mediaplan.history.records import DIMENSIONS
from mediaplan.planning.eligible import eligible_lines
from mediaplan.planning.making import plan
from mediaplan.response.baselines import equal_split, naive, past_split
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.response.responses import Response
from mediaplan.worlds.additive import World
from mediaplan.worlds.oracle import Task, best
from mediaplan.worlds.settings import SETTINGS

Array = NDArray[np.float64]

METHODS = ("equal split", "past split", "naive LP", "mediaplan")


@dataclass
class Scores:
    """Of one method: share of the best plan, and promised over delivered (logarithm), world by world."""

    share: list[float] = field(default_factory=list)
    promise: list[float] = field(default_factory=list)


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


def delivered(world: World, lines: Lines, amounts: Array) -> float:
    """True expected value of amounts on lines."""
    where = {key: at for at, key in enumerate(world.lines.itertuples(index=False, name=None))}
    labels = [lines.labels(d) for d in DIMENSIONS]
    money = np.zeros(len(where))
    for key, amount in zip(zip(*labels, strict=True), amounts, strict=True):
        money[where[key]] += amount
    return float(world.worth(money).sum())


def planned(world: World, brief: Brief, response: Response) -> tuple[float, float]:
    """True and promised value of the plan for that response."""
    answer = plan(brief, response)
    where = {key: at for at, key in enumerate(world.lines.itertuples(index=False, name=None))}
    money = np.zeros(len(where))
    for line in answer.lines_planned:
        money[where[line.post, line.channel, line.audience, line.slot]] += line.amount.amount
    return float(world.worth(money).sum()), answer.totals.value.mean


def judge(world: World, scores: dict[str, Scores]) -> None:
    """Plan one world by each method and keep the scores."""
    budget = world.setting.budget
    top = float(world.worth(best(world.lines, world.worth, budget)).sum())
    response = fit(world.history, posts=world.posts, audiences=world.audiences)
    brief = brief_of(world, response)
    lines = eligible_lines(brief, response)
    for name, amounts in (
        ("equal split", equal_split(lines, budget)),
        ("past split", past_split(world.history, response, lines, budget)),
    ):
        scores[name].share.append(delivered(world, lines, amounts) / top)
    for name, answer in (("naive LP", naive(world.history, response)), ("mediaplan", response)):
        true, promised = planned(world, brief, answer)
        scores[name].share.append(true / top)
        scores[name].promise.append(float(np.log(promised / true)))


def error(values: list[float]) -> float:
    """Standard error of the mean."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--worlds", type=int, default=40, help="number of worlds (default 40)")
    asked.add_argument("--setting", choices=list(SETTINGS), default="base", help="what they are like")
    asked.add_argument("--first", type=int, default=100_000, help="seed of the first world")
    options = asked.parse_args()
    scores = {name: Scores() for name in METHODS}
    began = time.perf_counter()
    for seed in range(options.first, options.first + options.worlds):
        judge(World(seed, SETTINGS[options.setting]), scores)
    seconds = (time.perf_counter() - began) / options.worlds
    print(
        f"{options.worlds} worlds, setting {options.setting}, seeds from {options.first}, {seconds:.1f} s each"
    )
    print(f"{'method':<14}{'share of best':>14}{'s.e.':>8}{'promised / delivered':>22}")
    for name, score in scores.items():
        promise = f"{np.exp(np.mean(score.promise)):.2f}" if score.promise else "-"
        print(f"{name:<14}{np.mean(score.share):>14.3f}{error(score.share):>8.3f}{promise:>22}")


if __name__ == "__main__":
    main()
