"""A Draft is a brief while somebody writes it: what the form's fields hold, right or wrong; a Brief once it is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from mediaplan.brief.briefs import Brief, Data
from mediaplan.brief.goals import GOALS, Goal, MostResults
from mediaplan.brief.rules import Rule
from mediaplan.brief.writing import brief_table
from mediaplan.errors import InputError, Problem
from mediaplan.ui.rows import RuleRow, SlotRow
from mediaplan.ui.typed import spans
from mediaplan.words import Sentence


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the fields of the form hold.

    Attributes:
        name, currency, start, days, lines: As in the brief.
        budget: Plain text.
        goal: Its word.
        type, values, test_share: Of the goal.
        platform: Whether the platforms' minimums count.
        dollar: Units of the currency for one US dollar; `None` = not said.
        fee, tax: Parts, 0–1.
        slots, rules: The rows of their tables.
        data: Names of the files it is to be answered from.
        rest: What the form does not show, by the brief's own attributes; kept as it was read.
    """

    start: date
    name: str = ""
    currency: str = "XOF"
    budget: str = ""
    days: int = 14
    goal: str = MostResults.word
    type: str | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    test_share: float = 0.0
    platform: bool = True
    dollar: float | None = None
    fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    lines: str = "all"
    slots: tuple[SlotRow, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    data: Data = field(default_factory=Data)
    rest: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, brief: Brief) -> Draft:
        """The draft whose brief is this one."""
        shown = [rule for rule in brief.rules if RuleRow.states(rule, brief.currency)]
        hidden = (
            "groups",
            "incrementality",
            "judgements",
            "tests",
            "split",
            "level",
            "as_of",
            "delay",
            "timezone",
            "columns",
            "scenarios",
            "exchange",
            "minimums",
        )
        return cls(
            name=brief.name,
            currency=brief.currency,
            budget=brief.budget.text if brief.budget else "",
            start=brief.start,
            days=brief.days,
            goal=brief.goal.word,
            type=brief.goal.type,
            values=dict(brief.goal.values),
            test_share=brief.goal.test_share,
            platform=brief.minimums.platform,
            dollar=brief.dollar,
            fee=brief.fee,
            tax=brief.tax,
            lines=brief.lines,
            slots=tuple(
                SlotRow(name, spans(texts["days"]), texts["hours"])
                for name, texts in brief_table(brief).get("slots", {}).items()
            ),
            rules=tuple(RuleRow.of(rule) for rule in shown),
            data=brief.data,
            rest={name: getattr(brief, name) for name in hidden}
            | {"goal": brief.goal, "rules": tuple(rule for rule in brief.rules if rule not in shown)},
        )

    def but(self, **changes: Any) -> Draft:
        """The same draft with changes."""
        return replace(self, **changes)

    @property
    def own_minimums(self) -> bool:
        """Whether it brings a table of minimums of its own, which goes before the platforms'."""
        return bool("minimums" in self.rest and self.rest["minimums"].own)

    @property
    def other_rules(self) -> tuple[Rule, ...]:
        """Rules of the brief that the form's table can't show; they stay as they were read."""
        return tuple(self.rest.get("rules", ()))

    def brief(self) -> Brief:
        """The brief that it states.

        Raises:
            InputError: All that is wrong with it.
        """
        problems: list[Problem] = []

        def attempt(make: Callable[[], Any]) -> Any:
            try:
                return make()
            except InputError as error:
                problems.extend(error.problems)
                return None

        rules = [attempt(partial(row.rule, self.currency, n)) for n, row in self.numbered_rules()]
        slots = [attempt(partial(row.slot, n)) for n, row in enumerate(self.slots, 1) if not row.blank]
        problems += self._unsaid()
        goal = attempt(self.goal_as_asked)
        rest = {key: value for key, value in self.rest.items() if key not in ("goal", "rules")} | {
            "exchange": self._exchange(),
            "minimums": self._minimums(),
        }
        made = attempt(
            lambda: Brief(
                name=self.name.strip() or "plan",
                currency=self.currency,
                budget=self.budget or 1,
                start=self.start,
                days=self.days,
                goal=goal or MostResults(),
                rules=(*(rule for rule in rules if rule is not None), *self.other_rules),
                slots=tuple(slot for slot in slots if slot is not None),
                lines=self.lines,  # type: ignore[arg-type]
                fee=self.fee,
                tax=self.tax,
                data=self.data,
                **rest,
            )
        )
        if problems:
            raise InputError(*problems)
        assert isinstance(made, Brief)
        return made

    def goal_as_asked(self) -> Goal:
        """Its goal.

        Raises:
            InputError: What is wrong with it by itself.
        """
        read = self.rest.get("goal")
        if isinstance(read, Goal) and read.word == self.goal:
            return replace(read, type=self.type, values=self.values, test_share=self.test_share)
        return GOALS[self.goal](type=self.type, values=self.values, test_share=self.test_share)

    def for_reading(self) -> Brief:
        """A brief that says only what files are read with: its currency, its rates, its mappings of columns."""
        known = {"exchange": self._exchange(), "columns": self.rest.get("columns", ())}
        return Brief(budget=1, currency=self.currency, start=self.start, days=1, **known)

    def numbered_rules(self) -> list[tuple[int, RuleRow]]:
        """The rows of rules that say anything, numbered as people see them."""
        return list(enumerate((row for row in self.rules if not row.blank), start=1))

    def _unsaid(self) -> list[Problem]:
        problems = []
        if not self.budget:
            problems.append(
                Problem(
                    Sentence("the budget is not said yet."),
                    Sentence("Write what the plan may cost."),
                    column="budget",
                )
            )
        if self.platform and not self.own_minimums and self.currency != "USD" and self.dollar is None:
            problems.append(
                Problem(
                    Sentence(
                        "the platforms' minimums are stated in US dollars, and the price of a dollar is not said yet."
                    ),
                    Sentence("Write what one US dollar costs, or switch the minimums off."),
                    column="exchange.USD",
                )
            )
        names = [row.name.strip() for row in self.slots]
        problems += [
            Problem(
                Sentence("there are {count} slots named “{name}”.", count=names.count(name), name=name),
                Sentence("Give each slot a name of its own."),
                column=f"slots.{name}",
            )
            for name in dict.fromkeys(names)
            if name and names.count(name) > 1
        ]
        return problems

    def _exchange(self) -> dict[str, Any]:
        known = dict(self.rest.get("exchange", {}))
        rate = known.get("USD")
        before = float(rate[max(rate)]) if isinstance(rate, Mapping) else rate
        if self.dollar is not None and self.dollar != before:
            known["USD"] = self.dollar
        return known

    def _minimums(self) -> Any:
        if self.own_minimums:
            return self.rest["minimums"]
        return "platform" if self.platform else None
