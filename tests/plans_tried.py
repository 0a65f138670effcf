"""A small world in which all plans in coarse steps of money can be tried, and the best of them that keeps a rule."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from invented import response

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import (
    EachLine,
)
from mediaplan.errors import NoPlanError
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import plan
from mediaplan.response.lines import Lines

STEP, UNITS = 20, 6
START = date(2026, 11, 30)


@dataclass(frozen=True)
class Line:
    """A line of the small world with the steps of money that it receives."""

    post: str
    channel: str
    first: date
    last: date
    steps: int

    def on(self, day: date) -> float:
        """Money on that day, in steps."""
        return self.steps / ((self.last - self.first).days + 1) if self.first <= day <= self.last else 0.0


Tried = tuple[Line, ...]
Kept = Callable[[Tried], bool]


def money(lines: Tried, **names: str) -> int:
    return sum(line.steps for line in lines if all(getattr(line, key) == name for key, name in names.items()))


def posts(lines: Tried, channel: str | None = None) -> set[str]:
    return {line.post for line in lines if line.steps and channel in (None, line.channel)}


def daily(lines: Tried) -> list[float]:
    return [sum(line.on(START + timedelta(days=day)) for line in lines) for day in range(14)]


def funded(lines: Tried) -> Tried:
    return tuple(line for line in lines if line.steps)


def world(seed: int, count: int = 3):
    return response(posts=count, channels=("facebook", "tiktok"), audiences=1, slots=(), seed=seed, draws=1)


def best_of_all(seed: int, pieces: list[tuple[date, int]], keeps: Kept, count: int = 3) -> float | None:
    """The most results that any amounts in whole steps bring under the rule; `None` where nothing keeps it."""
    known = world(seed, count)
    codes = np.array([(p, c, 0, -1) for p in range(count) for c in range(2) for _ in pieces], dtype=np.int32)
    starts = [first for _ in range(count * 2) for first, _ in pieces]
    days = np.array([length for _ in range(count * 2) for _, length in pieces], dtype=np.int32)
    lines = Lines(
        known.names,
        {d: codes[:, i] for i, d in enumerate(known.names)},
        np.array(starts, dtype="datetime64[D]"),
        days,
    )
    curves = known.curves(lines)
    named = [
        (f"p{p}", known.names["channel"][c], first, first + timedelta(days=int(length) - 1))
        for (p, c, *_), first, length in zip(codes, starts, days, strict=True)
    ]
    best = None
    for each in whole_steps(len(codes), UNITS):
        if any(each) and keeps(tuple(Line(*name, steps) for name, steps in zip(named, each, strict=True))):
            got = float(curves.results(np.array(each, dtype=float) * STEP).sum())
            best = got if best is None else max(best, got)
    return best


def whole_steps(lines: int, most: int):
    """Every way to give at most so many steps to so many lines."""
    for bars in itertools.combinations(range(most + lines), lines):
        ends = (-1, *bars)
        yield [b - a - 1 for a, b in itertools.pairwise(ends)]


def planned(seed: int, *rules: object, count: int = 3, engine: str = "highs", **more: object) -> Plan | None:
    asked = Brief(
        **(
            {"budget": STEP * UNITS, "currency": "EUR", "start": START, "days": 14}
            | {"rules": (EachLine(or_zero=True, step=STEP), *rules)}
            | more
        )
    )
    try:
        return plan(asked, world(seed, count), engine=engine)
    except NoPlanError:
        return None
