"""What every rule is made of: the lines it picks, its name and reason, and how it is said and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

from mediaplan.brief.picking import DATES, PICKS, dates_of, misstated, names_of, run_of, run_said
from mediaplan.brief.spaces import Dates, Space
from mediaplan.brief.terms import Mask, Term
from mediaplan.errors import InputError, Problem
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


def is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    return not isinstance(value, bool) and isinstance(value, (int, float)) and abs(value) <= 1e300


def minor(limit: Money | None, otherwise: float) -> float:
    """A money limit in minor units."""
    return otherwise if limit is None else float(limit.minor)
