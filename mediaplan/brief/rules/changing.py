"""A rule about change: how far money may move from what it was, in an earlier plan or in the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

import numpy as np

from mediaplan.brief.picking import misstated
from mediaplan.brief.rules.limiting import FINEST_SHARE, InShares, Limited
from mediaplan.brief.rules.money import money_row
from mediaplan.brief.rules.stating import is_number, says
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import Term
from mediaplan.errors import InputError, Problem
from mediaplan.money import Money
from mediaplan.words import Percent, Sentence

HISTORY = "history"
"""What stands for the history where a plan is compared with."""
MOST_WEEKS = 520
"""Weeks of the history that are compared with at the most."""
COMPARED = ("post", "channel", "audience", "slot")


@dataclass(frozen=True, kw_only=True)
class Change(InShares, Limited):
    """How far money may move from what it was, name by name.

    Attributes:
        at_most: Part (0–1 and above) of the earlier money by which each may be more or less.
        per: What the names of `before` are: `post`, `channel`, `audience` or `slot`.
        before: Name -> earlier money; names that are not there stay free.
        against: Instead, where that money is to be read: a plan's file, a kept plan's number, or `"history"`.
        weeks: Of the history, its last so many, told for as many days as the flight has; default 4.
    """

    word: ClassVar[str] = "change"
    takes: ClassVar[str] = "a share"
    hidden: ClassVar[tuple[str, ...]] = ("at_least",)
    also: ClassVar[tuple[str, ...]] = ()
    most_units: ClassVar[int | None] = FINEST_SHARE * 10**6

    at_most: Any = says(
        Sentence("By which part of the earlier money each may be more or less: 0.2 is a fifth.")
    )
    per: Literal["post", "channel", "audience", "slot"] = says(
        Sentence("What is compared: “channel” (the default), “post”, “audience” or “slot”."), "channel"
    )
    before: Any = says(
        Sentence(
            "The earlier money by name, such as {example}.", example="{ facebook = 60_000, tiktok = 20_000 }"
        )
    )
    against: Any = says(
        Sentence(
            "Instead of before: the file of a plan (plan.json or lines.csv), a kept plan's number, or “history”."
        )
    )
    weeks: Any = says(
        Sentence(
            "With against = “history”: its last so many weeks (4 without it), at the same pace as the flight."
        )
    )

    def _misstated(self) -> list[Problem]:
        problems = super()._misstated()
        if self.per not in COMPARED:
            problems.append(misstated("per", self.per, Sentence("“post”, “channel”, “audience” or “slot”")))
        if self.against is not None:
            problems += self._against_faults()
        elif self.weeks is not None:
            message = Sentence("weeks stands without {example}.", example='against = "history"')
            problems.append(Problem(message, Sentence("Add it, or leave out weeks."), column="weeks"))
        elif not isinstance(self.before, Mapping) or not self.before:
            problems.append(misstated("before", self.before, Sentence("a table of money by name")))
        return problems

    def _against_faults(self) -> list[Problem]:
        """What is wrong with where the earlier money is to be read."""
        problems = []
        against, weeks = self.against, self.weeks
        text = isinstance(against, str) and bool(against.strip())
        if not text and not (type(against) is int and against > 0):
            kind = Sentence("a plan's file, a kept plan's number or “history”")
            problems.append(misstated("against", against, kind))
        if self.before is not None:
            message = Sentence("before stands beside against.")
            problems.append(Problem(message, Sentence("Keep one of them."), column="before"))
        if weeks is not None and not (against == HISTORY and type(weeks) is int and 1 <= weeks <= MOST_WEEKS):
            kind = Sentence("a whole number of weeks up to {most}, of the history alone", most=MOST_WEEKS)
            problems.append(misstated("weeks", weeks, kind))
        return problems

    def settled(self, before: Mapping[str, Any]) -> Self:
        """The same rule with the earlier money by name in place of where it is to be read."""
        return replace(self, before=before, against=None, weeks=None)

    def in_currency(self, currency: str, **place: Any) -> Self:
        """The same rule with the earlier money read as exact money of that currency."""
        if self.against is not None:
            return super().in_currency(currency, **place)
        problems: list[Problem] = []
        read: dict[str, Money] = {}
        for name, given in self.before.items():
            column = f"{place.get('column', self.word)}.before.{name}"
            try:
                money = Money.read(given, currency, column=column)
            except InputError as error:
                problems += error.problems
                continue
            if money.minor < 0:
                message = Sentence("{value} is negative.", value=money)
                problems.append(Problem(message, Sentence("Amounts are 0 or more."), column=column))
            read[str(name).strip()] = money
        if problems:
            raise InputError(*problems)
        return super(Change, replace(self, before=read)).in_currency(currency, **place)

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """No part of the earlier money."""
        if is_number(self.at_most) and 0 <= self.at_most <= 10**6 and self.at_least is None:
            return []
        message = Sentence("{value} is no share.", value=str(self.at_most))
        remedy = Sentence("A share is a number from 0 to 1: write 0.2 for {percent}.", percent=Percent(0.2))
        column = f"{place.get('column', self.word)}.at_most"
        return [Problem(message, remedy, **{**place, "column": column, "value": str(self.at_most)})]

    def sentence(self) -> Sentence:
        """`change of facebook, tiktok: at most ±20%`."""
        if self.against is not None:
            return Sentence(
                "change against {plan}: at most ±{most}",
                plan=str(self.against),
                most=Percent(self.at_most, 2),
            )
        return Sentence(
            "change of {names} against the earlier money: at most ±{most}",
            names=tuple(self.before),
            most=Percent(self.at_most, 2),
        )

    def terms(self, space: Space) -> list[Term]:
        """One row for each name, in whole minor units.

        Raises:
            InputError: The earlier money was not read.
        """
        if self.against is not None:
            message = Sentence("the rule “{word}” does not know the earlier money.", word=self.word)
            remedy = Sentence("Give before = … with the amounts, or plan with “mediaplan plan”.")
            raise InputError(Problem(message, remedy, column="against", value=str(self.against)))
        mine = self.lines_in(space)
        rows: list[Term] = []
        for name, money in self.before.items():
            mask = mine & space.picks({self.per: (name,)})
            least = np.ceil(round(money.minor * (1.0 - self.at_most), 6))
            most = np.floor(round(money.minor * (1.0 + self.at_most), 6))
            rows.append(money_row(mask.astype(np.float64), max(least, 0.0), most))
        return rows

    def named(self) -> Iterator[tuple[str, str, str]]:
        """Its picks' names and those that it compares."""
        yield from super().named()
        for name in self.before or ():
            yield f"before.{name}", self.per, str(name)

    def to_dict(self) -> dict[str, Any]:
        """As a table of a brief, amounts as text."""
        table = super().to_dict()
        if self.against is not None:
            return table
        amounts = self.before.items()
        table["before"] = {name: x.text if isinstance(x, Money) else x for name, x in amounts}
        return table
