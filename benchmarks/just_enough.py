"""Are plans found where a brief has no room at all? Targets on parts of shared people, and just the money they cost.

    python benchmarks/just_enough.py [--briefs 100] [--from 0]

Small briefs at random (eight lines in two layers of people; one or two targets on a part, often a share, often lines in steps
or nothing) are answered at the lowest cost. What the plan spends is then the whole budget of the same brief after most
results: a plan exists, the one just found. Printed: briefs that could be kept at all, those refused all the same, and the
money beyond the budget with which each of these is answered.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date
from itertools import product
from random import Random
from typing import Self

import numpy as np

import mediaplan as mp
from mediaplan.response.curves import Curves
from mediaplan.response.lines import Lines
from mediaplan.response.pools import Pools
from mediaplan.response.responses import Response
from mediaplan.slots import Slots

NAMES = {"post": ("p0", "p1"), "channel": ("facebook", "tiktok"), "audience": ("a0", "a1"), "slot": ()}
SHARED, EVERYBODY = 9.0, 18.0
"""Results that the lines of a channel and audience, and all lines together, would give to endless money."""
MORE = (0.0001, 0.001, 0.01, 0.05, 0.2)
"""Parts of the budget that are tried beyond it where a brief is refused."""


@dataclass(frozen=True)
class Market:
    """Certain curves of the eight lines of two posts on two channels for two audiences, whose people are shared.

    Attributes:
        seed: Of the curves.
    """

    seed: int

    def drawn(self, draws: int) -> Self:  # noqa: ARG002 - there is one draw
        """The same."""
        return self

    def curves(self, lines: Lines) -> Curves:
        """Curves of those lines, in two layers of people."""
        random = np.random.default_rng(self.seed)
        shape = (1, 8, 1)
        rate, scale = (
            usual * np.exp(random.normal(0, spread, shape) + random.normal(0, 0.2, shape))
            for usual, spread in ((0.01, 0.8), (200, 0.5))
        )
        post, channel, audience = (
            np.maximum(lines.codes[name], 0) for name in ("post", "channel", "audience")
        )
        place, pair, ones = (
            4 * post + 2 * channel + audience,
            2 * channel + audience,
            np.ones((1, len(lines))),
        )
        days = (lines.days / 7.0)[None, :, None]
        pools = (
            Pools(pair.astype(np.int32), np.full(4, SHARED), ones),
            Pools(np.zeros(len(lines), dtype=np.int32), np.array([EVERYBODY]), ones),
        )
        covered, seen = np.full(len(lines), 500.0), np.ones(len(lines), dtype=bool)
        return Curves(
            ("lead",), rate[:, place], scale[:, place] * days, np.full(1, 0.15), covered, seen, pools
        )


def world(seed: int) -> Response:
    """What money buys on that market."""
    seen = np.array(list(product((0, 1), (0, 1), (0, 1), (-1,))), dtype=np.int32)
    return Response(
        currency="EUR", kinds=("lead",), names=NAMES, seen=seen, estimate=Market(seed), posts=None, audiences=None,
        slots=Slots(), as_of=date(2026, 11, 22), median_line=50.0, warnings=(), history_digest="h", digest="d", seed=seed,
    )  # fmt: skip


def asked(budget: float | None, *rules: object, **more: object) -> mp.Brief:
    """A brief of a week."""
    return mp.Brief(budget=budget, currency="EUR", start="2026-11-30", days=7, rules=rules, **more)  # type: ignore[arg-type]


def drawn(seed: int) -> tuple[Response, list[object]]:
    """A response, and rules that may well be kept."""
    random = Random(seed)
    known = world(seed)
    parts: list[dict[str, str]] = [
        {"channel": "facebook"}, {"audience": "a1"}, {"post": "p0"}, {"post": "p1", "channel": "tiktok"},
        {"channel": "facebook", "audience": "a1"},
    ]  # fmt: skip
    rules: list[object] = [
        mp.ResultsTarget(at_least=round(random.uniform(0.5, 2.0), 2), **part)
        for part in random.sample(parts, random.choice([1, 2]))
    ]
    if random.random() < 0.6:
        rules.append(mp.Share(channel=random.choice(["facebook", "tiktok"]), at_least=0.4))
    if random.random() < 0.5:
        rules.append(mp.EachLine(or_zero=True, at_least=20, step=random.choice([None, 5])))
    return known, rules


def planned(known: Response, rules: list[object], budget: float) -> bool:
    """Whether a plan is found with that budget."""
    try:
        mp.plan(asked(budget, *rules), known)
    except mp.NoPlanError:
        return False
    return True


def main() -> None:
    """Print how many briefs with just enough money are refused."""
    asking = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asking.add_argument("--briefs", type=int, default=100)
    asking.add_argument("--from", dest="first", type=int, default=0)
    options = asking.parse_args()
    kept, refused = 0, 0
    for seed in range(options.first, options.first + options.briefs):
        known, rules = drawn(seed)
        try:
            cheap = mp.plan(asked(None, *rules, goal=mp.LowestCost()), known)
        except mp.NoPlanError:
            continue
        kept += 1
        budget = float(cheap.spent.amount)
        if planned(known, rules, budget):
            continue
        refused += 1
        enough = next((part for part in MORE if planned(known, rules, round(budget * (1 + part), 2))), None)
        said = "; ".join(str(rule.sentence()) for rule in asked(budget, *rules).rules)
        print(
            f"brief {seed} is refused with {budget}, answered with {enough or 'no'} part more: {said}",
            flush=True,
        )
    print(f"{kept} briefs with just enough money, {refused} refused")


if __name__ == "__main__":
    main()
