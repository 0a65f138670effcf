"""Rules about people: how many the picked lines reach, and how often each of those reached sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from mediaplan.brief.rules.limiting import Limited
from mediaplan.brief.rules.repeating import Repeated
from mediaplan.brief.rules.stating import is_number, says
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import Array, Reached, Term
from mediaplan.errors import Problem
from mediaplan.response.reaching import People
from mediaplan.words import Exact, Sentence

MOST_PEOPLE = 10**11
"""People that a limit may ask for at the most."""
MOST_OFTEN = 10**6
"""Times that each person may be asked to be reached at the most."""


@dataclass(frozen=True, kw_only=True)
class _OfPeople(Repeated, Limited):
    """A limit on people."""

    takes: ClassVar[str] = "a number"

    def pieces(self, space: Space) -> Iterator[Array]:
        """The part of each line's money that is picked, piece by piece: one without lines where nothing is."""
        for inside, _ in self.parts(space):
            yield inside

    def terms(self, space: Space) -> list[Term]:
        """One limit for each piece, soft where it may give way."""
        if space.people is None:
            raise ValueError("rules over people need to know who can be reached")
        limits = [
            limit for inside in self.pieces(space) for limit in self.reached(space, space.people, inside)
        ]
        if self.soft is None:
            return list(limits)
        return [replace(limit, soft=float(self.soft)) for limit in limits]

    def reached(self, space: Space, people: People, inside: Array) -> list[Reached]:
        """The limits on one piece, of which `inside` is the part of each line's money, shape (lines,)."""
        raise NotImplementedError

    def unit(self, space: Space) -> float:  # noqa: ARG002 - as in every rule
        """One person, or one impression."""
        return 1.0

    def _no_number(self, place: Mapping[str, Any], least: float, most: float) -> list[Problem]:
        return [
            Problem(
                Sentence("{value} can't be kept.", value=str(value)),
                Sentence("Give a number from {least} to {most}.", least=least, most=most),
                **{**place, "column": f"{place.get('column', self.word)}.{limit}", "value": str(value)},
            )
            for limit, value in self.limits().items()
            if not is_number(value) or not least <= value <= most
        ]


@dataclass(frozen=True, kw_only=True)
class ReachTarget(_OfPeople):
    """The least number of people that the picked lines must reach, each counted once over all channels.

    Attributes:
        at_least: People, in expectation.
        soft: What each person short of that takes from the objective; `None` = the limit holds.
    """

    word: ClassVar[str] = "reach"
    hidden: ClassVar[tuple[str, ...]] = ("at_most",)
    also: ClassVar[tuple[str, ...]] = ()

    at_least: Any = says(Sentence("The least people that the picked lines must reach, each counted once."))
    at_most: Any = None
    soft: Any = says(Sentence("Let it give way: what each person short of it takes from the goal."))

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """A limit that is no number, no limit, or one from above."""
        problems = self._no_number(place, 0, MOST_PEOPLE)
        if not problems and self.at_most is not None:
            message = Sentence("the rule “{word}” has a limit from above.", word=self.word)
            problems.append(
                Problem(message, Sentence("Limit the money, or how often: “frequency”."), **place)
            )
        return problems or self._unlimited(place)

    def sentence(self) -> Sentence:
        """`people reached by women: at least 40,000`."""
        return Sentence("people reached by {what}: {range}", what=self.subject(), range=self._range())

    def priced(self, said: Sentence) -> Sentence:
        """With the price of a person."""
        return Sentence("{rule} [may give way: {weight} per person]", rule=said, weight=Exact(self.soft))

    def reached(self, space: Space, people: People, inside: Array) -> list[Reached]:
        """So many people, each once."""
        return [limit_on(space, people, inside, (0.0, 1.0), (float(self.at_least), np.inf))]


@dataclass(frozen=True, kw_only=True)
class Frequency(_OfPeople):
    """How often each person that the picked lines reach sees them, on average.

    Attributes:
        at_least: Impressions per person reached, above 1; only of one channel and audience (or for each: `per`).
        at_most: Impressions per person reached, over all channels.
        soft: What each impression beyond `at_most` times the people reached takes from the objective, or each that is
            missing to `at_least`; `None` = the limits hold. An excess per person reached would not be convex in money;
            that of impressions is.
    """

    word: ClassVar[str] = "frequency"
    at_least: Any = says(
        Sentence(
            "The least impressions for each person reached, on one channel and audience (or each: {example}).",
            example='per = ["channel", "audience"]',
        )
    )
    at_most: Any = says(Sentence("The most impressions for each person reached, over all channels."))
    soft: Any = says(
        Sentence("Let it give way: what each impression too many, or too few, takes from the goal.")
    )

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """A limit that is no number from 1 on, no limit, or limits that cross."""
        problems = self._no_number(place, 1, MOST_OFTEN)
        return problems or self._unlimited(place) + self._crossed(place)

    def sentence(self) -> Sentence:
        """`impressions per person reached by women: at most 4`."""
        return Sentence(
            "impressions per person reached by {what}: {range}", what=self.subject(), range=self._range()
        )

    def priced(self, said: Sentence) -> Sentence:
        """With the price of an impression."""
        return Sentence("{rule} [may give way: {weight} per impression]", rule=said, weight=Exact(self.soft))

    def units(self, limit: Any) -> float:
        """Hundredths."""
        return float(limit) * 100.0

    def of_units(self, units: int, currency: str) -> float:  # noqa: ARG002 - as in every rule
        """So many hundredths."""
        return max(units, 100) / 100.0

    def reached(self, space: Space, people: People, inside: Array) -> list[Reached]:
        """`impressions - most · people ≤ 0`; of one channel and audience from below `(least - d) · size` impressions."""
        terms: list[Reached] = []
        if self.at_most is not None:
            weights = (1.0, -float(self.at_most))
            terms.append(limit_on(space, people, inside, weights, (-np.inf, 0.0)))
        if self.at_least is not None:
            limit = limit_on(space, people, inside, (1.0, 0.0), (0.0, np.inf))
            least = (float(self.at_least) - limit.crowds.again) * limit.crowds.size
            terms.append(limit_on(space, people, inside, (1.0, 0.0), (max(least.sum(), 0.0), np.inf)))
        return terms


def limit_on(
    space: Space, people: People, inside: Array, weights: tuple[float, float], limits: tuple[float, float]
) -> Reached:
    """A limit on impressions and people of one piece.

    Args:
        space: The lines.
        people: Who can be reached on them.
        inside: Shape (lines,), the part of each line's money that is picked.
        weights: What an impression and a person add.
        limits: From below and from above.
    """
    picked = inside > 0
    pools, place = np.unique(people.pool[picked], return_inverse=True)
    pool = np.full(len(inside), -1, dtype=np.intp)
    pool[picked] = place.ravel()
    views = np.where(picked, np.nan_to_num(people.views) * inside, 0.0) * space.major
    return Reached(views, pool, people.crowds.take(pools), *weights, *limits, picked)
