"""What rules for names would do to files, before anybody plans with them: the money that they read, and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from mediaplan.history.naming.applying import Naming, money_of_names, naming_of
from mediaplan.history.naming.proposing import Known, proposed
from mediaplan.history.naming.rules import GIVES, NameRule, tables_of
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.history.rows.rows import Part
from mediaplan.money import decimals

UNKNOWN_DIGITS = 2
"""Decimals of money whose currency nothing tells."""

MOST_NAMES = 200
"""Names of a file that a document holds one by one; the most expensive come first."""


@dataclass(frozen=True)
class Preview:
    """One file under the rules.

    Attributes:
        file: Its name.
        currency: Of its money; `None` = several, or not known.
        naming: How its money divides.
    """

    file: str
    currency: str | None
    naming: Naming

    @property
    def digits(self) -> int:
        """Decimals of its money."""
        return UNKNOWN_DIGITS if self.currency is None else decimals(self.currency)

    def money(self, amount: float) -> Decimal:
        """An amount with the currency's digits."""
        return Decimal(amount).quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP)

    @property
    def unmapped(self) -> Decimal:
        """Money of names that no rule reads."""
        return self.money(self.naming.unmapped)

    @property
    def mapped(self) -> Decimal:
        """All other money."""
        return self.money(self.naming.total) - self.unmapped

    def to_dict(self) -> dict[str, Any]:
        """As documents hold it; money is text."""
        shown = self.naming.names[:MOST_NAMES]
        return {
            "file": self.file,
            "currency": self.currency,
            "mapped": str(self.mapped),
            "unmapped": str(self.unmapped),
            "names": [
                {
                    "from": each.origin,
                    "name": each.name,
                    "spend": str(self.money(each.spend)),
                    "means": None if each.means is None else dict(each.means),
                }
                for each in shown
            ],
            "more": len(self.naming.names) - len(shown),
        }


@dataclass(frozen=True)
class Names:
    """Rules for names and what they do.

    Attributes:
        rules: In order.
        are_proposed: Whether they are proposed only; else somebody gave them, and the files were read by them.
        previews: One for each file that has names.
    """

    rules: tuple[NameRule, ...]
    are_proposed: bool
    previews: tuple[Preview, ...]

    def to_dict(self) -> dict[str, Any]:
        """As documents hold it."""
        return {
            "rules": tables_of(self.rules),
            "proposed": self.are_proposed,
            "files": [preview.to_dict() for preview in self.previews],
        }


def names_in(part: Part) -> pd.DataFrame | None:
    """The money of each combination of names in a table that was read: of ads and their levels, else of posts."""
    if part.names is not None and len(part.names):
        return part.names
    rows = part.rows
    if part.found is not None or not len(rows) or not _lacking(part):
        return None
    return money_of_names({"post": rows["post"].fillna("").to_numpy(dtype=object)}, rows["spend"].to_numpy())


def _lacking(part: Part) -> tuple[str, ...]:
    """What names may say: in an export of a platform all; else what the table does not break down."""
    if part.found is not None:
        return GIVES
    told = {word for word in (*DIMENSIONS, "hour") if part.rows[word].notna().any()}
    if "post" not in told:
        return ()
    closed = told - {"post"} | ({"slot", "hour"} if told & {"slot", "hour"} else set())
    return tuple(word for word in GIVES if word not in closed) if closed < set(GIVES) - {"post"} else ()


def names_of(
    files: Sequence[tuple[str, Part, str | None]], rules: Mapping[str, tuple[NameRule, ...]], known: Known
) -> Names | None:
    """What rules do to files; where none are given, rules that are proposed from all names together.

    Args:
        files: Name, what was read, currency.
        rules: By file, those that it was read by.
        known: The plan's words.

    Returns:
        `None` where there are neither rules nor a convention to propose any from.
    """
    held = [(file, part, code, frame) for file, part, code in files if (frame := names_in(part)) is not None]
    given = tuple(dict.fromkeys(rule_key for mine in rules.values() for rule_key in map(_Key, mine)))
    if given:
        found = tuple(key.rule for key in given)
    else:
        found = _proposed([(part, frame) for _, part, _, frame in held], known)
    if not found:
        return None
    previews = tuple(
        Preview(file, code, naming_of(rules.get(file, ()) if given else found, frame))
        for file, _, code, frame in held
        if not given or rules.get(file)
    )
    return Names(found, not given, previews)


def _proposed(held: Sequence[tuple[Part, pd.DataFrame]], known: Known) -> tuple[NameRule, ...]:
    """Rules from the names of all exports, then from those of all other tables."""
    found: list[NameRule] = []
    for of_platforms in (True, False):
        mine = [(part, frame) for part, frame in held if (part.found is not None) == of_platforms]
        if mine:
            together = pd.concat([frame for _, frame in mine], ignore_index=True).fillna("")
            lacking = [word for word in GIVES if all(word in _lacking(part) for part, _ in mine)]
            found += proposed(together, known, lacking)
    return tuple(found)


@dataclass(frozen=True)
class _Key:
    """A rule, told from others by what it says: its mappings have no hash."""

    rule: NameRule

    def __hash__(self) -> int:
        return hash((self.rule.origin, self.rule.pattern, self.rule.file))
