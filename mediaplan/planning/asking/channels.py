"""Channels that the posts or the audiences name and the history does not: meant, or misspelt."""

from __future__ import annotations

import difflib
import re

from mediaplan.errors import Problem, nearest
from mediaplan.history.records.records import DIMENSIONS, belongs
from mediaplan.response.responses import Response
from mediaplan.words import Sentence

ALIKE = 0.8
"""Similarity (of `difflib`, 0–1) from which a new name is taken for a known one misspelt."""


def new_channels(response: Response) -> tuple[str, ...]:
    """Channels that may get money and of which no one knows: the history never bought them, no rate card states them."""
    known = (*_bought(response), *_rated(response))
    return tuple(
        name for name in response.names["channel"] if not any(belongs(other, name) for other in known)
    )


def new_channel_warning(response: Response) -> tuple[Sentence, ...]:
    """What a person should know of channels without a history."""
    new = new_channels(response)
    if not new:
        return ()
    return (
        Sentence(
            "No money of the history ran on {channels}: what it brings there is judged from the other channels. "
            "Correct the name in the posts or audiences if it is not meant.",
            channels=tuple(Sentence("“{name}”", name=name) for name in new),
        ),
    )


def channel_faults(response: Response) -> list[Problem]:
    """A fault for every channel of a post that nothing else names, and of an audience that looks misspelt."""
    return _of_posts(response) + _of_audiences(response)


def _of_posts(response: Response) -> list[Problem]:
    known = response.names["channel"]
    if response.posts is None or not known:
        return []
    rows = response.posts.rows
    platforms = {part for name in known for part in (name, name.split("/")[0])}
    return [
        Problem(
            Sentence("neither the history nor the audiences know the channel “{name}”.", name=channel),
            nearest(channel, platforms),
            column="channels",
            value=channel,
            **response.posts.origin.place(at),
        )
        for at, (channels, status) in enumerate(zip(rows["channels"], rows["status"], strict=True))
        for channel in channels
        if status != "ended" and not any(belongs(name, channel) for name in known)
    ]


def _of_audiences(response: Response) -> list[Problem]:
    if response.audiences is None:
        return []
    new, bought = set(new_channels(response)), _bought(response)
    problems = []
    for at, channel in enumerate(response.audiences.rows["channel"]):
        meant = next((name for name in bought if misspelt(channel, name)), None) if channel in new else None
        if meant is not None:
            problems.append(
                Problem(
                    Sentence(
                        "“{name}” looks like the history's “{meant}”, misspelt.", name=channel, meant=meant
                    ),
                    Sentence(
                        "Write “{meant}”, or give a new channel a name that can't be mistaken.", meant=meant
                    ),
                    column="channel",
                    value=channel,
                    **response.audiences.origin.place(at),
                )
            )
    return problems


def _bought(response: Response) -> tuple[str, ...]:
    """The channels of the history, sorted."""
    names = response.names["channel"]
    codes = set(response.seen[:, DIMENSIONS.index("channel")].tolist()) - {-1}
    return tuple(names[code] for code in sorted(codes))


def _rated(response: Response) -> tuple[str, ...]:
    """The channels whose cost and results a rate card states."""
    offer = response.offer
    if offer is None or "channel" not in offer.dimensions:
        return ()
    place = offer.dimensions.index("channel")
    return tuple(dict.fromkeys(names[place] for names in offer.lines if names[place]))


def misspelt(name: str, known: str) -> bool:
    """Whether a new name differs from a known one by a slip: in its platform, or in the placement of the same one.

    Names that differ in their figures (`radio1`, `radio2`) are different.
    """
    (platform, _, placement), (other, _, place) = name.partition("/"), known.partition("/")
    if platform == other:
        return bool(placement and place) and alike(placement, place)
    return alike(platform, other)


def alike(name: str, known: str) -> bool:
    """Whether two names differ by no more than a slip; not in their figures."""
    if re.findall(r"\d+", name) != re.findall(r"\d+", known):
        return False
    return difflib.SequenceMatcher(None, name.casefold(), known.casefold()).ratio() >= ALIKE
