"""Why: for each line the sentence that says what put it there, for each rule what it costs, for what is left why."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import LowestCost, MostValue
from mediaplan.brief.rules import (
    CostPerResult,
    EachLine,
    Frequency,
    LineCount,
    PostCount,
    Ratio,
    ReachTarget,
    Resource,
    ResultsTarget,
    Share,
    Units,
    ValueTarget,
)
from mediaplan.brief.terms import Choice, Domain, Linear, Reached
from mediaplan.money import Money, decimals
from mediaplan.planning.answer.contents import KeptRule
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.search.sought import Solved
from mediaplan.planning.search.touching import on_people
from mediaplan.response.lines import Lines
from mediaplan.words import Sentence, Words

Array = NDArray[np.float64]

TINY = 1e-9
"""Prices below this part of the steepest slope count as none."""


@dataclass(frozen=True)
class Cost:
    """An amount of money per result, said without more digits than it deserves.

    Attributes:
        amount: Major units per result.
        currency: ISO 4217 code.
    """

    amount: float
    currency: str

    def worded(self, words: Words) -> str:
        """The amount in that language, whole from 100 on."""
        if math.isnan(self.amount):
            return "–"
        digits = 0 if self.amount >= 100 else decimals(self.currency)
        return words.currency(self.amount, self.currency, digits=digits)


@dataclass(frozen=True, eq=False)
class Why:
    """All that reasons are made of.

    Attributes:
        brief: As asked.
        demands: What the plan keeps.
        solved: The amounts with limits and prices.
        slopes: Shape (lines,), worth of the next minor unit on each line.
        marginal: Shape (lines,), money per result that the next unit pays, major units.
        seen: Shape (lines,), whether the history holds the combination.
        stated: Shape (lines,), whether a rate card says what the line costs and brings.
        lines: All of them.
    """

    brief: Brief
    demands: tuple[Demand, ...]
    solved: Solved
    slopes: Array
    marginal: Array
    seen: NDArray[np.bool_]
    stated: NDArray[np.bool_]
    lines: Lines

    def line(self, line: int, results: float, value: float, cpr: float, average: float) -> Sentence:
        """Why that line receives its money.

        Args:
            line: Its place among all lines.
            results: Expected of it.
            value: Expected of it.
            cpr: Its money per result, major units.
            average: The whole plan's.
        """
        return Sentence(
            "{reason} {price} {known}",
            reason=self._reason(line),
            price=self._price(line, results, value, cpr, average),
            known=self._known(line),
        )

    def _known(self, line: int) -> Sentence:
        """Where what is expected of the line comes from."""
        if self.stated[line]:
            return Sentence("As the rate card states it.")
        if self.seen[line]:
            return Sentence("Bought before.")
        return Sentence("Never bought like this: judged from its post, channel and audience.")

    def _reason(self, line: int) -> Sentence:
        if (asked := self._asked_by(line)) is not None:
            return Sentence("Asked for by “{rule}”.", rule=asked)
        if (
            self.solved.amounts[line] >= self.solved.limits.most[line]
            and (cap := self._capped_by(line)) is not None
        ):
            return Sentence("As much as “{rule}” allows.", rule=cap)
        if (held := self._held_back_by(line)) is not None:
            return Sentence("The best use of what “{rule}” leaves.", rule=held)
        return Sentence("Among the best uses of the next money.")

    def _price(self, line: int, results: float, value: float, cpr: float, average: float) -> Sentence:
        each = {
            "cpr": Cost(cpr, self.brief.currency),
            "average": Cost(average, self.brief.currency),
            "next": Cost(float(self.marginal[line]), self.brief.currency),
        }
        if isinstance(self.brief.goal, MostValue) and results > 0:
            return Sentence(
                "A result is worth {worth} and costs {cpr} here, {average} in the whole plan; the next one costs {next}.",
                worth=value / results,
                **each,
            )
        if math.isnan(each["next"].amount):
            return Sentence("A result costs {cpr} here, {average} in the whole plan.", **each)
        return Sentence(
            "A result costs {cpr} here, {average} in the whole plan; the next one costs {next}.", **each
        )

    def _rows(self) -> list[tuple[Demand, Linear, float]]:
        """Demands with their rows, limits on people as their tangents at the plan, and the rows' prices."""
        owners = [d for d in self.demands for term in d.terms if isinstance(term, (Linear, Reached))]
        floor = TINY * max(float(self.slopes.max(initial=0.0)), 1e-300)
        return [
            (demand, term, float(price) if abs(price) > floor else 0.0)
            for demand, term, price in zip(owners, self.solved.terms, self.solved.prices, strict=True)
        ]

    @cached_property
    def _priced(self) -> list[tuple[Demand, Linear, float]]:
        """Those of the rows that have a price: few, whatever the number of rules."""
        return [row for row in self._rows() if row[2] != 0]

    @cached_property
    def _by_line(self) -> dict[int, list[tuple[Demand, float, float]]]:
        """For each funded line the rows with a price that count it: their demand, price, and the line's weight."""
        found: dict[int, list[tuple[Demand, float, float]]] = {}
        amounts = self.solved.amounts
        for demand, term, price in self._priced:
            lines = term.counted[amounts[term.counted] > 0]
            for line, weight in zip(lines.tolist(), term.weights.at(lines).tolist(), strict=True):
                found.setdefault(line, []).append((demand, price, weight))
        return found

    def _counting(self, line: int) -> list[tuple[Demand, float, float]]:
        return self._by_line.get(line, [])

    def _asked_by(self, line: int) -> Sentence | None:
        """The rule with the highest price that pushes money to the line, or the one that needs its least."""
        pushes = [(-price * weight, demand) for demand, price, weight in self._counting(line)]
        push, demand = max(pushes, key=lambda item: item[0], default=(0.0, None))
        if push > 0 and demand is not None and not demand.is_budget:
            return demand.said
        if self.solved.limits.needed[line] and self.solved.amounts[line] == self.solved.limits.least[line]:
            return self._domain_of(line, lambda term: not term.or_zero)
        return None

    def _held_back_by(self, line: int) -> Sentence | None:
        holds = [
            (price * weight, demand) for demand, price, weight in self._counting(line) if not demand.is_budget
        ]
        hold, demand = max(holds, key=lambda item: item[0], default=(0.0, None))
        return demand.said if hold > 0 and demand is not None else None

    def _capped_by(self, line: int) -> Sentence | None:
        amount = self.solved.amounts[line]
        return self._domain_of(
            line, lambda term: amount + term.step > np.broadcast_to(term.at_most, term.lines.shape)[line]
        )

    def _domain_of(self, line: int, holds: Callable[[Domain], bool]) -> Sentence | None:
        for demand in self.demands:
            for term in demand.terms:
                if isinstance(term, Domain) and term.lines[line] and holds(term):
                    return demand.said
        return None

    def rules(self, major: float) -> tuple[KeptRule, ...]:
        """How each demand bears on the plan; `major` = major units in a minor one."""
        rows: dict[int, list[tuple[Linear, float]]] = {id(demand): [] for demand in self.demands}
        for demand, term, price in self._rows():
            rows[id(demand)].append((term, price))
        return tuple(self._kept(demand, rows[id(demand)], major) for demand in self.demands)

    def _kept(self, demand: Demand, rows: Sequence[tuple[Linear, float]], major: float) -> KeptRule:
        rule = None if demand.rule is None else self.brief.rules[demand.rule]
        said = demand.said if rule is None else rule.sentence()
        why = "" if rule is None else rule.why
        if not rows:
            price, binding = self._domain_price(demand, limits_only=isinstance(rule, EachLine))
            spare = self._spare(demand) if isinstance(rule, (LineCount, PostCount)) else float("nan")
            return KeptRule(said, why, binding, price / major, spare)
        amounts = self.solved.amounts
        slack = min(_slack(term, self._total(term)) for term, _ in rows)
        price = max(abs(p) for _, p in rows)
        spent = float(amounts.sum())
        if isinstance(rule, Share) and rule.of == "spend":
            return KeptRule(
                said, why, price > 0, price * spent / 100.0, slack / spent if spent else float("nan")
            )
        if isinstance(rule, Frequency):
            return KeptRule(said, why, price > 0, *self._of_frequency(demand, [p for _, p in rows]))
        of_units = isinstance(rule, Ratio) and rule.in_ == "units"
        if of_units or isinstance(rule, (ResultsTarget, ValueTarget, ReachTarget, Units, Resource)):
            return KeptRule(said, why, price > 0, price, slack)
        if isinstance(rule, CostPerResult):
            return KeptRule(said, why, price > 0, *self._of_cost(rule, rows, major))
        if demand.is_budget:
            # The budget is what the client pays; of each unit of it only a part becomes media money.
            price /= float((1 + self.brief.fee) * (1 + self.brief.tax))
        return KeptRule(said, why, price > 0, price / major, slack * major)

    def _spare(self, demand: Demand) -> float:
        """By how many posts or lines the plan is from the limit on their number that it is nearest to."""
        spare = float("inf")
        for term in demand.terms:
            if isinstance(term, Choice):
                total = term.total(self.solved.amounts)
                spare = min(spare, total - term.at_least, term.at_most - total)
        return max(spare, 0.0) if np.isfinite(spare) else float("nan")

    def _total(self, term: Linear) -> float:
        """What a row adds up to in the plan, on the true curves."""
        return self._totals[id(term)]

    @cached_property
    def _totals(self) -> dict[int, float]:
        """By the row itself, for several may look alike."""
        return {
            id(term): float(total) for term, total in zip(self.solved.terms, self.solved.totals, strict=True)
        }

    def _of_cost(
        self, rule: CostPerResult, rows: Sequence[tuple[Linear, float]], major: float
    ) -> tuple[float, float]:
        """What a major unit more per result would bring, and by how much the dearest piece is cheaper."""
        gain, slack = 0.0, float("inf")
        for term, price in rows:
            money = term.weights @ self.solved.amounts.astype(float)
            results = (money - self._total(term)) / rule.at_most.minor
            gain += abs(price) * results / major
            if results > 0:
                slack = min(slack, max(rule.at_most.minor - money / results, 0.0) * major)
        return gain, slack if np.isfinite(slack) else float("nan")

    def _of_frequency(self, demand: Demand, prices: Sequence[float]) -> tuple[float, float]:
        """What one impression more (or fewer) per person reached would bring, and how far each piece is from that."""
        gain, slack = 0.0, float("inf")
        amounts = self.solved.amounts.astype(float)
        for term, price in zip(on_people(demand.terms), prices, strict=True):
            shown, people = float(term.impressions(amounts).sum()), term.people(amounts)
            if term.per_person < 0:
                gain += abs(price) * people
                slack = min(slack, -term.per_person - shown / people) if people > 0 else slack
            else:
                size = float(term.crowds.size.sum())
                gain += abs(price) * size
                slack = min(slack, (shown - term.at_least) / size) if size > 0 else slack
        return gain, max(float(slack), 0.0) if np.isfinite(slack) else float("nan")

    def _domain_price(self, demand: Demand, *, limits_only: bool) -> tuple[float, bool]:
        """Worth per minor unit by which every line's limit gives way, at this choice of lines; whether any is at it."""
        paid = np.zeros(len(self.slopes))
        for _, term, price in self._rows():
            term.weights.add_to(paid, price)
        amounts, floor = self.solved.amounts, TINY * max(float(self.slopes.max(initial=0.0)), 1e-300)
        gain, binding = 0.0, False
        for domain in (term for term in demand.terms if isinstance(term, Domain)):
            at_most = domain.lines & (amounts > 0) & (amounts + domain.step > domain.at_most)
            at_least = domain.lines & (amounts > 0) & (amounts == domain.at_least) & (domain.at_least > 0)
            over, under = self.slopes - paid, paid - self.slopes
            gain += float(np.where(at_most & (over > floor), over, 0.0).sum())
            gain += float(np.where(at_least & (under > floor), under, 0.0).sum())
            binding |= bool((at_most | at_least).any()) and (gain > 0 or not limits_only)
        return gain, binding

    def unspent(self, left: Money) -> Sentence | None:
        """Why money is left; `None` where none is."""
        if left.minor <= 0:
            return None
        if not self.solved.amounts.any() or isinstance(self.brief.goal, LowestCost):
            reached = self.solved.amounts.any()
            none = Sentence("No line is expected to bring a result.")
            if self.stated.any():
                none = Sentence(
                    "Nothing of the rate card that brings a result can be bought with this budget."
                )
            return Sentence("What is asked for is reached with less.") if reached else none
        if bool((self.solved.limits.step > 1).any()):
            stepped = int(self.solved.limits.step.max())
            if left.minor < stepped * 2:
                return Sentence("What is left is less than the next step.")
        names = tuple(d.said for d, t, p in self._rows() if not d.is_budget and _holds_back(t, p))
        caps = tuple(
            d.said
            for d in self.demands
            for t in d.terms
            if isinstance(t, Domain) and bool(np.isfinite(t.most).any())
        )
        if limits := tuple(dict.fromkeys(names + caps)):
            return Sentence("The rules leave no room for more: {rules}.", rules=limits)
        if left.minor < len(self.solved.amounts):
            return Sentence("What is left is less than can be shared out exactly.")
        return Sentence("More money is not expected to bring more results.")


def _slack(term: Linear, total: float) -> float:
    """Units of the limit to the nearer limit."""
    return max(0.0, min(total - term.at_least, term.at_most - total))


def _holds_back(term: Linear, price: float) -> bool:
    """Whether the row takes from what more money on some line is worth; one that only asks for money does not."""
    return bool((price * term.weights.at(term.counted) > 0).any()) or (term.results is not None and price > 0)


def objective_of(objective: Objective, solved: Solved) -> Array:
    """Shape (lines,): worth of each line's next minor unit at the solved amounts, after pools."""
    amounts = solved.amounts.astype(float)
    keep, _ = objective.keeping(amounts)
    return keep * objective.slope(amounts)
