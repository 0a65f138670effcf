"""The results that a platform's table counts: by the kind that each row names, else by its columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.columns.picking import Picked
from mediaplan.history.platforms.recognising import Recognised
from mediaplan.history.records.records import RESULT_PREFIX
from mediaplan.history.tables.cells import codes_of, each, is_nothing
from mediaplan.history.tables.figures import Mark, mark_of, numbers
from mediaplan.history.tables.tables import Cells, Table

_MIXED = {"mixed", "multiple", "mixte"}


def results_of(found: Recognised, table: Table) -> dict[str, Picked]:
    """The columns `results` and `result_type`, or `results:<kind>`; none where no row counts a result.

    Results of a kind that each row names count before all others, which tell them again in columns of their own. Then
    come columns of one kind, then results whose kind nothing says.
    """
    held = {
        word: place
        for word in ("results", "result_type")
        if (place := _filled(found, table, word)) is not None
    }
    if len(held) == 2:
        kinds = _kinds(found, table, held["result_type"])
        return {
            "results": _counts(found, table, held["results"]),
            "result_type": Picked(table.header[held["result_type"]], kinds),
        }
    own = {
        word: _counts(found, table, place)
        for word in found.columns
        if word.startswith(RESULT_PREFIX) and (place := _filled(found, table, word)) is not None
    }
    counted = {word: picked for word, picked in own.items() if np.nansum(_numbers(picked.cells)) > 0}
    if not counted and "results" in held:
        return {"results": _counts(found, table, held["results"])}
    return own


def _counts(found: Recognised, table: Table, place: int) -> Picked:
    """A column of counts; where "1,234" proves no decimal mark, the one of the platform or the language counts."""
    cells = table.cells[place]
    usual: Mark = "." if found.language in (None, "en") else ","
    own = found.platform.decimals.get(found.language or "", found.platform.decimal)
    mark: Mark = "none"
    if mark_of(cells) == "unclear":
        mark = usual if own == "none" else own
    return Picked(table.header[place], cells, mark=mark)


def counts_nothing(found: Recognised, table: Table) -> bool:
    """Whether the table has columns of results, and no row that counts one."""
    words = [word for word in found.columns if word == "results" or word.startswith(RESULT_PREFIX)]
    return bool(words) and not results_of(found, table)


def _numbers(cells: Cells) -> Cells:
    return numbers(cells, ".").array


def _filled(found: Recognised, table: Table, word: str) -> int | None:
    """The first column of that word that says anything."""
    for place in found.columns.get(word, ()):
        if not all(each(table.cells[place], is_nothing)):
            return place
    return None


def _kinds(found: Recognised, table: Table, types: int) -> Cells:
    """Each row's kind; of rows without results it is that of the same ad, else ad set, campaign, else of most rows.

    A platform leaves kind and count empty where money brought nothing: that is none of what was wanted.
    """
    written = each(
        table.cells[types], lambda text: None if is_nothing(text) or text.casefold() in _MIXED else text
    )
    codes, kinds = pd.factorize(written)
    if not len(kinds) or (codes >= 0).all():
        return written
    filled = codes.copy()
    for word in ("ad", "group", "campaign", None):
        empty = filled < 0
        place = None if word is None else found.first(word)
        if word is None:
            filled[empty] = np.bincount(codes[codes >= 0]).argmax()
        elif place is not None:
            filled[empty] = _usual(codes_of(table.cells[place])[0], codes, len(kinds))[empty]
    return np.asarray(kinds, dtype=object)[filled]


def _usual(names: NDArray[np.intp], codes: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """For each row the kind that most rows of its name have; -1 where none has one.

    Args:
        names: Shape (rows,), from 0.
        codes: Shape (rows,), kinds from 0; -1 where there is none.
        count: How many kinds there are.
    """
    known = codes >= 0
    pairs = np.bincount(names[known] * count + codes[known], minlength=(int(names.max()) + 1) * count)
    table = pairs.reshape(-1, count)
    return np.where(table.any(axis=1), table.argmax(axis=1), -1)[names]
