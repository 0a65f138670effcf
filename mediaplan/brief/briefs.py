"""The Brief: the question as a value, valid from birth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Self

from mediaplan.brief.goals import Goal, MostResults
from mediaplan.brief.minimums import Minimums
from mediaplan.brief.rules import Rule
from mediaplan.errors import InputError, MediaplanError, Problem
from mediaplan.money import Costs, Money, checked_currency
from mediaplan.slots import Flight, Slot, Slots, Split
from mediaplan.words import Sentence


@dataclass(frozen=True)
class Data:
    """Files that a brief names, relative to it; the command line's go before them.

    Attributes:
        history: Any number of files.
        posts, audiences: One file each, or `None`.
    """

    history: tuple[str, ...] = ()
    posts: str | None = None
    audiences: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As a table of a brief."""
        table = {"history": list(self.history), "posts": self.posts, "audiences": self.audiences}
        return {key: value for key, value in table.items() if value}


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What is asked: how much money, when, for what, under which rules.

    Amounts may be given as int, float or text in major units; they are held as exact `Money`.

    Attributes:
        budget: What the client pays at the most, fee and tax included.
        currency: ISO 4217 code.
        start: First day of the flight (a date or ISO text).
        days: Calendar days of the flight.
        split: Cut lines by `"week"` or `"day"`; default `"none"`.
        name: Title of the plan.
        goal: What to get most of.
        rules: Limits on the plan, in the order in which they are said.
        slots: Dayparts by name; none = those of the history.
        lines: `"all"` that posts, channels, audiences and slots make, or only those `"seen"` in the history.
        minimums: `"platform"`, a table of money per line and day by channel, or `None`.
        fee, tax: On top of the media money, 0–1 each (`Costs`).
        exchange: Units of the brief's currency for one of another, by currency; dated tables are allowed.
        level: Of the intervals, above 0 and below 1.
        as_of: The day on which the exports were made; `None` = the last day of the history.
        timezone: Of the slots' hours; said in the launch sheet.
        data: Files the brief names.
        columns: Mappings of foreign columns, as tables.

    Raises:
        InputError: All that is wrong with the brief by itself.
    """

    budget: Any
    currency: str
    start: Any
    days: int
    split: Split = "none"
    name: str = "plan"
    goal: Goal = field(default_factory=MostResults)
    rules: tuple[Rule, ...] = ()
    slots: tuple[Slot, ...] = ()
    lines: Literal["all", "seen"] = "all"
    minimums: Any = None
    fee: Any = 0
    tax: Any = 0
    exchange: Mapping[str, Any] = field(default_factory=dict)
    level: float = 0.8
    as_of: date | None = None
    timezone: str | None = None
    data: Data = Data()
    columns: tuple[Mapping[str, Any], ...] = ()

    def __post_init__(self) -> None:
        currency = checked_currency(self.currency, column="currency")
        object.__setattr__(self, "currency", currency)
        problems: list[Problem] = []
        read: dict[str, Callable[[], Any]] = {
            "budget": lambda: _budget(self.budget, currency),
            "start": lambda: _date(self.start, "flight.start"),
            "rules": lambda: _rules(self.rules, currency),
            "minimums": lambda: _minimums(self.minimums, currency),
            "fee": lambda: _part(self.fee, "costs.fee"),
            "tax": lambda: _part(self.tax, "costs.tax"),
            "level": lambda: _level(self.level),
            "as_of": lambda: None if self.as_of is None else _date(self.as_of, "as_of"),
        }
        for name, value in read.items():
            try:
                object.__setattr__(self, name, value())
            except InputError as error:
                problems += error.problems
        if not problems:
            try:
                Flight(self.start, self.days, self.split)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(*problems)

    @property
    def flight(self) -> Flight:
        """The dates it covers."""
        return Flight(self.start, self.days, self.split)

    @property
    def costs(self) -> Costs:
        """Fee and tax on top of the media money."""
        return Costs(self.fee, self.tax)

    @property
    def media_budget(self) -> Money:
        """What may go to the platforms, so that with fee and tax the budget holds."""
        return Money(self.costs.media(self.budget.minor), self.currency)

    @property
    def named_slots(self) -> Slots:
        """The slots by name."""
        return Slots({slot.name: slot for slot in self.slots})

    @property
    def dollar(self) -> float | None:
        """Units of the brief's currency for one US dollar, where `exchange` says so."""
        rate = self.exchange.get("USD")
        if isinstance(rate, Mapping):
            rate = rate[max(rate)]
        return None if rate is None else float(rate)

    def but(self, **changes: Any) -> Self:
        """The same question with changes: `brief.but(budget=750_000)`."""
        return replace(self, **changes)

    def rule_sentences(self) -> tuple[Sentence, ...]:
        """The rules as people say them, in order."""
        return tuple(rule.sentence() for rule in self.rules)


def _budget(given: Any, currency: str) -> Money:
    money = given if isinstance(given, Money) else Money.read(given, currency, column="budget")
    if money.minor <= 0:
        raise InputError(
            Problem(
                Sentence("a budget of {budget} buys nothing.", budget=money),
                Sentence("Give a budget above 0."),
                column="budget",
                value=str(given),
            )
        )
    return money


def _date(given: Any, column: str) -> date:
    if isinstance(given, datetime):
        return given.date()
    try:
        return given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        raise InputError(
            Problem(
                Sentence("“{value}” is no date.", value=str(given)),
                Sentence("Write dates as year-month-day, such as 2026-11-30."),
                column=column,
                value=str(given),
            )
        ) from None


def _part(given: Any, column: str) -> Decimal:
    try:
        part = Decimal(str(given))
    except InvalidOperation:
        part = Decimal(-1)
    if isinstance(given, bool) or not part.is_finite() or not 0 <= part <= 1:
        raise InputError(
            Problem(
                Sentence("{value} is no part of the media money.", value=str(given)),
                Sentence("Give a number from 0 to 1: write 0.10 for 10 %."),
                column=column,
                value=str(given),
            )
        )
    return part


def _level(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 < given < 1:
        raise InputError(
            Problem(
                Sentence("{value} is no level of an interval.", value=str(given)),
                Sentence("Give a number above 0 and below 1: 0.8 is usual."),
                column="level",
                value=str(given),
            )
        )
    return float(given)


def _minimums(given: Any, currency: str) -> Minimums:
    if given is None or isinstance(given, Minimums):
        return given or Minimums()
    if given == "platform":
        return Minimums(platform=True)
    if not isinstance(given, Mapping):
        raise InputError(
            Problem(
                Sentence("“{value}” is no table of minimums.", value=str(given)),
                Sentence(
                    "Write minimums = “platform”, or a table with money per line and day for each channel."
                ),
                column="minimums",
                value=str(given),
            )
        )
    return Minimums(
        own={name: Money.read(value, currency, column=f"minimums.{name}") for name, value in given.items()}
    )


def _rules(given: tuple[Rule, ...], currency: str) -> tuple[Rule, ...]:
    read: list[Rule] = []
    problems: list[Problem] = []
    for number, rule in enumerate(given, start=1):
        try:
            read.append(rule.in_currency(currency, column=f"rule {number}"))
        except MediaplanError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return tuple(read)
