"""What a plan is to get most of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.words import Sentence


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What is counted, and what one of it is worth.

    Attributes:
        type: The one kind of result that counts; `None` = the history's only kind, or those of `values`.
        values: Worth of one result of each kind (a weight, or money).
    """

    word: ClassVar[str]

    type: str | None = None
    values: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problems = [
            Problem(
                Sentence("{value} is no worth of a result.", value=str(value)),
                Sentence("Give a number, 0 or more."),
                column=f"goal.values.{kind}",
                value=str(value),
            )
            for kind, value in self.values.items()
            if isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not math.isfinite(value)
            or value < 0
        ]
        if problems:
            raise InputError(*problems)

    def counted(self, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """The kinds of result that count, of those the history holds.

        Raises:
            InputError: A kind is not in the history, or several are and the goal does not choose.
        """
        asked = (self.type,) if self.type else tuple(self.values) or kinds
        problems = [
            Problem(
                Sentence("the history counts no “{kind}”.", kind=kind),
                nearest(kind, kinds),
                column="goal.type" if self.type else f"goal.values.{kind}",
                value=kind,
            )
            for kind in asked
            if kind not in kinds
        ]
        if not problems and len(kinds) > 1 and not self.type and not self.values:
            problems = [
                Problem(
                    Sentence(
                        "the history counts several kinds of result ({kinds}); the goal does not say which counts.",
                        kinds=kinds,
                    ),
                    Sentence("Add type = “{kind}” to the goal, or values for each kind.", kind=kinds[0]),
                    column="goal",
                )
            ]
        if problems:
            raise InputError(*problems)
        return asked

    def worth(self, kind: str) -> float:
        """What one result of that kind adds to the objective, before audience and post."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """The goal as a table of a brief."""
        table: dict[str, Any] = {"is": self.word}
        if self.type:
            table["type"] = self.type
        if self.values:
            table["values"] = dict(self.values)
        return table


@dataclass(frozen=True, kw_only=True)
class MostResults(Goal):
    """As many counted results as the money can buy; each counts one, whatever its worth."""

    word: ClassVar[str] = "most results"

    def worth(self, kind: str) -> float:  # noqa: ARG002 - every counted kind counts one
        """One."""
        return 1.0


@dataclass(frozen=True, kw_only=True)
class MostValue(Goal):
    """As much value as the money can buy: results weighted by kind, audience and post."""

    word: ClassVar[str] = "most value"

    def worth(self, kind: str) -> float:
        """The value of the kind; 1 where none is given."""
        return float(self.values.get(kind, 1.0))


GOALS: dict[str, type[Goal]] = {goal.word: goal for goal in (MostResults, MostValue)}
"""Every goal by its words in a brief."""
