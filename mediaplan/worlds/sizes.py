"""How large an invented market of people is, and how strongly each of its mechanisms works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType


@dataclass(frozen=True)
class Size:
    """A market of people.

    Attributes:
        name: As the benchmark calls it.
        weeks: Of history.
        channels, audiences, slots: How many there are.
        posts: Alive at any time; each lives about four weeks and is replaced.
        habits: Lines bought for each post in each week.
        groups: Of people alike; each stands for many.
        people: In all groups together.
        budget: Money of a week, EUR.
        price: Usual money for a thousand impressions at the first unit of money, EUR.
        winnable: Impressions that money can win of a person in a week on a channel which that person uses.
        depth: Money of a week on a line at which its own bids have raised the price by 2 to the power `rise`, EUR.
        rise: Power by which own money raises the price.
        seeking: Power of the chance of a result by which delivery prefers the likeliest people.
        weariness: Attention lost with each further impression on the same person in a week.
        staleness: Attention that a post loses with each impression that a person had of it in past weeks.
        taste: Weight of people's interests in what they click.
        concentration: Of the past money over the lines bought; smaller is more concentrated.
        dispersion: Of the counts beyond chance.
        results: Usual results per click.
        delay: Mean days from a click to its result being counted.
    """

    name: str = "medium"
    weeks: int = 12
    channels: int = 4
    audiences: int = 5
    slots: int = 4
    posts: int = 8
    habits: int = 5
    groups: int = 120
    people: float = 200_000.0
    budget: float = 2000.0
    price: float = 5.0
    winnable: float = 6.0
    depth: float = 60.0
    rise: float = 0.2
    seeking: float = 0.7
    weariness: float = 0.25
    staleness: float = 0.1
    taste: float = 0.7
    concentration: float = 0.3
    dispersion: float = 0.15
    results: float = 0.06
    delay: float = 1.5


_MEDIUM = Size()
_SMALL = replace(
    _MEDIUM,
    name="small",
    channels=2,
    audiences=3,
    slots=3,
    posts=5,
    groups=60,
    people=100_000.0,
    budget=1000.0,
)

SIZES: Mapping[str, Size] = MappingProxyType(
    {
        size.name: size
        for size in (
            _SMALL,
            replace(_SMALL, name="scarce", results=0.01),
            _MEDIUM,
            replace(
                _MEDIUM, name="agency", channels=6, audiences=8, posts=14, habits=6, groups=160,
                people=800_000.0, budget=8000.0,
            ),
        )
    }
)  # fmt: skip
"""The sizes of the benchmark, by name."""
