"""A table of past plans becomes a Ledger; every fault is said at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mediaplan.errors import InputError, Problem
from mediaplan.history.columns.picking import pick
from mediaplan.history.files.decoding import decoded
from mediaplan.history.files.sources import Source
from mediaplan.history.rows.listings import Listing, refuse_others
from mediaplan.history.tables.dates import dates
from mediaplan.history.tables.tables import blank_faults, folded
from mediaplan.learning.ledger import Ledger, LedgerEntry
from mediaplan.words import Sentence

COLUMNS = ("plan", "start", "days", "promised", "delivered", "factor")
REQUIRED = ("plan", "start", "promised", "delivered")


def read_ledger(source: Source) -> Ledger:
    """The user's own past plans, from one table (a path, an upload or a DataFrame).

    Args:
        source: CSV, TSV, XLSX or Parquet with the columns `plan`, `start`, `promised`, `delivered`, and, where known,
            `days` and `factor`.

    Raises:
        InputError: Everything that is wrong, each with file, row, column, value and what to do.
    """
    table = decoded(source)[0]
    refuse_others(table, "plan", "ledger")
    listing = Listing(pick(table, _column), REQUIRED, "ledger")
    plans = listing.names("plan", required=True)
    start, faults = dates(listing.cells("start"))
    listing.fault("start", faults)
    figures = {name: listing.number(name) for name in ("promised", "delivered")}
    days = np.nan_to_num(listing.above_zero("days", whole=True), nan=1.0)
    factor = np.nan_to_num(listing.above_zero("factor"), nan=1.0)
    for name, blank in (
        ("start", np.isnat(start)),
        *((n, np.isnan(each)) for n, each in figures.items()),
    ):
        if name in listing.picks.columns and not faults:
            listing.fault(name, blank_faults(table, np.flatnonzero(blank)))
    listing.checked(COLUMNS)
    rows = zip(plans, start, days, figures["promised"], figures["delivered"], factor, strict=True)
    entries = tuple(
        LedgerEntry(str(plan), pd.Timestamp(day).date(), int(n), float(promised), float(delivered), float(f))
        for plan, day, n, promised, delivered, f in rows
    )
    return Ledger(_checked(entries, table.file))


def _checked(entries: tuple[LedgerEntry, ...], file: str | None) -> tuple[LedgerEntry, ...]:
    """The entries; a plan that stands there twice is a fault."""
    keys = [(entry.plan, entry.start) for entry in entries]
    twice = [entry for entry in dict.fromkeys(entries) if keys.count((entry.plan, entry.start)) > 1]
    if twice:
        raise InputError(
            *(
                Problem(
                    Sentence(
                        "the plan “{plan}” of {start} stands in this ledger twice.", plan=plan, start=start
                    ),
                    Sentence("Keep one row for each plan."),
                    file=file,
                    column="plan",
                    value=plan,
                )
                for plan, start in dict.fromkeys((entry.plan, entry.start) for entry in twice)
            )
        )
    return entries


def _column(header: str) -> str | None:
    name = folded(header)
    return name if name in COLUMNS else None
