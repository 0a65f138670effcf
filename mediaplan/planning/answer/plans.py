"""The Plan: the answer as a value, and the documents that hold it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from mediaplan.brief.briefs import Brief
from mediaplan.brief.writing import brief_json
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.money import Money
from mediaplan.planning.answer.reached import Reaches
from mediaplan.planning.answer.testing import Tests
from mediaplan.words import Percent, Sentence, Words

SCHEMA = "mediaplan/plan/1"


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
            more or nothing. `"step"`: one post or line more; `"rule"`: the rule left out; of both the difference to a
            plan that was made again.
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


@dataclass(frozen=True, eq=False)
class Plan:
    """The answer to a brief.

    Attributes:
        brief: As asked.
        lines_planned: Lines with money, sorted by post, channel, audience, slot, start.
        media_budget: What could go to the platforms.
        spent: Media money planned: the lines' amounts add up to it.
        fee, tax: On top of `spent`.
        unspent: `spent + fee + tax + unspent = brief.budget`.
        unspent_reason: Why money is left, or `None`.
        kinds: Kinds of result that count.
        totals: Of all lines.
        objective: What the goal maximised, on the true curves, less the penalties.
        rules: One for each rule of the brief, the budget first.
        certificate: How good the plan is proven to be.
        held: Posts that are on hold or ended.
        warnings: What the reader should know.
        source: Digests, seed and versions by name.
        tests: What is spent to learn; `None` where the goal asks for no tests.
        penalties: What rules that give way take from the objective: weight × shortfall, in the rule's unit.
        reach: Whom it reaches and how often; `None` where impressions or sizes are not known.
    """

    brief: Brief
    lines_planned: tuple[PlannedLine, ...]
    media_budget: Money
    spent: Money
    fee: Money
    tax: Money
    unspent: Money
    unspent_reason: Sentence | None
    kinds: tuple[str, ...]
    totals: Totals
    objective: float
    rules: tuple[KeptRule, ...]
    certificate: Certificate
    held: tuple[Held, ...]
    warnings: tuple[Sentence, ...]
    source: Mapping[str, Any] = field(default_factory=dict)
    tests: Tests | None = None
    penalties: float = 0.0
    reach: Reaches | None = None

    @property
    def name(self) -> str:
        """The brief's name."""
        return self.brief.name

    @property
    def lines(self) -> pd.DataFrame:
        """The lines as a table: the columns of `lines.csv`, amounts in major units, reasons in English."""
        return pd.DataFrame(self.rows(Words("en"))).astype({"amount": float})

    def rows(self, words: Words) -> list[dict[str, Any]]:
        """The lines as flat rows with the columns of `lines.csv`; amounts as exact text."""
        return [_flat(line.to_dict(words)) for line in self.lines_planned] or [dict.fromkeys(COLUMNS)][:0]

    def why(self, line: int) -> str:
        """Why that line (by its place in `lines`) is there, in English."""
        return str(self.lines_planned[line].why_and_doubt)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The plan document, `mediaplan/plan/1`.

        Args:
            language: Of the sentences in it.
        """
        words = Words(language)
        return {
            "schema": SCHEMA,
            "name": self.name,
            "brief": brief_json(self.brief),
            "currency": self.brief.currency,
            "budget": self.brief.budget.text,
            "spent": self.spent.text,
            "unspent": self.unspent.text,
            "unspent_reason": self.unspent_reason and words.say(self.unspent_reason),
            "costs": {"media_budget": self.media_budget.text, "fee": self.fee.text, "tax": self.tax.text},
            "kinds": list(self.kinds),
            "lines": [line.to_dict(words) for line in self.lines_planned],
            "totals": self.totals.to_dict(),
            **({} if self.reach is None else {"reach": self.reach.to_dict()}),
            "level": self.brief.level,
            **({"tests": self.tests.to_dict(words)} if self.tests is not None else {}),
            "objective": {"goal": self.brief.goal.word, "value": self.objective, "penalties": self.penalties},
            "rules": [rule.to_dict(words) for rule in self.rules],
            "certificate": self.certificate.to_dict(words),
            "held": [held.to_dict() for held in self.held],
            "warnings": [words.say(warning) for warning in self.warnings],
            "source": dict(self.source),
        }

    def _repr_html_(self) -> str:
        words = Words("en")
        head = words.text(
            "{name}: {spent} for {results} results ({low}–{high})",
            name=self.name,
            spent=self.spent,
            results=self.totals.results.mean,
            low=self.totals.results.low,
            high=self.totals.results.high,
        )
        table = pd.DataFrame(self.rows(words), columns=COLUMNS)[
            ["post", "channel", "audience", "slot", "amount", "results", "cpr", "why"]
        ]
        return f"<p><b>{html.escape(head)}</b></p>" + table.to_html(index=False, escape=True, na_rep="")


COLUMNS = (
    "post", "channel", "audience", "slot", "start", "days", "amount", "test",
    "results", "results_low", "results_high", "value", "value_low", "value_high", "cpr", "cpr_low", "cpr_high",
    "marginal_cpr", "why",
)  # fmt: skip
"""Columns of `lines.csv`."""


def parts_in_order(parts: Iterable[tuple[str, Part]]) -> dict[str, Part]:
    """Parts by name, the one with most money first, ties by name."""
    return dict(sorted(parts, key=lambda item: (-item[1].amount.minor, item[0])))


def _flat(line: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for key, value in line.items():
        if key == "uses":
            row |= {f"uses:{name}": number for name, number in value.items()}
        elif isinstance(value, dict):
            row |= {key if name == "mean" else f"{key}_{name}": number for name, number in value.items()}
        else:
            row[key] = value
    return row


def _defined(number: float) -> float | None:
    return number if number == number and abs(number) != float("inf") else None  # noqa: PLR0124 - NaN differs from itself
