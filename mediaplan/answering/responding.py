"""What was read becomes what money buys: fitted, judged or from a rate card, for the results that a brief is after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mediaplan.answering.sources import Records
    from mediaplan.brief.briefs import Brief
    from mediaplan.brief.goals import Goal
    from mediaplan.history.records.records import History
    from mediaplan.response.responses import Response
    from mediaplan.words import Sentence

LATE = 31
"""Days after the last row beyond which a day of export is doubted."""


def respond(brief: Brief, records: Records) -> Response:
    """Fit what money buys, with the brief's slots and the kinds of result that its goal counts.

    Clicks beside results count where the goal names them: `type = "click"`.

    Raises:
        InputError: The history can't answer the brief's goal.
    """
    from mediaplan.answering.noticing import noticed

    with noticed(*records.warnings):
        return _responded(brief, records)


def _responded(brief: Brief, records: Records) -> Response:
    from mediaplan.response.given.rating import from_rates, rated

    if records.rates is None:
        return _learnt(brief, records)
    if len(records.history.rows) or brief.judgements:
        return rated(_learnt(brief, records), records.rates, brief.rates)
    return from_rates(
        records.rates,
        currency=brief.currency,
        as_of=brief.as_of or brief.start,
        posts=records.posts,
        audiences=records.audiences,
        slots=brief.named_slots,
    )


def _learnt(brief: Brief, records: Records) -> Response:
    """What the history and the judgements say."""
    from mediaplan.learning.correcting import trusted
    from mediaplan.planning.asking.judging import check_judgements, dated, with_names
    from mediaplan.response.fitting import fit
    from mediaplan.response.given.judging import judged

    if not len(records.history.rows):
        return _guessed(brief, records)
    _check_day(brief, records.history)
    response = fit(
        with_names(records.history, brief.judgements),
        posts=records.posts,
        audiences=records.audiences,
        slots=brief.named_slots,
        kinds=_taught(brief, records),
        as_of=brief.as_of,
        delay=brief.delay,
    )
    response = replace(response, warnings=(*response.warnings, *_doubts(brief, records.history)))
    check_judgements(brief, records.history, response)
    response = judged(response, dated(brief))
    return response if records.ledger is None else trusted(response, records.ledger)


def _guessed(brief: Brief, records: Records) -> Response:
    """What the judgements say where there is no history."""
    from mediaplan.history.columns.kinds import THE_JUDGEMENTS
    from mediaplan.learning.correcting import trusted
    from mediaplan.planning.asking.judging import check_guess, dated
    from mediaplan.response.given.judging import guess

    kinds = brief.goal.counted(records.history.kinds, source=THE_JUDGEMENTS)
    response = guess(
        dated(brief, kinds[0]),
        currency=brief.currency,
        as_of=brief.as_of or brief.start,
        kinds=kinds,
        posts=records.posts,
        audiences=records.audiences,
        slots=brief.named_slots,
    )
    check_guess(brief, response)
    return response if records.ledger is None else trusted(response, records.ledger)


def learn(brief: Brief | None, records: Records) -> Response:
    """Fit what a history tells by itself: for the kinds of result that a brief's goal counts, else for each.

    Raises:
        InputError: The goal counts what the history does not, or the history can't be fitted.
    """
    from mediaplan.answering.noticing import noticed

    with noticed(*records.warnings):
        return _told(brief, records)


def _told(brief: Brief | None, records: Records) -> Response:
    from mediaplan.history.columns.kinds import by_name
    from mediaplan.response.fitting import fit
    from mediaplan.slots import Slots

    kinds = None
    if brief is not None and (brief.goal.type or brief.goal.values):
        kinds = brief.goal.counted(records.history.kinds, by_name(records.history))
    return fit(
        records.history,
        posts=records.posts,
        audiences=records.audiences,
        slots=Slots() if brief is None else brief.named_slots,
        kinds=kinds,
        as_of=None if brief is None else brief.as_of,
        delay=None if brief is None else brief.delay,
    )


def kinds_of(brief: Brief, history: History) -> tuple[str, ...]:
    """The kinds of result that the brief's goal counts in that history.

    Raises:
        InputError: It counts none of that name, or several and the goal does not choose.
    """
    from mediaplan.history.columns.kinds import by_name

    return brief.goal.counted(history.kinds, by_name(history))


def check_kinds(goal: Goal, records: Records) -> None:
    """Refuse a goal for kinds of result that nothing of what was read counts; which of several count is left to the plan.

    Raises:
        InputError: As of `Goal.counted`.
    """
    from mediaplan.history.columns.kinds import BOTH, THE_CARD, by_name

    taught = len(records.history.rows) > 0
    clicks = by_name(records.history) if taught else ()
    if records.rates is None:
        goal.counted(records.kinds, clicks)
    elif goal.type or goal.values:
        goal.counted(records.kinds, clicks, BOTH if taught else THE_CARD)


def _taught(brief: Brief, records: Records) -> tuple[str, ...] | None:
    """The kinds of result that the history is to teach; `None` = all of its own.

    Beside a rate card those that the goal names and the history counts: the card may count the others, and the plan
    refuses what neither does.
    """
    from mediaplan.history.columns.kinds import by_name

    if records.rates is None:
        return kinds_of(brief, records.history)
    known = (*records.history.kinds, *by_name(records.history))
    asked = (brief.goal.type,) if brief.goal.type else tuple(brief.goal.values)
    return tuple(kind for kind in asked if kind in known) or None


def _check_day(brief: Brief, history: History) -> None:
    """Refuse a day of export before anything happened."""
    from mediaplan.errors import InputError, Problem
    from mediaplan.words import Sentence

    if brief.as_of is None or not len(history.rows) or brief.as_of >= history.first:
        return
    raise InputError(
        Problem(
            Sentence(
                "on {day} the history had not begun: its first row is of {first}.",
                day=brief.as_of,
                first=history.first,
            ),
            Sentence("Give the day on which the data were exported, or leave as_of out."),
            column="as_of",
            value=brief.as_of.isoformat(),
        )
    )


def _doubts(brief: Brief, history: History) -> tuple[Sentence, ...]:
    """What deserves a word about the brief's dates and slots."""
    from mediaplan.words import Sentence

    found = []
    if brief.as_of is not None and brief.as_of > brief.start:
        found.append(
            Sentence(
                "The data are said to be of {day}, after the flight began; check as_of.", day=brief.as_of
            )
        )
    if brief.as_of is not None and (brief.as_of - history.last).days > LATE:
        found.append(
            Sentence(
                "The data are said to be of {day}, and the last row is of {last}; check as_of, or export again.",
                day=brief.as_of,
                last=history.last,
            )
        )
    found += [
        Sentence(
            "The slots “{one}” and “{other}” overlap: an hour of the history that both cover teaches about “{one}” only, and both may get money for it.",
            one=one,
            other=other,
        )
        for one, other in brief.named_slots.shared()
    ]
    return tuple(found)
