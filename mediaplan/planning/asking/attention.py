"""Whether rules about people can be answered: impressions and sizes of what they pick, and what is missing if not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import Frequency, ReachTarget
from mediaplan.brief.spaces import Space
from mediaplan.errors import InputError, Problem
from mediaplan.response.reaching import People, people_of
from mediaplan.response.responses import Response
from mediaplan.words import Sentence

MOST_NAMED = 5
"""Channels or audiences that are named at the most."""


def with_people(space: Space, brief: Brief, response: Response) -> Space:
    """The space with who can be reached on its lines, where a rule asks.

    Raises:
        InputError: What the rules pick has no impressions or no size, all of it; or a least frequency is asked of
            several channels or audiences together.
    """
    rules = [(n, rule) for n, rule in enumerate(brief.rules) if isinstance(rule, (ReachTarget, Frequency))]
    if not rules:
        return space
    people = people_of(response, space.lines)
    problems = [problem for number, rule in rules for problem in _missing(number, rule, space, people)]
    if problems:
        raise InputError(*problems)
    return replace(space, people=people)


def _missing(number: int, rule: ReachTarget | Frequency, space: Space, people: People) -> Iterator[Problem]:
    """What is not known of the lines that a rule picks."""
    place = f"rule {number + 1}"
    pools = np.unique(people.pool[rule.lines_in(space)])
    shown = np.bincount(people.pool, np.isnan(people.views), len(people.names)) == 0
    unseen = _named(people, [int(p) for p in pools if not shown[p]], 0)
    if unseen:
        message = Sentence(
            "“{word}” needs impressions, and the history tells none of: {names}.",
            word=rule.word,
            names=unseen,
        )
        remedy = Sentence(
            "Give a history with the column “impressions” for it, or let the rule pick other channels."
        )
        yield Problem(message, remedy, column=place, value=str(unseen[0]))
    sizes = people.crowds.size
    unsized = _named(people, [int(p) for p in pools if np.isnan(sizes[p])], 1)
    if unsized:
        message = Sentence(
            "“{word}” needs the number of people, and the audiences table tells none of: {names}.",
            word=rule.word,
            names=unsized,
        )
        remedy = Sentence(
            "Add their “size” to the audiences table (--audiences), or let the rule pick others."
        )
        yield Problem(message, remedy, column=place, value=str(unsized[0]))
    if isinstance(rule, Frequency) and rule.at_least is not None:
        several = any(len(np.unique(people.pool[inside > 0])) > 1 for inside in rule.pieces(space))
        if several:
            message = Sentence("the least frequency is asked of several channels or audiences together.")
            remedy = Sentence("Ask it of each: {example}.", example='per = ["channel", "audience"]')
            yield Problem(message, remedy, column=f"{place}.at_least", value=str(rule.at_least))


def _named(people: People, pools: list[int], which: int) -> tuple[str | Sentence, ...]:
    """The channels (0) or audiences (1) of some pools, each once, the first few."""
    without = Sentence("what is not broken down by channel") if which == 0 else Sentence("everybody")
    names = dict.fromkeys(people.names[pool][which] for pool in pools)
    return tuple(without if name is None else name for name in names)[:MOST_NAMED]
