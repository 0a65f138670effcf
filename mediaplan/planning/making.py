"""plan(brief, response): the river from a question to its answer."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import Cautious, LeastRegret
from mediaplan.brief.spaces import Space
from mediaplan.errors import InputError, NoPlanError, Problem
from mediaplan.history.records import DIMENSIONS, Posts
from mediaplan.money import LARGEST, Money, decimals
from mediaplan.planning.aiming import check_goal, in_world, objective_for
from mediaplan.planning.conflicts import possible, refusal
from mediaplan.planning.demands import Demand, demands_of, platform_minimums
from mediaplan.planning.eligible import check_names, check_slots, eligible_lines, space_of, why_absent
from mediaplan.planning.expecting import Expectation, expectation
from mediaplan.planning.objective import Objective
from mediaplan.planning.plans import Certificate, Held, Part, Plan, PlannedLine, Totals, parts_in_order
from mediaplan.planning.pricing import with_costs
from mediaplan.planning.program import Solver
from mediaplan.planning.reasons import Why, objective_of
from mediaplan.planning.solvers import engine_named
from mediaplan.planning.solving import Solved, best_money, cautious_money, reachable, relaxed_worth
from mediaplan.planning.worths import Worths, outcomes_of, worths_of
from mediaplan.response.curves import Curves
from mediaplan.response.responses import Response
from mediaplan.words import Sentence

Array = NDArray[np.float64]

MOST_HELD = 5
"""Posts on hold whose cost is worked out one by one."""
FAR = 3.0
"""Times the largest money seen beyond which a plan warns."""


def plan(brief: Brief, response: Response, *, engine: str = "highs") -> Plan:
    """The best plan for a brief, as far as the response knows.

    Args:
        brief: The question.
        response: What money is expected to buy, in the brief's currency.
        engine: `"highs"`, `"pulp"`, or `"pulp:NAME"` for any solver that PuLP knows.

    Raises:
        InputError: The brief names something unknown, or no line may receive money.
        NoPlanError: No plan can keep the rules; the error says which clash and what would mend it.
        StoppedError: The engine reached its limit of time before there was a plan.
    """
    if brief.currency != response.currency:
        raise InputError(_currencies(brief, response))
    check_slots(brief, response)
    check_names(brief, response)
    check_goal(brief)
    if brief.budget is None:
        brief = _with_needed_budget(brief, response, engine_named(engine))
    question = _Question(brief, response, engine_named(engine))
    solved = question.solve()
    if solved is None:
        raise refusal(
            brief,
            question.space,
            question.worths.kinds,
            lambda mended: _worth(mended, response, question.solver),
            lambda rule: why_absent(rule, brief, response, question.space),
            question.reaches,
        )
    return question.answer(solved, engine)


def _with_needed_budget(brief: Brief, response: Response, solver: Solver) -> Brief:
    """The brief with the least budget that keeps its rules; with a very large one where none does."""
    for digits in range(len(str(LARGEST)) + 1):
        rich = brief.but(budget=Money(10**digits, brief.currency))
        if rich.media_budget.minor < 1:
            continue
        question = _Question(rich, response, solver)
        solved = question.solve()
        if solved is not None and solved.amounts.any():
            spent = int(solved.amounts.sum())
            return brief.but(budget=Money(spent + sum(brief.costs.on(spent)), brief.currency))
    return rich


def _currencies(brief: Brief, response: Response) -> Problem:
    return Problem(
        Sentence(
            "the brief is in {brief}, the history in {history}.",
            brief=brief.currency,
            history=response.currency,
        ),
        Sentence("Read the history with the brief's currency and an exchange rate."),
        column="currency",
        value=brief.currency,
    )


def _worth(brief: Brief, response: Response, solver: Solver) -> float:
    """What no plan for a brief is worth more than, lines not chosen whole: enough to rank repairs."""
    question = _Question(brief, response, solver)
    worth = relaxed_worth(question.demands, question.objective, question.budget, solver)
    if worth is None:
        raise NoPlanError((), ())
    return worth


class _Question:
    """A brief and a response, put together: lines, demands, curves, objective."""

    def __init__(self, brief: Brief, response: Response, solver: Solver) -> None:
        self.brief = brief
        self.response = response
        self.solver = solver
        self.budget = brief.media_budget.minor
        self.major = 10.0 ** -decimals(brief.currency)
        self.space: Space = space_of(eligible_lines(brief, response), brief, response)
        self.worths: Worths = worths_of(brief, response, self.space.lines)
        every = response.curves(self.space.lines)
        self.curves: Curves = _of_kinds(every, self.worths.kinds)
        counted = Objective(self.curves, self.worths.count, self.major)
        outcomes = outcomes_of(brief, response, self.space.lines, self.worths, counted.least_for)
        self.space = replace(self.space, worth=outcomes)
        self.demands: tuple[Demand, ...] = demands_of(brief, self.space, self.worths.kinds)
        unasked = np.zeros((len(outcomes.kinds) - len(self.worths.kinds), len(self.space.lines)))
        weights = np.concatenate([self.worths.goal, unasked])
        self.objective = objective_for(
            brief.goal,
            Objective(_of_kinds(every, outcomes.kinds), weights, self.major),
            self.demands,
            self.budget,
        )

    def solve(self) -> Solved | None:
        """The best amounts; `None` where the rules can't hold together or leave no money at all."""
        solved = self._best()
        if (
            solved is not None
            and not solved.amounts.any()
            and not possible(self.demands, self.space, self.reaches)
        ):
            return None
        return solved

    def _best(self) -> Solved | None:
        goal = self.brief.goal
        if isinstance(goal, Cautious):
            return cautious_money(self.demands, self.objective, self.budget, self.solver, goal.worst)
        if isinstance(goal, LeastRegret):
            return self._least_regret(goal)
        return best_money(self.demands, self.objective, self.budget, self.solver)

    def _least_regret(self, goal: LeastRegret) -> Solved | None:
        """The plan whose worst loss against the best one for each world is smallest."""
        worlds = [
            in_world(self.objective, self.space.picks(goal.picks(name)), world)
            for name, world in goal.worlds.items()
        ]
        views = []
        for view in (self.objective, *worlds):
            best = best_money(self.demands, view, self.budget, self.solver)
            if best is None:
                return None
            views.append(replace(view, offset=best.value + best.penalties))
        return best_money(self.demands, replace(self.objective, views=tuple(views)), self.budget, self.solver)

    def reaches(self, demands: Sequence[Demand], budget: int) -> tuple[bool, float]:
        """Whether the lines can bring the results that demands ask for, and what part of these is missing."""
        return reachable(demands, self.objective, budget, self.solver)

    def answer(self, solved: Solved, engine: str) -> Plan:
        funded = np.flatnonzero(solved.amounts)
        amounts = solved.amounts[funded].astype(float) * self.major
        expected = expectation(
            self.curves.take(funded),
            amounts,
            _worths_taken(self.worths, funded),
            self.brief.level,
            self.response.seed,
        )
        why = self._why(solved)
        totals = self._totals(funded, solved, expected)
        spent = int(solved.amounts.sum())
        fee, tax = self.brief.costs.on(spent)
        currency = self.brief.currency
        unspent = Money(self.brief.budget.minor - spent - fee - tax, currency)
        return Plan(
            brief=self.brief,
            lines_planned=tuple(
                self._line(int(i), k, solved, expected, why, totals) for k, i in enumerate(funded)
            ),
            media_budget=Money(self.budget, currency),
            spent=Money(spent, currency),
            fee=Money(fee, currency),
            tax=Money(tax, currency),
            unspent=unspent,
            unspent_reason=why.unspent(unspent),
            kinds=self.worths.kinds,
            totals=totals,
            objective=solved.value,
            rules=with_costs(why.rules(self.major), self.brief, self.demands, solved, self._solved),
            certificate=_certificate(solved),
            held=self._held(solved),
            warnings=self.response.warnings + self._warnings(funded, solved),
            source=self._source(engine),
            penalties=solved.penalties,
        )

    def _solved(self, brief: Brief) -> Solved | None:
        """The best amounts for another brief on the same response."""
        return _Question(brief, self.response, self.solver).solve()

    def _why(self, solved: Solved) -> Why:
        slopes = objective_of(self.objective, solved)
        counting = Objective(self.curves, self.worths.count, self.major)
        next_results = counting.slope(solved.amounts.astype(float))
        marginal = np.where(next_results > 0, self.major / np.maximum(next_results, 1e-300), np.nan)
        return Why(self.brief, self.demands, solved, slopes, marginal, self.curves.seen)

    def _line(
        self, line: int, place: int, solved: Solved, expected: Expectation, why: Why, totals: Totals
    ) -> PlannedLine:
        lines = self.space.lines
        results, value, cpr = expected.of(np.array([place]))
        return PlannedLine(
            **{dimension: lines.label(dimension, line) for dimension in DIMENSIONS},
            start=lines.first_day(line),
            days=int(lines.days[line]),
            amount=Money(int(solved.amounts[line]), self.brief.currency),
            test=False,
            results=results,
            value=value,
            cpr=cpr,
            marginal_cpr=float(why.marginal[line]),
            seen=bool(self.curves.seen[line]),
            why=why.line(line, results.mean, value.mean, cpr.mean, totals.cpr.mean),
        )

    def _totals(self, funded: NDArray[np.intp], solved: Solved, expected: Expectation) -> Totals:
        results, value, cpr = expected.of(np.arange(len(funded)))
        lines = self.space.lines.take(funded)
        by = {}
        for dimension in ("channel", "audience", "slot", "post"):
            labels = lines.labels(dimension)
            names = sorted({label for label in labels if label is not None})
            parts = []
            for name in names:
                mask = labels == name
                money = Money(int(solved.amounts[funded][mask].sum()), self.brief.currency)
                parts.append((name, Part(money, *expected.of(mask))))
            by[dimension] = parts_in_order(parts)
        return Totals(results, value, cpr, expected.intervals(), by)

    def _held(self, solved: Solved) -> tuple[Held, ...]:
        if self.response.posts is None:
            return ()
        rows = self.response.posts.rows
        stopped = rows[rows["status"] != "ready"]
        on_hold = [row.post for row in stopped.itertuples() if row.status == "hold"][:MOST_HELD]
        return tuple(
            Held(
                str(row.post),
                str(row.status),
                row.reason if isinstance(row.reason, str) else "",
                self._gain(str(row.post), solved) if row.post in on_hold else float("nan"),
            )
            for row in stopped.itertuples()
        )

    def _gain(self, post: str, solved: Solved) -> float:
        """What the goal would gain if a post on hold could run, lines not chosen whole."""
        rows = self.response.posts.rows if self.response.posts is not None else pd.DataFrame()
        freed = rows.assign(status=rows["status"].where(rows["post"] != post, "ready"))
        other = _Question(self.brief, replace(self.response, posts=Posts(freed)), self.solver)
        worth = relaxed_worth(other.demands, other.objective, self.budget, self.solver)
        return 0.0 if worth is None else max(0.0, worth - solved.relaxed)

    def _warnings(self, funded: NDArray[np.intp], solved: Solved) -> tuple[Sentence, ...]:
        found = []
        amounts = solved.amounts[funded] * self.major
        cover = self.curves.cover[funded]
        if far := int(((cover > 0) & (amounts > FAR * cover)).sum()):
            found.append(
                Sentence(
                    "Lines with more than three times the largest money that the history speaks for: {count}. Their results are a guess.",
                    count=far,
                )
            )
        if (cover == 0).any():
            found.append(
                Sentence(
                    "Lines of a channel and audience that were never bought before: {count}. Their results are judged from what is alike.",
                    count=int((cover == 0).sum()),
                )
            )
        if below := self._below_minimum(funded, solved):
            found.append(
                Sentence(
                    "Lines below a minimum that their platform is known to ask for: {count}. Write {example} to keep to it.",
                    count=below,
                    example='minimums = "platform"',
                )
            )
        if solved.stopped:
            found.append(
                Sentence(
                    "The search was stopped by its limit of time; a better plan may exist, within the gap that the certificate states."
                )
            )
        return tuple(found)

    def _below_minimum(self, funded: NDArray[np.intp], solved: Solved) -> int:
        if self.brief.minimums.platform:
            return 0
        try:
            least = platform_minimums(self.brief, self.space, self.worths.kinds, known=True)
        except InputError:
            return 0  # without the price of a dollar nothing can be compared
        return int((solved.amounts[funded] < least[funded]).sum())

    def _source(self, engine: str) -> dict[str, Any]:
        packages = ("mediaplan", "numpy", "scipy", "pandas", "highspy", "pulp")
        return {
            "history_digest": self.response.history_digest,
            "response_digest": self.response.digest,
            "seed": self.response.seed,
            "engine": engine,
            "versions": {name: version(name) for name in packages} | {"python": platform.python_version()},
        }


def _certificate(solved: Solved) -> Certificate:
    size = max(abs(solved.bound), 1e-300)
    gap = (solved.bound - solved.value) / size
    return Certificate(
        "stopped" if solved.stopped else "optimal", gap, solved.bound, (solved.value - solved.straight) / size
    )


def _of_kinds(curves: Curves, kinds: tuple[str, ...]) -> Curves:
    """The curves of the counted kinds only, in their order."""
    if curves.kinds == kinds:
        return curves
    places = [curves.kinds.index(kind) for kind in kinds]
    return replace(
        curves,
        kinds=kinds,
        rate=curves.rate[places],
        scale=curves.scale[places],
        dispersion=curves.dispersion[places],
    )


def _worths_taken(worths: Worths, lines: NDArray[np.intp]) -> Worths:
    return Worths(worths.kinds, worths.count[:, lines], worths.value[:, lines], worths.goal[:, lines])
