"""The smallest change of each clashing rule that makes a plan possible, in the rule's own unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import numpy as np

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import EachLine, Limited, Rule, Share, Spend
from mediaplan.errors import InputError, MediaplanError, Repair
from mediaplan.money import LARGEST, Money
from mediaplan.planning.asking.demands import Demand
from mediaplan.words import Sentence

LEFT_OUT = ""
"""What a rule becomes that is left out."""


class Possible(Protocol):
    """Whether some plan keeps a brief; monotone in each limit."""

    def __call__(self, brief: Brief, /, *, known: bool = False) -> bool:
        """`known`: whether that is known of plans found before, without looking for another."""


def repairs_of(
    brief: Brief, clash: Sequence[Demand], possible: Possible, worth_of: Callable[[Brief], float]
) -> tuple[Repair, ...]:
    """The smallest change of each clashing rule alone, checked by planning with it, the cheapest first.

    Args:
        brief: That no plan can keep.
        clash: Demands that can't hold together.
        possible: Whether some plan keeps a brief.
        worth_of: What the best plan for a brief is worth; raises `MediaplanError` where there is none.
    """
    found: list[tuple[float, Sentence, Sentence, str | float, str | float]] = []
    for demand in clash:
        for mended, change, before, after in _smallest_changes(brief, demand, possible):
            try:
                worth = worth_of(mended)
            except MediaplanError:
                continue
            found.append((worth, change, demand.said, before, after))
    best = max((worth for worth, *_ in found), default=0.0)
    found.sort(key=lambda item: -item[0])
    return tuple(
        Repair(change, rule, before, after, best - worth) for worth, change, rule, before, after in found
    )


class Keeps(Protocol):
    """Whether some plan keeps those demands of a brief."""

    def __call__(self, brief: Brief, clash: Sequence[Demand], /, *, known: bool = False) -> bool:
        """`known`: as in `Possible`."""


def repairs_together(
    brief: Brief, clashes: Sequence[Sequence[Demand]], possible: Keeps
) -> tuple[Repair, ...]:
    """One change for each of several clashes, which together make a plan possible; empty where they do not.

    Args:
        brief: That no plan can keep.
        clashes: Demands that can't hold together, clash by clash.
        possible: Whether some plan keeps those demands of a brief.
    """
    mended, found = brief, []
    for clash in clashes:
        now, keeps = mended, partial(_keeps, possible, clash)
        changes = [
            (_size(before, after), brief_then, Repair(change, demand.said, before, after, 0.0))
            for demand in clash
            for brief_then, change, before, after in _smallest_changes(now, demand, keeps)
        ]
        if not changes:
            return ()
        _, mended, repair = min(changes, key=lambda item: item[0])
        found.append(repair)
    everything = [demand for clash in clashes for demand in clash]
    return tuple(found) if possible(mended, everything) else ()


def _keeps(possible: Keeps, clash: Sequence[Demand], brief: Brief, *, known: bool = False) -> bool:
    return possible(brief, clash, known=known)


def _size(before: str | float, after: str | float) -> float:
    """How large a change is, as a part of what was asked; leaving a rule out is the largest."""
    if after == LEFT_OUT:
        return np.inf
    return abs(float(after) - float(before)) / max(abs(float(before)), 1e-9)


def _smallest_changes(
    brief: Brief, demand: Demand, possible: Possible
) -> Iterator[tuple[Brief, Sentence, str | float, str | float]]:
    """Briefs with the smallest sufficient change of that demand, and how it is said."""
    if demand.is_budget:

        def richer(minor: int, *, known: bool = False) -> bool:
            return possible(brief.but(budget=Money(minor, brief.currency)), known=known)

        enough = _search(richer, brief.budget.minor, most=LARGEST)
        if enough is not None:
            money = Money(enough, brief.currency)
            change = Sentence("raise the budget from {before} to {after}", before=brief.budget, after=money)
            yield brief.but(budget=money), change, brief.budget.text, money.text
        return
    if demand.rule is None:
        return
    rule = brief.rules[demand.rule]
    given = rule.limits() if isinstance(rule, Limited) else {}
    for limit, now in given.items():
        assert isinstance(rule, Limited)
        after = _loosened(brief, demand.rule, rule, limit, now, possible)
        if after is not None and after != now:
            mended = _with_rule(brief, demand.rule, rule.loosened(limit, after))
            change = _change_said(limit, rule, rule.said_limit(now), rule.said_limit(after))
            yield mended, change, _plain(now), _plain(after)
    if isinstance(rule, EachLine) and rule.step is not None:
        yield from _finer_steps(brief, demand.rule, rule, possible)
    if not given:
        without = _without(brief, demand.rule)
        if possible(without):
            yield (
                without,
                Sentence("leave out “{rule}”", rule=rule.sentence()),
                str(rule.sentence()),
                LEFT_OUT,
            )


def _finer_steps(
    brief: Brief, number: int, rule: EachLine, possible: Possible
) -> Iterator[tuple[Brief, Sentence, str | float, str | float]]:
    """The brief with the coarsest steps that work among halves, quarters … of those asked."""
    minor = rule.step.minor // 2
    while minor >= 1:
        finer = Money(minor, brief.currency)
        mended = _with_rule(brief, number, replace(rule, step=finer))
        if possible(mended):
            change = Sentence(
                "let each line ({what}) go in steps of {after} instead of {before}",
                what=rule.subject(),
                before=rule.step,
                after=finer,
            )
            yield mended, change, rule.step.text, finer.text
            return
        minor //= 2


def _loosened(
    brief: Brief, number: int, rule: Limited, limit: str, now: Any, possible: Possible
) -> Any | None:
    """The nearest value of a limit with which a plan is possible."""

    def works(units: int, *, known: bool = False) -> bool:
        try:
            mended = _with_rule(brief, number, rule.loosened(limit, rule.of_units(units, brief.currency)))
        except InputError:  # more than a limit may say
            return False
        return possible(mended, known=known)

    units = rule.units(now)
    if limit == "at_least":
        start = int(np.floor(units))
        best = _search(lambda drop, *, known=False: works(start - drop, known=known), 0, most=start)
        return None if best is None else rule.of_units(start - best, brief.currency)
    best = _search(works, int(np.ceil(units)), most=rule.most_units)
    return None if best is None else rule.of_units(best, brief.currency)


class _Works(Protocol):
    """Whether a limit moved to that many units works; `known`: as in `Possible`."""

    def __call__(self, units: int, /, *, known: bool = False) -> bool: ...


def _search(works: _Works, start: int, most: int | None = None) -> int | None:
    """The least whole number from `start` that works, where all above it work too; `None` if none does.

    A plan found for one number may work for smaller ones, down to some: that is known without looking for plans, and whether
    the next smaller one works is asked first, which often ends the search.
    """
    step, high = 1, start
    while not works(high):
        if (most is not None and high >= most) or step > 10**16:
            return None
        high = start + step if most is None else min(start + step, most)
        step *= 8
    low, found = start - 1, True
    while high - low > 1:
        if found:
            high = _halved(low, high, partial(works, known=True))
        middle = high - 1 if found else (low + high) // 2
        if middle <= low:
            break
        works_there = works(middle)
        low, high = (low, middle) if works_there else (middle, high)
        found = works_there and not found
    return high


def _halved(low: int, high: int, works: Callable[[int], bool]) -> int:
    """The least number above `low` that works, by halving, where `high` does."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def _with_rule(brief: Brief, number: int, rule: Rule) -> Brief:
    return brief.but(rules=(*brief.rules[:number], rule, *brief.rules[number + 1 :]))


def _without(brief: Brief, number: int) -> Brief:
    """The brief with a rule in that place that says nothing, so that the others keep their numbers."""
    return _with_rule(brief, number, Spend(at_least=Money(0, brief.currency)))


def _change_said(limit: str, rule: Limited, before: Any, after: Any) -> Sentence:  # noqa: PLR0911 - one for each
    said = {"what": rule.subject(), "before": before, "after": after}
    match rule, limit:
        case Spend(), "at_least":
            return Sentence("lower the least spend on {what} from {before} to {after}", **said)
        case Spend(), _:
            return Sentence("raise the most spend on {what} from {before} to {after}", **said)
        case Share(), "at_least":
            return Sentence("lower the least share of {what} from {before} to {after}", **said)
        case Share(), _:
            return Sentence("raise the most share of {what} from {before} to {after}", **said)
        case EachLine(), "at_least":
            return Sentence("lower the least of each line ({what}) from {before} to {after}", **said)
        case EachLine(), _:
            return Sentence("raise the most of each line ({what}) from {before} to {after}", **said)
        case _, "at_least":
            return Sentence(
                "lower the least in “{rule}” from {before} to {after}", rule=rule.sentence(), **said
            )
        case _:
            return Sentence(
                "raise the most in “{rule}” from {before} to {after}", rule=rule.sentence(), **said
            )


def _plain(limit: Any) -> str | float:
    return limit.text if isinstance(limit, Money) else limit
