"""A platform's report of money becomes the contract's columns; sums, custom columns and prices are left out.

In the river this stands between the decoded table and the rows of a History.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import Problem
from mediaplan.history.columns.columns import Columns, Named
from mediaplan.history.columns.picking import Picked, Picks, pick
from mediaplan.history.platforms.headers import mended
from mediaplan.history.platforms.naming import campaigns, dimensions
from mediaplan.history.platforms.periods import period_of
from mediaplan.history.platforms.recognising import Recognised
from mediaplan.history.platforms.results import counts_nothing, results_of
from mediaplan.history.platforms.totals import sums
from mediaplan.history.records.records import RESULT_PREFIX
from mediaplan.history.tables.cells import codes_of, is_nothing, letters_of, text_of
from mediaplan.history.tables.figures import Mark, mark_of, numbers
from mediaplan.history.tables.tables import Cells, Fault, Table, folded, placed
from mediaplan.money import decimals
from mediaplan.words import Sentence

MICROS = 1e6
"""Units of which one major unit of money holds a million, in programming interfaces."""

EXACT = 1e-3
"""Relative difference up to which a total row agrees with the rows below it."""


@dataclass(frozen=True, eq=False)
class Report:
    """A platform's table in the contract's columns.

    Attributes:
        picks: The columns of the rows that count.
        dropped: Rows that only repeat the money of others.
        problems: What is wrong with it so far.
        warnings: What deserves a word.
        campaigns: Names of the campaigns; empty where the file does not tell.
        currency: That the file states for all its money.
    """

    picks: Picks
    dropped: int
    problems: tuple[Problem, ...]
    warnings: tuple[Sentence, ...]
    campaigns: frozenset[str]
    currency: str | None

    @property
    def dated(self) -> bool:
        """Whether anything tells when the money was spent."""
        return "date" in self.picks.columns


def report_of(found: Recognised, table: Table, mapping: Columns | None) -> Report:
    """The columns of a platform's report.

    Args:
        found: What the table was recognised as.
        table: As decoded.
        mapping: Columns that the person says otherwise; they count before the platform's own.
    """
    whole = _mended(table) if found.broken else table
    left = sums(found, whole)
    kept = _rows(whole, ~left)
    period = period_of(found, kept, mapping.dates if mapping else "unclear")
    columns = {
        **period.columns,
        **dimensions(found, kept),
        **_figures(found, kept),
        **results_of(found, kept),
    }
    said, problems = pick(kept, lambda _: None, mapping), []
    if any(word == "results" or word.startswith(RESULT_PREFIX) for word in said.columns):
        columns = {word: picked for word, picked in columns.items() if not word.startswith("result")}
    columns |= said.columns
    problems += said.problems
    for name, faults in (*period.faults, *_broken_micros(found, kept, said)):
        problems += placed(kept, name, faults)
    warnings = [
        *_left_out(found, whole, left),
        *_derived(found, kept),
        *_unreported(found, kept),
        *_put_together(found, kept, mapping),
    ]
    return Report(
        picks=Picks(kept, columns),
        dropped=int(left.sum()),
        problems=tuple(problems),
        warnings=tuple(warnings),
        campaigns=campaigns(found, kept),
        currency=found.currency,
    )


def without_sums(found: Recognised, table: Table) -> Table:
    """The table without the rows that repeat the money of others, with a warning that says how many."""
    left = sums(found, table)
    return replace(_rows(table, ~left), warnings=(*table.warnings, *_left_out(found, table, left)))


def _mended(table: Table) -> Table:
    cells = []
    for column in table.cells:
        whole = np.empty(len(column), dtype=object)
        whole[:] = [mended(cell) if isinstance(cell, str) else cell for cell in column]
        cells.append(whole if column.dtype.kind == "O" else column)
    return replace(table, header=tuple(mended(name) for name in table.header), cells=tuple(cells))


def _rows(table: Table, kept: NDArray[np.bool_]) -> Table:
    return replace(table, cells=tuple(column[kept] for column in table.cells), rows=table.rows[kept])


def _figures(found: Recognised, table: Table) -> dict[str, Picked]:
    """Money and counts."""
    columns = {"spend": _spend(found, table)}
    for word in ("impressions", "reach", "currency"):
        if (place := found.first(word)) is not None:
            columns[word] = Picked(table.header[place], table.cells[place])
    clicks = [place for word in ("clicks", "all_clicks") for place in found.columns.get(word, ())]
    told = [place for place in clicks if not all(is_nothing(text_of(cell)) for cell in table.cells[place])]
    if clicks:
        place = (told or clicks)[0]
        columns["clicks"] = Picked(table.header[place], table.cells[place])
    if "currency" not in columns and found.currency is not None:
        codes = np.full(len(table.rows), found.currency, dtype=object)
        columns["currency"] = Picked("currency", codes, constant=True)
    return columns


def _spend(found: Recognised, table: Table) -> Picked:
    """The money of each row: as it stands, from millionths, or from its price for a thousand impressions."""
    place = found.first("spend")
    if place is not None:
        cells = _quiet(found, table, table.cells[place])
        return Picked(table.header[place], cells, mark=_mark(found, cells))
    place = found.first("spend_micros")
    if place is not None:
        return _scaled(table, place, 1 / MICROS, None)
    price, shown = found.first("cpm"), found.first("impressions")
    assert price is not None
    assert shown is not None
    times = numbers(table.cells[shown], whole=True)
    return _scaled(table, price, 1 / 1000, np.nan_to_num(times.array))


def _broken_micros(found: Recognised, table: Table, said: Picks) -> list[tuple[str, list[Fault]]]:
    """Cells that can't be millionths, because they hold parts of one."""
    place = found.first("spend_micros")
    if place is None or "spend" in found.columns or "spend" in said.columns:
        return []
    cells = table.cells[place]
    values = np.nan_to_num(numbers(cells, ".", money=True).array)
    message = Sentence("programming interfaces tell this money in millionths, and this is no whole number.")
    remedy = Sentence(
        "If somebody converted it, say so under [[columns]]: {line}", line=f'spend = "{table.header[place]}"'
    )
    faults = [Fault(int(at), text_of(cells[at]), message, remedy) for at in np.flatnonzero(values % 1)]
    return [(table.header[place], faults)]


def _scaled(table: Table, place: int, by: float, times: NDArray[np.float64] | None) -> Picked:
    """A column of numbers times a factor; where it can't be read, as it stands, to be refused as such."""
    read = numbers(table.cells[place], money=True)
    if read.faults:
        return Picked(table.header[place], table.cells[place])
    values = np.round(np.nan_to_num(read.array) * by * (1.0 if times is None else times), 8)
    return Picked(table.header[place], values)


def _quiet(found: Recognised, table: Table, cells: Cells) -> Cells:
    """Blank money is none where nothing was shown; elsewhere it stays blank."""
    blank = np.array([is_nothing(text_of(cell)) for cell in cells], dtype=bool)
    place = found.first("impressions")
    if not blank.any() or place is None:
        return cells
    shown = np.nan_to_num(numbers(table.cells[place], whole=True).array)
    filled = cells.astype(object)
    filled[blank & (shown == 0)] = "0"
    return filled


def _mark(found: Recognised, cells: Cells) -> Mark:
    """The decimal mark that the platform's own files use, for cells that have no other mark and prove none."""
    own = found.platform.decimals.get(found.language or "", found.platform.decimal)
    if own == "none" or mark_of(cells) != "unclear":
        return "none"
    marks = (letters_of(cells) or set()) & {".", ","}
    if marks == {own}:
        return own
    whole = found.currency is not None and decimals(found.currency) == 0
    return "." if whole and marks == {","} else "none"


def _left_out(found: Recognised, table: Table, left: NDArray[np.bool_]) -> list[Sentence]:
    """A word on the sums that were left out, and on a total that the other rows do not reach."""
    if not left.any():
        return []
    file = table.file or "–"
    said = [
        Sentence(
            "{file}: rows that are sums of the others (totals, “All”) were left out: {count}.",
            file=file,
            count=int(left.sum()),
        )
    ]
    place = found.first("spend")
    if place is None or found.platform.totals != "blank":
        return said
    money = np.nan_to_num(numbers(table.cells[place], ".", money=True).array)
    total, rest = money[left].max(), money[~left].sum()
    if abs(total - rest) > max(EXACT * total, 0.01 * len(money)):
        said.append(
            Sentence(
                "{file}: the rows hold {rest}, their total says {total}: some rows seem to be missing.",
                file=file,
                rest=float(rest),
                total=float(total),
            )
        )
    return said


def _derived(found: Recognised, table: Table) -> list[Sentence]:
    if "spend" in found.columns or "spend_micros" in found.columns:
        return []
    return [
        Sentence(
            "{file}: there is no column of money; it was worked out as impressions × cost per thousand / 1,000.",
            file=table.file or "–",
        )
    ]


def _unreported(found: Recognised, table: Table) -> list[Sentence]:
    if not len(table.rows) or not counts_nothing(found, table):
        return []
    return [
        Sentence(
            "{file}: no row counts a result: clicks count instead. By region or hour, platforms leave out results that "
            "happen outside of them.",
            file=table.file or "–",
        )
    ]


def _put_together(found: Recognised, table: Table, mapping: Columns | None) -> list[Sentence]:
    """A word on columns that break the money down by what plans don't know: regions, countries, devices."""
    origins = mapping.origins.values() if mapping else ()
    asked = {folded(name) for origin in origins if isinstance(origin, Named) for name in origin.columns}
    asked |= {folded(rule.origin) for rule in mapping.names} if mapping else set()
    names = [
        table.header[place]
        for word in ("country", "region", "device")
        for place in found.columns.get(word, ())
        if folded(table.header[place]) not in asked
        and sum(not is_nothing(text) for text in codes_of(table.cells[place])[1]) > 1
    ]
    if not names:
        return []
    return [
        Sentence(
            "{file}: the rows of each {columns} count together: plans know no such thing. To plan by it, take it for the "
            "audience or the channel under [[columns]]: {line}",
            file=table.file or "–",
            columns=tuple(Sentence("“{name}”", name=name) for name in names),
            line=f'audience = "{names[0]}"',
        )
    ]
