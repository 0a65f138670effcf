"""A Draft is a brief while somebody writes it: what the form's fields hold, right or wrong; a Brief once it is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from mediaplan.brief.briefs import Brief, Data
from mediaplan.brief.from_table import rule_from
from mediaplan.brief.goals import GOALS, Cautious, Goal, LeastRegret, MostResults
from mediaplan.brief.scenarios import scenarios_of
from mediaplan.brief.writing import brief_table
from mediaplan.errors import InputError, Problem
from mediaplan.ui.rows import SlotRow
from mediaplan.ui.typed import spans
from mediaplan.words import Sentence

Named = tuple[tuple[str, Mapping[str, Any]], ...]
"""Tables by name, in order; while somebody writes, two may bear one name."""

SHOWN = (
    "name", "currency", "budget", "start", "days", "goal", "rules", "slots", "groups", "lines", "fee", "tax", "data",
    "scenarios",
)  # fmt: skip
"""What of a brief the form shows as it is."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the fields of the form hold.

    Attributes:
        name, currency, start, days, lines: As in the brief.
        budget: Plain text.
        goal: Its word.
        type, values, test_share: Of the goal.
        worst: Of the goal `cautious`.
        worlds: Of the goal `least regret`.
        platform: Whether the platforms' minimums count.
        dollar: Units of the currency for one US dollar; `None` = not said.
        fee, tax: Parts, 0–1.
        slots: The rows of their table.
        rules, scenarios: Each as the table that states it in a brief; what can't be read is text as it was typed.
        groups: Name and members.
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
    worst: float = Cautious.worst
    worlds: Named = ()
    platform: bool = True
    dollar: float | None = None
    fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    lines: str = "all"
    slots: tuple[SlotRow, ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    scenarios: tuple[Mapping[str, Any], ...] = ()
    data: Data = field(default_factory=Data)
    rest: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, brief: Brief) -> Draft:
        """The draft whose brief is this one."""
        goal = brief.goal
        return cls(
            name=brief.name,
            currency=brief.currency,
            budget=brief.budget.text if brief.budget else "",
            start=brief.start,
            days=brief.days,
            goal=goal.word,
            type=goal.type,
            values=dict(goal.values),
            test_share=goal.test_share,
            worst=goal.worst if isinstance(goal, Cautious) else Cautious.worst,
            worlds=tuple(goal.worlds.items()) if isinstance(goal, LeastRegret) else (),
            platform=brief.minimums.platform,
            dollar=brief.dollar,
            fee=brief.fee,
            tax=brief.tax,
            lines=brief.lines,
            slots=tuple(
                SlotRow(name, spans(texts["days"]), texts["hours"])
                for name, texts in brief_table(brief).get("slots", {}).items()
            ),
            rules=tuple(rule.to_dict() for rule in brief.rules),
            groups=tuple(brief.groups.items()),
            scenarios=brief.scenarios,
            data=brief.data,
            rest={one.name: getattr(brief, one.name) for one in fields(Brief) if one.name not in SHOWN}
            | {"goal": goal},
        )

    def but(self, **changes: Any) -> Draft:
        """The same draft with changes."""
        return replace(self, **changes)

    @property
    def own_minimums(self) -> bool:
        """Whether it brings a table of minimums of its own, which goes before the platforms'."""
        return bool("minimums" in self.rest and self.rest["minimums"].own)

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

        rules = [
            attempt(partial(rule_from, table, self.currency, n)) for n, table in enumerate(self.rules, 1)
        ]
        slots = [attempt(partial(row.slot, n)) for n, row in enumerate(self.slots, 1) if not row.blank]
        problems += self._unsaid()
        goal = attempt(self.goal_as_asked)
        made = attempt(
            lambda: Brief(
                name=self.name if self.name.strip() else "plan",
                currency=self.currency,
                budget=self.budget or (1 if goal is None or goal.budget_needed else None),
                start=self.start,
                days=self.days,
                goal=goal or MostResults(),
                rules=tuple(rule for rule in rules if rule is not None),
                slots=tuple(slot for slot in slots if slot is not None),
                groups=dict(self.groups),
                lines=self.lines,  # type: ignore[arg-type]
                fee=self.fee,
                tax=self.tax,
                data=self.data,
                scenarios=self.scenarios,
                **self._rest(),
            )
        )
        if made is not None and not problems:
            attempt(lambda: scenarios_of(made))
        if problems:
            raise InputError(*problems)
        assert isinstance(made, Brief)
        return made

    def goal_as_asked(self) -> Goal:
        """Its goal.

        Raises:
            InputError: What is wrong with it by itself.
        """
        kind = GOALS[self.goal]
        given: dict[str, Any] = {"type": self.type, "values": self.values, "test_share": self.test_share}
        if kind is Cautious:
            given["worst"] = self.worst
        if kind is LeastRegret:
            if problems := _twice([name for name, _ in self.worlds], "goal.worlds"):
                raise InputError(*problems)
            given["worlds"] = dict(self.worlds)
        read = self.rest.get("goal")
        return replace(read, **given) if isinstance(read, kind) else kind(**given)

    def so_far(self) -> Brief:
        """The brief; while it is not ready, one that chooses no goal."""
        try:
            return self.brief()
        except InputError:
            return self.for_reading()

    def for_reading(self) -> Brief:
        """A brief that says only what files are read with: its currency, its rates, its mappings of columns."""
        known = {"exchange": self._exchange(), "columns": self.rest.get("columns", ())}
        return Brief(budget=1, currency=self.currency, start=self.start, days=1, **known)

    def _unsaid(self) -> list[Problem]:
        problems = []
        if not self.budget and GOALS[self.goal].budget_needed:
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
        problems += _twice([row.name.strip() for row in self.slots], "slots")
        return problems + _twice([name for name, _ in self.groups], "groups")

    def _rest(self) -> dict[str, Any]:
        """What the form does not show, with the two that it changes in part."""
        kept = {key: value for key, value in self.rest.items() if key != "goal"}
        return kept | {"exchange": self._exchange(), "minimums": self._minimums()}

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


def _twice(names: list[str], place: str) -> list[Problem]:
    """The faults of names that stand more than once."""
    return [
        Problem(
            Sentence("there are {count} called “{name}”.", count=names.count(name), name=name),
            Sentence("Give each a name of its own."),
            column=f"{place}.{name}",
            value=name,
        )
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]
