"""What a plan holds: its lines, its sums by name, the rules it keeps, how good it is proven to be, posts on hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.money import Money
from mediaplan.words import Percent, Sentence, Words


@dataclass(frozen=True)
class Estimate:
    """A number with what it may turn out to be.

    Attributes:
        mean: Expectation; NaN where it is undefined (a cost per result without results).
        low, high: Bounds of what will be realised and counted, at the plan's level.
    """

    mean: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float | None]:
        """As JSON holds it; undefined is null."""
        return {"mean": _defined(self.mean), "low": _defined(self.low), "high": _defined(self.high)}


@dataclass(frozen=True)
class PlannedLine:
    """One line that receives money.

    Attributes:
        post, channel, audience, slot: Names; `None` where not broken down.
        start: First day.
        days: Calendar days from `start`.
        amount: Media money over the whole line; above 0.
        test: Whether it is there to learn.
        results: Counted results of all kinds that the goal counts.
        value: Their worth, in the unit of the goal's values.
        cpr: Money per result, major units.
        marginal_cpr: Money per result that the next unit of money would pay here, major units; NaN = undefined.
        seen: Whether the history holds this combination.
        why: Why it is there.
        doubt: What might be as good, where the evidence is not enough to prefer it; else `None`.
        attributed: Results that the platform will count, where `results` are incremental; else `None`.
        units: Units of the rate card that it buys; `None` where no rate card was given.
        uses: What else these use, by resource.
    """

    post: str | None
    channel: str | None
    audience: str | None
    slot: str | None
    start: date
    days: int
    amount: Money
    test: bool
    results: Estimate
    value: Estimate
    cpr: Estimate
    marginal_cpr: float
    seen: bool
    why: Sentence
    doubt: Sentence | None = None
    attributed: Estimate | None = None
    units: float | None = None
    uses: Mapping[str, float] | None = None

    @property
    def why_and_doubt(self) -> Sentence:
        """Why it is there, and what might be as good."""
        if self.doubt is None:
            return self.why
        return Sentence("{why} {doubt}", why=self.why, doubt=self.doubt)

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The line as the plan document holds it."""
        return {
            **{dimension: getattr(self, dimension) for dimension in DIMENSIONS},
            "start": self.start.isoformat(),
            "days": self.days,
            "amount": self.amount.text,
            "test": self.test,
            "results": self.results.to_dict(),
            **({} if self.attributed is None else {"attributed": self.attributed.to_dict()}),
            "value": self.value.to_dict(),
            "cpr": self.cpr.to_dict(),
            "marginal_cpr": _defined(self.marginal_cpr),
            **({} if self.uses is None else {"units": self.units, "uses": dict(self.uses)}),
            "why": words.say(self.why_and_doubt),
        }


@dataclass(frozen=True)
class Part:
    """What one channel, audience, slot or post receives and is expected to bring.

    Attributes:
        amount: Media money.
        results, value, cpr: As in `PlannedLine`.
    """

    amount: Money
    results: Estimate
    value: Estimate
    cpr: Estimate

    def to_dict(self) -> dict[str, Any]:
        """The part as the plan document holds it."""
        return {
            "amount": self.amount.text,
            "results": self.results.to_dict(),
            "value": self.value.to_dict(),
            "cpr": self.cpr.to_dict(),
        }


@dataclass(frozen=True)
class Totals:
    """The plan as a whole.

    Attributes:
        results, value, cpr: Of all lines together.
        intervals: Level (0.5, 0.8, 0.95) -> low and high of the results.
        by: Dimension (`channel`, `audience`, `slot`, `post`) -> name -> its part, in order of money.
        attributed: Results that the platforms will count, where `results` are incremental; else `None`.
    """

    results: Estimate
    value: Estimate
    cpr: Estimate
    intervals: Mapping[float, tuple[float, float]]
    by: Mapping[str, Mapping[str, Part]]
    attributed: Estimate | None = None

    def to_dict(self) -> dict[str, Any]:
        """The totals as the plan document holds them."""
        return {
            "results": {
                **self.results.to_dict(),
                "intervals": {str(k): list(v) for k, v in self.intervals.items()},
            },
            **({} if self.attributed is None else {"attributed": self.attributed.to_dict()}),
            "value": self.value.to_dict(),
            "cpr": self.cpr.to_dict(),
            **{
                f"by_{d}": {name: part.to_dict() for name, part in parts.items()}
                for d, parts in self.by.items()
            },
        }


@dataclass(frozen=True)
class KeptRule:
    """How a rule of the brief bears on the plan.

    Attributes:
        rule: Its sentence.
        why: Its reason, or empty.
        binding: Whether the plan would be better without it.
        price: What the objective would gain by the change that `price_of` names; ≥ 0, NaN where it is not worked out.
        slack: How far the plan is from the limit: major units of money, a share (0–1), or what is counted; NaN where
            there is no single number (domains).
        price_of: `"unit"`: the limit gives way by one unit (a major unit of money, one percentage point of a share, one
            of what is counted): the dual. `"relaxed unit"`: the same before lines are chosen whole, so that a real step may gain
            more or nothing. `"planned unit"`: each unit of about a hundredth of the budget.
            `"step"`: one post or line more; `"rule"`: the rule left out; of these three the difference to a plan that was
            made again.
    """

    rule: Sentence
    why: str
    binding: bool
    price: float
    slack: float
    price_of: str = "unit"

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The rule as the plan document holds it."""
        return {
            "rule": words.say(self.rule),
            "why": self.why,
            "binding": self.binding,
            "price": _defined(self.price),
            "price_of": self.price_of,
            "slack": _defined(self.slack),
        }


@dataclass(frozen=True)
class Certificate:
    """How near to the best possible plan this one is proven to be.

    Attributes:
        status: `"optimal"` (proven to the gap) or `"stopped"` (a limit was reached before).
        gap: Part (0–1) by which no plan under the same rules can be better.
        bound: Objective that no plan under the same rules exceeds.
        approximation_error: Objective on the true curves less that on their straight pieces, as a part of it.
    """

    status: str
    gap: float
    bound: float
    approximation_error: float

    def sentence(self) -> Sentence:
        """The certificate in one sentence."""
        most = Percent(max(self.gap + 5e-5, 1e-4), 2)
        return Sentence("No plan under these rules can be better by more than {gap}.", gap=most)

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The certificate as the plan document holds it."""
        return {
            "status": self.status,
            "gap": self.gap,
            "bound": self.bound,
            "approximation_error": self.approximation_error,
            "sentence": words.say(self.sentence()),
        }


@dataclass(frozen=True)
class Held:
    """A post that gets nothing because of its status, and what that costs.

    Attributes:
        post: Its name.
        status: `hold` or `ended`.
        reason: As the posts table says, or empty.
        cost: What the goal would gain if the post could run, in the unit of the objective; NaN for ended posts.
    """

    post: str
    status: str
    reason: str
    cost: float

    def to_dict(self) -> dict[str, Any]:
        """The post as the plan document holds it."""
        return {"post": self.post, "status": self.status, "reason": self.reason, "cost": _defined(self.cost)}


def parts_in_order(parts: Iterable[tuple[str, Part]]) -> dict[str, Part]:
    """Parts by name, the one with most money first, ties by name."""
    return dict(sorted(parts, key=lambda item: (-item[1].amount.minor, item[0])))


def _defined(number: float) -> float | None:
    return number if number == number and abs(number) != float("inf") else None  # noqa: PLR0124 - NaN differs from itself
