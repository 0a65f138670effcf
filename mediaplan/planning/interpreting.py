"""Solved amounts become a Plan: what each line receives, what to expect of it and why, and how good all of it is."""

from __future__ import annotations

import platform
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import StoppedError
from mediaplan.history.records.records import DIMENSIONS, Posts
from mediaplan.money import Money
from mediaplan.planning.answer.bought import Bought
from mediaplan.planning.answer.contents import Certificate, Held, Part, PlannedLine, Totals, parts_in_order
from mediaplan.planning.answer.expecting import Expectation, expectation
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.answer.reached import reaches_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.asking.side_by_side import power_said, tested
from mediaplan.planning.asking.worths import Worths
from mediaplan.planning.questions import Question
from mediaplan.planning.reasons.close_calls import Doubted, close_calls
from mediaplan.planning.reasons.doubts import doubts_of, evidence_warnings, incremental_warning
from mediaplan.planning.reasons.pricing import with_costs
from mediaplan.planning.reasons.reasons import Why, objective_of
from mediaplan.planning.reasons.tests_said import tests_of, why_tested
from mediaplan.planning.search.exploring import Explored
from mediaplan.planning.search.sought import Solved
from mediaplan.response.reaching import people_of
from mediaplan.words import Sentence

Array = NDArray[np.float64]

MOST_HELD = 5
"""Posts on hold whose cost is worked out one by one."""


def interpreted(question: Question, best: Solved, explored: Explored | None, engine: str) -> Plan:
    """The plan of solved amounts.

    Args:
        question: What was asked.
        best: The best amounts.
        explored: The amounts with some money spent to learn, which then count instead.
        engine: Who solved it, for the record.
    """
    return _Answer(question, best, explored, engine).plan()


class _Answer:
    """Solved amounts and what they mean for a reader."""

    def __init__(self, question: Question, best: Solved, explored: Explored | None, engine: str) -> None:
        self.question = question
        self.brief, self.response = question.brief, question.response
        self.explored = explored
        self.solved = best if explored is None else explored.solved
        self.engine = engine
        self.funded = np.flatnonzero(self.solved.amounts)
        self.lines = question.space.lines
        self.money = self.solved.amounts[self.funded].astype(float) * question.major
        self.expected = self._expectation(question.worths, incremental=True)
        self.counted = None if question.increments is None else self._expectation(question.attributed)
        self.bought = Bought.of(question, self.solved.amounts)
        self.totals = self._totals()

    def _expectation(self, worths: Worths, *, incremental: bool = False) -> Expectation:
        question, increments = self.question, self.question.increments
        return expectation(
            question.curves.take(self.funded),
            self.money,
            _worths_taken(worths, self.funded),
            self.brief.level,
            self.response.seed,
            increments.take(self.funded) if increments and incremental else None,
        )

    def plan(self) -> Plan:
        """The plan of the amounts."""
        brief, solved, currency = self.brief, self.solved, self.brief.currency
        spent = int(solved.amounts.sum())
        fee, tax = brief.costs.on(spent)
        unspent = Money(brief.budget.minor - spent - fee - tax, currency)
        why = self._why()
        doubted = self._doubted(why.slopes)
        given = self.question.budget_given
        rules = with_costs(why.rules(self.question.major), self.question, solved)
        return Plan(
            brief=brief if given else brief.but(budget=None),
            budget=brief.budget,
            lines_planned=tuple(self._line(int(i), k, why, doubted) for k, i in enumerate(self.funded)),
            media_budget=Money(self.question.budget, currency),
            spent=Money(spent, currency),
            fee=Money(fee, currency),
            tax=Money(tax, currency),
            unspent=unspent,
            unspent_reason=why.unspent(unspent),
            kinds=self.question.worths.kinds,
            totals=self.totals,
            objective=solved.value,
            penalties=solved.penalties,
            rules=rules if given else rules[1:],
            certificate=_certificate(solved),
            held=self._held(),
            warnings=(
                *self.response.warnings,
                *evidence_warnings(brief, self.response),
                *incremental_warning(brief, self.totals),
                *power_said(brief, self.lines.take(self.funded), self.expected.results),
                *doubts_of(self.question, solved),
                *doubted.of_plan(),
            ),
            source=self._source(),
            tests=None if self.explored is None else tests_of(self.explored, currency),
            reach=reaches_of(people_of(self.response, self.lines.take(self.funded)), self.money),
        )

    def _why(self) -> Why:
        question, solved = self.question, self.solved
        slopes = objective_of(question.objective, solved)
        amounts = solved.amounts.astype(float)
        counting = Objective(question.curves, question.worths.count, question.major)
        next_results = question.objective.keeping(amounts)[0] * counting.slope(amounts)
        marginal = np.where(next_results > 0, question.major / np.maximum(next_results, 1e-300), np.nan)
        return Why(
            self.brief, question.demands, solved, slopes, marginal, question.curves.seen, question.curves.stated,
            self.lines,
        )  # fmt: skip

    def _doubted(self, slopes: Array) -> Doubted:
        question, solved = self.question, self.solved
        calls = close_calls(solved, question.curves, question.worths, slopes, question.major)
        return Doubted(calls, self.lines, solved.amounts, self.brief.currency)

    def _line(self, line: int, place: int, why: Why, doubted: Doubted) -> PlannedLine:
        here = np.array([place])
        results, value, cpr = self.expected.of(here)
        test = self.explored is not None and bool(self.explored.test[line])
        alongside = any(tested(self.lines, asked)[line] for asked in self.brief.tests)
        return PlannedLine(
            **{dimension: self.lines.label(dimension, line) for dimension in DIMENSIONS},
            start=self.lines.first_day(line),
            days=int(self.lines.days[line]),
            amount=Money(int(self.solved.amounts[line]), self.brief.currency),
            test=test or alongside,
            results=results,
            value=value,
            cpr=cpr,
            marginal_cpr=float(why.marginal[line]),
            seen=bool(self.question.curves.seen[line]),
            attributed=None if self.counted is None else self.counted.of(here)[0],
            units=self.bought.units(line),
            uses=self.bought.uses(line),
            why=self._why_tested(self.explored, line)
            if self.explored is not None and test
            else why.line(line, results.mean, value.mean, cpr.mean, self.totals.cpr.mean),
            doubt=None if test else doubted.of(line),
        )

    def _why_tested(self, explored: Explored, line: int) -> Sentence:
        question = self.question
        amount = float(explored.solved.amounts[line]) * question.major
        results = question.curves.take(np.array([line])).results(np.array([amount]))
        each = (question.worths.count[:, line, None] * results[:, 0]).sum(axis=0)
        return why_tested(explored, line, amount, each, self.brief.currency)

    def _totals(self) -> Totals:
        everything = np.arange(len(self.funded))
        results, value, cpr = self.expected.of(everything)
        attributed = None if self.counted is None else self.counted.of(everything)[0]
        return Totals(results, value, cpr, self.expected.intervals(), self._parts(), attributed)

    def _parts(self) -> dict[str, dict[str, Part]]:
        """By dimension and name what the lines of that name have and bring, the one with most money first."""
        lines, amounts = self.lines.take(self.funded), self.solved.amounts[self.funded]
        named = [
            (dimension, name, labels == name)
            for dimension, labels in ((d, lines.labels(d)) for d in ("channel", "audience", "slot", "post"))
            for name in sorted({label for label in labels if label is not None})
        ]
        parts: dict[str, list[tuple[str, Part]]] = {d: [] for d in ("channel", "audience", "slot", "post")}
        told = self.expected.of_parts([mask for _, _, mask in named])
        for (dimension, name, mask), each in zip(named, told, strict=True):
            spent = Money(int(amounts[mask].sum()), self.brief.currency)
            parts[dimension].append((name, Part(spent, *each)))
        return {dimension: parts_in_order(those) for dimension, those in parts.items()}

    def _held(self) -> tuple[Held, ...]:
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
                self._gain(str(row.post)) if row.post in on_hold else float("nan"),
            )
            for row in stopped.itertuples()
        )

    def _gain(self, post: str) -> float:
        """What the goal would gain if a post on hold could run, lines not chosen whole."""
        rows = self.response.posts.rows if self.response.posts is not None else pd.DataFrame()
        freed = rows.assign(status=rows["status"].where(rows["post"] != post, "ready"))
        try:
            worth = self.question.ceiling(self.brief, replace(self.response, posts=Posts(freed)))
        except StoppedError:
            return float("nan")
        return 0.0 if worth is None else max(0.0, worth - self.solved.relaxed)

    def _source(self) -> dict[str, Any]:
        packages = ("mediaplan", "numpy", "scipy", "pandas", "highspy", "pulp")
        return {
            "history_digest": self.response.history_digest,
            "response_digest": self.response.digest,
            "seed": self.response.seed,
            "engine": self.engine,
            **({} if self.response.factor == 1.0 else {"ledger_factor": self.response.factor}),
            "versions": {name: _version(name) for name in packages} | {"python": platform.python_version()},
        }


@cache
def _version(package: str) -> str:
    """As installed; looked up once, as it takes milliseconds."""
    return version(package)


def _certificate(solved: Solved) -> Certificate:
    size = max(abs(solved.bound), 1e-300)
    gap = (solved.bound - solved.value) / size
    return Certificate(
        "stopped" if solved.stopped else "optimal", gap, solved.bound, (solved.value - solved.straight) / size
    )


def _worths_taken(worths: Worths, lines: NDArray[np.intp]) -> Worths:
    return Worths(worths.kinds, worths.count[:, lines], worths.value[:, lines], worths.goal[:, lines])
