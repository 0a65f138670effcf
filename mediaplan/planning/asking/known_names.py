"""The names that there are to pick lines by, and the brief's names held against them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import picked_names
from mediaplan.brief.rules.repeating import PIECES
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.planning.asking.channels import channel_faults
from mediaplan.response.responses import Response
from mediaplan.words import Sentence


def known_names(response: Response) -> dict[str, tuple[str, ...]]:
    """For each dimension by which rules pick lines, the names there are."""
    names = {dimension: response.names[dimension] for dimension in DIMENSIONS}
    channels = {part for name in names["channel"] for part in (name, name.split("/")[0])}
    names["channel"] = tuple(sorted(channels))
    for key in ("format", "topic"):
        rows = response.posts.rows[key].dropna() if response.posts is not None else ()
        names[key] = tuple(sorted(set(rows)))
    return names


def check_slots(brief: Brief, response: Response) -> None:
    """See that the response was fitted with the slots that the brief names.

    Raises:
        InputError: It was fitted with others, so that it can't say what the brief's slots buy.
    """
    if brief.slots and dict(response.slots.named) != dict(brief.named_slots.named):
        raise InputError(
            Problem(
                Sentence("the response was fitted with other slots than the brief names."),
                Sentence("Fit it with them: {example}.", example="fit(history, slots=brief.named_slots, …)"),
                column="slots",
            )
        )


def check_names(brief: Brief, response: Response) -> None:
    """See that every name in the brief's rules and minimums is known, and every channel of the posts and audiences.

    Raises:
        InputError: All unknown names, each with the nearest known one.
    """
    known = known_names(response)
    problems = [
        *_unknown(_in_rules(brief), {key: (*names, *brief.groups) for key, names in known.items()}),
        *_group_faults(brief, {name for names in known.values() for name in names}),
        *_unknown(_beside_rules(brief), known),
        *channel_faults(response),
    ]
    if problems:
        raise InputError(*problems)


def _in_rules(brief: Brief) -> Iterator[tuple[str, str, str]]:
    """Dimension, name and place of each name that a rule picks lines by."""
    for number, key, dimension, name in picked_names(brief.rules):
        yield dimension, name, f"rule {number + 1}.{key}"


def _beside_rules(brief: Brief) -> Iterator[tuple[str, str, str]]:
    """Dimension, name and place of each name of the minimums, the incrementality and the goal's worlds."""
    for name in brief.minimums.own:
        yield "channel", name, f"minimums.{name}"
    for name in brief.incrementality:
        yield "channel", name, f"incrementality.{name}"
    for world in getattr(brief.goal, "worlds", ()):
        for dimension, names in brief.goal.picks(world).items():  # type: ignore[attr-defined]
            for name in names:
                yield dimension, name, f"goal.worlds.{world}.{dimension}"


def _unknown(named: Iterable[tuple[str, str, str]], known: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    for dimension, name, place in named:
        if name not in known[dimension]:
            message = Sentence("unknown {dimension} “{name}”.", dimension=PIECES[dimension], name=name)
            yield Problem(message, nearest(name, known[dimension]), column=place, value=name)


def _group_faults(brief: Brief, everything: Collection[str]) -> Iterator[Problem]:
    """Groups of names that nothing has, and groups that are called like something."""
    for group, names in brief.groups.items():
        for name in names:
            if name not in everything:
                message = Sentence("unknown name “{name}” in a group.", name=name)
                yield Problem(message, nearest(name, everything), column=f"groups.{group}", value=name)
    for group in brief.groups:
        if group in everything:
            message = Sentence("a group and something else are both called “{name}”.", name=group)
            remedy = Sentence("Give the group another name.")
            yield Problem(message, remedy, column=f"groups.{group}", value=group)
