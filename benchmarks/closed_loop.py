"""Does planning, measuring and planning again get better week by week, starting from one week of history?

    python benchmarks/closed_loop.py --worlds 20 --processes 2

Each world (additive, `worlds/additive.py`) is seen for one week; then twelve times in a row each way of planning plans
the next week from all that it has seen, the world counts what comes of its plan, and the counts become its history.
Posts turn over every four weeks or so. README.md beside this file says what the figures mean.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: worlds run side by side, not inside each other

import argparse
import copy
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from decisions import rules_of
from numpy.typing import NDArray
from scoring import error

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostValue
from mediaplan.history.records.records import History, Posts
from mediaplan.learning.ledger import Ledger, LedgerEntry
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import plan
from mediaplan.response.curves import Curves
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.response.looking_back.baselines import naive
from mediaplan.response.responses import Response
from mediaplan.worlds.additive import World
from mediaplan.worlds.oracle import Task
from mediaplan.worlds.settings import SETTINGS
from mediaplan.worlds.shown import FIRST_DAY

Array = NDArray[np.float64]

ROUNDS = 12
LAST = 4
SIZES = MappingProxyType(
    {
        "216": replace(SETTINGS["base"], weeks=ROUNDS, channels=3, audiences=4, slots=3, posts=6),
        "640": replace(SETTINGS["base"], weeks=ROUNDS),
    }
)
"""Settings by their number of lines."""


class Season(World):
    """A world that goes on: what is to be planned is any of its weeks."""

    def first_week(self) -> History:
        rows = self.history.rows
        first = rows[rows["date"] == pd.Timestamp(FIRST_DAY)].reset_index(drop=True)
        return replace(self.history, rows=first)

    def in_week(self, week: int) -> Season:
        """The same world on the eve of that week."""
        then = copy.copy(self)
        for cached in ("history", "posts", "audiences", "lines", "_next", "_member"):
            then.__dict__.pop(cached, None)
        then.setting = replace(self.setting, weeks=week)
        then.live = np.flatnonzero((self._born <= week) & (self._gone > week))
        return then

    def known_posts(self) -> Posts:
        """The posts that are out by then."""
        return Posts(self.posts.rows[self._born <= self.setting.weeks].reset_index(drop=True))


@dataclass(frozen=True, eq=False)
class Hopeful:
    """Curves that are what is expected plus some standard deviations."""

    inner: object
    deviations: float

    def curves(self, lines: Lines) -> Curves:
        curves = self.inner.curves(lines)
        mean, spread = curves.rate.mean(axis=2, keepdims=True), curves.rate.std(axis=2, keepdims=True)
        return replace(curves, rate=curves.rate * (1.0 + self.deviations * spread / np.maximum(mean, 1e-300)))


Way = tuple[Callable[[History, Response], Response], float]
WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "mediaplan": (lambda _, response: response, 0.0),
        "test_share 0.05": (lambda _, response: response, 0.05),
        "test_share 0.10": (lambda _, response: response, 0.10),
        "mean + 0.5 sd": (lambda _, r: replace(r, estimate=Hopeful(r.estimate, 0.5)), 0.0),
        "naive LP": (naive, 0.0),
    }
)
"""Name -> what the plan believes, and the part of the budget that it may spend to learn."""


@dataclass
class Diary:
    """What one way of planning went through in one world; promises and results in results."""

    share: list[float] = field(default_factory=list)
    promised: list[float] = field(default_factory=list)
    delivered: list[float] = field(default_factory=list)
    tested: list[float] = field(default_factory=list)


def go_through(size: str, ways: Sequence[str], seed: int) -> dict[str, Diary]:
    """Plan one world week by week in each way."""
    season = Season(seed, SIZES[size])
    start = season.first_week()
    weeks = [season.in_week(week) for week in range(1, ROUNDS + 1)]
    best = [week.total(week.best_plan(Task())) for week in weeks]
    return {name: _one(weeks, best, start, WAYS[name], seed) for name in ways}


def _one(weeks: list[Season], best: list[float], history: History, way: Way, seed: int) -> Diary:
    diary, (believes, share) = Diary(), way
    for number, (world, top) in enumerate(zip(weeks, best, strict=True)):
        response = fit(history, posts=world.known_posts(), audiences=world.audiences)
        answer = plan(_brief(world, response, share), believes(history, response))
        money = _money(world, answer)
        came = world.realise(money, seed * 100 + number)
        diary.share.append(world.total(money) / top)
        diary.promised.append(answer.totals.results.mean)
        diary.delivered.append(float(came.sum()))
        spent = answer.spent.amount
        tests = sum(float(line.amount.amount) for line in answer.lines_planned if line.test)
        diary.tested.append(tests / float(spent))
        history = _with(history, world, money, came)
    return diary


def _brief(world: Season, response: Response, share: float) -> Brief:
    budget = world.setting.budget
    return Brief(
        budget=budget,
        currency="EUR",
        start=world.flight,
        days=7,
        goal=MostValue(test_share=share),
        rules=rules_of(Task(), response, budget),
    )


def _money(world: Season, answer: Plan) -> Array:
    """Shape (lines,), what the plan puts on each line of the world, EUR."""
    where = {key: at for at, key in enumerate(world.lines.itertuples(index=False, name=None))}
    money = np.zeros(len(where))
    for line in answer.lines_planned:
        money[where[line.post, line.channel, line.audience, line.slot]] += float(line.amount.amount)
    return money


def _with(history: History, world: Season, money: Array, came: Array) -> History:
    """The history and what came of that week."""
    bought = money > 0
    rows = world.lines[bought].assign(
        date=pd.Timestamp(FIRST_DAY + timedelta(weeks=world.setting.weeks)),
        days=7,
        spend=money[bought],
        **{"results:lead": came[bought]},
    )
    return replace(history, rows=pd.concat([history.rows, rows], ignore_index=True)[history.rows.columns])


def table(worlds: list[dict[str, Diary]], ours: str = "mediaplan") -> str:
    """All ways of planning, one row each: means over the worlds with standard errors."""
    head = f"{'way of planning':<22}{'all':>7}{'s.e.':>7}{'last 4':>8}{'s.e.':>7}{'against':>9}{'s.e.':>7}{'tests':>7}"
    said = [head]
    base = np.array([np.mean(world[ours].share) for world in worlds])
    for name in worlds[0]:
        share = np.array([world[name].share for world in worlds])
        each, last = share.mean(axis=1), share[:, -LAST:].mean(axis=1)
        tested = np.mean([world[name].tested for world in worlds])
        paired = f"{'':>16}" if name == ours else f"{(each - base).mean():>+9.3f}{error(each - base):>7.3f}"
        said.append(
            f"{name:<22}{each.mean():>7.3f}{error(each):>7.3f}{last.mean():>8.3f}{error(last):>7.3f}{paired}{tested:>7.3f}"
        )
    by_round = np.array([world[ours].share for world in worlds]).mean(axis=0)
    said.append(_promises(worlds, ours))
    said.append(f"{ours} by round: " + " ".join(f"{share:.2f}" for share in by_round))
    return "\n".join(said)


def _promises(worlds: list[dict[str, Diary]], ours: str) -> str:
    """Promised over delivered from the fourth round on, geometric mean, without and with a ledger of the past plans.

    One factor on all lines changes no plan here, so the ledger's promise is worked out afterwards.
    """
    raw, corrected = [], []
    for world in worlds:
        diary, ledger = world[ours], Ledger()
        for week, (promised, delivered) in enumerate(zip(diary.promised, diary.delivered, strict=True)):
            if week >= 3:
                raw.append(np.log(promised / delivered))
                corrected.append(np.log(promised * ledger.factor / delivered))
            start = FIRST_DAY + timedelta(weeks=week)
            ledger = ledger.but([LedgerEntry(f"{week}", start, 7, promised, delivered)])
    return (
        f"{ours}, promised / delivered from the fourth round: {np.exp(np.mean(raw)):.3f}, "
        f"with a ledger {np.exp(np.mean(corrected)):.3f} (x/÷ {np.exp(error(np.array(corrected))):.3f})"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--worlds", type=int, default=10, help="number of worlds (default 10)")
    asked.add_argument("--lines", choices=list(SIZES), default="216", help="lines of a world (default 216)")
    asked.add_argument("--first", type=int, default=100_000, help="seed of the first world")
    asked.add_argument("--processes", type=int, default=1, help="worlds side by side (default 1)")
    asked.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS), help="of planning")
    options = asked.parse_args()
    began = time.perf_counter()
    one = partial(go_through, options.lines, options.ways)
    seeds = range(options.first, options.first + options.worlds)
    if options.processes == 1:
        worlds = [one(seed) for seed in seeds]
    else:
        with ProcessPoolExecutor(options.processes) as pool:
            worlds = list(pool.map(one, seeds))
    print(
        f"{len(seeds)} worlds of {options.lines} lines, seeds from {options.first}, {ROUNDS} rounds, "
        f"{time.perf_counter() - began:.0f} s"
    )
    print(table(worlds))


if __name__ == "__main__":
    main()
