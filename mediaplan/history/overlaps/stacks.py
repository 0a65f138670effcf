"""Exports that continue each other become one stack: a folder of daily files is one table, told in pieces.

Stands between the views of single sources and `overlap`, which compares stacks. A stack remembers names and days as it grows,
and its rows are put under each other once, at the end: a thousand files take a thousand steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from mediaplan.history.records.records import belongs
from mediaplan.history.records.views import View


@dataclass(frozen=True, eq=False)
class Stack:
    """Views that continue each other: same breakdown, same names, other days or other rows.

    Attributes:
        views: In the order in which they were given.
        whole: Their rows under each other, as one view that has the last one's name.
    """

    views: tuple[View, ...]
    whole: View

    @property
    def names(self) -> tuple[str, ...]:
        """What the views are called."""
        return tuple(view.name for view in self.views)


@dataclass
class _Growing:
    """A stack that still grows: its first view says what it breaks down, the rest is what all of them name and cover."""

    views: list[View] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)
    dates: set[int] = field(default_factory=set)
    starts: set[int] = field(default_factory=set)

    def take(self, view: View) -> None:
        """Put a view at the end."""
        self.views.append(view)
        for dimension, names in view.names.items():
            self.names.setdefault(dimension, set()).update(names)
        self.dates |= view.dates
        self.starts |= view.starts

    def goes_on(self, view: View) -> bool:
        """Whether a view adds what is not held yet.

        The grain of a stack is that of its views: a median of rows lies between those of their parts.
        """
        first = self.views[0]
        if view.breakdown != first.breakdown or view.grain != first.grain:
            return False
        if not all(_shared(d, view.names[d], self.names[d]) for d in view.breakdown - {"hour"}):
            return False
        return view.grain == 1 or self.dates.isdisjoint(view.dates) or not self.starts.isdisjoint(view.starts)

    def put_together(self) -> Stack:
        """The stack as it stands."""
        if len(self.views) == 1:
            return Stack((self.views[0],), self.views[0])
        rows = pd.concat([view.rows for view in self.views], ignore_index=True)
        campaigns = frozenset().union(*(view.campaigns for view in self.views))
        return Stack(tuple(self.views), replace(self.views[-1], rows=rows, content=b"", campaigns=campaigns))


def stacked(views: Sequence[View]) -> list[Stack]:
    """Views that continue each other, put together; each goes to the first stack that it continues."""
    stacks: list[_Growing] = []
    for view in views:
        home = next((stack for stack in stacks if stack.goes_on(view)), None)
        if home is None:
            stacks.append(home := _Growing())
        home.take(view)
    return [stack.put_together() for stack in stacks]


def meet(one: View, other: View) -> bool:
    """Whether two views have names in common in every dimension that both break down."""
    dimensions = (one.breakdown & other.breakdown) - {"hour"}
    return all(_shared(d, one.names[d], other.names[d]) for d in dimensions)


def _shared(dimension: str, mine: frozenset[str], others: frozenset[str] | set[str]) -> bool:
    """Whether any name is in both; `instagram` and `instagram/stories` have money in common."""
    if not mine.isdisjoint(others) or dimension != "channel":
        return not mine.isdisjoint(others)
    return any(belongs(a, b) or belongs(b, a) for a in mine for b in others)
