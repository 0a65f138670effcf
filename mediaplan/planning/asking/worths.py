"""What one result is worth on each line: goal × audience × post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import Goal
from mediaplan.brief.rules import result_types, unit_kinds
from mediaplan.brief.spaces import Outcomes
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.reading.ratecards import PLAIN
from mediaplan.history.records.records import belongs
from mediaplan.response.ladders import Ladders
from mediaplan.response.lines import Lines
from mediaplan.response.responses import Response
from mediaplan.words import Sentence

Array = NDArray[np.float64]
LeastFor = Callable[[Array], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Worths:
    """Weights of results on each line.

    Attributes:
        kinds: Kinds of result that count, in the order of the arrays.
        count: Shape (kinds, lines): 1 each; what `results` adds up.
        value: Shape (kinds, lines): what `value` adds up.
        goal: Shape (kinds, lines): what the plan maximises.
    """

    kinds: tuple[str, ...]
    count: Array
    value: Array
    goal: Array


def worths_of(brief: Brief, response: Response, lines: Lines) -> Worths:
    """The worth of one result of each counted kind on each line.

    Value = the goal's value of the kind × the audience's value on that channel × the post's value; never normalised.
    """
    kinds = counted_kinds(brief.goal, response)
    count = np.ones((len(kinds), len(lines)))
    of_kind = np.array([float(brief.goal.values.get(kind, 1.0)) for kind in kinds])
    value = of_kind[:, None] * (_audience_value(response, lines) * _post_value(response, lines))[None, :]
    return Worths(kinds, count, value, value if brief.goal.by_value else count)


def counted_kinds(goal: Goal, response: Response) -> tuple[str, ...]:
    """The kinds of result that the goal counts; where it does not say, results of no special kind go before others.

    Raises:
        InputError: As of `Goal.counted`.
    """
    plain = PLAIN in response.kinds and not goal.type and not goal.values
    return goal.counted((PLAIN,) if plain else response.kinds, source=response.counted_in)


def outcomes_of(
    brief: Brief,
    response: Response,
    lines: Lines,
    worths: Worths,
    least_for: LeastFor,
    given: Ladders | None = None,
) -> Outcomes:
    """What the brief's rules over outcomes count: the goal's kinds of result first, then those that only rules name.

    Args:
        brief: The question.
        response: Whose kinds of result there are.
        lines: Of the plan.
        worths: Of the same lines.
        least_for: The least money for counted results, by line: see `Outcomes`.
        given: What a rate card says of some lines.

    Raises:
        InputError: A rule names a kind that the history does not count, each with the nearest one.
    """
    named = result_types(brief.rules)
    problems = [
        Problem(
            Sentence("{source} counts no “{kind}”.", kind=kind, source=response.counted_in),
            nearest(kind, response.kinds),
            column=f"rule {number + 1}.type",
            value=kind,
        )
        for number, kind in named
        if kind not in response.kinds
    ]
    if problems:
        raise InputError(*problems)
    named += unit_kinds(brief.rules, response.offer)
    more = tuple(dict.fromkeys(kind for _, kind in named if kind not in worths.kinds))
    none = np.zeros((len(more), len(lines)))
    kinds = (*worths.kinds, *more)
    return Outcomes(
        kinds, np.concatenate([worths.count, none]), np.concatenate([worths.value, none]), least_for, given
    )


def _audience_value(response: Response, lines: Lines) -> Array:
    """Shape (lines,): of the audience on its channel; a row for the channel goes before one for all channels."""
    audiences, channels = lines.names["audience"], lines.names["channel"]
    worth = np.ones((len(audiences) + 1, len(channels) + 1))
    if response.audiences is not None:
        place = {name: i for i, name in enumerate(audiences)}
        # Rows for all channels first, then the rest from the broadest channel to the placement: the last one counts.
        rows = response.audiences.rows.assign(
            depth=lambda t: t["channel"].str.count("/").fillna(-1)
        ).sort_values("depth", kind="stable")
        for audience, channel, value in rows[["audience", "channel", "value"]].itertuples(index=False):
            if audience not in place:
                continue
            everywhere = not isinstance(channel, str)
            mask = [everywhere or belongs(name, channel) for name in channels] + [everywhere]
            worth[place[audience], mask] = value
    return worth[lines.codes["audience"], lines.codes["channel"]]


def _post_value(response: Response, lines: Lines) -> Array:
    """Shape (lines,): of the line's post; 1 where nothing says otherwise."""
    names = lines.names["post"]
    worth = np.ones(len(names) + 1)
    if response.posts is not None:
        known = dict(zip(response.posts.rows["post"], response.posts.rows["value"], strict=True))
        worth[: len(names)] = [known.get(name, 1.0) for name in names]
    return worth[lines.codes["post"]]
