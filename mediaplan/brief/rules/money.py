"""Rules about money: how much the picked lines receive together, as a share, each, or already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from mediaplan.brief.picking import misstated
from mediaplan.brief.rules.limiting import FINEST_SHARE, InShares, Limited
from mediaplan.brief.rules.repeating import Repeated
from mediaplan.brief.rules.stating import minor, says
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import Array, Choice, Domain, Linear, Term
from mediaplan.brief.weights import Weights
from mediaplan.errors import InputError, Problem
from mediaplan.money import decimals
from mediaplan.words import Percent, Sentence


@dataclass(frozen=True, kw_only=True)
class Spend(Repeated, Limited):
    """Money for the picked lines together, over the whole flight.

    Attributes:
        at_least, at_most: Money of the brief's currency.
    """

    word: ClassVar[str] = "spend"
    amounts: ClassVar[tuple[str, ...]] = ("at_least", "at_most")

    at_least: Any = says(Sentence("The least the picked lines receive together, over the whole flight."))
    at_most: Any = says(Sentence("The most the picked lines receive together, over the whole flight."))

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """No limit, or limits that cross."""
        return self._unlimited(place) + self._crossed(place)

    def sentence(self) -> Sentence:
        """`spend on instagram: at least 300,000 F CFA`."""
        return Sentence("spend on {what}: {range}", what=self.subject(), range=self._range())

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:  # noqa: ARG002 - as in every rule
        """One row over the picked money."""
        return [money_row(inside, minor(self.at_least, -np.inf), minor(self.at_most, np.inf))]

    def unit(self, space: Space) -> float:  # noqa: ARG002 - as in every rule
        """Minor units in a major one."""
        return float(10 ** decimals((self.at_least or self.at_most).currency))


@dataclass(frozen=True, kw_only=True)
class Share(InShares, Repeated, Limited):
    """Part of the money that goes to the picked lines.

    Attributes:
        at_least, at_most: 0–1.
        of: Of the money that the plan spends (`"spend"`), or of the media budget (`"budget"`).
    """

    word: ClassVar[str] = "share"
    takes: ClassVar[str] = "0 to 1"
    most_units: ClassVar[int | None] = FINEST_SHARE

    at_least: Any = says(Sentence("The least part of the money, from 0 to 1."))
    at_most: Any = says(Sentence("The most part of the money, from 0 to 1."))
    of: Literal["spend", "budget"] = says(
        Sentence("Of the money the plan spends (“spend”, the default) or of the whole budget (“budget”)."),
        "spend",
    )

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """A share that is no number from 0 to 1, no limit, or limits that cross."""
        problems = [
            Problem(
                Sentence("{value} is no share.", value=str(value)),
                Sentence("A share is a number from 0 to 1: write 0.2 for {percent}.", percent=Percent(0.2)),
                **{**place, "column": f"{place.get('column', self.word)}.{limit}", "value": str(value)},
            )
            for limit, value in self.limits().items()
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1
        ]
        if self.of not in ("spend", "budget"):
            message = Sentence("a share of “{of}” is not known.", of=str(self.of))
            problems.append(Problem(message, Sentence('Write of = "spend" or of = "budget".'), **place))
        return problems or self._unlimited(place) + self._crossed(place)

    def sentence(self) -> Sentence:
        """`share of instagram: at least 20%`."""
        if self.of == "budget":
            return Sentence(
                "share of {what} in the budget: {range}", what=self.subject(), range=self._range()
            )
        return Sentence("share of {what}: {range}", what=self.subject(), range=self._range())

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:
        """One row for each limit: `Σ picked - share · Σ all`, or the picked money against a part of the budget."""
        if self.of == "budget":
            least = np.ceil(round(self.at_least * space.budget, 6)) if self.at_least is not None else -np.inf
            most = np.floor(round(self.at_most * space.budget, 6)) if self.at_most is not None else np.inf
            return [money_row(inside, least, most)]
        limits = ((self.at_least, 0.0, np.inf), (self.at_most, -np.inf, 0.0))
        return [
            _share_row(inside, whole, float(part), least, most)
            for part, least, most in limits
            if part is not None
        ]

    def unit(self, space: Space) -> float:
        """Of the whole media budget: minor units in it."""
        return float(max(space.budget, 1))

    def _said(self, limit: Any) -> Any:
        return None if limit is None else Percent(limit)


@dataclass(frozen=True, kw_only=True)
class EachLine(Limited):
    """What each of the picked lines may receive.

    Attributes:
        at_least, at_most: Money for one line over the whole flight.
        or_zero: Whether a line may also receive nothing.
        step: Amounts are whole multiples of this.
    """

    word: ClassVar[str] = "each line"
    amounts: ClassVar[tuple[str, ...]] = ("at_least", "at_most", "step")

    at_least: Any = says(Sentence("The least each picked line receives."))
    at_most: Any = says(Sentence("The most each picked line receives."))
    or_zero: bool = says(Sentence("true: a line may also receive nothing."), False)
    step: Any = says(Sentence("Amounts are whole multiples of this."))

    def _misstated(self) -> list[Problem]:
        wrong = not isinstance(self.or_zero, bool)
        return super()._misstated() + [misstated("or_zero", self.or_zero, Sentence("true or false"))] * wrong

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """Nothing said, limits that cross, or a step of 0."""
        if not self.limits() and self.step is None:
            return self._unlimited(place)
        problems = self._crossed(place)
        if self.step is not None and self.step.minor < 1:
            message = Sentence("a step of {step} is no step.", step=self.step)
            problems.append(Problem(message, Sentence("A step is above 0."), **place))
        return problems

    def sentence(self) -> Sentence:
        """`each line of instagram: nothing or at least 5,000 F CFA, in steps of 500 F CFA`."""
        parts: list[Sentence] = []
        if self.limits():
            parts.append(
                Sentence("nothing or {range}", range=self._range()) if self.or_zero else self._range()
            )
        if self.step is not None:
            parts.append(Sentence("in steps of {step}", step=self.step))
        if any(self.picks().values()) or self.date:
            return Sentence("each line of {what}: {limits}", what=self.subject(), limits=tuple(parts))
        return Sentence("each line: {limits}", limits=tuple(parts))

    def terms(self, space: Space) -> list[Term]:
        """One domain for the picked lines; those that rules shut on their dates may receive nothing, unless all are."""
        least, most = int(minor(self.at_least, 0)), minor(self.at_most, np.inf)
        step = self.step.minor if self.step is not None else 1
        mine = self.lines_in(space)
        if space.shut is None or not (mine & ~space.shut).any():
            return [Domain(mine, least, most, self.or_zero or least == 0, step)]
        return [
            Domain(mine & ~space.shut, least, most, self.or_zero or least == 0, step),
            Domain(mine & space.shut, least, most, or_zero=True, step=step),
        ]


@dataclass(frozen=True, kw_only=True)
class Locked(Limited):
    """Money that is committed already: the picked lines receive exactly this together.

    Attributes:
        amount: The committed money; `equal` says the same.
    """

    word: ClassVar[str] = "locked"
    amounts: ClassVar[tuple[str, ...]] = ("at_least", "at_most")
    also: ClassVar[tuple[str, ...]] = ("amount", "equal")
    hidden: ClassVar[tuple[str, ...]] = ("at_least", "at_most")

    amount: InitVar[Any] = None

    def __post_init__(self, equal: Any, amount: Any) -> None:
        if equal is not None and amount is not None:
            message = Sentence("equal stands beside another limit.")
            raise InputError(
                Problem(
                    message, Sentence("Keep amount, and leave out equal."), column="equal", value=str(equal)
                )
            )
        super().__post_init__(amount if equal is None else equal)

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """No amount."""
        if self.limits():
            return []
        message = Sentence("the rule “{word}” has no limit, and so says nothing.", word=self.word)
        return [Problem(message, Sentence("Add amount: the committed money."), **place)]

    def sentence(self) -> Sentence:
        """`committed to p1 × facebook: 50,000 F CFA`."""
        return Sentence("committed to {what}: {range}", what=self.subject(), range=self._range())

    def terms(self, space: Space) -> list[Term]:
        """One row over the picked lines."""
        mask = self.lines_in(space)
        return [money_row(mask.astype(float), minor(self.at_least, -np.inf), minor(self.at_most, np.inf))]

    def to_dict(self) -> dict[str, Any]:
        """As a table of a brief, with its `amount`."""
        table = super().to_dict()
        if "equal" in table:
            table["amount"] = table.pop("equal")
        return table


def money_row(inside: Array, least: float, most: float) -> Linear:
    """A limit on picked money in minor units; a part of a line's money is only kept to whole units of that line."""
    weights = Weights.of(inside)
    in_parts = bool((weights.value < 1).any())
    return Linear(weights, least, most, weights.line, ratio=in_parts)


def _share_row(inside: Array, whole: Array, part: float, least: float, most: float) -> Linear:
    """Picked money less a part of that in the piece; where the piece is the whole plan, few lines weigh other than most."""
    common = -part if (whole == 1.0).all() else 0.0
    return Linear.over(inside - part * whole, least, most, inside > 0, ratio=True, common=common)
