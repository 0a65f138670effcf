"""Questions of the sample in data/ for which somebody waits at a screen, timed by planning_speed.py: cautious plans, refusals."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mediaplan.answering import Sources, read_sources, respond
from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import Cautious
from mediaplan.brief.reading import read_brief
from mediaplan.brief.rules import ResultsTarget
from mediaplan.errors import NoPlanError
from mediaplan.planning.making import plan
from mediaplan.response.responses import Response

BRIEFS = Path(__file__).parents[1] / "data" / "briefs"
TOO_MANY = (1.02, 1.3)
"""Times what a plan brings that is asked for, so that there is none."""


def cautious(worst: float = 0.2) -> None:
    """Whole plans of every sample brief by the mean of their worst draws."""
    for name, brief, response in _samples():
        goal = Cautious(type=brief.goal.type, values=brief.goal.values, worst=worst)
        begun = time.process_time()
        made = plan(replace(brief, goal=goal), response)
        seconds = time.process_time() - begun
        print(f"{name}, cautious: {seconds:.1f} CPU s, proven to {100 * made.certificate.gap:.2f} %")


def refusals() -> None:
    """What clashes, and what would mend it, where the sample briefs of the shop ask for more results than there are."""
    for name, brief, response in _samples("boutique*"):
        brings = plan(brief, response).totals.results.mean
        for times in TOO_MANY:
            target = ResultsTarget(at_least=times * brings)
            begun = time.process_time()
            try:
                plan(brief.but(rules=(*brief.rules, target)), response)
                said = "a plan"
            except NoPlanError as refused:
                said = f"{len(refused.conflicts)} clash, {len(refused.repairs)} repairs"
            seconds = time.process_time() - begun
            print(f"{name}, {times:.2f} times its results: {seconds:.1f} CPU s, {said}")


def _samples(names: str = "*") -> Iterator[tuple[str, Brief, Response]]:
    """The sample briefs with what money buys for them; what is imported at the first plan is no time of one."""
    for number, path in enumerate(sorted(BRIEFS.glob(f"{names}.toml"))):
        brief = read_brief(path)
        data = brief.data
        history = tuple(BRIEFS / file for file in data.history)
        sources = Sources(history=history, posts=BRIEFS / data.posts, audiences=BRIEFS / data.audiences)
        response = respond(brief, read_sources(brief, sources))
        if not number:
            plan(brief, response)
        yield path.stem, brief, response
