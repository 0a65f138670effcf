"""Where a brief's rules compare with money spent before: what that was, read from a plan or the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mediaplan.brief.briefs import Brief
    from mediaplan.brief.rules import Change
    from mediaplan.history.records.records import History

USUAL_WEEKS = 4
"""Weeks of the history that are compared with where nobody says."""


@dataclass(frozen=True)
class Earlier:
    """Where earlier plans are.

    Attributes:
        folder: From where the files are found that rules name; `None` = files can't be read here.
        numbered: A kept plan's number -> its document; `None` = none are kept.
    """

    folder: Path | None = None
    numbered: Callable[[int], Mapping[str, Any]] | None = None


def settled(brief: Brief, history: History, earlier: Earlier = Earlier()) -> Brief:
    """The brief with the earlier money that its rules compare with.

    Args:
        brief: As asked.
        history: As read for it.
        earlier: Where earlier plans are.

    Raises:
        InputError: All that can't be read, each with its rule.
    """
    from mediaplan.brief.rules import Change
    from mediaplan.errors import InputError, Problem

    problems: list[Problem] = []
    rules = []
    for number, rule in enumerate(brief.rules, start=1):
        if not isinstance(rule, Change) or rule.against is None:
            rules.append(rule)
            continue
        try:
            rules.append(rule.settled(_before(rule, brief, history, earlier)))
        except InputError as error:
            problems += [fault.at(column=_place(number, fault)) for fault in error.problems]
    if problems:
        raise InputError(*problems)
    return brief.but(rules=tuple(rules)) if tuple(rules) != brief.rules else brief


def _place(number: int, fault: Any) -> str:
    return ".".join(part for part in (f"rule {number}", fault.column or "against") if part)


def _before(rule: Change, brief: Brief, history: History, earlier: Earlier) -> dict[str, str]:
    from mediaplan.brief.rules.changing import HISTORY
    from mediaplan.errors import InputError, Problem
    from mediaplan.history.files.sources import opened
    from mediaplan.history.reading.earlier import earlier_plan, last_weeks, plan_money
    from mediaplan.words import Sentence

    against = rule.against
    if against == HISTORY:
        if not len(history.rows):
            message = Sentence("there is no history to compare with.")
            raise InputError(Problem(message, Sentence("Give one, or before = … with the amounts.")))
        return last_weeks(history, rule.per, rule.weeks or USUAL_WEEKS, brief.days)
    if isinstance(against, int):
        if earlier.numbered is None:
            message = Sentence("plan {number} is of a workspace, and none is open.", number=str(against))
            remedy = Sentence("Plan with --client, or name the plan's file.")
            raise InputError(Problem(message, remedy, value=str(against)))
        said = f"plan {against}"
        return plan_money(earlier.numbered(against), rule.per, brief.currency, said)
    if earlier.folder is None:
        message = Sentence("a file can't be compared with here: “{file}”.", file=against)
        remedy = Sentence("Give before = … with the amounts, or the number of a kept plan.")
        raise InputError(Problem(message, remedy, value=against))
    return earlier_plan(opened(earlier.folder / against), rule.per, brief.currency)
