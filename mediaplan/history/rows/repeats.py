"""Rows that stand twice in one file, word for word: they may be two boosts alike, or one that was pasted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.tables.cells import codes_of
from mediaplan.history.tables.tables import MOST_LINES, Table
from mediaplan.words import Sentence


def repeated_rows(table: Table, spend: NDArray[np.float64], kept: NDArray[np.bool_]) -> tuple[Sentence, ...]:
    """A warning about rows all of whose cells, read or not, stand in a row before them.

    They count all the same: nothing tells whether the money was spent once or twice. Rows without money do no harm and
    are not named.

    Args:
        table: Whose rows were not added up to others before.
        spend: Shape (rows,), money.
        kept: Shape (rows,), whether each row counts.
    """
    places = np.flatnonzero(kept & (spend > 0))
    if table.added_up is not None or len(places) < 2:
        return ()
    alike = pd.Series(spend[places]).duplicated(keep=False).to_numpy()
    places = places[alike]
    codes = {at: _codes(column[places]) for at, column in enumerate(table.cells)}
    again = places[pd.DataFrame(codes, index=range(len(places))).duplicated().to_numpy()]
    if not len(again):
        return ()
    lines = tuple(str(line) for line in table.rows[again[:MOST_LINES]])
    return (
        Sentence(
            "{file}: rows that repeat an earlier one word for word: {count} ({amount}; lines {lines}). They were counted; "
            "delete them if they are there by mistake.",
            file=table.file or "–",
            count=len(again),
            amount=float(spend[again].sum()),
            lines=lines + (("…",) if len(again) > MOST_LINES else ()),
        ),
    )


def _codes(cells: NDArray[np.generic]) -> NDArray[np.generic]:
    return cells if cells.dtype.kind in "iufM" else codes_of(cells)[0]
