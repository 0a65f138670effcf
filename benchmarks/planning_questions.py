"""Whole questions that planning_speed.py times: of a fitted history, with lines chosen whole, of many clients."""

from __future__ import annotations

import time
import warnings
from dataclasses import replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from mediaplan.batch.answering import Task, answer_task
from mediaplan.batch.running import run
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
    terms: list[Term] = [Linear.over(ones, -np.inf, float(budget), ones > 0)]
    posts = max(lines // 400, 4)
    for groups, share in ((8, 0.2), (50, 0.03), (42, 0.035), (posts, 1.3 / posts)):
        group = random.integers(0, groups, lines)
        masks = (group == number for number in range(groups))
        terms += [Linear.over(mask.astype(float), -np.inf, share * budget, mask) for mask in masks]
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


def client_plans(count: int = 1000) -> None:
    """Whole plans of as many clients by batch: brief and rate card read, planned with reasons and intervals."""
    with TemporaryDirectory() as folder:
        tasks = [_client(Path(folder), number) for number in range(count)]
        list(run(tasks[:4], workers=2))
        answer_task(tasks[0])  # what is imported at the first use is no time of a plan
        begun_alone = time.process_time()
        for task in tasks[1:11]:
            answer_task(task)
        alone = (time.process_time() - begun_alone) / 10
        begun = time.perf_counter()
        codes = {outcome.exit_code for outcome in run(tasks, workers=2)}
        seconds = time.perf_counter() - begun
    assert codes == {0}
    print(
        f"{count} client plans of 100 lines by batch, 2 processes: {seconds:.1f} s of wall time, starting them included; "
        f"one takes {1000 * alone:.0f} ms of the processor"
    )


def _client(folder: Path, number: int) -> Task:
    """A client of 100 lines, three tiers each."""
    random = np.random.default_rng(number)
    lines = list(product(("facebook", "instagram", "tiktok", "linkedin", "youtube"), "abcd", "uvwxy"))
    rows = ["channel,audience,slot,cost,results,up_to"]
    for channel, audience, slot in lines:
        first, units = random.lognormal(0, 0.6), random.integers(20, 200, 3)
        start = f"{channel},{audience},{slot},1"
        rows += [f"{start},{first * 0.6**tier:.5f},{units[tier]}" for tier in range(3)]
    home = folder / f"client-{number:04d}"
    home.mkdir()
    (home / "card.csv").write_text("\n".join(rows), encoding="utf-8")
    (home / "brief.toml").write_text(
        f"""currency = "EUR"
budget = {1500 + number}
flight = {{ start = 2026-11-30, days = 14 }}
data = {{ rates = "card.csv" }}
rule = [{{ is = "share", per = "channel", at_most = 0.4 }}]
""",
        encoding="utf-8",
    )
    return Task(str(home / "brief.toml"), home.name, "highs", "en", None)
