"""The Brief: the question as a value, valid from birth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from os import PathLike
from typing import Any, Literal, Self

from mediaplan.brief.checking import held
from mediaplan.brief.goals import Goal, MostResults
from mediaplan.brief.incrementality import Incrementality
from mediaplan.brief.rules import Rule
from mediaplan.brief.side_by_side import PostTest
from mediaplan.errors import InputError, Problem
from mediaplan.money import Costs, Money
from mediaplan.response.given.judgements import Judgement
from mediaplan.slots import Flight, Slot, Slots, Split
from mediaplan.words import Sentence


@dataclass(frozen=True)
class Data:
    """Files that a brief names, relative to it; the command line's go before them.

    Attributes:
        history: Any number of files.
        posts, audiences, ledger, rates: One file each, or `None`.
    """

    history: tuple[str, ...] = ()
    posts: str | None = None
    audiences: str | None = None
    ledger: str | None = None
    rates: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As a table of a brief."""
        table = {
            "history": list(self.history),
            "posts": self.posts,
            "audiences": self.audiences,
            "ledger": self.ledger,
            "rates": self.rates,
        }
        return {key: value for key, value in table.items() if value}

    def __post_init__(self) -> None:
        files = (self.history,) if isinstance(self.history, (str, PathLike)) else tuple(self.history or ())
        object.__setattr__(self, "history", tuple(str(file) for file in files))


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What is asked: how much money, when, for what, under which rules.

    Amounts may be given as int, float or text in major units; they are held as exact `Money`.

    Attributes:
        budget: What the client pays at the most, fee and tax included; `None` only with a goal that needs none.
        currency: ISO 4217 code.
        start: First day of the flight (a date or ISO text).
        days: Calendar days of the flight.
        split: Cut lines by `"week"` or `"day"`; default `"none"`.
        name: Title of the plan.
        goal: What to get most of.
        rules: Limits on the plan, in the order in which they are said.
        slots: Dayparts by name; none = those of the history.
        groups: Names that stand for several posts, channels or audiences, wherever rules pick by names.
        lines: `"all"` that posts, channels, audiences and slots make, or only those `"seen"` in the history.
        minimums: `"platform"`, a table of money per line and day by channel, or `None`.
        fee, tax: On top of the media money, 0–1 each (`Costs`).
        exchange: Units of the brief's currency for one of another, by currency; dated tables are allowed.
        level: Of the intervals, above 0 and below 1.
        as_of: The day on which the exports were made; `None` = the last day of the history.
        delay: Days from money to counted result, on average (a number, or `{"days": 3}`); `None` = as the history tells.
        timezone: Of the slots' hours; said in the launch sheet.
        incrementality: Channel -> `Incrementality`: what part of its attributed results the money really brought.
        tests: Which of some posts is best, side by side (`PostTest`).
        judgements: What somebody expects where no history says anything (`Judgement`).
        rates: Which counts for lines that a rate card and the history both know: `"first"` (the card), `"history"`, or
            `{"weight": 0.5}`, the part of the card in what is expected; `None` = no line may be in both.
        data: Files the brief names.
        columns: Mappings of foreign columns, as tables.
        scenarios: The same question with changes, as tables: see `mediaplan.brief.scenarios`.

    Raises:
        InputError: All that is wrong with the brief by itself.
    """

    budget: Any = None
    currency: str
    start: Any
    days: int
    split: Split = "none"
    name: str = "plan"
    goal: Goal = field(default_factory=MostResults)
    rules: tuple[Rule, ...] = ()
    slots: tuple[Slot, ...] = ()
    groups: Mapping[str, Any] = field(default_factory=dict)
    lines: Literal["all", "seen"] = "all"
    minimums: Any = None
    fee: Any = 0
    tax: Any = 0
    exchange: Mapping[str, Any] = field(default_factory=dict)
    level: float = 0.8
    as_of: date | None = None
    delay: Any = None
    timezone: str | None = None
    incrementality: Mapping[str, Incrementality] = field(default_factory=dict)
    tests: tuple[PostTest, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    rates: Any = None
    data: Data = Data()
    columns: tuple[Mapping[str, Any], ...] = ()
    scenarios: tuple[Mapping[str, Any], ...] = ()

    def __post_init__(self) -> None:
        names = [item.name for item in fields(self)]
        read, problems = held({name: getattr(self, name) for name in names})
        if not isinstance(self.data, Data):
            problems.append(_no_data(self.data))
        if problems:
            raise InputError(*problems)
        for name in names:
            object.__setattr__(self, name, read[name])

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


def _no_data(given: Any) -> Problem:
    message = Sentence("“{value}” can't stand here.", value=str(given))
    return Problem(
        message, Sentence("Give {kind}.", kind="mediaplan.Data(…)"), column="data", value=str(given)
    )
