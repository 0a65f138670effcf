"""Who the people of an invented market are, and what they think of posts: interests, habits, intent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.worlds.sizes import Size

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

INTERESTS = 6
"""Dimensions of people's interests."""


@dataclass(frozen=True, eq=False)
class People:
    """Groups of people alike, G of them.

    Attributes:
        count: Shape (G,), people in each.
        interests: Shape (G, INTERESTS).
        member: Shape (G, audiences), part of the group that belongs to each audience: 0 or 1.
        uses: Shape (G, channels), part of the group that uses each channel.
        present: Shape (G, slots), part of a person's time; rows add up to 1.
        intent: Shape (G,), logarithm of how readily they go from a click to a result.
        sought: Shape (G,), logarithm of what other advertisers bid for them.
        format_taste: Shape (formats, channels), logarithm.
    """

    count: Array
    interests: Array
    member: Array
    uses: Array
    present: Array
    intent: Array
    sought: Array
    format_taste: Array

    @property
    def sizes(self) -> Array:
        """Shape (channels, audiences), people of each audience who use each channel."""
        size: Array = (self.count[:, None] * self.uses).T @ self.member
        return size


def draw_people(size: Size, formats: int, random: np.random.Generator) -> People:
    """Invent the people of a market.

    Args:
        size: Of the market.
        formats: Number of formats of posts.
        random: Chance.
    """
    groups = size.groups
    weight = random.lognormal(0.0, 0.7, groups)
    interests = random.normal(0.0, 1.0, (groups, INTERESTS))
    lean = random.normal(0.0, 0.7, (INTERESTS, size.channels))
    uses = 1.0 / (1.0 + np.exp(-(random.normal(-0.2, 0.5, size.channels) + interests @ lean)))
    hours = random.normal(0.0, 0.4, size.slots) + interests @ random.normal(
        0.0, 0.35, (INTERESTS, size.slots)
    )
    present = np.exp(hours)
    sought = interests @ random.normal(0.0, 0.15, INTERESTS)
    return People(
        count=weight / weight.sum() * size.people,
        interests=interests,
        member=_members(size, interests, weight, random),
        uses=uses,
        present=present / present.sum(axis=1, keepdims=True),
        intent=random.normal(0.0, 0.35, groups) + interests @ random.normal(0.0, 0.25, INTERESTS),
        sought=sought,
        format_taste=random.normal(0.0, 0.25, (formats, size.channels)),
    )


def _members(size: Size, interests: Array, weight: Array, random: np.random.Generator) -> Array:
    """Each audience is the part of the people that is nearest to it in interests; the parts overlap."""
    centre = random.normal(0.0, 1.0, (INTERESTS, size.audiences))
    near = interests @ centre + random.normal(0.0, 1.0, (size.groups, size.audiences))
    member = np.zeros_like(near)
    for audience in range(size.audiences):
        ranked = np.argsort(-near[:, audience])
        part = np.cumsum(weight[ranked]) / weight.sum()
        member[ranked, audience] = part <= random.uniform(0.15, 0.45)
        member[ranked[:3], audience] = 1.0
    return member


@dataclass(frozen=True, eq=False)
class Appeal:
    """What posts have to offer, P of them.

    Attributes:
        format, topic: Shape (P,), numbers.
        appeal: Shape (P, INTERESTS), whose interests they speak to.
        charm: Shape (P,), logarithm of how readily anybody clicks.
        landing: Shape (P,), logarithm of how readily a click becomes a result.
    """

    format: Integers
    topic: Integers
    appeal: Array
    charm: Array
    landing: Array


def draw_appeal(posts: int, formats: int, topics: int, random: np.random.Generator) -> Appeal:
    """Invent posts; those of one topic speak to similar people, those of one format are similarly clicked.

    Args:
        posts: Their number.
        formats: Number of formats.
        topics: Number of topics.
        random: Chance.
    """
    form, topic = random.integers(0, formats, posts), random.integers(0, topics, posts)
    centre = random.normal(0.0, 0.7, (topics, INTERESTS))
    tail = random.standard_t(4, posts) / np.sqrt(2.0)
    return Appeal(
        form,
        topic,
        centre[topic] + random.normal(0.0, 0.7, (posts, INTERESTS)),
        0.35 * tail + random.normal(0.0, 0.2, formats)[form],
        random.normal(0.0, 0.3, posts) + random.normal(0.0, 0.25, topics)[topic],
    )
