"""Rules about what a rate card counts: units bought, what else they use, and how these compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from mediaplan.brief.picking import PICKS, misstated, names_of
from mediaplan.brief.rules.limiting import Limited
from mediaplan.brief.rules.repeating import Repeated
from mediaplan.brief.rules.stating import Rule, is_number, says
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import Array, Choice, Linear
from mediaplan.brief.weights import Weights
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.response.ladders import UNITS, USES
from mediaplan.words import Sentence

MOST_UNITS = 10**12
"""Units that a limit may name at the most."""


@dataclass(frozen=True, kw_only=True)
class _Counted(Repeated, Limited):
    """A limit on a number of the picked lines together."""

    takes: ClassVar[str] = "a number"

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """A limit that is no number, no limit, or limits that cross."""
        problems = [
            Problem(
                Sentence("{value} can't be counted.", value=str(value)),
                Sentence("Give a number from 0 to {most}.", most=MOST_UNITS),
                **{**place, "column": f"{place.get('column', self.word)}.{limit}", "value": str(value)},
            )
            for limit, value in self.limits().items()
            if not is_number(value) or not 0 <= value <= MOST_UNITS
        ]
        return problems or self._unlimited(place) + self._crossed(place)

    def unit(self, space: Space) -> float:  # noqa: ARG002 - as in every rule
        """One."""
        return 1.0

    def units(self, limit: Any) -> float:
        """Hundredths."""
        return float(limit) * 100.0

    def of_units(self, units: int, currency: str) -> float:  # noqa: ARG002 - as in every rule
        """So many hundredths."""
        return units / 100.0

    def row(self, space: Space, inside: Array, kind: str) -> Linear:
        """The limits on what is counted as that kind."""
        least = -np.inf if self.at_least is None else float(self.at_least)
        most = np.inf if self.at_most is None else float(self.at_most)
        results = counted_as(space, kind) * inside[None, :]
        return Linear(Weights.none(len(inside)), least, most, np.flatnonzero(inside > 0), results=results)


def counted_as(space: Space, kind: str) -> Array:
    """Shape (kinds, lines): one for each of that kind; nowhere any where no rate card tells."""
    if kind in space.outcomes.kinds:
        return space.outcomes.of_type(kind)
    return np.zeros_like(space.outcomes.count)


@dataclass(frozen=True, kw_only=True)
class Units(_Counted):
    """How many units (insertions, spots) of the rate card the picked lines buy together.

    Attributes:
        at_least, at_most: Units.
    """

    word: ClassVar[str] = "units"

    at_least: Any = says(Sentence("The least units of the rate card that the picked lines buy together."))
    at_most: Any = says(Sentence("The most units of the rate card that the picked lines buy together."))

    def sentence(self) -> Sentence:
        """`units of tv: at least 10`."""
        return Sentence("units of {what}: {range}", what=self.subject(), range=self._range())

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:  # noqa: ARG002 - as in every rule
        """One row over the picked units."""
        return [self.row(space, inside, UNITS)]


@dataclass(frozen=True, kw_only=True)
class Resource(_Counted):
    """How much of another resource than money the picked lines use together.

    Attributes:
        name: The resource: `planning` for the column `uses:planning` of the rate card.
        at_least, at_most: In the unit of that column.
    """

    word: ClassVar[str] = "resource"

    name: str = says(
        Sentence("The resource: “planning” for the column “uses:planning” of the rate card."), ""
    )
    at_least: Any = says(Sentence("The least of the resource that the picked lines use together."))
    at_most: Any = says(Sentence("The most of the resource that the picked lines use together."))

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """No name of a resource, and what is wrong with the limits."""
        problems = super().faults(place)
        if isinstance(self.name, str) and not self.name.strip():
            message = Sentence("the rule “{word}” does not say which resource.", word=self.word)
            remedy = Sentence("Add {example}.", example='name = "planning"')
            problems.append(Problem(message, remedy, **place))
        return problems

    def sentence(self) -> Sentence:
        """`planning used by all lines: at most 1,000`."""
        return Sentence(
            "“{name}” used by {what}: {range}", name=self.name, what=self.subject(), range=self._range()
        )

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:  # noqa: ARG002 - as in every rule
        """One row over what the picked lines use."""
        return [self.row(space, inside, USES + self.name)]


@dataclass(frozen=True, kw_only=True)
class Ratio(_Counted):
    """How many times the units, or the money, of some lines are those of others.

    Attributes:
        of, to: The lines compared: tables of names as in every rule (`{"channel": "radio"}`).
        counted: What is compared: `"units"` of the rate card, or `"spend"`; `in` in a brief.
        at_least, at_most: Times.
    """

    word: ClassVar[str] = "ratio"

    of: Any = says(Sentence("The lines that are compared: a table of names, as a rule picks lines by."), ())
    to: Any = says(Sentence("The lines that they are compared to: a table likewise."), ())
    in_: Any = says(Sentence("What is compared: “units” of the rate card (the default) or “spend”."), "units")
    at_least: Any = says(Sentence("The least times."))
    at_most: Any = says(Sentence("The most times."))

    def __post_init__(self, equal: Any) -> None:
        super().__post_init__(equal)
        for key in ("of", "to"):
            held = {str(pick): names_of(names) or () for pick, names in getattr(self, key).items()}
            object.__setattr__(self, key, _Picks(held))

    def _misstated(self) -> list[Problem]:
        problems = super()._misstated()
        for key in ("of", "to"):
            given = getattr(self, key)
            if not isinstance(given, Mapping) or not given:
                problems.append(
                    misstated(
                        key, given or "", Sentence("a table such as {example}", example='{ channel = "tv" }')
                    )
                )
                continue
            for pick, names in given.items():
                if pick not in PICKS:
                    message = Sentence("unknown key “{key}”.", key=str(pick))
                    problems.append(
                        Problem(message, nearest(str(pick), PICKS), column=f"{key}.{pick}", value=str(pick))
                    )
                elif not names_of(names):
                    problems.append(misstated(f"{key}.{pick}", names, Sentence("a text")))
        if self.in_ not in ("units", "spend"):
            message = Sentence("“{value}” can't be compared.", value=str(self.in_))
            problems.append(
                Problem(
                    message, Sentence('Write in = "units" or in = "spend".'), column="in", value=str(self.in_)
                )
            )
        return problems

    def sentence(self) -> Sentence:
        """`units of radio against those of tv: at least 2 times`."""
        of, to = _said(self.of), _said(self.to)
        if self.in_ == "spend":
            return Sentence(
                "money of {of} against that of {to}: {range} times", of=of, to=to, range=self._range()
            )
        return Sentence(
            "units of {of} against those of {to}: {range} times", of=of, to=to, range=self._range()
        )

    def named(self) -> Iterator[tuple[str, str, str]]:
        """Its picks' names, and those of both sides."""
        yield from super().named()
        for key in ("of", "to"):
            for pick, names in getattr(self, key).items():
                for name in names:
                    yield f"{key}.{pick}", pick, name

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:
        """One row for each limit: `Σ of - times · Σ to`, compared with nothing."""
        return [
            self._row(space, inside if inside.any() else whole, float(times), least)
            for times, least in ((self.at_least, True), (self.at_most, False))
            if times is not None
        ]

    def _row(self, space: Space, inside: Array, times: float, least: bool) -> Linear:  # noqa: FBT001 - which limit
        of, to = (space.picks(side) for side in (self.of, self.to))
        signed = (of - times * to.astype(np.float64)) * inside
        low, high = (0.0, np.inf) if least else (-np.inf, 0.0)
        if self.in_ == "spend":
            return Linear.over(signed, low, high, signed != 0, ratio=True)
        results = counted_as(space, UNITS) * signed[None, :]
        return Linear(Weights.none(len(signed)), low, high, np.flatnonzero(signed), results=results)

    def unit(self, space: Space) -> float:
        """One, or minor units of money in a major one."""
        return 1.0 / space.major if self.in_ == "spend" else 1.0

    def to_dict(self) -> dict[str, Any]:
        """As a table of a brief."""
        table = super().to_dict()
        if "in_" in table:
            table["in"] = table.pop("in_")
        for key in ("of", "to"):
            sides = getattr(self, key).items()
            table[key] = {pick: names[0] if len(names) == 1 else list(names) for pick, names in sides}
        return table


class _Picks(dict[str, Any]):
    """Names by dimension; hashable, as frozen rules are."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(repr(sorted(self.items())))


def _said(side: Mapping[str, Any]) -> Sentence:
    return Sentence("{names}", names=" × ".join(", ".join(names) for names in side.values()))


class Resources(Protocol):
    """What a rate card offers, as far as rules ask."""

    @property
    def resources(self) -> tuple[str, ...]:
        """Names of what units use."""


def unit_kinds(rules: tuple[Rule, ...], offer: Resources | None) -> list[tuple[int, str]]:
    """(number of the rule from 0, what stands among the kinds of result for it) of every rule about units.

    Raises:
        InputError: There is no rate card, or it knows no such resource.
    """
    found: list[tuple[int, str]] = []
    problems: list[Problem] = []
    for number, rule in enumerate(rules):
        counts_units = isinstance(rule, Units) or (isinstance(rule, Ratio) and rule.in_ == "units")
        if not counts_units and not isinstance(rule, Resource):
            continue
        place: dict[str, Any] = {"column": f"rule {number + 1}", "value": rule.word}
        if offer is None:
            message = Sentence(
                "the rule “{word}” counts what a rate card sells, and there is none.", word=rule.word
            )
            problems.append(Problem(message, Sentence("Name one with --rates, or remove the rule."), **place))
        elif isinstance(rule, Resource):
            if rule.name not in offer.resources:
                message = Sentence("the rate card has no column “{column}”.", column=f"uses:{rule.name}")
                problems.append(Problem(message, nearest(rule.name, offer.resources), **place))
            found.append((number, USES + rule.name))
        else:
            found.append((number, UNITS))
    if problems:
        raise InputError(*problems)
    return found
