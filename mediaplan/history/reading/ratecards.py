"""A rate card: what lines cost and bring as somebody states it, tier by tier, instead of being learnt from a history."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.columns.picking import pick
from mediaplan.history.files.decoding import decoded
from mediaplan.history.files.sources import Source
from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX, Origin
from mediaplan.history.rows.listings import Listing, refuse_others
from mediaplan.history.tables.cells import each, is_nothing
from mediaplan.history.tables.tables import Cells, Fault, cut_off, folded, tidy
from mediaplan.words import Sentence

Array = NDArray[np.float64]
Index = NDArray[np.intp]

COLUMNS = (*DIMENSIONS, "cost", "results", "up_to", "whole", "at_least", "fixed")
"""Columns of a rate card, besides `results:<type>` and `uses:<name>`."""

USES_PREFIX = "uses:"
PLAIN = "result"
"""Kind of the results of a column that names none."""

_YES, _NO = ("yes", "true", "1", "x", "oui", "vrai"), ("no", "false", "0", "non", "faux")
_LARGEST = 1e12


@dataclass(frozen=True, eq=False)
class Rates:
    """What lines cost and bring, as it was stated.

    Attributes:
        columns: By name, shape (rows,), one row per line and tier, tiers of a line in order: `post`, `channel`,
            `audience`, `slot` (text; NaN = not broken down by it), `cost` (> 0, money per unit), `up_to` (units in the
            tier, > 0; inf = no limit), `whole` (bool), `at_least` (units, ≥ 0), `fixed` (money, ≥ 0), `results:<kind>`
            for each of `kinds` and `uses:<name>` for each of `resources` (per unit, ≥ 0).
        lines: For each line by its names, in the order of their first rows, the rows of its tiers.
        kinds: Kinds of result, in the order of the columns.
        resources: What else units use, in the order of the columns.
        origin: Where the rows stand.
    """

    columns: Mapping[str, Cells]
    lines: Mapping[tuple[str, ...], Index]
    kinds: tuple[str, ...]
    resources: tuple[str, ...]
    origin: Origin = Origin()  # noqa: RUF009 - frozen and empty

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The columns as a table, index 0…n-1."""
        return pd.DataFrame(dict(self.columns))

    @property
    def text(self) -> str:
        """The columns as CSV, for digests: what is not told is blank."""
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(zip(*map(_said, self.columns.values()), strict=True))
        return written.getvalue()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Those that any row names."""
        return tuple(d for at, d in enumerate(DIMENSIONS) if any(key[at] for key in self.lines))


def read_rates(source: Source) -> Rates:
    """The rate card that a table holds.

    Args:
        source: A path, an upload or a DataFrame.

    Raises:
        InputError: Everything that is wrong, each with file, row, column, value and what to do.
    """
    table = decoded(source)[0]
    if "cost" not in map(folded, table.header):
        refuse_others(table, "cost", "rates")
    listing = Listing(pick(table, _column), ["cost"], "rates")
    table = listing.table
    columns = list(listing.picks.columns)
    if not any(c == "results" or c.startswith(RESULT_PREFIX) for c in columns):
        message = Sentence("this table does not say what a unit brings.")
        remedy = Sentence("Add a column “results”, or “results:” and the kind of result.")
        listing.problems.append(table.problem(message, remedy))
    if "results" in columns and RESULT_PREFIX + PLAIN in columns:
        message = Sentence("“results” and “results:result” mean the same.")
        listing.problems.append(table.problem(message, Sentence("Keep one of them."), column="results"))
    data = _data(listing, columns)
    kinds = tuple(c.removeprefix(RESULT_PREFIX) for c in data if c.startswith(RESULT_PREFIX))
    resources = tuple(c.removeprefix(USES_PREFIX) for c in data if c.startswith(USES_PREFIX))
    origin = Origin(table.file, tuple(table.rows.tolist()), cut_off(table))
    lines = _lines(data)
    spread = {} if listing.problems else _spread(listing, data, list(lines.values()))
    listing.checked(COLUMNS)
    return Rates({**data, **spread}, lines, kinds, resources, origin)


def _column(header: str) -> str | None:
    name = folded(header)
    if name in COLUMNS:
        return name
    start, _, rest = header.partition(":")
    prefix = folded(start) + ":"
    return prefix + tidy(rest) if prefix in (RESULT_PREFIX, USES_PREFIX) and tidy(rest) else None


def _data(listing: Listing, columns: list[str]) -> dict[str, Cells]:
    data: dict[str, Cells] = {dimension: listing.texts(dimension) for dimension in DIMENSIONS}
    data["cost"] = listing.above_zero("cost")
    blank = np.flatnonzero(np.isnan(data["cost"])) if "cost" in columns else ()
    if not listing.problems:
        message, remedy = Sentence("there is no cost."), Sentence("Say what a unit costs.")
        listing.fault("cost", [Fault(int(at), "", message, remedy) for at in blank])
    data["up_to"] = np.nan_to_num(listing.above_zero("up_to"), nan=np.inf)
    data["whole"] = _yes(listing)
    data["at_least"] = listing.number("at_least")
    data["fixed"] = listing.number("fixed")
    for column in columns:
        if column == "results" or column.startswith((RESULT_PREFIX, USES_PREFIX)):
            name = RESULT_PREFIX + PLAIN if column == "results" else column
            data[name] = np.nan_to_num(listing.number(column), nan=0.0)
    for column, numbers in data.items():
        if numbers.dtype == np.float64:
            message = Sentence("this is more than can be planned.")
            remedy = Sentence("Give a number up to {most}.", most=int(_LARGEST))
            over = np.flatnonzero((numbers > _LARGEST) & np.isfinite(numbers))
            name = "results" if column == RESULT_PREFIX + PLAIN and "results" in columns else column
            listing.fault(name, [Fault(int(at), str(numbers[at]), message, remedy) for at in over])
    return data


def _yes(listing: Listing) -> Any:
    """Whether a cell says yes; NaN where it says nothing."""
    if "whole" not in listing.picks.columns:
        return np.full(len(listing.table.rows), np.nan)
    cells = listing.cells("whole")
    said = each(cells, lambda text: "" if is_nothing(text) else text.casefold())
    message = Sentence("it is not clear whether units are whole.")
    remedy = Sentence("Write yes or no.")
    wrong = [at for at, word in enumerate(said) if word not in ("", *_YES, *_NO)]
    listing.fault("whole", [Fault(at, str(cells[at]), message, remedy) for at in wrong])
    return np.array([np.nan if word == "" else float(word in _YES) for word in said])


def _lines(columns: Mapping[str, Cells]) -> dict[tuple[str, ...], Index]:
    """For each line by its names, blank where it is not broken down, its rows."""
    groups: dict[tuple[str, ...], list[int]] = {}
    keys = zip(*(_said(columns[dimension]) for dimension in DIMENSIONS), strict=True)
    for at, key in enumerate(keys):
        groups.setdefault(key, []).append(at)
    return {key: np.array(places) for key, places in groups.items()}


def _said(cells: Cells) -> list[Any]:
    """The cells, blank where nothing is told."""
    return ["" if cell != cell else cell for cell in cells.tolist()]  # noqa: PLR0124 - NaN


def _spread(
    listing: Listing, columns: Mapping[str, Cells], lines: Sequence[Index]
) -> dict[str, NDArray[Any]]:
    """Find what tiers of a line say against each other; what is said of a line, spread over them, by column."""
    of = np.empty(len(columns["cost"]), dtype=np.intp)
    for number, places in enumerate(lines):
        of[places] = number
    told: dict[str, Array] = {column: columns[column] for column in ("whole", "at_least", "fixed")}
    spread = {column: _first_said(numbers, of, len(lines)) for column, numbers in told.items()}
    up_to, whole = columns["up_to"], spread["whole"] > 0
    held = np.bincount(of, up_to, len(lines))
    last = np.array([places[-1] for places in lines], dtype=np.intp)
    odd = np.isinf(up_to) & (last[of] != np.arange(len(of)))
    odd |= whole[of] & (np.where(np.isinf(up_to), 0.0, up_to) % 1 > 0)
    for column, numbers in told.items():
        odd |= ~np.isnan(numbers) & (numbers != spread[column][of])
    for number in np.union1d(of[odd], np.flatnonzero(spread["at_least"] > held)):
        places = lines[number]
        for column, numbers in told.items():
            said = places[~np.isnan(numbers[places])]
            for at in said[numbers[said] != spread[column][number]][:1]:
                message = Sentence("the tiers of this line say different things.")
                remedy = Sentence("Say it in the first tier, and leave the others blank.")
                listing.fault(column, [Fault(int(at), f"{numbers[at]:g}", message, remedy)])
        at_least = float(spread["at_least"][number])
        for column, fault in _line_faults(places, up_to[places], at_least, whole=bool(whole[number])):
            listing.fault(column, [fault])
    return {column: (whole if column == "whole" else each)[of] for column, each in spread.items()}


def _first_said(numbers: Array, of: Index, lines: int) -> Array:
    """Shape (lines,): what the first tier of each line that says anything says; 0 where none does."""
    first = np.zeros(lines)
    said = np.flatnonzero(~np.isnan(numbers))[::-1]
    first[of[said]] = numbers[said]  # of several, the last written is the first said
    return first


def _line_faults(places: Index, up_to: Array, at_least: float, *, whole: bool) -> Iterator[tuple[str, Fault]]:
    """What the tiers of one line, at these rows, can't be."""
    for at in places[:-1][np.isinf(up_to[:-1])]:
        message = Sentence("this tier has no limit, so that the next one of the line is never reached.")
        yield "up_to", Fault(int(at), "", message, Sentence("Say how many units are in it."))
    if whole:
        for at, units in zip(places, up_to, strict=True):
            if np.isfinite(units) and units % 1:
                message = Sentence("units are whole, and the tier holds {units} of them.", units=float(units))
                yield "up_to", Fault(int(at), f"{units:g}", message, Sentence("Give a whole number."))
    if at_least > up_to.sum():
        message = Sentence(
            "at least {least} is above at most {most}.", least=at_least, most=float(up_to.sum())
        )
        remedy = Sentence("Swap them, or leave one out.")
        yield "at_least", Fault(int(places[0]), f"{at_least:g}", message, remedy)
