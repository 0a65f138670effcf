"""Whom a plan reaches and how often, where impressions and sizes tell it: by channel and audience, and over all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.reaching import Crowds, People

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Reach:
    """What some of a plan's lines show, and to whom.

    Attributes:
        size: People that there are.
        impressions: Expected.
        people: Expected to be reached, each once.
    """

    size: float
    impressions: float
    people: float

    @property
    def frequency(self) -> float | None:
        """Impressions for each person reached; `None` where nobody is."""
        return self.impressions / self.people if self.people > 0 else None

    def to_dict(self) -> dict[str, float | None]:
        """As the plan document holds it."""
        return {
            "size": self.size,
            "impressions": self.impressions,
            "reach": self.people,
            "frequency": self.frequency,
        }


@dataclass(frozen=True)
class Reaches:
    """Whom a plan reaches: its channels and audiences with money, those of which everything is known.

    Attributes:
        total: Of the whole plan; `None` where something is not known of a part of it.
        by_channel, by_audience: By name; the people of several audiences are taken for others, those of one audience
            for the same on every channel.
        by_both: By channel and audience.
    """

    total: Reach | None
    by_channel: Mapping[str | None, Reach]
    by_audience: Mapping[str | None, Reach]
    by_both: Mapping[tuple[str | None, str | None], Reach]

    def to_dict(self) -> dict[str, Any]:
        """As the plan document holds it."""
        return {
            "total": None if self.total is None else self.total.to_dict(),
            "by_channel": {str(name): part.to_dict() for name, part in self.by_channel.items()},
            "by_audience": {str(name): part.to_dict() for name, part in self.by_audience.items()},
            "by_channel_and_audience": [
                {"channel": channel, "audience": audience, **part.to_dict()}
                for (channel, audience), part in self.by_both.items()
            ],
        }


def reaches_of(people: People, amounts: Array) -> Reaches | None:
    """Whom amounts reach; `None` where nothing is known of any line with money.

    Args:
        people: Who can be reached on each line.
        amounts: Shape (lines,), major units of money.
    """
    funded = amounts > 0
    shown = np.bincount(people.pool[funded], (people.views * amounts)[funded], len(people.names)).astype(
        np.float64
    )
    pools = np.unique(people.pool[funded]).astype(np.intp)
    known = np.array([p for p in pools if shown[p] == shown[p] and people.crowds.size[p] > 0], dtype=np.intp)
    if not len(known):
        return None
    crowds = people.crowds

    def by(which: int) -> dict[str | None, Reach]:
        chosen = {name: _of_all(people, pools, known, which, name) for name in _names(people, known, which)}
        return {
            name: _reach(crowds, mine, shown, on_any=which == 1)
            for name, mine in chosen.items()
            if mine is not None
        }

    return Reaches(
        _reach(crowds, known, shown, on_any=True) if len(known) == len(pools) else None,
        by(0),
        by(1),
        {people.names[pool]: _reach(crowds, np.array([pool]), shown, on_any=False) for pool in known},
    )


def _names(people: People, pools: Index, which: int) -> list[str | None]:
    """The channels (0) or audiences (1) of some pools, in order."""
    return sorted({people.names[pool][which] for pool in pools}, key=lambda name: name or "")


def _of_all(people: People, pools: Index, known: Index, which: int, name: str | None) -> Index | None:
    """The pools of a channel (0) or audience (1); `None` where something is not known of one of them."""
    mine = [pool for pool in pools if people.names[pool][which] == name]
    return np.array(mine, dtype=np.intp) if set(mine) <= set(known) else None


def _reach(crowds: Crowds, chosen: Index, shown: Array, *, on_any: bool) -> Reach:
    """Of some pools; `on_any`: the people are those of their audiences, not of the channels alone."""
    own, views = crowds.take(chosen), shown[chosen]
    size = own.people if on_any else own.size
    return Reach(float(size.sum()), float(views.sum()), float(own.together(views).sum()))
