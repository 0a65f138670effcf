"""The rows of the form's two tables, as typed: each states a rule or a slot, or says what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mediaplan.brief.rules import PICKS, EachLine, Rule, Share, Spend
from mediaplan.errors import InputError, Problem
from mediaplan.money import Money
from mediaplan.slots import Slot
from mediaplan.ui.typed import percent, share
from mediaplan.words import Sentence

SHARE_OF_BUDGET = "share of budget"
KINDS: tuple[str, ...] = (Share.word, SHARE_OF_BUDGET, Spend.word, EachLine.word)
"""What the table of rules offers."""


@dataclass(frozen=True)
class RuleRow:
    """One row of the table of rules; all texts plain (see `typed.plain`).

    Attributes:
        kind: One of `KINDS`, or empty while it is not chosen.
        lines: What it picks, as `dimension=name`.
        at_least, at_most, step: Money, or for shares a percentage; empty = no such limit.
        or_zero: For `each line`: nothing is allowed too.
        why, name: As in the brief.
    """

    kind: str = ""
    lines: tuple[str, ...] = ()
    at_least: str = ""
    at_most: str = ""
    or_zero: bool = False
    step: str = ""
    why: str = ""
    name: str = ""

    @classmethod
    def of(cls, rule: Rule) -> RuleRow:
        """The row that states a rule."""
        shared = isinstance(rule, Share)
        limits = {
            key: _limit(getattr(rule, key, None), shared=shared) for key in ("at_least", "at_most", "step")
        }
        return cls(
            kind=SHARE_OF_BUDGET if isinstance(rule, Share) and rule.of == "budget" else rule.word,
            lines=tuple(f"{pick}={name}" for pick, names in rule.picks().items() for name in names),
            or_zero=bool(getattr(rule, "or_zero", False)),
            why=rule.why,
            name=rule.name,
            **limits,
        )

    @classmethod
    def states(cls, rule: Rule, currency: str) -> bool:
        """Whether a row can say all of that rule."""
        try:
            return cls.of(rule).rule(currency, 1) == rule
        except InputError:
            return False

    @property
    def blank(self) -> bool:
        """Whether nothing is said in it yet."""
        return self == RuleRow()

    def rule(self, currency: str, number: int) -> Rule:
        """The rule that the row states.

        Raises:
            InputError: What is wrong with it; the place is its number.
        """
        place = f"rule {number}"
        said: dict[str, Any] = {pick: tuple(_names(self.lines, pick)) for pick in PICKS}
        said |= {"why": self.why, "name": self.name}
        limits = {key: text for key in ("at_least", "at_most") if (text := getattr(self, key))}
        made: Rule
        match self.kind:
            case Spend.word:
                made = Spend(**said, **limits)
            case EachLine.word:
                made = EachLine(**said, **limits, or_zero=self.or_zero, step=self.step or None)
            case Share.word | "share of budget":
                of = "budget" if self.kind == SHARE_OF_BUDGET else "spend"
                made = Share(**said, **{key: share(text) for key, text in limits.items()}, of=of)  # type: ignore[arg-type]
            case _:
                raise InputError(
                    Problem(
                        Sentence("the rule does not say what it is."),
                        Sentence("Choose one in the first column, or delete the row."),
                        column=place,
                    )
                )
        return made.in_currency(currency, column=place)


@dataclass(frozen=True)
class SlotRow:
    """One row of the table of slots: its name, its weekdays and its hours, as typed."""

    name: str = ""
    days: str = ""
    hours: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing is said in it yet."""
        return self == SlotRow()

    def slot(self, number: int) -> Slot:
        """The slot that the row states.

        Raises:
            InputError: It has no name, or days or hours can't be read.
        """
        if not self.name.strip():
            message = Sentence("slot {number} has no name.", number=number)
            raise InputError(Problem(message, Sentence("Name it, or delete the row."), column="slots"))
        return Slot.read(self.name.strip(), self.days.strip() or "mon-sun", self.hours.strip() or "0-24")


def _limit(limit: Any, *, shared: bool) -> str:
    if limit is None:
        return ""
    if isinstance(limit, Money):
        return limit.text
    return percent(limit) if shared else str(limit)


def _names(lines: tuple[str, ...], dimension: str) -> list[str]:
    return [line.partition("=")[2] for line in lines if line.partition("=")[0] == dimension]
