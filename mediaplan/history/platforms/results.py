"""The results that a platform's table counts: by the kind that each row names, else by its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from mediaplan.history.cells import each, is_nothing, text_of
from mediaplan.history.figures import numbers
from mediaplan.history.picking import Picked
from mediaplan.history.platforms.recognising import Recognised
from mediaplan.history.records import RESULT_PREFIX
from mediaplan.history.tables import Cells, Table

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
            "results": Picked(table.header[held["results"]], table.cells[held["results"]]),
            "result_type": Picked(table.header[held["result_type"]], kinds),
        }
    own = {
        word: Picked(table.header[place], table.cells[place])
        for word in found.columns
        if word.startswith(RESULT_PREFIX) and (place := _filled(found, table, word)) is not None
    }
    counted = {word: picked for word, picked in own.items() if np.nansum(_numbers(picked.cells)) > 0}
    if not counted and "results" in held:
        place = held["results"]
        return {"results": Picked(table.header[place], table.cells[place])}
    return own


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
    """Each row's kind; of rows without results it is that of the same ad, else campaign, else most rows.

    A platform leaves kind and count empty where money brought nothing: that is none of what was wanted.
    """
    kinds = each(
        table.cells[types], lambda text: None if is_nothing(text) or text.casefold() in _MIXED else text
    )
    known = Counter(kind for kind in kinds if kind is not None)
    if not known:
        return kinds
    usual = known.most_common(1)[0][0]
    levels = [
        [text_of(cell) for cell in table.cells[place]]
        for word in ("ad", "group", "campaign")
        if (place := found.first(word)) is not None
    ]
    by_name = [_usual(names, kinds) for names in levels]
    filled = kinds.copy()
    for at in np.flatnonzero([kind is None for kind in kinds]):
        same = (
            usuals[names[at]] for names, usuals in zip(levels, by_name, strict=True) if names[at] in usuals
        )
        filled[at] = next(same, usual)
    return filled


def _usual(names: Sequence[str], kinds: Cells) -> dict[str, str]:
    """The kind that most rows of each name have."""
    counted: dict[str, Counter[str]] = {}
    for name, kind in zip(names, kinds, strict=True):
        if kind is not None:
            counted.setdefault(name, Counter())[kind] += 1
    return {name: counter.most_common(1)[0][0] for name, counter in counted.items()}
