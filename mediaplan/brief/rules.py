"""The vocabulary of rules: each is a record that says its sentence and lowers itself to kernel terms.

A new rule is one record here: its word (`word`), its fields with a sentence each, `sentence()` and `terms()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass, field, fields, replace
from typing import Any, ClassVar, Literal, Self

import numpy as np

from mediaplan.brief.picking import PICKS, misstated, names_of
from mediaplan.brief.terms import Domain, Linear, Mask, Space, Term
from mediaplan.errors import InputError, Problem
from mediaplan.money import Money
from mediaplan.words import Percent, Sentence


def _says(sentence: Sentence, default: Any = None) -> Any:
    """A field of a rule with the sentence that the reference says of it."""
    return field(default=default, metadata={"says": sentence})


_PICK = Sentence("Only lines of this one, or of one of these.")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What every rule has: the lines it picks, a name and a reason.

    Attributes:
        post, channel, audience, slot, format, topic: Names; a text or several. All that are given must hold. A
            channel picks its placements too.
        name: How scenarios and people refer to the rule.
        why: Quoted in plans and errors.
    """

    word: ClassVar[str]
    amounts: ClassVar[tuple[str, ...]] = ()

    post: Any = _says(_PICK, ())
    channel: Any = _says(Sentence("Only lines of this channel and its placements, or of one of these."), ())
    audience: Any = _says(_PICK, ())
    slot: Any = _says(_PICK, ())
    format: Any = _says(Sentence("Only lines whose post has this format, or one of these."), ())
    topic: Any = _says(Sentence("Only lines whose post has this topic, or one of these."), ())
    name: str = _says(Sentence("How you refer to the rule."), "")
    why: str = _says(Sentence("The reason; quoted in plans and errors."), "")

    def __post_init__(self) -> None:
        if problems := [*self._picked(), *self._misstated()]:
            raise InputError(*problems)

    def _picked(self) -> list[Problem]:
        """Hold the names it picks lines by; what is no name is a fault."""
        problems = []
        for pick in PICKS:
            given = getattr(self, pick)
            names = names_of(given)
            if names is None:
                message = (
                    Sentence("{key} is an empty list, which no line is in.", key=pick)
                    if given == []
                    else Sentence("{key} is “{value}”.", key=pick, value=str(given))
                )
                remedy = Sentence("Give a name in quotes, or a list of names.")
                problems.append(Problem(message, remedy, column=pick, value=str(given)))
            else:
                object.__setattr__(self, pick, names)
        return problems

    def _misstated(self) -> list[Problem]:
        """Texts that are none; a kind of rule adds its own."""
        return [
            misstated(key, getattr(self, key), Sentence("a text"))
            for key in ("name", "why")
            if not isinstance(getattr(self, key), str)
        ]

    def in_currency(self, currency: str, **place: Any) -> Self:
        """The same rule with its amounts read as exact money of that currency.

        Raises:
            InputError: An amount can't be read, is negative, or limits contradict each other.
        """
        problems: list[Problem] = []
        read: dict[str, Any] = {}
        for name in self.amounts:
            given = getattr(self, name)
            if given is None:
                continue
            spot = {**place, "column": f"{place.get('column', self.word)}.{name}"}
            try:
                read[name] = Money.read(given, currency, **spot)
            except InputError as error:
                problems += error.problems
                continue
            if read[name].minor < 0:
                message = Sentence("{value} is negative.", value=read[name])
                problems.append(
                    Problem(message, Sentence("Amounts are 0 or more."), value=read[name].text, **spot)
                )
        if problems:
            raise InputError(*problems)
        rule = replace(self, **read)
        if problems := rule.faults(place):
            raise InputError(*problems)
        return rule

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """What is wrong with the rule by itself; `place` is said with it."""
        raise NotImplementedError

    def sentence(self) -> Sentence:
        """The rule as people say it, without its reason."""
        raise NotImplementedError

    def terms(self, space: Space) -> list[Term]:
        """The rule in kernel words, over the lines of `space`."""
        raise NotImplementedError

    def said(self) -> Sentence:
        """The rule's sentence with its reason."""
        return Sentence("{rule} ({why})", rule=self.sentence(), why=self.why) if self.why else self.sentence()

    def picks(self) -> dict[str, tuple[str, ...]]:
        """The names it picks lines by, for each dimension."""
        return {pick: getattr(self, pick) for pick in PICKS}

    def subject(self) -> Sentence:
        """The picked lines as people say them."""
        named = [names for names in self.picks().values() if names]
        if not named:
            return Sentence("all lines")
        return Sentence("{names}", names=" × ".join(", ".join(names) for names in named))

    def to_dict(self) -> dict[str, Any]:
        """The rule as a table of a brief: only what is said, amounts as text."""
        table: dict[str, Any] = {"is": self.word}
        for item in fields(self):
            value = getattr(self, item.name)
            if value == item.default or value in (None, (), ""):
                continue
            if isinstance(value, Money):
                value = value.text
            elif isinstance(value, tuple):
                value = value[0] if len(value) == 1 else list(value)
            table[item.name] = value
        if "at_least" in table and table["at_least"] == table.get("at_most"):
            table["equal"] = table.pop("at_least")
            del table["at_most"]
        return table


@dataclass(frozen=True, kw_only=True)
class _Limited(Rule):
    """A rule with a limit from below, from above, or both."""

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


@dataclass(frozen=True, kw_only=True)
class Spend(_Limited):
    """Money for the picked lines together, over the whole flight.

    Attributes:
        at_least, at_most: Money of the brief's currency.
    """

    word: ClassVar[str] = "spend"
    amounts: ClassVar[tuple[str, ...]] = ("at_least", "at_most")

    at_least: Any = _says(Sentence("The least the picked lines receive together, over the whole flight."))
    at_most: Any = _says(Sentence("The most the picked lines receive together, over the whole flight."))

    def faults(self, place: Mapping[str, Any]) -> list[Problem]:
        """No limit, or limits that cross."""
        return self._unlimited(place) + self._crossed(place)

    def sentence(self) -> Sentence:
        """`spend on instagram: at least 300,000 F CFA`."""
        return Sentence("spend on {what}: {range}", what=self.subject(), range=self._range())

    def terms(self, space: Space) -> list[Term]:
        """One row over the picked lines."""
        mask = space.picks(self.picks())
        return [
            Linear(mask.astype(float), _minor(self.at_least, -np.inf), _minor(self.at_most, np.inf), mask)
        ]


@dataclass(frozen=True, kw_only=True)
class Share(_Limited):
    """Part of the money that goes to the picked lines.

    Attributes:
        at_least, at_most: 0–1.
        of: Of the money that the plan spends (`"spend"`), or of the media budget (`"budget"`).
    """

    word: ClassVar[str] = "share"

    at_least: Any = _says(Sentence("The least part of the money, from 0 to 1."))
    at_most: Any = _says(Sentence("The most part of the money, from 0 to 1."))
    of: Literal["spend", "budget"] = _says(
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

    def terms(self, space: Space) -> list[Term]:
        """One row for each limit: `Σ picked - share · Σ all`, or the picked money against a part of the budget."""
        mask = space.picks(self.picks())
        if self.of == "budget":
            least = np.ceil(round(self.at_least * space.budget, 6)) if self.at_least is not None else -np.inf
            most = np.floor(round(self.at_most * space.budget, 6)) if self.at_most is not None else np.inf
            return [Linear(mask.astype(float), least, most, mask)]
        rows: list[Term] = []
        if self.at_least is not None:
            rows.append(Linear(mask.astype(np.float64) - float(self.at_least), 0.0, np.inf, mask, ratio=True))
        if self.at_most is not None:
            rows.append(Linear(mask.astype(np.float64) - float(self.at_most), -np.inf, 0.0, mask, ratio=True))
        return rows

    def _said(self, limit: Any) -> Any:
        return None if limit is None else Percent(limit)


@dataclass(frozen=True, kw_only=True)
class EachLine(_Limited):
    """What each of the picked lines may receive.

    Attributes:
        at_least, at_most: Money for one line over the whole flight.
        or_zero: Whether a line may also receive nothing.
        step: Amounts are whole multiples of this.
    """

    word: ClassVar[str] = "each line"
    amounts: ClassVar[tuple[str, ...]] = ("at_least", "at_most", "step")

    at_least: Any = _says(Sentence("The least each picked line receives."))
    at_most: Any = _says(Sentence("The most each picked line receives."))
    or_zero: bool = _says(Sentence("true: a line may also receive nothing."), False)
    step: Any = _says(Sentence("Amounts are whole multiples of this."))

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
        if any(self.picks().values()):
            return Sentence("each line of {what}: {limits}", what=self.subject(), limits=tuple(parts))
        return Sentence("each line: {limits}", limits=tuple(parts))

    def terms(self, space: Space) -> list[Term]:
        """One domain for the picked lines."""
        least, most = _minor(self.at_least, 0), _minor(self.at_most, np.inf)
        step = self.step.minor if self.step is not None else 1
        return [Domain(space.picks(self.picks()), int(least), most, self.or_zero or least == 0, step)]


RULES: dict[str, type[Rule]] = {kind.word: kind for kind in (Spend, Share, EachLine)}
"""Every rule by its word in a brief."""


def _minor(limit: Money | None, otherwise: float) -> float:
    return otherwise if limit is None else float(limit.minor)


def picked_names(rules: Iterable[Rule]) -> list[tuple[int, str, str]]:
    """(number of the rule from 0, dimension, name) of every name that any rule picks by."""
    return [
        (number, dimension, name)
        for number, rule in enumerate(rules)
        for dimension, names in rule.picks().items()
        for name in names
    ]


__all__ = ["PICKS", "RULES", "EachLine", "Mask", "Rule", "Share", "Spend", "picked_names"]
