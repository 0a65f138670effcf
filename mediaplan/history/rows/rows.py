"""The columns of one table become rows of a History: every cell read, every fault kept with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import Problem
from mediaplan.history.columns.columns import HISTORY, Columns
from mediaplan.history.columns.currencies import row_currencies
from mediaplan.history.columns.kinds import fold_types, untyped
from mediaplan.history.columns.picking import Picks, misspelt
from mediaplan.history.naming.applying import money_of_names, naming_of
from mediaplan.history.naming.describing import about_posts
from mediaplan.history.naming.rules import OF_POST
from mediaplan.history.platforms.catalogue import Platform
from mediaplan.history.platforms.recognising import Recognised
from mediaplan.history.records.records import COUNTS, DIMENSIONS, RESULT_PREFIX
from mediaplan.history.rows.repeats import repeated_rows
from mediaplan.history.rows.sums import sum_rows
from mediaplan.history.tables.cells import hours, names, text_of
from mediaplan.history.tables.dates import dates
from mediaplan.history.tables.figures import Mark, Numbers, hint_of, numbers
from mediaplan.history.tables.tables import Cells, Fault, Table, blank_faults, cut_off, placed
from mediaplan.words import Sentence

MOST_DAYS = 3660
"""Days that a row may cover at the most."""

_DAMAGED_NAME = re.compile(r"[0-9][.,][0-9]+E\+[0-9]{2}")


@dataclass(frozen=True, eq=False)
class Part:
    """What one source gives to a History.

    Attributes:
        table: The table that was read, without rows that a platform's rule tells to be sums.
        rows: As `History.rows`, and `currency` (ISO code, or NaN where the table says none).
        problems: Everything that is wrong with it; with any, `rows` is not to be used.
        warnings: What deserves a word.
        platform: Whose export it is; `None` for a table of the contract or of a mapping.
        found: What its columns were recognised as.
        campaigns: Names of its campaigns, where it tells.
        counted: Rows of the file that count.
        added: Those of them that were added to others of the same dates and names when the file was read.
        dropped: Rows of the file that repeat the money of others.
        names: The money of each combination of the names of ads, ad sets and campaigns, and of what rules for names
            read: a column of text for each, and `spend`; `None` where the table has none of them.
        about: What rules for names say of posts: by fact (`format`, `topic`) and post.
    """

    table: Table
    rows: pd.DataFrame
    problems: tuple[Problem, ...]
    warnings: tuple[Sentence, ...]
    platform: Platform | None = None
    found: Recognised | None = None
    campaigns: frozenset[str] = frozenset()
    counted: int = 0
    dropped: int = 0
    added: int = 0
    names: pd.DataFrame | None = None
    about: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def rows_of(
    picks: Picks,
    problems: Sequence[Problem],
    currency: str | None,
    *,
    whole_money: bool,
    whole_sums: bool = True,
    mapping: Columns | None = None,
) -> Part:
    """The rows of one table.

    Args:
        picks: Its columns.
        problems: What was found wrong with them.
        currency: The brief's, for signs such as `$` that several currencies use.
        whole_money: Whether the money has no minor unit, so that "1,500" of it can only be thousands.
        whole_sums: Whether rows that are sums of all others are still to be found.
        mapping: How its dates and numbers are written, where its cells don't tell.
    """
    said = mapping or Columns()
    return _Draft(
        picks, list(problems), currency, said, whole_money=whole_money, whole_sums=whole_sums
    ).part()


@dataclass(eq=False)
class _Draft:
    """The reading of one table, column by column."""

    picks: Picks
    problems: list[Problem]
    currency: str | None
    said: Columns
    whole_money: bool
    whole_sums: bool
    faults: list[tuple[str, list[Fault]]] = field(default_factory=list)
    warnings: list[Sentence] = field(default_factory=list)
    hint: Mark = "none"

    def part(self) -> Part:
        table = self.picks.table
        self.hint = hint_of([picked.cells for name, picked in self.picks.columns.items() if _is_number(name)])
        rows, types = self.rows()
        left = self.left_out(rows) if self.whole_sums else np.zeros(len(rows), dtype=bool)
        blank = rows["spend"].isna().to_numpy()
        again = blank & _repeats(rows, types)
        self.require("spend", blank & ~again)
        rows.loc[again, "spend"] = 0.0
        for column, faults in self.faults:
            self.problems += placed(table, column, [fault for fault in faults if not left[fault.at]])
        self.warn_of_headers()
        if self.problems:
            return Part(table, rows, tuple(self.problems), (), counted=len(table.rows))
        names = self.names_of_money(rows, ~left)
        twice = repeated_rows(table, rows["spend"].to_numpy(dtype=float), ~left)
        facts = {fact: self.names(fact)[~left] for fact in OF_POST if fact in self.picks.columns}
        about = about_posts(rows["post"][~left], facts)
        rows, said = fold_types(rows[~left], types[~left], table.file)
        said = (*cut_off(table, ~left), *said)
        return Part(
            table,
            rows.reset_index(drop=True),
            (),
            (*table.warnings, *self.warnings, *twice, *said),
            counted=int((~left).sum()) + (table.added_up or 0),
            added=table.added_up or 0,
            dropped=int(left.sum()),
            names=names,
            about=about,
        )

    def names_of_money(self, rows: pd.DataFrame, kept: NDArray[np.bool_]) -> pd.DataFrame | None:
        """The money of each combination of names, with a warning about what no rule reads."""
        origins, rules = self.picks.origins, self.picks.rules
        if not origins and not rules:
            return None
        shown = dict(origins) or {rules[0].origin: np.full(len(rows), "", dtype=object)}
        spend = rows["spend"].to_numpy(dtype=float)
        names = money_of_names({name: cells[kept] for name, cells in shown.items()}, spend[kept])
        said = naming_of(rules, names).warning(self.picks.table.file) if rules else None
        self.warnings += [] if said is None else [said]
        return names

    def rows(self) -> tuple[pd.DataFrame, Cells]:
        """The columns of `History.rows`, and each row's kind of result."""
        count = len(self.picks.table.rows)
        data: dict[str, object] = {"date": self.dates(), "days": self.days()}
        data |= {dimension: self.names(dimension) for dimension in DIMENSIONS}
        data["hour"] = self.hours()
        coded = "currency" in self.picks.columns and not self.picks.columns["currency"].constant
        spend = self.number("spend", whole=self.whole_money and not coded)
        data["spend"] = spend.array
        data |= {column: self.number(column, whole=True).array for column in COUNTS}
        for column in self.picks.columns:
            if column == "results" or column.startswith(RESULT_PREFIX):
                # Platforms leave the cell empty where there was no result for the money; a row that is cut off does not say.
                results = self.number(column).array
                data[column] = np.where(np.isnan(results) & ~self.picks.table.is_cut, 0.0, results)
        codes, wrong = row_currencies(self.picks, spend.signs, self.currency)
        self.faults += wrong
        data["currency"] = codes
        rows = untyped(pd.DataFrame(data, index=range(count)), "result_type" in self.picks.columns)
        return rows, self.names("result_type").to_numpy(dtype=object)

    def cells(self, column: str) -> tuple[str, Cells] | None:
        picked = self.picks.columns.get(column)
        return None if picked is None else (picked.name, picked.cells)

    def dates(self) -> NDArray[np.datetime64]:
        found = self.cells("date")
        if found is None:
            return np.full(len(self.picks.table.rows), np.datetime64("NaT", "us"))
        days, faults = dates(found[1], self.said.dates)
        self.faults.append((found[0], faults))
        blank = np.isnat(days)
        blank[np.array([fault.at for fault in faults], dtype=np.intp)] = False
        self.require("date", blank)
        return days

    def require(self, column: str, blank: NDArray[np.bool_]) -> None:
        """Every row needs a cell here; those that hold something unreadable have a fault of their own."""
        picked = self.picks.columns.get(column)
        if picked is None or picked.broken:
            return
        said = {fault.at for name, faults in self.faults if name == picked.name for fault in faults}
        missing_at = [int(at) for at in np.flatnonzero(blank) if at not in said]
        self.faults.append((picked.name, blank_faults(self.picks.table, missing_at)))

    def days(self) -> NDArray[np.int64]:
        read = self.number("days", whole=True)
        found = self.cells("days")
        values = np.where(np.isnan(read.array), 1.0, read.array)
        wrong = np.flatnonzero((values != np.floor(values)) | (values < 1) | (values > MOST_DAYS))
        if found:
            faults = [
                Fault(
                    int(at),
                    text_of(found[1][at]),
                    Sentence("a row can't cover {days} days.", days=text_of(found[1][at])),
                    Sentence("Give a whole number of days, from 1 to 3660."),
                )
                for at in wrong
            ]
            self.faults.append((found[0], faults))
        values[wrong] = 1
        return values.astype(np.int64)

    def names(self, column: str) -> pd.Series[str]:
        found = self.cells(column)
        if found is None:
            return pd.Series(np.nan, index=range(len(self.picks.table.rows)), dtype="str")
        values = names(found[1])
        if column == "post":
            damaged = [name for name in dict.fromkeys(values) if _DAMAGED_NAME.fullmatch(str(name))]
            if damaged:
                self.warnings.append(
                    Sentence(
                        "{file}: names such as “{name}” were shortened by a spreadsheet; "
                        "posts may be mixed up.",
                        file=self.picks.table.file or "–",
                        name=damaged[0],
                    )
                )
        return pd.Series(values, dtype="str")

    def hours(self) -> NDArray[np.float64]:
        found = self.cells("hour")
        if found is None:
            return np.full(len(self.picks.table.rows), np.nan)
        values, faults = hours(found[1])
        self.faults.append((found[0], faults))
        return values

    def number(self, column: str, *, whole: bool = False) -> Numbers:
        """A column of numbers that can't be negative; NaN all over where the table lacks it."""
        found = self.cells(column)
        if found is None:
            return Numbers(np.full(len(self.picks.table.rows), np.nan))
        name, cells = found
        own = self.picks.columns[column].mark
        hint = next((mark for mark in (self.said.decimal, own) if mark != "none"), self.hint)
        read = numbers(cells, hint, whole=whole, money=column == "spend")
        self.faults.append((name, read.faults))
        if column != "days":
            self.faults.append((name, negatives(cells, read.array)))
        return read

    def left_out(self, rows: pd.DataFrame) -> NDArray[np.bool_]:
        """The sum rows, with a warning that says how much money they repeat."""
        own = [
            d for d in (*DIMENSIONS, "hour") if d in self.picks.columns and not self.picks.columns[d].constant
        ]
        date = self.picks.columns.get("date")
        left = sum_rows(rows, own, None if date is None or date.constant else date.cells)
        if left.any():
            self.warnings.append(
                Sentence(
                    "{file}: {count} sum rows ({amount}) were left out: "
                    "they repeat the money of the other rows.",
                    file=self.picks.table.file or "–",
                    count=int(left.sum()),
                    amount=float(rows["spend"][left].sum()),
                )
            )
        return left

    def warn_of_headers(self) -> None:
        for header, column in misspelt(self.picks, HISTORY):
            self.warnings.append(
                Sentence(
                    "{file}: the column “{header}” was not read; did you mean “{column}”?",
                    file=self.picks.table.file or "–",
                    header=header,
                    column=column,
                )
            )


def negatives(cells: Cells, values: NDArray[np.float64]) -> list[Fault]:
    """A fault for every number below zero."""
    return [
        Fault(
            int(at),
            text_of(cells[at]),
            Sentence("{value} is negative.", value=text_of(cells[at])),
            Sentence(
                "Money and counts can't be negative: correct it, or delete the row if it undoes another."
            ),
        )
        for at in np.flatnonzero(values < 0)
    ]


def _is_number(column: str) -> bool:
    return column in ("spend", "results", *COUNTS) or column.startswith(RESULT_PREFIX)


def _repeats(rows: pd.DataFrame, types: Cells) -> NDArray[np.bool_]:
    """Rows of one more kind of result, whose money stands on another row of the same line and date."""
    if pd.isna(np.asarray(types, dtype=object)).all():
        return np.zeros(len(rows), dtype=bool)
    keys = ["date", "days", *DIMENSIONS, "hour"]
    return np.asarray(rows.groupby(keys, dropna=False)["spend"].transform("count") > 0)
