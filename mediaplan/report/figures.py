"""How a plan's numbers are written for reading: rounded for the eye, alike in every medium."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mediaplan.brief.goals import Cautious
from mediaplan.money import Money, decimals
from mediaplan.planning.answer.contents import Estimate
from mediaplan.planning.answer.plans import Plan
from mediaplan.slots import Flight
from mediaplan.words import Percent, Sentence, Words

UNDEFINED = "–"
GOALS = {
    "most results": Sentence("as many results as the money can buy"),
    "most value": Sentence("as much value as the money can buy"),
    "lowest cost": Sentence("as little money as the targets need"),
    "fewest shortfalls": Sentence("as little as can be missing of what the rules with a price ask for"),
    "least regret": Sentence("never far from the best plan, whichever of the named worlds comes true"),
}
"""What is maximised, by the goal's word; the cautious goal says how cautious it is."""


@dataclass(frozen=True)
class Figures:
    """Numbers of one plan in one language.

    Attributes:
        words: The language.
        currency: ISO 4217 code of all money.
    """

    words: Words
    currency: str

    @property
    def sign(self) -> str:
        """The currency's sign, for heads of columns whose cells go without: `F CFA`, `€`."""
        from babel.numbers import get_currency_symbol

        return get_currency_symbol(self.currency, locale=self.words.locale)

    def money(self, money: Money) -> str:
        """An amount with its sign; whole amounts without decimals."""
        return money.worded(self.words)

    def budget(self, plan: Plan) -> str:
        """The budget that the brief of a plan names; a dash where it names none."""
        return UNDEFINED if plan.brief.budget is None else self.money(plan.brief.budget)

    def left(self, plan: Plan) -> str | None:
        """What is left of the budget that the brief of a plan names; `None` where nothing is, or it names none."""
        return self.money(plan.unspent) if plan.unspent.minor and plan.brief.budget is not None else None

    def bare(self, minor: int) -> str:
        """An amount in minor units without its sign, with all decimals of the currency; nothing for 0."""
        if not minor:
            return ""
        return self.words.number(Money(int(minor), self.currency).amount, decimals(self.currency))

    def cost(self, cost: float) -> str:
        """Money per result, major units, with its sign; a dash where it is undefined."""
        return self.words.currency(cost, self.currency) if math.isfinite(cost) else UNDEFINED

    def bare_cost(self, cost: float) -> str:
        """Money per result, major units, without its sign."""
        return self.words.number(cost, decimals(self.currency)) if math.isfinite(cost) else UNDEFINED

    def cost_span(self, cost: Estimate) -> str:
        """The interval of a cost per result; open where no result at all may come."""
        if math.isfinite(cost.high):
            high = self.cost(cost.high)
            low = self.bare_cost(cost.low) if high[0].isdigit() else self.cost(cost.low)
            return self.words.text("{low} to {high}", low=low, high=high)
        if math.isfinite(cost.low):
            return self.words.text("{low} or more", low=self.cost(cost.low))
        return UNDEFINED

    def count(self, count: float, digits: int | None = None) -> str:
        """Results or value.

        Args:
            count: ≥ 0; a dash where it is not finite.
            digits: Decimals; default: none from 20 on, one from 1 on, else two.
        """
        if not math.isfinite(count):
            return UNDEFINED
        size = abs(count)
        return self.words.number(
            count, digits if digits is not None else 0 if size >= 20 else 1 if size >= 1 else 2
        )

    def span(self, counted: Estimate, joint: str = "–") -> str:
        """The interval of counted results, in whole numbers."""
        return f"{self.count(counted.low, 0)}{joint}{self.count(counted.high, 0)}"

    def share(self, share: float) -> str:
        """A share (0–1) in whole percent, below 1 % with a decimal."""
        return self.words.percent(share if 0 < share < 0.01 else round(share, 2))

    def day(self, day: date) -> str:
        """A date without its year: `Mon 30 Nov`."""
        return self._date(day, "EEE d MMM")

    def weekday(self, day: date) -> str:
        """The day's name, short: `Mon`, `lun.`."""
        return self._date(day, "EEE")

    def period(self, flight: Flight) -> str:
        """First and last day, the year once where it is the same: `30 Nov – 13 Dec 2026`."""
        same = flight.start.year == flight.end.year
        first, last = (
            self._date(flight.start, "d MMM" if same else "d MMM y"),
            self._date(flight.end, "d MMM y"),
        )
        return last if flight.days == 1 else f"{first} – {last}"

    def dates(self, start: date, days: int) -> str:
        """First and last day of a line that is cut by date, without the year."""
        last = start + timedelta(days=days - 1)
        return self.day(start) if days == 1 else f"{self.day(start)} – {self.day(last)}"

    def _date(self, day: date, pattern: str) -> str:
        from babel.dates import format_date

        return format_date(day, format=pattern, locale=self.words.locale)


def figures_of(plan: Plan, words: Words) -> Figures:
    """The figures of that plan."""
    return Figures(words, plan.brief.currency)


def alike(counts: Iterable[float]) -> int:
    """Decimals for a column of counts: none where one reaches 1 000, two where all are below 1, else one."""
    largest = max((count for count in counts if math.isfinite(count)), default=0.0)
    return 0 if largest >= 1000 else 1 if largest >= 1 else 2


def goal_sentence(plan: Plan) -> Sentence:
    """What the plan gets most of."""
    goal = plan.brief.goal
    if isinstance(goal, Cautious):
        return Sentence(
            "as much as the money can be expected to buy in the worst {part} of cases",
            part=Percent(goal.worst),
        )
    return GOALS[goal.word]
