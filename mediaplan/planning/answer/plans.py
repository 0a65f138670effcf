"""The Plan: the answer as a value, and the documents that hold it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import FewestShortfalls
from mediaplan.brief.writing import brief_json
from mediaplan.money import Money
from mediaplan.planning.answer.contents import Certificate, Held, KeptRule, PlannedLine, Totals
from mediaplan.planning.answer.reached import Reaches
from mediaplan.planning.answer.testing import Tests
from mediaplan.words import Sentence, Words

SCHEMA = "mediaplan/plan/1"


@dataclass(frozen=True, eq=False)
class Plan:
    """The answer to a brief.

    Attributes:
        brief: As asked.
        lines_planned: Lines with money, sorted by post, channel, audience, slot, start.
        budget: What the client pays at the most; where the brief names none, what its rules need.
        media_budget: What could go to the platforms.
        spent: Media money planned: the lines' amounts add up to it.
        fee, tax: On top of `spent`.
        unspent: `spent + fee + tax + unspent = budget`.
        unspent_reason: Why money is left, or `None`.
        kinds: Kinds of result that count.
        totals: Of all lines.
        objective: What the goal maximised, on the true curves, less the penalties.
        rules: One for each rule of the brief; before them the budget, where the brief names one.
        certificate: How good the plan is proven to be.
        held: Posts that are on hold or ended.
        warnings: What the reader should know.
        source: Digests, seed and versions by name.
        tests: What is spent to learn; `None` where the goal asks for no tests.
        penalties: What rules that give way take from the objective: weight × shortfall, in the rule's unit.
        reach: Whom it reaches and how often; `None` where impressions or sizes are not known.
    """

    brief: Brief
    budget: Money
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
        return flat(line.to_dict(words) for line in self.lines_planned)

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
            "budget": self.budget.text,
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
            "objective": {"goal": self.brief.goal.word, "value": self._told, "penalties": self.penalties},
            "rules": [rule.to_dict(words) for rule in self.rules],
            "certificate": self.certificate.to_dict(words),
            "held": [held.to_dict() for held in self.held],
            "warnings": [words.say(warning) for warning in self.warnings],
            "source": dict(self.source),
        }

    @property
    def _told(self) -> float:
        """The objective as it is told: results that only decide between equal shortfalls are none of the goal."""
        of_shortfalls = isinstance(self.brief.goal, FewestShortfalls)
        return 0.0 - self.penalties if of_shortfalls else self.objective

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
"""Columns of `lines.csv`; a plan by a rate card, or of incremental results, has more before `why`."""


def flat(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines as the plan document holds them -> rows with the columns of `lines.csv`."""
    return [_flat(line) for line in lines]


def _flat(line: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for key, value in line.items():
        if key == "uses":
            row |= {f"uses:{name}": number for name, number in value.items()}
        elif isinstance(value, dict):
            row |= {key if name == "mean" else f"{key}_{name}": number for name, number in value.items()}
        else:
            row[key] = value
    return row
