"""Lines cut where rules keep some of their dates free, and the part of a rate card's tiers that each piece may sell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import Dated
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import Mask
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.curves import Array, Curves
from mediaplan.response.lines import Lines
from mediaplan.response.packing import grouped


def cut(lines: Lines, brief: Brief, space: Space) -> Lines:
    """The lines, and what is left of them where rules keep some of their dates free.

    The whole lines stay: the rules themselves keep money off them, so that a refusal can name these rules. What is left
    is there for each rule alone and for all of them. Lines are cut only where they lose days on which their slot runs:
    else the whole and its pieces could run side by side, and what the line brings would count twice.

    Args:
        lines: Those that may receive money without such rules.
        brief: Whose rules.
        space: The same lines as rules see them.
    """
    rules = [rule for rule in brief.rules if isinstance(rule, Dated)]
    if not rules:
        return lines
    concerned = np.stack([rule.lines_in(space) for rule in rules], axis=1)
    ways = np.unique(np.column_stack([lines.codes["slot"], concerned]), axis=0)
    found = [lines]
    for slot, *on in ways[ways[:, 1:].any(axis=1)].tolist():
        mine = lines.take((lines.codes["slot"] == slot) & (concerned == np.array(on, dtype=bool)).all(axis=1))
        running = _dates(mine, slot, brief)
        off = [rule.off_of(running) for rule, asked in zip(rules, on, strict=True) if asked]
        for dates in (*off, tuple(run for runs in off for run in runs)):
            found += [mine.within(first, last) for first, last in brief.flight.without(dates)]
    return _running(_joined(found), space)


def shut(brief: Brief, space: Space) -> Mask | None:
    """Shape (lines,): lines that a rule keeps off dates on which they run; `None` where no rule speaks of dates so.

    Args:
        brief: Whose rules.
        space: The lines, pieces among them, as rules see them.
    """
    rules = [rule for rule in brief.rules if isinstance(rule, Dated)]
    if not rules:
        return None
    found: Mask = np.any([rule.lines_in(space) & rule.runs_on(space) for rule in rules], axis=0)
    return found


def _dates(lines: Lines, slot: int, brief: Brief) -> tuple[date, ...]:
    """The days of the flight on which a slot, by its code, runs."""
    name = None if slot < 0 else lines.names["slot"][slot]
    known = None if name is None else brief.named_slots.named.get(name)
    return tuple(brief.flight.calendar()) if known is None else brief.flight.dates(known)


def _joined(several: Sequence[Lines]) -> Lines:
    """All of them, each once."""
    rows = np.concatenate(
        [
            np.column_stack([*(part.codes[d] for d in DIMENSIONS), part.start.astype(np.int64), part.days])
            for part in several
        ]
    )
    once = np.unique(rows, axis=0)
    codes = {d: once[:, i].astype(np.int32) for i, d in enumerate(DIMENSIONS)}
    start = once[:, len(DIMENSIONS)].astype("datetime64[D]")
    return Lines(several[0].names, codes, start, once[:, -1].astype(np.int32))


def _running(lines: Lines, space: Space) -> Lines:
    """Those whose slot runs on some of their days."""
    return lines.take(replace(space, lines=lines, attributes={}).days_running() > 0)


def sold_in_pieces(curves: Curves, space: Space) -> Curves:
    """The curves, the tiers of lines that are cut by date as long as their days: a rate card speaks of the whole flight.

    Args:
        curves: Of the lines.
        space: The same lines as rules see them.
    """
    if curves.given is None:
        return curves
    part = _part_of_whole(space)
    if (part[curves.given.line] == 1).all():
        return curves
    return replace(curves, given=curves.given.in_part(part))


def _part_of_whole(space: Space) -> Array:
    """Shape (lines,): days on which each line's slot runs, of those from the first to the last of all lines of its names."""
    lines = space.lines
    names = grouped([lines.codes[d] for d in DIMENSIONS])
    if len(names.one) == len(lines):
        return np.ones(len(lines))
    whole = names.of
    day: NDArray[np.int64] = lines.start.astype("datetime64[D]").astype(np.int64)
    first = np.full(len(names.one), np.iinfo(np.int64).max)
    end = np.full(len(names.one), np.iinfo(np.int64).min)
    np.minimum.at(first, whole, day)
    np.maximum.at(end, whole, day + lines.days)
    spans = Lines(
        lines.names, lines.codes, first[whole].astype("datetime64[D]"), (end - first)[whole].astype(np.int32)
    )
    part: Array = space.days_running() / replace(space, lines=spans, attributes={}).days_running()
    return part
