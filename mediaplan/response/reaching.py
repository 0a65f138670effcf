"""How many people a plan reaches, and how often: impressions that fall on the people of audiences, channel by channel.

Of the `N` people of a channel and audience, `I` impressions reach

    N · e / (1 + e),    e = I / (d · N)

where `d` is how many impressions each person gets of a boost that reaches few. The frequency `I / reached` is then
`d + I / N`. Of the `U` people of an audience, whom its channels reach independently of each other (Sainsbury),

    U · (1 - Π over channels (1 - reached / U))

is reached by any. The logarithm of the part not reached adds up over channels, each term is convex in its impressions,
and so the people reached are concave in the money of all lines together.

Source:
    Exposure that varies from person to person as a gamma distribution of shape 1 (negative binomial, so that the
    people not reached are 1 / (1 + e)): Goodhardt & Ehrenberg, "Duplication of television viewing between and within
    channels", 1969. Sainsbury's method (1 - Π(1 - reach)): Caffyn & Sagovsky, "Net audiences of British newspapers",
    1963.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records.records import belongs
from mediaplan.response.contacts import Contacts
from mediaplan.response.lines import Lines
from mediaplan.response.packing import grouped
from mediaplan.response.responses import Response

Array = NDArray[np.float64]
Index = NDArray[np.intp]

USUAL_LINES = 3.0
"""Times the median spend of a row that what is usual on a channel weighs against what one audience of it tells."""


@dataclass(frozen=True, eq=False)
class Crowds:
    """The people of channels and audiences.

    Attributes:
        size: Shape (pools,), people of a channel and audience; NaN where unknown.
        audience: Shape (pools,), the audience of each, from 0.
        people: Shape (audiences,), on any channel; NaN where unknown.
        again: Impressions for each person of a boost that reaches few, ≥ 1.
    """

    size: Array
    audience: Index
    people: Array
    again: float

    def reached(self, views: Array) -> Array:
        """Shape (pools,) of impressions -> shape (pools,): people reached on each channel by itself."""
        fresh = views / self.again
        each: Array = fresh / (1.0 + fresh / self.size)
        return each

    def together(self, views: Array) -> Array:
        """Shape (pools,) of impressions -> shape (audiences,): people reached on any channel."""
        missed = np.zeros(len(self.people))
        np.add.at(missed, self.audience, np.log(self._missed(views)))
        each: Array = -self.people * np.expm1(missed)
        return each

    def next_reached(self, views: Array) -> Array:
        """Shape (pools,) of impressions -> shape (pools,): people that the next impression adds to `together`."""
        missed = self._missed(views)
        every = np.zeros(len(self.people))
        np.add.at(every, self.audience, np.log(missed))
        slope = 1.0 / (1.0 + views / (self.again * self.size)) ** 2 / self.again
        each: Array = np.exp(every)[self.audience] / missed * slope
        return each

    def _missed(self, views: Array) -> Array:
        """Shape (pools,): part of the audience that a channel by itself does not reach."""
        return np.maximum(1.0 - self.reached(views) / self.people[self.audience], 1e-300)

    def take(self, chosen: Index) -> Crowds:
        """Only these pools, by index, and their audiences."""
        audiences, audience = np.unique(self.audience[chosen], return_inverse=True)
        return Crowds(self.size[chosen], audience.ravel().astype(np.intp), self.people[audiences], self.again)


@dataclass(frozen=True, eq=False)
class People:
    """Who can be reached on each line.

    Attributes:
        views: Shape (lines,), impressions for a major unit of money; NaN where unknown.
        pool: Shape (lines,), the pool of each.
        crowds: The pools.
        names: By pool, its channel and audience; `None` = not broken down by it.
    """

    views: Array
    pool: Index
    crowds: Crowds
    names: tuple[tuple[str | None, str | None], ...]


def people_of(response: Response, lines: Lines) -> People:
    """Who can be reached on each of those lines, whose names are the response's."""
    codes = [lines.codes[dimension] for dimension in ("channel", "audience")]
    pools = grouped(codes)
    pairs = np.stack(codes, axis=1)[pools.one].astype(np.intp)
    channels, audiences = ((*response.names[d], None) for d in ("channel", "audience"))
    names = tuple((channels[c], audiences[a]) for c, a in pairs)
    sizes = sizes_of(response)
    size = np.array([size_of(sizes, channel, audience) for channel, audience in names], dtype=np.float64)
    found, audience = np.unique(pairs[:, 1], return_inverse=True)
    audience = audience.ravel().astype(np.intp)
    people = np.array([size_of(sizes, None, audiences[a]) for a in found], dtype=np.float64)
    # Those of a channel are among all: where only channels are told, the largest stands for all.
    np.fmax.at(people, audience, size)
    crowds = Crowds(size, audience, people, _again(response, sizes))
    return People(_views(response, pairs)[pools.of], pools.of, crowds, names)


Sizes = Mapping[str, Sequence[tuple[str | None, float]]]
"""Of each audience, the channels (`None` = all) for which its people are told, and how many they are."""


def sizes_of(response: Response) -> Sizes:
    """What the audiences table tells of how many people there are."""
    told: dict[str, list[tuple[str | None, float]]] = {}
    if response.audiences is not None:
        rows = response.audiences.rows
        for audience, channel, size in rows[["audience", "channel", "size"]].itertuples(index=False):
            if size > 0:
                told.setdefault(audience, []).append(
                    (channel if isinstance(channel, str) else None, float(size))
                )
    return told


def size_of(sizes: Sizes, channel: str | None, audience: str | None) -> float:
    """People of an audience on a channel (`None` = on any); NaN where nothing tells.

    A row for the placement goes before one for its platform, and that before one for all channels.
    """
    best, depth = float("nan"), -1
    for of, size in sizes.get(audience, ()) if audience is not None else ():
        level = 0 if of is None else len(of.split("/"))
        fits = of is None or (channel is not None and belongs(channel, of))
        if fits and level > depth:
            best, depth = size, level
    return best


def _views(response: Response, pairs: Index) -> Array:
    """Shape (pools, 2) of channels and audiences -> shape (pools,): impressions for a major unit of money.

    What the pair tells, drawn to what its channel tells; NaN where the channel tells none.
    """
    if response.past is None:
        return np.full(len(pairs), np.nan)
    told, codes = response.past.contacts, response.past.codes
    weight, found = USUAL_LINES * response.median_line, np.full(len(pairs), np.nan)
    for channel in np.unique(pairs[:, 0]):
        mine, here = codes[:, 1] == channel, pairs[:, 0] == channel
        views, money = float(told.views[mine].sum()), float(told.money[mine].sum())
        if views > 0 and money > 0:
            # One place more: what is not broken down by audience, code -1.
            places = int(max(codes[mine, 2].max(), pairs[here, 1].max())) + 2
            own = [
                np.bincount(codes[mine, 2] % places, each[mine], places) for each in (told.views, told.money)
            ]
            at = pairs[here, 1] % places
            found[here] = (own[0][at] + weight * views / money) / (own[1][at] + weight)
    return found


def _again(response: Response, sizes: Sizes) -> float:
    """Impressions for each person of a boost that reaches few, as rows with impressions and reach tell; else 1."""
    if response.past is None:
        return 1.0
    told, codes = response.past.contacts, response.past.codes
    channels, audiences = ((*response.names[d], None) for d in ("channel", "audience"))
    pairs, of = np.unique(codes[:, 1:3], axis=0, return_inverse=True)
    known = [size_of(sizes, channels[c], audiences[a]) for c, a in pairs]
    size = np.array(known, dtype=np.float64)[of.ravel()]
    return _few_reached(told, size)


def _few_reached(told: Contacts, size: Array) -> float:
    """Σ (impressions - reached · impressions / size) / Σ reached: each row's frequency is `d + impressions / size`."""
    sized = (told.reached > 0) & ~np.isnan(size)
    if not sized.any():
        return 1.0
    own = told.shown[sized].sum() - (told.again[sized] / size[sized]).sum()
    return max(float(own / told.reached[sized].sum()), 1.0)
