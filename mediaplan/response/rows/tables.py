"""Tables that break the same money down in different ways, made ready for one fit.

One table of each group *carries* its totals: the first that counts the kind. What the others say of totals is the same
money again, so each gets intercepts of its own, one for each week and whatever names it has in common with a table
before it: given those totals, only its contrasts teach, and nothing counts twice. Where amounts tell which lines there were, tables
are put together before (`crossing`), and this is for what is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, History
from mediaplan.response.packing import grouped
from mediaplan.response.rows.cases import Codes
from mediaplan.response.rows.factors import Factor
from mediaplan.response.rows.observations import Observations
from mediaplan.response.rows.raking import Sums

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SOURCE = "source"
"""Key of codes: which table of which group an observation is from."""

AGAIN = "again"
"""Begins the names of the dimensions of intercepts."""

INTERCEPT = 9.0
"""Prior variance of an intercept: wide enough to take any total."""


@dataclass(frozen=True)
class Sources:
    """How sources are numbered: group · tables + place of the table.

    Attributes:
        tables: Of the history, its rows and the others.
    """

    tables: int = 1

    def group(self, source: Codes) -> Codes:
        """The money that each source is about."""
        groups: Codes = source // self.tables
        return groups

    def once(self, source: Codes) -> Mask:
        """Whether each source is one of those in which each money stands once."""
        first: Mask = source % self.tables == 0
        return first


def stacked(history: History) -> tuple[pd.DataFrame, Codes, Sources]:
    """All rows of all tables under each other, the source of each, and how sources are numbered."""
    if not history.others:
        return history.rows, np.zeros(len(history.rows), dtype=np.int32), Sources()
    tables = (history.rows, *history.others)
    rows = pd.concat(tables, ignore_index=True)
    place = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    group = rows["group"].fillna(-1).to_numpy(dtype=np.int64) + 1
    return rows, (group * len(tables) + place).astype(np.int32), Sources(len(tables))


@dataclass(frozen=True, eq=False)
class Mix:
    """Names that the money of observations was spread over in a dimension that they do not break down.

    Attributes:
        dimension: Which.
        row: Shape (entries,), the observation.
        code: Shape (entries,), the name.
        share: Shape (entries,), part of the observation's money, as another table tells it; sums to 1 for each.
    """

    dimension: str
    row: NDArray[np.intp]
    code: Codes
    share: Array

    def spread(self, rows: int) -> Array:
        """Shape (rows,): number of names that would hold the money if it were even (inverse Simpson index)."""
        squares = np.bincount(self.row, self.share**2, rows)
        return np.divide(1.0, squares, out=np.ones(rows), where=squares > 0)


@dataclass(frozen=True, eq=False)
class Joint:
    """Observations of all tables for one fit, n of them.

    Attributes:
        seen: The observations that teach something new.
        intercepts: For each dimension of intercepts shape (n,), -1 = the total teaches.
        sizes: Number of intercepts of each.
        mixes: Over the dimensions that observations lack.
        sums: What is known of observations whose own counts are not; `None` = all are.
    """

    seen: Observations
    intercepts: Mapping[str, Codes]
    sizes: Mapping[str, int]
    mixes: tuple[Mix, ...]
    sums: Sums | None = None

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The intercepts as terms of the model."""
        return tuple(Factor((name,), INTERCEPT) for name in self.intercepts)

    @property
    def plain(self) -> bool:
        """Whether one table says it all: what others tell is part of it."""
        return not self.intercepts and not self.mixes and self.sums is None

    @cached_property
    def carries(self) -> Mask:
        """Shape (n,), whether an observation's total teaches."""
        carrying = np.ones(len(self.seen), dtype=bool)
        for codes in self.intercepts.values():
            carrying &= codes < 0
        return carrying

    def hidden(self, of: tuple[str, ...]) -> Mask:
        """Shape (n,), whether an observation's money was spread over levels of these dimensions unseen."""
        spread = np.zeros(len(self.seen), dtype=bool)
        for mix in self.mixes:
            of_post = {"format", "topic"} if mix.dimension == "post" else set()
            if {mix.dimension, *of_post} & {*of}:
                spread[mix.row] = True
        return spread

    @cached_property
    def lines(self) -> Array:
        """Shape (n,), lines that an observation's money is taken to be spread over, ≥ 1.

        One name in each dimension that it lacks is the least, all combinations of them the most; the truth is taken to
        be half-way between, as a ratio.
        """
        product = np.ones(len(self.seen))
        for mix in self.mixes:
            product *= mix.spread(len(self.seen))
        return np.sqrt(product)


def joined(seen: Observations, money: Observations, sources: Sources) -> Joint:
    """Make observations of one kind ready.

    Args:
        seen: Those that count the kind.
        money: All that hold money, whatever they count: they tell what it was spread over.
        sources: How their sources are numbered.
    """
    if sources.tables == 1:
        return Joint(seen, {}, {}, ())
    known = _breakdowns(money)
    shared = _shared(np.unique(seen.codes[SOURCE]), known, sources)
    nothing_new = [source for source, sets in shared.items() if known[source] in sets]
    seen = seen.take(~np.isin(seen.codes[SOURCE], nothing_new))
    intercepts: dict[str, Codes] = {}
    for number in range(max((len(sets) for sets in shared.values()), default=0)):
        codes = _intercepts(seen, {s: sets[number] for s, sets in shared.items() if number < len(sets)})
        if (codes >= 0).any():
            intercepts[f"{AGAIN} {number}"] = codes
    sizes = {name: int(codes.max()) + 1 for name, codes in intercepts.items()}
    seen = replace(seen, codes={**seen.codes, **intercepts})
    return Joint(seen, intercepts, sizes, _mixes(seen, money, known, sources))


def _breakdowns(money: Observations) -> dict[int, frozenset[str]]:
    """What each source breaks its money down by."""
    source = money.codes[SOURCE]
    return {
        int(one): frozenset(d for d in DIMENSIONS if (money.codes[d][source == one] >= 0).any())
        for one in np.unique(source)
    }


def _shared(
    present: Codes, known: Mapping[int, frozenset[str]], sources: Sources
) -> dict[int, list[frozenset[str]]]:
    """For each source after the first of its group, the largest sets of dimensions it shares with those before it."""
    found: dict[int, list[frozenset[str]]] = {}
    for place, source in enumerate(present):
        before = [
            known[int(other)] & known[int(source)]
            for other in present[:place]
            if sources.group(other) == sources.group(source)
        ]
        sets = [one for one in dict.fromkeys(before) if not any(one < other for other in before)]
        if sets:
            found[int(source)] = sorted(sets, key=sorted)
    return found


def _intercepts(seen: Observations, shared: Mapping[int, frozenset[str]]) -> Codes:
    """Shape (n,), one number for each source, week and combination of the names that it shares."""
    source = seen.codes[SOURCE]
    codes = np.full(len(seen), -1, dtype=np.int64)
    for one, dimensions in shared.items():
        mine = source == one
        columns = [seen.week[mine], *(seen.codes[d][mine] for d in sorted(dimensions))]
        number = pd.DataFrame(dict(enumerate(columns))).groupby(list(range(len(columns)))).ngroup()
        codes[mine] = number.to_numpy() + codes.max() + 1
    return codes.astype(np.int32)


def _mixes(
    seen: Observations, money: Observations, known: Mapping[int, frozenset[str]], sources: Sources
) -> tuple[Mix, ...]:
    """What each observation's money was spread over, by the table of its group that shares most with it."""
    told = _frame(money, sources)
    asked = _frame(seen, sources)
    pattern = (asked[list(DIMENSIONS)].to_numpy() >= 0) @ (1 << np.arange(len(DIMENSIONS)))
    found: dict[str, list[pd.DataFrame]] = {d: [] for d in DIMENSIONS}
    for group, bits in sorted(set(zip(asked["group"], pattern, strict=True))):
        mine = asked[(asked["group"] == group) & (pattern == bits)]
        own = {d for place, d in enumerate(DIMENSIONS) if bits >> place & 1}
        for dimension in DIMENSIONS:
            tables = [s for s, names in known.items() if s // sources.tables == group and dimension in names]
            if dimension not in own and tables:
                best = max(tables, key=lambda s: (len(known[s] & own), -s))
                by = ["week", *sorted(known[best] & own)]
                found[dimension].append(_shares(mine, told[told[SOURCE] == best], by, dimension))
    mixes = {d: pd.concat(parts) for d, parts in found.items() if parts}
    return tuple(
        Mix(
            d,
            each["row"].to_numpy(dtype=np.intp),
            each[d].to_numpy(dtype=np.int32),
            each["share"].to_numpy(dtype=np.float64),
        )
        for d, each in mixes.items()
    )


def _frame(observed: Observations, sources: Sources) -> pd.DataFrame:
    codes = {d: observed.codes[d] for d in (*DIMENSIONS, SOURCE)}
    group = sources.group(observed.codes[SOURCE])
    row = np.arange(len(observed))
    return pd.DataFrame({**codes, "group": group, "week": observed.week, "spend": observed.spend, "row": row})


def _shares(asked: pd.DataFrame, told: pd.DataFrame, by: list[str], dimension: str) -> pd.DataFrame:
    """Part of the money of each row's week and names on each name of the dimension."""
    told = told[told[dimension] >= 0]
    sums = told.groupby([*by, dimension], as_index=False)["spend"].sum()
    sums["share"] = sums["spend"] / sums.groupby(by)["spend"].transform("sum")
    return asked[[*by, "row"]].merge(sums, on=by)[["row", dimension, "share"]]


def combinations(money: Observations, once: Mask, mixes: tuple[Mix, ...]) -> Codes:
    """Shape (combinations, dimensions), sorted, the codes that money may have had together: all that its parts allow.

    Args:
        money: All of it.
        once: Those observations in which each money stands once.
        mixes: Of those, in their order.
    """
    found = pd.DataFrame({d: money.codes[d][once] for d in DIMENSIONS})
    found["row"] = np.arange(len(found))
    for mix in mixes:
        names = pd.DataFrame({"row": mix.row, "name": mix.code})
        found = found.merge(names, on="row", how="left")
        found[mix.dimension] = found.pop("name").fillna(found[mix.dimension]).astype(np.int32)
    codes = found[list(DIMENSIONS)].to_numpy(dtype=np.int32)
    return codes[grouped(list(codes.T)).one]
