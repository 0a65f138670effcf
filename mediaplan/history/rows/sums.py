"""Rows that are sums of the others: exports carry totals and subtotals, which would count money twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.tables.cells import each, is_nothing
from mediaplan.history.tables.tables import Cells

_SUM_WORDS = {
    "total",
    "totals",
    "totaux",
    "grand total",
    "total général",
    "all",
    "tous",
    "toutes",
    "tout",
    "sum",
    "somme",
}


def sum_rows(rows: pd.DataFrame, dimensions: list[str], date_cells: Cells | None) -> NDArray[np.bool_]:
    """The rows that only repeat the money of others: of all of them, or of all of one date.

    Such a row names nothing (its dimensions are blank or say "Total") while others do, or has no date but
    "Total", and its spend is the sum of the others', to a cent and a millionth.

    Args:
        rows: Columns `date`, `spend` and `dimensions`.
        dimensions: Columns of the file that break its money down.
        date_cells: The dates as they stand; `None` where a mapping gives one for all.
    """
    count = len(rows)
    empty = np.ones(count, dtype=bool)
    for dimension in dimensions:
        blank = rows[dimension].isna().to_numpy()
        empty &= blank if dimension == "hour" else blank | _says_sum(rows[dimension].to_numpy(dtype=object))
        if not empty.any():
            return empty
    undated = np.zeros(count, dtype=bool)
    missing = rows["date"].isna().to_numpy()
    if date_cells is not None and missing.any():
        undated[missing] = _says_sum(date_cells[missing], blank=True)
    spend = rows["spend"].to_numpy(dtype=float)
    possible = empty & (spend > 0)
    said = possible & _says(rows, dimensions, date_cells)
    if (empty | undated).all():
        possible &= undated if (possible & undated).any() else said
    if not possible.any() or possible.all():
        return np.zeros(count, dtype=bool)
    return _of_all(spend, possible, said) | _of_dates(rows["date"], spend, possible)


def _says(rows: pd.DataFrame, dimensions: list[str], date_cells: Cells | None) -> NDArray[np.bool_]:
    """Rows that say "Total" in a word, not only by saying nothing."""
    named = [_says_sum(rows[d].to_numpy(dtype=object)) for d in dimensions if d != "hour"]
    if date_cells is not None:
        named.append(_says_sum(date_cells))
    return np.asarray(np.logical_or.reduce([np.zeros(len(rows), dtype=bool), *named]), dtype=bool)


def _says_sum(cells: Cells, *, blank: bool = False) -> NDArray[np.bool_]:
    def read(text: str) -> bool:
        word = text.casefold().rstrip(" :")
        return word in _SUM_WORDS or (blank and is_nothing(text))

    return np.asarray(each(cells, read), dtype=bool)


def _near(one: NDArray[np.float64], other: NDArray[np.float64] | float) -> NDArray[np.bool_]:
    # A cent is no sum of nothing.
    return np.asarray((np.abs(one - other) <= 0.01 + 1e-6 * np.abs(other)) & (np.asarray(other) > 0))


def _of_all(
    spend: NDArray[np.float64], possible: NDArray[np.bool_], said: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Sums of all other rows, or of all that are none themselves."""
    money = np.nan_to_num(spend)
    beside = possible & _near(money, float(money.sum()) - money)
    if (beside & said).sum() == 1:  # what it repeats is no sum, however blank
        return beside & said
    if beside.sum() > 1:  # two rows alike, and nothing else: neither repeats the other
        beside[:] = False
    return (possible & _near(money, float(money[~possible].sum()))) | beside


def _of_dates(dates: pd.Series, spend: NDArray[np.float64], possible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Subtotals of dates: only where every row that may be one is one, and there are several."""
    dated = possible & dates.notna().to_numpy()
    others = (
        pd.Series(np.where(possible, 0.0, np.nan_to_num(spend))).groupby(dates.to_numpy()).transform("sum")
    )
    of_date = dated & _near(np.nan_to_num(spend), others.to_numpy(dtype=float))
    return of_date if of_date.sum() > 1 and of_date.sum() == dated.sum() else np.zeros(len(spend), dtype=bool)
