"""The frontier: the best plans over a range of budgets, what each step of money brings, and where to stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import LowestCost
from mediaplan.errors import InputError, NoPlanError, Problem, StoppedError
from mediaplan.money import Money
from mediaplan.one_thread import on_one_thread
from mediaplan.planning.answer.comparing import told_apart
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import answered, asked
from mediaplan.planning.patience import PATIENT, Patience
from mediaplan.planning.reasons.reasons import Cost
from mediaplan.planning.solvers import engine_named
from mediaplan.response.responses import Response
from mediaplan.words import Sentence, Words

SCHEMA = "mediaplan/frontier/1"
TWICE = 2.0
"""Times the average cost of a result that the next one may cost, where nobody says what it is worth."""
MOST_POINTS = 200
USUAL_POINTS = 8


@dataclass(frozen=True, eq=False)
class Point:
    """One budget and the best that it can do.

    Attributes:
        budget: What the client pays at the most.
        plan: The best plan; `None` where none keeps the rules with that budget.
        refusal: Why there is none.
        gain: What the plan brings of what the goal counts (results, or value); NaN without a plan.
        next_cost: Money that a further one of these costs on the way to the next budget with a plan, major units of what
            the client pays; infinite where more money brings nothing, NaN for the last.
    """

    budget: Money
    plan: Plan | None
    refusal: NoPlanError | None
    gain: float
    next_cost: float

    @property
    def average_cost(self) -> float:
        """Money of the client per result (or unit of value); NaN where nothing is expected."""
        return _paid(self.plan) / self.gain if self.plan is not None and self.gain > 0 else float("nan")

    def to_dict(self, language: str) -> dict[str, Any]:
        """The point as an item of `mediaplan/frontier/1`."""
        return {
            "budget": self.budget.text,
            "gain": _defined(self.gain),
            "average_cost": _defined(self.average_cost),
            "next_cost": _defined(self.next_cost),
            "plan": None if self.plan is None else self.plan.to_dict(language),
            "refusal": None if self.refusal is None else self.refusal.to_dict(Words(language)),
        }


@dataclass(frozen=True, eq=False)
class Frontier(Sequence[Plan]):
    """The best plans over budgets: a sequence of plans, the smallest budget first.

    Attributes:
        points: One for each budget, those without a plan included.
        worth: What one more result (or unit of value) is worth to whoever asks, major units; `None` = nobody said.
    """

    points: tuple[Point, ...]
    worth: float | None = None

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans, the smallest budget first."""
        return tuple(point.plan for point in self.points if point.plan is not None)

    @overload
    def __getitem__(self, place: int) -> Plan: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Plan, ...]: ...
    def __getitem__(self, place: int | slice) -> Plan | tuple[Plan, ...]:
        return self.plans[place]

    def __len__(self) -> int:
        return len(self.plans)

    def __iter__(self) -> Iterator[Plan]:
        return iter(self.plans)

    @property
    def stop(self) -> Point | None:
        """The budget at which to stop: the first from which the next step costs too much for each further result.

        Too much is more than `worth`, or more than twice the average cost at that budget where nobody says the worth.
        `None` where no step of these costs too much.
        """
        for point in self.points:
            if point.plan is None:
                continue
            most = self.worth if self.worth is not None else TWICE * point.average_cost
            if point.next_cost > most:
                return point
        return None

    def sentence(self) -> Sentence:
        """Where to stop, and why there."""
        if not self.plans:
            return Sentence("None of these budgets can keep the rules.")
        last, stop = self.plans[-1], self.stop
        if last.brief.goal.by_value:
            return self._of_value(last, stop)
        most = (
            Sentence("twice the average")
            if self.worth is None
            else Sentence("{worth}", worth=Cost(self.worth, last.brief.currency))
        )
        if stop is None:
            return Sentence(
                "Up to {budget} every step pays: a further result costs at most {most}.",
                budget=last.budget,
                most=most,
            )
        if stop.next_cost == float("inf"):
            return Sentence("Stop at {budget}: more money brings nothing.", budget=stop.budget)
        return Sentence(
            "Stop at {budget}: from there on a further result costs {next}, more than {most}.",
            budget=stop.budget,
            next=Cost(stop.next_cost, last.brief.currency),
            most=most,
        )

    def _of_value(self, last: Plan, stop: Point | None) -> Sentence:
        """The same where value counts: what a unit of money brings."""
        if stop is None:
            return Sentence("Up to {budget} every step still pays.", budget=last.budget)
        if self.worth is None:
            return Sentence(
                "Stop at {budget}: from there on, money brings less than half the value that it brings on average.",
                budget=stop.budget,
            )
        return Sentence(
            "Stop at {budget}: from there on, a unit of value costs more than it is worth.",
            budget=stop.budget,
        )

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """What must be known of the plans, those that not all of them have with their budget."""
        return told_apart([(plan.budget, plan) for plan in self.plans])

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The document `mediaplan/frontier/1`.

        Args:
            language: Of the sentences in it.
        """
        words = Words(language)
        first = self.points[0]
        return {
            "schema": SCHEMA,
            "currency": first.budget.currency,
            "worth": self.worth,
            "stop": None if self.stop is None else self.stop.budget.text,
            "stop_reason": words.say(self.sentence()),
            "points": [point.to_dict(language) for point in self.points],
            "warnings": [words.say(warning) for warning in self.warnings],
        }


@on_one_thread
def frontier(
    brief: Brief,
    response: Response,
    *,
    budgets: Iterable[Any],
    worth: float | None = None,
    engine: str = "highs",
    patience: Patience = PATIENT,
) -> Frontier:
    """The best plan for each of several budgets, all else in the brief as it is.

    Each plan is exact: solved for its own budget on the same lines and curves, with its own certificate.

    Args:
        brief: The question; its own budget does not count.
        response: What money is expected to buy.
        budgets: Amounts of the brief's currency, in any order.
        worth: What one more result (or unit of value) is worth, major units: where to stop; `None` = twice the average.
        engine: As in `mediaplan.plan`.
        patience: For each of the plans.

    Raises:
        InputError: No budgets, too many, one that is no amount, or the brief can't be used.
        StoppedError: The limit of time was reached before there was a plan for one of them; what is called off after
            the first budgets gives these.
    """
    amounts = _checked(brief, budgets, worth)
    question = asked(brief.but(budget=amounts[-1]), response, engine=engine, patience=patience)
    found: list[tuple[Money, Plan | None, NoPlanError | None]] = []
    for budget in amounts:
        if found and question.wait.called_off:
            break
        try:
            wait = patience.begun()
            each = question.by(engine_named(engine, wait), wait).but(brief.but(budget=budget))
            found.append((budget, answered(each, engine), None))
        except NoPlanError as refused:
            found.append((budget, None, refused))
        except StoppedError:
            if not (found and question.wait.called_off):
                raise
    return Frontier(_points(found), worth)


def _points(found: Sequence[tuple[Money, Plan | None, NoPlanError | None]]) -> tuple[Point, ...]:
    points: list[Point] = []
    later: tuple[float, float] | None = None
    for budget, plan, refused in reversed(found):
        if plan is None:
            points.append(Point(budget, None, refused, float("nan"), float("nan")))
            continue
        gain = (plan.totals.value if plan.brief.goal.by_value else plan.totals.results).mean
        cost = float("nan")
        if later is not None:
            more = later[1] - gain
            # What a certificate leaves open, and what rounding to whole units moves, is no gain.
            cost = (later[0] - _paid(plan)) / more if more > 1e-9 * abs(gain) else float("inf")
        points.append(Point(budget, plan, None, gain, cost))
        later = (_paid(plan), gain)
    return tuple(reversed(points))


def _paid(plan: Plan) -> float:
    """What the client pays for a plan, fee and tax included, major units."""
    return float(plan.budget.amount - plan.unspent.amount)


def budgets_between(least: Money, most: Money, count: int) -> tuple[Money, ...]:
    """Evenly spaced budgets from the least to the most, both included, in whole minor units.

    Args:
        least: The first.
        most: The last, above it in the same currency.
        count: At least 2.
    """
    span, steps = most.minor - least.minor, count - 1
    minor = dict.fromkeys(least.minor + span * step // steps for step in range(count))
    return tuple(Money(amount, least.currency) for amount in minor)


def budgets_around(budget: Money) -> tuple[Money, ...]:
    """The budgets where nobody says which: eight, from a quarter of that budget to twice as much."""
    least = Money(max(budget.minor // 4, 1), budget.currency)
    return budgets_between(least, Money(2 * budget.minor, budget.currency), USUAL_POINTS)


def _checked(brief: Brief, budgets: Iterable[Any], worth: float | None) -> tuple[Money, ...]:
    """The budgets in order, each once."""
    problems: list[Problem] = []
    amounts: dict[int, Money] = {}
    for number, given in enumerate(budgets, start=1):
        try:
            budget = brief.but(budget=given).budget
            amounts[budget.minor] = budget
        except InputError as error:
            problems += [problem.at(column=f"budgets {number}") for problem in error.problems]
        if number > MOST_POINTS:
            break
    if not problems and not 1 <= len(amounts) <= MOST_POINTS:
        message = (
            Sentence("there are no budgets to compare.") if not amounts else Sentence("too many budgets.")
        )
        remedy = Sentence("Give from one to {most} budgets.", most=MOST_POINTS)
        problems.append(Problem(message, remedy, column="budgets"))
    if isinstance(brief.goal, LowestCost):
        message = Sentence("the goal is the lowest cost: a larger budget changes nothing.")
        problems.append(
            Problem(message, Sentence("Choose “most results” or “most value”."), column="goal.is")
        )
    if worth is not None and not 0 < worth < float("inf"):
        message = Sentence("“{value}” is no worth of a result.", value=str(worth))
        problems.append(
            Problem(message, Sentence("Give an amount above 0."), column="worth", value=str(worth))
        )
    if problems:
        raise InputError(*problems)
    return tuple(amounts[minor] for minor in sorted(amounts))


def _defined(number: float) -> float | None:
    return number if abs(number) < float("inf") else None
