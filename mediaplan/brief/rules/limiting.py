"""What rules with limits share: at least, at most or exactly so much, and how a limit gives way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, replace
from typing import Any, ClassVar, Self

from mediaplan.brief.rules.stating import Rule
from mediaplan.errors import InputError, Problem
from mediaplan.money import Money
from mediaplan.words import Percent, Sentence

FINEST_SHARE = 10_000
"""Shares are mended in steps of one hundredth of a percent."""


class InShares:
    """Of rules whose limits are shares: they give way by hundredths of a percent."""

    def units(self, limit: Any) -> float:
        """Hundredths of a percent."""
        return float(limit) * FINEST_SHARE

    def of_units(self, units: int, currency: str) -> float:  # noqa: ARG002 - as in every rule
        """The share of so many hundredths of a percent."""
        return units / FINEST_SHARE

    def said_limit(self, limit: Any) -> Percent:
        """With two digits, as finely as shares are mended."""
        return Percent(limit, 2)


@dataclass(frozen=True, kw_only=True)
class Limited(Rule):
    """A rule with a limit from below, from above, or both."""

    also: ClassVar[tuple[str, ...]] = ("equal",)
    takes: ClassVar[str] = "money"
    most_units: ClassVar[int | None] = None

    at_least: Any = None
    at_most: Any = None
    equal: InitVar[Any] = None

    def __post_init__(self, equal: Any) -> None:
        if equal is not None and self.limits():
            message = Sentence("equal stands beside another limit.")
            remedy = Sentence("Keep either equal, or at_least and at_most.")
            raise InputError(*self._picked(), *self._misstated(), Problem(message, remedy, column="equal"))
        super().__post_init__()
        if equal is not None:
            object.__setattr__(self, "at_least", equal)
            object.__setattr__(self, "at_most", equal)

    def limits(self) -> dict[str, Any]:
        """The limits that are given, by name."""
        return {k: getattr(self, k) for k in ("at_least", "at_most") if getattr(self, k) is not None}

    def loosened(self, limit: str, to: Any) -> Self:
        """The same rule with one limit set to `to`; the other gives way where they would cross."""
        changed = replace(self, **{limit: to})
        if (
            changed.at_least is not None
            and changed.at_most is not None
            and changed.at_least > changed.at_most
        ):
            changed = replace(changed, at_least=to, at_most=to)
        return changed

    def units(self, limit: Any) -> float:
        """A limit in the smallest units in which it is mended."""
        return float(limit.minor if isinstance(limit, Money) else limit)

    def of_units(self, units: int, currency: str) -> Any:
        """The limit of so many of these units."""
        return Money(units, currency) if self.amounts else units

    def said_limit(self, limit: Any) -> Any:
        """A limit as people say it."""
        return self._said(limit)

    def _crossed(self, place: Mapping[str, Any]) -> list[Problem]:
        if self.at_least is None or self.at_most is None or self.at_least <= self.at_most:
            return []
        message = Sentence(
            "at least {least} is above at most {most}.",
            least=self._said(self.at_least),
            most=self._said(self.at_most),
        )
        return [Problem(message, Sentence("Swap them, or leave one out."), **place)]

    def _unlimited(self, place: Mapping[str, Any]) -> list[Problem]:
        if self.limits():
            return []
        message = Sentence("the rule “{word}” has no limit, and so says nothing.", word=self.word)
        return [Problem(message, Sentence("Add at_least, at_most or equal."), **place)]

    def _said(self, limit: Any) -> Any:
        return limit

    def _range(self) -> Sentence:
        least, most = self._said(self.at_least), self._said(self.at_most)
        if least is None:
            return Sentence("at most {most}", most=most)
        if most is None:
            return Sentence("at least {least}", least=least)
        if least == most:
            return Sentence("exactly {most}", most=most)
        return Sentence("from {least} to {most}", least=least, most=most)
