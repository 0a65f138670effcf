"""Files are read to be looked at, before anybody plans with them: every file by itself, and all money once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from mediaplan.errors import InputError, Problem
from mediaplan.history.checking.checks import Check, Checked, Figures, Overlap
from mediaplan.history.checking.previews import UNKNOWN_DIGITS, names_of
from mediaplan.history.columns.columns import Columns, chosen, read_columns
from mediaplan.history.columns.kinds import CLICK
from mediaplan.history.columns.picking import pick
from mediaplan.history.files.large import Progress
from mediaplan.history.files.sources import Source, spread
from mediaplan.history.naming.proposing import NOTHING_KNOWN, Known
from mediaplan.history.overlaps.overlap import distinct
from mediaplan.history.overlaps.renewing import refreshed, repeated
from mediaplan.history.platforms.foreign import foreign, undated
from mediaplan.history.platforms.recognising import recognised
from mediaplan.history.reading.tabling import Tabled, added_up, emptied, read_each
from mediaplan.history.records.records import COUNTS, DIMENSIONS, RESULT_PREFIX
from mediaplan.history.records.views import View
from mediaplan.history.rows.listings import audience_rows, post_rows
from mediaplan.history.rows.parts import bare, read_part, read_report, without_rows
from mediaplan.history.rows.rows import Part
from mediaplan.history.tables.tables import Table, folded
from mediaplan.money import checked_currency, decimals
from mediaplan.words import Sentence

_LISTS = ("posts", "audiences")


def checked(
    *sources: Source,
    columns: tuple[Columns | Mapping[str, Any], ...] = (),
    currency: str | None = None,
    known: Known = NOTHING_KNOWN,
    progress: Progress | None = None,
) -> Check:
    """What each file holds, and all money once.

    Args:
        sources: As `read_history`, `read_posts` and `read_audiences` take them.
        columns: Mappings of foreign columns.
        currency: What money is in where nothing else tells.
        known: Words of the plan that names are compared with, besides those that the files list.
        progress: Told the share (0-1) of all files that was read.
    """
    maps = tuple(m if isinstance(m, Columns) else read_columns(m) for m in columns)
    code = None if currency is None else checked_currency(currency)
    read = read_each(spread(*sources), maps, lambda source, tabled: _read(source, tabled, code), progress)
    parts = [
        (file, part, content)
        for file, part, content in read
        if part is not None and file.usable and file.rows
    ]
    overlaps, totals = _once(parts, code)
    files = tuple(file for file, _, _ in read)
    rules = {file.file: said.names for file, part, _ in parts if (said := chosen(maps, part.table.file))}
    held = [(file.file, part, file.figures.currency) for file, part, _ in parts]
    names = names_of(held, {file: mine for file, mine in rules.items() if mine}, _known(files, known))
    return Check(files, overlaps, totals, names)


def _known(files: Sequence[Checked], known: Known) -> Known:
    """The plan's words that the files list, and those that are known otherwise."""
    listed = {
        kind: tuple(name for file in files if file.kind == kind for name in file.names) for kind in _LISTS
    }
    return replace(
        known, post=(*known.post, *listed["posts"]), audience=(*known.audience, *listed["audiences"])
    )


def _read(
    source: Source, tabled: Tabled | InputError, currency: str | None
) -> tuple[Checked, Part | None, bytes]:
    name = getattr(source, "name", None) or (
        str(source) if not isinstance(source, pd.DataFrame) else "DataFrame"
    )
    if isinstance(tabled, InputError):
        return Checked(str(name), problems=tabled.problems, usable=False), None, b""
    table, mapping = tabled.table, tabled.mapping
    plain = Checked(str(name), encoding=table.encoding)
    kind = _kind(table) if mapping is None or not mapping.speaks_of_columns else "history"
    if kind != "history":
        return _listed(plain, table, kind), None, b""
    part = read_part(table, mapping, currency, whole_money=currency is not None and decimals(currency) == 0)
    file, part = _history(replace(plain, kind=kind), part, table, mapping, currency)
    return file, emptied(part), tabled.content


def _kind(table: Table) -> str:
    """Of what a table tells, by its columns."""
    found = recognised(table.header, table.preamble)
    if found is not None:
        return found.platform.kind
    own = {folded(name) for name in table.header}
    if (
        "audience" in own
        and not own & {"date", "spend", "clicks", "results"}
        and own & {"size", "value", "channel"}
    ):
        return "audiences"
    return "posts" if "post" in own and not own & {"spend", "date"} else "history"


def _listed(plain: Checked, table: Table, kind: str) -> Checked:
    """A table of posts or of audiences."""
    found = recognised(table.header, table.preamble)
    read = post_rows if kind == "posts" else audience_rows
    shown = replace(
        plain,
        kind=kind,
        platform=found.platform.name if found else None,
        title=found.platform.title if found else None,
        language=found.language if found else None,
    )
    if not len(table.rows):
        return replace(shown, problems=(without_rows(table),))
    try:
        rows, origin = read(table)
    except InputError as error:
        return replace(shown, problems=error.problems, usable=False)
    kept = len(rows)
    days = rows["published"].dropna() if "published" in rows else pd.Series([], dtype="datetime64[us]")
    figures = Figures(
        first=pd.Timestamp(days.min()).date() if len(days) else None,
        last=pd.Timestamp(days.max()).date() if len(days) else None,
    )
    return replace(
        shown,
        rows=kept,
        dropped=len(table.rows) - kept,
        figures=figures,
        warnings=origin.warnings,
        names=tuple(rows["post" if kind == "posts" else "audience"]),
    )


def _history(
    plain: Checked, part: Part, table: Table, mapping: Columns | None, currency: str | None
) -> tuple[Checked, Part]:
    """A table of money; what is only still to be said (its period, its currency) does not keep it from being read."""
    asked: tuple[Problem, ...] = ()
    if part.found is not None and any(problem == undated(table) for problem in part.problems):
        asked = (undated(table),)
        whole = currency is not None and decimals(currency) == 0
        part = read_report(part.found, table, mapping, currency, whole_money=whole, dated=False)
    shown = replace(
        plain,
        platform=part.platform.name if part.platform else None,
        title=part.platform.title if part.platform else None,
        language=part.found.language if part.found else None,
        rows=part.counted,
        dropped=part.dropped,
        warnings=(*added_up([part]), *part.warnings),
    )
    if part.problems:
        empty = part.problems[-1] == without_rows(part.table) or bare(table) is not None
        kept = len(part.problems) == 1 and empty and (part.platform is not None or "date" in _own(table))
        kind = "" if part.platform is None and foreign(table.header) else shown.kind
        return replace(shown, kind=kind, problems=part.problems, usable=kept), part
    figures = _figures([part.rows], currency)
    if figures.currency is None and len(figures.spend) == 1:
        asked = (*asked, _no_currency(table))
    by_hour = part.rows["hour"].notna().any()
    dimensions = tuple(d for d in DIMENSIONS if part.rows[d].notna().any() or (d == "slot" and by_hour))
    return replace(shown, figures=figures, dimensions=dimensions, problems=asked), part


def _own(table: Table) -> set[str]:
    return set(pick(table, folded).columns)


def _no_currency(table: Table) -> Problem:
    return table.problem(
        Sentence("nothing says which currency this money is in."),
        Sentence("State the currency, or add a column “currency” with codes such as XOF or EUR."),
        column="currency",
    )


def _figures(tables: Sequence[pd.DataFrame], currency: str | None) -> Figures:
    """Money and counts of all rows of some tables that have a column `currency`."""
    rows = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]
    codes = rows["currency"].fillna(currency or "")
    ends = rows["date"] + pd.to_timedelta(rows["days"] - 1, unit="D")
    known = rows["date"].notna().any()
    kinds = sorted(str(column) for column in rows.columns if str(column).startswith(RESULT_PREFIX))
    if kinds == [RESULT_PREFIX + CLICK] and rows[kinds[0]].equals(rows["clicks"].rename(kinds[0])):
        kinds = []
    return Figures(
        first=pd.Timestamp(rows["date"].min()).date() if known else None,
        last=pd.Timestamp(ends.max()).date() if known else None,
        spend={str(code): _money(rows["spend"][codes == code], str(code)) for code in sorted(set(codes))},
        counts={
            name: math.fsum(rows[name].dropna()) if rows[name].notna().any() else None
            for name in COUNTS
            if name != "reach"
        },
        results={
            kind.removeprefix(RESULT_PREFIX): math.fsum(rows[kind].dropna())
            for kind in kinds
            if rows[kind].notna().any()
        },
    )


def _money(amounts: pd.Series[float], currency: str) -> str:
    """The sum, rounded half up to the currency's digits, as text."""
    digits = decimals(currency) if currency else UNKNOWN_DIGITS
    return str(Decimal(math.fsum(amounts)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _once(
    parts: Sequence[tuple[Checked, Part, bytes]], currency: str | None
) -> tuple[tuple[Overlap, ...], Figures]:
    """Which files tell of the same money, and all of it once; of each currency by itself."""
    overlaps: list[Overlap] = []
    kept: list[pd.DataFrame] = []
    views: dict[str, list[View]] = {}
    for file, part, content in parts:
        code = next(iter(file.figures.spend), "") if len(file.figures.spend) == 1 else None
        if code is None or part.rows["date"].isna().any():
            kept.append(part.rows)
            continue
        name = part.platform.name if part.platform else None
        views.setdefault(code, []).append(View(file.file, part.rows, content, name, part.campaigns))
    for code, mine in views.items():
        twins = {id(view): problem for view, problem in _twins(mine)}
        overlaps += [_twin(view, twins[id(view)]) for view in mine if id(view) in twins]
        renewed = refreshed([view for view in mine if id(view) not in twins], code or "XXX")
        told, said = renewed.views, renewed.warnings
        apart = distinct(told, code or "XXX")
        sentences = [*said, *apart.warnings, *(problem.message for problem in apart.problems)]
        overlaps += [Overlap(_named(sentence, apart.problems), sentence) for sentence in sentences]
        kept += [view.rows for view in apart.kept]
    return tuple(overlaps), _figures(kept, currency) if kept else Figures()


def _twins(views: Sequence[View]) -> list[tuple[View, Problem]]:
    by_name = {problem.file: problem for problem in repeated(views)}
    seen: set[str] = set()
    found = []
    for view in reversed(views):
        if view.name in by_name and view.name not in seen:
            found.append((view, by_name[view.name]))
            seen.add(view.name)
    return found


def _twin(view: View, problem: Problem) -> Overlap:
    return Overlap((str(problem.message.values["other"]), view.name), problem.message)


def _named(sentence: Sentence, doubts: Sequence[Problem]) -> tuple[str, ...]:
    """The files that a sentence on overlaps names."""
    names: list[str] = []
    for problem in doubts:
        if problem.message is sentence and problem.file:
            names += problem.file.split(", ")
    for key in ("files", "older", "newer", "others"):
        value = sentence.values.get(key, ())
        names += [value] if isinstance(value, str) else [str(name) for name in value]
    return tuple(dict.fromkeys(names))
