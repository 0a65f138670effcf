"""What a plan is to get most of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from mediaplan.brief.picking import PICKS, names_of
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.columns.kinds import RESULT, THE_HISTORY
from mediaplan.words import Sentence

LARGEST_WORTH = 10**12
"""Worth of one result at the most: beyond, sums of worths lose what they are made of."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What is counted, and what one of it is worth.

    Attributes:
        type: The one kind of result that counts; `None` = the history's only kind, or those of `values`.
        values: Worth of one result of each kind (a weight, or money).
        test_share: Part of the budget (0–1, below 1) that may be spent to learn; 0 = the plan maximises the mean.
    """

    word: ClassVar[str]
    budget_needed: ClassVar[bool] = True

    type: str | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    test_share: float = 0.0

    def __post_init__(self) -> None:
        problems = []
        if self.type is not None and (not isinstance(self.type, str) or not self.type.strip()):
            problems.append(
                _no(
                    "goal.type",
                    self.type,
                    Sentence("Name one kind of result, such as {example}.", example='type = "lead"'),
                )
            )
        if not _is_part(self.test_share):
            remedy = Sentence("Give a number from 0 to below 1: 0.10 is a tenth of the budget.")
            problems.append(_no("goal.test_share", self.test_share, remedy))
        if not isinstance(self.values, Mapping):
            example = "values = { lead = 4000, message = 900 }"
            remedy = Sentence("Write the worth of each kind: {example}.", example=example)
            raise InputError(*problems, _no("goal.values", self.values, remedy))
        problems += [
            _no_worth(str(kind), value) for kind, value in self.values.items() if not _is_worth(value)
        ]
        if not problems and self.type and self.values and self.type not in self.values:
            problems.append(
                Problem(
                    Sentence("“{kind}” counts, and the values do not say what it is worth.", kind=self.type),
                    nearest(self.type, self.values),
                    column="goal.values",
                    value=self.type,
                )
            )
        if problems:
            raise InputError(*problems)

    def counted(
        self, kinds: tuple[str, ...], by_name: tuple[str, ...] = (), source: Sentence = THE_HISTORY
    ) -> tuple[str, ...]:
        """The kinds of result that count, of those that there are.

        Args:
            kinds: Those that the history, or what stands for it, counts.
            by_name: Others that it can count where the goal names them: clicks beside results.
            source: What stands for the history, as faults say it.

        Raises:
            InputError: A kind is not among them, or several are and the goal does not choose.
        """
        asked = (self.type,) if self.type else tuple(self.values) or kinds
        known = (*kinds, *by_name)
        problems = [
            Problem(
                Sentence("{source} counts no “{kind}”.", kind=kind, source=source),
                nearest(kind, known),
                column="goal.type" if self.type else f"goal.values.{kind}",
                value=kind,
            )
            for kind in asked
            if kind not in known
        ]
        if not problems and len(kinds) > 1 and not self.type and not self.values:
            named = [kind for kind in kinds if kind != RESULT] or list(kinds)
            example = f"type = {json.dumps(named[0], ensure_ascii=False)}"
            remedy = Sentence("Add {example} to the goal, or values for each kind.", example=example)
            if RESULT in kinds:
                remedy = Sentence(
                    "“{kind}” are results of rows that do not say of which kind (result_type): fill it in there, or add "
                    "{example} to the goal, or values for each kind.",
                    kind=RESULT,
                    example=example,
                )
            problems = [
                Problem(
                    Sentence(
                        "{source} counts several kinds of result ({kinds}); the goal does not say which counts.",
                        source=source,
                        kinds=kinds,
                    ),
                    remedy,
                    column="goal",
                )
            ]
        if problems:
            raise InputError(*problems)
        return asked

    def worth(self, kind: str) -> float:
        """What one result of that kind adds to the objective, before audience and post."""
        raise NotImplementedError

    @property
    def by_value(self) -> bool:
        """Whether results count by their worth, instead of one each."""
        return False

    def to_dict(self) -> dict[str, Any]:
        """The goal as a table of a brief."""
        table: dict[str, Any] = {"is": self.word}
        if self.type:
            table["type"] = self.type
        if self.values:
            table["values"] = dict(self.values)
        if self.test_share:
            table["test_share"] = self.test_share
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

    @property
    def by_value(self) -> bool:
        """They do."""
        return True

    def worth(self, kind: str) -> float:
        """The value of the kind; 1 where none is given."""
        return float(self.values.get(kind, 1.0))


def _is_part(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value < 1


def _is_worth(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value <= LARGEST_WORTH


def _no_worth(kind: str, value: Any) -> Problem:
    message = Sentence("{value} is no worth of a result.", value=str(value))
    remedy = Sentence("Give a number from 0 to {most}.", most=LARGEST_WORTH)
    return Problem(message, remedy, column=f"goal.values.{kind}", value=str(value))


def _no(column: str, value: Any, remedy: Sentence) -> Problem:
    message = Sentence("“{value}” can't stand here.", value=str(value))
    return Problem(message, remedy, column=column, value=str(value))


@dataclass(frozen=True, kw_only=True)
class LowestCost(Goal):
    """As little money as the targets need: they are `results`, `value` or other rules; the budget may be left out."""

    word: ClassVar[str] = "lowest cost"
    budget_needed: ClassVar[bool] = False

    def worth(self, kind: str) -> float:  # noqa: ARG002 - results count only in the rules
        """Nothing."""
        return 0.0


@dataclass(frozen=True, kw_only=True)
class FewestShortfalls(Goal):
    """As little as can be of what soft rules fall short of, by their weights; then as many results as that leaves."""

    word: ClassVar[str] = "fewest shortfalls"

    def worth(self, kind: str) -> float:  # noqa: ARG002 - every counted kind counts one
        """One, once the shortfalls are as few as they can be."""
        return 1.0


@dataclass(frozen=True, kw_only=True)
class Cautious(Goal):
    """As much as can be expected in the worst cases: the mean over that part of the posterior draws (CVaR).

    Attributes:
        worst: Part of the draws, above 0 and up to 1; 1 is the plain mean.
    """

    word: ClassVar[str] = "cautious"

    worst: float = 0.2

    def __post_init__(self) -> None:
        super().__post_init__()
        if (
            isinstance(self.worst, bool)
            or not isinstance(self.worst, (int, float))
            or not 0 < self.worst <= 1
        ):
            remedy = Sentence("Give a number above 0 and up to 1: 0.2 looks at the worst fifth of cases.")
            raise InputError(_no("goal.worst", self.worst, remedy))

    @property
    def by_value(self) -> bool:
        """Whether results count by their worth: where the goal gives values."""
        return bool(self.values)

    def worth(self, kind: str) -> float:
        """The value of the kind; 1 where none is given."""
        return float(self.values.get(kind, 1.0))

    def to_dict(self) -> dict[str, Any]:
        """The goal as a table of a brief."""
        return super().to_dict() | {"worst": self.worst}


@dataclass(frozen=True, kw_only=True)
class LeastRegret(Goal):
    """Never far from the best: the plan that loses least, against the best plan for it, in the worst of several worlds.

    Attributes:
        worlds: Name -> what is different there: names that pick lines (`channel`, `audience`, …; none = all), and
            `cost` (a result costs so many times as much) or `results` (money brings so many times as many). The
            world as expected is always one of them.
    """

    word: ClassVar[str] = "least regret"

    worlds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        example = 'worlds = { "CPM +30 %" = { channel = "facebook", cost = 1.3 } }'
        remedy = Sentence("Write each world as a table: {example}.", example=example)
        if not isinstance(self.worlds, Mapping) or not self.worlds:
            raise InputError(_no("goal.worlds", self.worlds, remedy))
        problems = [
            _no(f"goal.worlds.{name}", world, remedy)
            for name, world in self.worlds.items()
            if not isinstance(world, Mapping) or not _is_world(world)
        ]
        if problems:
            raise InputError(*problems)

    @property
    def by_value(self) -> bool:
        """Whether results count by their worth: where the goal gives values."""
        return bool(self.values)

    def worth(self, kind: str) -> float:
        """The value of the kind; 1 where none is given."""
        return float(self.values.get(kind, 1.0))

    def picks(self, world: str) -> dict[str, tuple[str, ...]]:
        """The names by which a world picks lines, for each dimension."""
        return {pick: names_of(self.worlds[world].get(pick)) or () for pick in PICKS}

    def to_dict(self) -> dict[str, Any]:
        """The goal as a table of a brief."""
        return super().to_dict() | {"worlds": {name: dict(world) for name, world in self.worlds.items()}}


def _is_world(world: Mapping[str, Any]) -> bool:
    changes = [world[key] for key in ("cost", "results") if key in world]
    known = set(world) <= {*PICKS, "cost", "results"}
    named = all(names_of(world[pick]) for pick in PICKS if pick in world)
    return known and named and bool(changes) and all(_is_worth(x) and 0.001 <= x <= 1000 for x in changes)


GOALS: dict[str, type[Goal]] = {
    goal.word: goal for goal in (MostResults, MostValue, LowestCost, Cautious, LeastRegret, FewestShortfalls)
}
"""Every goal by its words in a brief."""
