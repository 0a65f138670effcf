"""What is lost when the same history comes as several tables that overlap instead of one crossed table?

    python benchmarks/tables.py --worlds 30
    python benchmarks/tables.py --worlds 10 --family mechanistic --setting medium

Platforms do not export crossed tables. In each world the same history is given crossed, and as several sets of tables
summed over the other dimensions; each is planned from, and the world's truth judges the plans. Where no table tells a
dimension, the plan's money is spread evenly over its names. README.md beside this file says what the figures mean.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: worlds run side by side, not inside each other

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pandas as pd
from decisions import FAMILIES, Judge, World, brief_of
from scoring import Score, error

from mediaplan.brief.rules import EachLine
from mediaplan.history.reading.reading import read_history
from mediaplan.history.records.records import COUNTS, DIMENSIONS, RESULT_PREFIX, History
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import plan
from mediaplan.response.fitting import fit
from mediaplan.response.responses import Response
from mediaplan.worlds.oracle import Task

P, C, A, S = DIMENSIONS

CROSSED = "crossed"
SETS: dict[str, tuple[tuple[str, ...], ...]] = {
    CROSSED: ((P, C, A, S),),
    "post·channel·audience": ((P, C, A),),
    "channel·audience·slot": ((C, A, S),),
    "post | channel | audience | slot": ((P,), (C,), (A,), (S,)),
    "post | channel | audience": ((P,), (C,), (A,)),
    "channel | audience | slot": ((C,), (A,), (S,)),
    "post·channel | post·audience | post·slot": ((P, C), (P, A), (P, S)),
    "post·channel | post·audience": ((P, C), (P, A)),
    "post·channel | channel·audience | post·audience": ((P, C), (C, A), (P, A)),
    "post·channel | post·audience | slot, clicks only": ((P, C), (P, A), (S, "clicks only")),
    "post | channel | audience | slot, clicks only": ((P,), (C,), (A,), (S, "clicks only")),
    "post": ((P,),),
}
"""What the same history is given as: for each table what its money is broken down by."""


def summed(history: History, by: tuple[str, ...]) -> pd.DataFrame:
    """One table as a platform exports it; clicks only where `by` says so."""
    results = [column for column in history.rows if str(column).startswith(RESULT_PREFIX)]
    only_clicks = "clicks only" in by
    dimensions = [d for d in by if d in DIMENSIONS]
    figures = ["spend", *(c for c in COUNTS if history.rows[c].notna().any() and c != "reach")]
    figures += [] if only_clicks else results
    return history.rows.groupby(["date", "days", *dimensions], as_index=False)[figures].sum()


def told(history: History, tables: tuple[tuple[str, ...], ...]) -> History:
    """The same history as those tables."""
    if tables == SETS[CROSSED]:
        return history
    return read_history(*(summed(history, by) for by in tables), currency="EUR")


def judged(judge: Judge, response: Response) -> Score:
    """Score of the plan that follows from a response, spread evenly where it knows no names."""
    world = judge.world
    names = {d: response.names[d] or tuple(sorted(set(world.lines[d]))) for d in DIMENSIONS}
    spread = [d for d in DIMENSIONS if not response.names[d]]
    several = int(np.prod([len(names[d]) for d in spread]))
    brief = brief_of(world, response)
    least = EachLine(at_most=round(Task().line * world.setting.budget * several, 2))
    answer = plan(brief.but(rules=(least, *brief.rules[1:])), response)
    return judge.of_amounts(_amounts(judge, answer, spread), answer.totals.value.mean)


def _amounts(judge: Judge, answer: Plan, spread: list[str]) -> np.ndarray:
    money = np.zeros(len(judge.where))
    lines = judge.world.lines
    known = [d for d in DIMENSIONS if d not in spread]
    for _, places in lines.groupby(spread) if spread else [(None, lines)]:
        where = dict(zip(zip(*(places[d] for d in known), strict=True), places.index, strict=True))
        several = lines.groupby(spread).ngroups if spread else 1
        for line in answer.lines_planned:
            money[where[tuple(getattr(line, d) for d in known)]] += float(line.amount.amount) / several
    return money


def one_world(seed: int, family: str, setting: str, sets: tuple[str, ...]) -> dict[str, Score]:
    """The score of each set of tables in one world."""
    kind, settings = FAMILIES[family]
    world: World = kind(seed, settings[setting])
    judge = Judge(world, seed)
    scores = {}
    for name in sets:
        history = told(world.history, SETS[name])
        response = fit(history, kinds=("lead",), posts=world.posts, audiences=world.audiences)
        scores[name] = judged(judge, response)
    return scores


def table(worlds: list[dict[str, Score]]) -> str:
    """Shares with standard errors, and paired with the crossed table."""
    rows = [f"{'tables':<50}{'share':>7}{'±':>7}{'crossed −':>11}{'±':>7}{'promise':>9}"]
    whole = np.array([world[CROSSED].share for world in worlds])
    for name in worlds[0]:
        share = np.array([world[name].share for world in worlds])
        promise = np.exp(np.mean([np.log(world[name].promise) for world in worlds]))
        rows.append(
            f"{name:<50}{share.mean():>7.3f}{error(share):>7.3f}{(whole - share).mean():>+11.3f}"
            f"{error(whole - share):>7.3f}{promise:>9.2f}"
        )
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--family", choices=FAMILIES, default="additive")
    parser.add_argument("--setting", default=None)
    parser.add_argument("--first", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    setting = given.setting or ("base" if given.family == "additive" else "medium")
    clicks = given.family == "mechanistic"
    sets = tuple(name for name in SETS if clicks or "clicks" not in name)
    run = partial(one_world, family=given.family, setting=setting, sets=sets)
    seeds = range(given.first, given.first + given.worlds)
    if given.processes == 1:
        worlds = [run(seed) for seed in seeds]
    else:
        with ProcessPoolExecutor(given.processes) as pool:
            worlds = list(pool.map(run, seeds))
    print(f"{given.family} {setting}, {given.worlds} worlds from seed {given.first}\n")
    print(table(worlds))


if __name__ == "__main__":
    main()
