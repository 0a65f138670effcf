"""Rules about choice: how many posts and lines are funded, which need and which exclude each other, what is held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from mediaplan.brief.picking import PICKS, misstated, names_of
from mediaplan.brief.rules.limiting import Limited
from mediaplan.brief.rules.repeating import Repeated
from mediaplan.brief.rules.stating import Rule, says
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import Array, Choice, Domain, Index, Linear, Term
from mediaplan.errors import Problem, nearest
from mediaplan.words import Sentence

MOST_COUNTED = 10**9
"""Lines or posts that a limit may count at the most."""


@dataclass(frozen=True, kw_only=True)
class _Count(Repeated, Limited):
    """A limit on how many of something receive money."""

    takes: ClassVar[str] = "a whole number"
    most_units: ClassVar[int | None] = MOST_COUNTED

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """A limit that is no whole number, no limit, or limits that cross."""
        problems = [
            Problem(
                Sentence("{value} is no number of lines or posts.", value=str(value)),
                Sentence("Give a whole number, 0 or more."),
                **{**place, "column": f"{place.get('column', self.word)}.{limit}", "value": str(value)},
            )
            for limit, value in self.limits().items()
            if type(value) is not int or not 0 <= value <= MOST_COUNTED
        ]
        return problems or self._unlimited(place) + self._crossed(place)

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:  # noqa: ARG002 - as in every rule
        """One count over the picked lines."""
        line = np.flatnonzero(inside > 0)
        counted, group = np.unique(self.counted(space)[line], return_inverse=True)
        least = -np.inf if self.at_least is None else float(self.at_least)
        most = np.inf if self.at_most is None else float(self.at_most)
        return [Choice(line, group.astype(np.intp), np.ones(len(counted)), least, most)]

    def unit(self, space: Space) -> float:  # noqa: ARG002 - as in every rule
        """One."""
        return 1.0

    def about_all(self) -> bool:
        """Whether it counts all lines at once."""
        return not (any(self.picks().values()) or self.date or self.per)

    def counted(self, space: Space) -> Index:
        """Shape (lines,): lines with the same number count as one."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class PostCount(_Count):
    """How many posts receive money, on whatever lines.

    Attributes:
        at_least, at_most: Whole numbers.
    """

    word: ClassVar[str] = "posts"

    at_least: Any = says(Sentence("The least number of posts that receive money."))
    at_most: Any = says(Sentence("The most posts that receive money."))

    def sentence(self) -> Sentence:
        """`boosted posts (instagram): at most 3`."""
        if self.about_all():
            return Sentence("boosted posts: {range}", range=self._range())
        return Sentence("boosted posts ({what}): {range}", what=self.subject(), range=self._range())

    def counted(self, space: Space) -> Index:
        """By post."""
        return space.lines.codes["post"].astype(np.intp)


@dataclass(frozen=True, kw_only=True)
class LineCount(_Count):
    """How many lines receive money.

    Attributes:
        at_least, at_most: Whole numbers.
    """

    word: ClassVar[str] = "lines"

    at_least: Any = says(Sentence("The least number of lines that receive money."))
    at_most: Any = says(Sentence("The most lines that receive money."))

    def sentence(self) -> Sentence:
        """`funded lines (all lines, per post): at most 1`."""
        if self.about_all():
            return Sentence("funded lines: {range}", range=self._range())
        return Sentence("funded lines ({what}): {range}", what=self.subject(), range=self._range())

    def counted(self, space: Space) -> Index:
        """Each by itself."""
        return np.arange(len(space.lines))


@dataclass(frozen=True, kw_only=True)
class Needs(Repeated):
    """Where any picked line receives money, some line of others must receive money too.

    Attributes:
        needs: Names by dimension, as in picks: the lines of which one must receive money.
    """

    word: ClassVar[str] = "needs"

    needs: Any = says(
        Sentence(
            "A table of names, such as {example}: one of these lines must then run too.",
            example='{ post = "b" }',
        )
    )

    def _misstated(self) -> list[Problem]:
        problems = super()._misstated()
        if not isinstance(self.needs, Mapping) or not self.needs:
            return [*problems, misstated("needs", self.needs, Sentence("a table of names"))]
        held = {}
        for key, given in self.needs.items():
            names = names_of(given)
            if key not in PICKS:
                message = Sentence("unknown key “{key}”.", key=str(key))
                problems.append(Problem(message, nearest(str(key), PICKS), column=f"needs.{key}"))
            elif not names:
                problems.append(misstated(f"needs.{key}", given, Sentence("a name or a list of names")))
            else:
                held[key] = names
        object.__setattr__(self, "needs", held)
        return problems

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:  # noqa: ARG002 - as in every rule
        """None beyond what its fields say."""
        return []

    def sentence(self) -> Sentence:
        """`teaser needs launch`."""
        others = " × ".join(", ".join(names) for names in self.needs.values())
        return Sentence("{what} needs {others}", what=self.subject(), others=others)

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:
        """The picked lines as one group, less the others as one."""
        first = np.flatnonzero(inside > 0)
        second = np.flatnonzero(space.picks(self.needs) & (whole > 0))
        return [_groups([first, second], np.array([1.0, -1.0]), 0.0)]

    def unit(self, space: Space) -> float:  # noqa: ARG002 - as in every rule
        """One."""
        return 1.0

    def named(self) -> Iterator[tuple[str, str, str]]:
        """Its picks' names and those it needs."""
        yield from super().named()
        for dimension, names in self.needs.items():
            for name in names:
                yield f"needs.{dimension}", dimension, name

    def to_dict(self) -> dict[str, Any]:
        """As a table of a brief."""
        table = super().to_dict()
        table["needs"] = {
            key: names[0] if len(names) == 1 else list(names) for key, names in self.needs.items()
        }
        return table


@dataclass(frozen=True, kw_only=True)
class Excludes(Repeated):
    """At most one of several receives money: variants of one post, two brands."""

    word: ClassVar[str] = "excludes"

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """Nothing to choose from, or two lists of it."""
        if self._several() is not None:
            return []
        message = Sentence("the rule “{word}” does not say what excludes each other.", word=self.word)
        remedy = Sentence(
            "Give one key a list of two names or more, such as {example}; a group is one of them.",
            example='post = ["a", "b"]',
        )
        return [Problem(message, remedy, **place)]

    def _several(self) -> str | None:
        """The one dimension of which several are named."""
        several = [dimension for dimension, names in self.picks().items() if len(names) > 1]
        return several[0] if len(several) == 1 else None

    def sentence(self) -> Sentence:
        """`at most one of: a, b`."""
        return Sentence("at most one of: {what}", what=self.subject())

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:  # noqa: ARG002 - as in every rule
        """One group for each name."""
        several = self._several() or PICKS[0]
        named = [
            np.flatnonzero((inside > 0) & space.picks({several: (name,)})) for name in self.picks()[several]
        ]
        return [_groups(named, np.ones(len(named)), 1.0)]

    def unit(self, space: Space) -> float:  # noqa: ARG002 - as in every rule
        """One."""
        return 1.0


@dataclass(frozen=True, kw_only=True)
class Hold(Rule):
    """The picked lines receive nothing now; the plan says what that costs."""

    word: ClassVar[str] = "hold"

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:  # noqa: ARG002 - as in every rule
        """None beyond what its fields say."""
        return []

    def sentence(self) -> Sentence:
        """`on hold: p1`."""
        return Sentence("on hold: {what}", what=self.subject())

    def terms(self, space: Space) -> list[Term]:
        """Nothing for the picked lines."""
        return [Domain(self.lines_in(space), at_most=0)]


def _groups(members: list[Index], weights: Array, most: float) -> Choice:
    group = np.concatenate([np.full(len(lines), number) for number, lines in enumerate(members)])
    return Choice(np.concatenate(members), group.astype(np.intp), weights, -np.inf, most)
