"""An explanation as a value: what changes of a brief cost, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import LowestCost
from mediaplan.money import Money
from mediaplan.planning.reasons.reasons import Cost
from mediaplan.planning.replanning.goal_units import GoalUnit
from mediaplan.words import Sentence, Words

SCHEMA = "mediaplan/why/1"


@dataclass(frozen=True)
class RuleCost:
    """What a rule takes from the goal.

    Attributes:
        rule: Its sentence.
        why: Its reason, or empty.
        cost: What the best plan without it brings more; 0 = it changes nothing, NaN = not worked out.
        what: In which unit.
    """

    rule: Sentence
    why: str
    cost: float
    what: GoalUnit

    def sentence(self) -> Sentence:
        """The cost in words."""
        if np.isnan(self.cost):
            return Sentence("“{rule}”: not worked out.", rule=self.rule)
        if self.cost == 0:
            return Sentence("“{rule}” costs nothing: without it the plan would be as good.", rule=self.rule)
        return Sentence("“{rule}” costs {cost}.", rule=self.rule, cost=self.what.of(self.cost))


@dataclass(frozen=True)
class LeftOut:
    """A post without money.

    Attributes:
        post: Its name.
        line: The names of its best line, by dimension.
        cpr: Money per result of that line's first money, major units.
        enters_at: Cost per result below which it would receive money, major units; NaN where no price keeps it out.
        amount: Money that it is given in thought.
        giver: The post from which most of that money comes in the best such plan; `None` where it comes from none, or
            no plan can give it that money.
        loss: What the goal loses by that; NaN where no plan can.
        what: In which unit.
    """

    post: str
    line: dict[str, str | None]
    cpr: float
    enters_at: float
    amount: Money
    giver: str | None
    loss: float
    what: GoalUnit

    def sentence(self) -> Sentence:
        """All of it in words."""
        return Sentence("“{post}”: {price} {swap}", post=self.post, price=self._price(), swap=self._swap())

    def _price(self) -> Sentence:
        currency = self.amount.currency
        if np.isnan(self.enters_at):
            return Sentence(
                "a result would cost {cpr}; the rules leave it out.", cpr=Cost(self.cpr, currency)
            )
        return Sentence(
            "a result would cost {cpr} at first; it enters below {enters}.",
            cpr=Cost(self.cpr, currency),
            enters=Cost(self.enters_at, currency),
        )

    def _swap(self) -> Sentence:
        if np.isnan(self.loss):
            return Sentence("No plan can give it {amount}.", amount=self.amount)
        if self.giver is None:
            return Sentence(
                "{amount} for it would cost {loss}.",
                amount=self.amount,
                loss=self.what.of(self.loss),
            )
        return Sentence(
            "{amount} for it, mostly taken from “{giver}”, would cost {loss}.",
            amount=self.amount,
            giver=self.giver,
            loss=self.what.of(self.loss),
        )


@dataclass(frozen=True)
class Instead:
    """One post's money given to another.

    Attributes:
        one: The post whose money is taken.
        other: The post that gets at least as much.
        amount: How much.
        loss: What the goal loses in the best such plan, ≥ 0; NaN where no plan can.
        what: In which unit.
    """

    one: str
    other: str
    amount: Money
    loss: float
    what: GoalUnit

    def sentence(self) -> Sentence:
        """Why the one and not the other."""
        names: dict[str, Any] = {"one": self.one, "other": self.other}
        if self.amount.minor == 0:
            return Sentence("“{one}” receives nothing in this plan either.", one=self.one)
        if np.isnan(self.loss):
            return Sentence(
                "No plan can give {amount} to “{other}” instead of “{one}”.", amount=self.amount, **names
            )
        if self.loss == 0:
            return Sentence(
                "“{other}” instead of “{one}” would be as good: {amount}.", amount=self.amount, **names
            )
        return Sentence(
            "{amount} for “{other}” instead of “{one}” would cost {loss}.",
            amount=self.amount,
            loss=self.what.of(self.loss),
            **names,
        )

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The pair as `mediaplan/why/1` holds it."""
        return {
            "one": self.one,
            "other": self.other,
            "amount": self.amount.text,
            "loss": _defined(self.loss),
            "sentence": Words(language).say(self.sentence()),
        }


@dataclass(frozen=True)
class Explanation:
    """Why a plan is as it is.

    Attributes:
        brief: Whose plan.
        objective: What the plan brings of the goal.
        what: The unit of all costs, gains and losses.
        rules: One for each rule of the brief, in its order.
        step: More money of the client.
        gain: What it would bring; NaN = not worked out, 0 where the goal is to spend little.
        left_out: Posts that may receive money and do not, those nearest to entering first.
        stopped: Whether the wait was over before all of it was worked out.
    """

    brief: Brief
    objective: float
    what: GoalUnit
    rules: tuple[RuleCost, ...]
    step: Money
    gain: float
    left_out: tuple[LeftOut, ...]
    stopped: bool = False

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """What a reader must know of it."""
        said = Sentence(
            "The search ended before everything was worked out: what is missing may cost or bring something."
        )
        return (said,) if self.stopped else ()

    def next_money(self) -> Sentence:
        """What more money would bring."""
        if np.isnan(self.gain):
            return Sentence("What {step} more would bring: not worked out.", step=self.step)
        if isinstance(self.brief.goal, LowestCost):
            return Sentence("A larger budget saves nothing: the plan spends what its rules need.")
        return Sentence("{step} more would bring {gain}.", step=self.step, gain=self.what.of(self.gain))

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The document `mediaplan/why/1`."""
        words = Words(language)
        return {
            "schema": SCHEMA,
            "name": self.brief.name,
            "currency": self.brief.currency,
            "unit": words.say(self.what.name),
            "objective": self.objective,
            "rules": [
                {
                    "rule": words.say(each.rule),
                    "why": each.why,
                    "cost": _defined(each.cost),
                    "sentence": words.say(each.sentence()),
                }
                for each in self.rules
            ],
            "next_money": {
                "step": self.step.text,
                "gain": _defined(self.gain),
                "sentence": words.say(self.next_money()),
            },
            "left_out": [
                {
                    "post": each.post,
                    "line": each.line,
                    "cpr": _defined(each.cpr),
                    "enters_at": _defined(each.enters_at),
                    "amount": each.amount.text,
                    "from": each.giver,
                    "loss": _defined(each.loss),
                    "sentence": words.say(each.sentence()),
                }
                for each in self.left_out
            ],
            "stopped": self.stopped,
            "warnings": [words.say(warning) for warning in self.warnings],
        }


def _defined(number: float) -> float | None:
    return number if np.isfinite(number) else None
