"""Is the best of all plans found, and proven? Targets on parts of shared people, lines in chunks, every plan counted.

    python benchmarks/every_plan.py [--briefs 80] [--from 0]

Small briefs at random (eight lines in two layers of people; nothing, or 120 to 360 in steps of 60 on each; one or two targets on
a part, often a share; most results or lowest cost) are answered, and so are they by looking at each of the 1.7 million plans.
Printed: briefs that are refused though a plan exists, those that are not answered with the best plan, those proven to no
better than a thousandth, and how many of each there are. It returns 1 where a plan is worth more than it is proven that any can be.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from itertools import product
from random import Random

import numpy as np
from just_enough import NAMES, asked, world
from numpy.typing import NDArray

import mediaplan as mp
from mediaplan.response.lines import Lines
from mediaplan.response.responses import Response

STEP = 60
CHUNKS = mp.EachLine(or_zero=True, at_least=2 * STEP, at_most=6 * STEP, step=STEP)
PARTS: list[dict[str, str]] = [
    {"channel": "facebook"}, {"channel": "tiktok"}, {"audience": "a1"}, {"post": "p0"},
    {"channel": "facebook", "audience": "a1"}, {"post": "p1", "channel": "tiktok"},
]  # fmt: skip
EXACTLY, CLOSELY = 1e-6, 1e-3
"""Part of the best plan's worth by which another is as good; and that a certificate may leave open."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A brief, and the best of all its plans.

    Attributes:
        known: What money buys.
        brief: What is asked.
        best: Results of the best plan, or what it costs, less than nothing, where that is the goal.
    """

    known: Response
    brief: mp.Brief
    best: float


def every_plan() -> Array:
    """Shape (plans, 8): each line with nothing or some chunks."""
    return np.array(list(product([0, 2, 3, 4, 5, 6], repeat=8)), dtype=np.float64) * STEP


def brought(known: Response, plans: Array) -> Array:
    """Shape (plans, 8): results of each line in each plan, layer by layer."""
    codes = np.array(list(product((0, 1), (0, 1), (0, 1))), dtype=np.int32)
    by_name = dict(zip(("post", "channel", "audience"), codes.T, strict=True)) | {
        "slot": np.full(8, -1, dtype=np.int32)
    }
    week = np.full(8, 7, dtype=np.int64)
    start = np.full(8, np.datetime64("2026-11-30", "D"))
    curves = known.curves(Lines(NAMES, by_name, start, week))
    flow = curves.rate[0, :, 0] * plans / (1 + plans / curves.scale[0, :, 0])
    for layer in curves.pools:
        worn = np.ones_like(flow)
        for pool, size in enumerate(layer.size):
            inside = layer.member == pool
            worn[:, inside] += flow[:, inside].sum(axis=1, keepdims=True) / size
        flow = flow / worn
    return flow


def counted(**part: str) -> NDArray[np.bool_]:
    """Shape (8,): the lines of a part."""
    named = [
        dict(zip(("post", "channel", "audience"), each, strict=True))
        for each in product(("p0", "p1"), NAMES["channel"], NAMES["audience"])
    ]
    return np.array([all(line[name] == value for name, value in part.items()) for line in named])


def drawn(seed: int, every: Array) -> Case:
    """A brief that some plan keeps."""
    random, known = Random(seed), world(seed)
    budget = 60.0 * random.randrange(12, 26)
    plans = every[every.sum(axis=1) <= budget]
    results = brought(known, plans)
    kept, rules = np.ones(len(plans), dtype=bool), [CHUNKS]
    for part in random.sample(PARTS, random.choice([1, 2])):
        mine = results[:, counted(**part)].sum(axis=1)
        target = round(random.uniform(0.6, 0.98) * float(mine[kept].max()), 3)
        kept &= mine >= target
        rules.append(mp.ResultsTarget(at_least=target, **part))
    sharing = kept & (plans[:, counted(channel="tiktok")].sum(axis=1) >= 0.4 * plans.sum(axis=1))
    if random.random() < 0.4 and sharing.any():
        kept = sharing
        rules.append(mp.Share(channel="tiktok", at_least=0.4, of="spend"))
    if random.random() < 0.3:
        return Case(known, asked(None, *rules, goal=mp.LowestCost()), -float(plans[kept].sum(axis=1).min()))
    return Case(known, asked(budget, *rules), float(results[kept].sum(axis=1).max()))


def main() -> int:
    """Print what is not the best, and what is not proven."""
    asking = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asking.add_argument("--briefs", type=int, default=80)
    asking.add_argument("--from", dest="first", type=int, default=0)
    options = asking.parse_args()
    every, refused, worse, wide, wrong = every_plan(), 0, 0, 0, 0
    for seed in range(options.first, options.first + options.briefs):
        case = drawn(seed, every)
        try:
            made = mp.plan(case.brief, case.known)
        except mp.NoPlanError:
            refused += 1
            print(f"brief {seed} is refused", flush=True)
            continue
        loss = (case.best - made.objective) / abs(case.best)
        worse, wide = worse + (loss > EXACTLY), wide + (made.certificate.gap > CLOSELY)
        wrong += made.certificate.bound < case.best - EXACTLY * abs(case.best)
        if loss > EXACTLY or made.certificate.gap > CLOSELY:
            print(f"brief {seed} loses {loss:.2%}, certificate {made.certificate.gap:.2%}", flush=True)
    print(
        f"{options.briefs} briefs: {refused} refused, {worse} below the best, {wide} proven to more than a thousandth"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
