"""Several kinds of result in one table: one column for each kind, and each money once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mediaplan.history.records.records import COUNTS, DIMENSIONS, RESULT_PREFIX, History
from mediaplan.history.tables.tables import Cells
from mediaplan.words import Sentence

RESULT = "result"
"""The kind of results that no column and no cell names."""

CLICK = "click"
"""The kind of result where a table counts clicks only."""

THE_HISTORY, THE_CARD = Sentence("the history"), Sentence("the rate card")
THE_JUDGEMENTS, BOTH = Sentence("what is judged"), Sentence("the history or the rate card")
"""What kinds of result are counted in, as faults say it."""

_KEYS = ["date", "days", *DIMENSIONS, "hour", "currency"]


def kind_said(kind: str) -> str | Sentence:
    """How people read a kind of result: by its name, and where no table names it in their language."""
    return {RESULT: Sentence("result"), CLICK: Sentence("click")}.get(kind, kind)


def by_name(history: History) -> tuple[str, ...]:
    """Kinds of result that a goal may count where it names them: clicks that stand beside results."""
    clicked = CLICK not in history.kinds and bool(history.rows["clicks"].notna().any())
    return (CLICK,) if clicked else ()


def untyped(rows: pd.DataFrame, typed_rows: bool) -> pd.DataFrame:  # noqa: FBT001 - one fact about the table
    """Results under the name of their kind; clicks as results where nothing else is counted."""
    if any(str(column).startswith("results") for column in rows):
        return rows if typed_rows else rows.rename(columns={"results": RESULT_PREFIX + RESULT})
    return rows.assign(**{RESULT_PREFIX + CLICK: rows["clicks"]})


def fold_types(
    rows: pd.DataFrame, types: Cells, file: str | None
) -> tuple[pd.DataFrame, tuple[Sentence, ...]]:
    """Rows of one kind each become rows with a column for each kind; rows of one line and date become one.

    Spend and counts are added as they stand: where each kind's row repeats the spend, a warning says so.

    Args:
        rows: With `results` where `result_type` says of which kind they are.
        types: Shape (rows,), the kinds; NaN where the table says none.
        file: For warnings.

    Returns:
        The rows, and warnings.
    """
    if "results" not in rows:
        return _without_sum(rows, file)
    kinds = pd.Series(np.asarray(types, dtype=object), index=rows.index).fillna(RESULT)
    spread = rows.drop(columns="results")
    for kind in sorted(set(kinds)):
        counted = rows["results"].where(kinds == kind)
        column = RESULT_PREFIX + kind
        spread[column] = counted if column not in spread else spread[column].add(counted, fill_value=0)
    groups = spread.groupby(_KEYS, dropna=False, sort=False)
    several = kinds.groupby(groups.ngroup()).transform("nunique") > 1
    if not several.any():
        return spread, ()
    warnings = (_repeated(file),) if _repeats_spend(spread[several], groups.ngroup()[several]) else ()
    sums = [
        column for column in spread if column in ("spend", *COUNTS) or str(column).startswith(RESULT_PREFIX)
    ]
    return groups[sums].sum(min_count=1).reset_index()[list(spread)], warnings


def _repeats_spend(rows: pd.DataFrame, group: pd.Series) -> bool:
    """Whether nearly all lines with several kinds state the same spend for each."""
    spend = rows["spend"].groupby(group).agg(["min", "max"])
    return bool(((spend["min"] == spend["max"]) & (spend["max"] > 0)).mean() > 0.8)


def _repeated(file: str | None) -> Sentence:
    return Sentence(
        "{file}: the same spend stands on the row of each kind of result, and was added up; "
        "let it stand once.",
        file=file or "–",
    )


def _without_sum(rows: pd.DataFrame, file: str | None) -> tuple[pd.DataFrame, tuple[Sentence, ...]]:
    """Leave out a column of all results where it is the sum of those by kind."""
    whole = RESULT_PREFIX + RESULT
    others = [c for c in rows if str(c).startswith(RESULT_PREFIX) and c != whole]
    if whole not in rows or len(others) < 2 or not (rows[others].sum(axis=1) == rows[whole]).all():
        return rows, ()
    said = Sentence(
        "{file}: the column “results” is the sum of the results by kind, and was left out.", file=file or "–"
    )
    return rows.drop(columns=whole), (said,)
