"""Whole questions whose best money is timed by planning_speed.py: of a fitted history, and with lines chosen whole."""

from __future__ import annotations

import time
import warnings
from dataclasses import replace

import numpy as np

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import EachLine, Share
from mediaplan.brief.terms import Choice, Domain, Linear, Term
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.making import answered, asked
from mediaplan.planning.search.solving import best_money
from mediaplan.planning.solvers.highs import solve
from mediaplan.response.curves import Curves
from mediaplan.response.fitting import fit
from mediaplan.words import Sentence
from mediaplan.worlds.additive import World
from mediaplan.worlds.settings import SETTINGS


def fitted(lines: int = 100_000) -> None:
    """Plans of a history whose lines share people: a world with as many posts as make about so many lines."""
    posts = max(lines // 1440, 2)
    setting = replace(
        SETTINGS["overlap"], channels=6, audiences=20, slots=12, posts=posts, habits=40, budget=4000.0 * posts
    )
    world = World(5, setting)
    warnings.simplefilter("ignore")
    response = fit(world.history, posts=world.posts, audiences=world.audiences)
    rules = (
        Share(per=("channel",), at_most=0.3),
        Share(per=("audience",), at_most=0.09),
        Share(per=("slot",), at_most=0.15),
        Share(per=("post",), at_most=min(1.0, 2.5 / posts)),
        EachLine(at_most=400),
    )
    brief = Brief(budget=1000 * posts, currency="EUR", start=str(world.flight), days=7, rules=rules)
    begun = time.process_time()
    question = asked(brief, response)
    stated = time.process_time()
    solved = question.solve()
    found = time.process_time()
    answered(question, "highs")
    whole = time.process_time() - found + stated - begun
    assert solved is not None
    gap = (solved.bound - solved.value) / solved.bound
    print(
        f"fitted history, {len(solved.amounts)} lines in {sum(len(p.size) for p in question.objective.pools)} pools: "
        f"best money {found - stated:.2f} CPU s, a whole plan {whole:.2f} CPU s; "
        f"proven to {gap:.1e}, {(solved.amounts > 0).sum()} lines funded"
    )


def choices(lines: int) -> None:
    """Nothing or at least a minimum on every line, and a limit on their number: one that binds little, and one that does."""
    for most in (lines // 8, lines // 20):
        chosen(lines, most)


def chosen(lines: int, most: int) -> None:
    """Nothing or at least a minimum on every line, and at most so many of them."""
    random = np.random.default_rng(0)
    rate = np.exp(random.normal(-1, 0.8, (1, lines, 1)))
    scale = np.exp(random.normal(5, 0.7, (1, lines, 1)))
    ones = np.ones(lines)
    curves = Curves(("lead",), rate, scale, np.full(1, 0.1), ones, ones > 0)
    budget = 600 * lines
    terms: list[Term] = [Linear(ones, -np.inf, float(budget), ones > 0)]
    posts = max(lines // 400, 4)
    for groups, share in ((8, 0.2), (50, 0.03), (42, 0.035), (posts, 1.3 / posts)):
        group = random.integers(0, groups, lines)
        masks = (group == number for number in range(groups))
        terms += [Linear(mask.astype(float), -np.inf, share * budget, mask) for mask in masks]
    terms.append(Domain(ones > 0, at_least=3000))
    terms.append(Choice(np.arange(lines), np.arange(lines), ones, -np.inf, float(most)))
    demands = [Demand(Sentence("x"), (term,)) for term in terms]
    begun = time.process_time()
    solved = best_money(demands, Objective(curves, ones[None, :], 0.01), budget, solve)
    seconds = time.process_time() - begun
    assert solved is not None
    gap = (solved.bound - solved.value) / solved.bound
    print(
        f"nothing or a minimum, and at most {most} of {lines} lines: {seconds:.1f} CPU s, proven to "
        f"{100 * gap:.3f} %, {(solved.amounts > 0).sum()} lines funded"
    )
