"""Rows of a platform's export that are sums of others: told by the platform's rule, never by their place."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.platforms.catalogue import OTHER
from mediaplan.history.platforms.headers import compared
from mediaplan.history.platforms.recognising import ALL, Recognised
from mediaplan.history.tables.cells import each, is_nothing
from mediaplan.history.tables.figures import numbers
from mediaplan.history.tables.tables import Cells, Table

BREAKDOWNS = (
    "old_campaign", "campaign", "group", "ad", "date", "week", "month", "hour", "age", "gender", "platform", "placement",
    "device", "country", "region",
)  # fmt: skip
"""Own words that say what a row is about."""

_IDENTITY = re.compile(r"(?:^|\W)(?:id|identifiant|identificador)(?:$|\W)")

NEAR = 1e-2
"""Relative difference up to which the money of a row called "Total" is the sum of the others."""

_FIRST = 3
_LABEL = re.compile(
    r"(?:grand )?(?:totals?|totaux|totales|totais|totaal|gesamt(?:summe|wert)?|insgesamt)"
    r"(?P<sure>\s?:.*|\s-.*|\s(?:of|de|von|van)\s[\d\s.,]+.*)?"
)
Mask = NDArray[np.bool_]


def sums(found: Recognised, table: Table) -> Mask:
    """The rows that repeat the money of others.

    Args:
        found: What the table was recognised as.
        table: All of its rows.

    Returns:
        Shape (rows,).
    """
    places = [place for word in BREAKDOWNS for place in found.columns.get(word, ())[:1]]
    dimensions = [table.cells[place] for place in places if not _says(table.cells[place], is_nothing).all()]
    dimensions = dimensions or _unknown_names(found, table)
    labelled = _labelled(found, table, dimensions)
    if found.platform.totals != "blank" or not dimensions:
        return labelled
    blank = _all([_says(column, is_nothing) for column in dimensions])
    blank &= ~blank.all()
    return np.asarray(labelled | blank | _rolled_up(found, table, dimensions, blank))


def _unknown_names(found: Recognised, table: Table) -> list[Cells]:
    """Columns that name something, though not one of the words above: objectives, formats, numbers of ads."""
    figures = {place for word, places in found.columns.items() if word != OTHER for place in places}
    columns = [(compared(name), table.cells[at]) for at, name in enumerate(table.header) if at not in figures]
    return [cells for name, cells in columns if _IDENTITY.search(name) or _is_text(cells)]


def _is_text(cells: Cells) -> bool:
    """Whether a column says something, and mostly without digits: prices, rates and days have some."""
    nothing = _says(cells, is_nothing)
    wordy = _says(cells, lambda text: not any(letter.isdigit() for letter in text))
    return not nothing.all() and bool((wordy & ~nothing).sum() > (~nothing).sum() / 2)


def _says(cells: Cells, what: object) -> Mask:
    return np.asarray(each(cells, what), dtype=bool)  # type: ignore[arg-type]


def _all(masks: Sequence[Mask]) -> Mask:
    return np.asarray(np.logical_and.reduce(list(masks)), dtype=bool)


def _labelled(found: Recognised, table: Table, dimensions: Sequence[Cells]) -> Mask:
    """Rows whose first cells hold the word "Total" and that name nothing else."""
    count = len(table.rows)
    label, sure = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    first = table.cells[:_FIRST]
    for column in first:
        label |= _says(column, lambda text: _label(text) is not None)
        sure |= _says(column, lambda text: (match := _label(text)) is not None and bool(match["sure"]))
    if not label.any():
        return label
    others = [*dimensions, *(table.cells[at] for at in found.columns.get(OTHER, ()) if at < _FIRST)]
    empty = _all(
        [_says(column, lambda text: is_nothing(text) or _label(text) is not None) for column in others]
    )
    named = len(others) > 1 or found.platform.kind == "posts"
    if found.platform.totals == "blank":  # its own totals say nothing: what bears such a name was called so
        sure, named = np.zeros(count, dtype=bool), False
    return np.asarray(label & empty & (sure | named | _is_the_rest(found, table, label)), dtype=bool)


def _label(text: str) -> re.Match[str] | None:
    return _LABEL.fullmatch(text.casefold().strip())


def _is_the_rest(found: Recognised, table: Table, label: Mask) -> Mask:
    """Whether the money of each labelled row is that of all rows without a label."""
    money = _money(found, table)
    rest = money[~label].sum()
    return np.asarray(np.abs(money - rest) <= NEAR * rest, dtype=bool)


def _rolled_up(found: Recognised, table: Table, dimensions: Sequence[Cells], blank: Mask) -> Mask:
    """Rows that say "All" where finer rows tell the same money; one without finer rows is money of its own."""
    alls = np.column_stack([_says(column, lambda text: text.casefold() in ALL) for column in dimensions])
    if not alls.any():
        return np.zeros(len(table.rows), dtype=bool)
    if len(dimensions) == 1:
        only = alls[:, 0]
        return only & ~blank & _is_the_rest(found, table, only | blank)
    codes = np.column_stack([_codes(column) for column in dimensions])
    parents = _parents(codes, alls, blank)
    return parents if _repeat(_money(found, table), parents, alls, blank) else np.zeros_like(parents)


def _parents(codes: NDArray[np.int64], alls: Mask, blank: Mask) -> Mask:
    """The rows below which finer rows stand: with the same names wherever they don't say "All"."""
    parents = np.zeros(len(codes), dtype=bool)
    patterns, of_row = np.unique(alls[~blank], axis=0, return_inverse=True)
    rows = np.flatnonzero(~blank)
    of_row = of_row.reshape(-1)
    for at, pattern in enumerate(patterns):
        finer = [p for p, other in enumerate(patterns) if p != at and not (other & ~pattern).any()]
        if not pattern.any() or not finer:
            continue
        below = {codes[row, ~pattern].tobytes() for row in rows[np.isin(of_row, finer)]}
        for row in rows[of_row == at]:
            parents[row] = codes[row, ~pattern].tobytes() in below
    return parents


def _repeat(money: NDArray[np.float64], parents: Mask, alls: Mask, blank: Mask) -> bool:
    """Whether the rows above others repeat their money, instead of bearing a name such as "Tous" by chance.

    A total row tells; without one, the rows above must hold what the finest rows do.
    """
    if not parents.any():
        return False
    named = ~blank & ~alls.all(axis=1)
    whole = money[blank | alls.all(axis=1)]
    if len(whole):
        total = whole.max()
        return bool(abs(money[named].sum() - total) > abs(money[named & ~parents].sum() - total))
    finest = money[named & ~alls.any(axis=1)].sum()
    upper = money[parents].sum()
    return bool(upper >= (1 - NEAR) * finest)


def _money(found: Recognised, table: Table) -> NDArray[np.float64]:
    place = found.first("spend")
    if place is None:
        return np.zeros(len(table.rows))
    return np.nan_to_num(numbers(table.cells[place], found.platform.decimal, money=True).array)


def _codes(cells: Cells) -> NDArray[np.int64]:
    names: dict[str, int] = {}
    return np.asarray(each(cells, lambda text: names.setdefault(text, len(names))), dtype=np.int64)
