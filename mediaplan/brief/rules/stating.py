"""What every rule is made of: the lines it picks, its limits, its pieces, and how it is said and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import InitVar, dataclass, field, fields, replace
from typing import Any, ClassVar, Self

import numpy as np

from mediaplan.brief.picking import DATES, PICKS, dates_of, misstated, names_of, run_of, run_said
from mediaplan.brief.spaces import Dates, Space
from mediaplan.brief.terms import Array, Choice, Linear, Mask, Term
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.money import Money
from mediaplan.words import Sentence


def says(sentence: Sentence, default: Any = None) -> Any:
    """A field of a rule with the sentence that the reference says of it."""
    return field(default=default, metadata={"says": sentence})


_PICK = Sentence("Only lines of this one, or of one of these.")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What every rule has: the lines it picks, a name and a reason.

    Attributes:
        amounts: Fields that hold money.
        also: Keys of a brief beside the fields, which state several of them at once.
        hidden: Fields that are stated by such keys alone.
        post, channel, audience, slot, format, topic: Names; a text or several. All that are given must hold. A
            channel picks its placements too, a group's name all that it stands for.
        date: Days, as ISO text, `first/last` or several of these.
        name: How scenarios and people refer to the rule.
        why: Quoted in plans and errors.
    """

    word: ClassVar[str]
    amounts: ClassVar[tuple[str, ...]] = ()
    also: ClassVar[tuple[str, ...]] = ()
    hidden: ClassVar[tuple[str, ...]] = ()

    post: Any = says(_PICK, ())
    channel: Any = says(Sentence("Only lines of this channel and its placements, or of one of these."), ())
    audience: Any = says(_PICK, ())
    slot: Any = says(_PICK, ())
    format: Any = says(Sentence("Only lines whose post has this format, or one of these."), ())
    topic: Any = says(Sentence("Only lines whose post has this topic, or one of these."), ())
    name: str = says(Sentence("How you refer to the rule."), "")
    date: Any = says(
        Sentence("Only these days: a date, “first/last”, or a list; money runs evenly over a line's days."),
        (),
    )
    why: str = says(Sentence("The reason; quoted in plans and errors."), "")

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
        days = dates_of(self.date)
        if days is None:
            message = Sentence("{key} is “{value}”.", key="date", value=str(self.date))
            problems.append(Problem(message, DATES, column="date", value=str(self.date)))
        else:
            object.__setattr__(self, "date", days)
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
            equal = given is getattr(self, "at_least", None) is getattr(self, "at_most", None)
            if equal and name == "at_most" and problems:
                continue  # said of at_least already
            key = self.also[0] if equal else name
            spot = {**place, "column": f"{place.get('column', self.word)}.{key}"}
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

    def days(self) -> Dates:
        """The dates it picks by, as runs."""
        return tuple(map(run_of, self.date))

    def lines_in(self, space: Space) -> Mask:
        """The picked lines: those that run on some of the dates, where it picks by dates."""
        mask = space.picks(self.picks())
        return mask & (space.running(self.days()) > 0) if self.date else mask

    def subject(self) -> Sentence:
        """The picked lines as people say them."""
        named = [names for names in self.picks().values() if names]
        names = Sentence("{names}", names=" × ".join(", ".join(names) for names in named))
        if not self.date:
            return names if named else Sentence("all lines")
        dates = tuple(run_said(first, last) for first, last in self.days())
        if not named:
            return Sentence("all lines on {dates}", dates=dates)
        return Sentence("{names} on {dates}", names=names, dates=dates)

    def named(self) -> Iterator[tuple[str, str, str]]:
        """(key, dimension, name) of every name that the rule says."""
        for dimension, names in self.picks().items():
            for name in names:
                yield dimension, dimension, name

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


PER = ("day", "week", "post", "channel", "audience", "slot", "format", "topic")
"""For each of what a rule may be repeated."""

LARGEST_WEIGHT = 10**12
"""Price of one unit of shortfall at the most."""


@dataclass(frozen=True, kw_only=True)
class Repeated(Rule):
    """A rule over sums or choices, which may be repeated piece by piece and may give way at a price.

    Attributes:
        per: `day`, `week`, `post`, `channel`, `audience`, `slot`, `format`, `topic`, or several of these: the limit
            holds for each by itself.
        soft: What one unit of shortfall (in the limit's unit) takes from the objective; `None` = the limit holds.
    """

    per: Any = says(
        Sentence(
            "Repeat it for each “day”, “week”, “post”, “channel”, “audience”, “slot”, “format” or “topic”."
        ),
        (),
    )
    soft: Any = says(Sentence("Let it give way: what one unit of shortfall takes from the goal."))

    def _misstated(self) -> list[Problem]:
        problems = super()._misstated()
        per = names_of(self.per)
        unknown = [name for name in per or () if name not in PER]
        if per is None:
            problems.append(misstated("per", self.per, Sentence("a text")))
        elif unknown:
            message = Sentence("{key} is “{value}”.", key="per", value=unknown[0])
            problems.append(Problem(message, nearest(unknown[0], PER), column="per", value=unknown[0]))
        else:
            object.__setattr__(self, "per", tuple(dict.fromkeys(per)))
        if self.soft is not None and not (is_number(self.soft) and 0 < self.soft <= LARGEST_WEIGHT):
            message = Sentence("{key} is “{value}”.", key="soft", value=str(self.soft))
            remedy = Sentence("Give a number above 0 and up to {most}.", most=LARGEST_WEIGHT)
            problems.append(Problem(message, remedy, column="soft", value=str(self.soft)))
        return problems

    def terms(self, space: Space) -> list[Term]:
        """Its rows, one or more for each piece, soft where it may give way."""
        rows = [row for inside, whole in self.parts(space) for row in self.rows(space, inside, whole)]
        if self.soft is None:
            return list(rows)
        weight = float(self.soft) / self.unit(space)
        return [replace(row, soft=weight) for row in rows]

    def parts(self, space: Space) -> Iterator[tuple[Array, Array]]:
        """What is picked and what there is, piece by piece: see `Space.parts`; no piece is one without lines."""
        found = False
        for inside, whole in space.parts(self.picks(), self.days(), self.per):
            found = True
            yield inside, whole
        if not found:
            yield np.zeros(len(space.lines)), np.ones(len(space.lines))

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:
        """The limit on one piece; `inside` and `whole` are the parts of each line's money, shape (lines,)."""
        raise NotImplementedError

    def unit(self, space: Space) -> float:
        """How many units of a row's limit one unit of the rule's is."""
        raise NotImplementedError

    def subject(self) -> Sentence:
        """The picked lines as people say them, with the pieces."""
        if not self.per:
            return super().subject()
        each = tuple(_EACH[name] for name in self.per)
        return Sentence("{names}, per {each}", names=super().subject(), each=each)

    def said(self) -> Sentence:
        """The rule's sentence with its reason and its price."""
        said = super().said()
        if self.soft is None:
            return said
        return Sentence("{rule} [may give way: {weight} per unit]", rule=said, weight=str(self.soft))


_EACH = {
    "day": Sentence("day"),
    "week": Sentence("week"),
    "post": Sentence("post"),
    "channel": Sentence("channel"),
    "audience": Sentence("audience"),
    "slot": Sentence("slot"),
    "format": Sentence("format"),
    "topic": Sentence("topic"),
}


def is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    return not isinstance(value, bool) and isinstance(value, (int, float)) and abs(value) <= 1e300


def minor(limit: Money | None, otherwise: float) -> float:
    """A money limit in minor units."""
    return otherwise if limit is None else float(limit.minor)
