"""Several clashes at once: one change for each, which together make a plan possible for the whole brief."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from mediaplan.brief.briefs import Brief
from mediaplan.errors import Repair
from mediaplan.planning.asking.demands import Demand
from mediaplan.planning.clashes.repairs import LEFT_OUT, Possible, smallest_changes, with_rule
from mediaplan.words import Sentence


class Keeps(Protocol):
    """Whether some plan keeps those demands of a brief."""

    def __call__(self, brief: Brief, clash: Sequence[Demand], /, *, known: bool = False) -> bool:
        """`known`: as in `Possible`."""


def repairs_together(
    brief: Brief, clashes: Sequence[Sequence[Demand]], keeps: Keeps, possible: Possible
) -> tuple[Repair, ...]:
    """One change for each of several clashes, which together make a plan possible; empty where they do not.

    Each clash is mended within itself by its smallest change. Where what is left still can't hold together, one more change
    is made, or one of these made larger; or one alone that mends all, such as of the budget.

    Args:
        brief: That no plan can keep.
        clashes: Demands that can't hold together, clash by clash.
        keeps: Whether some plan keeps those demands of a brief.
        possible: Whether some plan keeps a brief.
    """
    made: dict[int, _Change] = {}
    for clash in clashes:
        within = partial(_keeps, keeps, clash)
        now = _mended(brief, made.values())
        change = _smallest(
            _Change(demand, *each) for demand in clash for each in smallest_changes(now, demand, within)
        )
        if change is None:
            return ()
        made[place_of(change.demand)] = change
    if possible(_mended(brief, made.values())):
        return tuple(change.repair() for change in made.values())
    settled = _settled(brief, clashes, made, possible)
    return tuple(change.repair() for change in settled.values())


def _settled(
    brief: Brief, clashes: Sequence[Sequence[Demand]], made: Mapping[int, _Change], possible: Possible
) -> Mapping[int, _Change]:
    """Changes that are enough, by place: of those that one more, one larger, or one alone makes, the least in all."""
    found: list[Mapping[int, _Change]] = []
    for demand in {place_of(demand): demand for clash in clashes for demand in clash}.values():
        place = place_of(demand)
        others = {at: change for at, change in made.items() if at != place}
        for kept in (others, {}):
            now = _mended(brief, kept.values())
            changes = (_Change(demand, *each) for each in smallest_changes(now, demand, possible))
            found += [{**kept, place: change} for change in changes]
    return min(found, key=lambda changes: sum(change.size() for change in changes.values()), default={})


@dataclass(frozen=True, eq=False)
class _Change:
    """A change of one demand of a brief.

    Attributes:
        demand: That gives way.
        brief: With the change.
        said: The change as a sentence.
        before, after: As of `Repair`.
    """

    demand: Demand
    brief: Brief
    said: Sentence
    before: str | float
    after: str | float

    def size(self) -> float:
        """How large it is, as a part of what was asked; leaving a rule out is the largest."""
        if self.after == LEFT_OUT:
            return float("inf")
        return abs(float(self.after) - float(self.before)) / max(abs(float(self.before)), 1e-9)

    def repair(self) -> Repair:
        """The change as people are told it."""
        return Repair(self.said, self.demand.said, self.before, self.after, 0.0)


def _smallest(changes: Iterable[_Change]) -> _Change | None:
    return min(changes, key=_Change.size, default=None)


def _mended(brief: Brief, changes: Iterable[_Change]) -> Brief:
    """The brief with all these changes."""
    for change in changes:
        number = change.demand.rule
        if number is None:
            brief = brief.but(budget=change.brief.budget)
        else:
            brief = with_rule(brief, number, change.brief.rules[number])
    return brief


def place_of(demand: Demand) -> int:
    """A demand's place in a brief: its rule's number, -1 for the budget, -2 for the minimums."""
    if demand.rule is not None:
        return demand.rule
    return -1 if demand.is_budget else -2


def _keeps(possible: Keeps, clash: Sequence[Demand], brief: Brief, *, known: bool = False) -> bool:
    return possible(brief, clash, known=known)
