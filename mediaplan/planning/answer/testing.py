"""What a plan spends to learn, as a record that plans hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mediaplan.money import Money
from mediaplan.words import Percent, Sentence, Words


@dataclass(frozen=True)
class Tests:
    """The part of a plan's money that is there to learn.

    Attributes:
        lines: How many lines are tests.
        amount: Media money on them.
        cost: What the goal would gain without them, in the unit of the objective.
        part: The same as a part (0–1) of what the goal would then be.
    """

    lines: int
    amount: Money
    cost: float
    part: float

    def sentence(self) -> Sentence:
        """What testing takes and costs, in one sentence."""
        if not self.lines:
            return Sentence("No line is there to learn: none is unsure enough, or the rules leave no room.")
        return Sentence(
            "To learn: {amount} on lines that the best plan of today would pass over (lines: {count}); that costs {part} of the goal now.",
            amount=self.amount,
            count=self.lines,
            part=Percent(self.part, 1),
        )

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The tests as the plan document holds them."""
        return {
            "lines": self.lines,
            "amount": self.amount.text,
            "cost": self.cost,
            "part": self.part,
            "sentence": words.say(self.sentence()),
        }
