"""The fields of a rule's form, from the rule's own record, and what is entered into them as the table of a brief.

The form holds a rule as the table that states it in a brief: what is right is a value, what is wrong stays the text
that was typed, and is refused by the reading of rules like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal

from mediaplan.brief.from_table import rule_keys
from mediaplan.brief.picking import names_of
from mediaplan.brief.rules import PICKS, RULES, Dated, NotAfter, NotBefore, Resource, Rule
from mediaplan.brief.rules.stating import is_number
from mediaplan.ui.rule_forms import CHOICES, HELPS, LABELS, RULE_FORMS
from mediaplan.ui.typed import days_typed, days_written, number, percent, plain, share, written
from mediaplan.words import Sentence, Words

Takes = Literal[
    "lines", "money", "share", "number", "flag", "text", "choice", "day", "days", "pieces", "names", "amounts", "kind"
]  # fmt: skip

TYPED = ("money", "share", "number", "text", "days")
"""Kinds of fields into which people type."""


@dataclass(frozen=True)
class Field:
    """One field of a rule's form.

    Attributes:
        key: In the rule's table; `lines` stands for all picks.
        takes: What is entered.
        label, says: What the form calls it and says of it; `says` is `None` where the label is enough.
        common: Whether every rule of its kind has it, so that it stands back.
        choices: What may be chosen, empty for nothing; as people say it.
    """

    key: str
    takes: Takes
    label: Sentence
    says: Sentence | None = None
    common: bool = False
    choices: Mapping[str, Sentence] = field(default_factory=dict)


@cache
def rule_fields(word: str) -> tuple[Field, ...]:
    """The fields of that rule's form: the lines it is about, its own, those that many rules have."""
    kind = RULES[word]
    stated = [
        key for key in rule_keys(kind) if key not in PICKS and (key not in kind.also or key == "amount")
    ]
    made = [_field(kind, key) for key in ("lines", *stated)]
    return tuple(sorted(made, key=lambda one: (one.common, one.key == "why")))


def _field(kind: type[Rule], key: str) -> Field:
    form = RULE_FORMS.get(kind.word)
    record = {item.name.rstrip("_"): item for item in fields(kind)}
    own = None if key not in record else record[key].metadata.get("says")
    offered: dict[str, Sentence] = {}
    if (kind.word, key) in CHOICES:
        optional = key in record and record[key].default is None
        offered = ({"": Sentence("as the plan likes")} if optional else {}) | dict(CHOICES[kind.word, key])
    return Field(
        key,
        _takes(kind, key),
        (form.labels if form else {}).get(key) or LABELS.get(key) or Sentence("{key}", key=key),
        (form.helps if form else {}).get(key) or HELPS.get(key) or own,
        _stands_back(kind, key),
        offered,
    )


def _stands_back(kind: type[Rule], key: str) -> bool:
    special = {"date": Dated, "name": Resource}
    if key in special and issubclass(kind, special[key]):
        return False
    return key in ("date", "per", "soft", "name", "why") and (kind.word, key) not in CHOICES


def _takes(kind: type[Rule], key: str) -> Takes:
    if (kind.word, key) in CHOICES:
        return "choice"
    if key in kind.amounts or key == "amount":
        return "money"
    if key in ("at_least", "at_most"):
        return "share" if getattr(kind, "takes", "") in ("0 to 1", "a share") else "number"
    if key == "date":
        return "day" if kind in (NotBefore, NotAfter) else "days"
    known: dict[str, Takes] = {
        "lines": "lines", "or_zero": "flag", "per": "pieces", "soft": "number", "needs": "names", "of": "names",
        "to": "names", "before": "amounts", "type": "kind", "against": "number", "weeks": "number",
    }  # fmt: skip
    return known.get(key, "text")


def opened(table: Mapping[str, Any]) -> dict[str, Any]:
    """The same rule's table without `equal`, which the form shows as two limits, or as an amount."""
    held = dict(table)
    if "equal" in held:
        limit = held.pop("equal")
        held |= {"amount": limit} if held.get("is") == "locked" else {"at_least": limit, "at_most": limit}
    return held


def shown(one: Field, table: Mapping[str, Any], words: Words) -> Any:
    """What the field shows of a rule's table: text for typing, names for choosing, a flag."""
    held = opened(table)
    picked = {pick: held[pick] for pick in PICKS if pick in held}
    value: Any = picked if one.takes == "lines" else held.get(one.key)
    if one.takes in ("lines", "names"):
        return choices_of(value if isinstance(value, Mapping) else {})
    if one.takes == "choice":
        return value if value in one.choices else next(iter(one.choices))
    showers: Mapping[str, Callable[[], Any]] = {
        "amounts": lambda: dict(value) if isinstance(value, Mapping) else {},
        "flag": lambda: value is True,
        "pieces": lambda: list(names_of(value) or ()),
        "share": lambda: written(percent(value) if is_number(value) else _text(value), words),
        "money": lambda: written(_text(value), words),
        "number": lambda: written(_text(value), words),
        "day": lambda: days_written(_texts(value), words.language),
        "days": lambda: days_written(_texts(value), words.language),
    }
    return showers.get(one.takes, lambda: _text(value))()


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def entered(one: Field, table: Mapping[str, Any], given: Any, language: str) -> dict[str, Any]:
    """The rule's table after something was entered into the field.

    Args:
        one: The field.
        table: The rule as it was.
        given: As `shown` gives it.
        language: In which numbers and dates were typed.
    """
    held = opened(table)
    if one.takes == "lines":
        bare = {key: value for key, value in held.items() if key not in PICKS}
        return bare | picks_of(given)
    value = _value(one.takes, given, language)
    held.pop(one.key, None)
    empty = value is None or value is False or value in ("", [], {})
    return held if empty else held | {one.key: value}


def _value(takes: Takes, given: Any, language: str) -> Any:
    readers: Mapping[str, Callable[[], Any]] = {
        "names": lambda: picks_of(given),
        "money": lambda: plain(given, language),
        "share": lambda: share(plain(given, language)),
        "number": lambda: number(plain(given, language)),
        "day": lambda: one_or_several(days_typed(given, language)),
        "days": lambda: one_or_several(days_typed(given, language)),
        "pieces": lambda: one_or_several(given),
    }
    return readers.get(takes, lambda: given)()


def choices_of(picks: Mapping[str, Any]) -> list[str]:
    """`dimension=name` of each name in a table of names, once."""
    found = [f"{pick}={name}" for pick, names in picks.items() for name in _texts(names)]
    return list(dict.fromkeys(found))


def picks_of(choices: Iterable[str]) -> dict[str, Any]:
    """The table of names that such choices say."""
    named: dict[str, list[str]] = {}
    for choice in choices:
        pick, _, name = choice.partition("=")
        named.setdefault(pick, []).append(name)
    return {pick: one_or_several(names) for pick, names in named.items()}


def one_or_several(names: Iterable[str]) -> str | list[str] | None:
    """As a brief writes names: one by itself, several as a list."""
    several = list(names)
    return several or None if len(several) != 1 else several[0]


def _texts(names: Any) -> list[str]:
    several = names if isinstance(names, (list, tuple)) else [] if names is None else [names]
    return [str(name) for name in several]
