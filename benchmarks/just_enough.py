"""Are plans found where a brief has no room at all? Targets on parts of shared people, and just the money they cost.

    python benchmarks/just_enough.py [--briefs 100] [--from 0]

Small briefs at random (eight lines in two layers of people; one or two targets on a part, often a share, often lines in steps
or nothing) are answered at the lowest cost. What the plan spends is then the whole budget of the same brief after most
results: a plan exists, the one just found. Printed: briefs that could be kept at all, those refused all the same, and the
money beyond the budget with which each of these is answered.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from pools_by_hand import asked, world

import mediaplan as mp
from mediaplan.response.responses import Response

MORE = (0.0001, 0.001, 0.01, 0.05, 0.2)
"""Parts of the budget that are tried beyond it where a brief is refused."""


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
