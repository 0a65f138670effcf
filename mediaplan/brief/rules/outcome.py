"""Rules about outcomes: what must be expected of the picked lines, and at what cost. All on the true curves' means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from mediaplan.brief.picking import misstated
from mediaplan.brief.rules.limiting import Limited
from mediaplan.brief.rules.repeating import Repeated
from mediaplan.brief.rules.stating import Rule, is_number, says
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import Array, Choice, Domain, Linear, Term
from mediaplan.brief.weights import Weights
from mediaplan.errors import Problem
from mediaplan.money import decimals
from mediaplan.words import Sentence

MOST_RESULTS = 10**12
"""Results or value that a limit may ask for at the most."""


@dataclass(frozen=True, kw_only=True)
class _Outcome(Repeated, Limited):
    """A limit on what is expected of the picked lines."""

    takes: ClassVar[str] = "a number"
    hidden: ClassVar[tuple[str, ...]] = ("at_most",)
    also: ClassVar[tuple[str, ...]] = ("at_most",)

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """A limit that is no number, no limit, or one from above."""
        problems = [
            Problem(
                Sentence("{value} can't be expected.", value=str(value)),
                Sentence("Give a number from 0 to {most}.", most=MOST_RESULTS),
                **{**place, "column": f"{place.get('column', self.word)}.{limit}", "value": str(value)},
            )
            for limit, value in self.limits().items()
            if not is_number(value) or not 0 <= value <= MOST_RESULTS
        ]
        if not problems and self.at_most is not None:
            message = Sentence("the rule “{word}” has a limit from above.", word=self.word)
            remedy = Sentence("Limit the money instead, or ask for at_least with the goal “lowest cost”.")
            problems.append(Problem(message, remedy, **place))
        return problems or self._unlimited(place)

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:  # noqa: ARG002 - as in every rule
        """One row over the picked results."""
        results = self.counted(space) * inside[None, :]
        counted = np.flatnonzero(inside > 0)
        return [Linear(Weights.none(len(inside)), float(self.at_least), np.inf, counted, results=results)]

    def unit(self, space: Space) -> float:  # noqa: ARG002 - as in every rule
        """One."""
        return 1.0

    def units(self, limit: Any) -> float:
        """Tenths."""
        return float(limit) * 10.0

    def of_units(self, units: int, currency: str) -> float:  # noqa: ARG002 - as in every rule
        """So many tenths."""
        return units / 10.0

    def counted(self, space: Space) -> Array:
        """Shape (kinds, lines): what one result of each kind adds."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class ResultsTarget(_Outcome):
    """The least number of results that must be expected of the picked lines.

    Attributes:
        at_least: Results, in expectation.
        type: Only results of this kind; `None` = those that the goal counts.
    """

    word: ClassVar[str] = "results"

    at_least: Any = says(Sentence("The least that must be expected of the picked lines together."))
    at_most: Any = None
    type: str | None = says(Sentence("Only results of this kind; without it, those that the goal counts."))

    def _misstated(self) -> list[Problem]:
        wrong = self.type is not None and not isinstance(self.type, str)
        return super()._misstated() + [misstated("type", self.type, Sentence("a text"))] * wrong

    def sentence(self) -> Sentence:
        """`results of women: at least 40`."""
        if self.type is not None:
            return Sentence(
                "“{type}” of {what}: {range}", type=self.type, what=self.subject(), range=self._range()
            )
        return Sentence("results of {what}: {range}", what=self.subject(), range=self._range())

    def counted(self, space: Space) -> Array:
        """One for each result."""
        return space.outcomes.of_type(self.type)


@dataclass(frozen=True, kw_only=True)
class ValueTarget(_Outcome):
    """The least value that must be expected of the picked lines.

    Attributes:
        at_least: In the unit of the goal's values.
    """

    word: ClassVar[str] = "value"

    at_least: Any = says(Sentence("The least value that must be expected of the picked lines together."))
    at_most: Any = None

    def sentence(self) -> Sentence:
        """`value of instagram: at least 90,000`."""
        return Sentence("value of {what}: {range}", what=self.subject(), range=self._range())

    def counted(self, space: Space) -> Array:
        """The worth of each result."""
        return space.outcomes.value


@dataclass(frozen=True, kw_only=True)
class CostPerResult(Repeated, Limited):
    """The most that a result of the picked lines may cost on average.

    Attributes:
        at_most: Money for one expected result.
        type: Only results of this kind; `None` = those that the goal counts.
    """

    word: ClassVar[str] = "cpr"
    amounts: ClassVar[tuple[str, ...]] = ("at_most",)
    hidden: ClassVar[tuple[str, ...]] = ("at_least",)
    also: ClassVar[tuple[str, ...]] = ()

    at_least: Any = None
    at_most: Any = says(Sentence("The most money for one expected result, on average over the picked lines."))
    type: str | None = says(Sentence("Only results of this kind; without it, those that the goal counts."))

    def _misstated(self) -> list[Problem]:
        wrong = self.type is not None and not isinstance(self.type, str)
        return super()._misstated() + [misstated("type", self.type, Sentence("a text"))] * wrong

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """No limit, one from below, or nothing."""
        if self.at_least is not None:
            message = Sentence("the rule “{word}” has a limit from below.", word=self.word)
            return [Problem(message, Sentence("Give at_most: what a result may cost."), **place)]
        if self.at_most is not None and self.at_most.minor == 0:
            message = Sentence("a result for {cost} can't be bought.", cost=self.at_most)
            return [Problem(message, Sentence("Give an amount above 0."), **place)]
        return self._unlimited(place)

    def sentence(self) -> Sentence:
        """`cost per result of facebook: at most 2,500 F CFA`."""
        if self.type is not None:
            return Sentence(
                "cost per “{type}” of {what}: {range}",
                type=self.type,
                what=self.subject(),
                range=self._range(),
            )
        return Sentence("cost per result of {what}: {range}", what=self.subject(), range=self._range())

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:  # noqa: ARG002 - as in every rule
        """`Σ money - cost · Σ results ≤ 0`: a convex limit, for curves are concave."""
        results = -float(self.at_most.minor) * space.outcomes.of_type(self.type) * inside[None, :]
        return [Linear.over(inside, -np.inf, 0.0, inside > 0, results=results)]

    def unit(self, space: Space) -> float:  # noqa: ARG002 - as in every rule
        """Minor units in a major one: what is spent beyond the cost times the results."""
        return float(10 ** decimals(self.at_most.currency))


@dataclass(frozen=True, kw_only=True)
class LearningPhase(Limited):
    """A line that runs gets so many expected results a week that the platform can learn who responds.

    Attributes:
        at_least: Expected results of each funded line in seven days.
    """

    word: ClassVar[str] = "learning phase"
    takes: ClassVar[str] = "a number"
    hidden: ClassVar[tuple[str, ...]] = ("at_most",)
    also: ClassVar[tuple[str, ...]] = ()

    at_least: Any = says(Sentence("The least results a week that each funded line is expected to bring."))

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """No number, or one that says nothing."""
        if self.at_most is not None or self.at_least is None:
            message = Sentence("the rule “{word}” has no limit, and so says nothing.", word=self.word)
            return [Problem(message, Sentence("Add at_least: results a week."), **place)]
        if is_number(self.at_least) and 0 < self.at_least <= MOST_RESULTS:
            return []
        message = Sentence("{value} can't be expected.", value=str(self.at_least))
        column = f"{place.get('column', self.word)}.at_least"
        remedy = Sentence("Give a number above 0 and up to {most}.", most=MOST_RESULTS)
        return [Problem(message, remedy, **{**place, "column": column, "value": str(self.at_least)})]

    def sentence(self) -> Sentence:
        """`each line of facebook: nothing or at least 50 results a week`."""
        return Sentence(
            "each line ({what}): nothing or at least {least} results a week",
            what=self.subject(),
            least=self.at_least,
        )

    def units(self, limit: Any) -> float:
        """Tenths."""
        return float(limit) * 10.0

    def of_units(self, units: int, currency: str) -> float:  # noqa: ARG002 - as in every rule
        """So many tenths, or nearly nothing."""
        return max(units / 10.0, 1e-6)

    def terms(self, space: Space) -> list[Term]:
        """Nothing or at least the money that brings that many, line by line."""
        least = space.outcomes.least_for(float(self.at_least) / 7.0 * space.lines.days.astype(np.float64))
        return [Domain(self.lines_in(space), least)]


def result_types(rules: tuple[Rule, ...]) -> list[tuple[int, str]]:
    """(number of the rule from 0, kind of result) of every rule that names one."""
    return [
        (number, rule.type)
        for number, rule in enumerate(rules)
        if isinstance(rule, (ResultsTarget, CostPerResult)) and rule.type is not None
    ]
