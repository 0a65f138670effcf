"""One table becomes what it gives to a History: a platform's export, or a table of the contract or of a mapping."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from mediaplan.errors import Problem
from mediaplan.history.columns.columns import HISTORY, Columns
from mediaplan.history.columns.picking import Picks, missing, pick, with_names
from mediaplan.history.platforms.catalogue import Platform
from mediaplan.history.platforms.foreign import misplaced, undated
from mediaplan.history.platforms.naming import levels_of
from mediaplan.history.platforms.recognising import Recognised, empty_report, recognised
from mediaplan.history.platforms.reports import report_of, without_sums
from mediaplan.history.records.records import RESULT_PREFIX
from mediaplan.history.rows.own_tables import misgiven
from mediaplan.history.rows.rows import Part, rows_of
from mediaplan.history.tables.tables import Table, folded, tidy
from mediaplan.money import decimals
from mediaplan.words import Sentence

_RESULT_LIKE = re.compile(r"results?\s*[:_\- ]\s*(.*)")


def history_column(header: str) -> str | None:
    """The contract column that a header names: one of `HISTORY`, or `results:<type>`, the type as it stands."""
    name = folded(header)
    if name in HISTORY:
        return name
    kind = tidy(header.partition(":")[2])
    return RESULT_PREFIX + kind if name.startswith(RESULT_PREFIX) and kind else None


def wanted_by(mapping: Columns | None) -> Callable[[str], str | None]:
    """Which columns matter: those of the contract, and those whose names the mapping's rules read."""
    names = {folded(rule.origin) for rule in mapping.names} if mapping else set()
    return lambda header: history_column(header) or (folded(header) if folded(header) in names else None)


def read_part(table: Table, mapping: Columns | None, currency: str | None, *, whole_money: bool) -> Part:
    """The rows of one history table.

    Args:
        table: As decoded.
        mapping: Where its own names differ from the contract's.
        currency: The brief's, for signs such as `$` that several currencies use.
        whole_money: Whether that currency has no minor unit, so that "1,500" of spend can only be thousands.
    """
    found = recognised(table.header, table.preamble)
    by_hand = mapping is not None and "spend" in mapping.origins
    if found is not None and found.platform.kind == "history":
        if not by_hand:
            return read_report(found, table, mapping, currency, whole_money=whole_money)
        table = without_sums(found, table)
    columns = mapping if mapping is not None and mapping.speaks_of_columns else None
    picks = pick(table, history_column, columns)
    if not by_hand and (wrong := misplaced(found, table) or misgiven(table, "history")):
        return Part(table, pd.DataFrame(), (wrong,), ())
    if not by_hand and not {"date", "spend"} & set(picks.columns) and bare(table) is not None:
        return Part(table, pd.DataFrame(), (without_rows(table),), (), platform=bare(table))
    problems = _column_problems(picks, mapped=columns is not None)
    if not len(table.rows):
        problems.append(without_rows(table))
        return Part(table, pd.DataFrame(), tuple(problems), ())
    if mapping is not None:
        picks = with_names(picks, mapping.names, {})
    return rows_of(picks, problems, currency, whole_money=whole_money, mapping=mapping)


def read_report(
    found: Recognised,
    table: Table,
    mapping: Columns | None,
    currency: str | None,
    *,
    whole_money: bool,
    dated: bool = True,
) -> Part:
    """The rows of a platform's export.

    Args:
        found: What it was recognised as.
        table: As decoded.
        mapping: What the person says of its columns, before the platform's own.
        currency: The brief's.
        whole_money: Whether that currency has no minor unit.
        dated: Whether it must tell when the money was spent.
    """
    report = report_of(found, table, mapping)
    kept, problems = report.picks.table, list(report.problems)
    part = Part(
        kept,
        pd.DataFrame(),
        (*problems, without_rows(table)),
        report.warnings,
        found=found,
        platform=found.platform,
        campaigns=report.campaigns,
        counted=len(kept.rows) + (kept.added_up or 0),
        dropped=report.dropped,
        added=kept.added_up or 0,
    )
    if not len(kept.rows):
        return part
    if dated and not report.dated:
        problems.append(undated(table))
    if report.currency is not None:
        whole_money = decimals(report.currency) == 0
    read = rows_of(
        with_names(report.picks, mapping.names if mapping else (), levels_of(found, kept)),
        problems,
        currency,
        whole_money=whole_money,
        whole_sums=False,
        mapping=mapping,
    )
    return replace(
        part,
        rows=read.rows,
        problems=read.problems,
        warnings=(*report.warnings, *read.warnings),
        names=read.names,
        about=read.about,
    )


def bare(table: Table) -> Platform | None:
    """The platform that exported nothing but its title, if this is what the table holds."""
    return None if len(table.rows) or len(table.header) > 1 else empty_report(table.preamble)


def without_rows(table: Table) -> Problem:
    """The fault of a table that holds no row."""
    message = Sentence("this table has a header and no rows.")
    return table.problem(message, Sentence("Export it again with its rows, or leave it out."))


def _column_problems(picks: Picks, *, mapped: bool) -> list[Problem]:
    problems = list(picks.problems)
    problems += [missing(picks, column) for column in ("date", "spend") if column not in picks.columns]
    counted = any(name in ("clicks", "results") or name.startswith(RESULT_PREFIX) for name in picks.columns)
    if not mapped:
        for header in picks.unknown:
            match = _RESULT_LIKE.fullmatch(folded(header))
            if match:
                counted = True
                message = Sentence("“{header}” is no column of a history.", header=header)
                remedy = Sentence("Is it “{column}”? Rename it.", column=RESULT_PREFIX + (match[1] or "lead"))
                problems.append(picks.table.problem(message, remedy, column=header))
    if not counted and not any(problem.column in ("clicks", "results") for problem in problems):
        problems.append(missing(picks, "results"))
    return problems
