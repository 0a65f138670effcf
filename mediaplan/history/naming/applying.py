"""Naming rules are applied to the names of a table, and what money they read and don't read is worked out.

What no rule reads keeps the file's own names, and its money is said: nothing is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.naming.rules import GIVES, OF_POST, NameRule
from mediaplan.history.tables.cells import codes_of, each, is_nothing
from mediaplan.history.tables.tables import Cells, Table, folded
from mediaplan.words import Percent, Sentence

MOST_NAMES = 5
"""Names that a warning names one by one."""

LEVEL_OF = {"group": "ad set", "ad group": "ad set", "adset": "ad set", "adgroup": "ad set"}
"""Other words for a level."""


@dataclass(frozen=True, eq=False)
class NamesRead:
    """What rules say about the rows of a table.

    Attributes:
        given: By dimension, shape (rows,): text, or `None` where no rule says anything.
        unread: Shape (rows,), whether a name of the row fits no rule that reads such names.
    """

    given: Mapping[str, Cells]
    unread: NDArray[np.bool_]


@dataclass(frozen=True)
class NameMoney:
    """The money of one name.

    Attributes:
        origin: Whose name it is.
        name: As it stands in the file; "" where there is none.
        spend: Money, in major units.
        means: What it says, by dimension; `None` where no rule reads it.
    """

    origin: str
    name: str
    spend: float
    means: Mapping[str, str] | None


@dataclass(frozen=True)
class Naming:
    """How the money of a table divides into what rules read and what they don't.

    Attributes:
        total: All of it, in major units.
        unmapped: Of rows with a name that no rule reads.
        names: Every name that a rule is for, the most expensive first.
    """

    total: float
    unmapped: float
    names: tuple[NameMoney, ...]

    @property
    def unread(self) -> tuple[NameMoney, ...]:
        """The names that no rule reads."""
        return tuple(name for name in self.names if name.means is None)

    def warning(self, file: str | None) -> Sentence | None:
        """A sentence on what no rule reads, if there is anything."""
        if not self.unread:
            return None
        shown = [name.name or "–" for name in self.unread[:MOST_NAMES]]
        return Sentence(
            "{file}: no naming rule reads {unmapped} of {total} ({share}): {names}. It counts under the file's own names; "
            "add a rule under [[names]] for it.",
            file=file or "–",
            unmapped=self.unmapped,
            total=self.total,
            share=Percent(self.unmapped / self.total if self.total else 1.0),
            names=tuple(shown) + (("…",) if len(self.unread) > MOST_NAMES else ()),
        )


def origins_of(rules: Sequence[NameRule], table: Table, own: Mapping[str, Cells]) -> dict[str, Cells]:
    """The names that rules read, by rule's origin; what the table does not have is left out.

    Args:
        rules: That concern the table.
        table: Whose headers count too.
        own: Levels and contract columns that the table is known to have; they go before headers.
    """
    known = {folded(name): cells for name, cells in own.items()}
    found = {}
    for rule in rules:
        name = LEVEL_OF.get(folded(rule.origin), folded(rule.origin))
        places = table.positions(rule.origin)
        if name in known:
            found[rule.origin] = known[name]
        elif places:
            found[rule.origin] = table.cells[places[0]]
    return found


def read_by(rules: Sequence[NameRule], origins: Mapping[str, Cells], count: int) -> NamesRead:
    """What rules say of each row: for each dimension the first rule that says anything counts.

    Args:
        rules: In order.
        origins: By rule's origin the names, shape (rows,).
        count: How many rows there are.
    """
    present = [rule for rule in rules if rule.origin in origins]
    given = {name: np.full(count, None, dtype=object) for rule in present for name in rule.gives}
    fits = {rule.origin: np.zeros(count, dtype=bool) for rule in present}
    coded = {origin: codes_of(origins[origin]) for origin in fits}
    for rule in present:
        codes, names = coded[rule.origin]
        said = [None if is_nothing(name) else rule.read(name) for name in names]
        fits[rule.origin] |= (
            np.array([read is not None for read in said], dtype=bool)[codes] if names else False
        )
        for dimension in rule.gives:
            pieces = np.array([read and read.get(dimension) for read in said] or [None], dtype=object)
            free = pd.isna(given[dimension])
            given[dimension][free] = pieces[codes][free] if names else None
    unread = np.full(count, not present)
    for fit in fits.values():
        unread |= ~fit
    return NamesRead(given, unread)


def over(own: Cells | None, given: Cells) -> Cells:
    """What rules give; where they give nothing, what the file itself says."""
    if own is None:
        return given
    plain = each(own, lambda text: None if is_nothing(text) else text)
    return np.where(pd.isna(given), plain, given)


def money_of_names(origins: Mapping[str, Cells], spend: NDArray[np.float64]) -> pd.DataFrame:
    """The money of each different combination of names.

    Returns:
        A column of text for each origin, and `spend` (major units).
    """
    frame = pd.DataFrame({name: each(cells, str) for name, cells in origins.items()}, dtype=object)
    frame["spend"] = spend
    if not origins:
        return frame.iloc[:0]
    return frame.groupby(list(origins), sort=True)["spend"].sum().reset_index()


def naming_of(rules: Sequence[NameRule], names: pd.DataFrame) -> Naming:
    """How money divides under rules.

    Args:
        rules: In order.
        names: As `money_of_names` gives them.
    """
    spend = names["spend"].to_numpy(dtype=float)
    held = {str(name): names[name].to_numpy(dtype=object) for name in names.columns if name != "spend"}
    plain = {LEVEL_OF.get(folded(name), folded(name)): cells for name, cells in held.items()}
    origins = {
        rule.origin: cells
        for rule in rules
        if (cells := plain.get(LEVEL_OF.get(folded(rule.origin), folded(rule.origin)))) is not None
    }
    read = read_by(rules, origins, len(names))
    found = [
        NameMoney(origin, str(name), math.fsum(group), _meant(rules, origin, str(name)))
        for origin, cells in (origins or dict(list(held.items())[:1])).items()
        for name, group in pd.Series(spend).groupby(pd.Series(cells, dtype=object))
    ]
    return Naming(
        math.fsum(spend),
        math.fsum(spend[read.unread]),
        tuple(sorted(found, key=lambda each: (-each.spend, each.origin, each.name))),
    )


def _meant(rules: Sequence[NameRule], origin: str, name: str) -> dict[str, str] | None:
    said = [read for rule in rules if rule.origin == origin and (read := rule.read(name)) is not None]
    if is_nothing(name) or not said:
        return None
    first: dict[str, str] = {}
    for read in said:
        first = read | first
    return {dimension: first[dimension] for dimension in (*GIVES, *OF_POST) if dimension in first}
